"""Read-only connections over aiosqlite, each lent to one task at a time."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final, LiteralString, final
from urllib.parse import quote

import aiosqlite

from core.errors import AuditUnavailable
from core.stores.steps import Row, Value

AGAIN: Final = 0.05  # seconds until a cancelled query is interrupted again


@final
class Readers:
    """A few connections to one file that cannot write it."""

    def __init__(self, connections: Sequence[aiosqlite.Connection]) -> None:
        self._all = tuple(connections)
        self._free: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for connection in connections:
            self._free.put_nowait(connection)

    @classmethod
    async def open(cls, path: Path, count: int = 1) -> Readers:
        """Open connections; the file must have its writer already.

        Raises: AuditUnavailable.
        """
        made: list[aiosqlite.Connection] = []
        try:
            for _ in range(count):
                connection = await aiosqlite.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
                made.append(connection)
        except sqlite3.Error as error:
            for connection in made:
                await connection.close()
            raise AuditUnavailable(f"{path} cannot be read: {error}") from error
        return cls(made)

    async def rows(self, sql: LiteralString, *values: Value) -> Sequence[Row]:
        """Run one query and return all its rows; a cancelled one is interrupted before its connection is lent again.

        Raises: AuditUnavailable.
        """
        connection = await self._free.get()
        task = asyncio.ensure_future(_fetch(connection, sql, values))
        task.add_done_callback(lambda _: self._free.put_nowait(connection))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            while not task.done():  # an interrupt that comes before the query has begun is lost
                await connection.interrupt()
                await asyncio.wait({task}, timeout=AGAIN)
            if not task.cancelled():
                task.exception()  # an interrupted query raises: retrieved, so that nobody logs it as lost
            raise
        except UnicodeEncodeError:
            return []  # a lone surrogate was asked for: stored text holds none
        except sqlite3.Error as error:
            raise AuditUnavailable(f"the record cannot be read: {error}") from error

    async def row(self, sql: LiteralString, *values: Value) -> Row | None:
        """Return the first row, None when there is none.

        Raises: AuditUnavailable.
        """
        found = await self.rows(sql, *values)
        return found[0] if found else None

    async def close(self) -> None:
        """Close all, also those still lent: their queries end first."""
        for connection in self._all:
            await connection.close()


async def _fetch(connection: aiosqlite.Connection, sql: LiteralString, values: Sequence[Value]) -> Sequence[Row]:
    """Run and fetch in one trip to the connection's thread: of three, two would only carry a cursor."""
    return list(await connection.execute_fetchall(sql.replace("$", "?"), values))
