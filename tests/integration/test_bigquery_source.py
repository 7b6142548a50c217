"""The BigQuery Source over the local server: two witnesses, masks in the text, one job under an id of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

import pytest

from core.classify.bigquery import Account
from core.connectors.bigquery import BigQueryConnector
from core.connectors.bigquery.job import agent
from core.connectors.bigquery.service import REDIRECT
from core.errors import Drifted, OutcomeUnknown, StatementFailed, TimedOut, UnsafeStart
from core.model import Doubt, Fact, Reading, Unreadable
from core.ports import Fate, Statement
from demo.bigquery import BigQuery, Drop, Fault, Phase
from tests.integration.connecting import permit
from tests.integration.warehouses import CANARIES, ORDERS, PLAIN, TAGS, define, doubt, opened, read, run, sent, world


@pytest.fixture
async def service() -> AsyncIterator[BigQuery]:
    async with BigQuery.start(world()) as running:
        yield running


@pytest.fixture
async def warehouse(service: BigQuery) -> AsyncIterator[BigQueryConnector]:
    async with opened(service) as connector:
        yield connector


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT country, n FROM stats.visits ORDER BY n", (("ES", 3), ("FR", 5))),
        ("SELECT SUM(n) AS total FROM `acme.stats.visits`", ((8,),)),
        ("WITH v AS (SELECT * FROM acme.stats.visits) SELECT COUNT(*) FROM v", ((2,),)),
        ("SELECT 1 AS one, [1, 2] AS many, STRUCT('a' AS x, 2 AS y) AS both", ((1, (1, 2), ("a", 2)),)),
        ("SELECT country FROM `stats.vis*` WHERE n > 4", (("FR",),)),
        ("SELECT table_name FROM stats.INFORMATION_SCHEMA.TABLES", (("visits",),)),
    ],
)
async def test_a_read_of_nothing_protected_runs_as_it_was_written(
    warehouse: BigQueryConnector, text: str, rows: tuple[Any, ...]
) -> None:
    reading = await read(warehouse, text)
    assert isinstance(reading, Reading)
    assert (reading.text, reading.masks, reading.witnessed) == (text, frozenset(), True)
    assert (await run(warehouse, text)).rows == rows


async def test_parameters_are_typed_and_bound(warehouse: BigQueryConnector) -> None:
    assert (await run(warehouse, "SELECT country FROM stats.visits WHERE n = ?", 5)).rows == (("FR",),)


MASKED: Final = (
    (1, "***", ("Ann", "***0000"), (("a", "1000"),), 123000),
    (2, "***", None, (), None),
)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT * FROM sales.orders ORDER BY id", MASKED),
        ("SELECT * FROM `acme.sales.orders` AS o ORDER BY o.id", MASKED),
        ("SELECT * FROM `acme`.`sales`.`orders` o ORDER BY id", MASKED),
        ("SELECT orders.email FROM sales.orders WHERE id = 1", (("***",),)),
        ("SELECT email FROM acme.sales.orders WHERE email = 'canary-ann@acme.test'", ()),
        ("SELECT o.customer.phone, i.price FROM sales.orders AS o, o.items AS i", (("***0000", "1000"),)),
        ("SELECT i.price FROM sales.orders o CROSS JOIN UNNEST(o.items) AS i", (("1000",),)),
        ("WITH orders AS (SELECT * FROM sales.orders) SELECT email FROM orders WHERE id = 1", (("***",),)),
        ("SELECT a.email, b.spent FROM sales.orders a JOIN sales.orders b USING (id) WHERE id = 1", (("***", 123000),)),
        ("SELECT (SELECT MAX(email) FROM sales.orders) AS m", (("***",),)),
        ("SELECT COUNT(DISTINCT email) AS n FROM sales.orders", ((1,),)),
        ("SELECT MAX(spent) FROM sales.orders", ((123000,),)),
        ("SELECT id FROM sales.orders ORDER BY spent DESC LIMIT 1", ((1,),)),
        ("SELECT id FROM sales.orders UNION ALL SELECT n FROM stats.visits ORDER BY 1", ((1,), (2,), (3,), (5,))),
    ],
)
async def test_protected_fields_are_masked_wherever_their_table_stands(
    warehouse: BigQueryConnector, text: str, rows: tuple[Any, ...]
) -> None:
    found = await run(warehouse, text)
    assert found.rows == rows
    assert not any(canary in repr(found.rows) for canary in CANARIES)


async def test_a_row_as_a_whole_and_as_json_is_the_masked_row(warehouse: BigQueryConnector) -> None:
    for text in (
        "SELECT o FROM sales.orders AS o",
        "SELECT TO_JSON_STRING(o) AS j FROM sales.orders AS o",
        "SELECT ARRAY_AGG(o) AS everything FROM sales.orders AS o",
    ):
        found = await run(warehouse, text)
        assert found.rows
        assert not any(canary in repr(found.rows) for canary in CANARIES), text


async def test_a_reading_names_tables_masks_and_tags(warehouse: BigQueryConnector) -> None:
    reading = await read(warehouse, "SELECT id FROM sales.orders")
    assert isinstance(reading, Reading)
    assert {pair.thing.name for pair in reading.pairs} == {"acme.sales.orders"}
    assert {mask.name for mask in reading.masks} == {f"acme.{name}" for name in TAGS}
    assert reading.tags == {"acme.sales.orders": frozenset({"pii.email", "pii.phone", "money"})}
    assert reading.protected


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT * FROM sales.orders TABLESAMPLE SYSTEM (10 PERCENT)", Doubt.PROTECTED),
        ("SELECT * FROM sales.orders FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()", Doubt.PROTECTED),
        ("FROM sales.orders |> SELECT email", Doubt.PROTECTED),
        ("SELECT * FROM sales.Orders", Doubt.PROTECTED),
        ("SELECT * FROM `sales.ord*`", Doubt.PROTECTED),
        ("SELECT * FROM `sales.*`", Doubt.PROTECTED),
        ("SELECT * FROM sales.orders.items", Doubt.PROTECTED),
        ("SELECT `sales.orders`.email FROM `sales.orders`", Doubt.PROTECTED),
        ("SELECT x.id FROM sales.orders AS acme, UNNEST([1]) AS x", Doubt.PROTECTED),
        ("SELECT _PARTITIONTIME FROM sales.orders", Doubt.PROTECTED),
        ("SELECT * FROM sales . orders", Doubt.PROTECTED),
        ("SELECT * FROM sales.INFORMATION_SCHEMA.TABLES", Doubt.CATALOG),
        ("SELECT ddl FROM sales.INFORMATION_SCHEMA.TABLES", Doubt.CATALOG),
        ("SELECT TO_JSON_STRING(t) FROM sales.INFORMATION_SCHEMA.TABLES AS t", Doubt.CATALOG),
        ("SELECT query FROM `region-eu`.INFORMATION_SCHEMA.JOBS", Doubt.CATALOG),
        ("SELECT table_id, row_count FROM stats.__TABLES__", Doubt.CATALOG),
        ("SELECT * FROM `acme.stats.__TABLES_SUMMARY__`", Doubt.CATALOG),
        ("SELECT * FROM _hidden.anon123", Doubt.CLOSED),
        ("DELETE FROM stats.visits WHERE TRUE", Doubt.CLOSED),
        ("SELECT * FROM stats.nowhere", Doubt.MISSING),
        ("SELECT nothing FROM stats.visits", Doubt.MISSING),
        ("SELECT 1; SELECT 2", Doubt.SEVERAL),
    ],
)
async def test_what_cannot_be_masked_or_is_no_read_is_refused(
    warehouse: BigQueryConnector, text: str, wanted: Doubt
) -> None:
    assert doubt(await read(warehouse, text)) is wanted


async def test_a_table_that_nobody_may_see_and_one_that_is_not_there_are_told_alike(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    service.world.table("acme.hr.payroll", PLAIN)
    service.world.access["anyone@example.test"] = frozenset({"acme.sales", "acme.stats"})
    there, absent = [await read(warehouse, f"SELECT n FROM hr.{name}") for name in ("payroll", "nothing")]
    assert isinstance(there, Unreadable)
    assert there == absent


# ---------------------------------------------------------------- views and what is new


async def test_a_view_over_protected_columns_is_refused_until_it_is_tagged(service: BigQuery) -> None:
    await define(service, "CREATE VIEW stats.v AS SELECT id, email FROM sales.orders")
    async with opened(service) as connector:
        assert doubt(await read(connector, "SELECT id FROM stats.v")) is Doubt.PROTECTED
        await define(service, "CREATE VIEW stats.w AS SELECT n FROM stats.visits")
        await connector._tools.catalogue.load(await connector._tools.catalogue.current())
        reading = await read(connector, "SELECT n FROM stats.w")
        assert isinstance(reading, Reading)
        assert {pair.thing.name for pair in reading.pairs} == {"acme.stats.w", "acme.stats.visits"}
        assert Fact.VIA_VIEW in reading.facts


async def test_a_table_made_since_the_catalogue_was_loaded_is_masked_where_its_dataset_is_tagged(
    service: BigQuery,
) -> None:
    async with opened(service, tags={"sales.*": "pii.email"}) as connector:
        service.world.table("acme.sales.fresh", PLAIN, [{"country": "canary", "n": 1}])
        assert (await run(connector, "SELECT country FROM sales.fresh")).rows == (("***",),)


async def test_a_renamed_column_closes_its_table(service: BigQuery, warehouse: BigQueryConnector) -> None:
    service.world.table("acme.sales.orders", [*ORDERS[:1], {"name": "mail", "type": "STRING"}, *ORDERS[2:]])
    assert doubt(await read(warehouse, "SELECT mail FROM sales.orders")) is Doubt.CLOSED


# ---------------------------------------------------------------- two witnesses


WRONG: Final[list[dict[str, Any]]] = [
    {"statementType": "DELETE"},
    {"statementType": "SCRIPT"},
    {"statementType": ""},
    {"referencedTables": []},
    {"referencedTables": [{"projectId": "acme", "datasetId": "stats", "tableId": "visits"}]},
    {"schema": {"fields": [{"name": "email", "type": "INTEGER"}]}},
    {"schema": {"fields": [{"name": "other", "type": "STRING"}]}},
    {"schema": {"fields": []}},
    {"referencedRoutines": [{"projectId": "acme", "datasetId": "code", "routineId": "f"}]},
    {"undeclaredQueryParameters": [{"name": "x"}]},
]
LIES: Final = [
    (phase, lie)
    for phase in (Phase.RAW, Phase.HOLLOW, Phase.MASKED)
    for lie in WRONG
    if (phase, lie) != (Phase.HOLLOW, {"referencedTables": []})  # the truth
]


@pytest.mark.parametrize("lie", WRONG)
async def test_a_lie_about_a_read_of_nothing_protected_is_a_refusal(
    service: BigQuery, warehouse: BigQueryConnector, lie: dict[str, Any]
) -> None:
    if lie.get("referencedTables"):
        lie = {"referencedTables": [*lie["referencedTables"], {"projectId": "acme", "datasetId": "x", "tableId": "y"}]}
    service.world.faults.lies[Phase.RAW] = lie
    found = await read(warehouse, "SELECT n FROM stats.visits")
    assert doubt(found) in {Doubt.DISAGREE, Doubt.FUNCTION, Doubt.PARAMETERS}


@pytest.mark.parametrize(("phase", "lie"), LIES)
async def test_any_single_lie_of_a_dry_run_is_a_refusal(
    service: BigQuery, warehouse: BigQueryConnector, phase: Phase, lie: dict[str, Any]
) -> None:
    service.world.faults.lies[phase] = lie
    found = await read(warehouse, "SELECT email FROM sales.orders")
    assert doubt(found) in {Doubt.DISAGREE, Doubt.FUNCTION, Doubt.PARAMETERS}
    assert not [one for one in service.world.log if "/queries/" in one]


@pytest.mark.parametrize(
    "lie",
    [
        {"statementType": "DELETE"},
        {"referencedTables": []},
        {"schema": {"fields": [{"name": "x", "type": "INTEGER"}]}},
        {"referencedRoutines": [{"projectId": "a", "datasetId": "b", "routineId": "c"}]},
    ],
)
async def test_rows_of_a_job_that_is_not_what_was_permitted_are_withheld(
    service: BigQuery, warehouse: BigQueryConnector, lie: dict[str, Any]
) -> None:
    service.world.faults.lies[Phase.RUN] = lie
    with pytest.raises(Drifted):
        await run(warehouse, "SELECT email FROM sales.orders")
    assert not [one for one in service.world.log if "/queries/" in one]


async def test_a_reference_that_the_parser_missed_is_seen_by_the_hollow_run_alone(
    warehouse: BigQueryConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = import_module("core.classify.bigquery.splice")
    whole = room.splice

    def blind(account: Account, *rest: Any) -> Any:
        monkeypatch.setattr(room, "proved", lambda *_: None)
        return whole(replace(account, references=account.references[:1]), *rest)

    monkeypatch.setattr("core.connectors.bigquery.reading.splice", blind)
    found = await read(warehouse, "SELECT a.id, b.email FROM sales.orders a JOIN sales.orders b USING (id)")
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.DISAGREE
    assert found.detail.startswith("hollow")


async def test_a_text_changed_between_reading_and_running_does_not_run(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    async with warehouse.visit(Statement(text="SELECT * FROM stats.visits"), name="assent:changed:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        service.world.table("acme.stats.visits", [*PLAIN, {"name": "more", "type": "STRING"}])
        with pytest.raises(Drifted):
            await visit.run(permit(reading))
    assert [one for one in service.world.log if one.endswith("/assent_changed_1")] == []


# ---------------------------------------------------------------- money


async def test_a_reading_says_what_would_be_billed_for_the_text_that_runs(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    service.world.scale["acme.stats.visits"] = 1 << 20
    assert billed(await read(warehouse, "SELECT n FROM stats.visits")) == 16 << 20
    assert billed(await read(warehouse, "SELECT 1 AS a")) == 0
    service.world.faults.lies[Phase.RAW] = {"totalBytesProcessed": str(1 << 40)}
    assert billed(await read(warehouse, "SELECT email FROM sales.orders")) == 10 << 20
    service.world.faults.lies[Phase.MASKED] = {"totalBytesProcessedAccuracy": "LOWER_BOUND"}
    assert billed(await read(warehouse, "SELECT email FROM sales.orders")) is None


def billed(found: Reading | Unreadable) -> int | None:
    assert isinstance(found, Reading)
    return found.bytes


# ---------------------------------------------------------------- traffic


async def test_the_requests_of_a_read_are_counted(service: BigQuery, warehouse: BigQueryConnector) -> None:
    """A short read: dry run, job, rows; a masked one two dry runs more; what its text refuses: none."""
    sent(service)
    await run(warehouse, "SELECT n FROM stats.visits")
    assert len(sent(service)) == 3
    await run(warehouse, "SELECT email FROM sales.orders")
    assert len(sent(service)) == 5
    for text in ("SELECT * FROM `sales.ord*`", "FROM sales.orders |> SELECT email", "DROP TABLE stats.visits"):
        await read(warehouse, text)
        assert sent(service) == []


async def test_what_waited_is_dry_run_again_before_it_runs(
    service: BigQuery, warehouse: BigQueryConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.connectors.bigquery.visit.FRESH_SECONDS", -1.0)
    sent(service)
    await run(warehouse, "SELECT email FROM sales.orders")
    assert len(sent(service)) == 5 + 3


# ---------------------------------------------------------------- jobs


async def test_a_lost_answer_to_the_insertion_is_one_execution(service: BigQuery, warehouse: BigQueryConnector) -> None:
    async with warehouse.visit(Statement(text="SELECT n FROM stats.visits"), name="assent:lost:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        service.world.faults.planned.append(Fault(match="POST */jobs", drop=Drop.AFTER))
        assert (await visit.run(permit(reading))).rows == ((3,), (5,))


async def test_a_job_past_its_time_is_stopped_and_said_to_be(service: BigQuery, warehouse: BigQueryConnector) -> None:
    async with warehouse.visit(Statement(text="SELECT n FROM stats.visits"), name="assent:late:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        service.world.faults.delay = 5.0
        with pytest.raises(TimedOut):
            await visit.run(permit(reading, seconds=1))


async def test_a_job_that_nobody_tells_about_is_unknown(service: BigQuery, warehouse: BigQueryConnector) -> None:
    async with warehouse.visit(Statement(text="SELECT n FROM stats.visits"), name="assent:mute:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        service.world.faults.delay = 0.4
        service.world.faults.planned.append(Fault(match="GET */jobs/assent_mute_1", reason="notFound", times=100))
        with pytest.raises((OutcomeUnknown, StatementFailed)):
            await visit.run(permit(reading))


async def test_the_cap_on_bytes_is_set_on_every_job_and_fails_before_anything_runs(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    service.world.scale["acme.stats.visits"] = 1 << 30
    with pytest.raises(StatementFailed) as caught:
        await run(warehouse, "SELECT n FROM stats.visits", billed_bytes=1 << 20)
    assert caught.value.sqlstate == "bytesBilledLimitExceeded"


async def test_a_job_is_labelled_by_call_agent_and_digest_and_by_nothing_that_names_a_person(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    async with warehouse.visit(Statement(text="SELECT 1 AS a"), name="assent:labelled:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        given = permit(reading)
        await visit.run(given)
    labels = service.jobs.get("assent_labelled_1").configuration["labels"]
    assert labels == {"assent_call": "call_test", "assent_agent": agent(given.caller.client), "assent_digest": "0" * 40}
    assert (agent("Claude Code/2.1"), agent("anna@acme.test"), agent("x" * 80)) == ("claude_code_2_1", "", "x" * 63)


async def test_an_answer_holds_as_many_rows_and_bytes_as_allowed(warehouse: BigQueryConnector) -> None:
    text = "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 5000)) AS x"
    found = await run(warehouse, text, returned_rows=10)
    assert (len(found.rows), found.cut) == (10, "rows")
    small = await run(warehouse, text, returned_rows=5000, returned_bytes=100)
    assert small.cut == "bytes"
    assert len(small.rows) < 30


async def test_what_became_of_a_job_is_asked_of_the_service(service: BigQuery, warehouse: BigQueryConnector) -> None:
    async with warehouse.visit(Statement(text="SELECT n FROM stats.visits"), name="assent:fate:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        given = permit(reading)
        await visit.run(given)
    work = warehouse.job(given)
    done = replace(work, xid="assent_fate_1")
    assert await warehouse.fate(done) is Fate.COMMITTED
    assert await warehouse.fate(replace(done, timeline="US")) is Fate.UNKNOWN
    assert await warehouse.fate(replace(done, xid="assent_never_1")) is Fate.ABORTED
    assert await warehouse.fate(replace(done, xid="assent_never_1")) is Fate.ABORTED
    async with warehouse.visit(Statement(text="SELECT n FROM stats.visits"), name="assent:never:1") as late:
        assert isinstance(await late.read(), Reading)
        with pytest.raises(OutcomeUnknown):
            await late.run(given)


async def test_nobody_is_told_what_the_service_says_of_values(warehouse: BigQueryConnector) -> None:
    with pytest.raises(StatementFailed) as caught:
        await run(warehouse, "SELECT CAST(country AS INT64) FROM stats.visits")
    assert "ES" not in caught.value.public
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_a_redirected_client_does_not_start(service: BigQuery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REDIRECT, "localhost:1")
    with pytest.raises(UnsafeStart, match=REDIRECT):
        async with opened(service):
            pass


async def test_the_catalogue_tools_show_tables_fields_and_masks(warehouse: BigQueryConnector) -> None:
    shown = {table.name: table for table in await warehouse.tables()}
    assert shown.keys() == {"acme.sales.orders", "acme.stats.visits"}
    masks = {field.name: field.mask for field in shown["acme.sales.orders"].fields if field.mask}
    assert masks == {"email": "hide", "customer.phone": "last4", "items.price": "bucket", "spent": "bucket"}
