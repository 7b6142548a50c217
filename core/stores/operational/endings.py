"""How Sessions end: closed when they fell silent, with a manifest of all their Entries; one each hour while they go on.

A manifest is cut at a number of the log that was read after the Calls it counts, so that nothing before it is missing.
Of several processes the one whose row is still as it was read writes it. What comes after a Session was closed (a Call
of unknown outcome that somebody resolves) is told by one more manifest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, LiteralString, Protocol, final

from core.audit.entry import session_close
from core.audit.transparency.tree import leaf
from core.audit.verification.manifest import Growing, manifest
from core.errors import Lost
from core.model import Entry
from core.ports import Clock, Unit
from core.stores import rows
from core.stores.operational.sessions import SILENCE, TOUCH
from core.stores.steps import Ledger, Reads, Row, Steps, Writes, ask, one

PERIOD: Final = 60.0  # seconds between looks
HOUR: Final = timedelta(hours=1)
SILENT: Final = SILENCE + 2 * TOUCH  # its last Call is written down within a minute, by clocks less than one apart
MANY: Final = 1000  # rows of one read, Sessions of one look
PATIENCE: Final = 10.0  # seconds that a process which leaves spends on what it can end

COLUMNS: Final[LiteralString] = "SELECT id, opened, last_at, ended_at, manifest_at, grown FROM sessions "
DUE: Final[LiteralString] = (
    COLUMNS + "WHERE ended_at IS NULL AND (last_at <= $1 OR manifest_at <= $2) ORDER BY last_at LIMIT $3"
)
LATE: Final[LiteralString] = (
    COLUMNS + "WHERE ended_at IS NOT NULL AND id IN (SELECT session FROM session_calls) AND NOT EXISTS (SELECT 1"
    " FROM open_calls o JOIN session_calls c ON c.call_id = o.call_id WHERE c.session = sessions.id) LIMIT $1"
)
OPEN: Final[LiteralString] = COLUMNS + "WHERE ended_at IS NULL ORDER BY last_at"
RUNNING: Final[LiteralString] = (
    "SELECT o.unknown FROM open_calls o JOIN session_calls c ON c.call_id = o.call_id WHERE c.session = $1"
)
FIRST: Final[LiteralString] = "SELECT seq, body FROM log_entry WHERE seq = $1"
MEMBERS: Final[LiteralString] = (  # each half by its own index; CROSS JOIN: SQLite looks the Calls up first
    "WITH mine (scope) AS (SELECT call_id FROM session_calls WHERE session = $1 UNION ALL SELECT r.id FROM reviews r"
    " JOIN session_calls c ON c.call_id = r.call_id WHERE c.session = $1)"
    " SELECT e.seq, e.body FROM mine m CROSS JOIN log_entry e"
    " WHERE e.scope = m.scope AND e.slot IS NOT NULL AND e.seq > $2 AND e.seq < $3"
    " UNION ALL SELECT e.seq, e.body FROM mine m CROSS JOIN log_entry e"
    " WHERE e.scope = m.scope AND e.slot IS NULL AND e.seq > $2 AND e.seq < $3 ORDER BY seq LIMIT $4"
)
GO_ON: Final[LiteralString] = (
    "UPDATE sessions SET manifest_at = $1, grown = $2 WHERE id = $3 AND grown = $4 AND manifest_at = $5 RETURNING id"
)
END: Final[LiteralString] = (
    "UPDATE sessions SET manifest_at = $1, grown = $2, live = 0, ended_at = coalesce(ended_at, $1)"
    " WHERE id = $3 AND grown = $4 AND manifest_at = $5 AND last_at = $6 RETURNING id"
)
FORGET: Final[LiteralString] = "DELETE FROM session_calls WHERE session = $1 AND seq < $2"


class Watching(Protocol):
    """Awaits work that nobody waits for."""

    async def over(self, name: str, work: Awaitable[None]) -> None:
        """Await it; what it raises becomes an alert."""
        ...


@final
@dataclass(frozen=True, slots=True)
class _Session:
    """A Session's row as it was read."""

    id: str
    opened: int | None
    last_at: int
    ended_at: int | None
    manifest_at: int
    grown: str

    def silent(self, now: datetime) -> bool:
        """Whether no Call can join it any more."""
        return rows.instant(self.last_at) + SILENT <= now


