"""A search and an export of a store from a copy of its files; what is made of them stands beside the copy."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, LiteralString, TypeVar, final

import orjson

from core.audit.export import lines, ocsf
from core.audit.export.event import Event
from core.audit.export.events import Events
from core.audit.transparency.tree import leaf
from core.errors import AuditUnavailable
from core.ports import Found, Mark, Sealed, Search
from core.stores import rows
from core.stores.lookups.history import StoredHistory
from core.stores.sqlite import schema
from core.stores.sqlite.check import CopiedLog, copied
from core.stores.sqlite.drive import drive
from core.stores.sqlite.words import Fts
from core.stores.steps import Row, Steps, Value, ask

T = TypeVar("T")
ROUND: Final = 5  # steps between two words on how far it is
STRETCH: Final = 500  # Entries worded at once


@final
class Own:
    """The ports Reads and Writes over one connection of our own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def rows(self, sql: LiteralString, *values: Value) -> Sequence[Row]:
        """Run one query."""
        try:
            return self._connection.execute(sql.replace("$", "?"), values).fetchall()
        except UnicodeEncodeError:
            return []

    async def row(self, sql: LiteralString, *values: Value) -> Row | None:
        """Return the first row."""
        found = await self.rows(sql, *values)
        return found[0] if found else None

    async def perform(self, steps: Callable[[], Steps[T]]) -> T:
        """Run steps in a transaction."""
        with self._connection:
            self._connection.execute("BEGIN")
            return drive(self._connection, steps())


@final
class Copied:
    """The port Tail over a copy, read once from an Entry on."""

    def __init__(self, log: CopiedLog, start: int = 0) -> None:
        self._log = log
        self._entries = iter(log.entries(start))

    async def tail(self, _start: int, limit: int) -> tuple[Sealed, ...]:
        """Return the next Entries."""
        return tuple(sealed(one.sequence, one.body) for one in islice(self._entries, limit))

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        """Return the Entries of a scope, in order."""
        found = self._log.perform(ask(rows.SCOPED, scope))
        return tuple(sealed(sequence, body) for sequence, body in found)


def sealed(sequence: int, body: bytes) -> Sealed:
    """Read an Entry."""
    return Sealed(sequence=sequence, body=orjson.loads(body), leaf=leaf(body).hex())


@final
class Nameless:
    """The ports Subjects and Macs where no key is: a pseudonym stays one."""

    async def know(self, pseudonym: str, name: str) -> None:
        """Keep nothing."""

    async def name(self, pseudonym: str) -> str:
        """Return the pseudonym."""
        return pseudonym

    async def named(self, _name: str) -> frozenset[str]:
        """Find nobody."""
        return frozenset()

    def mac(self, _label: str, _content: bytes) -> str:
        """Match nobody."""
        return ""


def events(path: Path, start: int, version: str, *, cef: bool) -> Iterator[str]:
    """Word a copy's Entries from a number on, a line each; statements are shapes, since no key is here.

    Raises: UnsafeStart when there is no store, AuditUnavailable when its Entries cannot be read.
    """
    words = lines.cef if cef else ocsf.line
    try:
        with copied(path) as log, asyncio.Runner() as runner:
            tail = Copied(log, start)
            made = Events(tail=tail, payloads=None, origin=log.origin, version=version)
            while found := runner.run(tail.tail(start, STRETCH)):
                yield from [words(event).decode() for event in runner.run(_all(made, found))]
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise AuditUnavailable(f"{path} cannot be read: {error}") from error


async def _all(made: Events, found: Sequence[Sealed]) -> list[Event]:
    return [await made.of(one) for one in found]


async def searched(path: Path, wanted: Search, after: Mark | None, told: Callable[[], None]) -> Found:
    """Search a copy; `told` is called now and then while it is indexed.

    Raises: UnsafeStart when there is no store, AuditUnavailable when its Entries cannot be read.
    """
    try:
        with (
            copied(path) as log,
            TemporaryDirectory(prefix="assent-find-") as folder,
            closing(schema.writable(Path(folder) / "history.sqlite", schema.HISTORY, full=False)) as file,
        ):
            rows, nameless = Own(file), Nameless()
            history = StoredHistory(
                journal=Copied(log), writer=rows, readers=rows, macs=nameless, subjects=nameless, words=Fts()
            )
            while not await history.catch_up(ROUND):
                told()
            return await history.find(wanted, after=after)
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise AuditUnavailable(f"{path} cannot be read: {error}") from error
