"""Examples of a policy: what a statement of somebody should be answered, held against what the rules say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final, final

from core.model import Allow, Ask, Caller, Fact, Limits, Pair, Reading, Refuse, Seat, Source, Tool, Unreadable, Verdict
from core.policy.bounding.budgets import matching
from core.policy.conditions.index import NOTHING
from core.policy.conditions.match import Matched, match
from core.policy.conditions.near import missing, stated
from core.policy.conditions.situation import Cost, Situation, situation
from core.policy.decide import decide, refusal
from core.policy.force import Policy
from core.policy.rules import Then

WORDS: Final[Mapping[type, Then]] = MappingProxyType({Allow: Then.ALLOW, Ask: Then.ASK, Refuse: Then.REFUSE})
LIMITS: Final = ("returned_rows", "returned_bytes", "affected_rows", "max_bytes", "timeout")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the verdict should be; what does not stand is not looked at."""

    then: Then
    rules: frozenset[str] | None = None  # exactly those that its reasons name
    budgets: frozenset[str] | None = None  # exactly those that it counts against
    reviewers: frozenset[Seat] | None = None
    code: str = ""  # of a refusal
    limits: Mapping[str, int | timedelta] = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One statement of somebody, or what it would do in plain words, and what should become of it."""

    name: str
    source: str
    caller: Caller
    at: datetime
    expected: Expected
    statement: str = ""  # else `pairs`, `facts` and `tags` say what it does
    tool: Tool | None = None  # None: query for what only reads, else execute
    pairs: frozenset[Pair] = frozenset()
    facts: frozenset[Fact] = frozenset()
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    affected: int | None = None
    bytes: int | None = None
    price: Decimal | None = None

    @property
    def cost(self) -> Cost | None:
        """What the Source would say of the bill."""
        return None if self.bytes is None and self.price is None else Cost(bytes=self.bytes, price=self.price)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of one example: `wrong` is empty where all is as expected."""

    example: Example
    verdict: Verdict
    wrong: tuple[str, ...]
    held: frozenset[str] = frozenset()  # rules that held for a pair of it
    counted: frozenset[str] = frozenset()  # budgets that it counts against
    alone: frozenset[tuple[str, str]] = frozenset()  # (rule, condition) that alone kept the rule away from a pair


def supposed(example: Example, source: Source) -> Reading:
    """Make the Reading that an example states in plain words; nobody witnessed it, and it runs nothing."""
    return Reading(
        dialect=source.dialect,
        statement="",
        text="",
        pairs=example.pairs,
        facts=example.facts,
        tags=example.tags,
    )


def attempt(policy: Policy, source: Source, example: Example, reading: Reading | Unreadable) -> Tried:
    """Decide one example by the rules, and say what is not as expected."""
    if isinstance(reading, Unreadable):
        verdict: Verdict = refusal(reading)
        return Tried(example=example, verdict=verdict, wrong=tuple(_wrong(example.expected, verdict)))
    tool = example.tool or (Tool.EXECUTE if reading.writes else Tool.QUERY)
    verdict = decide(
        policy,
        example.caller,
        source,
        reading,
        tool=tool,
        now=example.at,
        affected=example.affected,
        cost=example.cost,
    )
    asked = situation(
        policy.directories,
        example.caller,
        source,
        reading,
        now=example.at,
        affected=example.affected,
        cost=example.cost,
    )
    matched = match(policy, asked, source, reading)
    refused = isinstance(verdict, Refuse)
    counted = frozenset[str]() if refused else frozenset(one.name for one in matching(policy, asked))
    return Tried(
        example=example,
        verdict=verdict,
        wrong=(*_wrong(example.expected, verdict), *_counted(example.expected, counted)),
        counted=counted,
        held=frozenset(rule.name for one in matched for rule in one.rules),
        alone=frozenset(_alone(policy, asked, matched, reading)),
    )


def untested(policy: Policy, tried: Iterable[Tried]) -> Iterator[tuple[str, str]]:
    """Name rules that no example met ("" for the condition), and conditions that never alone kept a rule away.

    That is masking MC/DC as test coverage calls it (RTCA DO-178C): each condition is seen to matter by itself.
    """
    seen = tuple(tried)
    held = frozenset[str]().union(*(one.held for one in seen))
    alone = frozenset[tuple[str, str]]().union(*(one.alone for one in seen))
    for rule in policy.rules:
        if rule.name not in held:
            yield rule.name, ""
            continue
        yield from ((rule.name, condition) for condition in sorted(stated(rule)) if (rule.name, condition) not in alone)


def unmet(policy: Policy, tried: Iterable[Tried]) -> tuple[str, ...]:
    """Name budgets that no example counts against."""
    met = frozenset[str]().union(*(one.counted for one in tried))
    return tuple(one.name for one in policy.budgets if one.name not in met)


def _alone(policy: Policy, asked: Situation, matched: Iterable[Matched], reading: Reading) -> Iterator[tuple[str, str]]:
    for one in matched:
        tags = reading.tags.get(one.pair.thing.name, NOTHING)
        for prepared in policy.index.prepared:
            why = missing(prepared, one.pair, tags, asked)
            if len(why) == 1:
                yield prepared.rule.name, next(iter(why))


def _counted(expected: Expected, counted: frozenset[str]) -> Iterator[str]:
    if expected.budgets is not None and counted != expected.budgets:
        yield f"expected the budgets {_listed(expected.budgets)}, and it counts against {_listed(counted)}"


def _wrong(expected: Expected, verdict: Verdict) -> Iterator[str]:
    then = WORDS[type(verdict)]
    if then is not expected.then:
        yield f"expected {expected.then}, and it is {then}: {' '.join(reason.sentence for reason in verdict.reasons)}"
        return
    named = frozenset(reason.rule for reason in verdict.reasons if reason.rule)
    if expected.rules is not None and named != expected.rules:
        yield f"expected the rules {_listed(expected.rules)}, and it was {_listed(named)}"
    if expected.code and isinstance(verdict, Refuse) and verdict.code != expected.code:
        yield f"expected the code {expected.code}, and it is {verdict.code}"
    if expected.reviewers is not None and isinstance(verdict, Ask) and frozenset(verdict.seats) != expected.reviewers:
        yield f"expected the reviewers {_seats(expected.reviewers)}, and they are {_seats(verdict.seats)}"
    if not isinstance(verdict, Refuse):
        yield from _limits(expected.limits, verdict.limits)


def _limits(expected: Mapping[str, int | timedelta], limits: Limits) -> Iterator[str]:
    stated_ = {
        "returned_rows": limits.returned_rows,
        "returned_bytes": limits.returned_bytes,
        "affected_rows": limits.affected_rows,
        "max_bytes": limits.billed_bytes,
        "timeout": limits.timeout,
    }
    for name, value in expected.items():
        if stated_[name] != value:
            yield f"expected {name} = {value}, and it is {stated_[name]}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in sorted(names)) or "none"


def _seats(seats: Iterable[Seat]) -> str:
    return ", ".join(f"{seat.count} {seat.group}" for seat in sorted(seats)) or "none"
