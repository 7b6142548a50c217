"""What a Call may use of budgets: taken in the unit that begins its attempt, given back with that attempt's OUTCOME.

Values that are looked up and totals over protected columns are taken when they are asked, and never given back: that
somebody asked is what counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from core.execution.record import Case
from core.model import Bill, CallId, Measure, Outcome, Per, Period, Reading, ReviewId, Source, millionths
from core.ports import Charge, Reserve, Settle

# Nothing was shown and nothing changed: so much is proved by these. The Source may have worked for it all the same.
NOTHING: Final[Mapping[Measure, int]] = MappingProxyType({Measure.ROWS: 0, Measure.RETURNED_BYTES: 0})
# No job was begun, and nobody can begin it any more: the right to begin it was given up.
UNBEGUN: Final[Mapping[Measure, int]] = MappingProxyType({Measure.BYTES: 0, Measure.PRICE: 0})
COUNT: Final = 0  # the attempt that a count is of: none begins before people are asked
WITHOUT: Final = frozenset(
    {
        Outcome.REFUSED,
        Outcome.NOT_EXECUTED,
        Outcome.ABORTED,
        Outcome.NOT_DELIVERED,
        Outcome.ERROR,
        Outcome.CANCELLED,
    }
)


def reserved(case: Case, reading: Reading, charges: Iterable[Charge] = ()) -> tuple[Reserve, ...]:
    """Give the reservations of a Call: values looked up by their token, found or not, totals, and what it may use."""
    return (*_asked(case, reading), *taken(charges, case.call.id, case.payer))


def _asked(case: Case, reading: Reading) -> Iterator[Reserve]:
    if case.source is None:
        return
    if reading.lookups:
        yield _spend(case, Measure.LOOKUPS, len(reading.lookups), case.source.looks_per_day)
    words = [case.source.aggregated.get(f"{column.relation}.{column.name}") for column in reading.aggregated]
    if words:
        yield _spend(case, Measure.AGGREGATES, 1, min(0 if word is None else word.per_day for word in words))


def _spend(case: Case, measure: Measure, amount: int, cap: int) -> Reserve:
    """Word one reservation: of this Caller at this Source, whose configuration says how many a day."""
    source = "" if case.source is None else case.source.name
    account = json.dumps(["", measure.value, Period.DAY.value, Per.CALLER.value, case.person, source])
    return Reserve(call=case.call.id, account=account, measure=measure, period=Period.DAY, amount=amount, cap=cap)


def taken(
    charges: Iterable[Charge], call: CallId, payer: str, *, attempt: int = 1, review: ReviewId | None = None
) -> tuple[Reserve, ...]:
    """Give the reservations of an attempt, always in the order of their accounts: no two wait for each other."""
    made = (
        Reserve(
            call=call,
            attempt=attempt,
            review=review,
            account=account(charge, payer),
            measure=charge.measure,
            period=charge.period,
            amount=charge.amount,
            cap=charge.cap,
            name=charge.budget,
        )
        for charge in charges
    )
    return tuple(sorted(made, key=lambda one: one.account))


def counting(charges: Iterable[Charge], call: CallId, payer: str) -> tuple[Reserve, ...]:
    """Give the reservations of a count that costs, made for people before any attempt: as of an attempt 0."""
    return taken((one for one in charges if one.measure in UNBEGUN), call, payer, attempt=COUNT)


def counted(call: CallId, bill: Bill | None, source: Source) -> Settle:
    """Say what a count was billed; of what nobody can tell all that was reserved counts."""
    return Settle(call=call, attempt=COUNT, used=billed(bill, source))


def account(charge: Charge, payer: str) -> str:
    """Name an account: its budget, what it counts, for how long, and whose it is; a caller is a pseudonym."""
    of = payer if charge.per is Per.CALLER else charge.of
    return json.dumps([charge.budget, charge.measure.value, charge.period.value, charge.per.value, of])


def milliseconds(span: timedelta) -> int:
    """Count whole milliseconds; what took less than one took one."""
    return -(-span // timedelta(milliseconds=1))


def billed(bill: Bill | None, source: Source) -> dict[Measure, int]:
    """Say what a job used of money; empty: nobody can tell, and all that was reserved counts."""
    if bill is None:
        return {}
    price = source.price(bill.bytes)
    return {Measure.BYTES: bill.bytes} | ({} if price is None else {Measure.PRICE: millionths(price)})


def settled(call: CallId, attempt: int, result: Outcome, used: Mapping[Measure, int] | None = None) -> Settle:
    """Say what an attempt used that came to a result; what nobody can tell counts as all that was reserved."""
    proved = {**(NOTHING if result in WITHOUT else {}), **(UNBEGUN if result is Outcome.NOT_EXECUTED else {})}
    return Settle(call=call, attempt=attempt, used={**(used or {}), **proved})
