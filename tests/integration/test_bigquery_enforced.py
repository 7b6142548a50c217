"""The enforced form on BigQuery: masking views, and an account that reads nothing protected whatever a text says."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

import pytest
from google.oauth2.credentials import Credentials

from core.classify.bigquery import Account
from core.connectors.bigquery import BigQueryConnector, Place, Views
from core.errors import UnsafeStart
from core.masking import Step
from core.model import Doubt, Reading
from demo.bigquery import BigQuery
from demo.bigquery.faults import Wrong
from tests.integration.test_bigquery_source import MASKED
from tests.integration.warehouses import NUMBERS, connector, define, doubt, place, read, run, world

READER: Final = "read@acme.test"
LOOKER: Final = "look@acme.test"
DATASET: Final = "assent_masks"
VIEW: Final = f"acme.{DATASET}.sales-orders"
NAMED: Final = re.compile(r"ON (?:SCHEMA|TABLE|VIEW) (\S+) (?:TO|FROM)")


def at(service: BigQuery, who: str) -> Place:
    token = f"token-of-{who}"
    service.world.principals[token] = who
    return place(service, who, by=Credentials(token=token))


def made(service: BigQuery) -> BigQueryConnector:
    return connector(service, at=at(service, READER), views=Views(dataset=DATASET, looking=at(service, LOOKER)))


async def apply(service: BigQuery, steps: Sequence[Step]) -> None:
    """Do what harden says, as an administrator."""
    there = service.world
    for sql in [step.sql for step in steps]:
        mine = set(there.access.get(READER, frozenset()))
        if sql.startswith("CREATE SCHEMA"):
            there.dataset(DATASET)
        elif sql.startswith("CREATE"):
            await define(service, sql)
        elif found := re.fullmatch(r'-- datasets.patch (\S+): add to "access": (.*)', sql):
            there.authorised |= {(found[1], ".".join(one["view"].values())) for one in json.loads(found[2])}
        else:
            (name,) = NAMED.findall(sql)
            there.access[READER] = frozenset((mine - {plain(name)}) if "REVOKE" in sql else (mine | {plain(name)}))


def plain(path: str) -> str:
    return path.replace("`", "")


@asynccontextmanager
async def raw() -> AsyncIterator[BigQuery]:
    """A project where nobody has hardened anything: the account that reads has the dataset of the protected table."""
    async with BigQuery.start(world()) as service:
        service.world.require_auth = True
        service.world.access = {READER: frozenset({"acme.sales"}), LOOKER: frozenset({"acme.sales", "acme.stats"})}
        service.world.access[LOOKER] |= {f"acme.{DATASET}"}
        service.world.viewers = {READER, LOOKER}
        service.world.table("acme.sales.places", [{"name": "city", "type": "STRING"}], [{"city": "Cádiz"}])
        yield service


@pytest.fixture
async def service() -> AsyncIterator[BigQuery]:
    async with raw() as running:
        connector = made(running)
        await apply(running, await connector.plan(READER))
        await connector.close()
        yield running


@pytest.fixture
async def warehouse(service: BigQuery) -> AsyncIterator[BigQueryConnector]:
    connector = made(service)
    await connector.open()
    yield connector
    await connector.close()


async def test_what_harden_says_is_what_makes_a_start_safe() -> None:
    async with raw() as service:
        connector = made(service)
        with pytest.raises(UnsafeStart, match=r"can read acme\.sales\.orders"):
            await connector.open()
        await apply(service, await connector.plan(READER))
        await connector.close()
        again = made(service)
        await again.open()
        assert await again.plan(READER) == ()
        await again.close()
        assert service.world.access[READER] == {f"acme.{DATASET}", "acme.stats", "acme.sales.places"}


async def test_masks_are_the_same_and_a_job_names_the_view_as_the_account_that_reads(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    found = await run(warehouse, "SELECT * FROM sales.orders ORDER BY id")
    assert found.rows == MASKED
    for text, rows in (
        ("SELECT a.email, b.spent FROM sales.orders a JOIN sales.orders b USING (id) WHERE id = 1", (("***", 123000),)),
        ("SELECT i.price FROM sales.orders o, o.items AS i", (("1000",),)),
        ("SELECT COUNT(*) FROM sales.orders WHERE email = 'canary-ann@acme.test'", ((0,),)),
        ("SELECT city FROM sales.places", (("Cádiz",),)),
        ("SELECT SUM(n) FROM stats.visits", ((8,),)),
    ):
        assert (await run(warehouse, text)).rows == rows
    jobs = [one for one in service.jobs.all() if one.who != "dba"]
    assert {one.who for one in jobs} == {READER}
    assert all("`sales-orders`" in one.configuration["query"]["query"] for one in jobs[:4])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT email FROM sales.orders",
        "SELECT TO_JSON_STRING(o) AS j FROM sales.orders AS o",
        "SELECT COUNT(*) AS n FROM sales.orders WHERE spent > 5",
        "SELECT email FROM `sales.ord*`",
        "SELECT v.email FROM (SELECT * FROM sales.orders) AS v",
    ],
)
async def test_the_account_that_reads_sees_no_raw_value_whoever_asks_for_it(service: BigQuery, text: str) -> None:
    """Past the gateway, with the account's own rights."""
    query = {"query": text, "useLegacySql": False}
    body = {"jobReference": {"jobId": f"direct{next(NUMBERS)}"}, "configuration": {"query": query}}
    with pytest.raises(Wrong) as caught:
        service.jobs.insert(body, READER)
    assert caught.value.reason == "accessDenied"


