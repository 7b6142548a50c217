"""A Reading and its Verdict in the one shape of `check`, and which rules matched which pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, assert_never, final

from core.model import (
    Allow,
    Ask,
    Caller,
    CallId,
    Checked,
    Pair,
    Reading,
    Reason,
    Refuse,
    Source,
    Unreadable,
    Verb,
    Verdict,
)
from core.policy.conditions import match as matching
from core.policy.conditions import near
from core.policy.conditions.index import NOTHING
from core.policy.conditions.situation import Cost, Situation, situation
from core.policy.decide import refusal
from core.policy.force import Policy
from core.policy.rules import Then

UNREADABLE: Final = "unreadable"
NEAREST: Final = 3  # rules named beside those that hold
# From a verb to the class that `check` prints; in the order of Verb, which is from harmless to never.
CLASSES: Final[Mapping[Verb, str]] = MappingProxyType(
    {
        Verb.READ: "read",
        Verb.INSERT: "write",
        Verb.UPDATE: "write",
        Verb.DELETE: "write",
        Verb.DEFINE: "schema",
        Verb.GRANT: "rights",
        Verb.RUN: "run",
        Verb.CONTROL: "control",
    }
)
WORST: Final = tuple(CLASSES)


def checked(
    call: CallId | None, reading: Reading | Unreadable, verdict: Verdict | None, *, plan: str | None = None
) -> Checked:
    """Show what would happen: class = the worst verb; what is unreadable carries its sentence and no more."""
    if isinstance(reading, Unreadable):
        said = verdict if verdict is not None else refusal(reading)
        return Checked(call=call, kind=UNREADABLE, verdict=_word(verdict), reasons=_reasons(said))
    hidden = {mask.column for mask in reading.masks if mask.at_source}
    return Checked(
        call=call,
        kind=CLASSES[max(reading.verbs, key=WORST.index, default=Verb.READ)],
        verbs=tuple(verb.value for verb in Verb if verb in reading.verbs),
        things=tuple(sorted({pair.thing.name for pair in reading.pairs})),
        functions=tuple(sorted(reading.functions)),
        columns=tuple(sorted(f"{column.relation}.{column.name}" for column in reading.columns)),
        masked=tuple(sorted(f"{column.relation}.{column.name}" for column in reading.columns & hidden)),
        facts=tuple(sorted(fact.value for fact in reading.facts)),
        verdict=_word(verdict),
        reasons=() if verdict is None else _reasons(verdict),
        plan=plan,
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the rules say of one pair; without a covering rule it is refused."""

    pair: Pair
    then: Then
    matched: tuple[tuple[str, Then], ...]  # rule, what it says
    covering: tuple[str, ...]
    nearest: tuple[tuple[str, tuple[str, ...]], ...] = ()  # rule that does not hold, the conditions that keep it away


def covering(
    policy: Policy,
    caller: Caller,
    source: Source,
    reading: Reading,
    *,
    now: datetime,
    affected: int | None = None,
    cost: Cost | None = None,
) -> tuple[Cover, ...]:
    """Explain each pair by the same match that decides it; what no rule can lift is not part of it.

    The rules that come nearest without holding are named with what keeps them away: fewest conditions first.
    """
    asked = situation(policy.directories, caller, source, reading, now=now, affected=affected, cost=cost)
    return tuple(
        Cover(
            pair=one.pair,
            then=one.then,
            matched=tuple((rule.name, rule.then) for rule in one.rules),
            covering=tuple(rule.name for rule in one.covering),
            nearest=_nearest(policy, one, reading, asked),
        )
        for one in matching.match(policy, asked, source, reading)
    )


def _nearest(
    policy: Policy, one: matching.Matched, reading: Reading, asked: Situation
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    held, tags = {rule.name for rule in one.rules}, reading.tags.get(one.pair.thing.name, NOTHING)
    others = (prepared for prepared in policy.index.prepared if prepared.rule.name not in held)
    away = ((near.missing(other, one.pair, tags, asked), other.rule.name) for other in others)
    found = sorted((len(why), name, tuple(sorted(why))) for why, name in away if why)
    return tuple((name, why) for _, name, why in found[:NEAREST])


def _word(verdict: Verdict | None) -> str | None:
    match verdict:
        case None:
            return None
        case Allow():
            return Then.ALLOW.value
        case Ask():
            return Then.ASK.value
        case Refuse():
            return Then.REFUSE.value
        case _:
            assert_never(verdict)


def _reasons(verdict: Verdict) -> tuple[Reason, ...]:
    if isinstance(verdict, Refuse) and verdict.advice:
        return (*verdict.reasons, Reason(rule="", sentence=verdict.advice))
    return verdict.reasons
