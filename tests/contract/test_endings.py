"""How Sessions end: a close and manifests that a verifier recomputes, on each real store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import LiteralString

import pytest

from core.audit.verification.verify import Report
from core.model import CallId, Entry, EntryKind, Json, Outcome, Session, Slot
from core.ports import Unit
from core.stores.operational.endings import Endings
from core.stores.postgres import check as database
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.store import SqliteStore
from core.stores.steps import Reads, Row, Value
from demo.postgres import Postgres
from tests import entries
from tests.contract.conftest import Clock, Place, Store
from tests.contract.test_history import ran
from tests.pgstore import Ground, emptied

HOUR = timedelta(hours=1)
SILENCE = timedelta(minutes=32)
Real = SqliteStore | PostgresStore


@pytest.fixture(params=["sqlite", "postgres"])
async def place(request: pytest.FixtureRequest, durable: Callable[[], Postgres], tmp_path: Path) -> Place:
    """Only real stores end Sessions."""
    if request.param == "postgres":
        return await emptied(await asyncio.to_thread(durable), tmp_path)
    return tmp_path / "assent.db"


@pytest.fixture
async def real(store: Store) -> Real:
    assert isinstance(store, SqliteStore | PostgresStore)
    return store


async def verified(store: Real, place: Place) -> Report:
    await store.checkpoint()
    if isinstance(place, Ground):
        async with database.copied(place.server.url(place.database)) as path:
            return verify_store(path, store.verifier)
    assert isinstance(place, Path)
    return verify_store(place, store.verifier, running=True)


def resolved(call: CallId) -> Entry:
    body: dict[str, Json] = {"outcome": Outcome.COMMITTED.value}
    return Entry(kind=EntryKind.RESOLVED, scope=call, attempt=1, slot=Slot.RESOLVED, body=body)


async def said(store: Real, session: Session) -> list[tuple[str, Json]]:
    """What the log says of a Session's end: kinds, and how many Entries a manifest counts."""
    kinds = {EntryKind.SESSION_CLOSE.value, EntryKind.SESSION_MANIFEST.value}
    found = [one.body for one in await store.journal.tail(0, 10_000) if one.body.get("session") == session.id]
    return [(str(body["kind"]), body.get("n")) for body in found if body["kind"] in kinds]


async def test_a_silent_session_is_closed_with_a_manifest_of_all_its_entries(
    real: Real, clock: Clock, place: Place
) -> None:
    session = await ran(real, entries.caller(), entries.call(clock.now()))
    review = entries.review(clock.now())
    opening = entries.opening(review)
    asked = entries.intent(review.call, action="ask", verbs=("update",), session=session.id)
    await real.journal.commit(Unit(entries=(asked, opening.entries[1]), changes=opening.changes))
    await real.journal.commit(Unit(entries=(entries.outcome(review.call, Outcome.EXPIRED),)))
    await real.endings.sweep()
    assert await said(real, session) == []
    clock.advance(SILENCE)
    await real.endings.sweep()
    await real.endings.sweep()
    # its opening, INTENT and OUTCOME; INTENT, review.opened and OUTCOME
    assert await said(real, session) == [("session.close", None), ("session.manifest", 6)]
    assert (await verified(real, place)).counts == {}


async def test_a_session_that_goes_on_is_told_each_hour_by_what_is_new(real: Real, clock: Clock, place: Place) -> None:
    ann, key = entries.caller(), ("conversation", "42")
    session = await real.sessions.join(ann, entries.call(clock.now(), conversation=key))
    for _ in range(3):
        await ran(real, ann, entries.call(clock.now(), conversation=key))
        for _ in range(2):
            clock.advance(HOUR / 2)
            await real.sessions.join(ann, entries.call(clock.now(), conversation=key))
            await real.endings.sweep()
        clock.advance(HOUR / 2)
        await real.sessions.join(ann, entries.call(clock.now(), conversation=key))
        clock.advance(HOUR / 2)
        await real.sessions.join(ann, entries.call(clock.now(), conversation=key))
        await real.endings.sweep()  # nothing is new in the second hour
    assert await said(real, session) == [("session.manifest", 3), ("session.manifest", 5), ("session.manifest", 7)]
    assert (await verified(real, place)).counts == {}


