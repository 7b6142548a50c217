"""What was measured, and what may be said of it: percentiles, ratios within a round, medians with their spread."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, NamedTuple, TypeAlias, final

from bench.shapes import POINT

FLOOR: Final = "asyncpg"
CEILING: Final = "echo"
STEADY: Final = 1.25  # a floor that moved by more between rounds says that the machine, not the servers, was measured


class Key(NamedTuple):
    """What makes cells of several rounds the same row."""

    contestant: str
    protocol: str
    callers: int
    shape: str = POINT.name


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One window of one contestant at one number of callers; times in milliseconds, CPU in seconds per 1,000 calls."""

    contestant: str
    protocol: str  # empty for the floor, which speaks none
    callers: int
    calls: int  # that ended within the window
    rate: float  # calls per second
    p50: float
    p99: float
    server_cpu: float
    client_cpu: float
    database_cpu: float
    rss: float  # MiB of the server's process tree at the window's end
    size: int  # bytes of an answer's body
    shape: str = POINT.name

    @property
    def key(self) -> Key:
        """What makes cells of several rounds the same row."""
        return Key(self.contestant, self.protocol, self.callers, self.shape)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """All cells of one turn through all contestants, and the median of one durable append, in milliseconds."""

    cells: tuple[Cell, ...]
    append: float

    def cell(self, contestant: str, protocol: str, callers: int, shape: str = POINT.name) -> Cell | None:
        """Find a cell; the floor answers for every protocol."""
        wanted = Key(contestant, "" if contestant == FLOOR else protocol, callers, shape)
        return next((cell for cell in self.cells if cell.key == wanted), None)


Rounds: TypeAlias = Sequence[Round]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A median over rounds, and how far they lay apart."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Summarise at least one value.

        Raises: ValueError for none.
        """
        listed = sorted(values)
        if not listed:
            raise ValueError("a spread of nothing")
        return cls(median=median(listed), low=listed[0], high=listed[-1])


def percentile(values: Sequence[float], share: float) -> float:
    """Take the nearest-rank percentile: the smallest value that at least `share` of all do not exceed.

    Raises: ValueError for no values.
    """
    if not values:
        raise ValueError("a percentile of nothing")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def ratio(rounds: Rounds, key: Key, reference: str) -> Spread | None:
    """Compare calls per second with a reference *of the same round*; None where one of the two was not measured."""
    pairs = ((each.cell(*key), each.cell(reference, *key[1:])) for each in rounds)
    found = [one.rate / other.rate for one, other in pairs if one is not None and other is not None and other.rate]
    return Spread.of(found) if found else None


def moved(rounds: Rounds) -> float:
    """By which factor the floor's calls per second differed between rounds, at its worst; 1 for a single round."""
    worst = 1.0
    for key in {cell.key for each in rounds for cell in each.cells if cell.contestant == FLOOR}:
        rates = [cell.rate for each in rounds if (cell := each.cell(*key)) is not None]
        if rates:
            worst = max(worst, max(rates) / min(rates) if min(rates) else math.inf)
    return worst


def unfit(rounds: Rounds) -> str | None:
    """Say why the numbers must not be published, or None when they may be."""
    if len(rounds) < 2:
        return "one round shows no spread"
    factor = moved(rounds)
    if factor > STEADY:
        return f"the asyncpg floor moved by {factor - 1:.0%} between rounds, more than {STEADY - 1:.0%}"
    return None


# ---------------------------------------------------------------- goals


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What one contestant should reach, as sums and shares of floors and ceiling of the same round."""

    contestant: str
    slack: float  # milliseconds beyond echo + asyncpg + two appends, at 1 caller
    share: float  # of echo's calls per second, at 16 callers


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A goal beside what was seen: the value may not exceed the bound, or must reach it."""

    what: str
    seen: float
    bound: float
    met: bool


def outcomes(rounds: Rounds, goal: Goal, protocol: str, *, many: int = 16) -> tuple[Outcome, ...]:
    """Hold a contestant against its goal by medians over the rounds; nothing where a cell is missing."""
    name = f"{goal.contestant} {protocol}"
    found: list[Outcome] = []
    sums: list[tuple[float, float]] = []
    for each in rounds:
        ours, ceiling, floor = (each.cell(who, protocol, 1) for who in (goal.contestant, CEILING, FLOOR))
        if ours is not None and ceiling is not None and floor is not None:
            sums.append((ours.p50, ceiling.p50 + floor.p50 + 2 * each.append + goal.slack))
    if sums:
        seen, bound = median(one for one, _ in sums), median(other for _, other in sums)
        what = f"{name}, 1 caller: p50 in ms, at most echo + asyncpg + 2 appends + {goal.slack:g} ms"
        found.append(Outcome(what=what, seen=seen, bound=bound, met=seen <= bound))
    share = ratio(rounds, Key(goal.contestant, protocol, many), CEILING)
    if share is not None:
        what = f"{name}, {many} callers: share of echo's calls/s, at least"
        found.append(Outcome(what=what, seen=share.median, bound=goal.share, met=share.median >= goal.share))
    return tuple(found)
