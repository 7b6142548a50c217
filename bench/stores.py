"""`python -m bench --stores`: the Journal's appends beside the usual designs, as ratios of the same round.

SQLite: units of one Entry by the writing thread's group commit, beside one commit for each call through aiosqlite.
PostgreSQL: units of one Entry by the batched sequencer, beside a hash chain that an advisory lock serialises. All four
are durable: synchronous FULL, synchronous_commit on, a server with fsync.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Final, final

import aiosqlite
import asyncpg

from bench.measure import Spread, percentile
from core.assembly import SystemClock
from core.model import Entry, EntryKind, Json
from core.ports import Journal, Unit
from core.stores.encryption.vault import Keys
from core.stores.postgres import schema
from core.stores.postgres.log import Site
from core.stores.postgres.rights import Part
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres

ORIGIN: Final = "bench.example/assent"
BODY: Final = b"x" * 400  # what an Entry of this bench has in bytes, nearly
SYNCS: Final = 200

Append = Callable[[], Awaitable[None]]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One contestant in one round: durable appends a second, and milliseconds of one."""

    rate: float
    p50: float
    p99: float


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The Journal beside the usual design, round by round."""

    name: str
    callers: int
    goal: float  # times as many
    ours: tuple[Window, ...]
    theirs: tuple[Window, ...]

    @property
    def ratio(self) -> Spread:
        """How many times as many appends, in the same round."""
        return Spread.of(one.rate / other.rate for one, other in zip(self.ours, self.theirs, strict=True))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Appends:
    """Everything that was seen."""

    fdatasync: float  # milliseconds, the median here
    single: float  # milliseconds of two appends one after the other on SQLite, the median
    pairs: tuple[Pair, ...]


def keys() -> Keys:
    """Make fresh keys."""
    one, two, three = (secrets.token_bytes(32) for _ in range(3))
    return Keys(questions=one, results=two, signing=three)


def unit() -> Unit:
    """Make the unit that is appended."""
    body: dict[str, Json] = {"by": "bench", "findings": 0, "said": BODY.decode()}
    return Unit(entries=(Entry(kind=EntryKind.VERIFY, body=body),))


async def press(append: Append, callers: int, seconds: float) -> Window:
    """Append by so many callers at once, each waiting for its own to be durable."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def call() -> None:
        while (began := time.perf_counter()) < end:
            await append()
            took.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(callers)))
    passed = time.perf_counter() - began
    return Window(rate=len(took) / passed, p50=percentile(took, 0.5), p99=percentile(took, 0.99))


def committing(journal: Journal) -> Append:
    """Append through the port."""

    async def append() -> None:
        await journal.commit(unit())

    return append


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[Append]:
    """Open the store in a file."""
    async with SqliteStore.open(folder / "assent.db", keys=keys(), origin=ORIGIN, clock=SystemClock()) as store:
        yield committing(store.journal)


