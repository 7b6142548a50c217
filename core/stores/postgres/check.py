"""Verification of a PostgreSQL store: its log and payloads as they stood at one moment, copied into files of our own.

The copy has the form of a store in a file, so that one verifier reads both. It reads as whoever the URL names, and
writes nothing in the database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, LiteralString

import asyncpg

from core.errors import AuditUnavailable, UnsafeStart
from core.stores.encryption.payloads import ID
from core.stores.postgres.links import CONNECT, LOST, named
from core.stores.postgres.schema import SCHEMA
from core.stores.sqlite import schema
from core.stores.sqlite.files import Place

MANY: Final = 2000  # rows at a time

# What is read -> what it becomes; all in one snapshot. Payloads only as far as this login may see them.
COPIED: Final[tuple[tuple[LiteralString, LiteralString], ...]] = (
    (
        "SELECT id, next, last_us, integrated, origin, min_index FROM log_coord",
        "INSERT INTO log_coord (id, next, last_us, integrated, origin, min_index) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    (
        "SELECT seq, ts_ms, kind, scope, attempt, slot, body, codec FROM log_entry ORDER BY seq",
        "INSERT INTO log_entry (seq, ts_ms, kind, scope, attempt, slot, body, codec) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    ),
    ("SELECT id, d FROM log_tile", "INSERT INTO log_tile (id, d) VALUES (?, ?)"),
    (
        "SELECT size, root, ts_ms, note FROM log_checkpoint",
        "INSERT INTO log_checkpoint (size, root, ts_ms, note) VALUES (?, ?, ?, ?)",
    ),
    (
        "SELECT size, witness, line FROM log_cosig",
        "INSERT INTO log_cosig (size, witness, line) VALUES (?, ?, ?)",
    ),
)
# Column 0 names the month in which a payload came.
PAYLOADS: Final[LiteralString] = "SELECT id, call_id, role, dek, nonce, ct FROM payload"
PUT: Final[LiteralString] = "INSERT INTO payload (id, call_id, role, dek, nonce, ct) VALUES (?, ?, ?, ?, ?, ?)"


@asynccontextmanager
async def copied(url: str) -> AsyncIterator[Path]:
    """Copy a store's log to a file that lasts as long as the block.

    Raises: UnsafeStart when there is no store that this login may read, AuditUnavailable.
    """
    with TemporaryDirectory(prefix="assent-verify-") as folder:
        yield await copy(url, Path(folder))


async def copy(url: str, folder: Path) -> Path:
    """Copy a store's log and payloads into a folder, all of one moment; return the file.

    Raises: UnsafeStart when there is no store that this login may read, AuditUnavailable.
    """
    path = folder / "assent.db"
    try:
        link = await asyncpg.connect(url, timeout=CONNECT, server_settings={"search_path": SCHEMA})
    except (asyncpg.PostgresError, *LOST) as error:
        raise AuditUnavailable(f"the store cannot be reached: {named(error)}") from error
    try:
        async with link.transaction(isolation="repeatable_read", readonly=True):
            await _copy(link, Place(path))
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError) as error:
        raise UnsafeStart("there is no store here that this login may read") from error
    except (asyncpg.PostgresError, *LOST) as error:
        raise AuditUnavailable(f"the store cannot be copied: {named(error)}") from error
    finally:
        link.terminate()
    return path


async def _copy(link: asyncpg.Connection[asyncpg.Record], place: Place) -> None:
    place.folder.mkdir(mode=0o700)
    with closing(sqlite3.connect(place.database)) as log:
        log.execute("PRAGMA ignore_check_constraints = ON")
        for statement in schema.LOG:
            # no index that refuses: what is there twice is for the verifier to say
            if statement.startswith(("CREATE TABLE", "CREATE INDEX")):
                log.execute(statement)
        for read, written in COPIED:
            async for rows in _slices(link, read):
                log.executemany(written, rows)
        log.commit()
    months: dict[str, sqlite3.Connection] = {}
    try:
        async for rows in _slices(link, PAYLOADS):
            for row in rows:
                _shelve(months, place, row)
    finally:
        for month in months.values():
            month.commit()
            month.close()


async def _slices(
    link: asyncpg.Connection[asyncpg.Record], read: LiteralString
) -> AsyncIterator[Sequence[tuple[object, ...]]]:
    cursor = await link.cursor(read)
    while rows := await cursor.fetch(MANY):
        yield [tuple(row) for row in rows]


def _shelve(months: dict[str, sqlite3.Connection], place: Place, row: tuple[object, ...]) -> None:
    found = ID.fullmatch(str(row[0]))
    if found is None:
        return  # no payload of ours; an Entry that names it finds nothing
    month = months.get(found[1])
    if month is None:
        month = months[found[1]] = sqlite3.connect(place.payloads(found[1]))
        for statement in schema.PAYLOADS:
            month.execute(statement)
    month.execute(PUT, row)
