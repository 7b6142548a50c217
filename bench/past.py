"""Looking back at size: a store of real Entries built through the real projection, and how long its look-ups take.

    make ten-million                                       ten million Entries on SQLite
    make ten-million ARGS="--entries 1000000 --store postgres"

Entries are sealed by the product and laid into the log's table at once; the projection follows them as it always does.
Look-ups are those of the port History, its catching up included; the Entry that the Archive appends for each is not.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Final

from core import subject
from core.audit.entry import seal, session_open
from core.model import Entry, EntryKind, Json, Outcome, Person, SessionId, Slot
from core.ports import Macs, Search
from core.stores.encryption.vault import Keys
from core.stores.lookups.history import STEP, StoredHistory
from core.stores.sqlite.store import SqliteStore

ORIGIN: Final = "bench.example/assent"
KEYS: Final = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
BEGIN: Final = 1_780_000_000_000  # ms
CALLS: Final = 20  # of a Session
PEOPLE: Final = 400
SHAPES: Final = 5_000
TABLES: Final = 300
PACE: Final = 1500  # ms between two Calls
CHUNK: Final = 20_000
LAY: Final = "INSERT INTO log_entry (seq, ts_ms, kind, scope, attempt, slot, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
ROUNDS: Final = 200
SERVER: Final = ("fsync=on", "shared_buffers=512MB", "max_wal_size=4GB")

Row = tuple[int, int, str, str | None, int | None, int | None, bytes]


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        """Return the beginning."""
        return datetime.fromtimestamp(BEGIN / 1000, UTC)


def rows(count: int, behind: Callable[[int], str] = lambda who: f"{who + PEOPLE:064x}") -> Iterator[Row]:
    """Yield the log's rows: Sessions of twenty Calls, an INTENT and an OUTCOME each; `behind` names the people."""
    chance, sequence, session, ps = random.Random(7), 0, "", ""
    for number in range(count):
        at = BEGIN + number * PACE
        if number % CALLS == 0:
            who = chance.randrange(PEOPLE)
            session, ps = f"ses_{number:026d}", f"{who:064x}"
            caller: dict[str, Json] = {"ps": ps, "iss": "https://id.example", "client": "claude", "kind": "person"}
            yield sealed(sequence, at, session_open(session, caller, person=behind(who)))
            sequence += 1
        for entry in call(number, session, ps, chance):
            yield sealed(sequence, at, entry)
            sequence += 1


def call(number: int, session: str, ps: str, chance: random.Random) -> tuple[Entry, Entry]:
    """Make one Call: of shapes a few are common and most are rare."""
    name = f"call_{number:026d}"
    shape = min(int(chance.paretovariate(0.7)), SHAPES)
    table, refused = f"public.t{shape % TABLES}", chance.random() < 0.02
    reading: dict[str, Json] = {
        "verbs": ["read"],
        "things": [f"table {table}"],
        "columns": [f"{table}.id", f"{table}.c{shape}"],
        "functions": [],
        "facts": [],
        "shape": f"select id, c{shape} from {table} where id = ?",
        "tree": "0" * 64,
        "risk": "low",
    }
    verdict: dict[str, Json] = {"action": "refuse" if refused else "allow", "policy": "p" * 64, "rules": ["readers"]}
    body: dict[str, Json] = {
        "session": session,
        "caller": {"ps": ps, "iss": "https://id.example", "client": "claude", "kind": "person"},
        "door": "mcp-http",
        "tool": "query",
        "call_mac": f"{number:064x}",
        "source": {"name": "shop", "dialect": "postgres"},
        "reading": reading,
        "verdict": verdict,
        "payloads": [{"id": f"pay_{number:026d}", "role": "statement", "len": 80, "ct_sha256": "0" * 64, "dek": 1}],
    }
    ended: dict[str, Json] = {"outcome": "refused" if refused else "delivered", "dur_ms": 3}
    if not refused:
        ended["rows"] = 50_000 if number % 9973 == 0 else chance.randrange(200)
    intent = Entry(kind=EntryKind.INTENT, scope=name, attempt=1, slot=Slot.INTENT, body=body)
    return intent, Entry(kind=EntryKind.OUTCOME, scope=name, attempt=1, slot=Slot.OUTCOME, body=ended)


