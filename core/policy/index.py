"""Rules prepared at load: statement-wide conditions compiled, tables looked up by name instead of tried in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import final

from core.model import Pair, Verb
from core.policy import globs
from core.policy.rules import ALLOWABLE, Rule, Then
from core.policy.situation import STATEMENT, Holds, Situation

NOTHING: frozenset[str] = frozenset()


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """One rule, ready to be asked; compared by identity."""

    rule: Rule
    verbs: frozenset[Verb]
    wanted: tuple[tuple[str, Holds], ...]  # all must hold
    unwanted: tuple[tuple[str, Holds], ...]  # none may hold

    def stands(self, asked: Situation) -> bool:
        """Tell whether every statement-wide condition holds."""
        return all(holds(asked) for _, holds in self.wanted) and not any(holds(asked) for _, holds in self.unwanted)

    def concerns(self, pair: Pair, tags: frozenset[str]) -> bool:
        """Tell whether the conditions per pair hold, but for `tables`, which the Index looked up."""
        if pair.verb not in self.verbs:
            return False
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

    def candidates(self, pair: Pair) -> Iterator[Prepared]:
        """Yield every rule whose `tables` and verbs fit, each at most once."""
        yield from self.general.get(pair.verb, ())
        name = pair.thing.name
        seen = set(map(id, found := self.exact.get(name, ())))
        yield from found
        for head in self.heads:
            for pattern, prepared in self.patterns.get(name[:head], ()) if head <= len(name) else ():
                if id(prepared) not in seen and globs.matches(pattern, name):
                    seen.add(id(prepared))
                    yield prepared


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
    return Prepared(rule=rule, verbs=_verbs(rule), wanted=wanted, unwanted=unwanted)


def _verbs(rule: Rule) -> frozenset[Verb]:
    """An `allow` never stands for more than read, insert, update and delete, whatever it lists."""
    stated = rule.when.verbs if rule.when.verbs is not None else frozenset(Verb)
    stated -= rule.unless.verbs or frozenset()
    return stated & ALLOWABLE if rule.then is Then.ALLOW else stated
