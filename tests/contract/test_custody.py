"""The ports Custody, Acts and DataKeys: one suite for the double and for the real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core import subject
from core.audit.entry import Malformed
from core.errors import Held, Lost
from core.model import ActId, CallId, Entry, EntryKind, Json, Outcome, Person, Slot, State
from core.ports import (
    Act,
    DecideAct,
    Extent,
    ExtentKind,
    KeyKind,
    LiveKey,
    Payload,
    PostCard,
    ProposeAct,
    ReleaseHold,
    Role,
    SetHold,
    SetTerms,
    Shred,
    Shredded,
    Unit,
    moved,
)
from core.stores.encryption import keyring
from core.stores.operational import custody
from core.stores.steps import through
from tests import entries
from tests.contract.conftest import Clock, Store
from tests.doubles import MemoryStore

SHOP = Extent(kind=ExtentKind.SOURCE, id="shop")


def hold(extent: Extent) -> Unit:
    said = Entry(kind=EntryKind.HOLD_SET, body={"of": {"kind": extent.kind.value, "id": extent.id}, "by": "p"})
    return Unit(entries=(said,), changes=(SetHold(extent=extent),))


def release(extent: Extent) -> Unit:
    said = Entry(kind=EntryKind.HOLD_RELEASE, body={"of": {"kind": extent.kind.value, "id": extent.id}, "by": "p"})
    return Unit(entries=(said,), changes=(ReleaseHold(extent=extent),))


def shred(*keys: LiveKey) -> Unit:
    said = Entry(kind=EntryKind.SHRED, body={"reason": "age", "deks": [key.number for key in keys]})
    return Unit(entries=(said,), changes=(Shred(keys=keys),))


async def kept(store: Store, clock: Clock, name: str = "ann", source: str = "shop") -> tuple[Extent, LiveKey]:
    """A Session of somebody with one statement at a Source; its extent and its key."""
    call = entries.call(clock.now(), conversation=("c", f"{name} {source}"))
    session = await store.sessions.join(entries.caller(name), call)
    said = [Payload(role=Role.STATEMENT, content=b"select 1")]
    (one,) = await store.payloads.keep(call.id, session.id, source, said)
    (key,) = [key for key in await store.ring.alive(KeyKind.SESSION) if key.number == one.key]
    return Extent(kind=ExtentKind.SESSION, id=session.id), key


async def test_a_hold_of_session_person_or_source_keeps_what_is_theirs_and_nothing_else(
    store: Store, clock: Clock
) -> None:
    (session, mine), (_, other) = await kept(store, clock), await kept(store, clock, "bob", "till")
    person = Extent(kind=ExtentKind.PERSON, id=subject.of_person(store.macs, Person(directory="acme", id="ann")))
    for extent in (session, person, SHOP):
        await store.journal.commit(hold(extent))
        assert await store.custody.holds() == (extent,)
        assert await store.custody.held([mine, other]) == {mine.number}
        owned = await store.ring.owned(await store.custody.owned(extent))
        assert mine in owned
        assert other not in owned
        with pytest.raises(Held):
            await store.journal.commit(shred(other, mine))
        assert await store.custody.shredding() == ()
        await store.journal.commit(release(extent))
    await store.journal.commit(shred(other, mine))
    assert await store.custody.shredding() == tuple(sorted((mine.number, other.number)))
    await store.journal.commit(Unit(changes=(Shredded(numbers=(mine.number,)),)))
    assert await store.custody.shredding() == (other.number,)


async def test_a_persons_name_is_held_with_the_person(store: Store, clock: Clock) -> None:
    await kept(store, clock)
    (name,) = await store.ring.alive(KeyKind.PERSON)
    person = Extent(kind=ExtentKind.PERSON, id=subject.of_person(store.macs, Person(directory="acme", id="ann")))
    assert name in await store.ring.owned(await store.custody.owned(person))
    await store.journal.commit(hold(person))
    with pytest.raises(Held):
        await store.journal.commit(shred(name))
    await store.journal.commit(release(person))
    assert await store.subjects.name(name.scope.person) == "ann@acme.example"
    await store.journal.commit(shred(name))
    await store.ring.destroy([name.number])
    assert await store.subjects.name(name.scope.person) == name.scope.person


async def test_the_stores_own_key_belongs_to_nobody(store: Store, clock: Clock) -> None:
    await kept(store, clock)
    for kind in ExtentKind:
        assert await store.ring.owned(await store.custody.owned(Extent(kind=kind, id=""))) == ()


async def test_whose_a_key_is_is_read_at_once_as_the_unit_that_ends_it_reads_it_key_by_key(
    store: Store, clock: Clock
) -> None:
    if isinstance(store, MemoryStore):
        return  # the double reads its tables key by key alone
    people = [(await kept(store, clock, name, source))[0] for name in ("ann", "bob") for source in ("shop", "till")]
    reads = store.custody._readers
    sessions = await reads.rows("SELECT ps, person FROM sessions")
    named = {name for row in sessions for name in row} | {"", "nobody"}
    asked = {Extent(kind=ExtentKind.PERSON, id=name) for name in named} | {*people, SHOP}
    alive = await store.ring.alive()
    apart = {key.number: await through(reads, custody.extents(key)) for key in alive}
    for extent in asked:
        expected = {number for number, extents in apart.items() if (extent.kind.value, extent.id) in extents}
        owned = await store.custody.owned(extent)
        assert {key.number for key in await store.ring.owned(owned)} == expected, extent
        assert {key.number for key in alive if owned.covers(key.scope)} == expected, extent


async def test_holds_are_set_and_released_once(store: Store) -> None:
    await store.journal.commit(hold(SHOP))
    with pytest.raises(Lost):
        await store.journal.commit(hold(SHOP))
    await store.journal.commit(release(SHOP))
    with pytest.raises(Lost):
        await store.journal.commit(release(SHOP))


async def test_every_change_of_custody_stands_beside_its_entry(store: Store, clock: Clock) -> None:
    _, key = await kept(store, clock)
    act = proposed(clock)
    for change in (
        SetHold(extent=SHOP),
        ReleaseHold(extent=SHOP),
        Shred(keys=(key,)),
        SetTerms(terms={}),
        ProposeAct(act=act),
        DecideAct(act=act.id),
    ):
        with pytest.raises(Malformed):
            await store.journal.commit(Unit(changes=(change,)))


async def test_what_a_review_still_needs_is_not_shredded_and_what_a_card_shows_is_redrawn(
    store: Store, clock: Clock
) -> None:
    _, key = await kept(store, clock)
    review = entries.review(clock.now())
    opening = entries.opening(review)
    named: list[Json] = [{"id": "pay_1", "role": "question", "dek": key.number}]
    told = replace(opening.entries[0], body={**opening.entries[0].body, "payloads": named})
    await store.journal.commit(Unit(entries=(told, *opening.entries[1:]), changes=opening.changes))
    await store.journal.commit(Unit(changes=(PostCard(review=review.id, channel="C", ts="1", shown=1),)))
    with pytest.raises(Lost):
        await store.journal.commit(shred(key))
    cancelled = entries.of_review(EntryKind.REVIEW_CANCELLED, review, Slot.DECISION)
    ended = entries.outcome(review.call, Outcome.CANCELLED)
    await store.journal.commit(Unit(entries=(cancelled, ended), changes=(moved(review, State.CANCELLED),)))
    await store.journal.commit(Unit(changes=(PostCard(review=review.id, channel="C", ts="1", shown=2),)))
    assert await store.reviews.stale() == ()
    await store.journal.commit(shred(key))
    (stale,) = await store.reviews.stale()
    assert (stale.id, stale.version) == (review.id, 3)


async def test_voters_are_found_by_the_keys_of_the_words_they_voted_on(store: Store, clock: Clock) -> None:
    (_, mine), (_, other) = await kept(store, clock), await kept(store, clock, "bob", "till")
    review = entries.review(clock.now())
    unit = entries.opening(review)
    named: list[Json] = [{"id": "pay_1", "role": "statement", "dek": mine.number}]
    intent = entries.intent(review.call, action="ask", verbs=("update",), payloads=named)
    asked = await store.journal.commit(replace(unit, entries=(intent, *unit.entries[1:])))
    await store.journal.commit(entries.casting(review, entries.vote(review, clock.now()), leaf=asked.leaves[0]))
    assert await store.custody.voters([mine]) == {Person(directory="acme", id="bob")}
    assert await store.custody.voters([other]) == frozenset()


def proposed(clock: Clock) -> Act:
    by = Person(directory="acme", id="dan")
    until = clock.now() + timedelta(days=1)
    return Act(id=ActId("act_1"), does="erase", of={"kind": "source"}, by=by, at=clock.now(), until=until)


async def test_an_act_is_decided_once(store: Store, clock: Clock) -> None:
    act = proposed(clock)
    said = Entry(kind=EntryKind.ACT_PROPOSED, scope=act.id, body={"does": "erase", "of": {}, "by": "p"})
    await store.journal.commit(Unit(entries=(said,), changes=(ProposeAct(act=act),)))
    assert await store.custody.act(act.id) == act
    assert await store.custody.acts() == (act,)
    ended: dict[str, Json] = {"does": "erase", "by": "q", "decision": "approved"}
    decided = Entry(kind=EntryKind.ACT_DECIDED, scope=act.id, attempt=0, slot=Slot.DECISION, body=ended)
    await store.journal.commit(Unit(entries=(decided,), changes=(DecideAct(act=act.id),)))
    assert await store.custody.act(act.id) is None
    with pytest.raises(Lost):
        await store.journal.commit(Unit(entries=(decided,), changes=(DecideAct(act=act.id),)))
    assert [one.body["kind"] for one in await store.journal.entries(act.id)] == ["act.proposed", "act.decided"]


async def test_terms_are_none_until_they_are_set(store: Store) -> None:
    assert await store.custody.terms() is None
    said = Entry(kind=EntryKind.CONFIG_CHANGE, body={})
    terms = {"questions": 90, "results shop": 0}
    await store.journal.commit(Unit(entries=(said,), changes=(SetTerms(terms=terms),)))
    assert await store.custody.terms() == terms


async def test_keys_that_are_due_are_read_and_ended_some_at_a_time(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ends while they are read: nobody holds all of them, and none is passed over."""
    monkeypatch.setattr(keyring, "PAGE", 2)
    made = [(await kept(store, clock, f"p{number}"))[1] for number in range(3)]
    clock.advance(timedelta(days=1))
    made += [(await kept(store, clock, f"p{number}"))[1] for number in range(2)]
    found: list[LiveKey] = []
    async for page in store.ring.pages(KeyKind.SESSION, before=made[-1].scope.day + 1):
        assert 0 < len(page) <= 2
        found += page
        await store.ring.destroy([key.number for key in page])
    assert found == made


async def test_keys_are_listed_by_kind_and_by_day(store: Store, clock: Clock) -> None:
    _, first = await kept(store, clock)
    clock.advance(timedelta(days=1))
    _, later = await kept(store, clock)
    assert await store.ring.alive(KeyKind.SESSION, before=later.scope.day) == (first,)
    assert await store.ring.alive(KeyKind.PASSING) == ()
    await store.ring.destroy([first.number])
    assert await store.ring.alive(KeyKind.SESSION) == (later,)
    assert CallId(first.scope.call) == ""
