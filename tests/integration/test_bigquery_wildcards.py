"""Names that stand for several tables, or for one by another spelling: what is closed or refused is met by none."""

from __future__ import annotations

import pytest

from core.model import Doubt, Fact, Reading, Refuse
from core.policy.rules import Conditions, Then
from demo.bigquery import BigQuery
from tests.integration.warehouses import PLAIN, define, doubt, opened, read, sent, world
from tests.policies import READ, decided, policy, rule

NO_PAYROLL = rule("no payroll", Then.REFUSE, READ, when=Conditions(tables=frozenset({"acme.stats.visits_pay"})))


async def test_a_wildcard_does_not_reach_into_a_dataset_that_a_lost_tag_closes() -> None:
    async with (
        BigQuery.start(world()) as service,
        opened(service, tags={"sales.people.name": "pii.email"}) as connector,
    ):
        for text in ("SELECT * FROM `sales.o*`", "SELECT * FROM `acme.sales.orders*`", "SELECT id FROM sales.orders"):
            assert doubt(await read(connector, text)) in {Doubt.CLOSED, Doubt.PROTECTED}, text
        assert isinstance(await read(connector, "SELECT n FROM `stats.vis*`"), Reading)


async def test_a_copy_of_a_protected_table_is_met_by_no_wildcard() -> None:
    made = world()
    made.table("acme.stats.kept_2026", PLAIN, [{"country": "canary", "n": 1}])
    made.copies["acme.stats.kept_2026"] = "acme.sales.orders"
    async with BigQuery.start(made) as service, opened(service) as connector:
        sent(service)
        assert doubt(await read(connector, "SELECT * FROM stats.kept_2026")) is Doubt.CLOSED
        assert doubt(await read(connector, "SELECT country FROM `stats.kept_*`")) is Doubt.PROTECTED
        assert doubt(await read(connector, "SELECT country FROM `stats.*`")) is Doubt.PROTECTED
        assert sent(service) == []


@pytest.mark.parametrize(
    "text", ["SELECT n FROM stats.VISITS", "SELECT n FROM STATS.visits", "SELECT * FROM Sales.orders"]
)
async def test_a_name_that_differs_by_case_alone_is_not_read(text: str) -> None:
    async with BigQuery.start(world()) as service, opened(service) as connector:
        assert doubt(await read(connector, text)) is Doubt.PROTECTED


async def test_each_table_that_a_wildcard_meets_and_each_behind_a_view_beside_it_is_a_pair() -> None:
    made = world()
    made.table("acme.stats.visits_pay", PLAIN, [{"country": "PT", "n": 7}])
    made.table("acme.base.hidden", PLAIN)
    async with BigQuery.start(made) as service:
        await define(service, "CREATE VIEW stats.shown AS SELECT n FROM base.hidden")
        async with opened(service) as connector:
            found = await read(connector, "SELECT v.n FROM `stats.visits*` AS w, stats.shown AS v")
    assert isinstance(found, Reading)
    assert {pair.thing.name for pair in found.pairs} == {
        "acme.stats.visits*", "acme.stats.visits", "acme.stats.visits_pay", "acme.stats.shown", "acme.base.hidden",
    }  # fmt: skip
    assert Fact.VIA_VIEW in found.facts
    readers = rule("readers", Then.ALLOW, READ)
    assert isinstance(decided(policy(readers, NO_PAYROLL), found), Refuse)
