"""Replicas over one store: whichever is asked next tells, runs and hands out what another was asked."""

from __future__ import annotations

from core.execution import record
from core.model import Answered, EntryKind, Refused, State, Waiting
from tests.doubles import MemoryStore
from tests.line import FakeSource, Line, holding
from tests.unit.test_execution_reviews import UPDATE, approved, state


def replicas() -> tuple[Line, Line]:
    """Make two of one store, over the same database."""
    store, source = MemoryStore(), FakeSource()
    there = FakeSource(fates=source.fates, committed=source.committed)
    return Line(store, source, alone=False), Line(store, there, boot="beside", alone=False)


async def test_what_one_replica_was_asked_is_told_run_and_handed_out_by_another() -> None:
    room, other = replicas()
    waiting = await room.ask(UPDATE)
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    await room.sweeper.drain()  # and nothing more of it
    assert isinstance(await other.collect(waiting.call), Waiting)
    await other.vote(waiting.review)
    await other.sweep()
    assert isinstance(await other.collect(waiting.call), Answered)
    assert room.source.committed == [UPDATE]
    assert room.faults() == []


async def test_a_replica_that_drains_begins_nothing_and_leaves_an_approval_to_the_others() -> None:
    room, other = replicas()
    waiting = await approved(room)
    await room.sweeper.drain()
    await room.sweep()
    assert await state(room, waiting) is State.APPROVED
    assert room.source.committed == []
    await other.sweep()
    assert await state(room, waiting) is State.EXECUTED
    assert room.source.committed == [UPDATE]


async def test_an_approval_that_two_replicas_take_up_at_once_runs_once() -> None:
    room, other = replicas()
    waiting = await approved(room)
    room.source.hook, reached, go = holding("run")
    await room.sweeper.sweep()
    await reached.wait()
    await other.sweep()  # it is claimed, and by nobody whose deadline is over
    go.set()
    await room.settle()
    assert await state(room, waiting) is State.EXECUTED
    assert room.source.committed == [UPDATE]
    assert room.kinds().count(EntryKind.CLAIMED.value) == 1
    assert room.faults() == []


async def test_what_one_replica_runs_is_ended_at_the_source_by_whichever_is_asked_to_cancel_it() -> None:
    room, other = replicas()
    waiting = await approved(room)
    room.source.hook, reached, go = holding("run")
    await room.sweeper.sweep()
    await reached.wait()
    assert isinstance(await other.cancel(waiting.call), Refused)
    assert record.backend(waiting.call, 1) in other.source.ended
    go.set()
    await room.settle()
    assert room.source.committed == []
    assert room.faults() == []
