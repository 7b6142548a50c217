"""Changes of a BigQuery Source over the local server: by another account, once, and no more rows than were counted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from core.connectors.bigquery import BigQueryConnector
from core.errors import CapExceeded, Drifted, OutcomeUnknown, StatementFailed, StoreError
from core.execution import failpoints
from core.model import (
    Answered,
    Bill,
    Doubt,
    Measure,
    Outcome,
    Per,
    Period,
    Reading,
    Refused,
    Unreadable,
    Waiting,
)
from core.policy.rules import Budget
from core.ports import Fate, Impact, Outlay, Statement
from demo.bigquery import BigQuery, Drop, Fault, Phase
from tests.doubles import MemoryStore
from tests.integration.connecting import permit
from tests.integration.test_bigquery_line import Room
from tests.integration.warehouses import doubt, opened, place, run, sent, world
from tests.line import FakeSource, Line

PAYS: Final = Budget(name="bytes", per=Per.CALLER, period=Period.DAY, amounts={Measure.BYTES: 1 << 40})


@pytest.fixture
async def service() -> AsyncIterator[BigQuery]:
    async with BigQuery.start(world()) as running:
        yield running


@pytest.fixture
async def warehouse(service: BigQuery) -> AsyncIterator[BigQueryConnector]:
    async with opened(service, writing=place(service, "write")) as made:
        yield made


@pytest.fixture
async def room(service: BigQuery) -> AsyncIterator[Room]:
    store = MemoryStore()
    async with opened(service, name="shop", clock=store.clock, writing=place(service, "write")) as made:
        yield Room(Line(store, FakeSource(), connector=made), service, made)


def visits(service: BigQuery) -> list[tuple[Any, ...]]:
    found = service.world.cursor().execute('SELECT country, n FROM "acme:stats".visits ORDER BY n, country')
    return found.fetchall()


async def change(made: BigQueryConnector, text: str, *parameters: Any, **limits: int) -> int:
    """Run a change; give how many rows it says it changed."""
    found = await run(made, text, *parameters, **limits)
    assert found.work is not None
    assert found.rows == ()
    return found.work.affected


async def test_a_change_runs_as_it_was_written_and_says_how_many_rows_it_changed(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    assert await change(warehouse, "INSERT INTO stats.visits (country, n) VALUES ('PT', ?), ('IT', 9)", 8) == 2
    assert await change(warehouse, "UPDATE stats.visits SET n = n + ? WHERE n > ?", 10, 7) == 2
    assert await change(warehouse, "DELETE FROM stats.visits WHERE country = 'FR'") == 1
    merge = (
        "MERGE stats.visits t USING (SELECT 'ES' AS c, 4 AS m) s ON t.country = s.c "
        "WHEN MATCHED THEN UPDATE SET n = s.m WHEN NOT MATCHED THEN INSERT (country, n) VALUES (s.c, s.m)"
    )
    assert await change(warehouse, merge) == 1
    assert visits(service) == [("ES", 4), ("PT", 18), ("IT", 19)]
    await change(warehouse, "CREATE TABLE stats.copy AS SELECT n FROM stats.visits")
    assert (await run(warehouse, "SELECT SUM(n) FROM stats.copy")).rows == ((41,),)
    await change(warehouse, "TRUNCATE TABLE stats.copy")
    await change(warehouse, "DROP TABLE stats.copy")
    assert "acme.stats.copy" not in service.world.relations


async def test_without_an_account_for_changes_nothing_is_changed(service: BigQuery) -> None:
    async with opened(service) as made:
        assert made.role == ("acme:read", "", "")
        async with made.visit(Statement(text="DELETE FROM stats.visits WHERE TRUE"), name="assent:no:1") as visit:
            assert doubt(await visit.read()) is Doubt.CLOSED


async def test_a_change_over_its_cap_by_a_count_just_before_does_not_begin(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    text = "UPDATE stats.visits SET n = ? WHERE n > ?"
    told = await warehouse.impact(Statement(text=text, parameters=(0, 1)), Outlay(name="assent:x:0", bytes=1 << 30))
    assert (told.counted, told.bill) == (2, Bill(bytes=10 << 20))
    async with warehouse.visit(Statement(text=text, parameters=(0, 1)), name="assent:over:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        service.world.table("acme.stats.visits", service.world.relations["acme.stats.visits"].fields, [{"n": 3}] * 3)
        with pytest.raises(CapExceeded, match="nothing was run"):
            await visit.run(permit(reading, (0, 1), affected_rows=2))
    assert [n for _, n in visits(service)] == [3, 3, 3]
    assert [job for job in service.jobs._jobs if job.startswith("assent_over")] == ["assent_over_1_count"]
    assert await change(warehouse, text, 0, 1, affected_rows=3) == 3


async def test_where_a_cap_stands_and_nobody_can_count_nothing_begins(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    before = service.world.cursor().execute('SELECT count(*) FROM "acme:sales".orders').fetchall()
    for text in (
        "DELETE FROM sales.orders WHERE spent > 1",
        "MERGE stats.visits t USING (SELECT 1 AS k) s ON t.n = s.k WHEN MATCHED THEN DELETE",
    ):
        with pytest.raises(StatementFailed, match="uncounted"):
            await change(warehouse, text, affected_rows=100)
    spends = Outlay(name="assent:y:0", bytes=1 << 30)
    assert await warehouse.impact(Statement(text="DELETE FROM sales.orders WHERE spent > 1"), spends) == Impact()
    assert (await warehouse.impact(Statement(text="DELETE FROM sales.orders WHERE id > 1"), spends)).counted == 1
    assert service.world.cursor().execute('SELECT count(*) FROM "acme:sales".orders').fetchall() == before


async def test_a_lost_answer_to_a_change_is_one_execution(service: BigQuery, warehouse: BigQueryConnector) -> None:
    text = "INSERT INTO stats.visits (country, n) VALUES ('PT', 8)"
    async with warehouse.visit(Statement(text=text), name="assent:lost:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        service.world.faults.planned.append(Fault(match="POST */jobs", drop=Drop.AFTER))
        found = await visit.run(permit(reading))
    assert found.work is not None
    assert found.work.affected == 1
    assert visits(service).count(("PT", 8)) == 1


async def test_a_change_whose_insertion_is_refused_after_it_was_taken_is_followed(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    text = "INSERT INTO stats.visits (country, n) VALUES ('PT', 8)"
    async with warehouse.visit(Statement(text=text), name="assent:twice:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        service.world.faults.planned += [
            Fault(match="POST */jobs", drop=Drop.AFTER),
            Fault(match="POST */jobs", reason="quotaExceeded"),
        ]
        assert (await visit.run(permit(reading))).work is not None
    assert visits(service).count(("PT", 8)) == 1


async def test_what_nobody_can_tell_of_a_change_is_unknown_and_never_failed(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    text = "INSERT INTO stats.visits (country, n) VALUES ('PT', 8)"
    async with warehouse.visit(Statement(text=text), name="assent:mute:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        service.world.faults.delay = 0.4
        service.world.faults.planned.append(Fault(match="GET */jobs/assent_mute_1", reason="notFound", times=3))
        with pytest.raises(OutcomeUnknown):
            await visit.run(permit(reading))
        work = warehouse.job(permit(reading))
    assert await warehouse.fate(replace(work, xid="assent_mute_1")) is not Fate.ABORTED


@pytest.mark.parametrize(
    "lie",
    [{"statementType": "INSERT"}, {"referencedTables": []}, {"referencedTables": [
        {"projectId": "acme", "datasetId": "stats", "tableId": "visits"},
        {"projectId": "acme", "datasetId": "x", "tableId": "y"},
    ]}],
)  # fmt: skip
async def test_a_lie_about_a_change_is_a_refusal_before_and_unknown_after(
    service: BigQuery, warehouse: BigQueryConnector, lie: dict[str, Any]
) -> None:
    text = "DELETE FROM stats.visits WHERE n = 3"
    service.world.faults.lies[Phase.RAW] = lie
    async with warehouse.visit(Statement(text=text), name="assent:lied:1") as visit:
        found = await visit.read()
        assert isinstance(found, Unreadable)
        assert found.doubt is Doubt.DISAGREE
    service.world.faults.lies.clear()
    service.world.faults.lies[Phase.RUN] = lie
    with pytest.raises(OutcomeUnknown):
        await change(warehouse, text)


async def test_a_table_changed_between_reading_and_running_a_change_stops_it(
    service: BigQuery, warehouse: BigQueryConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.connectors.bigquery.visit.FRESH_SECONDS", -1.0)
    async with warehouse.visit(Statement(text="DELETE FROM stats.visits WHERE n = 3"), name="assent:c:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading)
        service.world.faults.lies[Phase.RAW] = {"referencedRoutines": [{"a": "acme", "b": "x", "c": "f"}]}
        with pytest.raises(Drifted):
            await visit.run(permit(reading))
    assert len(visits(service)) == 2


async def test_the_requests_of_a_change_are_counted(service: BigQuery, warehouse: BigQueryConnector) -> None:
    """A change: dry run, job; where its rows are counted: the count's dry run, job and rows besides."""
    sent(service)
    await change(warehouse, "DELETE FROM stats.visits WHERE n = 3")
    assert len(sent(service)) == 2
    await change(warehouse, "DELETE FROM stats.visits WHERE n = 5", affected_rows=5)
    assert len(sent(service)) == 5
    for text in ("CALL stats.p()", "CREATE TABLE stats.x AS SELECT email FROM sales.orders", "DROP TABLE _x.y"):
        async with warehouse.visit(Statement(text=text), name="assent:none:1") as visit:
            assert isinstance(await visit.read(), Unreadable)
        assert sent(service) == []


