"""Stores of an older version, built from the schema that it had: brought forward whole, or left as they were."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from core.audit.verification.verify import Result
from core.errors import UnsafeStart
from core.model import PayloadId, State
from core.stores.postgres import check, migrations, schema, setup
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite import copies
from core.stores.sqlite import migrations as files
from core.stores.sqlite import schema as file_schema
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.files import Place
from core.stores.sqlite.sheet import Source
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres
from tests.commands import ROOT, assent
from tests.doubles import ORIGIN, ManualClock
from tests.integration.copied import Left, kept, leave
from tests.integration.test_sqlite_store import KEYS
from tests.pgstore import Ground, emptied
from tests.settings_files import ENVIRON, loaded

# What a day's budget had used, as an older version wrote it and as this one does.
USED = ("lookups shop ps_1", "2026-11-23", 3)
STILL_USED = (
    json.dumps(["", "lookups", "day", "caller", "ps_1", "shop"]),
    int(datetime(2026, 11, 23, tzinfo=UTC).timestamp()) * 1_000_000,
    3,
)
OLD = ROOT / "tests" / "schemas" / "stores"
PEOPLE = "SELECT id, asker_directory, asker, owner_directory, owner FROM reviews ORDER BY id"
COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'assent' AND table_name = $1"
# What a database consists of, whichever way it was made.
CONTENT = (
    (
        "SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity"
        " FROM information_schema.columns WHERE table_schema = 'assent' ORDER BY 1, 2"
    ),
    (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'assent'::regnamespace AND contype <> 'n' ORDER BY 1, 2"
    ),
    "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'assent' ORDER BY 1, 2",
    (
        "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
        " WHERE schemaname = 'assent' ORDER BY 1, 2"
    ),
    (
        "SELECT oid::regprocedure::text, prosrc, prosecdef, proconfig, proacl::text, proowner::regrole::text"
        " FROM pg_proc WHERE pronamespace = 'assent'::regnamespace ORDER BY 1"
    ),
    (
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relowner::regrole::text, (SELECT array_agg("
        "a::text ORDER BY a::text) FROM unnest(c.relacl) a), (SELECT array_agg(t.tgname::text || t.tgenabled::text"
        " ORDER BY t.tgname) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) FROM pg_class c"
        " WHERE c.relnamespace = 'assent'::regnamespace AND c.relkind = 'r' ORDER BY 1"
    ),
    (
        "SELECT attrelid::regclass::text, attname, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(attacl) a)"
        " FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'assent'::regnamespace"
        " AND attacl IS NOT NULL AND attacl::text <> '{}' ORDER BY 1, 2"
    ),
    "SELECT version, digest FROM assent.store_version",
)


# ---------------------------------------------------------------- files


def older(new: Place, old: Place) -> None:
    """Build the store that version 9 would have made of the same content, by the schema that it had."""
    old.folder.mkdir(mode=0o700, parents=True)
    (old.folder / "signed").write_bytes(new.signed.read_bytes())
    (old.folder / "signed").chmod(0o600)
    parts = (OLD / "sqlite-9.sql").read_text().split("-- file: ")
    for part in parts[1:]:
        name, _, tables = part.partition("\n")
        pairs = {
            "log": [(new.database, old.database)],
            "keys": [(new.keys, old.keys)],
            "payloads": [(one, old.folder / one.name) for one in new.months()],
        }[name]
        for was, to in pairs:
            filled(was, to, tables)


def filled(was: Path, to: Path, tables: str) -> None:
    to.touch(mode=0o600)
    with closing(sqlite3.connect(to, isolation_level=None)) as made:
        made.execute("PRAGMA page_size = 8192")
        made.execute("PRAGMA journal_mode = WAL")
        made.executescript(tables)
        made.execute("ATTACH ? AS new", (str(was),))
        for (table,) in made.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall():
            columns = ", ".join(row[1] for row in made.execute(f"PRAGMA main.table_info({table})"))
            if table == "budgets":
                made.execute("INSERT INTO main.budgets VALUES (?, ?, ?)", USED)
                continue
            made.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        made.execute("PRAGMA user_version = 9")


def shape(path: Path) -> object:
    """Tables, their columns and indexes, and the version of a file."""
    with closing(sqlite3.connect(path)) as held:
        objects = held.execute("SELECT type, name, tbl_name FROM sqlite_schema ORDER BY 1, 2").fetchall()
        tables = [name for kind, name, _ in objects if kind == "table"]
        columns = [(one, held.execute(f"PRAGMA table_info({one})").fetchall()) for one in tables]
        return objects, columns, held.execute("PRAGMA user_version").fetchone()


@dataclass(frozen=True)
class Files:
    """A store of version 9 and the store of today whose content it has."""

    old: Place
    new: Place
    clock: ManualClock
    payloads: list[PayloadId]

    def entries(self, place: Place) -> object:
        with closing(sqlite3.connect(place.database)) as log:
            rows = log.execute("SELECT * FROM log_entry ORDER BY seq").fetchall()
            return rows, log.execute("SELECT * FROM log_checkpoint ORDER BY size").fetchall()


@pytest.fixture
async def ground(tmp_path: Path) -> Files:
    clock, new, old = ManualClock(), Place(tmp_path / "new" / "assent.db"), Place(tmp_path / "old" / "assent.db")
    new.database.parent.mkdir(mode=0o700)
    async with SqliteStore.open(new.database, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        _, payloads = await kept(store, clock)
        await leave(store, clock)
    await asyncio.to_thread(older, new, old)
    return Files(old, new, clock, payloads)


async def goes_on(place: Place, clock: ManualClock, payloads: list[PayloadId]) -> None:
    async with SqliteStore.open(place.database, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        assert [await store.payloads.open(one) for one in payloads] == [b"select 1", b"{}\n"]
        await kept(store, clock, "bob")
        verifier = store.verifier
        assert [one.public for one in await store.names.named() if one.purpose == "signing"] == [str(verifier)]
    report = verify_store(place.database, verifier)
    assert (report.findings, report.result, report.signed) == ((), Result.OK, report.entries)


async def test_files_of_an_older_version_are_refused_by_name_and_brought_forward_whole(ground: Files) -> None:
    before = ground.entries(ground.old)
    with pytest.raises(UnsafeStart, match="older than this program: version 9, not 18: assent store migrate"):
        async with SqliteStore.open(ground.old.database, keys=KEYS, origin=ORIGIN, clock=ground.clock):
            pass
    assert ground.entries(ground.old) == before
    assert files.migrate(ground.old) == 9
    assert files.migrate(ground.old) is None
    assert ground.entries(ground.old) == before == ground.entries(ground.new)
    for old, new in ((ground.old.database, ground.new.database), (ground.old.keys, ground.new.keys)):
        assert shape(old) == shape(new)
    with closing(sqlite3.connect(ground.old.database)) as held:
        assert held.execute("SELECT account, since, spent FROM budgets").fetchall() == [STILL_USED]
        brought = held.execute(PEOPLE).fetchall()
    with closing(sqlite3.connect(ground.new.database)) as held:
        assert brought == held.execute(PEOPLE).fetchall()
    assert all(asker for _, _, asker, _, _ in brought)
    await goes_on(ground.old, ground.clock, ground.payloads)


CUT = """
import os, signal, sqlite3, sys
from pathlib import Path
from core.stores.sqlite import migrations
from core.stores.sqlite.files import Place

