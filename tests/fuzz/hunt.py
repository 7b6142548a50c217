"""The hunt: ask both twins the same, compare all that comes back, keep what differs."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, final

import asyncpg

from tests.fuzz import observe
from tests.fuzz.corpora import RESTLESS
from tests.fuzz.observe import Seen, Watch, differing
from tests.fuzz.workshop import Workshop

POOL: Final = 4_000
FRESH: Final = 0.3  # statements from the grammar, the rest from the pool
LINE: Final = 0.05  # of the mutants are asked over the whole line besides
PATIENCE: Final = 10.0  # seconds, of a Parse
UNFIT: Final = 0.1  # of what the server does not analyse, this share is asked
CLUSTERED: Final = "care.filed"  # lies in the order of a tagged column: outside the promise (masking 11)
CLOCK: Final = re.compile(r"\b(current|local)_?time(stamp)?\b", re.IGNORECASE)  # words of the grammar, no functions
LATE: Final = ("timeout: ", "source_unavailable: ")  # the second where the machine was too busy for both

Excuse = Callable[[Seen, Seen], Awaitable[str]]  # why a difference is outside the promise; "": it is not


@final
@dataclass(frozen=True, slots=True)
class Difference:
    """A statement whose answers differ, and where."""

    text: str
    channels: frozenset[str]
    one: Seen
    two: Seen

    def __str__(self) -> str:
        lines = [f"-- twins differ in {', '.join(sorted(self.channels))}", self.text]
        for name in sorted(self.channels):
            for twin, seen in (("one", self.one), ("two", self.two)):
                said = (
                    observe.cells(seen.rows) if name in {observe.CELLS, observe.ORDER} else seen.channels.get(name, "")
                )
                lines.append(f"-- {twin} {name}: {said[:300]}".replace("\n", " "))
        return "\n".join(lines)


@final
@dataclass(slots=True)
class Tally:
    """What a hunt counted."""

    asked: int = 0
    answered: int = 0
    lines: int = 0  # asked over the whole line besides
    touching: int = 0  # mutants that use a tagged column and return rows
    outcomes: Counter[str] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)
    found: list[Difference] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Mutants that use a tagged column and return rows, of all."""
        return self.touching / max(1, self.asked)

    def take(self, seen: Seen) -> None:
        """Count one outcome."""
        self.asked += 1
        self.answered += seen.answered
        self.touching += seen.answered and seen.touches
        refusal, error = seen.channels.get(observe.REFUSAL, ""), seen.channels.get(observe.ERROR, "")
        self.outcomes[(refusal or error).partition(":")[0] or "answered"] += 1

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {name}" for name, count in self.outcomes.most_common())
        excused = ", ".join(f"{count} {name}" for name, count in self.excused.most_common()) or "none"
        return (
            f"{self.asked} mutants, {self.share:.1%} use a tagged column and return rows, "
            f"{self.lines} asked over the whole line besides, {len(self.found)} differences\n"
            f"outcomes: {kinds}\nset aside by name: {excused}"
        )


@final
class Pair:
    """Both twins' watches, as one question."""

    def __init__(self, one: Watch, two: Watch, excuse: Excuse | None = None) -> None:
        self._one: Final = one
        self._two: Final = two
        self._excuse: Final = excuse
        self.excused: Final = Counter[str]()

    async def ask(self, text: str) -> tuple[Seen, Seen]:
        """Ask both at once."""
        one, two = await asyncio.gather(self._one(text), self._two(text))
        return one, two

    async def compare(self, text: str) -> tuple[Seen, Difference | None]:
        """Ask, and say where the answers differ; a difference is asked again, and must be explained or stay."""
        one, two = await self.ask(text)
        if not differing(one, two):
            return one, None
        again, other = await self.ask(text)
        channels = differing(again, other)
        if CLOCK.search(text):
            reason = "clock or chance"
        else:
            reason = "gone when asked again" if not channels else await self._reason((one, two), (again, other))
        if reason:
            self.excused[reason] += 1
            return one, None
        return again, Difference(text, channels, again, other)

    async def _reason(self, first: tuple[Seen, Seen], second: tuple[Seen, Seen]) -> str:
        """Say why a difference is outside the promise, by the list of masking 11 and nothing else."""
        functions = second[0].functions | second[1].functions
        if any(name.rpartition(".")[2].partition("(")[0] in RESTLESS for name in functions):
            return "clock or chance"
        if differing(first[0], second[0]) and differing(first[1], second[1]) and timed(*first, *second):
            return "time limit"
        if CLUSTERED in second[0].things | second[1].things:
            return "order of a clustered table"
        return "" if self._excuse is None else await self._excuse(*second)


