"""Over what people may give a grant, how far it reaches at most, and what holds again at each of its uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from core.errors import Drifted
from core.model import (
    Ask,
    Caller,
    Caps,
    Coverage,
    Decision,
    Fact,
    Limits,
    Mask,
    Parameters,
    Reading,
    Seat,
    Use,
    Vote,
)
from core.policy.bounding.fingerprint import fingerprint
from core.policy.digest import plan
from core.policy.rules import ALLOWABLE, Effects, Rule
from core.ports import Macs

USES: Final = 20
MOST_USES: Final = 50
TIME: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(minutes=60)
ENDED: Final = "The grant does not hold for this; people decide."
# What a cap of rows bounds, since the database counts and undoes it. Whatever else is found, and whatever is found one
# day, bars a grant: what a protected value decides, what stays when it is rolled back, code that nobody has read.
BOUNDED: Final = frozenset({Fact.VIA_VIEW, Fact.CASCADES, Fact.FIRES_TRIGGERS, Fact.LOCKS_ROWS, Fact.ROW_POLICY})


def caps(asks: Iterable[Rule], reading: Reading, unmasked: frozenset[Mask]) -> Caps | None:
    """Return how far a grant may reach: the least of every rule that asks; None where one gives none, or none may be.

    Never over what defines, grants or runs, without a WHERE of its own, over an unmasking, where a protected value
    decides, or where the cap of rows could not hold; so never at critical risk.
    """
    told = [stated(rule.effects) for rule in asks]
    given = [one for one in told if one is not None]
    if not given or len(given) < len(told) or unmasked or _never(reading):
        return None
    return given[0].least(*given[1:])


def stated(effects: Effects) -> Caps | None:
    """Say how far one rule lets a grant reach; None: it lets people give none."""
    rows, total = effects.grant_rows, effects.grant_total
    if rows is None or total is None:
        return None
    return Caps(
        uses=min(effects.grant_uses or USES, MOST_USES),
        rows=rows,
        total=total,
        time=min(effects.grant_time or TIME, LONGEST),
    )


def _never(reading: Reading) -> bool:
    alike = reading.likeness
    return alike is None or not alike.chosen or not reading.verbs <= ALLOWABLE or not reading.facts <= BOUNDED


def coverage(
    macs: Macs, policy: str, caller: Caller, source: str, reading: Reading, parameters: Parameters, *, role: str
) -> Coverage | None:
    """Say what a grant would be of; None: of nothing. `policy` is the version in force."""
    found = fingerprint(macs, source, reading, parameters)
    if found is None or not caller.client:
        return None
    return Coverage(
        fingerprint=found,
        principal=caller.principal,
        source=source,
        role=role,
        masking=plan(reading.masks),
        policy=policy,
    )


def lowered(verdict: Ask, use: Use, covered: Coverage | None, caller: Caller) -> Limits:
    """Return the limits of one use, once everything that the grant stands on holds again.

    Raises: Drifted with what does not.
    """
    grant, least = use.grant, verdict.grant
    if least is None or covered is None or covered != grant.coverage:
        raise Drifted("the grant is of something else", public=ENDED)
    if use.number != grant.uses + 1 or use.number > min(grant.caps.uses, least.uses):
        raise Drifted("the grant is used up", public=ENDED)
    if any(vote.review != grant.review or vote.grant is None for vote in use.votes):
        raise Drifted("a Vote that gave no grant", public=ENDED)
    filled(use.votes, verdict.seats, caller)
    rows = min(least.rows, least.total - grant.rows, grant.left)
    if rows <= 0:
        raise Drifted("the grant holds no more rows", public=ENDED)
    limits = verdict.limits
    return replace(
        limits,
        returned_rows=min(limits.returned_rows, rows),
        affected_rows=min(rows, rows if limits.affected_rows is None else limits.affected_rows),
        target_rows=None if limits.target_rows is None else min(limits.target_rows, rows),
    )


def filled(votes: Iterable[Vote], seats: Iterable[Seat], caller: Caller) -> None:
    """Count seats once more: distinct people, none of them the requester or the owner of the agent.

    Raises: Drifted.
    """
    good = [vote for vote in votes if vote.decision is Decision.APPROVE]
    people = {vote.person for vote in good}
    if len(people) != len(good) or people & {caller.person, caller.owner}:
        raise Drifted("a vote of the requester, or two of one person", public=ENDED)
    for seat in seats:
        if sum(vote.seat == seat.group for vote in good) < seat.count:
            raise Drifted(f"too few votes for the seat of {seat.group}", public=ENDED)
