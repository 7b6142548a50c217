"""Two gateways and two people's sides over one record, one of them killed every half second; people race the kills."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from random import Random
from typing import Final, final

from core.model import CallId
from tests.integration.connecting import Now
from tests.torture import wrong
from tests.torture.doomed import POINTS, Part
from tests.torture.harness import Child, Work
from tests.torture.judge import look
from tests.torture.judge_grants import grants
from tests.torture.judge_people import people, shown
from tests.torture.places import Opened, Place, log
from tests.torture.plans import Asked, End, Life, Trial
from tests.torture.replicas import live

KILLED: Final = "at a random moment"
AT_A_POINT: Final = 0.8
TIME: Final = 6.0  # seconds that a process has to come to its point
ACTS: Final = (
    *("review.vote", "review.claimed", "review.revoked", "review.stop", "review.expired"),
    *("permit.given", "permit.used", "permit.revoked"),
    *("alert.raised breakglass.used", "breakglass.closed", "alert.raised breakglass.unclosed"),
)
READY: Final = "ready"
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
    acts: list[str] = field(default_factory=list)  # what was done how often
    alive: list[tuple[Child, Part]] = field(default_factory=list)
    born: dict[int, float] = field(default_factory=dict)
    turns: dict[tuple[bool, bool], Iterator[str]] = field(default_factory=dict)

    def sides(self) -> list[tuple[bool, bool]]:
        """Which processes there are: (gateway, people); a record with one writer has one that is both."""
        return [(True, False), (False, True)] * PAIRS if self.place.shared else [(True, True)]

    def bear(self, *, gateway: bool, people: bool, last: bool = False) -> Child:
        """Let a process come; four of five die at a point of their own, if they come to it before they are killed."""
        point = self.point((gateway, people)) if not last and self.dice.random() < AT_A_POINT else ""
        seed = self.dice.randrange(2**63)
        part = Part(gateway=gateway, people=people, seed=seed, point=point, hit=self.dice.choice((1, 1, 2)), last=last)
        child = Child(work(self.place, self.url, self.wall, part, self.design))
        self.alive.append((child, part))
        self.born[child.pid] = time.monotonic()
        return child

    def old(self, child: Child, seconds: float) -> bool:
        """Whether a process is of that age."""
        return time.monotonic() - self.born[child.pid] > seconds

    def point(self, side: tuple[bool, bool]) -> str:
        """Give the points of a side in turn, in an order of their own each time."""
        if side not in self.turns:
            every = repeat(POINTS[side])
            self.turns[side] = chain.from_iterable(self.dice.sample(points, len(points)) for points in every)
        return next(self.turns[side])

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

    def victims(self) -> list[tuple[Child, Part]]:
        """Which may be killed at any moment: whoever has begun, and had time to come to a point of its own."""
        return [one for one in self.alive if READY in one[0].told and not (one[1].point and not self.old(one[0], TIME))]

    def replace(self) -> None:
        """Kill one, unless some have died already, and let others take their places."""
        dead = self.gone()
        for child, part in dead:
            self.reap(child, part, killed=False)
        if not dead and (victims := self.victims()):
            dead = [self.dice.choice(victims)]
            child, part = dead[0]
            child.drain()
            child.kill()
            self.reap(child, part, killed=True)
        for child, _ in self.alive:
            if READY not in child.told and self.old(child, WAKES):
                self.found.append(f"a process did not begin: {child.told}")
        for _, part in dead:
            self.bear(gateway=part.gateway, people=part.people)

    def run(self, kills: int, seconds: float) -> None:
        """Kill so often, or so long, and let the last ones come to an end."""
        over = time.monotonic() + seconds
        for is_gateway, is_people in self.sides():
            self.bear(gateway=is_gateway, people=is_people)
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
        for is_gateway, is_people in lasts:
            self.end(gateway=is_gateway, people=is_people)

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
        self.acts = [line.removeprefix("acts ") for line in child.told if line.startswith("acts ")]
        return self.found + [line.removeprefix("found ") for line in child.told if line.startswith("found ")]


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

    async def judge(tell: Callable[[str], None]) -> None:
        async with place.open(Now()) as store:
            found = await held(store, url, wall, told)
            tell(f"acts {await done(store)}, {len(set(words(told, 'asked')))} Calls")
        for what in found:
            tell(f"found {what}")

    return lambda tell: asyncio.run(judge(tell))


async def held(store: Opened, url: str, wall: Path, told: list[str]) -> list[str]:
    """Hold a record against the database, what was told, and the screen: all that is wrong, a sentence each."""
    calls = tuple(Asked(CallId(call), kind) for call, kind in words(told, "asked"))
    trial = Trial(seed=0, lives=(Life(calls=calls, end=End()),))
    said = {word: [call for call, _ in words(told, word)] for word in ("revoked", "alone", "looked")}
    found = await look(store, url, trial, [line for line in told if line.startswith("answered ")])
    found += await grants(store, url, [name for name, _ in words(told, "ended")])
    return found + await people(store, calls, said) + await shown(store, calls, wall)


async def done(store: Opened) -> str:
    """Count what was done of the acts that a crowd is for: without them it would prove nothing."""
    kinds = Counter[str]()
    async for entry in log(store):
        kinds[f"{entry.body['kind']} {entry.body.get('alert', '')}".strip()] += 1
    return ", ".join(f"{kinds[name]} {name}" for name in ACTS)


def words(told: list[str], first: str) -> Iterator[tuple[str, str]]:
    """Give the Calls of which something was told, and what stands behind."""
    for line in told:
        said, _, rest = line.partition(" ")
        if said == first:
            call, _, kind = rest.partition(" ")
            yield call, kind
