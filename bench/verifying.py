"""`python -m bench --verify`: how fast a record is verified, beside appending to it one Entry after another.

Both in turn, in the same store: a durable append waits for the disk, a verifier for nothing. What is verified is what
`assent audit verify` does with a copy of the files: every byte, hash, signature and shape.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Final, final

from bench.measure import Spread
from bench.recovery import call, left
from bench.stores import ORIGIN, keys
from core.assembly import SystemClock
from core.execution import record
from core.model import Outcome
from core.ports import Unit
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.store import SqliteStore

GOAL: Final = 50.0  # times as fast
MARK: Final = 150_000  # Entries a second on one idle core
ENTRIES: Final = 100_000  # so many that several processes share them
SINGLE: Final = 400  # appended one after another, in each round
TOGETHER: Final = 500
ROUNDS: Final = 3


class Unsound(RuntimeError):
    """The record did not verify: there are no numbers."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Entries a second: appended one by one, and verified in the same store right afterwards."""

    appended: float
    verified: float
    cpu: float  # microseconds of one core for an Entry, where one process does all of it
    judged: float  # of the process that judges them together, where another looks at each alone


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Verifying:
    """Everything that was seen."""

    entries: int
    body: float  # mean bytes of an Entry's body
    stored: float  # bytes of the log's file for each Entry, indexes and tiles included
    parts: tuple[tuple[str, float], ...]  # tables and indexes, bytes for each Entry, the largest first
    rounds: tuple[Round, ...]

    @property
    def ratio(self) -> Spread:
        """How many times as fast it is verified, in the same round."""
        return Spread.of(one.verified / one.appended for one in self.rounds)


async def verifying(say: Callable[[str], None], *, entries: int = ENTRIES, single: int = SINGLE) -> Verifying:
    """Fill a store, then take turns.

    Raises: Unsound.
    """
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as folder:
        path = Path(folder) / "assent.db"
        say(f"a store of {entries:,} Entries")
        await _filled(path, entries)
        rounds: list[Round] = []
        for number in range(ROUNDS):
            say(f"round {number + 1} of {ROUNDS}")
            appended = await _single(path, (entries + number * single) // 2, single)
            verified = await asyncio.to_thread(_verified, path)
            cpu, judged = [await asyncio.to_thread(_cpu, path, beside) for beside in (0, 1)]
            rounds.append(Round(appended=appended, verified=verified, cpu=cpu, judged=judged))
        many, body = await _sizes(path)
        stored = path.stat().st_size / many  # nothing else runs
        return Verifying(entries=entries, body=body, stored=stored, parts=_parts(path, many), rounds=tuple(rounds))


def _units(number: int) -> tuple[Unit, Unit]:
    """Word a read as two units of one Entry."""
    (begun,) = left(2 * number).entries
    begun = replace(begun, body={**begun.body, "tool": "query", "reading": {"verbs": ["read"]}})
    ended = record.outcome(call(2 * number), 1, Outcome.DELIVERED, rows=7, milli=12)
    return Unit(entries=(begun,)), Unit(entries=(ended,))


async def _filled(path: Path, entries: int) -> None:
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=SystemClock()) as store:
        for at in range(0, entries // 2, TOGETHER):
            units = [_units(number) for number in range(at, min(at + TOGETHER, entries // 2))]
            for turn in (0, 1):
                await asyncio.gather(*(store.journal.commit(unit[turn]) for unit in units))


async def _single(path: Path, first: int, many: int) -> float:
    """Append one Entry after another; return how many a second."""
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=SystemClock()) as store:
        began = time.perf_counter()
        for number in range(first, first + many // 2):
            for unit in _units(number):
                await store.journal.commit(unit)
        return many / (time.perf_counter() - began)


def _verified(path: Path) -> float:
    began = time.perf_counter()
    report = verify_store(path, None)
    seconds = time.perf_counter() - began
    if report.findings:
        raise Unsound(str(report.findings[0]))
    return report.entries / seconds


def _cpu(path: Path, beside: int) -> float:
    began = time.process_time()  # of this process; not of those beside it
    report = verify_store(path, None, beside=beside)
    return (time.process_time() - began) / report.entries * 1e6


def _parts(path: Path, many: int) -> tuple[tuple[str, float], ...]:
    sql: Final = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 5"
    with closing(sqlite3.connect(path)) as log:
        return tuple((name, size / many) for name, size in log.execute(sql))


async def _sizes(path: Path) -> tuple[int, float]:
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=SystemClock()) as store:
        sql: Final = "SELECT count(*), sum(length(body)) FROM log_entry"
        many, total = await store.writer.run(lambda log: tuple(log.execute(sql).fetchone()))
    return many, total / many


async def shown(say: Callable[[str], None]) -> str:
    """Measure, and say what was seen."""
    return "\n".join(told(await verifying(say)))


def told(run: Verifying) -> list[str]:
    """Say what was seen, a line each."""
    seen, rates = run.ratio, [one.verified for one in run.rounds]
    parts = ", ".join(f"{name} {size:.0f}" for name, size in run.parts)
    met = "met   " if seen.median >= GOAL else "missed"
    return [
        f"{run.entries:,} Entries, bodies of {run.body:.0f} B, {run.stored:.0f} B each in the log's file",
        f"of it {parts}",
        f"verified: {median(rates):,.0f} Entries/s ({min(rates):,.0f}-{max(rates):,.0f}); mark {MARK:,}, quiet",
        f"by one process alone: {median(one.cpu for one in run.rounds):.1f} µs of a core for an Entry",
        f"judged together beside one that looks at each: {median(one.judged for one in run.rounds):.1f} µs",
        f"appended one by one: {median(one.appended for one in run.rounds):,.0f} Entries/s",
        f"{met} verified {seen.median:.0f} times as fast ({seen.low:.0f}-{seen.high:.0f}), at least {GOAL:g}",
    ]


KEYS: Final = keys()