async def test_a_session_with_a_call_that_runs_is_not_closed(real: Real, clock: Clock, place: Place) -> None:
    session = await ran(real, entries.caller(), entries.call(clock.now()))
    runs = entries.call(clock.now())
    await real.journal.commit(Unit(entries=(entries.intent(runs.id, session=session.id),)))
    clock.advance(SILENCE)
    await real.endings.sweep()
    assert await said(real, session) == []
    clock.advance(HOUR)
    await real.endings.sweep()
    assert await said(real, session) == [("session.manifest", 4)]
    await real.journal.commit(Unit(entries=(entries.outcome(runs.id),)))
    await real.endings.sweep()
    assert (await said(real, session))[1:] == [("session.close", None), ("session.manifest", 5)]
    assert (await verified(real, place)).counts == {}


async def test_what_is_resolved_after_the_close_is_told_by_one_more_manifest(
    real: Real, clock: Clock, place: Place
) -> None:
    session = await ran(real, entries.caller(), entries.call(clock.now()))
    lost = entries.call(clock.now()).id
    writes = entries.intent(lost, verbs=("update",), session=session.id)
    unknown = entries.outcome(lost, Outcome.UNKNOWN)
    await real.journal.commit(Unit(entries=(writes, entries.prepared(lost), unknown)))
    clock.advance(SILENCE)
    await real.endings.sweep()
    assert await said(real, session) == [("session.close", None), ("session.manifest", 6)]
    await real.journal.commit(Unit(entries=(resolved(lost),)))
    await real.endings.sweep()
    await real.endings.sweep()
    assert (await said(real, session))[2:] == [("session.manifest", 7)]
    assert (await verified(real, place)).counts == {}


async def test_a_conversation_that_was_closed_is_another_session_afterwards(real: Real, clock: Clock) -> None:
    ann, key = entries.caller(), ("conversation", "42")
    first = await real.sessions.join(ann, entries.call(clock.now(), conversation=key))
    clock.advance(SILENCE)
    await real.endings.sweep()
    second = await real.sessions.join(ann, entries.call(clock.now(), conversation=key))
    assert second.id != first.id
    assert await real.sessions.join(ann, entries.call(clock.now(), conversation=key)) == second


async def test_nobody_joins_anothers_session_by_its_conversation(real: Real, clock: Clock) -> None:
    key = ("conversation", "42")
    callers = entries.caller(), entries.caller("bob"), entries.caller(client="cursor")
    joined = [await real.sessions.join(one, entries.call(clock.now(), conversation=key)) for one in callers]
    assert len({session.id for session in joined}) == len(callers)


class Slow:
    """Reads that another process overtakes once."""

    def __init__(self, under: Reads, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._under, self._meanwhile = under, [meanwhile]

    async def rows(self, sql: LiteralString, *values: Value) -> Sequence[Row]:
        found = await self._under.rows(sql, *values)
        while self._meanwhile:
            await self._meanwhile.pop()()
        return found

    async def row(self, sql: LiteralString, *values: Value) -> Row | None:
        return await self._under.row(sql, *values)


async def test_of_two_that_end_a_session_one_does(real: Real, clock: Clock, place: Place) -> None:
    session = await ran(real, entries.caller(), entries.call(clock.now()))
    clock.advance(SILENCE)
    writer, readers = real.endings._writer, real.endings._readers
    slow = Endings(journal=real.journal, writer=writer, readers=Slow(readers, real.endings.sweep), clock=clock)
    await slow.sweep()
    assert await said(real, session) == [("session.close", None), ("session.manifest", 3)]
    assert (await verified(real, place)).counts == {}
