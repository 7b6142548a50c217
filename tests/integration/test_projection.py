"""The look-ups' own file: made of the log alone, so that it can be lost, damaged, or another log's, and nothing is."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.model import CallId
from core.ports import Search, Unit
from core.stores.encryption.vault import Keys
from core.stores.lookups.projection import Interned, apply
from core.stores.sqlite.files import Place
from core.stores.sqlite.store import SqliteStore
from core.stores.sqlite.words import Fts
from tests import entries
from tests.doubles import ORIGIN, ManualClock

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)


async def add(path: Path, count: int) -> list[CallId]:
    """Append Calls, look them up, and close."""
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        for _ in range(count):
            call = entries.call_id()
            await store.journal.commit(Unit(entries=(entries.intent(call), entries.outcome(call))))
        return [line.call for line in (await store.history.find(Search(), limit=100)).lines]


def lose(file: Path) -> None:
    file.unlink()


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[:64] = b"x" * 64
    file.write_bytes(content)


def age(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 1")


@pytest.mark.parametrize("happens", [lose, damage, age])
async def test_a_file_that_is_lost_damaged_or_old_is_made_anew_from_the_log(tmp_path: Path, happens: object) -> None:
    path = tmp_path / "assent.db"
    before = await add(path, 5)
    assert len(before) == 5
    assert callable(happens)
    happens(Place(path).history)
    assert await add(path, 0) == before
    assert Place(path).history.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("others", [5, 9])
async def test_a_file_of_another_log_is_seen_and_made_anew(tmp_path: Path, others: int) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = tmp_path / "one" / "assent.db", tmp_path / "two" / "assent.db"
    await add(one, others)
    mine = await add(two, 5)
    shutil.copyfile(Place(one).history, Place(two).history)
    assert await add(two, 0) == mine


async def test_an_entry_that_another_process_applied_meanwhile_counts_once(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "assent.db", keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        call = entries.call_id()
        await store.journal.commit(Unit(entries=(entries.intent(call), entries.outcome(call, rows=7))))
        log = await store.journal.tail(0, 100)
        known = Interned(Fts())
        for _ in range(2):
            assert await store.history._writer.perform(lambda: apply(log, known)) == len(log)
        (line,) = await store.history.sessions()
        assert (line.calls, line.rows) == (1, 7)
