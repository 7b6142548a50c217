"""Views that an operator trusts with protected tables: tagged themselves, masked like tables, no way past the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from core.connectors.bigquery import Accepted, BigQueryConnector
from core.model import Doubt, Fact, Reading
from demo.bigquery import BigQuery
from tests.integration.warehouses import CANARIES, TAGS, define, doubt, opened, read, run, world

VIEWS = (
    (
        "CREATE VIEW stats.people AS SELECT o.id, UPPER(o.email) AS mail, v.n"
        " FROM sales.orders AS o LEFT JOIN stats.visits AS v ON v.n = o.id"
    ),
    "CREATE VIEW stats.sly AS SELECT email FROM sales.orders",
    "CREATE VIEW stats.plain AS SELECT n FROM stats.visits",
    "CREATE VIEW stats.bare AS SELECT email FROM sales.orders",
)
OWN = {"stats.people.mail": "pii.email"}


@pytest.fixture
async def service() -> AsyncIterator[BigQuery]:
    async with BigQuery.start(world()) as running:
        for text in VIEWS:
            await define(running, text)
        yield running


def trusting(
    service: BigQuery, *trusted: str, tags: dict[str, str] = OWN
) -> AbstractAsyncContextManager[BigQueryConnector]:
    return opened(service, tags=TAGS | tags, accepted=Accepted(trusted=frozenset(trusted)))


async def test_a_trusted_view_is_read_masked_by_its_own_tags_and_its_base_is_a_pair(service: BigQuery) -> None:
    async with trusting(service, "stats.people") as connector:
        reading = await read(connector, "SELECT id, mail, n FROM stats.people")
        assert isinstance(reading, Reading), reading
        assert {pair.thing.name for pair in reading.pairs} == {
            "acme.stats.people", "acme.sales.orders", "acme.stats.visits"
        }  # fmt: skip
        assert Fact.VIA_VIEW in reading.facts
        assert {mask.name for mask in reading.masks} == {"acme.stats.people.mail"}
        for text in (
            "SELECT id, mail FROM stats.people ORDER BY id",
            "SELECT p.* FROM stats.people AS p, stats.visits",
        ):
            found = await run(connector, text)
            assert found.rows
            assert not any(canary in repr(found.rows).lower() for canary in CANARIES)
        joined = "SELECT p.mail, o.email FROM stats.people AS p JOIN sales.orders AS o USING (id) WHERE id = 1"
        assert (await run(connector, joined)).rows == (("***", "***"),)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT p.id, s.email FROM stats.people AS p, stats.sly AS s",
        "SELECT id, (SELECT MAX(email) FROM stats.sly) AS m FROM stats.people",
    ],
)
async def test_beside_a_trusted_view_no_other_reads_what_is_protected(service: BigQuery, text: str) -> None:
    async with trusting(service, "stats.people") as connector:
        assert doubt(await read(connector, text)) in {Doubt.PROTECTED, Doubt.DISAGREE}
        found = await run(connector, "SELECT p.id FROM stats.people AS p JOIN stats.plain AS w ON w.n = p.n")
        assert found.rows == ()


async def test_a_view_that_is_tagged_or_trusted_alone_is_not_read(service: BigQuery) -> None:
    async with trusting(service) as connector:  # tagged, and nobody trusts it
        assert doubt(await read(connector, "SELECT id FROM stats.people")) is Doubt.PROTECTED
    async with trusting(service, "stats.people", "acme.stats.bare") as connector:  # trusted, and not tagged
        assert doubt(await read(connector, "SELECT email FROM stats.bare")) is Doubt.CLOSED
        assert doubt(await read(connector, "SELECT id FROM stats.people")) is None
    async with trusting(service, "stats.visits", "stats.people") as connector:  # a table is no view
        assert doubt(await read(connector, "SELECT n FROM stats.visits")) is Doubt.CLOSED


async def test_a_tagged_view_over_plain_tables_is_masked(service: BigQuery) -> None:
    async with trusting(service, tags={"stats.plain.n": "money"}) as connector:
        assert (await run(connector, "SELECT n FROM stats.plain ORDER BY n")).rows == ((0,), (0,))
