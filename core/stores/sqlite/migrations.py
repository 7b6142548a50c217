"""From an older version of a store's files to the one that this program writes: forward alone, each file at once.

Of the files the log's is last: until it is of this version no process of this program opens the store, and what was
done before a crash is done already. No row of the log is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Final, LiteralString

from core.errors import UnsafeStart
from core.stores.sqlite import schema
from core.stores.sqlite.files import Lock, Place, refuse_half

# From a version -> what makes the tables of the next one, in the log's file; the other files did not change yet.
STEPS: Final[Mapping[int, tuple[LiteralString, ...]]] = MappingProxyType(
    {
        9: (
            "ALTER TABLE key_named ADD COLUMN public TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE key_named ADD COLUMN turned_at INTEGER",
        ),
        10: (
            "CREATE TABLE ticket (name TEXT PRIMARY KEY, row TEXT NOT NULL, ends INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE INDEX ticket_ends ON ticket(ends)",
        ),
        11: (  # an account was "lookups SOURCE PERSON" of a day; what was used of it stays used
            "ALTER TABLE budgets RENAME TO used_by_day",
            (
                "CREATE TABLE budgets (account TEXT NOT NULL, since INTEGER NOT NULL, spent INTEGER NOT NULL,"
                " PRIMARY KEY (account, since))"
            ),
            (
                'INSERT INTO budgets SELECT \'["", "\' || substr(account, 1, a - 1) || \'", "day", "caller", "\''
                " || substr(account, a + b + 1) || '\", \"' || substr(account, a + 1, b - 1) || '\"]',"
                " strftime('%s', day) * 1000000, spent FROM (SELECT *, instr(account, ' ') AS a,"
                " instr(substr(account, instr(account, ' ') + 1), ' ') AS b FROM used_by_day)"
            ),
            "DROP TABLE used_by_day",
            (
                "CREATE TABLE reserved (call_id TEXT NOT NULL, attempt INTEGER NOT NULL, account TEXT NOT NULL,"
                " since INTEGER NOT NULL, measure TEXT NOT NULL, amount INTEGER NOT NULL,"
                " PRIMARY KEY (call_id, attempt, account))"
            ),
            "CREATE INDEX reserved_account ON reserved(account, since)",
        ),
        12: (
            (
                "CREATE TABLE slack_links (team TEXT NOT NULL, slack_user TEXT NOT NULL, directory TEXT NOT NULL,"
                " person TEXT NOT NULL, email TEXT NOT NULL, linked_at INTEGER NOT NULL,"
                " PRIMARY KEY (team, slack_user), UNIQUE (team, directory, person))"
            ),
            "CREATE UNIQUE INDEX slack_links_email ON slack_links(team, directory, email) WHERE email <> ''",
        ),
        13: (
            (
                "CREATE TABLE grants (id TEXT PRIMARY KEY, review TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL,"
                " most INTEGER NOT NULL, total INTEGER NOT NULL, until INTEGER NOT NULL,"
                " uses INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0, ended_at INTEGER,"
                " row TEXT NOT NULL)"
            ),
            "CREATE INDEX grants_fingerprint ON grants(fingerprint) WHERE ended_at IS NULL",
            "CREATE INDEX grants_until ON grants(until) WHERE ended_at IS NULL",
            (
                "CREATE TABLE granted (call_id TEXT PRIMARY KEY, of TEXT NOT NULL, number INTEGER NOT NULL,"
                " rows INTEGER NOT NULL DEFAULT 0)"
            ),
            "CREATE INDEX granted_of ON granted(of)",
        ),
        14: (
            (
                "CREATE TABLE breaks (review TEXT PRIMARY KEY, directory TEXT NOT NULL, person TEXT NOT NULL,"
                " at INTEGER NOT NULL, due INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0,"
                " told INTEGER NOT NULL DEFAULT 0)"
            ),
            "CREATE INDEX breaks_open ON breaks(directory, person) WHERE closed = 0",
        ),
        15: (
            "DROP INDEX log_scope",
            "CREATE INDEX log_scope ON log_entry(scope, seq) WHERE scope IS NOT NULL AND slot IS NULL",
        ),
        16: (
            "CREATE INDEX sessions_person ON sessions(person)",
            "CREATE INDEX votes_person ON votes(directory, person)",
        ),
        17: (
            "ALTER TABLE reviews ADD COLUMN asker_directory TEXT",
            "ALTER TABLE reviews ADD COLUMN asker TEXT",
            "ALTER TABLE reviews ADD COLUMN owner_directory TEXT",
            "ALTER TABLE reviews ADD COLUMN owner TEXT",
            (
                "UPDATE reviews SET asker_directory = json_extract(row, '$.requester.directory'),"
                " asker = json_extract(row, '$.requester.id'),"
                " owner_directory = json_extract(row, '$.owner.directory'), owner = json_extract(row, '$.owner.id')"
            ),
            "CREATE INDEX reviews_asker ON reviews(asker_directory, asker)",
            "CREATE INDEX reviews_owner ON reviews(owner_directory, owner)",
            "CREATE INDEX breaks_person ON breaks(directory, person)",
        ),
    }
)


def migrate(place: Place) -> int | None:
    """Bring a store's files to this program's version; return the one they had, None where they are of it.

    Raises: UnsafeStart naming a file that is newer, too old, or in use.
    """
    refuse_half(place)
    if not place.database.is_file():
        raise UnsafeStart(f"there is no store at {place.database}")
    lock = Lock(place.lock)
    try:
        return changed(place)
    finally:
        lock.release()


def changed(place: Place) -> int | None:
    """Do it, where nobody else can be.

    Raises: UnsafeStart.
    """
    files = (*place.months(), place.keys, place.database)
    was = [version(path) for path in files]  # all of them before any is changed
    for path in files:
        _file(path, STEPS if path == place.database else {})
    return None if min(was) == schema.VERSION else min(was)


def version(path: Path) -> int:
    """Return the version of a file from which there is a way.

    Raises: UnsafeStart.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as held:
            (found,) = held.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        raise UnsafeStart(f"{path} does not open as a store: {error}; restore it from a backup") from error
    if found > schema.VERSION:
        raise UnsafeStart(
            f"{path} is newer than this program: version {found}, not {schema.VERSION}; nothing goes back"
        )
    if found < min(STEPS):
        raise UnsafeStart(f"{path} is of version {found}: no way is known from it; restore it from a copy")
    return int(found)


def _file(path: Path, steps: Mapping[int, tuple[LiteralString, ...]]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as held:
        held.execute("PRAGMA synchronous = FULL")
        held.execute("BEGIN IMMEDIATE")
        (found,) = held.execute("PRAGMA user_version").fetchone()
        for number in range(found, schema.VERSION):
            for statement in steps.get(number, ()):
                held.execute(statement)
        held.execute(f"PRAGMA user_version = {schema.VERSION}")
        held.execute("COMMIT")
