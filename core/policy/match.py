"""Which rules match which pair of a Reading: the one place that says what covers and what closes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, final

from core.model import Pair, Reading, Source, Thing, Verb
from core.policy import globs
from core.policy.force import Policy
from core.policy.index import NOTHING, Prepared
from core.policy.rules import Rule, Then
from core.policy.situation import Situation

STRICTNESS: Final = tuple(Then)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """One pair and the rules that hold for it, by name; `covering` are those that may stand for it."""

    pair: Pair
    rules: tuple[Rule, ...]
    covering: tuple[Rule, ...]

    @property
    def then(self) -> Then:
        """Return what the strictest says; a pair that nothing covers is refused."""
        if not self.covering:
            return Then.REFUSE
        return max((rule.then for rule in self.rules), key=STRICTNESS.index)

    def named(self, then: Then) -> tuple[Rule, ...]:
        """Return the rules that say this."""
        return tuple(rule for rule in self.rules if rule.then is then)


def match(policy: Policy, asked: Situation, source: Source, reading: Reading) -> tuple[Matched, ...]:
    """Match every pair; a statement that touches nothing still needs leave to read the Source."""
    pairs = sorted(reading.pairs) or [Pair(thing=Thing(kind="source", name=source.name), verb=Verb.READ)]
    standing: dict[int, bool] = {}
    return tuple(_pair(policy, asked, pair, reading.tags.get(pair.thing.name, NOTHING), standing) for pair in pairs)


def covers(prepared: Prepared, verb: Verb, asked: Situation) -> bool:
    """Tell whether a matching rule may stand for a pair.

    A refusal never does; a machine needs a rule that names it; code that runs needs a rule that names `run`.
    """
    rule = prepared.rule
    if rule.then is Then.REFUSE or (asked.machine and not prepared.names(asked)):
        return False
    return verb is not Verb.RUN or (rule.when.verbs is not None and rule.when.tables is not None)


def _pair(policy: Policy, asked: Situation, pair: Pair, tags: frozenset[str], standing: dict[int, bool]) -> Matched:
    found = sorted(_holding(_near(policy, pair), asked, pair, tags, standing), key=lambda one: one.rule.name)
    return Matched(
        pair=pair,
        rules=tuple(one.rule for one in found),
        covering=tuple(one.rule for one in found if covers(one, pair.verb, asked)),
    )


def _near(policy: Policy, pair: Pair) -> Iterable[Prepared]:
    """Return the rules whose `tables` fit; what happens to a schema happens to every table that a refusal names."""
    if pair.thing.kind.lower() != "schema":
        return policy.index.candidates(pair)
    inside = f"{pair.thing.name}."
    closing = (
        one
        for one in policy.index.prepared
        if one.rule.then is Then.REFUSE
        and any(table.startswith(inside) or globs.matches(table, inside) for table in one.rule.when.tables or ())
    )
    return {id(one): one for one in (*policy.index.candidates(pair), *closing)}.values()


def _holding(
    near: Iterable[Prepared], asked: Situation, pair: Pair, tags: frozenset[str], standing: dict[int, bool]
) -> Iterable[Prepared]:
    for one in near:
        if one.concerns(pair, tags):
            key = id(one)
            if key not in standing:
                standing[key] = one.stands(asked)
            if standing[key]:
                yield one
