"""One process of a crowd: a gateway with its agent, people with their screen, or both where a record has one writer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final, final

from core.connectors.postgres import PostgresConnector
from core.errors import GatewayError
from core.execution import sweep
from core.execution.courses import Courses
from core.execution.patience import Most
from core.execution.turns import Announced
from core.model import CallId, Decision, Dialect, Identity, Person, Review, Seat, Source, State, Tool
from core.policy.force import enact
from core.policy.judge import InForce
from core.policy.rules import Terms
from core.ports import Ballot, Committed, Journal, Said, Sealed, Unit
from slackbot import redraw
from slackbot.cards import Message
from slackbot.redraw import Screen
from tests.integration.connecting import READER, WRITER, Now, as_role
from tests.line import Parts, furnish
from tests.torture.life import ASKING, Agent, Process, Tell, hurry
from tests.torture.places import Opened, Place
from tests.torture.plans import ALPHABET, Asked

VOTERS: Final = tuple(
    Identity(person=Person(directory="acme", id=name), name=name, email=f"{name}@acme.example", via="slack:T:U")
    for name in ("d", "e", "f")
)
GROUPS: Final = {"dba": frozenset(who.email or "" for who in VOTERS)}
# Where a process ends itself: before or after the store took a unit that holds this.
UNITS: Final = (
    "call.intent",
    "review.vote",
    "review.decided",
    "review.claimed",
    "review.revoked",
    "call.prepared",
    "call.outcome",
    "PostCard",
    "WantStop",
)
POINTS: Final = tuple(f"{when} {unit}" for unit in UNITS for when in ("before", "after"))
KINDS: Final = ("asked", "asked", "held", "allowed")
ENDLESS: Final = Most(waiting=10**6, hourly=10**6, denials=10**6)
RULES: Final = tuple(
    replace(one, effects=replace(one.effects, reviewers=frozenset({Seat(group="dba", count=2)})))
    if one.effects.reviewers
    else one
    for one in ASKING
)
TAKEN_BACK: Final = 0.1
DENIED: Final = 0.05
HELD: Final = timedelta(milliseconds=50)  # how long a request waits for people
BOUND: Final = 240.0
DRAWS: Final = timedelta(seconds=8)  # how long who died drawing keeps a card's turn here
TICK: Final = 0.02


@final
@dataclass(frozen=True)
class Part:
    """What one process is."""

    gateway: bool
    people: bool
    seed: int
    point: str = ""
    hit: int = 1
    last: bool = False  # it takes no new Call and ends when all has come to its end


@final
class Doomed:
    """A Journal that ends its process before or after the n-th unit that holds something."""

    def __init__(self, journal: Journal, part: Part) -> None:
        self._journal = journal
        self._part = part
        self._hits: Counter[str] = Counter()

    def _here(self, when: str, unit: Unit) -> None:
        held = {entry.kind.value for entry in unit.entries} | {type(change).__name__ for change in unit.changes}
        for point in (f"{when} {one}" for one in held):
            self._hits[point] += 1
            if point == self._part.point and self._hits[point] == self._part.hit:
                os.kill(os.getpid(), signal.SIGKILL)

    async def commit(self, unit: Unit) -> Committed:
        self._here("before", unit)
        committed = await self._journal.commit(unit)
        self._here("after", unit)
        return committed

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        return await self._journal.entries(scope)

    async def open_calls(self) -> tuple[CallId, ...]:
        return await self._journal.open_calls()

    async def indeterminate(self) -> tuple[CallId, ...]:
        return await self._journal.indeterminate()


@final
@dataclass
class Wall:
    """A chat that every process writes to: each post and redraw one line of a file, in the order they came."""

    path: Path
    number: int = 0

    def _draw(self, ts: str, message: Message) -> None:
        line = json.dumps({"ts": ts, "version": str(message.blocks[0]["block_id"]).partition(".")[2]}) + "\n"
        with self.path.open("a") as file:  # O_APPEND: whole lines
            file.write(line)

    async def post(self, channel: str, message: Message) -> tuple[str, str]:
        self.number += 1
        ts = f"{os.getpid()}.{self.number}"
        await asyncio.sleep(0)
        self._draw(ts, message)
        return channel, ts

    async def update(self, channel: str, ts: str, message: Message) -> None:
        del channel
        await asyncio.sleep(0)
        self._draw(ts, message)

    async def ours(self, channel: str) -> None:
        del channel


@final
@dataclass
class Crowded:
    """What a process of a crowd works with."""

    part: Part
    parts: Parts
    store: Opened
    screen: Screen
    tell: Tell
    dice: Random
    asked: list[Asked] = field(default_factory=list)

    @property
    def agent(self) -> Agent:
        return Agent(self.parts, self.store, self.tell)

    # ------------------------------------------------------------ an agent

    async def asks(self) -> None:
        """Ask, and look at what was asked before, for ever; what fails for a moment is asked no more."""
        while True:
            asked = Asked(CallId("call_" + "".join(self.dice.choices(ALPHABET, k=26))), self.dice.choice(KINDS))
            self.tell(f"asked {asked.id} {asked.kind}")
            self.asked.append(asked)
            self.agent.told(asked.id, await self.agent.answer(asked))
            await self.collects(self.dice.choice(self.asked).id)
            await asyncio.sleep(TICK)

    async def collects(self, call: CallId) -> None:
        """Ask once how a Call stands; under `hold` that begins it."""
        with contextlib.suppress(GatewayError):
            self.agent.told(call, await self.parts.gateway.state(self.agent.call(Tool.COLLECT), call))

    async def finishes(self) -> None:
        """Collect until no Call is open but those that wait for people."""
        while left := await self.agent.left():
            for call in left:
                await self.collects(call)
            await asyncio.sleep(TICK)

    # ------------------------------------------------------------ people

    async def decides(self) -> None:
        """Vote on what waits, two at a time, and take some of it back, for ever."""
        while True:
            with contextlib.suppress(GatewayError):
                for row in await self.store.reviews.in_state(State.PENDING):
                    await asyncio.gather(*(self.votes(row, who) for who in self.dice.sample(VOTERS, 2)))
                for row in await self.store.reviews.in_state(State.APPROVED, State.EXECUTING):
                    if self.dice.random() < TAKEN_BACK:
                        await self.revokes(row)
            await asyncio.sleep(TICK)

    async def votes(self, row: Review, who: Identity) -> None:
        decision = Decision.DENY if self.dice.random() < DENIED else Decision.APPROVE
        reason = "no" if decision is Decision.DENY else None
        with contextlib.suppress(GatewayError):
            await self.parts.desk.vote(who, Ballot(review=row.id, digest=row.digest, decision=decision, reason=reason))

    async def revokes(self, row: Review) -> None:
        with contextlib.suppress(GatewayError):
            said = await self.parts.brakes.revoke(self.dice.choice(VOTERS), row.id, row.digest)
            if said is Said.REVOKED:
                self.tell(f"revoked {row.call}")

    async def draws(self) -> None:
        """Draw until nothing is behind."""
        while await self.store.reviews.stale():
            await self.screen.round()
            await asyncio.sleep(TICK)

    async def decided(self) -> None:
        """Decide all that waits."""
        while waiting := await self.store.reviews.in_state(State.PENDING):
            for row in waiting:
                for who in VOTERS:
                    await self.votes(row, who)

    # ------------------------------------------------------------ a process

    def lasts(self) -> Iterator[Callable[[], Coroutine[Any, Any, None]]]:
        """What the last of a side brings to its end, in order."""
        if self.part.people:
            yield self.decided
        if self.part.gateway:
            yield from (self.finishes, self.parts.sweeper.drain)
        if self.part.people:
            yield self.draws

    async def run(self) -> None:
        """Be what this process is, until it is killed; the last ones come to an end."""
        sweeping = [self.parts.sweeper.serve()] if self.part.gateway else []
        if self.part.last:
            serving = [asyncio.create_task(one) for one in sweeping]
            async with asyncio.timeout(BOUND):
                for act in self.lasts():
                    await act()
            for task in serving:
                task.cancel()
            return
        work = [*sweeping, self.asks(), self.asks()] if self.part.gateway else []
        work += [self.decides(), self.screen.run()] if self.part.people else []
        await asyncio.gather(*work)


async def live(place: Place, url: str, wall: Path, part: Part, tell: Tell) -> None:
    """Run one process of a crowd."""
    sweep.PERIOD, redraw.TURN = 0.2, DRAWS  # type: ignore[misc]  # nobody tells other processes here
    if place.shared:
        hurry()
    process = Process(judge=InForce(enact(Terms(rules=RULES, groups=GROUPS)), Now()), courses=Courses(HELD))
    played = place.played(gateway=part.gateway, people=part.people)
    async with connected(url, open_=part.gateway) as connector, played.open(Now()) as store:
        journal = Announced(Doomed(store.journal, part), process.turns)
        boot = None if place.shared else store.boot
        parts = furnish(store, journal, connector, process, clock=Now(), boot=boot, most=ENDLESS)
        chat: Any = Wall(wall)
        screen = Screen(
            web=chat,
            audience=chat,
            desk=parts.desk,
            cards=store.reviews,
            journal=journal,
            turns=store.tickets,
            clock=Now(),
            emergencies="",
            channel="C0",
            now=time.monotonic,
            tally=Counter(),
        )
        tell("ready")
        await Crowded(part, parts, store, screen, tell, Random(part.seed)).run()  # noqa: S311


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
