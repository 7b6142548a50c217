"""What doctor says of Calls that are open, from beside a running store and after it was closed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.doctor.stored import aged, left, regressed
from cli.lines import State
from core.assembly.stores import keys, origin
from core.audit.entry import alert
from core.model import Outcome
from core.ports import Unit
from core.settings import Role
from core.stores import beside
from core.stores.encryption.vault import Keys
from core.stores.postgres.links import Address, drive
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite import schema
from core.stores.sqlite.beside import perform
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres
from tests import entries
from tests.doubles import ORIGIN, ManualClock
from tests.pgstore import ground
from tests.settings_files import loaded

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)


def standing(path: Path) -> tuple[tuple[str, bool], ...]:
    return perform(path, beside.standing()) or ()


async def test_open_calls_and_unknown_ones_are_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    path = tmp_path / "assent.db"
    assert standing(path) == ()
    done, waits, unknown = (entries.call_id() for _ in range(3))
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        for call, result in ((done, Outcome.DELIVERED), (waits, None), (unknown, Outcome.UNKNOWN)):
            ended = () if result is None else (entries.outcome(call, result),)
            await store.journal.commit(Unit(entries=(entries.intent(call), *ended)))
        assert standing(path) == ((waits, False), (unknown, True))
    assert standing(path) == ((waits, False), (unknown, True))
    lines = list(left(standing(path)))
    assert [line.state for line in lines] == [State.OK, State.WARNS]
    assert lines[0].says == "1 open"
    assert unknown in lines[1].says


async def test_doctor_holds_the_log_to_what_was_signed_last_here_and_writes_nothing(tmp_path: Path) -> None:
    """An older copy put back beside the signer's newer state refuses a start: doctor says so before."""
    tmp_path.chmod(0o700)
    settings = loaded(tmp_path)
    assert await regressed(settings) == []  # none was made yet
    path, held = tmp_path / "assent.db", keys(settings, frozenset(Role))

    async def recorded() -> None:
        async with SqliteStore.open(path, keys=held, origin=origin(settings), clock=ManualClock()) as store:
            await store.journal.commit(Unit(entries=(alert("clock"),)))
            await store.checkpoint()
            assert await regressed(settings) == []  # beside a process that runs

    await recorded()
    before = path.read_bytes()
    await recorded()
    assert await regressed(settings) == []
    path.write_bytes(before)
    (line,) = await regressed(settings)
    assert (line.area, line.state, "the log regressed" in line.says) == ("record", State.REFUSES, True)
    assert path.read_bytes() == before


@pytest.mark.parametrize(("by", "says"), [(-1, "older than this program"), (1, "newer than this program")])
async def test_a_file_of_another_version_refuses_a_start(tmp_path: Path, by: int, says: str) -> None:
    tmp_path.chmod(0o700)
    settings = loaded(tmp_path)
    assert await aged(settings) == []  # none was made yet
    for version in (schema.VERSION, schema.VERSION + by):
        with closing(sqlite3.connect(tmp_path / "assent.db")) as file:
            file.execute(f"PRAGMA user_version = {version}")
        found = [(one.area, one.state, says in one.says) for one in await aged(settings)]
        assert found == ([] if version == schema.VERSION else [("store", State.REFUSES, True)])


@pytest.fixture
def server(durable: Callable[[], Postgres]) -> Postgres:
    return durable()


async def test_a_database_says_the_same_to_who_may_look(server: Postgres, tmp_path: Path) -> None:
    async with ground(server, tmp_path) as place:
        waits, unknown = entries.call_id(), entries.call_id()
        clock = ManualClock(datetime.now(UTC))
        async with PostgresStore.open(place.site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
            await store.journal.commit(Unit(entries=(entries.intent(waits),)))
            ended = entries.outcome(unknown, Outcome.UNKNOWN)
            await store.journal.commit(Unit(entries=(entries.intent(unknown), ended, alert("clock"))))
            await store.cursors.delivered("siem", 1, 0)
            link = await Address(url=place.url(), name="doctor").connect()
            try:
                assert await drive(link, beside.standing()) == ((waits, False), (unknown, True))
                (told,) = await drive(link, beside.alerts(clock.now() - timedelta(hours=1)))
                assert told["alert"] == "clock"
                assert await drive(link, beside.alerts(clock.now() + timedelta(hours=1))) == ()
                found = await drive(link, beside.lags(["siem", "new"]))
                assert found["new"][0] - found["siem"][0] == 1
            finally:
                link.terminate()
