"""The port Breaks: an answer given alone, in every store alike."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.audit.entry import Malformed, alert
from core.errors import Lost
from core.model import Entry, EntryKind, Person, Review, Slot, State
from core.ports import BreakGlass, CloseGlass, Forget, PostCard, TellGlass, Unit, moved
from tests import entries
from tests.contract.conftest import Clock, Store

DAY = timedelta(hours=24)
BREN, CARL = Person(directory="acme", id="bren"), Person(directory="acme", id="carl")


def broken(review: Review, person: Person = BREN) -> Unit:
    """Answer alone; of the Vote and the decision their Entries alone matter here."""
    vote = {"call": review.call, "person": "p", "seat": "dba", "decision": "approve", "digest": review.digest}
    said = (Entry(kind=EntryKind.VOTE, scope=review.id, body=vote), entries.decided(review))
    return Unit(entries=said, changes=(BreakGlass(review=review.id, person=person, until=DAY),))


def closed(review: Review) -> Unit:
    body = {"call": review.call, "by": "p", "finding": "justified"}
    said = Entry(kind=EntryKind.GLASS_CLOSED, scope=review.id, body=body)
    return Unit(entries=(said,), changes=(CloseGlass(review=review.id),))


def told(review: Review) -> Unit:
    said = alert("breakglass.unclosed", review=review.id)
    return Unit(entries=(said,), changes=(TellGlass(review=review.id),))


async def pending(store: Store, clock: Clock) -> Review:
    """Ask."""
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    return review


async def over(store: Store, clock: Clock) -> Review:
    """Have a Review that is over."""
    review = await pending(store, clock)
    gone = entries.of_review(EntryKind.REVIEW_CANCELLED, review, Slot.USE)
    await store.journal.commit(Unit(entries=(gone,), changes=(moved(review, State.CANCELLED),)))
    found = await store.reviews.review(review.id)
    assert found is not None
    return found


async def test_it_is_due_a_day_later_by_the_stores_own_clock_and_found_until_somebody_looked(
    store: Store, clock: Clock
) -> None:
    review = await over(store, clock)
    assert await store.breaks.broken(review.id) is None
    await store.journal.commit(broken(review))
    found = await store.breaks.broken(review.id)
    assert found is not None
    assert (found.person, found.due - found.at, found.closed, found.told) == (BREN, DAY, False, False)
    assert await store.breaks.unclosed() == (found,)
    await store.journal.commit(closed(review))
    assert await store.breaks.unclosed() == ()
    again = await store.reviews.review(review.id)
    assert again is not None
    assert again.version == review.version + 1


async def test_one_that_is_overdue_keeps_its_person_and_nobody_else_from_another(store: Store, clock: Clock) -> None:
    first, second, third = [await over(store, clock) for _ in range(3)]
    await store.journal.commit(broken(first))
    clock.advance(DAY)
    with pytest.raises(Lost):
        await store.journal.commit(broken(second))
    await store.journal.commit(broken(second, CARL))
    await store.journal.commit(closed(first))
    await store.journal.commit(broken(third))


async def test_of_many_who_look_or_tell_one_is_first(store: Store, clock: Clock) -> None:
    review = await over(store, clock)
    await store.journal.commit(broken(review))
    with pytest.raises(Lost):
        await store.journal.commit(told(review))
    clock.advance(DAY)
    for unit in (told(review), closed(review)):
        said = await asyncio.gather(*(store.journal.commit(unit) for _ in range(4)), return_exceptions=True)
        assert sum(not isinstance(one, BaseException) for one in said) == 1
        assert all(isinstance(one, Lost) for one in said if isinstance(one, BaseException))


async def test_what_is_not_over_is_not_looked_at(store: Store, clock: Clock) -> None:
    review = await pending(store, clock)
    await store.journal.commit(broken(review))
    with pytest.raises(Lost):
        await store.journal.commit(closed(review))
    assert len(await store.breaks.unclosed()) == 1


async def test_it_is_unposted_in_a_channel_until_its_card_stands_there(store: Store, clock: Clock) -> None:
    review = await over(store, clock)
    await store.journal.commit(broken(review))
    await store.journal.commit(Unit(changes=(PostCard(review=review.id, channel="C1", ts="1", shown=1),)))
    assert [one.id for one in await store.reviews.unposted("C2")] == [review.id]
    assert await store.reviews.unposted("C1") == ()
    await store.journal.commit(closed(review))
    assert await store.reviews.unposted("C2") == ()


@pytest.mark.parametrize("change", ["broken", "closed", "told"])
async def test_none_of_it_is_without_its_entry(store: Store, clock: Clock, change: str) -> None:
    review = await over(store, clock)
    units = {"broken": broken(review), "closed": closed(review), "told": told(review)}
    with pytest.raises(Malformed):
        await store.journal.commit(replace(units[change], entries=()))


async def test_who_gave_it_is_forgotten_once_somebody_else_has_looked_and_not_before(
    store: Store, clock: Clock
) -> None:
    review = await over(store, clock)
    await store.journal.commit(broken(review))
    said = Entry(kind=EntryKind.SHRED, body={"reason": "person", "deks": []})
    gone = Unit(entries=(said,), changes=(Forget(person=BREN, known="ps_bren"),))
    with pytest.raises(Lost):
        await store.journal.commit(gone)
    await store.journal.commit(closed(review))
    await store.journal.commit(gone)
    found = await store.breaks.broken(review.id)
    assert found is not None
    assert found.person != BREN