# ---------------------------------------------------------------- the line


async def test_an_allowed_change_is_prepared_committed_and_on_record(room: Room) -> None:
    answer = await room.line.ask("insert into stats.visits (country, n) values ('PT', 8)")
    assert isinstance(answer, Answered), answer
    kinds = [kind for kind in room.line.kinds() if kind.startswith("call.")]
    assert kinds == ["call.intent", "call.prepared", "call.outcome"]
    assert await room.outcome(answer.call) is Outcome.COMMITTED
    assert visits(room.service)[-1] == ("PT", 8)
    assert room.line.faults() == []


async def test_an_approved_change_is_counted_for_people_and_again_before_it_runs(room: Room) -> None:
    asked = await room.line.ask("update stats.visits set n = 1 where country = 'ES'")
    assert isinstance(asked, Waiting), asked
    assert asked.review is not None
    await room.line.gateway.weighing.drain()
    await room.line.vote(asked.review)
    await room.line.sweep()
    answer = await room.line.collect(asked.call)
    assert isinstance(answer, Answered), answer
    assert visits(room.service) == [("ES", 1), ("FR", 5)]
    assert [job for job in room.jobs() if asked.call in job] == [
        f"assent_{asked.call}_0",
        f"assent_{asked.call}_1_count",
        f"assent_{asked.call}_1",
    ]
    assert room.line.faults() == []


