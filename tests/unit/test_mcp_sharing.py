"""How the door's places are shared: by counts alone, and by a minute that the test lets pass."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import anyio
import anyio.abc
import anyio.lowlevel
import pytest

from core.errors import Busy
from core.model import Caller, Person
from mcp_server.bounds import Bounds
from mcp_server.sharing import KEPT, TOGETHER, Limiter
from tests.mcp_double import caller


def agent(number: int, *, of: str = "") -> Caller:
    """Give the n-th agent: of its own principal, or one of several of the same person."""
    made = caller(f"sub {number}", client=f"client {number}")
    return replace(made, person=Person(directory="acme", id=of)) if of else made


async def settled() -> None:
    """Let every task come as far as it comes: a seat is handed on within two turns of the loop."""
    for _ in range(8):
        await anyio.lowlevel.checkpoint()


class Crowd:
    """Calls that stay inside until the test lets one of them go."""

    def __init__(self, limiter: Limiter, group: anyio.abc.TaskGroup) -> None:
        self.limiter = limiter
        self.seen: Counter[str] = Counter()
        self.seated: list[str] = []  # clients, in the order in which they came in
        self._group = group
        self._running: list[tuple[str, anyio.Event]] = []

    async def come(self, who: Caller, times: int = 1) -> None:
        for _ in range(times):
            self._group.start_soon(self._call, who)
        await settled()

    async def leave(self) -> None:
        """Let the Call end that runs longest."""
        self._running[0][1].set()
        await settled()

    async def empty(self) -> None:
        while self._running:
            for _, leave in self._running:
                leave.set()
            await settled()

    def held(self, *whose: Caller) -> int:
        clients = {who.client for who in whose}
        return sum(client in clients for client, _ in self._running)

    async def _call(self, who: Caller) -> None:
        running = who.client, anyio.Event()
        try:
            async with self.limiter.place(who):
                self._running.append(running)
                self.seated.append(who.client)
                await running[1].wait()
                self._running.remove(running)
                self.seen["answered"] += 1
        except Busy as busy:
            self.seen[f"busy for {busy.retry_after.total_seconds():.0f} s"] += 1


@asynccontextmanager
async def crowd(bounds: Bounds) -> AsyncIterator[Crowd]:
    limiter = Limiter(bounds)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as group:
            made = Crowd(limiter, group)
            yield made
            await made.empty()
    assert limiter.inside == 0


LONG = timedelta(minutes=10)  # of patience: nobody gives up while the test counts

# ---------------------------------------------------------------- fairness


async def test_one_runaway_agent_leaves_a_place_for_whoever_comes() -> None:
    runaway, other = agent(1), agent(2)
    async with crowd(Bounds(running=16, each=1_000, patience=LONG)) as made:
        await made.come(runaway, 100)
        assert made.held(runaway) < 16
        await made.come(other)
        assert made.held(other) == 1


async def test_several_that_run_away_leave_fewer_places_but_some() -> None:
    runaways, other = [agent(number) for number in range(5)], agent(9)
    async with crowd(Bounds(running=16, each=1_000, queued=10_000, patience=LONG)) as made:
        for one in runaways:
            await made.come(one, 40)
        assert all(made.held(one) >= 1 for one in runaways)
        await made.come(other)
        assert made.held(other) == 1


async def test_an_agent_does_not_starve_another_of_the_same_person() -> None:
    runaway, other = agent(1, of="ana"), agent(2, of="ana")
    async with crowd(Bounds(running=16, each=1_000, patience=LONG)) as made:
        await made.come(runaway, 100)
        await made.come(other)
        assert made.held(other) == 1


async def test_many_agents_of_one_person_are_no_more_than_one_person() -> None:
    """Whoever can register clients gets no larger share by it."""
    herd, other = [agent(number, of="ana") for number in range(100)], agent(200, of="bob")
    async with crowd(Bounds(running=16, each=32, queued=100, patience=LONG)) as made:
        for one in herd:
            await made.come(one, 4)
        assert made.held(*herd) <= 8
        await made.come(other, 4)
        assert made.held(other) >= 2


@pytest.mark.parametrize("person", ["", "ana"], ids=["strangers", "agents of one person"])
@pytest.mark.parametrize("running", [1, 2])
async def test_the_next_place_goes_to_who_was_served_least_not_to_who_came_first(running: int, person: str) -> None:
    runaway, other = agent(1, of=person), agent(2, of=person)
    async with crowd(Bounds(running=running, patience=LONG)) as made:
        await made.come(runaway, 30)
        await made.come(other, 3)
        for _ in range(6):
            await made.leave()
        assert made.seated.count(other.client) == 3


async def test_who_waits_with_most_is_pushed_out_of_a_full_queue_by_a_newcomer() -> None:
    runaway, other = agent(1), agent(2)
    async with crowd(Bounds(running=1, queued=10, patience=LONG)) as made:
        await made.come(runaway, 11)
        await made.come(other)
        assert made.seen == {"busy for 2 s": 1}
        await made.empty()
        assert other.client in made.seated
        assert made.seen == {"busy for 2 s": 1, "answered": 11}


async def test_a_queue_of_equals_refuses_the_newcomer() -> None:
    async with crowd(Bounds(running=1, queued=10, patience=LONG)) as made:
        for number in range(11):
            await made.come(agent(number))
        await made.come(agent(99))
        assert made.seen == {"busy for 2 s": 1}
        await made.empty()
        assert agent(99).client not in made.seated


# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize("principals", [1, 5_000])
async def test_thousands_of_calls_at_once_are_bounded_and_the_rest_is_told_when_to_retry(principals: int) -> None:
    bounds = Bounds(running=16, queued=64, each=20, patience=LONG)
    inside = bounds.each if principals == 1 else bounds.running + bounds.queued
    async with crowd(bounds) as made:
        for number in range(5_000):
            made._group.start_soon(made._call, agent(number % principals))
        await settled()
        assert made.limiter.inside == inside
        assert len(made._running) == (6 if principals == 1 else 16)
        assert made.seen == {"busy for 2 s": 5_000 - inside}
    assert made.seen["answered"] == inside


async def test_all_agents_of_a_person_have_twice_the_calls_of_one() -> None:
    async with crowd(Bounds(each=4, patience=LONG)) as made:
        for number in range(10):
            await made.come(agent(number, of="ana"), 3)
        assert made.limiter.inside == 4 * TOGETHER


async def test_a_place_that_does_not_come_free_in_time_is_busy() -> None:
    limiter = Limiter(Bounds(running=1, patience=timedelta(milliseconds=20)))
    async with limiter.place(agent(1)):
        with pytest.raises(Busy):
            async with limiter.place(agent(2)):
                pytest.fail("there was no place")
    async with limiter.place(agent(2)):
        assert limiter.inside == 1
    assert limiter.inside == 0


async def test_a_cancelled_call_gives_its_place_back() -> None:
    limiter = Limiter(Bounds(running=1))
    entered = anyio.Event()

    async def call() -> None:
        async with limiter.place(agent(1)):
            entered.set()
            await anyio.sleep_forever()

    async with anyio.create_task_group() as group:
        group.start_soon(call)
        group.start_soon(call)
        await entered.wait()
        await settled()
        group.cancel_scope.cancel()
    assert limiter.inside == 0
    with anyio.fail_after(5):
        async with limiter.place(agent(1)):
            assert limiter.inside == 1


async def test_a_call_that_is_cancelled_as_its_turn_comes_gives_the_place_to_the_next() -> None:
    limiter = Limiter(Bounds(running=1, patience=LONG))

    async def call(who: Caller) -> None:
        async with limiter.place(who):
            pass

    with anyio.fail_after(5):
        async with limiter.place(agent(3)):
            leaver = asyncio.create_task(call(agent(1)))
            await settled()
            follower = asyncio.create_task(call(agent(2)))
            await settled()
        leaver.cancel()  # as a server that stops: it was called to its place just now, and has not come to it
        with suppress(asyncio.CancelledError):
            await leaver
        await follower
    assert leaver.cancelled()
    assert limiter.inside == 0


def test_holds_and_open_requests_are_counted_for_each_party() -> None:
    limiter = Limiter(Bounds(held=1, open=1))
    with limiter.hold(agent(1)) as first, limiter.hold(agent(1)) as second:
        assert (first, second) == (True, False)
        with limiter.hold(agent(2)) as other:
            assert other
    with limiter.hold(agent(1)) as again:
        assert again
    with limiter.opened(agent(1)), limiter.opened(agent(2)), pytest.raises(Busy), limiter.opened(agent(1)):
        pytest.fail("one was open")
    with limiter.opened(agent(1)):
        pass


# ---------------------------------------------------------------- in a minute


class Passing:
    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def spent(limiter: Limiter, who: Caller) -> int:
    """Count how many Calls are taken now."""
    for taken in range(10_000):
        try:
            limiter.count(who)
        except Busy:
            return taken
    pytest.fail("without end")


def test_a_minutes_calls_may_come_at_once_and_then_at_the_even_rate() -> None:
    now = Passing()
    limiter = Limiter(Bounds(minute=60), now)
    assert spent(limiter, agent(1)) == 60
    now.at += 1
    assert spent(limiter, agent(1)) == 1
    now.at += 30
    assert spent(limiter, agent(1)) == 30
    now.at += 3_600
    assert spent(limiter, agent(1)) == 60


def test_busy_says_when_the_next_one_may_come_and_it_may() -> None:
    now = Passing()
    limiter = Limiter(Bounds(minute=2), now)
    assert spent(limiter, agent(1)) == 2
    with pytest.raises(Busy) as busy:
        limiter.count(agent(1))
    assert busy.value.retry_after == timedelta(seconds=31)
    now.at += 31
    limiter.count(agent(1))


def test_one_partys_minute_is_no_others_but_a_persons_agents_share_twice_as_much() -> None:
    limiter = Limiter(Bounds(minute=10), Passing())
    assert spent(limiter, agent(1, of="ana")) == 10
    assert spent(limiter, agent(2, of="ana")) == 10
    assert spent(limiter, agent(3, of="ana")) == 0
    assert spent(limiter, agent(4, of="bob")) == 10
    assert spent(limiter, agent(5)) == 10


def test_what_was_refused_is_not_counted() -> None:
    now = Passing()
    limiter = Limiter(Bounds(minute=10), now)
    assert [spent(limiter, agent(1)) for _ in range(100)] == [10] + [0] * 99
    now.at += 6
    assert spent(limiter, agent(1)) == 1


def test_no_more_parties_are_known_than_fit() -> None:
    limiter = Limiter(Bounds(minute=1), Passing())
    for number in range(3 * KEPT):
        limiter.count(agent(number))
    assert [len(pace._due) for pace in limiter._paces] == [KEPT, KEPT]
