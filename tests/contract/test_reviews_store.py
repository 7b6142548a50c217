"""The ports Reviews, Cards and Results: one suite for the double and for the real store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.audit.entry import Malformed, alert
from core.errors import IllegalMove, Lost
from core.model import Decision, Digest, EntryKind, Outcome, PayloadId, ReviewId, Seat, Slot, State
from core.ports import (
    CastVote,
    DropResult,
    HandResult,
    OpenReview,
    PostCard,
    StoreResult,
    Unit,
    moved,
)
from tests import entries
from tests.contract.conftest import Clock, Store


async def test_an_opened_review_is_found_by_id_call_and_request_key(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    assert await store.reviews.review(review.id) == review
    assert await store.reviews.review(review.call) == review
    assert await store.reviews.attached(review.request_key) == review
    assert await store.reviews.in_state(State.PENDING) == (review,)


async def test_an_identical_request_loses_while_the_first_is_open(store: Store, clock: Clock) -> None:
    first, second = entries.review(clock.now(), key="k"), entries.review(clock.now(), key="k")
    await store.journal.commit(entries.opening(first))
    with pytest.raises(Lost):
        await store.journal.commit(entries.opening(second))
    assert await store.journal.entries(second.call) == ()
    denial = entries.vote(first, clock.now(), decision=Decision.DENY)
    await store.journal.commit(entries.casting(first, denial))
    await store.journal.commit(entries.opening(second))
    assert await store.reviews.attached("k") == second


async def test_a_review_needs_its_entries(store: Store, clock: Clock) -> None:
    with pytest.raises(Malformed):
        await store.journal.commit(
            Unit(entries=(alert("x"),), changes=(OpenReview(review=entries.review(clock.now())),))
        )


async def test_a_vote_that_fills_the_quorum_approves_in_the_same_unit(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    vote = entries.vote(review, clock.now())
    use_by = clock.now() + timedelta(minutes=5)
    await store.journal.commit(entries.casting(review, vote, use_by=use_by))
    now = await store.reviews.review(review.id)
    assert now == replace(review, state=State.APPROVED, version=3, use_by=use_by)
    assert await store.reviews.votes(review.id) == (vote,)


async def test_approval_without_its_votes_is_refused(store: Store, clock: Clock) -> None:
    review = replace(entries.review(clock.now()), seats=(Seat(group="dba", count=2),))
    await store.journal.commit(entries.opening(review))
    with pytest.raises(IllegalMove):
        await store.journal.commit(entries.casting(review, entries.vote(review, clock.now())))
    assert await store.reviews.votes(review.id) == ()
    assert await store.reviews.review(review.id) == review


async def test_one_person_votes_once_and_only_on_the_digest_asked(store: Store, clock: Clock) -> None:
    review = replace(entries.review(clock.now()), seats=(Seat(group="dba", count=2),))
    await store.journal.commit(entries.opening(review))
    vote = entries.vote(review, clock.now())
    await store.journal.commit(entries.casting(review, vote, decides=False))
    seen = replace(review, version=2)
    with pytest.raises(Lost):
        await store.journal.commit(entries.casting(seen, vote, decides=False))
    other = replace(entries.vote(seen, clock.now(), person="cyd"), digest=Digest("e" * 64))
    with pytest.raises(Lost):
        await store.journal.commit(entries.casting(seen, other, decides=False))
    assert await store.reviews.votes(review.id) == (vote,)


async def test_of_many_votes_at_once_one_decides(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    votes = [entries.vote(review, clock.now(), person=f"p{n}") for n in range(40)]
    said = await asyncio.gather(
        *(store.journal.commit(entries.casting(review, vote)) for vote in votes), return_exceptions=True
    )
    assert sum(isinstance(one, Lost) for one in said) == 39
    assert len(await store.reviews.votes(review.id)) == 1


async def test_a_vote_past_its_time_is_lost_in_its_own_unit(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    clock.advance(timedelta(minutes=15))
    with pytest.raises(Lost):
        await store.journal.commit(entries.casting(review, entries.vote(review, clock.now())))
    assert await store.reviews.votes(review.id) == ()


async def test_a_vote_comes_with_its_entry(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    lone = CastVote(vote=entries.vote(review, clock.now()), version=1)
    with pytest.raises(Malformed):
        await store.journal.commit(Unit(changes=(lone,)))


async def test_cards_are_stale_until_each_shows_the_newest_version(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    assert await store.reviews.stale() == (review,)
    for ts in ("1", "2"):
        await store.journal.commit(Unit(changes=(PostCard(review=review.id, channel="C", ts=ts, shown=1),)))
    assert await store.reviews.stale() == ()
    await store.journal.commit(entries.casting(review, entries.vote(review, clock.now())))
    await store.journal.commit(Unit(changes=(PostCard(review=review.id, channel="C", ts="1", shown=3),)))
    assert [one.id for one in await store.reviews.stale()] == [review.id]
    await store.journal.commit(Unit(changes=(PostCard(review=review.id, channel="C", ts="2", shown=3),)))
    await store.journal.commit(Unit(changes=(PostCard(review=review.id, channel="C", ts="2", shown=2),)))
    assert await store.reviews.stale() == ()
    assert {(card.ts, card.shown) for card in await store.reviews.cards(review.id)} == {("1", 3), ("2", 3)}


async def test_what_was_decided_without_a_card_wants_none_and_starves_nobody(store: Store, clock: Clock) -> None:
    denied, waiting = entries.review(clock.now()), entries.review(clock.now() + timedelta(seconds=1))
    await store.journal.commit(entries.opening(denied))
    await store.journal.commit(entries.casting(denied, entries.vote(denied, clock.now(), decision=Decision.DENY)))
    await store.journal.commit(entries.opening(waiting))
    assert await store.reviews.stale() == (waiting,)
    await store.journal.commit(Unit(changes=(PostCard(review=denied.id, channel="C", ts="1", shown=1),)))
    assert [one.id for one in await store.reviews.stale()] == [denied.id, waiting.id]


async def test_a_result_waits_until_it_is_handed_out(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    waiting = StoreResult(call=review.call, result=PayloadId("pay_r"), until=clock.now() + timedelta(hours=1))
    await store.journal.commit(Unit(changes=(waiting,)))
    assert await store.reviews.result(review.call) == waiting
    await store.journal.commit(Unit(changes=(HandResult(call=review.call),)))
    assert await store.reviews.attached(review.request_key) is None


async def test_results_past_their_end_are_told_and_dropped(store: Store, clock: Clock) -> None:
    past, later = entries.review(clock.now()), entries.review(clock.now())
    for review, hours in ((past, 1), (later, 3)):
        await store.journal.commit(entries.opening(review))
        until = clock.now() + timedelta(hours=hours)
        await store.journal.commit(
            Unit(changes=(StoreResult(call=review.call, result=PayloadId("pay_r"), until=until),))
        )
    assert await store.reviews.over(clock.now() + timedelta(hours=2)) == (past.call,)
    await store.journal.commit(Unit(changes=(DropResult(call=past.call),)))
    assert await store.reviews.over(clock.now() + timedelta(hours=2)) == ()
    assert await store.reviews.result(past.call) is None


async def test_a_stop_is_wanted_of_what_executes(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    await store.journal.commit(entries.casting(review, entries.vote(review, clock.now())))
    await store.journal.commit(entries.stopped(review.id))
    assert await store.reviews.stops() == ()
    row = await store.reviews.review(review.id)
    assert row is not None
    await store.journal.commit(Unit(entries=(entries.claimed(review),), changes=(moved(row, State.EXECUTING),)))
    assert await store.reviews.stops() == ((review.id, "bob"),)
    row = await store.reviews.review(review.id)
    assert row is not None
    ended = (entries.prepared(review.call, "abandoned"), entries.outcome(review.call, Outcome.CANCELLED))
    await store.journal.commit(Unit(entries=ended, changes=(moved(row, State.CANCELLED),)))
    assert await store.reviews.stops() == ()
    with pytest.raises(Lost):
        await store.journal.commit(entries.stopped(ReviewId("rev_none")))
    with pytest.raises(Malformed):
        await store.journal.commit(replace(entries.stopped(review.id), entries=()))


async def test_a_vote_or_move_decided_on_an_older_row_is_lost(store: Store, clock: Clock) -> None:
    review = replace(entries.review(clock.now()), seats=(Seat(group="dba", count=3),))
    await store.journal.commit(entries.opening(review))
    await store.journal.commit(entries.casting(review, entries.vote(review, clock.now()), decides=False))
    late = entries.casting(review, entries.vote(review, clock.now(), person="cyd"), decides=False)
    with pytest.raises(Lost):
        await store.journal.commit(late)
    cancelled = entries.of_review(EntryKind.REVIEW_CANCELLED, review, Slot.DECISION)
    with pytest.raises(Lost):
        await store.journal.commit(Unit(entries=(cancelled,), changes=(moved(review, State.CANCELLED),)))
    assert len(await store.reviews.votes(review.id)) == 1
