"""A copy of a running PostgreSQL store and a store from it, in a database or in a file: as closed, and as whole."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from cli.doctor.stored import CLOSED, closed
from core.assembly import stores
from core.audit.transparency.trust import Pin, Trust
from core.audit.verification.verify import Asked
from core.errors import BudgetSpent, NotFound, UnsafeStart
from core.model import CallId, Decision, EntryKind, Measure, Period
from core.ports import Reserve, Said, Unit
from core.settings import Role
from core.stores.encryption.vault import Keys
from core.stores.given import Common
from core.stores.operational.closure import opened
from core.stores.postgres import check, copies, schema
from core.stores.postgres.links import Link
from core.stores.postgres.log import Log
from core.stores.postgres.rights import GRANTS, Part
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite import copies as files
from core.stores.sqlite import schema as file_schema
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.sheet import Source
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres
from tests import entries
from tests.commands import ROOT, assent
from tests.doubles import ORIGIN, ManualClock
from tests.integration.copied import bench, kept, leave, operator, shredded, void
from tests.integration.test_sqlite_store import KEYS
from tests.pgstore import PASSWORD, Ground, emptied
from tests.settings_files import ENVIRON, loaded

LATER = f"{ORIGIN}/2"
HELD = {
    Part.GATEWAY: replace(KEYS, signing=b""),
    Part.PEOPLE: Keys(questions=KEYS.questions),
    Part.SIGNER: Keys(signing=KEYS.signing),
}
PROJECTED = {"applied", "person", "session", "shape", "name", "pattern", "pattern_name", "call"}  # made of the log
FORCED = (
    "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, (SELECT array_agg(t.tgenabled::text ORDER BY t.tgname)"
    " FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS fires"
    " FROM pg_class c WHERE c.relnamespace = 'assent'::regnamespace AND c.relkind = 'r' ORDER BY 1"
)


@dataclass(frozen=True)
class World:
    """A store in one database, its copy, and another database that holds nothing."""

    place: Ground
    empty: Ground
    folder: Path
    clock: ManualClock

    @property
    def source(self) -> Source:
        return Source(folder=self.folder / "copy", keys=self.folder / "apart")

    def opened(self, place: Ground | None = None, *parts: Part) -> AbstractAsyncContextManager[PostgresStore]:
        keys = HELD[parts[0]] if parts else KEYS
        return PostgresStore.open((place or self.place).site(*parts), keys=keys, origin=ORIGIN, clock=self.clock)

    async def copied(self, store: PostgresStore, url: str = "", name: str = "") -> None:
        await store.checkpoint()
        source = Source(folder=self.folder / f"copy{name}", keys=self.folder / f"apart{name}")
        await copies.backup(url or self.place.url(), source.folder, source.keys)

    async def restored(self, source: Source | None = None, keys: Keys = KEYS) -> str:
        url, signed = self.empty.server.url(self.empty.database), self.empty.folder / "signed"
        return await copies.restore(url, signed, source or self.source, keys=keys, base=ORIGIN, clock=self.clock)


@pytest.fixture
async def world(durable: Callable[[], Postgres], tmp_path: Path) -> World:
    server = await asyncio.to_thread(durable)
    for name in ("old", "new"):
        (tmp_path / name).mkdir(mode=0o700)
    place = await emptied(server, tmp_path / "old")
    empty = Ground(server, "copied_to", tmp_path / "new")
    owner = await asyncpg.connect(server.url())
    if not await owner.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'copied_to')"):
        await owner.execute("CREATE DATABASE copied_to STRATEGY FILE_COPY")
    await owner.close()
    dba = await empty.dba()
    await dba.execute("DROP SCHEMA IF EXISTS assent CASCADE")
    await dba.close()
    return World(place, empty, tmp_path, ManualClock(datetime.now(UTC)))


async def verified(place: Ground, *stores: PostgresStore | SqliteStore) -> None:
    """The whole log holds, under the keys that these stores sign by."""
    pins = [Pin(key=one.verifier) for one in stores if one.verifier is not None]
    async with check.copied(place.url()) as path:
        report = verify_store(path, Asked(trust=Trust(pins=tuple(pins))))
    assert report.findings == ()
    assert report.signed == report.entries


async def spend(store: PostgresStore, call: CallId) -> None:
    spent = Reserve(call=call, account="a", measure=Measure.ROWS, period=Period.DAY, amount=1, cap=100)
    await store.journal.commit(Unit(entries=(entries.intent(call),), changes=(spent,)))


async def test_a_database_goes_on_from_a_copy_made_while_it_ran_closed_and_with_nothing_allowed(world: World) -> None:
    clock = world.clock
    async with world.opened() as former:
        _, payloads = await kept(former, clock)
        left = await leave(former, clock)
        stop = asyncio.Event()

        async def busy() -> None:
            while not stop.is_set():
                await kept(former, clock, "bob")

        task = asyncio.create_task(busy())
        await world.copied(former)
        stop.set()
        await task
    assert await world.restored() == LATER
    async with world.opened(world.empty) as store:
        assert store.origin == LATER
        assert await store.closure.closed()
        await void(store, left)
        assert [await store.payloads.open(one) for one in payloads] == [b"select 1", b"{}\n"]
        with pytest.raises(BudgetSpent):
            await spend(store, entries.call_id())
        await kept(store, clock, "cid")  # new data keys, and numbers of both
        assert {line.person for line in await store.history.sessions()} >= {"ann@acme.example", "cid@acme.example"}
        (said,) = [one for one in await store.journal.tail(0, 9999) if one.body["kind"] == EntryKind.RESTORED.value]
        assert (said.body["was"], said.body["log"]) == (ORIGIN, LATER)
        people = bench(store, clock)
        act = await people.propose(operator("dan"), "store.open", {"policy": "p1"})
        assert await people.decide(operator("dan"), act.id, Decision.APPROVE) is Said.SELF
        assert await store.closure.closed()
        assert await people.decide(operator("erin"), act.id, Decision.APPROVE) is Said.APPROVED
        assert not await store.closure.closed()
    await verified(world.empty, former, store)
    await verified(world.place, former)  # the copy changed nothing


async def test_roles_of_a_database_made_from_a_copy_are_parted_as_in_one_that_was_set_up(world: World) -> None:
    async with world.opened() as store:
        await kept(store, world.clock)
        await world.copied(store)
    await world.restored()
    old, new = await world.place.dba(), await world.empty.dba()
    for asked in (FORCED, "SELECT version, digest FROM assent.store_version"):
        was = [tuple(row) for row in await old.fetch(asked) if row[0] != "test_clock"]
        assert [tuple(row) for row in await new.fetch(asked)] == was
    await old.close()
    await new.close()
    async with (
        world.opened(world.empty, Part.GATEWAY) as gateway,
        world.opened(world.empty, Part.PEOPLE),
        Log.open(
            world.empty.site(Part.SIGNER), Common(keys=HELD[Part.SIGNER], origin=ORIGIN, clock=world.clock)
        ) as signer,
    ):
        await kept(gateway, world.clock)
        await signer.checkpoint()
    taken = await asyncpg.connect(world.empty.url(Part.GATEWAY), server_settings={"search_path": "assent"})
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await taken.execute("UPDATE restored SET open = 1")
    await taken.close()


@pytest.mark.parametrize("order", ["log before keys", "keys before log"])
async def test_what_was_erased_is_not_brought_back_in_a_database(world: World, order: str) -> None:
    async with world.opened() as store:
        session, payloads = await kept(store, world.clock)
        _, others = await kept(store, world.clock, "bob")
        await world.copied(store)
        await shredded(store, session)
        await world.copied(store, name="2")
    old, new = world.source, Source(folder=world.folder / "copy2", keys=world.folder / "apart2")
    log, keys = (old, new) if order == "log before keys" else (new, old)
    await world.restored(replace(log, keys=keys.keys))
    async with world.opened(world.empty) as store:
        for one in payloads:
            with pytest.raises(NotFound):
                await store.payloads.open(one)
        assert await store.payloads.open(others[0]) == b"select 1"
    dba = await world.empty.dba()
    sql = "SELECT count(*) FROM dek WHERE session = $1 AND kind <> 'identity' AND wrapped IS NOT NULL"
    assert await dba.fetchval(sql, session) == 0
    await dba.close()


async def test_a_key_that_is_destroyed_while_a_database_is_copied_is_not_in_the_copy(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one snapshot with the log it would come back: no Entry of the copy says that it was destroyed."""
    async with world.opened() as store:
        session, payloads = await kept(store, world.clock)
        copy = copies._payloads

        async def meanwhile(link: Link, folder: Path) -> None:
            await copy(link, folder)
            await shredded(store, session)

        monkeypatch.setattr(copies, "_payloads", meanwhile)
        await world.copied(store)
    await world.restored()
    async with world.opened(world.empty) as store:
        with pytest.raises(NotFound):
            await store.payloads.open(payloads[0])


