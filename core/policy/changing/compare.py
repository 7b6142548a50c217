"""Two policies held against what the Journal says was asked: which Calls they would decide differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, final

from core.model import (
    Allow,
    Ask,
    Dialect,
    Fact,
    Json,
    Measure,
    Pair,
    Per,
    Period,
    Refuse,
    Source,
    Thing,
    Tool,
    Verb,
    Verdict,
)
from core.policy import written
from core.policy.bounding.budgets import matching
from core.policy.changing.examples import WORDS, Example, supposed
from core.policy.conditions.index import NOTHING
from core.policy.conditions.near import missing
from core.policy.conditions.situation import situation
from core.policy.decide import decide
from core.policy.force import Policy, enact
from core.policy.rules import Then

PERSONAL: Final = frozenset({"callers", "not_callers"})  # the record holds pseudonyms: nobody can be named by it


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One Call that the policies decide differently."""

    example: Example
    before: Verdict
    after: Verdict
    budgets: frozenset[str] = frozenset()  # by which it counts otherwise: names, of either side

    @property
    def change(self) -> tuple[Then, Then]:
        """From what, to what; the same where only limits or reviewers differ."""
        return WORDS[type(self.before)], WORDS[type(self.after)]

    @property
    def rules(self) -> tuple[str, ...]:
        """Rules that speak on one side alone; where the same ones speak on both, those."""
        first, second = ({one.rule for one in verdict.reasons if one.rule} for verdict in (self.before, self.after))
        return tuple(sorted(first ^ second or first | second))


class _Budgeted(NamedTuple):
    name: str
    per: Per
    period: Period
    amounts: frozenset[tuple[Measure, int]]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A policy with the Sources that it was written for."""

    policy: Policy
    sources: Mapping[str, Source]


def stored(text: str) -> Side:
    """Make a Side of the text that a store says is in force; its Sources as far as a decision looks at them.

    Raises: ValueError when the text is no policy's.
    """
    terms = written.read(text)
    said = terms.also.get("sources", {})
    sources = said.items() if isinstance(said, Mapping) else ()
    return Side(policy=enact(terms), sources={name: _source(name, one) for name, one in sources})


def _source(name: str, said: Json) -> Source:
    tags = said.get("tags") if isinstance(said, Mapping) else None
    if not isinstance(said, Mapping) or not isinstance(tags, Mapping):
        raise ValueError("a Source that says too little")  # noqa: TRY004 - a text, not a caller's type
    return Source(
        name=name,
        dialect=Dialect(str(said.get("dialect"))),
        tags={column: str(tag) for column, tag in tags.items()},
        enforced=said.get("enforced") is True,
    )


def told(body: Mapping[str, Json], example: Example) -> Example | None:
    """Complete an Example (who, where, when, tool) by what an INTENT says was read; None: it does not say all.

    An Entry whose lists were cut, and one of a text that was not read, cannot be decided again.
    """
    reading = body.get("reading")
    if body.get("shortened") or not isinstance(reading, dict) or "pairs" not in reading:
        return None
    facts = frozenset(Fact(word) for word in _words(reading, "facts") if word in set(Fact))
    if len(facts) != len(_words(reading, "facts")):
        return None
    tags: dict[str, set[str]] = {}
    for tag, thing in (word.split(" ", 1) for word in _words(reading, "tags")):
        tags.setdefault(thing, set()).add(tag)
    pairs = frozenset(_pair(word) for word in _words(reading, "pairs"))
    return replace(example, pairs=pairs, facts=facts, tags={name: frozenset(found) for name, found in tags.items()})


def differ(old: Side, new: Side, example: Example) -> Difference | None:
    """Decide one Call by both, as far as a record can tell; None where both say the same."""
    before, after = _decided(old, example), _decided(new, example)
    counted = frozenset(one.name for one in _counting(old, example, before) ^ _counting(new, example, after))
    if _same(before, after) and not counted:
        return None
    return Difference(example=example, before=before, after=after, budgets=counted)


def _counting(side: Side, example: Example, verdict: Verdict) -> frozenset[_Budgeted]:
    """Give the budgets that a Call counts against, each with all that it says."""
    source = side.sources.get(example.source)
    if source is None or isinstance(verdict, Refuse):
        return frozenset()
    asked = situation(side.policy.directories, example.caller, source, supposed(example, source), now=example.at)
    found = matching(side.policy, asked)
    return frozenset(_Budgeted(one.name, one.per, one.period, frozenset(one.amounts.items())) for one in found)


def personal(sides: Iterable[Side], example: Example) -> bool:
    """Whether a rule of either side would depend on which person it was: then nobody can tell."""
    return any(next(_personal(side, example), None) for side in sides)


def _personal(side: Side, example: Example) -> Iterator[str]:
    source = side.sources.get(example.source)
    if source is None:
        return
    reading = supposed(example, source)
    asked = situation(side.policy.directories, example.caller, source, reading, now=example.at)
    for one in side.policy.index.prepared:
        stated = one.rule.when.callers is not None or one.rule.unless.callers is not None
        for pair in reading.pairs if stated else ():
            if missing(one, pair, reading.tags.get(pair.thing.name, NOTHING), asked) <= PERSONAL:
                yield one.rule.name


def _decided(side: Side, example: Example) -> Verdict:
    """Decide; a Source that is gone refuses. Counts and prices are in no record: they count as more."""
    source = side.sources.get(example.source)
    if source is None:
        return Refuse(reasons=(), code="unknown_source", advice="")
    tool = example.tool or Tool.EXECUTE
    return decide(side.policy, example.caller, source, supposed(example, source), tool=tool, now=example.at)


def _same(before: Verdict, after: Verdict) -> bool:
    """What differs for anyone: the answer, its limits, who is asked, what is shown raw; not the words of a reason."""
    match before, after:
        case Allow(), Allow():
            return before.limits == after.limits
        case Ask(), Ask():
            return replace(before, reasons=()) == replace(after, reasons=())
        case Refuse(), Refuse():
            return True
        case _:
            return False


def _words(reading: Mapping[str, Json], key: str) -> tuple[str, ...]:
    found = reading.get(key)
    return tuple(word for word in found if isinstance(word, str)) if isinstance(found, list) else ()


def _pair(word: str) -> Pair:
    thing, _, name = word.partition("|")
    verb, _, kind = thing.partition(" ")
    return Pair(thing=Thing(kind=kind, name=name), verb=Verb(verb))
