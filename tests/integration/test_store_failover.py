"""A PostgreSQL store whose server dies, or is an older copy: nothing acknowledged is lost, no regression is signed."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.audit.entry import alert
from core.errors import StoreError, UnsafeStart
from core.ports import Committed, Unit
from core.stores.encryption.vault import Keys
from core.stores.postgres.store import PostgresStore
from demo.postgres import Postgres, PostgresUnavailable
from tests.doubles import ORIGIN, ManualClock
from tests.pgstore import Ground, make

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
UNIT = Unit(entries=(alert("x"),))
DURABLE = ("fsync=on",)
MANY = 300


class Clusters:
    """Servers of one test, each after the first a copy of one that stopped."""

    def __init__(self) -> None:
        self._all: list[Postgres] = []

    def start(self, like: Postgres | None = None) -> Postgres:
        try:
            self._all.append(Postgres.start(18, settings=DURABLE, like=like))
        except PostgresUnavailable as missing:
            pytest.skip(str(missing))
        return self._all[-1]

    def close(self) -> None:
        for one in self._all:
            one.close()


@pytest.fixture
def servers() -> Iterator[Clusters]:
    held = Clusters()
    yield held
    held.close()


async def acknowledged(place: Ground, dies: Postgres) -> list[Committed]:
    """Append until the server is stopped at once, as a power cut stops it; return what was acknowledged."""
    told: list[Committed] = []

    async def worker(store: PostgresStore) -> None:
        for _ in range(MANY):
            told.append(await store.journal.commit(UNIT))
            if len(told) == MANY:
                dies.process.send_signal(signal.SIGQUIT)  # "immediate shutdown": no checkpoint, no goodbye

    clock = ManualClock(datetime.now(UTC))
    with contextlib.suppress(StoreError):
        async with PostgresStore.open(place.site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
            await asyncio.gather(*(worker(store) for _ in range(4)), return_exceptions=True)
    await asyncio.to_thread(dies.process.wait, 30)
    return told


async def test_what_was_acknowledged_is_there_after_a_server_died_at_once(servers: Clusters, tmp_path: Path) -> None:
    first = await asyncio.to_thread(servers.start)
    place = Ground(first, await make(first), tmp_path)
    told = await acknowledged(place, first)
    assert len(told) >= MANY
    place = replace(place, server=await asyncio.to_thread(servers.start, first))
    clock = ManualClock(datetime.now(UTC))
    async with PostgresStore.open(place.site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
        held = {one.sequence: one.leaf for one in await store.journal.tail(0, 10 * MANY)}
        assert sorted(held) == list(range(len(held)))
        assert all(held[one.sequences[0]] == one.leaves[0] for one in told)
        await store.checkpoint()


async def test_an_older_copy_of_the_server_is_not_signed_on(servers: Clusters, tmp_path: Path) -> None:
    first = await asyncio.to_thread(servers.start)
    place = Ground(first, await make(first), tmp_path)
    clock = ManualClock(datetime.now(UTC))
    async with PostgresStore.open(place.site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
        await store.journal.commit(UNIT)
    await asyncio.to_thread(first.stop)  # a base backup, or a standby that lags
    newer = await asyncio.to_thread(servers.start, first)
    async with PostgresStore.open(replace(place, server=newer).site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
        for _ in range(5):
            await store.journal.commit(UNIT)
        await store.checkpoint()
    await asyncio.to_thread(newer.stop)
    older = await asyncio.to_thread(servers.start, first)
    with pytest.raises(UnsafeStart, match="regressed"):
        async with PostgresStore.open(replace(place, server=older).site(), keys=KEYS, origin=ORIGIN, clock=clock):
            pass
