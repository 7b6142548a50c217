"""The store's ports, once as the double and once as the real store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from core.ports import Recording
from core.stores.sqlite.store import SqliteStore
from core.stores.vault import Keys
from tests.doubles import ORIGIN, ManualClock, MemoryStore

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def recorded() -> Mapping[str, Recording]:
    """What Sources have recorded: everything, where a file of tests does not say less."""
    return {}


@pytest.fixture(params=["memory", "sqlite"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock, recorded: Mapping[str, Recording]
) -> AsyncIterator[MemoryStore | SqliteStore]:
    if request.param == "memory":
        yield MemoryStore(clock, recorded=recorded)
        return
    path = tmp_path / "assent.db"
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock, recorded=recorded) as opened:
        yield opened
