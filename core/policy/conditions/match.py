"""Which rules match which pair of a Reading: the one place that says what covers and what closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, final

from core.model import Pair, Reading, Source, Thing, Verb
from core.policy.closed import kind
from core.policy.conditions import globs
from core.policy.conditions.index import NOTHING, STRICTNESS, Prepared
from core.policy.conditions.situation import Situation
from core.policy.force import Policy
from core.policy.rules import Rule, Then

SCHEMA: Final = "schema"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """One pair and the rules that hold for it, by name; `covering` are those that may stand for it.

    `then` is what the strictest says; a pair that nothing covers is refused.
    """

    pair: Pair
    rules: tuple[Rule, ...]
    covering: tuple[Rule, ...]
    then: Then

    def named(self, then: Then) -> tuple[Rule, ...]:
        """Return the rules that say this."""
        return tuple(rule for rule in self.rules if rule.then is then)


def match(policy: Policy, asked: Situation, source: Source, reading: Reading) -> tuple[Matched, ...]:
    """Match every pair; a statement that touches nothing still needs leave to read the Source."""
    pairs = sorted(reading.pairs, key=_order) or [Pair(thing=Thing(kind="source", name=source.name), verb=Verb.READ)]
    near = [_near(policy, pair, witnessed=reading.witnessed) for pair in pairs]
    standing = frozenset(one for one in frozenset().union(*near) if one.stands(asked))
    return tuple([_pair(found, asked, pair, reading.tags, standing) for found, pair in zip(near, pairs, strict=True)])


def _order(pair: Pair) -> tuple[str, str, Verb]:
    return pair.thing.kind, pair.thing.name, pair.verb


def covers(prepared: Prepared, verb: Verb, asked: Situation) -> bool:
    """Tell whether a matching rule may stand for a pair.

    A refusal never does; a machine needs a rule that names it; code that runs needs a rule that names `run`.
    """
    if not prepared.lets or (asked.machine and not prepared.names(asked)):
        return False
    rule = prepared.rule
    return verb is not Verb.RUN or (rule.when.verbs is not None and rule.when.tables is not None)


def _pair(
    near: Iterable[Prepared],
    asked: Situation,
    pair: Pair,
    tags: Mapping[str, frozenset[str]],
    standing: frozenset[Prepared],
) -> Matched:
    used, verb = tags.get(pair.thing.name, NOTHING), pair.verb
    found = [one for one in near if one in standing and one.concerns(pair, used)]
    covering = tuple([one.rule for one in found if covers(one, verb, asked)])
    then = STRICTNESS[max([one.strictness for one in found])] if covering else Then.REFUSE
    return Matched(pair=pair, rules=tuple([one.rule for one in found]), covering=covering, then=then)


def _near(policy: Policy, pair: Pair, *, witnessed: bool) -> Iterable[Prepared]:
    """Return the rules whose `tables` fit, and refusals that may be meant though their `tables` say more.

    What happens to a schema happens to every table in it; a bare name that no source has resolved may be any schema's;
    a wildcard is every table that begins so, also one that is made tomorrow.
    """
    near = policy.index.candidates(pair)
    name = pair.thing.name
    if kind(pair.thing) == SCHEMA:
        return _closing(policy, near, lambda table: table.startswith(f"{name}.") or globs.matches(table, f"{name}."))
    if name.endswith(globs.WILDCARD):
        return _closing(policy, near, lambda table: globs.meets(table, name))
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
