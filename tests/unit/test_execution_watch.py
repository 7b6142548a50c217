"""What runs unseen: wake-ups that nobody waits for are not kept, and alerts are told once a minute of each kind."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest

from core.errors import AuditBusy
from core.execution.background import ticks
from core.execution.background.watch import Watch
from core.execution.failpoints import arm, disarm, failpoint
from core.execution.shielding import shielded
from core.execution.turns import Turns
from tests.doubles import MemoryStore
from tests.line import line


async def fail() -> None:
    raise RuntimeError


async def test_wake_ups_of_what_nobody_waits_for_are_not_kept() -> None:
    turns = Turns()
    for number in range(1000):
        turns.turn(f"call_{number}")
    kept = turns.turn("call_x")
    assert len(turns._events) == 1
    turns.wake("call_x")
    await kept.wait()
    assert len(turns._events) == 0


async def test_two_who_wait_for_one_scope_are_both_woken() -> None:
    turns = Turns()
    first, second = turns.turn("call_x"), turns.turn("call_x")
    turns.wake("call_x")
    await asyncio.gather(first.wait(), second.wait())


async def test_what_background_work_raises_is_one_alert_a_minute_that_counts_the_rest() -> None:
    store = MemoryStore()
    watch = Watch(store.journal, store.clock)
    for _ in range(3):
        await watch.over("sweep", fail())
    store.clock.advance(timedelta(minutes=2))
    await watch.over("sweep", fail())
    bodies = [sealed.body for _, sealed in store.journal.tables.log]
    assert [(body["alert"], body["held_back"], body["error"]) for body in bodies] == [
        ("sweep_failed", 0, "RuntimeError"),
        ("sweep_failed", 2, "RuntimeError"),
    ]


async def test_an_alert_that_cannot_be_written_is_counted_for_the_next() -> None:
    store = MemoryStore()
    watch = Watch(store.journal, store.clock)
    store.journal.failure = AuditBusy("full")
    await watch.over("sweep", fail())
    store.journal.failure = None
    await watch.over("sweep", fail())
    assert store.journal.tables.log[-1][1].body["held_back"] == 1


async def test_cancelling_watched_work_cancels_it() -> None:
    store = MemoryStore()
    ended = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(Watch(store.journal, store.clock).over("run", wait()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert ended.is_set()
    assert store.journal.tables.log == []


async def test_shielded_work_is_done_before_its_waiter_is_cancelled() -> None:
    go, done = asyncio.Event(), []

    async def work() -> None:
        await go.wait()
        done.append(1)

    task = asyncio.create_task(shielded(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == [1]


def test_a_failpoint_tells_nobody_until_it_is_armed() -> None:
    seen: list[str] = []
    failpoint("after_intent")
    arm(seen.append)
    failpoint("after_claim")
    disarm()
    failpoint("after_commit")
    assert seen == ["after_claim"]


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
async def test_a_clock_that_jumps_is_an_entry_and_an_alert_and_the_record_goes_on_in_order(jump: timedelta) -> None:
    room = line()
    await room.sweep()
    room.clock.advance(jump)
    await room.sweep()
    await room.sweep()
    assert room.kinds().count("clock.skew") == 1
    assert room.alerts() == ["clock_jumped"]
    stamps = [sealed.body["ts"] for _, sealed in room.store.journal.tables.log]
    assert stamps == sorted(stamps, key=int)  # type: ignore[arg-type]


async def test_a_loop_that_was_busy_is_no_clock_that_jumped(monkeypatch: pytest.MonkeyPatch) -> None:
    room, passed = line(), 0.0
    monkeypatch.setattr(ticks, "time", SimpleNamespace(monotonic=lambda: passed))
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 0.0)  # as a loop's own stands still meanwhile
    await room.sweep()
    room.clock.advance(timedelta(minutes=1))
    passed = 60.0
    await room.sweep()
    assert room.alerts() == []
