"""What a Call spends of a day's budgets: reserved in the unit that makes its INTENT durable, before anything runs."""

from __future__ import annotations

from core.execution.record import Case
from core.model import Reading
from core.ports import Reserve


def reserved(case: Case, reading: Reading) -> tuple[Reserve, ...]:
    """Give the reservations of a Call: each value looked up by its token counts, found or not."""
    if not reading.lookups or case.source is None:
        return ()
    spend = Reserve(
        call=case.call.id,
        account=f"lookups {case.source.name} {case.person}",
        day=case.call.received_at.date().isoformat(),
        amount=len(reading.lookups),
        cap=case.source.looks_per_day,
    )
    return (spend,)
