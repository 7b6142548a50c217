"""Why a rule does not hold for a pair: the conditions that keep it away, as the file writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from core.model import Pair
from core.policy.conditions import globs
from core.policy.conditions.index import Prepared
from core.policy.conditions.situation import Situation
from core.policy.rules import Conditions, Rule


def missing(one: Prepared, pair: Pair, tags: frozenset[str], asked: Situation) -> frozenset[str]:
    """Name the conditions that do not hold; none: the rule holds for this pair."""
    return frozenset({*_of_pair(one, pair, tags), *_of_statement(one, asked)})


def stated(rule: Rule) -> frozenset[str]:
    """Name every condition that a rule states, `not_` forms included."""
    return frozenset(
        f"{prefix}{part.name}"
        for prefix, said in (("", rule.when), ("not_", rule.unless))
        for part in fields(Conditions)
        if getattr(said, part.name) is not None
    )


def _of_pair(one: Prepared, pair: Pair, tags: frozenset[str]) -> Iterator[str]:
    when, unless, name = one.rule.when, one.rule.unless, pair.thing.name
    if pair.verb not in one.verbs:
        barred = unless.verbs is not None and pair.verb in unless.verbs
        yield "not_verbs" if barred else "verbs" if when.verbs is not None and pair.verb not in when.verbs else "then"
    if when.tables is not None and not globs.fits(when.tables, name):
        yield "tables"
    if unless.tables is not None and globs.fits(unless.tables, name):
        yield "not_tables"
    if when.tags is not None and not any(globs.fits(when.tags, tag) for tag in tags):
        yield "tags"
    if unless.tags is not None and any(globs.fits(unless.tags, tag) for tag in tags):
        yield "not_tags"


def _of_statement(one: Prepared, asked: Situation) -> Iterator[str]:
    yield from (name for name, holds in one.wanted if not holds(asked))
    yield from (f"not_{name}" for name, holds in one.unwanted if holds(asked))