real, count = sqlite3.connect, iter(range(99))

class Connection(sqlite3.Connection):
    def execute(self, sql, *values):
        if sql.split()[0] in ("BEGIN", "ALTER", "PRAGMA", "COMMIT") and next(count) == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(sql, *values)

sqlite3.connect = lambda *args, **more: real(*args, **more, factory=Connection)
migrations.migrate(Place(Path(sys.argv[1])))
"""


async def test_killed_at_any_step_a_migration_loses_nothing_and_is_done_again(ground: Files, tmp_path: Path) -> None:
    before, points = ground.entries(ground.old), 0
    arguments = (sys.executable, "-c", CUT, str(ground.old.database))
    for point in range(4, 99, 3):
        child = await asyncio.to_thread(
            subprocess.run, (*arguments, str(point)), cwd=ROOT, env=dict(os.environ), timeout=60, check=False
        )
        if child.returncode == 0:
            break
        assert child.returncode == -signal.SIGKILL
        points += 1
        assert ground.entries(ground.old) == before
        assert files.version(ground.old.database) == 9  # the log's file is last, in one transaction
    assert points >= 4
    assert ground.entries(ground.old) == before
    await goes_on(ground.old, ground.clock, ground.payloads)


async def test_files_that_are_newer_too_old_or_in_use_are_left_as_they_are(ground: Files) -> None:
    for number, says in ((file_schema.VERSION + 1, "nothing goes back"), (3, "no way is known")):
        for path in (ground.old.keys, ground.old.database):
            with closing(sqlite3.connect(path)) as held:
                (was,) = held.execute("PRAGMA user_version").fetchone()
                held.execute(f"PRAGMA user_version = {number}")
            with pytest.raises(UnsafeStart, match=says):
                files.migrate(ground.old)
            with closing(sqlite3.connect(path)) as held:
                assert held.execute("PRAGMA user_version").fetchone() == (number,)
                held.execute(f"PRAGMA user_version = {was}")
            assert files.version(ground.old.database) == 9
    with closing(sqlite3.connect(ground.new.database)) as held:
        held.execute(f"PRAGMA user_version = {file_schema.VERSION + 1}")
    with pytest.raises(UnsafeStart, match="newer than this program"):
        async with SqliteStore.open(ground.new.database, keys=KEYS, origin=ORIGIN, clock=ground.clock):
            pass
    with closing(sqlite3.connect(ground.new.database)) as held:
        held.execute(f"PRAGMA user_version = {file_schema.VERSION}")
    async with SqliteStore.open(ground.new.database, keys=KEYS, origin=ORIGIN, clock=ground.clock):
        with pytest.raises(UnsafeStart, match="another process uses this store"):
            files.migrate(ground.new)
    with pytest.raises(UnsafeStart, match="there is no store"):
        files.migrate(Place(ground.old.folder / "none.db"))


async def test_a_copy_of_an_older_version_is_brought_forward_when_a_store_is_made_from_it(
    ground: Files, tmp_path: Path
) -> None:
    source = Source(folder=tmp_path / "copy", keys=tmp_path / "apart")
    await asyncio.to_thread(copies.backup, ground.old.database, source.folder, source.keys)
    anew = Place(tmp_path / "anew.db")
    await asyncio.to_thread(lambda: copies.restore(anew.database, source, keys=KEYS, base=ORIGIN, clock=ground.clock))
    assert shape(anew.database) == shape(ground.new.database)


# ---------------------------------------------------------------- a database


@dataclass(frozen=True)
class Base:
    """A database of version 1, with the content of a store of today."""

    old: Ground
    new: Ground
    clock: ManualClock
    payloads: list[PayloadId]
    left: Left

    @property
    def dba(self) -> str:
        return self.old.server.url(self.old.database)


@pytest.fixture
async def base(durable: Callable[[], Postgres], tmp_path: Path) -> Base:
    server, clock = await asyncio.to_thread(durable), ManualClock(datetime.now(UTC))
    new = await emptied(server, tmp_path)
    async with PostgresStore.open(new.site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
        _, payloads = await kept(store, clock)
        left = await leave(store, clock, older=True)
    old = replace(new, database="older")
    owner = await asyncpg.connect(server.url())
    await owner.execute("DROP DATABASE IF EXISTS older WITH (FORCE)")
    await owner.execute("CREATE DATABASE older STRATEGY FILE_COPY")
    await owner.close()
    was, to = await new.dba(), await old.dba()
    await to.execute((OLD / "postgres-1.sql").read_text())
    await to.execute("SET session_replication_role = replica; TRUNCATE applied, log_coord")
    tables = [name for (name,) in await to.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'assent'")]
    await to.execute("INSERT INTO assent.budgets VALUES ($1, $2, $3)", *USED)
    for table in sorted({*tables} - {"store_version", "budgets"}):
        columns = [name for (name,) in await to.fetch(COLUMNS, table) if name != "words"]
        found = await was.fetch(f"SELECT {', '.join(columns)} FROM {table}")
        await to.copy_records_to_table(table, records=map(tuple, found), columns=columns, schema_name="assent")
    for table, number in (("dek", "id"), ("key_named", "n"), ("votes", "n"), ("person", "pk"), ("session", "pk")):
        await to.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{number}'), 1000)")
    await was.close()
    await to.close()
    return Base(old, new, clock, payloads, left)


async def content(place: Ground) -> list[object]:
    dba = await place.dba()
    found = [[tuple(row) for row in await dba.fetch(one) if "test_clock" not in row] for one in CONTENT]
    await dba.close()
    return [*found]


async def named(place: Ground) -> object:
    dba = await place.dba()
    found = [tuple(row) for row in await dba.fetch(PEOPLE)]
    await dba.close()
    return found


async def recorded(place: Ground) -> object:
    dba = await place.dba()
    found = [tuple(row) for row in await dba.fetch("SELECT * FROM assent.log_entry ORDER BY seq")]
    await dba.close()
    return found


async def test_a_database_of_an_older_schema_is_refused_by_name_and_brought_forward_whole(base: Base) -> None:
    before = await recorded(base.old)
    with pytest.raises(UnsafeStart, match="older than this program: version 1, not 13: assent store migrate"):
        async with PostgresStore.open(base.old.site(), keys=KEYS, origin=ORIGIN, clock=base.clock):
            pass
    assert await setup.migrate(base.dba) == 1
    assert await setup.migrate(base.dba) is None
    assert await recorded(base.old) == before == await recorded(base.new)
    assert await content(base.old) == await content(base.new)
    assert await named(base.old) == await named(base.new) != []
    dba = await base.old.dba()
    assert [tuple(row) for row in await dba.fetch("SELECT account, since, spent FROM assent.budgets")] == [STILL_USED]
    await dba.close()
    site = base.old.site()
    async with PostgresStore.open(site, keys=KEYS, origin=ORIGIN, clock=base.clock) as store:
        assert [await store.payloads.open(one) for one in base.payloads] == [b"select 1", b"{}\n"]
        waiting = await store.reviews.in_state(State.PENDING, State.APPROVED)
        assert {one.id for one in base.left.open} == {one.id for one in waiting}
        await kept(store, base.clock, "bob")
        verifier = store.verifier
        assert [one.public for one in await store.names.named() if one.purpose == "signing"] == [str(verifier)]
    async with check.copied(base.old.url()) as path:
        report = verify_store(path, verifier)
    assert (report.findings, report.signed) == ((), report.entries)


CUT_BASE = """
import asyncio, os, signal, sys
from core.stores.postgres import migrations, setup

