"""The line over BigQuery: PREPARED names the job before it begins, and what became of it is never a guess."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import pytest

from core.connectors.bigquery import BigQueryConnector, service
from core.errors import StoreError
from core.execution import failpoints
from core.model import Answered, CallId, Failed, Outcome, Refused, Waiting
from core.policy.rules import Conditions, Then
from demo.bigquery import BigQuery, Fault, Phase
from tests.doubles import MemoryStore
from tests.integration.warehouses import CANARIES, opened, sent, world
from tests.line import FakeSource, Line
from tests.policies import READ, policy, rule
from tests.waiting import until

VISITS: Final = "select n from stats.visits order by n"
LATE: Final = timedelta(minutes=5)


class Dead(BaseException):
    """This process is gone."""


@dataclass
class Room:
    line: Line
    service: BigQuery
    connector: BigQueryConnector

    def jobs(self) -> list[str]:
        """Jobs that were really begun, dry runs apart."""
        return list(self.service.jobs._jobs)

    async def outcome(self, call: CallId) -> Outcome | None:
        return (await self.line.slots(call)).ended


@asynccontextmanager
async def roomed(hold: timedelta = timedelta(seconds=30)) -> AsyncIterator[Room]:
    async with BigQuery.start(world()) as service:
        store = MemoryStore()
        async with opened(service, name="shop", clock=store.clock) as connector:
            yield Room(Line(store, FakeSource(), connector=connector, hold=hold), service, connector)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with roomed() as made:
        yield made


async def test_a_read_is_prepared_run_and_delivered_and_the_record_holds(room: Room) -> None:
    answer = await room.line.ask(VISITS)
    assert isinstance(answer, Answered)
    assert answer.masked.rows == ((3,), (5,))
    kinds = [kind for kind in room.line.kinds() if kind.startswith("call.")]
    assert kinds == ["call.intent", "call.prepared", "call.outcome"]
    slots = await room.line.slots(answer.call)
    assert slots.ended is Outcome.DELIVERED
    assert slots.latest.owned
    assert room.jobs() == [f"assent_{answer.call}_1"]
    (outcome,) = [
        sealed.body for _, sealed in room.line.store.journal.tables.log if sealed.body["kind"] == "call.outcome"
    ]
    assert outcome["bill"] == {"bytes": 10 << 20, "slot_ms": 1, "cached": False}
    assert room.line.faults() == []


async def test_what_is_protected_leaves_masked_and_the_record_names_the_masks(room: Room) -> None:
    answer = await room.line.ask("select * from sales.orders order by id")
    assert isinstance(answer, Answered)
    assert not any(canary in repr(answer) for canary in CANARIES)
    assert [column.mask for column in answer.masked.columns] == [None, "hide", "last4", "bucket", "bucket"]
    (intent, *_) = [
        sealed.body for _, sealed in room.line.store.journal.tables.log if sealed.body["kind"] == "call.intent"
    ]
    assert "acme.sales.orders.email" in repr(intent["verdict"])
    assert room.line.faults() == []


async def test_what_is_no_read_is_refused_and_no_job_begins(room: Room) -> None:
    for text in ("DELETE FROM stats.visits WHERE TRUE", "select * from `sales.ord*`"):
        answer = await room.line.gateway.answer(room.line.call(text))
        assert isinstance(answer, Refused)
    assert room.jobs() == []
    assert room.line.faults() == []


async def test_what_the_text_alone_is_refused_is_dry_run_by_nobody(room: Room) -> None:
    """Neither the answer nor the requests tell whether the table is there."""
    closed = [Conditions(tables=frozenset({"acme.hr.*"})), Conditions(tags=frozenset({"pii.*"}))]
    refusing = [rule(f"closed {n}", Then.REFUSE, when=when) for n, when in enumerate(closed)]
    waits = rule("dear", Then.REFUSE, when=Conditions(bytes_over=1 << 40))
    room.line.judge.replace(policy(rule("reads", Then.ALLOW, READ), *refusing, waits))
    sent(room.service)
    told = []
    for text in ("select n from hr.payroll", "select n from hr.nothing", "select id from sales.orders"):
        answer = await room.line.gateway.answer(room.line.call(text))
        assert isinstance(answer, Refused)
        told.append(answer.code)
        assert sent(room.service) == []
    assert told == ["refused_by_rule"] * 3
    assert isinstance(await room.line.ask(VISITS), Answered)
    assert room.line.faults() == []


async def test_a_witness_that_lies_is_refused_and_on_record(room: Room) -> None:
    room.service.world.faults.lies[Phase.HOLLOW] = {"statementType": "DELETE"}
    answer = await room.line.ask("select email from sales.orders")
    assert isinstance(answer, Refused)
    assert "hollow: kind DELETE" in repr([sealed.body for _, sealed in room.line.store.journal.tables.log])
    assert room.jobs() == []


async def test_a_job_that_fails_is_an_error_with_an_end(room: Room) -> None:
    answer = await room.line.ask("select cast(country as int64) from stats.visits")
    assert isinstance(answer, Failed)
    assert "ES" not in answer.sentence
    assert await room.outcome(answer.call) is Outcome.ERROR
    assert room.line.faults() == []


def begun(room: Room) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return bool(room.jobs())

    return look


async def test_who_goes_away_has_the_job_stopped(room: Room) -> None:
    room.service.world.faults.delay = 20.0
    call = room.line.call(VISITS)
    asking = asyncio.ensure_future(room.line.gateway._closed(await room.line.gateway.admission.admit(call)))
    await until(begun(room))
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    (job,) = room.service.jobs._jobs.values()
    assert job.stopped.is_set()
    assert await room.outcome(call.id) is Outcome.ERROR
    assert room.line.faults() == []


@pytest.mark.parametrize(
    ("where", "ran", "ended"),
    [
        ("after_intent", 0, Outcome.NOT_EXECUTED),
        ("before_prepared", 0, Outcome.NOT_EXECUTED),
        ("after_prepared", 0, Outcome.NOT_DELIVERED),
        ("after_run", 1, Outcome.NOT_DELIVERED),
    ],
)
async def test_what_a_dead_process_left_is_found_out_and_never_runs_later(
    room: Room, where: str, ran: int, ended: Outcome
) -> None:
    def die(name: str) -> None:
        if name == where:
            failpoints.disarm()
            room.line.mortal.dead = True
            raise Dead

    failpoints.arm(die)
    call = room.line.call(VISITS)
    with pytest.raises((Dead, StoreError)):
        await room.line.gateway.answer(call)
    room.line.mortal.dead = False  # another process, over the same store
    room.line.clock.advance(LATE)
    for _ in range(3):
        await room.line.sweep()
    assert await room.outcome(call.id) is ended
    real = [job for job in room.service.jobs._jobs.values() if job.configuration["query"]["query"] == VISITS]
    assert len(real) == ran
    assert room.line.faults() == []


async def test_a_source_that_is_away_refuses_the_call_and_begins_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "RETRY", service.RETRY.with_timeout(1))
    await room.connector.tables()
    room.service.world.faults.planned.append(Fault(match="POST */jobs", reason="backendError", times=1000))
    answer = await room.line.ask(VISITS)
    assert isinstance(answer, Failed | Refused | Waiting)
    assert not isinstance(answer, Waiting)
    assert room.jobs() == []
    assert room.line.faults() == []
