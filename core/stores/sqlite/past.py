"""A search of a store from a copy of its files: the projection is built anew beside the copy, and goes with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, LiteralString, TypeVar, final

import orjson

from core.audit.tree import leaf
from core.errors import AuditUnavailable
from core.ports import Found, Mark, Sealed, Search
from core.stores.history import StoredHistory
from core.stores.sqlite import schema
from core.stores.sqlite.check import CopiedLog, copied
from core.stores.sqlite.drive import drive
from core.stores.sqlite.words import Fts
from core.stores.steps import Row, Steps, Value

T = TypeVar("T")
ROUND: Final = 5  # steps between two words on how far it is


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
    """The port Tail over a copy, read once from its first Entry on."""

    def __init__(self, log: CopiedLog) -> None:
        self._entries = iter(log.entries())

    async def tail(self, _start: int, limit: int) -> tuple[Sealed, ...]:
        """Return the next Entries."""
        return tuple(
            Sealed(sequence=one.sequence, body=orjson.loads(one.body), leaf=leaf(one.body).hex())
            for one in islice(self._entries, limit)
        )


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
