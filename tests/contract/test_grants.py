"""Grants as units of work: one suite for the double and for the real stores."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.audit.entry import Malformed
from core.errors import GrantEnded, IllegalMove, Lost, SlotTaken
from core.model import Grant, Outcome, State
from core.ports import GiveGrant, SpendGrant, Unit
from tests import entries, granting
from tests.contract.conftest import Clock, Store
from tests.granting import COVERAGE, MOST


async def again(store: Store, grant: Grant) -> Grant:
    """The grant as it stands."""
    found = await store.grants.grant(grant.id)
    assert found is not None
    return found


async def test_a_grant_is_given_in_the_unit_of_the_vote_that_decides(store: Store, clock: Clock) -> None:
    grant = await granting.give(store.journal, clock.now())
    assert await store.grants.grant(grant.id) == grant
    assert await store.grants.covering(COVERAGE) == (grant,)
    assert await store.grants.standing(clock.now()) == (grant,)
    row = await store.reviews.review(grant.review)
    assert row is not None
    assert (row.state, row.offer and row.offer.most) == (State.APPROVED, MOST)


async def test_no_grant_comes_of_votes_that_did_not_all_choose_it(store: Store, clock: Clock) -> None:
    now = clock.now()
    review = granting.asked(now)
    grant = granting.of(review, now)
    await store.journal.commit(entries.opening(review))
    with pytest.raises(IllegalMove):
        await store.journal.commit(granting.giving(review, granting.chosen(review, now, None), grant))
    less = replace(MOST, total=19)
    with pytest.raises(IllegalMove):
        await store.journal.commit(granting.giving(review, granting.chosen(review, now, less), grant))
    assert await store.reviews.votes(review.id) == ()
    assert await store.grants.standing(now) == ()


async def test_no_grant_is_wider_than_what_was_offered_or_of_something_else(store: Store, clock: Clock) -> None:
    now = clock.now()
    review = granting.asked(now)
    await store.journal.commit(entries.opening(review))
    wider = replace(MOST, uses=MOST.uses + 1)
    other = replace(granting.of(review, now), coverage=replace(COVERAGE, fingerprint="0" * 64))
    for vote, grant in (
        (granting.chosen(review, now, wider), granting.of(review, now, wider)),
        (granting.chosen(review, now), other),
        (granting.chosen(review, now), replace(granting.of(review, now), uses=-1)),
    ):
        with pytest.raises(IllegalMove):
            await store.journal.commit(granting.giving(review, vote, grant))
    assert await store.grants.standing(now) == ()


async def test_without_its_entries_nothing_is_given_used_or_ended(store: Store, clock: Clock) -> None:
    now = clock.now()
    grant = await granting.give(store.journal, now)
    for unit in (
        granting.using(grant, entries.call_id()),
        granting.ending(grant, now),
        Unit(changes=(GiveGrant(grant=grant),)),
    ):
        with pytest.raises(Malformed):
            await store.journal.commit(replace(unit, entries=()))


async def test_each_use_is_taken_once_and_never_more_than_granted(store: Store, clock: Clock) -> None:
    grant = await granting.give(store.journal, clock.now())
    for number in range(MOST.uses):
        now = await again(store, grant)
        assert (now.uses, now.live(clock.now())) == (number, True)
        await store.journal.commit(granting.using(now, entries.call_id()))
    last = await again(store, grant)
    assert not last.live(clock.now())
    with pytest.raises(Lost):
        await store.journal.commit(granting.using(last, entries.call_id()))


async def test_of_many_who_want_the_last_use_one_gets_it(store: Store, clock: Clock) -> None:
    grant = await granting.give(store.journal, clock.now(), caps=replace(MOST, uses=1))
    calls = [entries.call_id() for _ in range(20)]
    said = await asyncio.gather(
        *(store.journal.commit(granting.using(grant, call)) for call in calls), return_exceptions=True
    )
    assert sum(isinstance(one, Lost | SlotTaken) for one in said) == 19
    assert sum([bool(await store.journal.entries(call)) for call in calls]) == 1
    assert (await again(store, grant)).uses == 1


async def test_past_its_end_a_grant_is_not_used(store: Store, clock: Clock) -> None:
    grant = await granting.give(store.journal, clock.now())
    unit = granting.using(grant, entries.call_id())
    for late in (None, grant.until + timedelta(seconds=1)):
        with pytest.raises(Malformed):
            await store.journal.commit(replace(unit, before=late))
    clock.advance(MOST.time)
    with pytest.raises(Lost):
        await store.journal.commit(unit)
    assert await store.grants.standing(clock.now()) == ()
    assert (await again(store, grant)).uses == 0


async def test_a_longer_end_than_was_given_is_not_taken_from_who_uses_it(store: Store, clock: Clock) -> None:
    grant = await granting.give(store.journal, clock.now())
    longer = replace(grant, until=grant.until + timedelta(hours=1))
    with pytest.raises(Lost):
        await store.journal.commit(granting.using(longer, entries.call_id()))


async def test_rows_of_all_uses_together_stay_within_the_total(store: Store, clock: Clock) -> None:
    grant = await granting.give(store.journal, clock.now())
    first, second = entries.call_id(), entries.call_id()
    await store.journal.commit(granting.using(grant, first))
    await store.journal.commit(granting.using(await again(store, grant), second))
    await store.journal.commit(granting.spending(first, 10))
    with pytest.raises(GrantEnded):
        await store.journal.commit(granting.spending(second, 11))
    assert len(await store.journal.entries(second)) == 1
    await store.journal.commit(granting.spending(second, 10))
    assert (await again(store, grant)).rows == 20
    with pytest.raises(Lost):
        await store.journal.commit(granting.using(await again(store, grant), entries.call_id()))


async def test_rows_that_the_source_rolled_back_are_given_back_once(store: Store, clock: Clock) -> None:
    grant, call = await granting.give(store.journal, clock.now()), entries.call_id()
    await store.journal.commit(granting.using(grant, call))
    await store.journal.commit(granting.spending(call, 7))
    unit = granting.rolled_back(call)
    await store.journal.commit(replace(unit, changes=unit.changes * 2))
    assert (await again(store, grant)).rows == 0
    other = entries.call_id()
    await store.journal.commit(Unit(entries=(entries.intent(other),)))
    await store.journal.commit(granting.rolled_back(other))
    assert (await again(store, grant)).rows == 0


async def test_once_ended_nothing_more_is_used_and_what_began_does_not_come_to_last(store: Store, clock: Clock) -> None:
    grant, call = await granting.give(store.journal, clock.now()), entries.call_id()
    await store.journal.commit(granting.using(grant, call))
    await store.journal.commit(granting.ending(grant, clock.now()))
    with pytest.raises((Lost, SlotTaken)):
        await store.journal.commit(granting.ending(grant, clock.now()))
    with pytest.raises(GrantEnded):
        await store.journal.commit(granting.spending(call, 1))
    with pytest.raises(Lost):
        await store.journal.commit(granting.using(await again(store, grant), entries.call_id()))
    assert await store.grants.covering(COVERAGE) == ()
    assert await store.grants.standing(clock.now()) == ()


async def test_a_call_under_no_grant_spends_none(store: Store) -> None:
    call = entries.call_id()
    await store.journal.commit(Unit(entries=(entries.intent(call, verbs=("update",)),)))
    with pytest.raises(GrantEnded):
        await store.journal.commit(Unit(entries=(entries.prepared(call),), changes=(SpendGrant(call=call, rows=0),)))


async def test_a_grant_covers_its_own_coverage_alone(store: Store, clock: Clock) -> None:
    await granting.give(store.journal, clock.now())
    for other in (
        replace(COVERAGE, fingerprint="0" * 64),
        replace(COVERAGE, principal=("https://id.example", "ann", "cursor")),
        replace(COVERAGE, source="other"),
        replace(COVERAGE, role="other"),
        replace(COVERAGE, masking="0" * 64),
        replace(COVERAGE, policy="p2"),
    ):
        assert await store.grants.covering(other) == ()


async def test_while_nobody_can_tell_what_a_use_did_the_grant_covers_nothing(store: Store, clock: Clock) -> None:
    grant, call = await granting.give(store.journal, clock.now()), entries.call_id()
    await store.journal.commit(granting.using(grant, call))
    await store.journal.commit(granting.spending(call, 1))
    await store.journal.commit(Unit(entries=(entries.outcome(call, Outcome.UNKNOWN),)))
    assert await store.grants.covering(COVERAGE) == ()
    await store.journal.commit(Unit(entries=(entries.resolved(call, Outcome.COMMITTED),)))
    assert [one.id for one in await store.grants.covering(COVERAGE)] == [grant.id]
