"""The store's ports, once as the double and once as the real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.stores.sqlite.store import SqliteStore
from core.stores.vault import Keys
from tests.doubles import ORIGIN, ManualClock, MemoryStore

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(params=["memory", "sqlite"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock
) -> AsyncIterator[MemoryStore | SqliteStore]:
    if request.param == "memory":
        yield MemoryStore(clock)
        return
    async with SqliteStore.open(tmp_path / "assent.db", keys=KEYS, origin=ORIGIN, clock=clock) as opened:
        yield opened
