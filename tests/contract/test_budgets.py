"""What budgets hold, in every store: taken before anything begins, given back once, never more than there is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core.audit.entry import Malformed, alert
from core.errors import BudgetSpent, SlotTaken
from core.model import CallId, Measure, Period
from core.ports import Reserve, Settle, Unit
from tests import entries
from tests.contract.conftest import Clock, Store

CAP = 5
MIDDAY = datetime(2030, 1, 2, 12, 30, tzinfo=UTC)


def spend(
    amount: int, *, account: str = "a", period: Period = Period.DAY, measure: Measure = Measure.ROWS, call: str = ""
) -> Unit:
    intent = entries.intent(CallId(call) if call else entries.call_id())
    reserve = Reserve(
        call=CallId(str(intent.scope)),
        account=account,
        measure=measure,
        period=period,
        amount=amount,
        cap=CAP,
        name="rows of a day",
    )
    return Unit(entries=(intent,), changes=(reserve,))


def ending(unit: Unit, used: dict[Measure, int], attempt: int = 1) -> Unit:
    call = CallId(str(unit.entries[0].scope))
    return Unit(entries=(entries.outcome(call),), changes=(Settle(call=call, attempt=attempt, used=used),))


async def room(store: Store, account: str = "a", period: Period = Period.DAY) -> int:
    """Count how much an account still holds, by taking it."""
    for amount in range(CAP, 0, -1):
        unit = spend(amount, account=account, period=period)
        try:
            await store.journal.commit(unit)
        except BudgetSpent:
            continue
        await store.journal.commit(ending(unit, {Measure.ROWS: 0}))
        return amount
    return 0


async def test_a_budget_is_never_overdrawn_and_what_is_refused_costs_nothing(store: Store) -> None:
    await store.journal.commit(spend(3))
    over = spend(3)
    with pytest.raises(BudgetSpent):
        await store.journal.commit(over)
    assert await store.journal.entries(str(over.entries[0].scope)) == ()
    await store.journal.commit(spend(2))
    with pytest.raises(BudgetSpent):
        await store.journal.commit(spend(1))
    await store.journal.commit(spend(5, account="b"))


async def test_many_spenders_of_one_budget_never_overdraw_it(store: Store) -> None:
    units = [store.journal.commit(spend(1)) for _ in range(12)]
    done = await asyncio.gather(*units, return_exceptions=True)
    assert sum(not isinstance(one, BaseException) for one in done) == CAP


async def test_a_budget_is_spent_by_a_call_alone(store: Store) -> None:
    with pytest.raises(Malformed):
        await store.journal.commit(Unit(entries=(alert("x"),), changes=spend(1).changes))


async def test_a_budget_is_given_back_by_an_outcome_alone(store: Store) -> None:
    taken = spend(4)
    await store.journal.commit(taken)
    with pytest.raises(Malformed):
        await store.journal.commit(Unit(entries=(alert("x"),), changes=ending(taken, {}).changes))


async def test_what_was_not_used_is_given_back_once(store: Store) -> None:
    taken = spend(4)
    await store.journal.commit(taken)
    assert await room(store) == 1
    await store.journal.commit(ending(taken, {Measure.ROWS: 1}))
    assert await room(store) == 4
    with pytest.raises(SlotTaken):
        await store.journal.commit(ending(taken, {Measure.ROWS: 0}))
    assert await room(store) == 4
    call = CallId(str(taken.entries[0].scope))
    again = Settle(call=call, attempt=1, used={Measure.ROWS: 0})
    await store.journal.commit(Unit(entries=(entries.outcome(call, attempt=2),), changes=(again,)))
    assert await room(store) == 4


async def test_of_what_nobody_can_tell_all_that_was_taken_counts(store: Store) -> None:
    taken = spend(4)
    await store.journal.commit(taken)
    await store.journal.commit(ending(taken, {Measure.TIME: 0}))
    assert await room(store) == 1


@pytest.mark.parametrize("used", [-3, 99])
async def test_no_word_of_a_source_fills_a_budget_up_or_overdraws_it(store: Store, used: int) -> None:
    taken = spend(2)
    await store.journal.commit(taken)
    await store.journal.commit(ending(taken, {Measure.ROWS: used}))
    assert await room(store) == (CAP if used < 0 else CAP - 2)


async def test_a_period_begins_anew_by_the_stores_own_clock_and_never_twice(store: Store, clock: Clock) -> None:
    await store.journal.commit(spend(5, period=Period.HOUR))
    await store.journal.commit(spend(5, account="b"))
    clock.advance(timedelta(hours=1))
    assert await room(store, period=Period.HOUR) == CAP
    await store.journal.commit(spend(5, period=Period.HOUR))
    clock.advance(-timedelta(hours=2))
    assert await room(store, period=Period.HOUR) == 0
    clock.advance(timedelta(hours=26))
    assert await room(store, "b") == CAP


async def test_what_is_given_back_after_its_period_does_not_fill_the_next(store: Store, clock: Clock) -> None:
    early = spend(5, period=Period.HOUR)
    await store.journal.commit(early)
    clock.advance(timedelta(hours=1))
    await store.journal.commit(spend(5, period=Period.HOUR))
    await store.journal.commit(ending(early, {Measure.ROWS: 0}))
    assert await room(store, period=Period.HOUR) == 0


async def test_a_refusal_says_when_the_budget_begins_anew(store: Store, clock: Clock) -> None:
    for period, length in ((Period.HOUR, timedelta(hours=1)), (Period.DAY, timedelta(days=1))):
        with pytest.raises(BudgetSpent) as refused:
            await store.journal.commit(spend(6, account=period.value, period=period))
        again = refused.value.again
        assert again is not None
        assert timedelta(0) < again - clock.now() <= length + timedelta(seconds=5)
        assert again.minute == again.second == 0
        assert f"{again:%Y-%m-%d %H:%M} UTC" in refused.value.public
        assert "“rows of a day”" in refused.value.public
