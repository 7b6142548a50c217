"""Which rules match which pair of a Reading: the one place that says what covers and what closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, final

from core.model import Pair, Reading, Source, Thing, Verb
from core.policy import globs
from core.policy.closed import kind
from core.policy.force import Policy
from core.policy.index import NOTHING, Prepared
from core.policy.rules import Rule, Then
from core.policy.situation import Situation

STRICTNESS: Final = tuple(Then)
SCHEMA: Final = "schema"


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
    pairs = sorted(reading.pairs, key=_order) or [Pair(thing=Thing(kind="source", name=source.name), verb=Verb.READ)]
    standing: dict[int, bool] = {}
    return tuple(
        _pair(_near(policy, pair, witnessed=reading.witnessed), asked, pair, reading.tags, standing) for pair in pairs
    )


def _order(pair: Pair) -> tuple[str, str, Verb]:
    return pair.thing.kind, pair.thing.name, pair.verb


def covers(prepared: Prepared, verb: Verb, asked: Situation) -> bool:
    """Tell whether a matching rule may stand for a pair.

    A refusal never does; a machine needs a rule that names it; code that runs needs a rule that names `run`.
    """
    rule = prepared.rule
    if rule.then is Then.REFUSE or (asked.machine and not prepared.names(asked)):
        return False
    return verb is not Verb.RUN or (rule.when.verbs is not None and rule.when.tables is not None)


def _pair(
    near: Iterable[Prepared],
    asked: Situation,
    pair: Pair,
    tags: Mapping[str, frozenset[str]],
    standing: dict[int, bool],
) -> Matched:
    used = tags.get(pair.thing.name, NOTHING)
    found = tuple(_holding(near, asked, pair, used, standing))
    return Matched(
        pair=pair,
        rules=tuple(one.rule for one in found),
        covering=tuple(one.rule for one in found if covers(one, pair.verb, asked)),
    )


def _near(policy: Policy, pair: Pair, *, witnessed: bool) -> Iterable[Prepared]:
    """Return the rules whose `tables` fit, and refusals that may be meant though their `tables` say more.

    What happens to a schema happens to every table in it; a bare name that no source has resolved may be any schema's.
    """
    near = policy.index.candidates(pair)
    name = pair.thing.name
    if kind(pair.thing) == SCHEMA:
        return _closing(policy, near, lambda table: table.startswith(f"{name}.") or globs.matches(table, f"{name}."))
    if not witnessed and "." not in name:
        return _closing(
            policy, near, lambda table: _last(table) not in {"", globs.WILDCARD} and globs.matches(_last(table), name)
        )
    return near


def _last(table: str) -> str:
    return table.rpartition(".")[2]


def _closing(policy: Policy, near: Iterable[Prepared], means: Callable[[str], bool]) -> Iterable[Prepared]:
    refusing = (one for one in policy.index.prepared if one.rule.then is Then.REFUSE)
    more = (one for one in refusing if any(means(table) for table in one.rule.when.tables or ()))
    found = {id(one): one for one in (*near, *more)}
    return sorted(found.values(), key=lambda one: one.rule.name)


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