async def test_a_reading_that_went_wrong_ends_in_the_services_refusal(
    service: BigQuery, warehouse: BigQueryConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that sees no protected table at all, and one that misses the second of two and proves itself right."""
    room = import_module("core.classify.bigquery.splice")
    whole = room.splice
    monkeypatch.setattr("core.connectors.bigquery.reading.splice", lambda *_: None)
    assert doubt(await read(warehouse, "SELECT email FROM sales.orders")) is Doubt.MISSING

    def blind(account: Account, *rest: Any) -> Any:
        monkeypatch.setattr(room, "proved", lambda *_: None)
        return whole(replace(account, references=account.references[:1]), *rest)

    monkeypatch.setattr("core.connectors.bigquery.reading.splice", blind)
    monkeypatch.setattr(import_module("core.classify.bigquery.agree"), "other", lambda *_: "")
    text = "SELECT a.id, (SELECT MAX(email) FROM sales.orders) AS m FROM sales.orders AS a"
    assert doubt(await read(warehouse, text)) is Doubt.DISAGREE
    assert all(one.who == "dba" for one in service.jobs.all())


async def test_a_masking_view_that_somebody_changed_closes_its_table(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    path = f"`acme`.`{DATASET}`.`sales-orders`"
    await define(service, f"CREATE OR REPLACE VIEW {path} AS SELECT * FROM `acme`.`sales`.`orders`")
    await warehouse._tools.catalogue.load(await warehouse._tools.catalogue.current())
    assert doubt(await read(warehouse, "SELECT id FROM sales.orders")) is Doubt.CLOSED


async def test_a_column_that_is_new_is_shown_by_no_view_until_harden_has_run_again(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    service.world.table(
        "acme.sales.orders", [*service.world.relations["acme.sales.orders"].fields, {"name": "iban", "type": "STRING"}]
    )
    await warehouse._tools.catalogue.load(await warehouse._tools.catalogue.current())
    assert doubt(await read(warehouse, "SELECT iban FROM sales.orders")) is Doubt.CLOSED
    await apply(service, await warehouse.plan(READER))
    await warehouse._tools.catalogue.load(await warehouse._tools.catalogue.current())
    assert isinstance(await read(warehouse, "SELECT id FROM sales.orders"), Reading)


async def test_the_masking_views_are_named_by_nobody(warehouse: BigQueryConnector) -> None:
    for text in (f"SELECT email FROM {DATASET}.`sales-orders`", f"SELECT * FROM `{DATASET}.*`"):
        assert doubt(await read(warehouse, text)) in {Doubt.CLOSED, Doubt.PROTECTED}
    assert not [table for table in await warehouse.tables() if DATASET in table.name]


@pytest.mark.parametrize("loosened", ["a right to the table", "a right to replace its view", "no entry for its view"])
async def test_a_right_too_many_or_too_few_refuses_a_start(service: BigQuery, loosened: str) -> None:
    match loosened:
        case "a right to the table":
            service.world.access[READER] |= {"acme.sales.orders"}
        case "a right to replace its view":
            service.world.viewers -= {READER}
        case _:
            service.world.authorised.clear()
    connector = made(service)
    with pytest.raises(UnsafeStart, match="run assent harden"):
        await connector.open()
    await connector.close()