def bodies(room: Room, kind: str) -> list[Mapping[str, Any]]:
    return [sealed.body for _, sealed in room.line.store.journal.tables.log if sealed.body["kind"] == kind]


def spent(room: Room) -> list[int]:
    return sorted(room.line.store.journal.tables.budgets.values())


@pytest.mark.parametrize("text", ["update stats.visits set n = 1 where n = 3", "delete from stats.visits where n = 3"])
async def test_nothing_is_counted_for_money_before_it_is_on_record_and_taken_of_budgets(room: Room, text: str) -> None:
    """PREPARED has no attempt yet: the unit that opens the Review names the job and what it may be billed."""
    room.line.judge.replace(replace(room.line.judge._policy, budgets=(PAYS,)))
    jobs: list[list[str]] = []

    def look(name: str) -> None:
        jobs.append([name, *room.jobs()])

    failpoints.arm(look)
    asked = await room.line.ask(text)
    failpoints.disarm()
    assert isinstance(asked, Waiting), asked
    assert jobs == [["before_intent"], ["after_intent"]]
    (opened_,) = bodies(room, "review.opened")
    assert opened_["counting"]["job"] == f"assent:{asked.call}:0"
    assert 10 << 20 <= opened_["counting"]["bytes"] <= 1 << 30
    await room.line.gateway.weighing.drain()
    assert room.jobs() == [f"assent_{asked.call}_0"]
    (weighed,) = bodies(room, "call.weighed")
    assert weighed["bill"]["bytes"] == 10 << 20
    assert spent(room) == [10 << 20]
    assert room.line.faults() == []


