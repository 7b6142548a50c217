"""Which budgets a statement counts against, how far they bound it, and what it may use of each at most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from core.model import JOBS, MILLIONTHS, TIB, Limits, Measure, Per, Reason, Source, millionths
from core.policy.conditions.situation import STATEMENT, Situation
from core.policy.force import Policy
from core.policy.rules import Budget
from core.ports import Charge

MILLISECOND: Final = timedelta(milliseconds=1)
# What a job may be billed beyond what its dry run said, before it fails unbilled; and the least that is billed at all:
# https://cloud.google.com/bigquery/docs/best-practices-costs (maximum bytes billed), /pricing (10 MiB a table).
HEADROOM: Final = (11, 10)
LEAST: Final = 10 * 2**20


def matching(policy: Policy, asked: Situation) -> tuple[Budget, ...]:
    """Return the budgets that a statement counts against: all that stands in one must hold, and no `not_` form."""
    return tuple(one for one in policy.budgets if _holds(one, asked) and _accounts(one, asked))


def _holds(one: Budget, asked: Situation) -> bool:
    wanted = (made(one.when) for made in STATEMENT.values())
    unwanted = (made(one.unless) for made in STATEMENT.values())
    return all(holds is None or holds(asked) for holds in wanted) and not any(
        holds is not None and holds(asked) for holds in unwanted
    )


def _accounts(one: Budget, asked: Situation) -> tuple[str, ...]:
    """Whose accounts it is: "" a caller's, named by a pseudonym; of several groups of a Caller each one's."""
    match one.per:
        case Per.CALLER:
            return ("",)
        case Per.GROUP:
            return tuple(sorted(asked.groups & (one.when.groups or frozenset())))
        case Per.AGENT:
            return tuple(sorted(asked.agents)) or ("",)
        case Per.SOURCE:
            return (asked.source,)


def foreseen(limits: Limits, said: int | None, *, writes: bool) -> Limits:
    """Bound a bill by what its Source said it would be; None: it said nothing, or bills nothing.

    Where rows of a change are capped they are counted before it, which reads no more than the change does.
    """
    if said is None:
        return limits
    counts = writes and not (limits.affected_rows is None and limits.target_rows is None)
    more, of = HEADROOM
    once = max(-(-said * more // of), LEAST)
    return replace(limits, billed_bytes=_cap(limits.billed_bytes, 2 * once if counts else once))


def lowered(limits: Limits, budgets: Iterable[Budget], source: Source, *, writes: bool) -> Limits:
    """Bound a statement by the whole of each budget: what no budget could ever hold is not even begun.

    So a change that no rule caps is capped where its rows are counted, and what it may use is known before it runs.
    """
    billed = source.dialect in JOBS
    for one in budgets:
        rows, octets = one.amounts.get(Measure.ROWS), one.amounts.get(Measure.RETURNED_BYTES)
        bill, time = _billed(one, source), one.amounts.get(Measure.TIME)
        limits = replace(
            limits,
            returned_rows=_least(limits.returned_rows, rows),
            affected_rows=_cap(limits.affected_rows, rows) if writes else limits.affected_rows,
            returned_bytes=_least(limits.returned_bytes, octets),
            billed_bytes=_cap(limits.billed_bytes, bill) if billed else limits.billed_bytes,
            timeout=limits.timeout if time is None else min(limits.timeout, time * MILLISECOND),
        )
    return limits


def _billed(one: Budget, source: Source) -> int | None:
    """Count the bytes that a whole budget pays for."""
    price, bought = one.amounts.get(Measure.PRICE), None
    if price is not None and source.price_per_tib:
        bought = int(price * TIB / (source.price_per_tib * MILLIONTHS))
    return _cap(one.amounts.get(Measure.BYTES), bought)


def _least(limit: int, whole: int | None) -> int:
    return limit if whole is None else min(limit, whole)


def _cap(cap: int | None, other: int | None) -> int | None:
    return min((one for one in (cap, other) if one is not None), default=None)


def charges(policy: Policy, asked: Situation, limits: Limits, source: Source, *, writes: bool) -> Iterator[Charge]:
    """Say what a statement may use at most of each account, by the limits it runs under."""
    for one in matching(policy, asked):
        for of in _accounts(one, asked):
            for measure, cap in sorted(one.amounts.items()):
                amount = _most(measure, cap, limits, source, writes=writes)
                if amount:
                    yield Charge(
                        budget=one.name,
                        measure=measure,
                        period=one.period,
                        per=one.per,
                        of=of,
                        amount=amount,
                        cap=cap,
                    )


def _most(measure: Measure, cap: int, limits: Limits, source: Source, *, writes: bool) -> int:
    """Bound what is used; of what nobody can tell beforehand, the whole budget is taken until it is known."""
    match measure:
        case Measure.ROWS:
            changed = cap if limits.affected_rows is None else limits.affected_rows
            return max(limits.returned_rows, changed if writes else 0)
        case Measure.RETURNED_BYTES:
            return limits.returned_bytes
        case Measure.TIME:
            return limits.timeout // MILLISECOND
        case Measure.BYTES if source.dialect in JOBS:
            return cap if limits.billed_bytes is None else limits.billed_bytes
        case Measure.PRICE if source.dialect in JOBS:
            price = source.price(limits.billed_bytes)
            return cap if price is None else millionths(price)
        case _:
            return 0


def reasons(budgets: Iterable[Budget]) -> tuple[Reason, ...]:
    """Name the budgets that a statement counts against."""
    return tuple(
        Reason(rule="", sentence=f"It counts against the budget “{one.name}” of each {one.per.value} and {one.period}.")
        for one in budgets
    )
