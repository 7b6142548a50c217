"""The hunt: ask both twins the same, compare all that comes back, keep what differs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Protocol, final

import asyncpg

from tests.fuzz import observe
from tests.fuzz.excuses import Excuses, both, timed
from tests.fuzz.observe import Seen, Watch, differing

POOL: Final = 4_000
FRESH: Final = 0.3  # statements from the grammar, the rest from the pool
LINE: Final = 0.05  # of the mutants are asked over the whole line besides
PATIENCE: Final = 10.0  # seconds, of a Parse
UNFIT: Final = 0.1  # of what the server does not analyse, this share is asked
AIM: Final = 0.34  # of the mutants are to use a tagged column and return rows: below it, milder ones are made
EARLY: Final = 30  # mutants, before the share says anything


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
    seeds: int = 0  # statements that stand in files, asked as they are
    lines: int = 0  # asked over the whole line besides
    touching: int = 0  # mutants that use a tagged column and return rows
    outcomes: Counter[str] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)
    found: list[Difference] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Mutants that use a tagged column and return rows, of all."""
        return self.touching / max(1, self.asked)

    def take(self, seen: Seen, *, seed: bool = False) -> None:
        """Count one outcome; only mutants count as mutants."""
        self.asked += not seed
        self.seeds += seed
        self.touching += seen.answered and seen.touches and not seed
        refusal, error = seen.channels.get(observe.REFUSAL, ""), seen.channels.get(observe.ERROR, "")
        self.outcomes[(refusal or error).partition(":")[0] or "answered"] += 1

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {name}" for name, count in self.outcomes.most_common())
        excused = ", ".join(f"{count} {name}" for name, count in self.excused.most_common()) or "none"
        return (
            f"{self.asked} mutants, {self.share:.1%} use a tagged column and return rows; {self.seeds} seeds as they "
            f"are; {self.lines} asked over the whole line besides; {len(self.found)} differences\n"
            f"outcomes: {kinds}\nset aside by name: {excused}"
        )


@final
class Pair:
    """Both twins' watches, as one question; without excuses every difference stays."""

    def __init__(self, one: Watch, two: Watch, excuses: Excuses | None = None) -> None:
        self._watches: Final = (one, two)
        self._excuses: Final = excuses
        self.excused: Final = Counter[str]()

    async def ask(self, text: str) -> tuple[Seen, Seen]:
        """Ask both at once."""
        return await both(self._watches, text)

    async def compare(self, text: str) -> tuple[Seen, Difference | None]:
        """Ask, and say where the answers differ; a difference is asked again, and must be explained or stay."""
        first = await self.ask(text)
        if not differing(*first):
            return first[0], None
        second = await self.ask(text)
        reason = "" if self._excuses is None else await self._excuses.reason(text, first, second)
        if reason:
            self.excused[reason] += 1
            return first[0], None
        told = second if differing(*second) else first  # once is enough: what goes away was there
        return told[0], Difference(text, differing(*told), *told)


@final
class Sieve:
    """Keeps most of what the server would not even analyse out of a hunt, by a Parse as the owner of one twin.

    Those are refused by both twins alike before anything is read; a share of them goes on all the same.
    """

    def __init__(self, connect: Callable[[], Awaitable[Any]], chance: Random) -> None:
        self._connect: Final = connect
        self._connection: Any = None
        self._chance: Final = chance

    def close(self) -> None:
        """Leave, whatever the connection is at."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def fits(self, text: str) -> bool:
        """Whether a text is worth asking."""
        if self._chance.random() < UNFIT:
            return True
        try:
            async with asyncio.timeout(PATIENCE):
                self._connection = self._connection or await self._connect()
                await self._connection.prepare(text)
        except TimeoutError:  # a message that the client library cannot decode: nothing more comes by this connection
            self.close()
            return True
        except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError):
            return False
        except asyncpg.InternalClientError:  # analysed, but of types that the client library does not know
            return True
        return True


class Maker(Protocol):
    """Where mutants are made."""

    def mutant(self, text: str, number: int, *, mild: bool = False) -> str | None:
        """Make one of a statement, or a new one of none; None: it could not be made."""
        ...


@final
class Hunt:
    """Mutants one after another, a few at once; what returns rows of a tagged table breeds."""

    def __init__(
        self,
        pairs: tuple[Pair, Pair],
        workshop: Maker,
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
        self._hot: Final[list[str]] = []  # used a tagged column and returned rows
        self._seen: Final = {hash(text) for text in seeds}
        self._abreast: Final = abreast
        self.tally: Final = Tally(excused=self._pair.excused)

    async def seeds(self, texts: list[str]) -> None:
        """Ask every seed as it stands."""
        for at in range(0, len(texts), self._abreast):
            await asyncio.gather(*(self._one(text, seed=True) for text in texts[at : at + self._abreast]))

    async def run(self, going: Callable[[Tally], bool]) -> None:
        """Hunt as long as it is asked to."""
        try:
            while going(self.tally):
                made = await asyncio.to_thread(self._made)
                fitting = [text for text in made if await self._sieve.fits(text)]
                await asyncio.gather(*(self._one(text) for text in fitting))
        finally:
            self._sieve.close()

    def _made(self) -> list[str]:
        """Make the next few mutants, none twice: milder ones of what answered as long as too few do."""
        found: list[str] = []
        mild = bool(self._hot) and self.tally.asked >= EARLY and self.tally.share < AIM
        while len(found) < self._abreast:
            base = "" if self._chance.random() < FRESH else self._chance.choice(self._pool)
            base = self._chance.choice(self._hot) if mild else base
            text = self._workshop.mutant(base, self._chance.getrandbits(48), mild=mild)
            if text is not None and hash(text) not in self._seen:
                self._seen.add(hash(text))
                found.append(text)
        return found

    async def _one(self, text: str, *, seed: bool = False) -> None:
        before = self.tally.excused.total()
        seen, difference = await self._pair.compare(text)
        self.tally.take(seen, seed=seed)
        alike = difference is None and self.tally.excused.total() == before
        if alike and self._chance.random() < LINE and not timed(seen):
            _, difference = await self._line.compare(text)
            self.tally.lines += 1
        if difference is not None:
            self.tally.found.append(difference)
        elif seen.touches and seen.answered:
            self._breed(text)

    def _breed(self, text: str) -> None:
        for pool in (self._pool, self._hot):
            if len(pool) < POOL:
                pool.append(text)
            else:
                pool[self._chance.randint(0, POOL - 1)] = text
