"""What matched rules bring together: the smallest limits, the union of reviewers, the narrowest unmasking."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, TypeVar

from core.model import Copy, Limits, Mask, OnApproval, Reading, Seat, Verb
from core.policy.conditions import globs
from core.policy.conditions.match import Matched
from core.policy.force import Policy
from core.policy.rules import Rule, Then

DEFAULT: Final = Limits()
EXPIRES: Final = timedelta(minutes=15)  # of a Review nobody decides

Bound = TypeVar("Bound", int, timedelta)


def limits(rules: Iterable[Rule]) -> Limits:
    """Return the smallest of all; a rule that does not state a limit has its default, so that none can widen."""
    effects = [rule.effects for rule in rules if rule.then is not Then.REFUSE]
    return Limits(
        returned_rows=_least((one.returned_rows for one in effects), DEFAULT.returned_rows),
        returned_bytes=_least((one.returned_bytes for one in effects), DEFAULT.returned_bytes),
        timeout=_least((one.timeout for one in effects), DEFAULT.timeout),
        affected_rows=_cap(one.affected_rows for one in effects),
        billed_bytes=_cap(one.max_bytes for one in effects),
    )


def seats(policy: Policy, rules: Iterable[Rule], unmasked: frozenset[Mask]) -> tuple[Seat, ...]:
    """Return the union of reviewers, the larger count per group, and a seat for the owner of each unmasked tag."""
    needed: dict[str, int] = {}
    for rule in rules:
        for seat in rule.effects.reviewers:
            needed[seat.group] = max(seat.count, needed.get(seat.group, 0))
    for mask in unmasked:
        if (group := policy.owner(mask.tag)) is not None:
            needed.setdefault(group, 1)
    return tuple(Seat(group=group, count=count) for group, count in sorted(needed.items()))


def unmasked(policy: Policy, matched: Iterable[Matched], reading: Reading) -> frozenset[Mask]:
    """Return the masks that approval lifts: of owned tags in use, where every rule that asks about them lifts them.

    A statement that looks values up lifts none: beside what is shown, the column it looks up by would be hidden.
    """
    pairs = tuple(matched)
    return frozenset(
        mask
        for mask in reading.masks | reading.unmasked
        if mask.at_source and mask.column in reading.columns and not reading.lookups
        if policy.owner(mask.tag) is not None and _lifted(pairs, mask)
    )


def unnamed(matched: Iterable[Matched], reading: Reading) -> tuple[Copy, ...]:
    """Return the copies of protected values that no rule which asks about their target names with both columns."""
    if not reading.copies:
        return ()
    named = {
        (one.pair.thing.name, copied)
        for one in matched
        for rule in one.named(Then.ASK)
        if one.pair.verb in {Verb.INSERT, Verb.UPDATE}
        for copied in rule.effects.copies
    }
    return tuple(copy for copy in sorted(reading.copies) if (copy.target.relation, copy.name) not in named)


def expires(rules: Iterable[Rule]) -> timedelta:
    """Return how long a Review may stay open: the shortest."""
    return _least((rule.effects.expires for rule in rules), EXPIRES)


def on_approval(rules: Iterable[Rule]) -> OnApproval:
    """Return who begins it: `hold` wherever one rule says so."""
    holds = any(rule.effects.on_approval is OnApproval.HOLD for rule in rules)
    return OnApproval.HOLD if holds else OnApproval.RUN


def channel(rules: Iterable[Rule]) -> str | None:
    """Return the conversation a card goes to; of several the first in alphabetical order."""
    return min((rule.effects.channel for rule in rules if rule.effects.channel), default=None)


def _lifted(pairs: tuple[Matched, ...], mask: Mask) -> bool:
    touching = [one.named(Then.ASK) for one in pairs if one.pair.thing.name == mask.column.relation]
    return bool(touching) and all(asks and all(_lifts(rule, mask) for rule in asks) for asks in touching)


def _lifts(rule: Rule, mask: Mask) -> bool:
    column = f"{mask.column.relation}.{mask.column.name}"
    return any(what == column or globs.matches(what, mask.tag) for what in rule.effects.unmask)


def _least(stated: Iterable[Bound | None], default: Bound) -> Bound:
    return min((default if one is None else one for one in stated), default=default)


def _cap(stated: Iterable[int | None]) -> int | None:
    return min((one for one in stated if one is not None), default=None)
