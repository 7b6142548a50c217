"""What happens in a trial: which Calls each process takes, and where it is ended; all of it from one seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
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
    # of a crowd alone
    "granted": "granted",
    "broken": "broken",
    "late": "late",
}
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
RANDOM: Final = "at a random moment"
ANSWERED: Final = "after_answer"  # only a wrong design comes here: a read is answered, and has no OUTCOME yet
CALLS: Final = 6  # of one process
MOMENT: Final = 1.5  # seconds within which a random moment lies

# Where the first process dies, and where the one that recovers it: together every point, the telling ones first.
PAIRS: Final = {
    "after_claim": "before_next",
    "after_intent": "before_recovery",
    "after_commit": RANDOM,
    "after_prepared": "after_next",
    "before_prepared": "after_recovery",
    "before_commit": "before_next",
    "before_outcome": RANDOM,
    "before_run": "before_recovery",
    "after_run": "after_next",
    "before_claim": RANDOM,
    "before_intent": RANDOM,
    "after_outcome": RANDOM,
    RANDOM: RANDOM,
}
assert {*PAIRS, *PAIRS.values()} == {*POINTS, RANDOM}


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
        if self.kind == "granted":  # rows of its own, that count how often it ran
            return f"update granted set times = times + 1 where what = '{self.id}'"  # our own id
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


def trials(seed: int, *, freezes: bool = False) -> Iterator[Trial]:
    """Yield trials without end: each point in turn, then pairs and hits by chance; `freezes`: every second time."""
    dice = Random(seed)  # noqa: S311  # a plan, no secret
    for number, (first, later) in enumerate(PAIRS.items(), 1):
        yield trial(dice, seed=number, first=first, later=later)
        if freezes:
            yield trial(dice, seed=number, first=first, later=RANDOM, freezes=True)
    for number in count(len(PAIRS) + 1):
        first, hit = dice.choice(list(PAIRS)), dice.choice((1, 2, 3))
        frozen = freezes and dice.choice((True, False))
        yield trial(dice, seed=number, first=first, later=PAIRS[first], hit=hit, freezes=frozen)


def trial(dice: Random, *, seed: int, first: str, later: str, hit: int = 1, freezes: bool = False) -> Trial:
    """Plan one trial: a process that dies or freezes, one that recovers and dies, one that recovers to the end."""
    ended = end(dice, first, hit)
    return Trial(
        seed=seed,
        lives=(
            Life(calls=asked(dice, first, later), end=replace(ended, action="stop") if freezes else ended),
            Life(calls=asked(dice, RANDOM), end=end(dice, later)),
            Life(calls=(), end=End()),
        ),
    )


def end(dice: Random, point: str, hit: int = 1) -> End:
    """Plan how a process ends."""
    if point == RANDOM:
        return End(action="kill", after=dice.uniform(0.0, MOMENT))
    return End(action="kill", point=point, hit=hit)


def asked(dice: Random, *points: str) -> tuple[Asked, ...]:
    """Plan the Calls of one process; the first ones are such that it and who recovers them come to their points."""
    kinds_at = {"answer": "read", "next": "asked", "recovery": "allowed"}
    telling = [kinds_at[what] for point in points if (what := point.partition("_")[2]) in kinds_at]
    first = (telling[0],) * 3 if telling else ("asked", "allowed", "held")
    kinds = (*first, *(dice.choice(KINDS) for _ in range(CALLS - len(first))))
    return tuple(Asked(CallId("call_" + "".join(dice.choices(ALPHABET, k=26))), kind) for kind in kinds)