@final
@dataclass(frozen=True, slots=True)
class _Read:
    """A Session's Entries as they stood."""

    start: int  # Calls whose INTENT stands before it were looked at
    running: Sequence[Row]  # of each that has no final OUTCOME: whether it is unknown
    grown: Growing


@final
class Endings:
    """Writes `session.close` and `session.manifest`; one in each process that runs Calls."""

    def __init__(self, *, journal: Ledger, writer: Writes, readers: Reads, clock: Clock) -> None:
        self._journal = journal
        self._writer = writer
        self._readers = readers
        self._clock = clock

    async def serve(self, watch: Watching) -> None:
        """Look every minute, until cancelled; what it raises is an alert."""
        while True:
            await watch.over("sessions", self.sweep())
            await asyncio.sleep(PERIOD)

    async def sweep(self) -> None:
        """End what fell silent, and tell what goes on for an hour since it was told.

        Raises: StoreError.
        """
        now = self._clock.now()
        silent, told = rows.micros(now - SILENT), rows.micros(now - HOUR)
        due = [*await self._readers.rows(DUE, silent, told, MANY), *await self._readers.rows(LATE, MANY)]
        for row in due:
            found = _Session(*row)
            await self._settle(found, ends=found.silent(now), due=found.manifest_at <= told)

    async def close(self) -> None:
        """End all Sessions that nothing runs in: the only process of a store leaves.

        Raises: StoreError.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        for row in await self._readers.rows(OPEN):
            if loop.time() >= until:
                return  # the next start finds them silent
            await self._settle(_Session(*row), ends=True, due=True)

    async def _settle(self, session: _Session, *, ends: bool, due: bool) -> None:
        read = await self._read(session)
        ended = session.ended_at is not None
        closes = ends and not ended and all(unknown for (unknown,) in read.running)
        if not (closes or ended or due):
            return  # silent, but a Call of it runs
        entries = worded(session, read.grown, closes=closes)
        if not entries and not ended:
            moved: Final = "UPDATE sessions SET manifest_at = $1 WHERE id = $2 AND manifest_at = $3"
            now = rows.micros(self._clock.now())
            await self._writer.perform(lambda: ask(moved, now, session.id, session.manifest_at))
            return

        def beside(at: datetime) -> Steps[None]:
            stamp, packed = rows.micros(at), read.grown.pack()
            seen = (stamp, packed, session.id, session.grown, session.manifest_at)
            ending = closes or ended
            row = yield from one(END, *seen, session.last_at) if ending else one(GO_ON, *seen)
            if row is None:
                raise Lost("another process told of it")
            if ending and not read.running:
                yield from ask(FORGET, session.id, read.start)

        try:
            await self._journal.write(Unit(entries=entries), beside)
        except Lost:
            return  # it was told of, or a Call came: the next look sees

    async def _read(self, session: _Session) -> _Read:
        """Read what no manifest covered; the Calls first, then up to where, so that no end of theirs is missed."""
        start = await self._next()
        running = await self._readers.rows(RUNNING, session.id)
        end = await self._next()
        grown = Growing.unpack(session.grown)
        if not grown.count and session.opened is not None:
            _take(grown, await self._readers.rows(FIRST, session.opened))
        while found := await self._readers.rows(MEMBERS, session.id, grown.last, end, MANY):
            _take(grown, found)
        return _Read(start, running, grown)

    async def _next(self) -> int:
        row = await self._readers.row("SELECT next FROM log_coord")
        return int(row[0]) if row else 0


def worded(session: _Session, grown: Growing, *, closes: bool) -> tuple[Entry, ...]:
    """Word what is to be said of a Session: its end with its manifest, or a manifest where anything came."""
    if closes:
        return (session_close(session.id), manifest(session.id, grown))
    news = grown.count > Growing.unpack(session.grown).count
    return (manifest(session.id, grown),) if news else ()


def _take(grown: Growing, found: Sequence[Row]) -> None:
    for sequence, body in found:
        grown.add(sequence, leaf(body))
