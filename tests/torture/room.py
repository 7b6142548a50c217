"""Replicas over one record in one process, whose units and redraws a trial may hold back, and its agent and people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, final

import asyncpg

from core.connectors.postgres import PostgresConnector
from core.execution.courses import Courses
from core.execution.turns import Announced
from core.model import CallId, Caps, Decision, GrantId, Identity, Review, Waiting
from core.policy.force import enact
from core.policy.judge import InForce
from core.ports import Ballot, Clock, Committed, Journal, Said, Unit
from slackbot.home.reminders import Reminders
from slackbot.redraw import Screen
from tests.integration.connecting import Now
from tests.journals import Through
from tests.line import Parts, furnish
from tests.torture.doomed import Doom, Doomed, DoomedTickets
from tests.torture.life import Agent, Process, Tell, new_call
from tests.torture.people import TICK
from tests.torture.places import Opened, Place
from tests.torture.plans import Asked
from tests.torture.replicas import ENDLESS, FILL, HELD, connected, hurried, reminding, screening
from tests.torture.screens import Wall
from tests.torture.terms import CAPS, VOTERS, terms

LATE: Final = timedelta(minutes=3)  # how long a question waits that only others than its group may answer in the end
AHEAD: Final = LATE * 5 / 6  # past the time from which they may
Meet = Callable[[], Awaitable[object]]


@final
class Held(Through):
    """A Journal that keeps a unit back that holds something, until it may go on."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.meets: dict[str, Meet] = {}

    async def commit(self, unit: Unit) -> Committed:
        held = {entry.kind.value for entry in unit.entries} | {type(change).__name__ for change in unit.changes}
        for one in held & self.meets.keys():
            await self.meets.pop(one)()  # once
        return await self._journal.commit(unit)


@final
class Stand:
    """Somebody stands still here until told to go on."""

    def __init__(self) -> None:
        self.reached, self.go = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> None:
        self.reached.set()
        await self.go.wait()


@final
@dataclass(frozen=True)
class Ahead:
    """A clock that goes before the store's."""

    by: timedelta = timedelta()

    def now(self) -> datetime:
        return Now().now() + self.by


@final
@dataclass
class Replica:
    """One of several processes, as far as the record can tell."""

    journal: Held
    screen: Screen
    wall: Wall
    reminders: Reminders
    agent: Agent
    courses: Courses

    @property
    def parts(self) -> Parts:
        return self.agent.parts


@final
@dataclass
class Room:
    """Two replicas, and who works with them."""

    store: Opened
    doom: Doom
    tell: Tell
    owner: asyncpg.Pool  # of the database that Calls change
    one: Replica
    other: Replica
    late: Replica  # whose clock is ahead of the store's

    async def ask(self, kind: str, of: Replica, *, rows: int = 1) -> CallId:
        """Ask for something new, and say what was answered."""
        asked = Asked(new_call(), kind)
        self.tell(f"asked {asked.id} {kind}")
        if kind == "granted":
            await self.owner.execute(FILL, asked.id, rows)
        answer = await of.agent.answer(asked)
        await of.courses.drain()  # a busy machine answers before it has asked
        of.agent.told(asked.id, await of.agent.finish(asked.id) if isinstance(answer, Waiting) else answer)
        return asked.id

    async def row(self, call: CallId) -> Review:
        """Find the Review of a Call."""
        row = await self.store.reviews.review(call)
        if row is None:
            raise LookupError(f"{call} was not asked about")
        return row

    async def votes(self, row: Review, who: Identity, *, caps: Caps | None = None, of: Replica | None = None) -> Said:
        """Approve, and maybe give a grant."""
        ballot = Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE, grant=caps)
        return await (of or self.one).parts.desk.vote(who, ballot)

    async def denies(self, row: Review, who: Identity) -> Said:
        """Deny: a Review's last move, after which nothing draws its card anew."""
        ballot = Ballot(review=row.id, digest=row.digest, decision=Decision.DENY, reason="no")
        return await self.one.parts.desk.vote(who, ballot)

    async def ungranted(self) -> None:
        """End every grant that an earlier trial left."""
        for one in await self.store.grants.standing(Now().now()):
            await self.one.parts.grantors.end(VOTERS[2], one.id)

    async def given(self, caps: Caps = CAPS) -> GrantId:
        """Have a grant given, the only one, and what it was given with run."""
        await self.ungranted()
        call = await self.ask("granted", self.one)
        row = await self.row(call)
        for who in VOTERS[:2]:
            await self.votes(row, who, caps=caps)
        await self.finishes()
        (grant,) = await self.store.grants.standing(Now().now())
        return grant.id

    async def finishes(self) -> None:
        """Sweep until no Call is open but those that wait for people."""
        while await self.one.agent.left():
            await self.one.parts.sweeper.sweep()
            await asyncio.sleep(TICK)

    async def draws(self) -> None:
        """Draw until nothing is behind."""
        while await self.store.reviews.stale():
            await self.one.screen.round()


@asynccontextmanager
async def room(place: Place, url: str, wall: Path, tell: Tell) -> AsyncIterator[Room]:
    """Open the record twice where it may be, and the database."""
    hurried(shared=place.shared)
    doom = Doom()
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(asyncpg.create_pool(url, min_size=1, max_size=2))
        connector = await stack.enter_async_context(connected(url, open_=True))
        first = await stack.enter_async_context(place.open(Now()))
        second = await stack.enter_async_context(place.open(Now())) if place.shared else first
        boot = None if place.shared else first.boot
        clocks = (Ahead(), Ahead(), Ahead(AHEAD))
        stores = (first, second, second)
        made = [
            replica(store, connector, wall, clock=clock, doom=doom, boot=boot, tell=tell)
            for store, clock in zip(stores, clocks, strict=True)
        ]
        yield Room(first, doom, tell, owner, *made)


def replica(
    store: Opened, connector: PostgresConnector, wall: Path, *, clock: Clock, doom: Doom, boot: str | None, tell: Tell
) -> Replica:
    """Put one together."""
    process = Process(judge=InForce(enact(terms(LATE)), clock, macs=store.macs), courses=Courses(HELD))
    held = Held(Doomed(store.journal, doom))
    journal, tickets, drawn = Announced(held, process.turns), DoomedTickets(store.tickets, doom), Wall(wall, doom)
    parts = furnish(store, journal, connector, process, clock=clock, boot=boot, most=ENDLESS)
    return Replica(
        journal=held,
        screen=screening(parts, store, journal, tickets, drawn),
        wall=drawn,
        reminders=reminding(parts, tickets, drawn, clock),
        agent=Agent(parts, store, tell),
        courses=process.courses,
    )
