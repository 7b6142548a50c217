"""A copy of a PostgreSQL store while it runs, in the form that a file store's has, and a store from either.

The record, its operational rows and the payloads are of one snapshot; data keys are read after it, so that one that was
destroyed meanwhile is not in the copy. A store is made anew in files of our own first, where it is verified, closed and
ended as every restored store is, and then comes into the database in one transaction with its schema: there is no half.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, LiteralString

from core.errors import UnsafeStart
from core.ports import Clock
from core.stores import files
from core.stores.encryption.payloads import ID
from core.stores.encryption.vault import Keys
from core.stores.postgres import schema
from core.stores.postgres.checks import versioned
from core.stores.postgres.links import Link
from core.stores.postgres.secured import SECURED
from core.stores.postgres.setup import connected
from core.stores.sqlite import copies as staged
from core.stores.sqlite import schema as files_schema
from core.stores.sqlite.files import Place, private
from core.stores.sqlite.sheet import LOG, Sheet, Source, fresh, write

MANY: Final = 2000  # rows at a time
PAYLOAD: Final = "payload"
# Row security shows each role its own: the copy of whoever sees less would miss rows, and nobody would know.
SEES: Final[LiteralString] = (
    "SELECT r.rolsuper OR r.rolbypassrls OR (pg_catalog.pg_has_role(session_user, 'assent_gateway', 'USAGE')"
    " AND pg_catalog.pg_has_role(session_user, 'assent_people', 'USAGE'))"
    " FROM pg_catalog.pg_roles r WHERE r.rolname = session_user"
)
COUNTED: Final = (("dek", "id"), ("key_named", "n"), ("votes", "n"))  # numbers that the database goes on giving


async def backup(url: str, folder: Path, keys: Path) -> Sheet:
    """Copy a running store into a new folder, and its wrapped data keys into a new file elsewhere.

    Raises: UnsafeStart when there is no store that this login sees whole, or something stands where the copy goes;
    AuditUnavailable.
    """
    async with connected(url) as link:
        await versioned(link)
        if not await link.fetchval(SEES):
            raise UnsafeStart("this login sees a part of the store alone: copy it as a DBA, or with every role")
        with fresh(folder, keys):
            async with link.transaction(isolation="repeatable_read", readonly=True):
                await _read(link, folder / LOG, (*files_schema.LOG, *files_schema.ROWS))
                await _payloads(link, folder)
            async with link.transaction(isolation="repeatable_read", readonly=True):
                await _read(link, keys, files_schema.KEYS)
            return write(folder, keys)


async def restore(url: str, signed: Path, source: Source, *, keys: Keys, base: str, clock: Clock) -> str:
    """Make a store from a copy in a database that has none, closed and under a new name, which it returns.

    `signed` is where the signer keeps what it signed last; what a lost store's left there is kept beside it.
    Raises: UnsafeStart naming what is wrong with the copy, the database or the keys; AuditUnavailable.
    """
    with TemporaryDirectory(prefix="assent-restore-", dir=signed.parent) as folder:
        place = Place(Path(folder) / LOG)
        async with connected(url) as link:
            await _vacant(link)
        origin = await asyncio.to_thread(staged.anew, place, source, keys=keys, base=base, clock=clock)
        async with connected(url) as link:
            await _load(link, place)
        _signs(signed, place)
    return origin


def _signs(signed: Path, place: Place) -> None:
    """Let the signer go on from here: behind the store, for one that does not stand must not take another's place."""
    if signed.exists():
        signed.replace(signed.with_name(f"{signed.name}.before"))
    files.replace(signed, place.signed.read_bytes())


# ---------------------------------------------------------------- from the database


async def _read(link: Link, path: Path, tables: Sequence[LiteralString]) -> None:
    """Copy tables into a file that is made with the same ones."""
    private(path)
    with closing(files_schema.writable(path, tuple(tables))) as made:
        for table, columns in _columns(made):
            cursor = await link.cursor(f"SELECT {', '.join(columns)} FROM {table}")
            written = f"INSERT INTO {table} VALUES ({', '.join('?' for _ in columns)})"
            while rows := await cursor.fetch(MANY):
                with _transaction(made):
                    made.executemany(written, [tuple(row) for row in rows])


async def _payloads(link: Link, folder: Path) -> None:
    """Copy payloads into a file for each month in which they came."""
    cursor = await link.cursor("SELECT id, call_id, role, dek, nonce, ct FROM payload")
    months: dict[str, sqlite3.Connection] = {}
    with contextlib.ExitStack() as stack:
        while rows := await cursor.fetch(MANY // 10):
            for row in rows:
                found = ID.fullmatch(row["id"])
                if found is None:
                    raise UnsafeStart(f"{row['id']} is no payload of ours: run assent audit verify")
                month = months.get(found[1])
                if month is None:
                    path = folder / f"payloads-{found[1]}.sqlite"
                    private(path)
                    month = months[found[1]] = stack.enter_context(
                        closing(files_schema.writable(path, files_schema.PAYLOADS))
                    )
                    month.execute("BEGIN")
                month.execute("INSERT INTO payload VALUES (?, ?, ?, ?, ?, ?)", tuple(row))
        for month in months.values():
            month.execute("COMMIT")


@contextlib.contextmanager
def _transaction(made: sqlite3.Connection) -> Iterator[None]:
    made.execute("BEGIN")
    yield
    made.execute("COMMIT")


def _columns(made: sqlite3.Connection) -> list[tuple[str, list[str]]]:
    """Name a file's tables and their columns, in order."""
    tables = [name for (name,) in made.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return [(table, [row[1] for row in made.execute(f"PRAGMA table_info({table})")]) for table in tables]


# ---------------------------------------------------------------- into the database


async def _vacant(link: Link) -> None:
    """Check that no store is there, before anything is done.

    Raises: UnsafeStart.
    """
    if await link.fetchval("SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'assent')"):
        raise UnsafeStart("there is a schema assent in this database already: name one that has none")


async def _load(link: Link, place: Place) -> None:
    """Make schema, roles and rights, and fill them, in one transaction.

    As the schema's owner, whom row security and the triggers let in for this transaction, in which nobody else sees it.
    """
    await link.execute(schema.begun())
    await _lifted(link, "NO FORCE", "DISABLE")
    for path in (place.database, place.keys, *place.months()):
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as made:
            for table, columns in _columns(made):
                rows = made.execute(f"SELECT {', '.join(columns)} FROM {table}")
                await link.copy_records_to_table(table, records=rows, columns=columns, schema_name=schema.SCHEMA)
    for table, number in COUNTED:
        await link.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{number}'), (SELECT max({number}) FROM {table}))"
        )
    await _lifted(link, "FORCE", "ENABLE")
    await link.execute(schema.ended())


async def _lifted(link: Link, security: str, trigger: str) -> None:
    for table in SECURED:
        await link.execute(f"ALTER TABLE {table} {security} ROW LEVEL SECURITY")
    await link.execute(f"ALTER TABLE reviews {trigger} TRIGGER USER")
