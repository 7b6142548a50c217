"""What was used of budgets: one row of each account and period, one of each attempt that has not settled yet.

What an attempt may use at most is taken before it begins and counts as used until its OUTCOME gives the rest back; a
process that dies between leaves it taken. Periods are told by the store's own clock, which never goes back, so that
neither a replica's clock nor one that was set begins one anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, LiteralString

from core.errors import BudgetSpent
from core.model import Measure, Period
from core.ports import Reserve, Settle
from core.stores import rows
from core.stores.operational import closure
from core.stores.steps import Steps, ask, one

LENGTH: Final = {Period.HOUR: timedelta(hours=1), Period.DAY: timedelta(days=1)}
# Of an account only the period that runs matters: what the ones before it used, and held, is over.
FORGET: Final[tuple[LiteralString, ...]] = (
    "DELETE FROM budgets WHERE account = $1 AND since < $2",
    "DELETE FROM reserved WHERE account = $1 AND since < $2",
)
SPEND: Final[LiteralString] = (
    "INSERT INTO budgets (account, since, spent) VALUES ($1, $2, $3)"
    " ON CONFLICT (account, since) DO UPDATE SET spent = budgets.spent + excluded.spent RETURNING spent"
)
HOLD: Final[LiteralString] = (
    "INSERT INTO reserved (call_id, attempt, account, since, measure, amount) VALUES ($1, $2, $3, $4, $5, $6)"
)
FREE: Final[LiteralString] = (
    "DELETE FROM reserved WHERE call_id = $1 AND attempt = $2 RETURNING account, since, measure, amount"
)
BACK: Final[LiteralString] = "UPDATE budgets SET spent = spent - $1 WHERE account = $2 AND since = $3"
USED: Final[LiteralString] = "SELECT account, since, spent FROM budgets ORDER BY account, since"


def since(period: Period, now: datetime) -> datetime:
    """Return when the period began in which an instant (aware, UTC) lies."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return day if period is Period.DAY else day.replace(hour=now.hour)


def put(change: Reserve | Settle, now: datetime) -> Steps[None]:
    """Apply one Change at the store's own time.

    Raises: BudgetSpent.
    """
    yield from reserve(change, now) if isinstance(change, Reserve) else settle(change)


def reserve(change: Reserve, now: datetime) -> Steps[None]:
    """Take what an attempt may use at most.

    Raises: BudgetSpent where it does not fit, and where a restored store cannot know what was used.
    """
    begun = since(change.period, now)
    yield from closure.unspent(f"{now:%Y-%m-%d}")
    start = rows.micros(begun)
    row = yield from one(SPEND, change.account, start, change.amount)
    spent = row[0] if row else 0
    if spent > change.cap:
        detail = f"{spent} of {change.cap} for {change.account}"
        raise BudgetSpent(detail, name=change.name, again=begun + LENGTH[change.period])
    if spent == change.amount:
        for sql in FORGET:
            yield from ask(sql, change.account, start)
    yield from ask(HOLD, change.call, change.attempt, change.account, start, change.measure.value, change.amount)


def settle(change: Settle) -> Steps[None]:
    """Give back what was not used: never more than was taken, so that no Source's word fills a budget up."""
    held = yield from ask(FREE, change.call, change.attempt)
    for account, start, measure, amount in sorted(map(tuple, held)):
        used = change.used.get(Measure(measure), amount)
        rest = amount - min(max(used, 0), amount)
        if rest:
            yield from ask(BACK, rest, account, start)


def used() -> Steps[tuple[tuple[str, datetime, int], ...]]:
    """Say what is used of each account, and since when; what is reserved counts."""
    return tuple((account, rows.instant(start), spent) for account, start, spent in (yield from ask(USED)))
