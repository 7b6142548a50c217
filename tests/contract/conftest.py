"""The store's ports, once as the double and once as each real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import pytest

from core.ports import Recording
from core.stores.encryption.vault import Keys
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres
from tests.doubles import ORIGIN, ManualClock, MemoryStore
from tests.pgstore import Ground, ServerClock, emptied

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)

Place = str | Path | Ground
Clock = ManualClock | ServerClock
Store = MemoryStore | SqliteStore | PostgresStore


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def place(request: pytest.FixtureRequest, durable: Callable[[], Postgres], tmp_path: Path) -> Place:
    """Where a store of each kind will stand."""
    match request.param:
        case "postgres":
            return await emptied(await asyncio.to_thread(durable), tmp_path)
        case "sqlite":
            return tmp_path / "assent.db"
        case _:
            return "memory"


@pytest.fixture
def clock(place: Place) -> Iterator[Clock]:
    """The store's own clock, moved by tests."""
    if not isinstance(place, Ground):
        yield ManualClock()
        return
    served = ServerClock(place, ManualClock().now())
    yield served
    served.close()


@pytest.fixture
def recorded() -> Mapping[str, Recording]:
    """What Sources have recorded: everything, where a file of tests does not say less."""
    return {}


@pytest.fixture
async def store(place: Place, clock: Clock, recorded: Mapping[str, Recording]) -> AsyncIterator[Store]:
    match place:
        case Ground():
            site = place.site()
            async with PostgresStore.open(site, keys=KEYS, origin=ORIGIN, clock=clock, recorded=recorded) as opened:
                yield opened
        case Path():
            async with SqliteStore.open(place, keys=KEYS, origin=ORIGIN, clock=clock, recorded=recorded) as opened:
                yield opened
        case _:
            assert isinstance(clock, ManualClock)
            yield MemoryStore(clock, recorded=recorded)