def sealed(sequence: int, at: int, entry: Entry) -> Row:
    """Seal an Entry as the product does."""
    body = seal(entry, ts_ms=at, log=ORIGIN, boot="bench", unit="u")
    slot = None if entry.slot is None else int(entry.slot)
    return sequence, at, entry.kind.value, entry.scope, entry.attempt, slot, body


# ---------------------------------------------------------------- stores


@dataclass(frozen=True)
class Site:
    """One store under measurement."""

    history: StoredHistory
    behind: Callable[[int], str]
    lay: Callable[[Sequence[Row]], Awaitable[None]]
    size: Callable[[], Awaitable[int]]


def someone(who: int) -> Person:
    """Name one of the people."""
    return Person(directory="acme", id=f"p{who}")


def pseudonyms(macs: Macs) -> Callable[[int], str]:
    """Give people the pseudonyms that the store knows them by."""
    return lambda who: subject.of_person(macs, someone(who))


@asynccontextmanager
async def file(folder: Path) -> AsyncIterator[Site]:
    """Open a new SQLite store."""
    path = folder / "assent.db"
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=Still()) as store:
        await store.writer.run(lambda log: log.execute("DELETE FROM open_calls").rowcount)
        shift = (await store.journal.tail(0, 10))[-1].sequence + 1

        async def lay(chunk: Sequence[Row]) -> None:
            moved = [(row[0] + shift, *row[1:]) for row in chunk]

            def append(log: sqlite3.Connection) -> None:
                log.executemany(LAY, moved)
                log.execute("UPDATE log_coord SET next = ?", (moved[-1][0] + 1,))

            await store.writer.run(append)

        async def size() -> int:
            return sum(one.stat().st_size for one in await asyncio.to_thread(lambda: list(folder.rglob("*"))))

        yield Site(store.history, pseudonyms(store.macs), lay, size)


@asynccontextmanager
async def postgres(folder: Path) -> AsyncIterator[Site]:
    """Open a new PostgreSQL store on a server of its own."""
    import asyncpg  # noqa: PLC0415

    from core.stores.postgres.store import PostgresStore  # noqa: PLC0415
    from demo.postgres import Postgres  # noqa: PLC0415
    from tests.pgstore import Ground, make  # noqa: PLC0415

    server = await asyncio.to_thread(Postgres.start, settings=SERVER)
    ground = Ground(server, await make(server, ORIGIN), folder)
    try:
        async with PostgresStore.open(ground.site(), keys=KEYS, origin=ORIGIN, clock=Still()) as store:
            admin = await asyncpg.connect(server.url(ground.database))
            shift = (await store.journal.tail(0, 10))[-1].sequence + 1
            columns = ("seq", "ts_ms", "kind", "scope", "attempt", "slot", "body")

            async def lay(chunk: Sequence[Row]) -> None:
                moved = [(row[0] + shift, *row[1:]) for row in chunk]
                async with admin.transaction():
                    await admin.copy_records_to_table("log_entry", schema_name="assent", records=moved, columns=columns)
                    await admin.execute("UPDATE assent.log_coord SET next = $1", moved[-1][0] + 1)

            async def size() -> int:
                found = await admin.fetchval("SELECT pg_database_size(current_database())")
                return int(found)

            yield Site(store.history, pseudonyms(store.macs), lay, size)
            await admin.close()
    finally:
        await asyncio.to_thread(server.close)


STORES: Final = {"sqlite": file, "postgres": postgres}


# ---------------------------------------------------------------- measuring


