"""The ports Sessions and History: one suite for the double and for the real store."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from core import subject
from core.model import Call, Caller, Json, Outcome, Person, Session
from core.ports import Unit
from tests import entries
from tests.contract.conftest import Clock, Store


async def ran(store: Store, caller: Caller, call: Call, *, result: Outcome = Outcome.DELIVERED, **more: Any) -> Session:
    session = await store.sessions.join(caller, call)
    said: dict[str, Json] = {
        "ps": subject.of_caller(store.macs, caller),
        "iss": caller.issuer,
        "client": caller.client,
        "kind": "person",
    }
    intent = entries.intent(call.id, session=session.id, caller=said, **more)
    await store.journal.commit(Unit(entries=(intent, entries.outcome(call.id, result, rows=3, masked=2))))
    return session


async def test_calls_within_half_an_hour_belong_together(store: Store, clock: Clock) -> None:
    ann = entries.caller()
    first = await store.sessions.join(ann, entries.call(clock.now()))
    clock.advance(timedelta(minutes=29))
    assert await store.sessions.join(ann, entries.call(clock.now())) == first
    clock.advance(timedelta(minutes=29))
    assert await store.sessions.join(ann, entries.call(clock.now())) == first
    clock.advance(timedelta(minutes=30))
    later = await store.sessions.join(ann, entries.call(clock.now()))
    assert later.id != first.id
    assert later.principal == ann.principal


async def test_a_clients_own_key_is_bound_to_its_caller(store: Store, clock: Clock) -> None:
    key = ("conversation", "42")
    ann = await store.sessions.join(entries.caller(), entries.call(clock.now(), conversation=key))
    bob = await store.sessions.join(entries.caller("bob"), entries.call(clock.now(), conversation=key))
    other = await store.sessions.join(entries.caller(), entries.call(clock.now(), conversation=("conversation", "43")))
    plain = await store.sessions.join(entries.caller(), entries.call(clock.now()))
    assert len({ann.id, bob.id, other.id, plain.id}) == 4
    clock.advance(timedelta(hours=2))
    assert await store.sessions.join(entries.caller(), entries.call(clock.now(), conversation=key)) == ann


async def test_many_first_calls_at_once_open_one_session(store: Store, clock: Clock) -> None:
    joined = await asyncio.gather(
        *(store.sessions.join(entries.caller(), entries.call(clock.now())) for _ in range(20))
    )
    assert len({session.id for session in joined}) == 1


async def test_a_session_shows_its_calls_and_counts(store: Store, clock: Clock) -> None:
    ann = entries.caller()
    one, two = entries.call(clock.now()), entries.call(clock.now())
    session = await ran(store, ann, one)
    clock.advance(timedelta(minutes=1))
    await ran(store, ann, two, result=Outcome.REFUSED)
    line = await store.history.session(session.id)
    assert line is not None
    assert (line.calls, line.refused, line.rows) == (2, 1, 6)
    assert (line.person, line.agent) == ("ann@acme.example", "claude")
    assert line.last_at - line.began_at == timedelta(minutes=1)
    calls = await store.history.calls(session.id)
    assert [call.call for call in calls] == [one.id, two.id]
    assert calls[0] == await store.history.call(one.id)
    assert (calls[1].outcome, calls[1].rows, calls[1].masked) == (Outcome.REFUSED, 3, 2)
    assert (calls[0].source, calls[0].tool, calls[0].verdict) == ("shop", "query", "allow")


async def test_a_call_that_read_a_protected_column_is_marked(store: Store, clock: Clock) -> None:
    ann = entries.caller()
    plain, masked, asked = (entries.call(clock.now()) for _ in range(3))
    session = await ran(store, ann, plain, reading={"verbs": ["update"], "facts": ["no_where"]})
    await ran(store, ann, masked, verdict={"action": "allow", "masked": ["public.customers.email"]})
    await ran(store, ann, asked, reading={"verbs": ["delete"], "facts": ["predicate_on_protected"]})
    assert [line.protected for line in await store.history.calls(session.id)] == [False, True, True]


async def test_sessions_come_newest_first_in_pages_and_by_person(store: Store, clock: Clock) -> None:
    for name in ("ann", "bob", "ann", "bob"):
        await ran(store, entries.caller(name), entries.call(clock.now()))
        clock.advance(timedelta(hours=1))
    every = await store.history.sessions()
    assert [line.person for line in every] == [f"{name}@acme.example" for name in ("bob", "ann", "bob", "ann")]
    page = await store.history.sessions(limit=2)
    rest = await store.history.sessions(before=page[-1].began_at)
    assert page + rest == every
    ann = Person(directory="acme", id="ann")
    assert [line.person for line in await store.history.sessions(person=ann)] == ["ann@acme.example"] * 2
    assert await store.history.sessions(principal=entries.caller("bob").principal) == (every[0], every[2])
    assert await store.history.session(every[0].session, person=ann) is None
    assert await store.history.session(every[1].session, person=ann) == every[1]


async def test_an_unknown_call_or_session_is_none(store: Store) -> None:
    assert await store.history.call(entries.call_id()) is None
    assert await store.history.calls(entries.NOBODY) == ()
    assert await store.history.session(entries.NOBODY) is None


async def test_calls_of_one_shape_that_ran_are_found_newest_first(store: Store, clock: Clock) -> None:
    """Whatever agent asked; not those that failed, of another Source or shape, nor the one that is asked about."""
    ann, bob = entries.caller(), entries.caller("bob")
    like = {"verbs": ["update"], "shape": "UPDATE public.orders SET note"}
    made = [entries.call(clock.now()) for _ in range(9)]
    for number, call in enumerate(made[:7]):
        await ran(store, bob if number % 2 else ann, call, result=Outcome.COMMITTED, reading=like)
        clock.advance(timedelta(minutes=1))
    failed, other, asked, bare = (entries.call(clock.now()) for _ in range(4))
    await ran(store, ann, failed, result=Outcome.ERROR, reading=like)
    await ran(store, ann, other, result=Outcome.COMMITTED, reading={**like, "shape": "UPDATE public.log SET what"})
    await ran(store, ann, asked, result=Outcome.COMMITTED, reading=like)
    await ran(store, ann, bare, reading={"verbs": ["update"]})
    assert await store.history.similar(asked.id) == tuple(call.id for call in reversed(made[2:7]))
    assert await store.history.similar(bare.id) == ()
    assert await store.history.similar(entries.call_id()) == ()
