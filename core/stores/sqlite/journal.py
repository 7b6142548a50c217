"""The Journal: units become Entries and rows in one transaction, numbered without gaps, or nothing of them remains."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Final, LiteralString, final

import orjson

from core.audit.entry import seal
from core.audit.tree import leaf
from core.audit.unit import check
from core.errors import Lost, SlotTaken
from core.model import CallId, Entry, EntryKind, Outcome
from core.ports import Clock, Committed, Sealed, Unit
from core.stores import changes, rows, standing
from core.stores.sqlite.drive import drive
from core.stores.sqlite.readers import Readers
from core.stores.sqlite.writer import Writer
from core.stores.steps import Row, Steps

ENTRY: Final[LiteralString] = "SELECT seq, body FROM log_entry "


def _nothing(_: datetime) -> Steps[None]:
    """Write no rows beside a unit's own."""
    yield from ()


@final
class SqliteJournal:
    """The log of one store; every append goes through its one writer."""

    def __init__(self, *, writer: Writer, readers: Readers, clock: Clock, origin: str, boot: str) -> None:
        self._writer = writer
        self._readers = readers
        self._clock = clock
        self._origin = origin
        self._boot = boot

    async def commit(self, unit: Unit) -> Committed:
        """Make a unit durable.

        Raises: as `core.ports.Journal.commit`; Malformed and IllegalMove for mistakes in the program.
        """
        return await self.write(unit)

    async def write(self, unit: Unit, beside: Callable[[datetime], Steps[None]] = _nothing) -> Committed:
        """Make a unit durable together with rows that only the store itself knows (Sessions)."""
        check(unit)
        return await self._writer.run(lambda connection: self._apply(connection, unit, beside))

    def record(self, connection: sqlite3.Connection, unit: Unit) -> Committed:
        """Apply a unit in a transaction that the writing thread itself has open."""
        return self._apply(connection, unit, _nothing)

    def _apply(
        self, connection: sqlite3.Connection, unit: Unit, beside: Callable[[datetime], Steps[None]]
    ) -> Committed:
        """Apply a unit behind its savepoint: guards by the store's clock, rows, Entries from the next number on."""
        first, last = connection.execute("SELECT next, last_us FROM log_coord").fetchone()
        # Time never goes back: a clock set back would prolong an approval.
        now = max(self._clock.now(), rows.instant(last))
        if unit.before is not None and now >= unit.before:
            raise Lost("its time is over")
        if unit.after is not None and now < unit.after:
            raise Lost("its time has not come")
        drive(connection, standing.guarded(unit, now))
        for change in unit.changes:
            drive(connection, changes.apply(change, unit.entries, now))
        drive(connection, beside(now))
        name, stamp = secrets.token_hex(8), rows.micros(now) // 1000
        leaves: list[str] = []
        for sequence, entry in enumerate(unit.entries, first):
            body = seal(entry, ts_ms=stamp, log=self._origin, boot=self._boot, unit=name)
            _append(connection, sequence, stamp, entry, body)
            leaves.append(leaf(body).hex())
        after = first + len(leaves)
        connection.execute("UPDATE log_coord SET next = ?, last_us = ?", (after, rows.micros(now)))
        return Committed(at=now, unit=name, sequences=tuple(range(first, after)), leaves=tuple(leaves))

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        """All Entries of a call or review, in sequence order."""
        found = await self._readers.rows(ENTRY + "WHERE scope = ? ORDER BY seq", scope)
        return tuple(sealed(row) for row in found)

    async def tail(self, start: int, limit: int) -> tuple[Sealed, ...]:
        """Entries from a sequence number on."""
        found = await self._readers.rows(ENTRY + "WHERE seq >= ? ORDER BY seq LIMIT ?", start, limit)
        return tuple(sealed(row) for row in found)

    async def open_calls(self) -> tuple[CallId, ...]:
        """Calls with an INTENT and no final OUTCOME, oldest first."""
        found = await self._readers.rows("SELECT call_id FROM open_calls WHERE unknown = 0 ORDER BY seq")
        return tuple(CallId(call) for (call,) in found)

    async def indeterminate(self) -> tuple[CallId, ...]:
        """Calls whose OUTCOME is `unknown` and that nothing has resolved, oldest first."""
        found = await self._readers.rows("SELECT call_id FROM open_calls WHERE unknown = 1 ORDER BY seq")
        return tuple(CallId(call) for (call,) in found)


def sealed(row: Row) -> Sealed:
    """Decode (seq, body)."""
    sequence, body = row
    return Sealed(sequence=sequence, body=orjson.loads(body), leaf=leaf(body).hex())


def _append(connection: sqlite3.Connection, sequence: int, stamp: int, entry: Entry, body: bytes) -> None:
    slot = None if entry.slot is None else int(entry.slot)
    try:
        connection.execute(
            "INSERT INTO log_entry (seq, ts_ms, kind, scope, attempt, slot, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (sequence, stamp, entry.kind.value, entry.scope, entry.attempt, slot, body),
        )
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
            raise
        raise SlotTaken(f"{entry.scope} {entry.attempt} {slot} is taken") from error
    _follow(connection, sequence, entry)


def _follow(connection: sqlite3.Connection, sequence: int, entry: Entry) -> None:
    """Keep the lists of Calls that recovery looks at, of those that nobody can tell about, and of each Session's."""
    if entry.kind is EntryKind.INTENT:
        connection.execute(
            "INSERT INTO open_calls (call_id, seq) VALUES (?, ?) ON CONFLICT DO NOTHING", (entry.scope, sequence)
        )
        connection.execute(
            "INSERT INTO session_calls (session, call_id, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (entry.body["session"], entry.scope, sequence),
        )
    elif entry.kind is EntryKind.SESSION_OPEN:
        connection.execute("UPDATE sessions SET opened = ? WHERE id = ?", (sequence, entry.body["session"]))
    elif entry.kind is EntryKind.OUTCOME and entry.body["outcome"] == Outcome.UNKNOWN.value:
        connection.execute("UPDATE open_calls SET unknown = 1 WHERE call_id = ?", (entry.scope,))
    elif entry.kind is EntryKind.RESOLVED or (entry.kind is EntryKind.OUTCOME and entry.body.get("final") is not False):
        connection.execute("DELETE FROM open_calls WHERE call_id = ?", (entry.scope,))
