"""Whom a part of a policy is about, for people who read it elsewhere: groups and agents by name, persons by number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from core.policy.rules import Budget, Conditions, Rule, Then

EVERYONE: Final = "every caller"
NOBODY: Final = "nobody, as the rules stand"
NAMED: Final = 4  # names in one list, and kinds of callers in one sentence; the rest is counted
LONG: Final = 60  # characters of one name
WHO: Final = ("groups", "agents", "callers")  # conditions that say who asks, whatever is asked


def whom(said: Rule | Budget) -> str:
    """Say for which callers a rule or a budget holds, by its conditions alone."""
    clauses = [*_clauses(said.when, "", "of"), *_clauses(said.unless, "not ", "none of")]
    return f"callers {', '.join(clauses)}" if clauses else EVERYONE


def admitted(rules: Iterable[Rule], source: str = "") -> str:
    """Say for which callers any rule allows or asks: at one Source, or anywhere."""
    found = sorted({whom(rule) for rule in rules if rule.then is not Then.REFUSE and _reaches(rule, source)})
    if EVERYONE in found:
        return EVERYONE
    return listed(found, "; ", "more kinds of callers") if found else NOBODY


def quoted(names: Iterable[str]) -> str:
    """Write a list of names that stays short whatever the names are."""
    return listed([f'"{_short(name)}"' for name in sorted(names)], ", ", "more")


def listed(words: list[str], between: str, more: str) -> str:
    """Join what is shown of a list, and count the rest."""
    left = len(words) - NAMED
    return between.join([*words[:NAMED], f"{left} {more}"] if left > 0 else words)


def _clauses(stated: Conditions, no: str, of: str) -> Iterator[str]:
    if stated.groups is not None:
        yield f"{no}in group {quoted(stated.groups)}"
    if stated.agents is not None:
        yield f"{no}through agent {quoted(stated.agents)}"
    if stated.callers is not None:
        yield f"{of} the {len(stated.callers)} whom it names"


def _reaches(rule: Rule, source: str) -> bool:
    named = rule.when.sources is None or source in rule.when.sources
    return not source or (named and source not in (rule.unless.sources or ()))


def _short(name: str) -> str:
    return name if len(name) <= LONG else f"{name[: LONG - 1]}…"
