"""Rules prepared at load: statement-wide conditions compiled, tables looked up by name instead of tried in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final, final

from core.model import Pair, Verb
from core.policy.conditions import globs
from core.policy.conditions.situation import STATEMENT, Holds, Situation
from core.policy.rules import ALLOWABLE, Rule, Then

NOTHING: frozenset[str] = frozenset()
STRICTNESS: Final = tuple(Then)
REMEMBERED: Final = 16_384  # pairs of a table and a verb, of all policies together


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """One rule, ready to be asked; compared by identity."""

    rule: Rule
    verbs: frozenset[Verb]
    wanted: tuple[tuple[str, Holds], ...]  # all must hold
    unwanted: tuple[tuple[str, Holds], ...]  # none may hold
    plain: bool  # of a pair it looks at nothing but table and verb
    lets: bool  # it is no refusal
    strictness: int  # of what it says

    def stands(self, asked: Situation) -> bool:
        """Tell whether every statement-wide condition holds."""
        for _, holds in self.wanted:
            if not holds(asked):
                return False
        return not any(holds(asked) for _, holds in self.unwanted)

    def concerns(self, pair: Pair, tags: frozenset[str]) -> bool:
        """Tell whether the conditions per pair hold, but for `tables` that it wants, which the Index looked up."""
        if pair.verb not in self.verbs:
            return False
        if self.plain:
            return True
        when, unless = self.rule.when, self.rule.unless
        if when.tags is not None and not any(globs.fits(when.tags, tag) for tag in tags):
            return False
        if unless.tags is not None and any(globs.fits(unless.tags, tag) for tag in tags):
            return False
        return unless.tables is None or not globs.fits(unless.tables, pair.thing.name)

    def names(self, asked: Situation) -> bool:
        """Tell whether the rule names this machine itself; a group is not enough for one."""
        when = self.rule.when
        return any(
            wanted is not None and not wanted.isdisjoint(found)
            for wanted, found in ((when.agents, asked.agents), (when.callers, asked.callers))
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Index:
    """From a thing's name to the rules whose `tables` may cover it."""

    prepared: tuple[Prepared, ...]
    general: Mapping[Verb, tuple[Prepared, ...]]  # without `tables`
    exact: Mapping[str, tuple[Prepared, ...]]
    patterns: Mapping[str, tuple[tuple[str, Prepared], ...]]  # literal head of a glob -> globs
    heads: tuple[int, ...] = field(default=())  # lengths of those heads

    def candidates(self, pair: Pair) -> tuple[Prepared, ...]:
        """Return every rule whose `tables` and verbs fit, by name; remembered, since tables come again."""
        return _candidates(self, pair.thing.name, pair.verb)


@lru_cache(maxsize=REMEMBERED)
def _candidates(found: Index, name: str, verb: Verb) -> tuple[Prepared, ...]:
    several = {id(one): one for one in (*found.general[verb], *found.exact.get(name, ()))}
    for head in found.heads:
        for pattern, prepared in found.patterns.get(name[:head], ()) if head <= len(name) else ():
            if id(prepared) not in several and globs.matches(pattern, name):
                several[id(prepared)] = prepared
    fitting = (one for one in several.values() if verb in one.verbs)
    return tuple(sorted(fitting, key=lambda one: one.rule.name))


def index(rules: tuple[Rule, ...]) -> Index:
    """Prepare rules once; deciding then looks at few of them."""
    prepared = tuple(_prepare(rule) for rule in rules)
    general: dict[Verb, tuple[Prepared, ...]] = {}
    for verb in Verb:
        general[verb] = tuple(one for one in prepared if one.rule.when.tables is None and verb in one.verbs)
    exact: dict[str, list[Prepared]] = {}
    patterns: dict[str, list[tuple[str, Prepared]]] = {}
    for one in prepared:
        for pattern in sorted(one.rule.when.tables or ()):
            if globs.literal(pattern):
                exact.setdefault(pattern, []).append(one)
            else:
                patterns.setdefault(pattern.split(globs.WILDCARD)[0], []).append((pattern, one))
    return Index(
        prepared=prepared,
        general=MappingProxyType(general),
        exact=MappingProxyType({name: tuple(found) for name, found in exact.items()}),
        patterns=MappingProxyType({head: tuple(found) for head, found in patterns.items()}),
        heads=tuple(sorted({len(head) for head in patterns})),
    )


def _prepare(rule: Rule) -> Prepared:
    wanted = tuple((name, made) for name, make in STATEMENT.items() if (made := make(rule.when)) is not None)
    unwanted = tuple((name, made) for name, make in STATEMENT.items() if (made := make(rule.unless)) is not None)
    when, unless = rule.when, rule.unless
    plain = when.tags is None and unless.tags is None and unless.tables is None
    return Prepared(
        rule=rule,
        verbs=_verbs(rule),
        wanted=wanted,
        unwanted=unwanted,
        plain=plain,
        lets=rule.then is not Then.REFUSE,
        strictness=STRICTNESS.index(rule.then),
    )


def _verbs(rule: Rule) -> frozenset[Verb]:
    """An `allow` never stands for more than read, insert, update and delete, whatever it lists."""
    stated = rule.when.verbs if rule.when.verbs is not None else frozenset(Verb)
    stated -= rule.unless.verbs or frozenset()
    return stated & ALLOWABLE if rule.then is Then.ALLOW else stated
