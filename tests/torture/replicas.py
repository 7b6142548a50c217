"""One process of a crowd: a gateway with its agent, people with their screen, or both where a record has one writer."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final, final

import asyncpg

from core.connectors.postgres import PostgresConnector
from core.errors import GatewayError
from core.execution.asking.patience import Most
from core.execution.courses import Courses
from core.execution.recovery import sweep
from core.execution.turns import Announced
from core.model import CallId, Dialect, Source, State, Tool
from core.policy.force import enact
from core.policy.judge import InForce
from core.ports import Clock, Journal
from core.reviews import hindsight, votes
from slackbot import redraw
from slackbot.home import reminders
from slackbot.home.reminders import Reminders
from slackbot.redraw import Screen
from tests.integration.connecting import READER, WRITER, Now, as_role
from tests.line import Parts, furnish
from tests.torture.doomed import Doom, Doomed, DoomedTickets, Part
from tests.torture.life import Agent, Process, Tell, hurry
from tests.torture.people import TICK, People
from tests.torture.places import Opened, Place
from tests.torture.plans import ALPHABET, Asked
from tests.torture.screens import CHANNEL, EMERGENCIES, TOLD, Awake, Wall, named
from tests.torture.terms import CAPS, terms

KINDS: Final = ("asked", "held", "allowed", "granted", "granted", "granted", "broken", "late")
ENDLESS: Final = Most(waiting=10**6, hourly=10**6, denials=10**6)
HELD: Final = timedelta(milliseconds=50)  # how long a request waits for people
BOUND: Final = 240.0
DRAWS: Final = timedelta(seconds=8)  # how long who died drawing keeps a card's turn here
OVERDUE: Final = timedelta(seconds=2)  # after which nobody's look at an answer given alone is an alert
FILL: Final = "INSERT INTO granted (what) SELECT $1 FROM generate_series(1, $2::int)"


@final
@dataclass
class Gate:
    """A gateway of a crowd, and the agent that asks it."""

    agent: Agent
    owner: asyncpg.Pool  # of the database that Calls change
    dice: Random
    asked: list[Asked] = field(default_factory=list)

    async def asks(self) -> None:
        """Ask, and look at what was asked before, for ever; what fails for a moment is asked no more."""
        while True:
            asked = Asked(CallId("call_" + "".join(self.dice.choices(ALPHABET, k=26))), self.dice.choice(KINDS))
            self.agent.tell(f"asked {asked.id} {asked.kind}")
            self.asked.append(asked)
            if asked.kind == "granted":  # now and then more rows than a use of a grant holds
                await self.owner.execute(FILL, asked.id, self.dice.randint(1, CAPS.rows + 1))
            self.agent.told(asked.id, await self.agent.answer(asked))
            await self.collects(self.dice.choice(self.asked).id)
            await asyncio.sleep(TICK)

    async def collects(self, call: CallId) -> None:
        """Ask once how a Call stands; under `hold` that begins it."""
        with contextlib.suppress(GatewayError):
            self.agent.told(call, await self.agent.parts.gateway.state(self.agent.call(Tool.COLLECT), call))

    async def finishes(self) -> None:
        """Collect until no Call is open but those that people may still decide."""
        while left := await self._left():
            for call in left:
                await self.collects(call)
            await asyncio.sleep(TICK)

    async def _left(self) -> list[CallId]:
        now = Now().now()
        open_ = {
            call: await self.agent.store.reviews.review(call) for call in await self.agent.store.journal.open_calls()
        }
        return [
            call
            for call, row in open_.items()
            if row is None or row.state is not State.PENDING or row.expires_at <= now
        ]


@final
@dataclass
class Crowded:
    """What a process of a crowd does."""

    part: Part
    parts: Parts
    gate: Gate | None
    people: People | None
    reminders: Reminders

    def lasts(self) -> Iterator[Callable[[], Coroutine[Any, Any, None]]]:
        """What the last of a side brings to its end, in order."""
        if self.people:
            yield self.people.decided
        if self.gate:
            yield from (self.gate.finishes, self.parts.sweeper.drain)
        if self.people:
            yield self.parts.hindsights.look
            yield self.people.draws

    async def run(self) -> None:
        """Be what this process is, until it is killed; the last ones come to an end."""
        sweeping = [self.parts.sweeper.serve()] if self.gate else []
        if self.part.last:
            serving = [asyncio.create_task(one) for one in sweeping]
            async with asyncio.timeout(BOUND):
                for act in self.lasts():
                    await act()
            for task in serving:
                task.cancel()
            return
        work = [*sweeping, self.gate.asks(), self.gate.asks(), self.gate.asks()] if self.gate else []
        if self.people:
            work += [self.people.decides(), self.people.screen.run(), self.reminders.run()]
            work += [self.parts.hindsights.serve()]
        await asyncio.gather(*work)


def hurried(*, shared: bool) -> None:
    """Let all that waits for a time come soon: nobody tells other processes here."""
    sweep.PERIOD, redraw.TURN = 0.2, DRAWS  # type: ignore[misc]
    hindsight.PERIOD, votes.CLOSE, reminders.REST_SECONDS = 0.2, OVERDUE, 0.2  # type: ignore[misc]
    reminders.message = named
    if shared:
        hurry()


async def live(place: Place, url: str, wall: Path, part: Part, tell: Tell) -> None:
    """Run one process of a crowd."""
    hurried(shared=place.shared)
    played = place.played(gateway=part.gateway, people=part.people)
    async with AsyncExitStack() as stack:
        connector = await stack.enter_async_context(connected(url, open_=part.gateway))
        store = await stack.enter_async_context(played.open(Now()))
        process = Process(judge=InForce(enact(terms()), Now(), macs=store.macs), courses=Courses(HELD))
        doom, dice = Doom(part.point, part.hit), Random(part.seed)  # noqa: S311
        journal, tickets = Announced(Doomed(store.journal, doom), process.turns), DoomedTickets(store.tickets, doom)
        boot = None if place.shared else store.boot
        parts = furnish(store, journal, connector, process, clock=Now(), boot=boot, most=ENDLESS)
        chat = Wall(wall, doom)
        screen = screening(parts, store, journal, tickets, chat)
        people = People(parts=parts, store=store, screen=screen, tell=tell, dice=dice) if part.people else None
        gate = None
        if part.gateway:
            owner = await stack.enter_async_context(asyncpg.create_pool(url, min_size=1, max_size=2))
            gate = Gate(Agent(parts, store, tell), owner, dice)
        tell("ready")
        await Crowded(part, parts, gate, people, reminding(parts, tickets, chat, Now())).run()


def screening(parts: Parts, store: Opened, journal: Journal, tickets: DoomedTickets, wall: Wall) -> Screen:
    """Draw as the bot does."""
    chat: Any = wall
    return Screen(
        web=chat,
        audience=chat,
        desk=parts.desk,
        cards=store.reviews,
        journal=journal,
        turns=tickets,
        clock=Now(),
        emergencies=EMERGENCIES,
        channel=CHANNEL,
        now=time.monotonic,
        tally=Counter(),
    )


def reminding(parts: Parts, tickets: DoomedTickets, wall: Wall, clock: Clock) -> Reminders:
    """Remind as the bot does."""
    people: Any = Awake()
    return Reminders(
        web=wall,
        people=people,
        desk=parts.desk,
        tickets=tickets,
        clock=clock,
        team="T",
        users=everybody,
        tally=Counter(),
    )


async def everybody(team: str) -> frozenset[str]:
    """Give the accounts that are somebody's."""
    del team
    return frozenset(TOLD)


@asynccontextmanager
async def connected(url: str, *, open_: bool) -> AsyncIterator[PostgresConnector]:
    """Give the Source; people's processes have none that is open."""
    connector = PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags={}, enforced=True),
        read_url=as_role(url, READER),
        write_url=as_role(url, WRITER),
        masks={},
        clock=Now(),
    )
    if not open_:
        yield connector
        return
    await connector.open()
    try:
        yield connector
    finally:
        await connector.close()