url, point = sys.argv[1:]
real, count = migrations.Link.execute, iter(range(99))

async def execute(link, sql, *values):
    if next(count) == int(point):
        os.kill(os.getpid(), signal.SIGKILL)
    return await real(link, sql, *values)

migrations.Link.execute = execute
asyncio.run(setup.migrate(url))
"""


async def test_killed_at_any_step_a_database_is_as_it_was(base: Base) -> None:
    before, was = await recorded(base.old), await content(base.old)
    for point in (2, 4, 6):
        arguments = (sys.executable, "-c", CUT_BASE, base.dba, str(point))
        child = await asyncio.to_thread(
            subprocess.run, arguments, cwd=ROOT, env=dict(os.environ), timeout=60, check=False
        )
        assert child.returncode == -signal.SIGKILL
        assert await content(base.old) == was
    assert await setup.migrate(base.dba) == 1
    assert await recorded(base.old) == before


async def test_a_database_that_is_newer_unknown_or_in_use_is_left_as_it_is(base: Base) -> None:
    dba = await base.old.dba()
    for version, digest, says in (
        (schema.VERSION + 1, schema.digest(), "nothing goes back"),
        (1, "0" * 16, "no way is known"),
        (schema.VERSION, "0" * 16, "no way is known"),
    ):
        await dba.execute("UPDATE store_version SET version = $1, digest = $2", version, digest)
        was = await content(base.old)
        with pytest.raises(UnsafeStart, match=says):
            await setup.migrate(base.dba)
        assert await content(base.old) == was
    await dba.execute("UPDATE store_version SET version = 1, digest = '1129ae42a8ff34b3'")
    using = await asyncpg.connect(base.old.url(), server_settings={"application_name": f"assent {'0' * 16}"})
    with pytest.raises(UnsafeStart, match="stop every process first"):
        await setup.migrate(base.dba)
    await using.close()
    await dba.close()
    assert migrations.known(1, "1129ae42a8ff34b3")


# ---------------------------------------------------------------- the command


async def test_a_dba_brings_a_database_forward_and_an_operator_a_file(base: Base, tmp_path: Path) -> None:
    environ = {**ENVIRON, "ASSENT_STORE": base.old.url(), "DBA": base.dba}
    loaded(tmp_path, ('store = "sqlite:assent.db"', 'store = "env:ASSENT_STORE"'), environ=environ)
    arguments = ("store", "migrate", "--dba", "env:DBA", "--config", tmp_path / "assent.toml")
    for says in ("brought forward from version 1", "nothing is to be done"):
        said = await asyncio.to_thread(assent, *arguments, environ=environ)
        assert (said.exit_code, says in said.stdout) == (0, True)
    loaded(tmp_path)
    said = await asyncio.to_thread(assent, "store", "migrate", "--config", tmp_path / "assent.toml", environ=environ)
    assert (said.exit_code, "there is no store at" in said.stderr) == (4, True)
