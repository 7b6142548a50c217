"""What the text alone lets nobody have: it refuses only what the policy in force refuses whatever a Source says.

A dry run is a request to the Source that answers questions (a table is there, a column has that name) and counts
against its quotas: what is refused anyway is not asked. https://cloud.google.com/bigquery/quotas#query_jobs
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from core.policy.conditions.index import index
from core.policy.force import Policy
from core.policy.rules import Conditions, Rule, Then

SOURCES_WORD: Final = ("facts", "affected_over", "bytes_over", "price_over")  # what a text alone does not tell


def early(policy: Policy) -> Policy:
    """Make it: refusals that wait for the Source's word are left out, and all else waits for no word of it."""
    rules = tuple(told(policy.rules))
    return replace(policy, rules=rules, budgets=(), index=index(rules))


def told(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield rules as a text alone can meet them: of what lets, each that may; of what refuses, each that must."""
    for rule in rules:
        when, unless = without(rule.when), without(rule.unless)
        if rule.then is not Then.REFUSE or (when, unless) == (rule.when, rule.unless):
            yield replace(rule, when=when, unless=unless)


def without(stated: Conditions) -> Conditions:
    """Leave out the conditions that wait for the Source."""
    return replace(stated, **NOTHING)


NOTHING: Final = MappingProxyType(dict.fromkeys(SOURCES_WORD))
