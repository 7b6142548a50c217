"""The index of look-ups on both stores: it follows the log by itself, and made anew it is what it was."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench import past
from core.audit.entry import session_open
from core.errors import AuditUnavailable
from core.model import Json
from core.ports import Search, Unit
from core.stores.encryption.vault import Keys
from core.stores.lookups import history as looking
from core.stores.lookups.history import StoredHistory
from core.stores.postgres.rights import Part
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres
from tests.contract.conftest import KEYS, Clock, Place, Store
from tests.doubles import ORIGIN, ManualClock
from tests.pgstore import Ground, emptied
from tests.waiting import until

PEOPLE = Keys(questions=b"q" * 32, results=b"", signing=b"")
CALLS = 60
Kept = SqliteStore | PostgresStore


@pytest.fixture(params=["sqlite", "postgres"])
async def place(request: pytest.FixtureRequest, durable: Callable[[], Postgres], tmp_path: Path) -> Place:
    """The double projects nothing: it has no index to lose."""
    if request.param == "sqlite":
        return tmp_path / "assent.db"
    return await emptied(await asyncio.to_thread(durable), tmp_path)


@pytest.fixture
def kept(store: Store) -> Kept:
    assert isinstance(store, SqliteStore | PostgresStore)
    return store


async def lived(store: Kept, first: int = 0, calls: int = CALLS) -> None:
    """Append Sessions of twenty Calls, of many shapes, some refused."""
    chance = random.Random(first)  # noqa: S311 - data, not secrets
    for number in range(first, first + calls):
        session, ps = f"ses_{number // past.CALLS:026d}", f"{number // past.CALLS % 3:064x}"
        caller: dict[str, Json] = {"ps": ps, "iss": "https://id.example", "client": "claude", "kind": "person"}
        opened = (session_open(session, caller, person="f" * 64),) if number % past.CALLS == 0 else ()
        intent, ended = past.call(number, session, ps, chance)
        await store.journal.commit(Unit(entries=(*opened, intent)))
        await store.journal.commit(Unit(entries=(ended,)))


async def seen(history: StoredHistory) -> object:
    """Everything that look-ups tell."""
    words = [Search(words="select"), Search(table="t1"), Search(verdict="refuse"), Search(own="f" * 64), Search()]
    return await history.sessions(limit=1000), [await history.find(one, limit=1000) for one in words]


async def applied(store: Kept) -> int:
    row = await store.history._readers.row("SELECT next FROM applied")
    return int(row[0]) if row else 0


@asynccontextmanager
async def following(*histories: StoredHistory) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one.follow(brief)) for one in histories]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def brief(_seconds: float) -> None:
    await asyncio.sleep(0.001)


async def test_it_follows_the_log_while_nobody_looks(kept: Kept) -> None:
    async with following(kept.history):
        await lived(kept)
        last = (await kept.journal.tail(0, 1000))[-1].sequence + 1

        async def reached() -> bool:
            return await applied(kept) >= last

        assert await until(reached)


async def test_a_store_that_is_away_is_asked_again(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    step, failed = StoredHistory._step, list[bool]()

    async def fails(self: StoredHistory, entries: object) -> int:
        if not failed:
            failed.append(True)
            raise AuditUnavailable("away")
        return await step(self, entries)  # type: ignore[arg-type]

    monkeypatch.setattr(StoredHistory, "_step", fails)
    async with following(kept.history):
        await lived(kept, calls=1)

        async def reached() -> bool:
            return await applied(kept) > 0

        assert await until(reached)
    assert failed


async def test_made_anew_it_is_what_it_was(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    await lived(kept)
    before = await seen(kept.history)
    monkeypatch.setattr(looking, "STEP", 7)
    await kept.history.anew()
    assert await applied(kept) == 0
    assert await seen(kept.history) == before
    await lived(kept, first=CALLS, calls=20)
    assert await seen(kept.history) != before


@pytest.fixture
async def ground(durable: Callable[[], Postgres], tmp_path: Path) -> Ground:
    return await emptied(await asyncio.to_thread(durable), tmp_path)


async def test_a_replica_forgets_its_keys_when_another_began_anew(ground: Ground, clock: Clock) -> None:
    del clock
    whole = PostgresStore.open(ground.site(), keys=KEYS, origin=ORIGIN, clock=ManualClock())
    alone = PostgresStore.open(ground.site(Part.PEOPLE), keys=PEOPLE, origin=ORIGIN, clock=ManualClock())
    async with whole as one, alone as other:
        await lived(one)
        await one.history.catch_up()
        await other.history.anew()
        await other.history.catch_up()
        await lived(one, first=CALLS, calls=5)
        await one.history.catch_up()
        both = await seen(one.history), await seen(other.history)
        assert both[0] == both[1]
        found = await one.history.find(Search(), limit=1000)
        assert len(found.lines) == CALLS + 5


async def test_two_replicas_that_follow_count_each_call_once(ground: Ground, clock: Clock) -> None:
    del clock
    whole = PostgresStore.open(ground.site(), keys=KEYS, origin=ORIGIN, clock=ManualClock())
    alone = PostgresStore.open(ground.site(Part.PEOPLE), keys=PEOPLE, origin=ORIGIN, clock=ManualClock())
    async with whole as one, alone as other, following(one.history, other.history):
        await lived(one)
        lines = await other.history.sessions(limit=100)
        assert sum(line.calls for line in lines) == CALLS
        assert len((await one.history.find(Search(), limit=1000)).lines) == CALLS


async def test_sessions_of_one_moment_stand_on_one_page_and_none_is_lost_between_pages(kept: Kept) -> None:
    for number in range(7):
        caller: dict[str, Json] = {"ps": "a" * 64, "iss": "https://id.example", "client": "claude", "kind": "person"}
        opened = [session_open(f"ses_{number}{twin}", caller, person="f" * 64) for twin in range(3)]
        await kept.journal.commit(Unit(entries=tuple(opened)))
    whole = {line.session for line in await kept.history.sessions(limit=100)}
    seen, before = list[str](), None
    for _ in range(30):
        page = await kept.history.sessions(limit=2, before=before)
        if not page:
            break
        seen += [line.session for line in page]
        before = page[-1].began_at
    assert (len(seen), set(seen)) == (21, whole)