@asynccontextmanager
async def each_call(folder: Path) -> AsyncIterator[Append]:
    """Commit once for each call through aiosqlite, as durably."""
    async with aiosqlite.connect(folder / "plain.db", isolation_level=None) as log:
        await log.execute("PRAGMA journal_mode = WAL")
        await log.execute("PRAGMA synchronous = FULL")
        await log.execute("CREATE TABLE log (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        turn = asyncio.Lock()

        async def append() -> None:
            async with turn:
                await log.execute("BEGIN IMMEDIATE")
                await log.execute("INSERT INTO log (body) VALUES (?)", (BODY,))
                await log.execute("COMMIT")

        yield append


@asynccontextmanager
async def postgres(server: Postgres, folder: Path) -> AsyncIterator[Append]:
    """Make and open the store in a database."""
    admin = await asyncpg.connect(server.url(), ssl=False)
    await admin.execute(schema.text(ORIGIN))
    roles = ", ".join(part.role for part in Part)
    await admin.execute(f"CREATE ROLE bench LOGIN PASSWORD 'bench' IN ROLE {roles}")
    await admin.close()
    site = Site(url=server.url("postgres", "bench", "bench"), signed=folder / "signed")
    async with PostgresStore.open(site, keys=keys(), origin=ORIGIN, clock=SystemClock()) as store:
        yield committing(store.journal)


@asynccontextmanager
async def chain(server: Postgres) -> AsyncIterator[Append]:
    """Chain hashes under an advisory lock, a transaction for each append."""
    async with asyncpg.create_pool(server.url(), min_size=16, max_size=16, ssl=False) as pool:
        await pool.execute("CREATE TABLE chain (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, h bytea, b bytea)")
        await pool.execute("INSERT INTO chain (h, b) VALUES ('', '')")

        async def append() -> None:
            async with pool.acquire() as link, link.transaction():
                await link.execute("SELECT pg_advisory_xact_lock(1)")
                last = await link.fetchval("SELECT h FROM chain ORDER BY n DESC LIMIT 1")
                await link.execute("INSERT INTO chain (h, b) VALUES ($1, $2)", sha256(last + BODY).digest(), BODY)

        yield append


def synced(folder: Path) -> float:
    """Measure this machine's own fdatasync of one page, in milliseconds."""
    descriptor = os.open(folder / "sync", os.O_RDWR | os.O_CREAT, 0o600)
    took: list[float] = []
    try:
        for _ in range(SYNCS):
            os.pwrite(descriptor, secrets.token_bytes(4096), 0)
            began = time.perf_counter()
            os.fdatasync(descriptor)
            took.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(descriptor)
    return median(took)


async def twice(append: Append, count: int = 100) -> float:
    """Measure two appends one after the other, in milliseconds: what a read costs."""
    took: list[float] = []
    for _ in range(count):
        began = time.perf_counter()
        await append()
        await append()
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


async def appends(seconds: float, rounds: int, say: Callable[[str], None]) -> Appends:
    """Measure all four, turn by turn."""
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as name:
        folder = Path(name)
        say("SQLite: group commit beside one commit for each call")
        async with sqlite(folder) as ours, each_call(folder) as theirs:
            single = await twice(ours)
            files = await versus("SQLite", 16, 6.0, (ours, theirs), (seconds, rounds))
        say("PostgreSQL: batched sequencer beside an advisory-lock chain")
        server = await asyncio.to_thread(Postgres.start, 18, settings=("fsync=on",))
        try:
            async with postgres(server, folder) as ours, chain(server) as theirs:
                database = await versus("PostgreSQL", 64, 15.0, (ours, theirs), (seconds, rounds))
        finally:
            await asyncio.to_thread(server.close)
        return Appends(fdatasync=synced(folder), single=single, pairs=(files, database))


async def versus(name: str, callers: int, goal: float, both: tuple[Append, Append], size: tuple[float, int]) -> Pair:
    """Let two take turns."""
    seconds, rounds = size
    ours: list[Window] = []
    theirs: list[Window] = []
    for _ in range(rounds):
        ours.append(await press(both[0], callers, seconds))
        theirs.append(await press(both[1], callers, seconds))
    return Pair(name=name, callers=callers, goal=goal, ours=tuple(ours), theirs=tuple(theirs))


def told(run: Appends) -> list[str]:
    """Say what was seen, a line each."""
    lines = [
        f"fdatasync of a page here: {run.fdatasync:.2f} ms; two appends on SQLite, one by one: {run.single:.2f} ms",
        f"{'met   ' if run.single <= 2 * run.fdatasync + 1 else 'missed'} two appends at most 2 fdatasync + 1 ms",
    ]
    for pair in run.pairs:
        seen = pair.ratio
        for title, windows in (("Journal", pair.ours), ("usual", pair.theirs)):
            rates, p99 = [one.rate for one in windows], median(one.p99 for one in windows)
            lines.append(f"{pair.name} at {pair.callers}, {title}: {median(rates):,.0f} appends/s, p99 {p99:.1f} ms")
        met = "met   " if seen.median >= pair.goal else "missed"
        lines.append(
            f"{met} {pair.name} at {pair.callers}: {seen.median:.1f} times"
            f" ({seen.low:.1f}-{seen.high:.1f}), at least {pair.goal:g}"
        )
    return lines
