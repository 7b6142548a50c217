"""Attempt n+1 of an approved Call: when it may begin, in which unit, and what ends a Call that it may not follow."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from core.errors import Away, OutcomeUnknown, SourceUnavailable
from core.execution import record
from core.execution.recovery.resolving import standing
from core.model import Answered, CallId, Entry, EntryKind, Failed, Outcome, Refused, ReviewId, State, Waiting
from core.ports import Fate, Unit
from tests import entries
from tests.doubles import ManualClock
from tests.line import FakeSource, Line, failing, holding, line
from tests.policies import policy
from tests.unit.test_execution_reviews import DELETE, READ, UPDATE, approved, state


async def died(text: str = UPDATE, at: str = "run") -> tuple[Line, Waiting, Line]:
    """A claimed attempt whose process died at this step, and the process after it."""
    room = line()
    waiting = await approved(room, text)
    room.source.hook, reached, go = holding(at)
    if text == DELETE:
        await room.collect(waiting.call)
    else:
        await room.sweeper.sweep()
    await reached.wait()
    room.mortal.dead = room.source.dead = True
    go.set()  # what is shielded meets a record and a Source that it no longer reaches
    await dead(room)
    return room, waiting, after(room)


async def dead(room: Line) -> None:
    """End a process as SIGKILL does: its transactions roll back, and nothing of it comes back."""
    await room.kill()
    for xid, fate in room.source.fates.items():
        if fate is Fate.IN_PROGRESS:
            room.source.fates[xid] = Fate.ABORTED


def after(room: Line) -> Line:
    source = FakeSource(fates=room.source.fates, committed=room.source.committed)
    return Line(room.store, source, boot=f"{room.store.journal.boot}+")


async def outcomes(room: Line, call: CallId) -> list[tuple[object, object]]:
    bodies = [sealed.body for sealed in await room.store.journal.entries(call)]
    return [(body["outcome"], body.get("final", True)) for body in bodies if body["kind"] == "call.outcome"]


@pytest.mark.parametrize(("text", "first"), [(UPDATE, "not_executed"), (READ, "not_delivered")])
async def test_a_claim_whose_process_died_runs_again_under_the_same_claim(text: str, first: str) -> None:
    _, waiting, room = await died(text)
    await room.sweep()
    assert await outcomes(room, waiting.call) == [
        (first, False),
        ("committed" if text == UPDATE else "delivered", True),
    ]
    assert len(room.source.ran) == 1
    assert await state(room, waiting) is State.EXECUTED
    assert isinstance(await room.collect(waiting.call), Answered)
    assert room.kinds().count("review.claimed") == 1
    assert room.faults() == []


async def test_a_prepared_attempt_that_the_source_rolled_back_runs_again() -> None:
    _, waiting, room = await died(at="commit")
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("aborted", False), ("committed", True)]
    assert room.source.committed == [UPDATE]
    assert room.faults() == []


async def test_the_next_intent_stands_in_one_unit_with_the_end_of_the_attempt_before() -> None:
    _, waiting, room = await died()
    await room.sweep()
    bodies = [sealed.body for sealed in await room.store.journal.entries(waiting.call)]
    second = next(body for body in bodies if body["kind"] == "call.intent" and body["attempt"] == 2)
    together = [(body["kind"], body["attempt"]) for body in bodies if body["unit"] == second["unit"]]
    assert together == [("call.prepared", 1), ("call.outcome", 1), ("call.intent", 2)]
    assert second["call_mac"] == bodies[0]["call_mac"]
    assert second["deadline"] > bodies[0]["ts"]  # type: ignore[operator]


async def test_the_attempt_before_is_ended_at_the_source_by_its_name() -> None:
    _, waiting, room = await died()
    held: list[frozenset[str]] = []

    async def hook(step: str) -> None:
        if step == "run":
            held.append(room.source.ended)

    room.source.hook = hook
    await room.sweep()
    assert held == [frozenset({record.backend(waiting.call, 1)})]  # before the next one meets its locks


async def test_a_write_has_at_most_three_attempts_and_a_read_two() -> None:
    for text, most, last in ((UPDATE, 3, "not_executed"), (READ, 2, "not_delivered")):
        _, waiting, room = await died(text)
        for number in range(2, most + 1):
            room.source.hook, reached, _ = holding("run")
            await room.sweeper.sweep()
            await reached.wait()
            assert (await room.slots(waiting.call)).latest.number == number
            await dead(room)
            room = after(room)
        await room.sweep()
        assert await outcomes(room, waiting.call) == [(last, False)] * (most - 1) + [(last, True)]
        assert await state(room, waiting) is State.FAILED
        assert isinstance(await room.collect(waiting.call), Failed)
        assert room.faults() == []


async def test_nothing_is_begun_again_past_the_end_of_the_approvals_use() -> None:
    _, waiting, room = await died()
    room.clock.advance(timedelta(minutes=6))
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("not_executed", True)]
    assert room.source.ran == []
    assert room.faults() == []


async def test_the_unit_of_the_next_attempt_reads_the_stores_clock() -> None:
    _, waiting, room = await died()
    room.store.journal._last = room.clock.at + timedelta(minutes=6)
    await room.sweep()
    assert await outcomes(room, waiting.call) == []
    room.clock.advance(timedelta(minutes=7))
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("not_executed", True)]
    assert room.faults() == []


@pytest.mark.parametrize("change", ["schema", "policy", "member"])
async def test_no_attempt_follows_where_a_guard_of_the_claim_no_longer_holds(change: str) -> None:
    _, waiting, room = await died()
    match change:
        case "schema":
            room.source.schema += 1
        case "policy":
            room.judge.replace(policy())
        case _:
            room.judge.replace(replace(room.judge.policy, groups={"dba": frozenset({"other@acme.example"})}))
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("not_executed", True)]
    assert room.source.ran == []
    assert await state(room, waiting) is State.FAILED
    assert room.faults() == []


async def test_a_source_that_is_away_leaves_the_call_open_until_the_end_of_its_use() -> None:
    _, waiting, room = await died()

    async def away(step: str) -> None:
        if step == "visit":
            raise SourceUnavailable("away", Away.LOST)

    room.source.hook = away
    await room.sweep()
    assert await outcomes(room, waiting.call) == []
    room.clock.advance(timedelta(minutes=6))
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("not_executed", True)]
    assert room.faults() == []


async def test_an_executors_own_failure_is_final() -> None:
    room = line()
    waiting = await approved(room)
    room.source.hook = failing("run", SourceUnavailable("gone", Away.LOST))
    await room.sweep()
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("error", True)]
    assert room.faults() == []


async def test_an_allowed_call_is_never_begun_again() -> None:
    room = line()
    room.source.hook, reached, _ = holding("run")
    call = room.call("insert 1")
    running = asyncio.create_task(room.gateway.answer(call))
    await reached.wait()
    await dead(room)
    await asyncio.gather(running, return_exceptions=True)
    room = after(room)
    await room.sweep()
    assert await outcomes(room, call.id) == [("not_executed", True)]
    assert room.faults() == []


# ---------------------------------------------------------------- who begins it


async def test_under_hold_the_requesters_next_request_begins_the_next_attempt() -> None:
    _, waiting, room = await died(DELETE)
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("not_executed", False)]
    assert await state(room, waiting) is State.EXECUTING
    told = await room.collect(waiting.call)
    assert isinstance(told, Waiting)
    assert "runs it again" in told.sentence
    await room.settle()
    assert room.source.committed == [DELETE]
    assert isinstance(await room.collect(waiting.call), Answered)
    assert room.faults() == []


async def test_under_hold_a_requester_who_never_comes_lets_it_expire_in_one_unit() -> None:
    _, waiting, room = await died(DELETE)
    await room.sweep()
    room.clock.advance(timedelta(minutes=6))
    room.tokens.callers["anna"] = replace(room.anna, expires_at=room.clock.at + timedelta(hours=1))
    assert isinstance(await room.collect(waiting.call), Waiting)  # only a slot ends it, no clock alone
    await room.settle()
    assert room.source.ran == []
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("not_executed", False), ("expired", True)]
    assert await state(room, waiting) is State.EXPIRED
    assert isinstance(await room.collect(waiting.call), Refused)
    assert room.faults() == []


async def test_once_the_requesters_token_ended_the_next_attempt_waits_for_them() -> None:
    room = line()
    room.tokens.callers["anna"] = replace(room.anna, expires_at=room.clock.at + timedelta(minutes=2))
    waiting = await approved(room)
    room.source.hook, reached, _ = holding("run")
    await room.sweeper.sweep()
    await reached.wait()
    await dead(room)
    room.clock.advance(timedelta(minutes=3))
    room = after(room)
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("not_executed", False)]
    room.tokens.callers["anna"] = replace(room.anna, expires_at=room.clock.at + timedelta(hours=1))
    await room.collect(waiting.call)
    await room.settle()
    assert room.source.committed == [UPDATE]
    assert room.faults() == []


@pytest.mark.parametrize("by", ["requester", "reviewer"])
async def test_under_hold_a_call_between_attempts_can_still_be_stopped(by: str) -> None:
    _, waiting, room = await died(DELETE)
    await room.sweep()
    assert waiting.review is not None
    if by == "requester":
        assert isinstance(await room.cancel(waiting.call), Refused)
    else:
        await room.store.journal.commit(entries.stopped(waiting.review, "dora"))
        await room.sweep()
    await room.collect(waiting.call)
    await room.settle()
    assert room.source.ran == []
    assert await state(room, waiting) is State.CANCELLED
    assert await outcomes(room, waiting.call) == [("not_executed", False), ("cancelled", True)]
    assert room.faults() == []


async def test_under_hold_what_changed_meanwhile_ends_the_call_when_its_requester_comes() -> None:
    _, waiting, room = await died(DELETE)
    await room.sweep()
    room.source.schema += 1
    await room.collect(waiting.call)
    await room.settle()
    assert room.source.ran == []
    assert await state(room, waiting) is State.CANCELLED
    assert room.faults() == []


# ---------------------------------------------------------------- who is too late


async def test_a_stop_that_lost_to_prepared_leaves_the_run_alone() -> None:
    room = line()
    waiting = await approved(room)
    room.source.hook, reached, go = holding("committed")
    await room.sweeper.sweep()
    await reached.wait()
    assert waiting.review is not None
    await room.store.journal.commit(entries.stopped(waiting.review, "dora"))
    stopped: list[ReviewId] = []
    room.sweeper.stop = stopped.append  # type: ignore[method-assign, assignment]
    await room.sweeper.sweep()
    go.set()
    await room.settle()
    assert stopped == []
    assert await state(room, waiting) is State.EXECUTED


async def test_a_recovery_ends_at_the_source_what_it_gave_up_and_nothing_that_was_faster() -> None:
    room = line()
    waiting = await approved(room)
    room.source.hook, reached, go = holding("run")
    await room.sweeper.sweep()
    await reached.wait()
    other = Line(room.store, FakeSource(fates={}), boot="other", alone=False)
    recovery = other.sweeper._recovery
    room.clock.advance(timedelta(hours=2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recovery, "take", faster)
        await other.sweep()
    assert other.source.ended == frozenset()
    await other.sweep()
    assert other.source.ended == {record.backend(waiting.call, 1)}
    go.set()
    await room.settle()
    assert room.source.committed == []
    assert room.faults() == []


async def faster(unit: Unit) -> bool:
    """Lose to somebody who took the slot first."""
    del unit
    return False


async def test_a_stop_that_won_ends_the_transaction_at_the_source() -> None:
    room = line()
    waiting = await approved(room)
    room.source.hook, reached, go = holding("run")
    await room.sweeper.sweep()
    await reached.wait()
    assert isinstance(await room.cancel(waiting.call), Refused)
    assert record.backend(waiting.call, 1) in room.source.ended
    go.set()
    await room.settle()
    assert room.source.committed == []
    assert room.faults() == []


async def test_of_several_replicas_none_gives_an_attempt_up_before_its_deadline() -> None:
    room = line()
    waiting = await approved(room)
    room.source.hook, reached, go = holding("run")
    await room.sweeper.sweep()
    await reached.wait()
    other = Line(room.store, FakeSource(fates=room.source.fates), boot="other", alone=False)
    await other.sweep()
    assert await outcomes(room, waiting.call) == []
    go.set()
    await room.settle()
    assert await outcomes(room, waiting.call) == [("committed", True)]


async def test_a_replica_whose_clock_runs_fast_is_refused_by_the_stores_clock() -> None:
    room = line()
    waiting = await approved(room)
    room.source.hook, reached, go = holding("run")
    await room.sweeper.sweep()
    await reached.wait()
    other = Line(room.store, FakeSource(fates=room.source.fates), boot="other", alone=False)
    other.sweeper._recovery._clock = Fast(other.clock)
    await other.sweep()
    assert await outcomes(room, waiting.call) == []
    go.set()
    await room.settle()
    assert await outcomes(room, waiting.call) == [("committed", True)]


@dataclass(frozen=True)
class Fast:
    """A machine whose clock is ahead."""

    right: ManualClock

    def now(self) -> datetime:
        return self.right.now() + timedelta(minutes=2)


async def test_two_replicas_that_recover_one_call_begin_one_attempt() -> None:
    _, waiting, room = await died()
    rooms = [
        room,
        *(
            Line(room.store, FakeSource(fates=room.source.fates, committed=room.source.committed), boot=f"b{n}")
            for n in range(3)
        ),
    ]
    room.store.journal.boot = "b"
    await asyncio.gather(*(one.sweep() for one in rooms))
    assert room.source.committed == [UPDATE]
    assert len(await outcomes(room, waiting.call)) == 2
    assert room.faults() == []


# ---------------------------------------------------------------- what was unknown


async def unknown(room: Line) -> Waiting:
    """A committed change whose Source was silent for an hour."""
    waiting = await approved(room)
    room.source.hook, room.source.silent = failing("committed", OutcomeUnknown("cut")), True
    await room.sweep()
    room.clock.advance(timedelta(hours=2))
    await room.sweep()
    assert await state(room, waiting) is State.INDETERMINATE
    assert await room.store.journal.indeterminate() == (waiting.call,)
    return waiting


async def test_what_is_unknown_is_never_begun_again() -> None:
    _, waiting, room = await died(at="commit")
    room.source.fates.clear()  # another or a restored cluster: it can never tell
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("unknown", True)]
    await room.sweep()
    assert room.source.ran == []
    assert "outcome_unknown" in room.alerts()
    assert room.faults() == []


async def test_what_is_still_in_progress_has_no_outcome_however_late() -> None:
    _, waiting, room = await died(at="commit")
    room.source.busy = True
    room.clock.advance(timedelta(hours=3))
    await room.sweep()
    assert await outcomes(room, waiting.call) == []
    assert "recovery_waits" in room.alerts()
    room.source.busy = False
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("aborted", True)]
    assert room.faults() == []


async def test_a_later_proof_resolves_what_was_unknown_and_begins_nothing() -> None:
    room = line()
    waiting = await unknown(room)
    room.source.silent = False
    room.clock.advance(timedelta(minutes=11))
    await room.sweep()
    slots = await room.slots(waiting.call)
    assert (slots.ended, slots.latest.number) == (Outcome.COMMITTED, 1)
    assert await state(room, waiting) is State.EXECUTED
    assert await room.store.journal.indeterminate() == ()
    assert room.source.committed == [UPDATE]
    assert room.faults() == []


async def test_an_executor_that_holds_the_reply_resolves_an_unknown() -> None:
    room = line()
    waiting = await approved(room)
    room.source.hook, reached, go = holding("committed")
    await room.sweeper.sweep()
    await reached.wait()
    other = Line(room.store, FakeSource(fates={}, silent=True), boot="other")
    room.clock.advance(timedelta(hours=2))
    await other.sweep()
    assert (await room.slots(waiting.call)).ended is Outcome.UNKNOWN
    go.set()
    await room.settle()
    assert (await room.slots(waiting.call)).ended is Outcome.COMMITTED
    assert await state(room, waiting) is State.EXECUTED
    assert room.faults() == []


async def test_a_proof_against_a_persons_word_is_an_alert() -> None:
    room = line()
    waiting = await unknown(room)
    found = await standing(waiting.call, room.store.journal, room.store.reviews)
    await room.store.journal.commit(found.closing(Outcome.NOT_EXECUTED, {"act": "act_1"}))
    await room.sweeper._resolving.prove(waiting.call, Fate.COMMITTED)
    assert "resolved_otherwise" in room.alerts()
    assert (await room.slots(waiting.call)).ended is Outcome.NOT_EXECUTED


async def test_rows_that_may_have_left_before_a_crash_count_as_shown() -> None:
    _, waiting, room = await died(READ)
    begun = Entry(kind=EntryKind.DISCLOSURE, scope=waiting.call, body={"by": waiting.call})
    await room.store.journal.commit(Unit(entries=(begun,)))
    await room.sweep()
    assert await outcomes(room, waiting.call) == [("partly_delivered", True)]
    assert room.faults() == []
