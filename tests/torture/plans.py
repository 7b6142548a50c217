"""What happens in a trial: which Calls each process takes, and where it is ended; all of it from one seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from core.execution.failpoints import POINTS
from core.model import CallId

# What an agent does; the table that a statement writes says how policy takes it.
KINDS: Final = ("allowed", "asked", "held", "read", "cancelled", "stopped")
TABLES: Final = {
    "allowed": "done",
    "asked": "asked",
    "held": "held",
    "read": "done",
    "cancelled": "asked",
    "stopped": "asked",
}
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LATER: Final = tuple(point for point in POINTS if "recovery" in point or "next" in point)
FIRST: Final = tuple(point for point in POINTS if point not in LATER)
RANDOM: Final = "at a random moment"
CALLS: Final = 6  # of one process
MOMENT: Final = 1.5  # seconds within which a random moment lies


@dataclass(frozen=True)
class End:
    """How a process ends: killed or frozen when it is at a point for the nth time, or at a moment of its own."""

    action: str = ""  # "", kill, stop
    point: str = ""
    hit: int = 1
    after: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One Call of an agent."""

    id: CallId
    kind: str

    @property
    def statement(self) -> str:
        """A change leaves one row that names its Call."""
        if self.kind == "read":
            return "select count(*) from done"
        return f"insert into {TABLES[self.kind]} (what) values ('{self.id}')"  # our own id


@dataclass(frozen=True)
class Life:
    """One process."""

    calls: tuple[Asked, ...]
    end: End


@dataclass(frozen=True)
class Trial:
    """Processes one after another over one record; the last one only recovers."""

    seed: int
    lives: tuple[Life, ...]

    @property
    def calls(self) -> tuple[Asked, ...]:
        """Every Call."""
        return tuple(call for life in self.lives for call in life.calls)


def trials(seed: int) -> Iterator[Trial]:
    """Yield trials without end: each point in turn, between them random moments, all else by chance."""
    dice = Random(seed)  # noqa: S311  # a plan, no secret
    number = 0
    while True:
        for first, later in zip(FIRST, (*LATER, RANDOM) * len(FIRST), strict=False):
            number += 1
            yield trial(dice, seed=number, first=first, later=later)
        number += 1
        yield trial(dice, seed=number, first=RANDOM, later=RANDOM)


def trial(dice: Random, *, seed: int, first: str, later: str, action: str = "kill") -> Trial:
    """Plan one trial; a Call that meets the point is among the first."""
    ends = (end(dice, first, action), end(dice, later, "kill"), End())
    lives = tuple(
        Life(calls=asked(dice, first if one == 0 else later) if one < 2 else (), end=ends[one]) for one in range(3)
    )
    return Trial(seed=seed, lives=lives)


def end(dice: Random, point: str, action: str) -> End:
    """Plan how a process ends."""
    if point == RANDOM:
        return End(action=action, after=dice.uniform(0.0, MOMENT))
    return End(action=action, point=point, hit=1 if point in LATER else dice.choice((1, 1, 2, 3)))


def asked(dice: Random, point: str) -> tuple[Asked, ...]:
    """Plan the Calls of one process."""
    first = ("asked", "asked", "asked") if "claim" in point or point in LATER else ("asked", "allowed", "held")
    kinds = (*first, *(dice.choice(KINDS) for _ in range(CALLS - len(first))))
    return tuple(Asked(CallId("call_" + "".join(dice.choices(ALPHABET, k=26))), kind) for kind in kinds)
