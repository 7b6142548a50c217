"""What a Call spends of a day's budgets: reserved in the unit that makes its INTENT durable, before anything runs."""

from __future__ import annotations

from core.execution.record import Case
from core.model import Reading
from core.ports import Reserve


def reserved(case: Case, reading: Reading) -> tuple[Reserve, ...]:
    """Give the reservations of a Call: each value looked up by its token, found or not; a statement of aggregates."""
    if case.source is None:
        return ()
    spent = []
    if reading.lookups:
        spent.append(spend(case, "lookups", len(reading.lookups), case.source.looks_per_day))
    words = [case.source.aggregated.get(f"{column.relation}.{column.name}") for column in reading.aggregated]
    if words:
        spent.append(spend(case, "aggregates", 1, min(0 if word is None else word.per_day for word in words)))
    return tuple(spent)


def spend(case: Case, what: str, amount: int, cap: int) -> Reserve:
    """Word one reservation: of this Caller, at this Source, on the day the Call came in."""
    source = "" if case.source is None else case.source.name
    day = case.call.received_at.date().isoformat()
    account = f"{what} {source} {case.person}"
    return Reserve(call=case.call.id, account=account, day=day, amount=amount, cap=cap)