async def nothing(world: World) -> None:
    """No half of a store is in the database, and none of its logins finds one."""
    link = await asyncpg.connect(world.empty.server.url(world.empty.database))
    assert not await link.fetchval("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'assent')")
    await link.close()
    assert list(world.empty.folder.iterdir()) == []
    with pytest.raises(UnsafeStart, match="no store in this database"):
        async with world.opened(world.empty):
            pass


async def test_what_is_no_whole_copy_or_not_under_these_keys_leaves_no_half_of_a_store(world: World) -> None:
    async with world.opened() as store:
        await kept(store, world.clock)
        await world.copied(store)
    for keys, says in (
        (Keys(questions=b"z" * 32, results=b"r" * 32, signing=b"s" * 32, mask=b"m" * 32), "questions"),
        (Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"z" * 32, mask=b"m" * 32), "does not hold"),
        (Keys(questions=b"r" * 32, results=b"q" * 32, signing=b"s" * 32, mask=b"m" * 32), "holds the bytes of"),
    ):
        with pytest.raises(UnsafeStart, match=says):
            await world.restored(keys=keys)
    with (world.source.folder / "assent.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    with pytest.raises(UnsafeStart, match="is not as it was copied"):
        await world.restored()
    await nothing(world)


async def test_nothing_is_written_over_a_store_in_a_database(world: World) -> None:
    async with world.opened() as store:
        await kept(store, world.clock)
        await world.copied(store)
        with pytest.raises(UnsafeStart, match="already"):
            await world.copied(store)
        before = await store.journal.tail(0, 9999)
        url, signed = world.place.server.url(world.place.database), world.folder / "signed"
        with pytest.raises(UnsafeStart, match="already"):
            await copies.restore(url, signed, world.source, keys=KEYS, base=ORIGIN, clock=world.clock)
        assert await store.journal.tail(0, len(before)) == before
        assert not signed.exists()


async def test_who_sees_a_part_of_a_store_copies_nothing_and_who_has_every_role_all_that_a_dba_does(
    world: World,
) -> None:
    async with world.opened() as store:
        await kept(store, world.clock)
        await leave(store, world.clock)
    for part in Part:
        with pytest.raises(UnsafeStart, match="sees a part of the store"):
            await copies.backup(world.place.url(part), world.source.folder, world.source.keys)
        assert not world.source.folder.exists()
        assert not world.source.keys.exists()
    await copies.backup(world.place.url(), world.source.folder, world.source.keys)
    dba = world.place.server.url(world.place.database)
    await copies.backup(dba, world.folder / "copy2", world.folder / "apart2")
    assert (world.folder / "copy" / "assent.db").read_bytes() == (world.folder / "copy2" / "assent.db").read_bytes()


async def test_a_file_goes_on_in_a_database_and_a_database_in_a_file(world: World) -> None:
    file = world.folder / "old" / "assent.db"
    async with SqliteStore.open(file, keys=KEYS, origin=ORIGIN, clock=world.clock) as first:
        _, payloads = await kept(first, world.clock)
        left = await leave(first, world.clock)
    await asyncio.to_thread(files.backup, file, world.source.folder, world.source.keys)
    assert await world.restored() == LATER
    async with world.opened(world.empty) as second:
        await void(second, left)
        assert await second.payloads.open(payloads[0]) == b"select 1"
        _, more = await kept(second, world.clock, "bob")
    await verified(world.empty, first, second)
    again = Source(folder=world.folder / "copy3", keys=world.folder / "apart3")
    await copies.backup(world.empty.url(), again.folder, again.keys)
    anew = world.folder / "third.db"
    name = await asyncio.to_thread(lambda: files.restore(anew, again, keys=KEYS, base=ORIGIN, clock=world.clock))
    assert name == f"{ORIGIN}/3"
    async with SqliteStore.open(anew, keys=KEYS, origin=ORIGIN, clock=world.clock) as third:
        assert [await third.payloads.open(one) for one in (payloads[0], more[1])] == [b"select 1", b"{}\n"]
    assert verify_store(anew, third.verifier).findings == ()


def test_every_table_of_a_database_is_copied_but_for_what_is_made_of_the_log(tmp_path: Path) -> None:
    tables = (*file_schema.LOG, *file_schema.ROWS, *file_schema.PAYLOADS, *file_schema.KEYS)
    names = {one.split()[2] for one in tables if one.startswith("CREATE TABLE")}
    assert names == set(GRANTS) - PROJECTED - {"store_version"}
    assert names == {line.split()[2] for line in schema.TABLES.splitlines() if line.startswith("CREATE TABLE")} - (
        PROJECTED | {"store_version"}
    )


# ---------------------------------------------------------------- cut off

CUT = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from core.stores.postgres import copies as database
from core.stores.sqlite import copies as files
from core.stores.sqlite.sheet import Source
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_sqlite_store import KEYS

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

point, url, place, folder = sys.argv[1:]
source = Source(folder=Path(folder) / "copy", keys=Path(folder) / "apart")
same = dict(keys=KEYS, base=ORIGIN, clock=ManualClock(datetime.now(UTC)))
if point in {"made", "loaded", "stands"}:
    if point == "made":
        database.schema.begun = killed
    elif point == "loaded":
        database.schema.ended = killed
    else:
        database._signs = killed
    asyncio.run(database.restore(url, Path(place) / "signed", source, **same))
else:
    steps = {"laid": "_held_to", "verified": "_renamed", "renamed": "_ended", "ended": "durable"}
    if point in steps:
        setattr(files, steps[point], killed)
    else:
        rename, count = Path.rename, iter(range(9))
        Path.rename = lambda one, to: killed() if str(next(count)) == point else rename(one, to)
    files.restore(Path(place) / "assent.db", source, **same)
"""


def cut(world: World, point: str) -> None:
    """Restore in a process that is killed at a point."""
    url = world.empty.server.url(world.empty.database)
    arguments = (sys.executable, "-c", CUT, point, url, str(world.empty.folder), str(world.folder))
    child = subprocess.run(arguments, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False)
    assert child.returncode == -signal.SIGKILL


async def test_a_restore_that_was_killed_left_no_store_in_the_database_or_a_whole_one(world: World) -> None:
    async with world.opened() as store:
        await kept(store, world.clock)
        left = await leave(store, world.clock)
        await world.copied(store)
    for point in ("made", "loaded"):
        await asyncio.to_thread(cut, world, point)
        link = await asyncpg.connect(world.empty.server.url(world.empty.database))
        assert not await link.fetchval("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'assent')")
        await link.close()
    await asyncio.to_thread(cut, world, "stands")
    with pytest.raises(UnsafeStart, match="is missing: it holds the last signed state"):
        async with world.opened(world.empty):
            pass
    with pytest.raises(UnsafeStart, match="already"):
        await world.restored()
    site = world.empty.site()
    async with PostgresStore.open(site, keys=KEYS, origin=ORIGIN, clock=world.clock, adopt=True) as store:
        assert await store.closure.closed()
        await void(store, left)


@pytest.mark.parametrize("point", ["verified", "0", "1"])
async def test_a_restore_to_a_file_that_was_killed_is_refused_by_name_until_it_is_done_again(
    tmp_path: Path, point: str
) -> None:
    clock = ManualClock(datetime.now(UTC))
    for name in ("old", "new"):
        (tmp_path / name).mkdir(mode=0o700)
    file, anew = tmp_path / "old" / "assent.db", tmp_path / "new" / "assent.db"
    source = Source(folder=tmp_path / "copy", keys=tmp_path / "apart")
    async with SqliteStore.open(file, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        await kept(store, clock)
    await asyncio.to_thread(files.backup, file, source.folder, source.keys)
    arguments = (sys.executable, "-c", CUT, point, "", str(anew.parent), str(tmp_path))
    child = await asyncio.to_thread(subprocess.run, arguments, cwd=ROOT, env={**os.environ}, timeout=60, check=False)
    assert child.returncode == -signal.SIGKILL
    with pytest.raises(UnsafeStart, match="did not end"):
        async with SqliteStore.open(anew, keys=KEYS, origin=ORIGIN, clock=clock):
            pass
    assert not anew.exists()
    shutil.rmtree(tmp_path / "new" / "assent.files", ignore_errors=True)  # moved away, as it says
    await asyncio.to_thread(lambda: files.restore(anew, source, keys=KEYS, base=ORIGIN, clock=clock))
    async with SqliteStore.open(anew, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        assert await store.closure.closed()


async def test_a_process_does_nothing_on_a_log_that_no_signer_signs(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "VOUCHED", 1.0)
    monkeypatch.setattr(stores, "origin", lambda _: ORIGIN)
    store, apart = ('store = "sqlite:assent.db"', 'store = "env:ASSENT_STORE"'), frozenset({Role.GATEWAY})
    settings = loaded(tmp_path, store, environ={**ENVIRON, "ASSENT_STORE": world.place.url(Part.GATEWAY)})
    with pytest.raises(UnsafeStart, match="no signer signed this log past Entry 0"):
        async with stores.opened(settings, world.clock, apart):
            raise AssertionError("it began")
    held = stores.keys(settings, frozenset(Role))
    async with PostgresStore.open(world.place.site(), keys=held, origin=ORIGIN, clock=world.clock) as signs:
        task = asyncio.create_task(endless(signs))
        async with stores.opened(settings, world.clock, apart) as made:
            assert await made.journal.open_calls() == ()
        task.cancel()
        await asyncio.wait([task])


async def endless(store: PostgresStore) -> None:
    """Sign without its own timer."""
    while True:
        await store.checkpoint()
        await asyncio.sleep(0)


# ---------------------------------------------------------------- the commands


async def test_a_dba_copies_a_store_and_makes_another_and_doctor_says_that_it_is_closed(
    world: World, durable: Callable[[], Postgres], tmp_path: Path
) -> None:
    """The whole of it by commands; the log has the name that the configuration gives it."""
    server = await asyncio.to_thread(durable)
    store = ('store = "sqlite:assent.db"', 'store = "env:ASSENT_STORE"')
    environ = {**ENVIRON, "ASSENT_STORE": world.empty.url(), "DBA": server.url("copied_to")}
    settings = loaded(tmp_path, store, environ=environ)
    config = ("--config", tmp_path / "assent.toml")

    async def run(*arguments: object) -> str:
        said = await asyncio.to_thread(assent, *arguments, *config, environ=environ)
        assert said.exit_code == 0, said.output
        assert PASSWORD not in said.output
        return said.stdout

    await run("store", "setup", "--apply", "--dba", "env:DBA")
    async with stores.opened(settings, world.clock, frozenset(Role)) as made:
        await kept(made, world.clock)
        await made.checkpoint()
    copy, apart = tmp_path / "copied", tmp_path / "keys-apart"
    said = await run("store", "backup", "--keys", apart, "--dba", "env:DBA", copy)
    assert f"are in {copy}; their wrapped data keys are in {apart}" in said
    dba = await world.empty.dba()
    await dba.execute("DROP SCHEMA assent CASCADE")
    await dba.close()
    said = await run("store", "restore", "--keys", apart, "--dba", "env:DBA", copy)
    assert "goes on as assent.example.com/assent/2" in said
    assert "beside the former one: assent.example.com/assent/2+" in said  # the key that auditors pin
    assert await closed(settings) == [CLOSED]
    async with stores.opened(settings, world.clock, frozenset(Role)) as made:
        assert await made.closure.closed()
        assert isinstance(made, PostgresStore)
        await made.log.writes.perform(opened)
    assert await closed(settings) == []
