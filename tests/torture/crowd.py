"""Two gateways and two people's sides over one record, one of them killed every half second; people race the kills."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final, final

from core.model import CallId, State
from tests.integration.connecting import Now
from tests.torture import wrong
from tests.torture.harness import Child, Work
from tests.torture.judge import look
from tests.torture.places import Opened, Place
from tests.torture.plans import Asked, End, Life, Trial
from tests.torture.replicas import POINTS, Part, live

KILLED: Final = "at a random moment"
PAUSE: Final = (0.35, 0.7)  # seconds between two kills
WAKES: Final = 120.0  # seconds within which a process must have begun
ENDS: Final = 300.0  # seconds within which the last ones must have ended
PAIRS: Final = 2  # replicas of each side


@final
@dataclass
class Crowd:
    """Processes that come and go over one record."""

    place: Place
    url: str
    wall: Path
    dice: Random
    design: str = ""
    told: list[str] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    alive: list[tuple[Child, Part]] = field(default_factory=list)

    def sides(self) -> list[tuple[bool, bool]]:
        """Which processes there are: (gateway, people); a record with one writer has one that is both."""
        return [(True, False), (False, True)] * PAIRS if self.place.shared else [(True, True)]

    def bear(self, *, gateway: bool, people: bool, last: bool = False) -> Child:
        """Let a process come; half of them die at a point of their own, if they come to it before they are killed."""
        point = self.dice.choice(POINTS) if not last and self.dice.random() < 0.5 else ""
        seed = self.dice.randrange(2**63)
        part = Part(gateway=gateway, people=people, seed=seed, point=point, hit=self.dice.choice((1, 2, 5)), last=last)
        child = Child(work(self.place, self.url, self.wall, part, self.design))
        self.alive.append((child, part))
        if not child.wait(until="ready", seconds=WAKES) and not point:
            self.found.append(f"a process did not begin: {child.told}")
        return child

    def reap(self, child: Child, part: Part, *, killed: bool) -> None:
        """Take what a process told, and where it ended."""
        child.wait(seconds=0.2)
        code = child.reap()
        self.told += child.told
        self.found += [line for line in child.told if line.startswith("broke ")]
        self.alive.remove((child, part))
        if code < 0:
            self.ended[KILLED if killed else part.point] += 1

    def gone(self) -> list[tuple[Child, Part]]:
        """Which have ended by themselves."""
        return [
            (child, part)
            for child, part in self.alive
            if os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        ]

    def replace(self) -> None:
        """Kill one, unless some have died already, and let others take their places."""
        dead = self.gone()
        if not dead:
            child, part = self.dice.choice(self.alive)
            child.drain()
            child.kill()
            self.reap(child, part, killed=True)
            dead = [(child, part)]
        else:
            for child, part in dead:
                self.reap(child, part, killed=False)
        for _, part in dead:
            self.bear(gateway=part.gateway, people=part.people)

    def run(self, kills: int, seconds: float) -> None:
        """Kill so often, or so long, and let the last ones come to an end."""
        over = time.monotonic() + seconds
        for gateway, people in self.sides():
            self.bear(gateway=gateway, people=people)
        while self.ended.total() < kills and time.monotonic() < over:
            end = time.monotonic() + self.dice.uniform(*PAUSE)
            while time.monotonic() < end:
                for child, _ in self.alive:
                    child.drain()
                time.sleep(0.02)
            self.replace()
        for child, part in tuple(self.alive):
            child.kill()
            self.reap(child, part, killed=True)
        lasts = ((False, True), (True, False), (False, True)) if self.place.shared else ((True, True),) * 2
        for gateway, people in lasts:
            self.end(gateway=gateway, people=people)

    def end(self, *, gateway: bool, people: bool) -> None:
        """Let one of the last come to its end."""
        child = self.bear(gateway=gateway, people=people, last=True)
        if not child.wait(seconds=ENDS):
            self.found.append("the last ones did not come to an end")
            child.kill()
        self.reap(child, self.alive[-1][1], killed=False)

    def judged(self) -> list[str]:
        """Hold the record against the database, the answers and the screen."""
        child = Child(judging(self.place, self.url, self.wall, self.told))
        if not child.wait(seconds=ENDS) or child.reap():
            return [*self.found, "the judge broke off", *child.told]
        return self.found + [line.removeprefix("found ") for line in child.told]


def work(place: Place, url: str, wall: Path, part: Part, design: str) -> Work:
    """Return one process's work."""

    def begin(tell: Callable[[str], None]) -> None:
        if design:
            wrong.TELL[0] = tell
            wrong.CROWDED[design]()
        asyncio.run(live(place, url, wall, part, tell))

    return begin


def judging(place: Place, url: str, wall: Path, told: list[str]) -> Work:
    """Return the judgement as a child's work."""
    calls = tuple(Asked(CallId(call), kind) for call, kind in words(told, "asked"))
    trial = Trial(seed=0, lives=(Life(calls=calls, end=End()),))

    async def judge(tell: Callable[[str], None]) -> None:
        async with place.open(Now()) as store:
            found = await look(store, url, trial, [line for line in told if line.startswith("answered ")])
            found += await revoked(store, told)
            drawn = dict(screen(wall))
            for call in calls:
                found += await shown(store, call, drawn)
        for what in found:
            tell(f"found {what}")

    return lambda tell: asyncio.run(judge(tell))


async def revoked(store: Opened, told: list[str]) -> list[str]:
    """Say what was told to be taken back and was not."""
    found = []
    for call, _ in words(told, "revoked"):
        row = await store.reviews.review(CallId(call))
        if row is None or row.state is not State.REVOKED:
            found.append(f"{call} was told to be revoked: {row and row.state.value}")
    return found


async def shown(store: Opened, call: Asked, drawn: Mapping[str, str]) -> list[str]:
    """Say what a Call's card does not show."""
    row = await store.reviews.review(call.id)
    cards = [] if row is None else await store.reviews.cards(row.id)
    found = [f"{call.id} has {len(cards)} cards"] if len(cards) > 1 else []
    for card in cards:
        stands = row is not None and row.version == card.shown == int(drawn[card.ts])
        found += (
            [] if stands else [f"{call.id} is at {row and row.version}, its card at {card}, drawn {drawn[card.ts]}"]
        )
    return found


def words(told: list[str], first: str) -> Iterator[tuple[str, str]]:
    """Give the Calls of which something was told, and what stands behind."""
    for line in told:
        said, _, rest = line.partition(" ")
        if said == first:
            call, _, kind = rest.partition(" ")
            yield call, kind


def screen(wall: Path) -> Iterator[tuple[str, str]]:
    """Give what was drawn last on each card."""
    for line in wall.read_text().splitlines() if wall.exists() else ():
        said = json.loads(line)
        yield said["ts"], said["version"]