async def timed(name: str, act: Callable[[], Awaitable[object]]) -> str:
    """Run one look-up again and again."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        await act()
        spent.append((time.perf_counter() - begun) * 1000)
    cuts = quantiles(spent, n=100)
    return f"{name:34} p50 {cuts[49]:8.2f} ms   p99 {cuts[98]:8.2f} ms"


async def measure(site: Site, calls: int) -> None:
    """Ask what an investigator asks."""
    history = site.history
    chance = random.Random(11)
    at = datetime.fromtimestamp(BEGIN / 1000, UTC)

    def name(kind: str, step: int) -> str:
        return f"{kind}_{chance.randrange(calls // step) * step:026d}"

    def day() -> datetime:
        return at + timedelta(milliseconds=chance.randrange(calls) * PACE)

    def anyone() -> str:
        return site.behind(chance.randrange(PEOPLE))

    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "a session": lambda: history.session(SessionId(name("ses", CALLS))),
        "a session and its calls": lambda: both(history, SessionId(name("ses", CALLS))),
        "one call": lambda: history.find(Search(session=SessionId(name("ses", CALLS))), limit=1),
        "a person's newest 50": lambda: history.find(Search(own=anyone()), limit=50),
        "a person's 50 before a day": lambda: history.find(Search(own=anyone(), until=day()), limit=50),
        "a person under a name": lambda: history.find(Search(people=frozenset({anyone()})), limit=50),
        "newest 50": lambda: history.find(Search(), limit=50),
        "50 before a day": lambda: history.find(Search(until=day()), limit=50),
        "one common word": lambda: history.find(Search(words="select"), limit=50),
        "a rare word": lambda: history.find(Search(words=f"c{chance.randrange(200, SHAPES)}"), limit=50),
        "a table": lambda: history.find(Search(table=f"t{chance.randrange(TABLES)}"), limit=50),
        "a column of a person": lambda: history.find(Search(own=anyone(), column="c1"), limit=50),
        "refused": lambda: history.find(Search(outcome=Outcome.REFUSED), limit=50),
        "50,000 rows or more": lambda: history.find(Search(rows=50_000, countable=True), limit=50),
        "nothing matches, whole budget": lambda: history.find(Search(outcome=Outcome.UNKNOWN), limit=50),
        "newest 20 sessions of a person": lambda: history.sessions(person=someone(chance.randrange(PEOPLE))),
    }
    for label, act in acts.items():
        print(await timed(label, act), flush=True)


async def both(history: StoredHistory, session: SessionId) -> None:
    """Look a Session up with its Calls."""
    assert await history.session(session) is not None
    assert len(await history.calls(session)) == CALLS


async def build(site: Site, entries: int) -> int:
    """Lay the Entries down and let the projection follow; return how many Calls there are."""
    calls, begun, laid = entries * CALLS // (2 * CALLS + 1), time.perf_counter(), 0
    made = rows(calls, site.behind)
    while chunk := list(islice(made, CHUNK)):
        await site.lay(chunk)
        laid += len(chunk)
    spent = time.perf_counter() - begun
    print(f"{laid:,} Entries, {calls:,} Calls laid down in {spent:.0f} s", flush=True)
    begun = time.perf_counter()
    while not await site.history.catch_up(500):
        done = time.perf_counter() - begun
        print(f"  … projected {STEP * 500:,} more, {done:.0f} s", flush=True)
    spent = time.perf_counter() - begun
    print(
        f"projected in {spent:.0f} s: {laid / spent:,.0f} Entries/s; {await site.size() / 2**30:.2f} GiB in all",
        flush=True,
    )
    return calls


async def run(store: str, entries: int, folder: Path, rounds: int) -> None:
    """Build once and measure so many times."""
    async with STORES[store](folder) as site:
        calls = await build(site, entries)
        for _ in range(rounds):
            print(f"load average {os.getloadavg()[0]:.1f}", flush=True)
            await measure(site, calls)
        print(f"load average {os.getloadavg()[0]:.1f}", flush=True)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--store", choices=sorted(STORES), default="sqlite")
    parser.add_argument("--rounds", type=int, default=2, help="of look-ups over the store that was built")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="assent-past-"))
    try:
        asyncio.run(run(asked.store, asked.entries, folder, asked.rounds))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