def timed(*seen: Seen) -> bool:
    """Whether a time limit, the database's or ours, ended any of them."""
    return any(one.channels.get(observe.ERROR, "").startswith(LATE) for one in seen)


@final
class Sieve:
    """Keeps most of what the server would not even analyse out of a hunt, by a Parse as the owner of one twin.

    Those are refused by both twins alike before anything is read; a share of them goes on all the same.
    """

    def __init__(self, connection: Any, chance: Random) -> None:
        self._connection: Final = connection
        self._chance: Final = chance

    async def fits(self, text: str) -> bool:
        """Whether a text is worth asking."""
        if self._chance.random() < UNFIT:
            return True
        try:
            await self._connection.prepare(text, timeout=PATIENCE)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, TimeoutError):
            return False
        except asyncpg.InternalClientError:  # analysed, but of types that the client library does not know
            return True
        return True


@final
class Hunt:
    """Mutants one after another, a few at once; what returns rows of a tagged table breeds."""

    def __init__(
        self,
        pairs: tuple[Pair, Pair],
        workshop: Workshop,
        sieve: Sieve,
        seeds: list[str],
        *,
        seed: int,
        abreast: int = 3,
    ) -> None:
        self._pair, self._line = pairs
        self._sieve: Final = sieve
        self._workshop: Final = workshop
        self._chance: Final = Random(seed)
        self._pool: Final = list(seeds)
        self._seen: Final = {hash(text) for text in seeds}
        self._abreast: Final = abreast
        self.tally: Final = Tally(excused=self._pair.excused)

    async def seeds(self, texts: list[str]) -> None:
        """Ask every seed as it stands."""
        for at in range(0, len(texts), self._abreast):
            await asyncio.gather(*(self._one(text) for text in texts[at : at + self._abreast]))

    async def run(self, going: Callable[[Tally], bool]) -> None:
        """Hunt as long as it is asked to."""
        while going(self.tally):
            made = await asyncio.to_thread(self._made)
            fitting = [text for text in made if await self._sieve.fits(text)]
            await asyncio.gather(*(self._one(text) for text in fitting))

    def _made(self) -> list[str]:
        """Make the next few mutants, none twice."""
        found: list[str] = []
        while len(found) < self._abreast:
            base = "" if self._chance.random() < FRESH else self._chance.choice(self._pool)
            text = self._workshop.mutant(base, self._chance.getrandbits(48))
            if text is not None and hash(text) not in self._seen:
                self._seen.add(hash(text))
                found.append(text)
        return found

    async def _one(self, text: str) -> None:
        before = self.tally.excused.total()
        seen, difference = await self._pair.compare(text)
        self.tally.take(seen)
        alike = difference is None and self.tally.excused.total() == before
        if alike and self._chance.random() < LINE and not timed(seen):
            _, difference = await self._line.compare(text)
            self.tally.lines += 1
        if difference is not None:
            self.tally.found.append(difference)
        elif seen.touches and seen.answered:
            self._breed(text)

    def _breed(self, text: str) -> None:
        if len(self._pool) < POOL:
            self._pool.append(text)
        else:
            self._pool[self._chance.randint(0, POOL - 1)] = text
