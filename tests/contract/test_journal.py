"""The port Journal: one suite for the double and for the real store."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.audit.entry import Malformed, alert
from core.errors import IllegalMove, Lost, SlotTaken
from core.model import Entry, EntryKind, Outcome, Slot, State
from core.ports import Committed, MoveReview, Unit
from tests import entries
from tests.contract.conftest import Clock, Store

SECOND = timedelta(seconds=1)


async def test_a_unit_is_read_back_by_its_scope_in_order(store: Store) -> None:
    call = entries.call_id()
    first = await store.journal.commit(Unit(entries=(entries.intent(call),)))
    second = await store.journal.commit(Unit(entries=(alert("x"), entries.outcome(call))))
    found = await store.journal.entries(call)
    assert [sealed.sequence for sealed in found] == [first.sequences[0], second.sequences[1]]
    assert found[0].leaf == first.leaves[0]
    assert [sealed.body["kind"] for sealed in found] == ["call.intent", "call.outcome"]
    assert found[0].body["call"] == call
    assert found[0].body["boot"] == store.boot
    assert found[0].body["unit"] == first.unit


async def test_sequence_numbers_have_no_gaps_even_when_units_are_refused(store: Store) -> None:
    call = entries.call_id()
    start = (await store.journal.commit(Unit(entries=(entries.intent(call),)))).sequences[0]
    for _ in range(3):
        with pytest.raises(SlotTaken):
            await store.journal.commit(Unit(entries=(alert("x"), entries.intent(call))))
    assert (await store.journal.commit(Unit(entries=(alert("y"),)))).sequences == (start + 1,)


async def test_a_taken_slot_drops_the_whole_unit(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    other = entries.review(clock.now())
    opening = entries.opening(other)
    with pytest.raises(SlotTaken):
        await store.journal.commit(
            Unit(entries=(*opening.entries, entries.intent(review.call)), changes=opening.changes)
        )
    assert await store.reviews.review(other.id) is None
    assert await store.journal.entries(other.call) == ()


async def test_a_refused_unit_leaves_nothing_and_takes_none_of_those_beside_it_along(store: Store) -> None:
    taken = entries.call_id()
    kept, refused = [entries.call_id() for _ in range(8)], [entries.call_id() for _ in range(8)]
    await store.journal.commit(Unit(entries=(entries.intent(taken),)))
    units = [
        unit
        for one, other in zip(kept, refused, strict=True)
        for unit in (
            Unit(entries=(entries.intent(one),)),
            Unit(entries=(entries.intent(other), entries.intent(taken))),
        )
    ]
    said = await asyncio.gather(*(store.journal.commit(unit) for unit in units), return_exceptions=True)
    assert [isinstance(one, SlotTaken) for one in said] == [False, True] * 8
    assert [len(await store.journal.entries(call)) for call in kept] == [1] * 8
    assert [len(await store.journal.entries(call)) for call in refused] == [0] * 8


async def test_of_many_writers_of_one_slot_exactly_one_wins(store: Store) -> None:
    call = entries.call_id()
    await store.journal.commit(Unit(entries=(entries.intent(call),)))
    units = [Unit(entries=(entries.prepared(call, word),)) for word in ("prepared", "abandoned") * 40]
    said = await asyncio.gather(*(store.journal.commit(unit) for unit in units), return_exceptions=True)
    assert sum(not isinstance(one, BaseException) for one in said) == 1
    assert sum(isinstance(one, SlotTaken) for one in said) == 79


async def test_of_units_that_wait_together_each_falls_alone(store: Store, clock: Clock) -> None:
    taken, one, two, done = (entries.call_id() for _ in range(4))
    first = (await store.journal.commit(Unit(entries=(entries.intent(taken),)))).sequences[0]
    units = (
        Unit(entries=(entries.intent(one),)),
        Unit(entries=(alert("half"), entries.intent(taken))),
        Unit(entries=(alert("late"),), before=clock.now() - SECOND),
        Unit(entries=(entries.intent(two), alert("whole"))),
        Unit(entries=(entries.intent(one),)),
        Unit(entries=(entries.intent(done), entries.outcome(done, Outcome.REFUSED))),
    )
    said = await asyncio.gather(*(store.journal.commit(unit) for unit in units), return_exceptions=True)
    won = [one for one in said if isinstance(one, Committed)]
    assert [type(one) for one in said] == [Committed, SlotTaken, Lost, Committed, SlotTaken, Committed]
    assert sorted(number for one in won for number in one.sequences) == list(range(first + 1, first + 6))
    for call, at, leaf in ((one, 0, 0), (two, 1, 0), (done, 2, 1)):
        assert (await store.journal.entries(call))[-1].leaf == won[at].leaves[leaf]
        assert (await store.journal.entries(call))[-1].sequence == won[at].sequences[leaf]
    assert set(await store.journal.open_calls()) == {taken, one, two}


async def test_the_two_uses_of_one_review_exclude_each_other(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(Unit(entries=(entries.claimed(review),)))
    with pytest.raises(SlotTaken):
        await store.journal.commit(Unit(entries=(entries.of_review(EntryKind.REVOKED, review, Slot.USE),)))


async def test_before_refuses_at_its_instant_and_after_admits_at_it(store: Store, clock: Clock) -> None:
    until = clock.now() + SECOND
    await store.journal.commit(Unit(entries=(alert("in time"),), before=until))
    with pytest.raises(Lost):
        await store.journal.commit(Unit(entries=(alert("early"),), after=until))
    clock.advance(SECOND)
    with pytest.raises(Lost):
        await store.journal.commit(Unit(entries=(alert("late"),), before=until))
    await store.journal.commit(Unit(entries=(alert("due"),), after=until))


async def test_a_clock_set_back_prolongs_nothing(store: Store, clock: Clock) -> None:
    until = clock.now() + SECOND
    clock.advance(2 * SECOND)
    late = await store.journal.commit(Unit(entries=(alert("x"),)))
    clock.advance(-10 * SECOND)
    with pytest.raises(Lost):
        await store.journal.commit(Unit(entries=(alert("late"),), before=until))
    assert (await store.journal.commit(Unit(entries=(alert("y"),)))).at >= late.at


async def test_open_calls_are_those_without_a_final_outcome(store: Store) -> None:
    done, waits, again = entries.call_id(), entries.call_id(), entries.call_id()
    await store.journal.commit(Unit(entries=(entries.intent(done), entries.outcome(done, Outcome.REFUSED))))
    await store.journal.commit(Unit(entries=(entries.intent(waits),)))
    await store.journal.commit(Unit(entries=(entries.intent(again),)))
    repeat = entries.outcome(again, Outcome.NOT_DELIVERED, final=False)
    await store.journal.commit(Unit(entries=(repeat, entries.intent(again, attempt=2))))
    assert set(await store.journal.open_calls()) == {waits, again}
    held = entries.call_id()
    await store.journal.commit(Unit(entries=(entries.intent(held),)))
    await store.journal.commit(Unit(entries=(entries.outcome(held, Outcome.NOT_EXECUTED, final=False),)))
    assert held in await store.journal.open_calls()
    await store.journal.commit(Unit(entries=(entries.intent(held, attempt=2), entries.outcome(held, attempt=2))))
    await store.journal.commit(Unit(entries=(entries.outcome(again, attempt=2),)))
    assert await store.journal.open_calls() == (waits,)


@pytest.mark.parametrize(
    "entry",
    [
        Entry(kind=EntryKind.OUTCOME, scope="call_1", attempt=1, slot=Slot.PREPARED, body={"outcome": "delivered"}),
        Entry(kind=EntryKind.OUTCOME, scope="call_1", attempt=None, slot=Slot.OUTCOME, body={"outcome": "delivered"}),
        Entry(kind=EntryKind.CLAIMED, scope="rev_1", attempt=1, slot=Slot.USE, body={"call": "c", "deadline": 1}),
        Entry(kind=EntryKind.OUTCOME, scope="call_1", attempt=1, slot=Slot.OUTCOME, body={"outcome": "great"}),
        Entry(kind=EntryKind.OUTCOME, scope="call_1", attempt=1, slot=Slot.OUTCOME, body={}),
        Entry(kind=EntryKind.ALERT, body={"alert": "x", "ts": 0}),
        Entry(kind=EntryKind.ALERT, scope="call_1", body={"alert": "x"}),
    ],
)
async def test_an_entry_out_of_form_is_a_programming_error(store: Store, entry: Entry) -> None:
    with pytest.raises(Malformed):
        await store.journal.commit(Unit(entries=(entry,)))


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**63, b"bytes"])
async def test_what_is_no_json_of_ours_fails_its_unit_alone(store: Store, value: object) -> None:
    entry = Entry(kind=EntryKind.ALERT, body={"alert": "x", "value": value})  # type: ignore[dict-item]
    said = await asyncio.gather(
        store.journal.commit(Unit(entries=(alert("before"),))),
        store.journal.commit(Unit(entries=(entry,))),
        store.journal.commit(Unit(entries=(alert("behind"),))),
        return_exceptions=True,
    )
    assert [type(one).__name__ for one in said] == ["Committed", "Malformed", "Committed"]


async def test_lone_surrogates_are_recorded_and_marked(store: Store) -> None:
    entry = Entry(kind=EntryKind.ATTACHED, scope="call_s", body={"review": "a\ud800b", "first": "c"})
    await store.journal.commit(Unit(entries=(entry,)))
    (found,) = await store.journal.entries("call_s")
    assert found.body["review"] == "a\ufffdb"
    assert found.body["sanitised"] is True


async def test_nul_is_recorded_and_marked_and_its_look_alike_is_left_alone(store: Store) -> None:
    entry = Entry(kind=EntryKind.ATTACHED, scope="call_n", body={"review": "a\0b", "first": "c"})
    alike = Entry(kind=EntryKind.ATTACHED, scope="call_n", body={"review": "a\\u0000b", "first": "c"})
    await store.journal.commit(Unit(entries=(entry, alike)))
    found, other = await store.journal.entries("call_n")
    assert (found.body["review"], found.body["sanitised"]) == ("a\ufffdb", True)
    assert other.body["review"] == "a\\u0000b"
    assert "sanitised" not in other.body


async def test_a_move_without_its_entry_or_outside_of_the_table_is_refused(store: Store, clock: Clock) -> None:
    review = entries.review(clock.now())
    await store.journal.commit(entries.opening(review))
    lone = MoveReview(review=review.id, version=1, to=State.DENIED)
    with pytest.raises(IllegalMove):
        await store.journal.commit(Unit(entries=(alert("x"),), changes=(lone,)))
    jump = MoveReview(review=review.id, version=1, to=State.EXECUTING)
    with pytest.raises(IllegalMove):
        await store.journal.commit(Unit(entries=(entries.claimed(review),), changes=(jump,)))
    assert (await store.reviews.review(review.id)) == review


async def test_a_scope_that_cannot_be_stored_has_no_entries(store: Store) -> None:
    assert await store.journal.entries("call_\ud800") == ()
    assert await store.reviews.attached("\udfff") is None
