"""Whatever Calls do, in whatever order, whoever dies and however clocks jump: no more is used than a budget holds."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import StoreError
from core.model import Answered, Measure, Per, Period, Waiting
from core.policy.force import enact
from core.policy.rules import Budget, Terms
from tests.doubles import ManualClock, MemoryStore
from tests.line import RULES, FakeSource, Hook, Line
from tests.policies import policy

CAP = 30
BUDGETS = tuple(
    Budget(name=f"rows of one {period}", per=per, period=period, amounts={Measure.ROWS: CAP})
    for per, period in ((Per.CALLER, Period.HOUR), (Per.SOURCE, Period.DAY))
)
ACTS = st.lists(
    st.sampled_from(("read", "write", "many", "asked", "dies", "dies late", "sweep", "later", "earlier")), max_size=10
)


class World:
    """Two replicas over one store, and what really came out or changed, by the hour of the store's clock."""

    def __init__(self, affected: int) -> None:
        self.clock = ManualClock()
        self.store = MemoryStore(self.clock)
        self.affected = affected
        self.latest = self.clock.now()
        self.did: Counter[str] = Counter()
        self.lines = [self.line(), self.line()]

    def line(self) -> Line:
        room = Line(self.store, FakeSource(affected=self.affected), alone=False)
        room.anna = replace(room.anna, expires_at=self.clock.now() + timedelta(days=9))
        room.tokens.callers["anna"] = room.anna
        room.judge.replace(enact(Terms(rules=RULES, groups=policy().groups, budgets=BUDGETS)))
        room.source.hook = self.watching(room)
        return room

    def watching(self, room: Line, dies: str = "") -> Hook:
        async def hook(step: str) -> None:
            if step == dies:
                room.mortal.dead = room.source.dead = True
            if step == "committed" and not room.source.dead:
                self.count(self.affected)

        return hook

    def count(self, rows: int) -> None:
        self.latest = max(self.latest, self.clock.now())
        self.did[f"{self.latest:%Y-%m-%dT%H}"] += rows
        self.did[f"{self.latest:%Y-%m-%d}"] += rows

    async def act(self, what: str) -> None:
        first, second = self.lines
        match what:
            case "read":
                self.count(int(isinstance(await first.ask("select 1"), Answered)))
            case "write":
                await second.ask("insert 1")
            case "many":
                await asyncio.gather(*(room.ask(f"insert {number}") for number, room in enumerate(self.lines * 2)))
            case "asked":
                await self.asked(first, second)
            case "dies" | "dies late":
                await self.dies("run" if what == "dies" else "committed")
            case "sweep":
                await first.sweep()
            case _:
                self.clock.advance(timedelta(minutes=50) if what == "later" else -timedelta(minutes=70))

    async def asked(self, room: Line, other: Line) -> None:
        """Have a change approved at one replica and begun by another."""
        waiting = await room.ask("update 1")
        if isinstance(waiting, Waiting) and waiting.review is not None:
            await room.vote(waiting.review)
            await other.sweep()

    async def dies(self, at: str) -> None:
        """End a replica in the middle of a change; another one takes its place."""
        room = self.lines[1]
        room.source.hook = self.watching(room, at)
        with suppress(StoreError):
            await room.ask("insert 1")
        await room.kill()
        self.lines[1] = self.line()

    def judge(self) -> None:
        tables = self.store.journal.tables
        assert all(0 <= spent <= CAP for spent in tables.budgets.values())
        assert all(rows <= CAP for rows in self.did.values())


@settings(max_examples=40, deadline=None)
@given(acts=ACTS, affected=st.integers(0, 10))
def test_no_more_is_used_than_a_budget_holds(acts: list[str], affected: int) -> None:
    async def run() -> None:
        world = World(affected)
        for what in acts:
            await world.act(what)
            world.judge()

    asyncio.run(run())