async def test_a_process_that_dies_while_it_counts_leaves_all_that_it_could_cost_spent(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.line.judge.replace(replace(room.line.judge._policy, budgets=(PAYS,)))

    async def dies(*_: Any) -> Any:
        room.line.mortal.dead = True
        raise StoreError("gone")

    monkeypatch.setattr(type(room.connector._service), "job", dies)
    monkeypatch.setattr(type(room.connector._service), "page", dies)
    asked = await room.line.ask("update stats.visits set n = 1 where n = 3")
    assert isinstance(asked, Waiting), asked
    await room.line.gateway.weighing.drain()
    assert room.jobs() == [f"assent_{asked.call}_0"]
    assert bodies(room, "call.weighed") == []
    (opened_,) = bodies(room, "review.opened")
    assert spent(room) == [opened_["counting"]["bytes"]]


async def test_what_a_budget_does_not_hold_is_not_counted_and_people_are_asked_all_the_same(room: Room) -> None:
    short = replace(PAYS, amounts={Measure.BYTES: 25 << 20})
    room.line.judge.replace(replace(room.line.judge._policy, budgets=(short,)))
    first = await room.line.ask("update stats.visits set n = 1 where n = 3")
    assert isinstance(first, Waiting), first
    await room.line.gateway.weighing.drain()
    second = await room.line.ask("update stats.visits set n = 1 where n = 5")
    assert isinstance(second, Waiting), second
    await room.line.gateway.weighing.drain()
    assert [job for job in room.jobs() if second.call in job] == []
    assert ["counting" in one for one in bodies(room, "review.opened")] == [True, False]
    assert room.line.faults() == []


async def test_what_it_costs_to_count_is_of_the_changes_own_allowance_and_on_its_bill(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    """Of 25 MiB a count takes ten, and so does the change; of 15 it may not."""
    text = "UPDATE stats.visits SET n = n + 1 WHERE n = 3"
    found = await run(warehouse, text, affected_rows=5, billed_bytes=25 << 20)
    assert found.bill is not None
    assert found.bill.bytes == 20 << 20
    assert found.work is not None
    told = await warehouse.bill(found.work)
    assert told is not None
    assert told.bytes == 20 << 20
    with pytest.raises(StatementFailed, match="bytesBilledLimitExceeded"):
        await run(warehouse, "UPDATE stats.visits SET n = n + 1 WHERE n = 4", affected_rows=5, billed_bytes=15 << 20)
    assert visits(service) == [("ES", 4), ("FR", 5)]


async def test_a_copy_of_protected_values_is_refused_and_no_job_begins(room: Room) -> None:
    for text in (
        "create table stats.c as select email from sales.orders",
        "insert into stats.visits (country) select email from sales.orders",
        "export data options (uri = 'gs://x/*') as select 1 as a",
    ):
        answer = await room.line.gateway.answer(room.line.call(text))
        assert isinstance(answer, Refused), answer
    assert room.jobs() == []
    assert room.line.faults() == []
