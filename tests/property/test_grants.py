"""Whatever is asked, given, ended, blocked or expired in whatever order: no more runs than was granted."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeAlias

from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from core.model import Answered, Caps, GrantId, State, Waiting
from tests.granted import CAPS, choose, room, shape
from tests.line import DORA, Line

SHAPES = ("x", "y")
Act: TypeAlias = Callable[["World"], Coroutine[Any, Any, None]]


class World:
    """A line, and what of it ran under which grant."""

    def __init__(self) -> None:
        self.line: Line = room()
        self.number = 0
        self.under: dict[GrantId, list[tuple[str, int]]] = {}

    async def ask(self, kind: str, rows: int) -> None:
        """Ask for something new; what runs at once ran under a grant, and counts."""
        one, self.number = self.line, self.number + 1
        one.source.affected = rows
        text, before = f"update {kind} {self.number}", len(one.source.committed)
        dead = {grant.id for grant in one.store.journal.tables.grants.values() if not grant.live(one.clock.now())}
        answer = await one.ask(text)
        if isinstance(answer, Answered):
            assert one.source.committed[before:] == [text]
            grant, counted = one.store.journal.tables.granted[answer.call]
            assert grant not in dead
            assert counted == rows
            self.under.setdefault(grant, []).append((text, rows))
        else:
            assert one.source.committed[before:] == []

    async def give(self, kind: str, caps: Caps) -> None:
        """Have a question of a shape approved with a grant, if people are asked."""
        one, self.number = self.line, self.number + 1
        one.source.affected = 1
        answer = await one.ask(f"update {kind} {self.number}")
        if isinstance(answer, Answered):
            self.under.setdefault(one.store.journal.tables.granted[answer.call][0], []).append(("", 1))
        elif isinstance(answer, Waiting) and answer.review is not None and answer.state is State.PENDING:
            row = await one.store.reviews.review(answer.review)
            assert row is not None
            await choose(one, row, caps)
            await one.sweep()

    async def end(self) -> None:
        for grant in await self.line.store.grants.standing(self.line.clock.now()):
            await self.line.grantors.end(DORA, grant.id)

    async def wait(self, minutes: int) -> None:
        self.line.clock.advance(timedelta(minutes=minutes))
        await self.line.sweep()

    def check(self) -> None:
        tables = self.line.store.journal.tables
        for name, ran in self.under.items():
            grant = tables.grants[name]
            assert len(ran) <= grant.caps.uses <= CAPS.uses
            assert sum(rows for _, rows in ran) <= grant.caps.total <= CAPS.total
            assert max(rows for _, rows in ran) <= grant.caps.rows <= CAPS.rows
            assert len({shape(text).shape for text, _ in ran if text}) <= 1
        used = Counter(of for of, _ in tables.granted.values())
        assert all(used[name] == grant.uses for name, grant in tables.grants.items())
        assert self.line.faults() == []


def acts() -> st.SearchStrategy[Act]:
    kinds = st.sampled_from(SHAPES)
    caps = st.builds(
        Caps,
        uses=st.integers(0, 4),
        rows=st.integers(0, 6),
        total=st.integers(0, 9),
        time=st.sampled_from([timedelta(minutes=5), CAPS.time, timedelta(hours=1)]),
    )
    return st.one_of(
        st.builds(lambda kind, rows: lambda world: world.ask(kind, rows), kinds, st.integers(0, 6)),
        st.builds(lambda kind, rows: lambda world: world.ask(kind, rows), kinds, st.integers(1, 3)),
        st.builds(lambda kind, one: lambda world: world.give(kind, one), kinds, caps),
        st.builds(lambda kind: lambda world: world.give(kind, CAPS), kinds),
        st.just(lambda world: world.end()),
        st.builds(lambda minutes: lambda world: world.wait(minutes), st.sampled_from([1, 6, 20])),
    )


@settings(max_examples=40, deadline=None)
@drawn(st.lists(acts(), min_size=3, max_size=14))
def test_no_order_of_acts_lets_more_run_than_was_granted(done: list[Act]) -> None:
    async def lived() -> None:
        world = World()
        for act in done:
            await act(world)
            world.check()

    asyncio.run(lived())
