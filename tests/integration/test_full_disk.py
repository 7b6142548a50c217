"""A full disk: refused at once, said in the record from room that was kept, and over by itself when there is room."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.audit.entry import alert
from core.audit.verification.verify import Result
from core.errors import AuditUnavailable
from core.ports import Unit
from core.stores.sqlite.ballast import SIZE, Ballast, Room
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.store import SqliteStore
from tests.contract.conftest import KEYS
from tests.doubles import ORIGIN, ManualClock
from tests.waiting import until

UNIT = Unit(entries=(alert("x", padding="p" * 4000),))


class Disk:
    """A disk whose end is a number of pages, and the room that is kept on it."""

    def __init__(self, store: SqliteStore) -> None:
        self.connection = store.writer._connection
        self.free = True
        self.dropped = 0
        (self.pages,) = self.connection.execute("PRAGMA page_count").fetchone()

    def ends(self, more: int) -> None:
        self.connection.execute(f"PRAGMA max_page_count = {self.pages + more}")

    def keep(self) -> bool:
        return self.free

    def drop(self) -> None:
        self.dropped += 1
        self.ends(40)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "assent.db", keys=KEYS, origin=ORIGIN, clock=ManualClock()) as opened:
        yield opened


async def endless(store: SqliteStore) -> None:
    for _ in range(1000):
        await store.journal.commit(UNIT)


async def fill(store: SqliteStore) -> None:
    with pytest.raises(AuditUnavailable):
        await endless(store)


async def kinds(store: SqliteStore) -> list[str]:
    found = [str(one.body["kind"]) for one in await store.journal.tail(0, 2000)]
    return [kind for kind in found if kind.startswith("audit.degraded")]


async def test_a_full_disk_is_said_refuses_everything_and_is_over_by_itself(store: SqliteStore, tmp_path: Path) -> None:
    disk = Disk(store)
    room = store.writer._room
    assert room is not None
    room._reserve = disk
    disk.free = False
    disk.ends(20)
    await fill(store)
    assert await kinds(store) == ["audit.degraded.enter"]  # from the room that was kept
    assert disk.dropped == 1
    before = len(await store.journal.tail(0, 2000))
    for _ in range(20):  # there are pages left, and they are not for this
        with pytest.raises(AuditUnavailable, match="the disk is full"):
            await store.journal.commit(Unit(entries=(alert("y"),)))
    assert len(await store.journal.tail(0, 2000)) == before
    disk.ends(100_000)
    disk.free = True

    async def over() -> bool:
        return await kinds(store) == ["audit.degraded.enter", "audit.degraded.exit"]

    assert await until(over)
    await store.journal.commit(UNIT)
    await store.checkpoint()
    report = await asyncio.to_thread(verify_store, tmp_path / "assent.db", store.verifier, running=True)
    assert report.result is Result.OK


async def test_a_store_that_knows_its_disk_full_is_out_of_reach_without_a_call(store: SqliteStore) -> None:
    disk = Disk(store)
    room = store.writer._room
    assert room is not None
    room._reserve = disk
    await store.reach()
    disk.free = False
    await store.writer.degrade()  # as the log's own tick, or a file beside it, finds out
    with pytest.raises(AuditUnavailable, match="the disk is full"):
        await store.reach()
    assert await kinds(store) == ["audit.degraded.enter"]
    disk.free = True
    assert await until(lambda: reached(store))
    assert await kinds(store) == ["audit.degraded.enter", "audit.degraded.exit"]
    store.writer._failure = sqlite3.OperationalError("disk I/O error")
    with pytest.raises(AuditUnavailable, match="the writer has stopped"):
        await store.reach()
    store.writer._failure = None


async def reached(store: SqliteStore) -> bool:
    try:
        await store.reach()
    except AuditUnavailable:
        return False
    return True


async def test_what_could_not_even_be_said_is_said_when_there_is_room(store: SqliteStore) -> None:
    disk = Disk(store)
    room = store.writer._room
    assert room is not None
    room._reserve = Nothing()
    disk.ends(0)
    await fill(store)  # a small Entry may still find room in a page, or not: in the end both stand there, once
    disk.ends(100_000)

    async def over() -> bool:
        return (await kinds(store))[-1:] == ["audit.degraded.exit"]

    assert await until(over)
    assert await kinds(store) == ["audit.degraded.enter", "audit.degraded.exit"]


class Nothing:
    """Room that is nowhere."""

    def keep(self) -> bool:
        return True

    def drop(self) -> None:
        return None


def test_room_is_a_file_that_is_written_whole_and_gone_when_it_is_given_back(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast")
    assert ballast.keep()
    held = (tmp_path / "ballast").stat()
    assert (held.st_size, held.st_blocks * 512 >= SIZE, held.st_mode & 0o077) == (SIZE, True, 0)
    assert ballast.keep()
    ballast.drop()
    ballast.drop()
    assert not (tmp_path / "ballast").exists()
    assert not Ballast(tmp_path / "none" / "ballast").keep()


def test_another_fault_of_the_database_is_no_full_disk(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x", isolation_level=None)
    room = Room(Nothing())
    assert room.look(connection) is None
    assert not room.degraded
    connection.close()
