"""A gateway that ends between any two steps of a change: the change runs at most once, and its end is on record."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from core.errors import StatementFailed, StoreError
from core.execution import failpoints
from core.model import Answered, Outcome, Waiting
from demo.bigquery import BigQuery, Drop, Fault
from tests.doubles import MemoryStore
from tests.integration.test_bigquery_changes import visits
from tests.integration.test_bigquery_line import LATE, Dead, Room
from tests.integration.warehouses import opened, place, world
from tests.line import FakeSource, Line

INSERT: Final = "insert into stats.visits (country, n) values ('PT', 8)"
UPDATE: Final = "update stats.visits set n = 1 where country = 'ES'"


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    store = MemoryStore()
    async with (
        BigQuery.start(world()) as service,
        opened(service, name="shop", clock=store.clock, writing=place(service, "write")) as made,
    ):
        yield Room(Line(store, FakeSource(), connector=made), service, made)


def death(room: Room, where: str) -> Callable[[str], None]:
    """Make what ends this process at a step."""

    def die(name: str) -> None:
        if name == where:
            failpoints.disarm()
            room.line.mortal.dead = True
            raise Dead

    return die


async def reborn(room: Room, sweeps: int = 3) -> None:
    """Another process, over the same store, when the attempt is given up."""
    room.line.mortal.dead = False
    room.line.clock.advance(LATE)
    for _ in range(sweeps):
        await room.line.sweep()


def times(room: Room) -> int:
    return visits(room.service).count(("PT", 8))


@pytest.mark.parametrize(
    ("where", "ran", "ended"),
    [
        ("after_intent", 0, Outcome.NOT_EXECUTED),
        ("before_run", 0, Outcome.NOT_EXECUTED),
        ("before_prepared", 0, Outcome.NOT_EXECUTED),
        ("after_prepared", 0, Outcome.ABORTED),
        ("after_run", 1, Outcome.COMMITTED),
    ],
)
async def test_killed_between_two_steps_it_ran_as_often_as_the_record_says(
    room: Room, where: str, ran: int, ended: Outcome
) -> None:
    failpoints.arm(death(room, where))
    call = room.line.call(INSERT)
    with pytest.raises((Dead, StoreError)):
        await room.line.gateway.answer(call)
    await reborn(room)
    assert (await room.outcome(call.id), times(room)) == (ended, ran)
    assert room.line.faults() == []


@pytest.mark.parametrize("sent", [False, True])
async def test_killed_around_its_insertion_it_never_runs_after_it_was_given_up(
    room: Room, sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = room.connector._writer
    assert writer is not None
    insert, asked = writer.insert, []

    async def dies(*words: Any) -> Any:
        asked.append(words)
        if sent:
            await insert(*words)
        room.line.mortal.dead = True
        raise Dead

    monkeypatch.setattr(type(writer), "insert", lambda _, *words: dies(*words))
    call = room.line.call(INSERT)
    with pytest.raises((Dead, StoreError)):
        await room.line.gateway.answer(call)
    monkeypatch.undo()
    await reborn(room)
    ended = Outcome.COMMITTED if sent else Outcome.ABORTED
    assert (await room.outcome(call.id), times(room)) == (ended, int(sent))
    with pytest.raises(StatementFailed, match="duplicate"):  # the sender only slept
        await insert(*asked[0])
    assert times(room) == int(sent)
    assert room.line.faults() == []


@pytest.mark.parametrize("where", ["before_recovery", "after_recovery"])
async def test_killed_in_recovery_the_next_one_finds_the_same(room: Room, where: str) -> None:
    failpoints.arm(death(room, "after_run"))
    call = room.line.call(INSERT)
    with pytest.raises((Dead, StoreError)):
        await room.line.gateway.answer(call)
    room.line.mortal.dead = False
    room.line.clock.advance(LATE)
    failpoints.arm(death(room, where))
    for _ in range(2):
        with contextlib.suppress(Dead, StoreError):
            await room.line.sweep()
    failpoints.disarm()
    assert room.line.mortal.dead
    await reborn(room)
    assert (await room.outcome(call.id), times(room)) == (Outcome.COMMITTED, 1)
    assert room.line.faults() == []


async def approved(room: Room) -> Waiting:
    asked = await room.line.ask(UPDATE)
    assert isinstance(asked, Waiting), asked
    assert asked.review is not None
    await room.line.gateway.weighing.drain()
    await room.line.vote(asked.review)
    return asked


async def test_a_job_that_failed_for_a_while_is_followed_by_the_next_attempt_under_the_same_approval(
    room: Room,
) -> None:
    asked = await approved(room)
    room.service.world.faults.failing[f"assent_{asked.call}_1"] = "backendError"
    await room.line.sweep()
    assert visits(room.service)[0] == ("ES", 3)
    room.line.clock.advance(timedelta(minutes=2))
    for _ in range(3):
        await room.line.sweep()
    answer = await room.line.collect(asked.call)
    assert isinstance(answer, Answered), answer
    assert visits(room.service)[0] == ("ES", 1)
    assert [job for job in room.jobs() if asked.call in job] == [
        f"assent_{asked.call}_{part}" for part in ("0", "1_count", "1", "2_count", "2")
    ]
    assert room.line.faults() == []


@pytest.mark.parametrize("skips", [2, 3])  # the insertion that counts, and the change's own
async def test_an_insertion_whose_answer_was_lost_is_followed_and_not_repeated(room: Room, skips: int) -> None:
    asked = await approved(room)
    room.service.world.faults.planned.append(Fault(match="POST */jobs", drop=Drop.AFTER, skips=skips))
    await room.line.sweep()
    assert isinstance(await room.line.collect(asked.call), Answered)
    assert [job for job in room.jobs() if asked.call in job] == [
        f"assent_{asked.call}_0",
        f"assent_{asked.call}_1_count",
        f"assent_{asked.call}_1",
    ]
    assert room.line.faults() == []
