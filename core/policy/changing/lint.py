"""What no rule means to say: rules that can never match, and rules that a stricter one leaves nothing to.

Sound, not complete: what is said here is so for every statement; a rule may be dead in ways that nobody sees here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, final

from core.model import Pair, Thing
from core.policy.conditions import globs
from core.policy.conditions.index import STRICTNESS, Index, Prepared, index
from core.policy.rules import Conditions, Rule, Then

COMPARED: Final = 200_000  # pairs of rules looked at for shadows, some 0.3 s: thousands of rules that all name tables
PATTERNS: Final = frozenset({"tables", "tags"})
SINGLE: Final = frozenset({"sources", "verbs", "tables"})  # one value for each pair: other values exclude it


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing about one rule: its name, the key of the file it is about ("" the whole rule), and the sentence."""

    rule: str
    key: str
    sentence: str


def lint(
    rules: Iterable[Rule], billed: frozenset[str] = frozenset(), sources: frozenset[str] = frozenset()
) -> Iterator[Remark]:
    """Say what is dead in a set of rules with unique names; `billed` are those of `sources` that bill for bytes."""
    prepared = index(tuple(rules))
    for one in prepared.prepared:
        yield from (Remark(rule=one.rule.name, key=key, sentence=said) for key, said in _dead(one, billed, sources))
    yield from _shadows(prepared)


# ---------------------------------------------------------------- a rule by itself


def _dead(one: Prepared, billed: frozenset[str], sources: frozenset[str]) -> Iterator[tuple[str, str]]:
    when, unless = one.rule.when, one.rule.unless
    if not one.verbs:
        yield "verbs", "this rule can never match: no verb is left"
    for key in PATTERNS:
        wanted, unwanted = getattr(when, key), getattr(unless, key)
        if wanted and unwanted and all(globs.fits(unwanted, pattern) for pattern in wanted):
            yield key, f"this rule can never match: not_{key} leaves nothing of it"
    if when.hours is not None and unless.hours is not None and _texts(when) <= _texts(unless):
        yield "hours", "this rule can never match: not_hours leaves nothing of it"
    yield from _bills(when, billed, sources)


def _bills(when: Conditions, billed: frozenset[str], sources: frozenset[str]) -> Iterator[tuple[str, str]]:
    named = sources if when.sources is None else when.sources & sources
    for key in ("bytes_over", "price_over"):
        if getattr(when, key) is not None and named and not named & billed:
            yield key, "this rule can never match: none of its Sources bills"


def _texts(stated: Conditions) -> frozenset[str]:
    return frozenset(window.text for window in stated.hours or ())


# ---------------------------------------------------------------- one rule before another


def _shadows(rules: Index) -> Iterator[Remark]:
    """Name each rule with a stricter one that holds wherever it does."""
    left = COMPARED
    for one in rules.prepared:
        if one.rule.then is Then.REFUSE or not one.verbs:
            continue
        for other in _candidates(rules, one):
            left -= 1
            if left < 0:
                sentence = "so many rules apply to everything that shadows among them were not all looked for"
                yield Remark(rule="", key="", sentence=sentence)
                return
            if STRICTNESS.index(other.rule.then) > STRICTNESS.index(one.rule.then) and holds_with(one, other):
                yield Remark(rule=one.rule.name, key="", sentence=_said(other.rule))
                break


def _candidates(rules: Index, one: Prepared) -> tuple[Prepared, ...]:
    """Give what may hold wherever a rule does: what a name written like its first pattern would meet.

    A pattern read as a name is met by exactly those patterns whose own stars take its stars in.
    """
    verb = min(one.verbs)
    tables = one.rule.when.tables
    if tables is None:
        return rules.general[verb]
    return rules.candidates(Pair(thing=Thing(kind="table", name=min(tables)), verb=verb))


def _said(by: Rule) -> str:
    if by.then is Then.REFUSE:
        return f'it never decides: "{by.name}" refuses wherever it holds'
    return f'it never allows by itself: "{by.name}" asks wherever it holds'


def holds_with(one: Prepared, other: Prepared) -> bool:
    """Tell whether `other` matches every pair of every statement that `one` matches."""
    if not one.verbs <= other.verbs:
        return False
    mine, its = one.rule, other.rule
    return (
        all(_implied(key, mine.when, its.when) for key in KEYS)
        and all(_excluded(key, mine, its.unless) for key in KEYS)
        and _hours(mine.when, its)
    )


KEYS: Final = (
    "groups", "callers", "agents", "sources", "tables", "tags", "facts", "affected_over", "bytes_over", "price_over",
)  # fmt: skip


def _implied(key: str, mine: Conditions, its: Conditions) -> bool:
    """Whether what one rule wants is wanted by the other as well."""
    narrow, wide = getattr(mine, key), getattr(its, key)
    if wide is None:
        return True
    if narrow is None:
        return False
    return _within(key, narrow, wide) if isinstance(wide, frozenset) else bool(narrow >= wide)


def _excluded(key: str, mine: Rule, unwanted: Conditions) -> bool:
    """Whether what the other rule does not want cannot be where this one holds."""
    barred = getattr(unwanted, key)
    if barred is None:
        return True
    wanted, own = getattr(mine.when, key), getattr(mine.unless, key)
    if not isinstance(barred, frozenset):
        return own is not None and bool(own <= barred)
    if own is not None and _within(key, barred, own):
        return True
    apart = key in SINGLE and isinstance(wanted, frozenset)
    return apart and not any(_meet(key, one, other) for one in wanted or () for other in barred)


def _within(key: str, narrow: frozenset[str], wide: frozenset[str]) -> bool:
    return all(globs.fits(wide, item) for item in narrow) if key in PATTERNS else narrow <= wide


def _meet(key: str, one: str, other: str) -> bool:
    """Whether two words may mean one thing; of two patterns it is not looked for."""
    if key not in PATTERNS:
        return one == other
    literal = globs.literal(one) or globs.literal(other)
    return not literal or globs.matches(one, other) or globs.matches(other, one)


def _hours(mine: Conditions, its: Rule) -> bool:
    """Windows are compared as they are written."""
    wide = _texts(its.when)
    inside = its.when.hours is None or (mine.hours is not None and _texts(mine) <= wide)
    return inside and its.unless.hours is None
