"""The Journal: units become Entries and rows in one transaction, numbered without gaps, or nothing of them remains."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, LiteralString, TypeAlias, final

import orjson

from core.audit.transparency.tree import leaf
from core.audit.unit import check
from core.errors import Lost, SlotTaken
from core.model import CallId
from core.ports import Clock, Committed, Sealed, Unit
from core.stores import rows
from core.stores.operational import changes, standing
from core.stores.sqlite.batch import Batch
from core.stores.sqlite.drive import drive
from core.stores.sqlite.readers import Readers
from core.stores.sqlite.writer import Gang, Writer, apart, attempted
from core.stores.steps import Row, Steps

ENTRY: Final[LiteralString] = "SELECT seq, body FROM log_entry "
Beside: TypeAlias = Callable[[datetime], Steps[None]]


@final
class SqliteJournal:
    """The log of one store; every append goes through its one writer."""

    def __init__(self, *, writer: Writer, readers: Readers, clock: Clock, origin: str, boot: str) -> None:
        self._writer = writer
        self._readers = readers
        self._clock = clock
        self._origin = origin
        self._boot = boot
        self._plain = Gang(self._together)

    async def commit(self, unit: Unit) -> Committed:
        """Make a unit durable.

        Raises: as `core.ports.Journal.commit`; Malformed and IllegalMove for mistakes in the program.
        """
        return await self.write(unit)

    async def write(self, unit: Unit, beside: Beside | None = None) -> Committed:
        """Make a unit durable together with rows that only the store itself knows (Sessions)."""
        check(unit)
        if not unit.changes and beside is None:
            return await self._writer.join(self._plain, unit)
        return await self._writer.run(lambda connection: self._apply(connection, unit, beside))

    def record(self, connection: sqlite3.Connection, unit: Unit) -> Committed:
        """Apply a unit in a transaction that the writing thread itself has open."""
        return self._apply(connection, unit)

    def _begun(self, connection: sqlite3.Connection) -> Batch:
        return Batch(connection, now=self._clock.now(), log=self._origin, boot=self._boot)

    def _apply(self, connection: sqlite3.Connection, unit: Unit, beside: Beside | None = None) -> Committed:
        """Apply a unit behind its savepoint: guards by the store's clock, rows, Entries from the next number on."""
        batch = self._begun(connection)
        now = batch.now
        _guard(connection, unit, now)
        for change in unit.changes:
            drive(connection, changes.apply(change, unit.entries, now))
        if beside is not None:
            drive(connection, beside(now))
        committed = batch.add(unit)
        batch.write()
        return committed

    def _together(self, connection: sqlite3.Connection, units: Sequence[Unit]) -> Sequence[Committed | Exception]:
        """Apply units of Entries alone as one; where one of them takes a taken slot, each by itself."""
        connection.execute("SAVEPOINT units")
        batch = self._begun(connection)
        said = [attempted(partial(_added, connection, batch, unit)) for unit in units]
        try:
            batch.write()
        except (SlotTaken, sqlite3.IntegrityError):
            connection.execute("ROLLBACK TO units")
            said = [apart(connection, partial(self._apply, unit=unit)) for unit in units]
        connection.execute("RELEASE units")
        return said

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        """All Entries of a call or review, in sequence order."""
        found = await self._readers.rows(rows.SCOPED, scope)
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


def _guard(connection: sqlite3.Connection, unit: Unit, now: datetime) -> None:
    """Check a unit's guards by the store's clock.

    Raises: Lost, Blocked, Superseded.
    """
    if unit.before is not None and now >= unit.before:
        raise Lost("its time is over")
    if unit.after is not None and now < unit.after:
        raise Lost("its time has not come")
    if unit.unblocked or unit.policy:
        drive(connection, standing.guarded(unit, now))


def _added(connection: sqlite3.Connection, batch: Batch, unit: Unit) -> Committed:
    """Take a unit into a batch.

    Raises: Lost, Blocked, Superseded, Malformed.
    """
    _guard(connection, unit, batch.now)
    return batch.add(unit)
