"""`python -m bench --keeping`: whose data keys are whose, in a store of as many Sessions as ten million Entries have.

Rows of Sessions and keys are laid into the store's files at once; what is timed is what an erasure and
`assent audit retention --dry-run` ask, through the ports.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from bench.stores import ORIGIN, keys
from core.assembly import SystemClock
from core.custody.keeper import Keeper
from core.model import Entry, EntryKind
from core.ports import Extent, ExtentKind, LiveKey, SetHold, Unit
from core.stores.sqlite.files import Place
from core.stores.sqlite.store import SqliteStore

SESSIONS: Final = 244_000  # of ten million Entries, with twenty Calls each
PEOPLE: Final = 400
TRIES: Final = 3
DAY: Final = 86_400_000_000  # us


@dataclass
class Times:
    """What was asked, and how long it took; ms."""

    lines: list[str] = field(default_factory=list)

    async def of(self, name: str, act: Callable[[], Awaitable[object]]) -> None:
        """Ask again and again."""
        spent = []
        for _ in range(TRIES):
            begun = time.perf_counter()
            await act()
            spent.append((time.perf_counter() - begun) * 1000)
        self.lines.append(f"{name:48} {median(spent):8.1f} ms ({min(spent):.1f}-{max(spent):.1f})")


async def shown(say: Callable[[str], None], *, sessions: int = SESSIONS) -> str:
    """Measure, and say what was seen."""
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as folder:
        path = Path(folder) / "assent.db"
        same = keys()
        async with SqliteStore.open(path, keys=same, origin=ORIGIN, clock=SystemClock()):
            pass
        say(f"a store of {sessions:,} Sessions and {2 * sessions:,} data keys")
        lay(Place(path), sessions)
        async with SqliteStore.open(path, keys=same, origin=ORIGIN, clock=SystemClock()) as store:
            return "\n".join([f"{sessions:,} Sessions, {2 * sessions:,} data keys", *(await timed(store)).lines])


def lay(place: Place, sessions: int) -> None:
    """Lay rows of Sessions and of their data keys down, a day's by the day."""
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    with closing(sqlite3.connect(place.database)) as log, log:
        log.executemany(
            "INSERT INTO sessions (id, key, began_at, last_at, ps, person, live, ended_at, manifest_at)"
            " VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)",
            _sessions(sessions, now),
        )
    with closing(sqlite3.connect(place.keys)) as held, held:
        held.executemany(
            "INSERT INTO dek (kind, purpose, session, source, call, person, day, origin, wrapped, wrapping)"
            " VALUES ('session', ?, ?, 'shop', '', '', ?, ?, x'00', 'bench')",
            (
                (purpose, f"ses_{number:026d}", (now - number % 400 * DAY) // DAY, ORIGIN)
                for number in range(sessions)
                for purpose in ("questions", "results")
            ),
        )


def _sessions(many: int, now: int) -> Iterator[tuple[object, ...]]:
    for number in range(many):
        at = now - number % 400 * DAY
        who = number % PEOPLE
        yield f"ses_{number:026d}", f"k{number}", at, at, f"ps{who}", f"person{who}", at, at


async def timed(store: SqliteStore) -> Times:
    """Ask what custody asks."""
    times, person = Times(), Extent(kind=ExtentKind.PERSON, id="person7")
    keeper = Keeper(
        journal=store.journal,
        keys=store.ring,
        custody=store.custody,
        months=store.payloads,
        results=store.reviews,
        clock=SystemClock(),
        configured={"questions": 365, "results": 365},
    )
    await keeper.start()

    async def owned() -> tuple[LiveKey, ...]:
        return await store.ring.owned(await store.custody.owned(person))

    await times.of(f"all {len(await owned()):,} data keys of a person", owned)
    await times.of("retention --dry-run, older than 365 days", keeper.due)
    said = Entry(kind=EntryKind.HOLD_SET, body={"of": {"kind": "person", "id": person.id}, "by": "p"})
    await store.journal.commit(Unit(entries=(said,), changes=(SetHold(extent=person),)))
    await times.of("the same under a hold of that person", keeper.due)
    return times
