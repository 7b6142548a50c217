"""Reading -> Verdict: every pair covered or refused; the strictest rule per pair, the strictest pair decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, final

from core.model import (
    JOBS,
    WEAKER,
    Allow,
    Ask,
    Caller,
    Copy,
    Doubt,
    Fact,
    Hint,
    Limits,
    Mask,
    Pair,
    Reading,
    Reason,
    Refuse,
    Source,
    Tool,
    Unreadable,
    Verb,
    Verdict,
)
from core.policy import closed
from core.policy.advice import advice
from core.policy.bounding import bill, bounds, budgets, granting
from core.policy.conditions.match import Matched, match
from core.policy.conditions.situation import Cost, Situation, situation
from core.policy.facts import MEANINGS
from core.policy.force import Policy
from core.policy.rules import Budget, Rule, Then

HINTS: Final = 2  # sentences of what may have been meant
UNMASKED: Final = 16  # columns that one approval may show as they are: each is named on the card and in the Journal
PEOPLE: Final = 2  # for code that runs later as someone else


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One statement before the rules, with what they said of it."""

    policy: Policy
    asked: Situation
    source: Source
    reading: Reading
    matched: tuple[Matched, ...]
    rules: tuple[Rule, ...]  # that matched a pair, each once, by name
    asks: tuple[Rule, ...]  # those of them that ask
    affected: int | None

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """Every budget that it counts against."""
        return budgets.matching(self.policy, self.asked) if self.policy.budgets else ()


def decide(
    policy: Policy,
    caller: Caller,
    source: Source,
    reading: Reading,
    *,
    tool: Tool,
    now: datetime,
    affected: int | None = None,
    cost: Cost | None = None,
) -> Verdict:
    """Decide one Reading.

    `affected` is a counted number of rows; leave it out where only an estimate exists: unknown counts as exceeded, and
    a count is ignored where a protected column is read. `cost` likewise, for a Source that bills. `now` is aware.
    """
    barred = closed.refused(caller, reading, tool)
    if barred is not None:
        return barred
    asked = situation(policy.directories, caller, source, reading, now=now, affected=affected, cost=cost)
    matched = match(policy, asked, source, reading)
    named = {rule.name: rule for one in matched for rule in one.rules}
    rules = tuple([named[name] for name in sorted(named)])
    case = _Case(
        policy=policy,
        asked=asked,
        source=source,
        reading=reading,
        matched=matched,
        rules=rules,
        asks=tuple([rule for rule in rules if rule.then is Then.ASK]),
        affected=asked.affected,
    )
    refusals = tuple(reason for one in case.matched for reason in _refusals(one))
    if refusals:
        return _refused(case, refusals)
    if (otherwise := closed.elsewhere(reading, tool)) is not None:
        return otherwise
    limits = _limits(case)
    if limits.affected_rows is not None and Fact.UNCOUNTED in reading.facts:
        return _uncounted(case, limits)
    if limits.affected_rows is not None and case.affected is not None and case.affected > limits.affected_rows:
        return _over(case, limits)
    if limits.billed_bytes is not None and (case.asked.bytes or 0) > limits.billed_bytes:
        return _dear(case, limits)
    return _ask(case, limits) if case.asks else _allow(case, limits)


def _limits(case: _Case) -> Limits:
    """Return the smallest of all rules and budgets; more than was counted is another question."""
    stated = replace(bounds.limits(case.rules), target_rows=case.affected)
    told = case.asked.bytes if case.source.dialect in JOBS else None
    lowest = budgets.lowered(stated, case.budgets, case.source, writes=case.reading.writes)
    return budgets.foreseen(lowest, told, writes=case.reading.writes)


def refusal(unreadable: Unreadable, hints: Sequence[Hint] = ()) -> Refuse:
    """Refuse what was not understood, before any rule is looked at; the code is the doubt's own.

    `hints` are those that the Caller may be told.
    """
    said = (unreadable.sentence, *(hint.sentence for hint in hints[:HINTS]))
    return Refuse(
        reasons=(Reason(rule="", sentence=" ".join(said)),),
        code=unreadable.doubt.value,
        advice=_REWORD.get(unreadable.doubt, "Send one plain statement that names its tables and columns."),
    )


_REWORD: Final = {
    Doubt.SEVERAL: "Send each statement as a call of its own.",
    Doubt.LIMITS: "Send a shorter or simpler statement.",
    Doubt.MISSING: "Name what is there.",  # where to look is said by the sentence before
    Doubt.PARAMETERS: "Send one value for each parameter of the statement.",
    Doubt.CLOSED: "An operator must act first; other tables may be open.",
    Doubt.UNAVAILABLE: "Try again later.",
    Doubt.PROTECTED: "Leave the protected columns out.",
    Doubt.LAUNDERS: "describe_table shows which columns are protected.",
    Doubt.FUNCTION: "check tells beforehand, without running it, whether a statement is allowed.",
}


def _refusals(one: Matched) -> Iterable[Reason]:
    if one.then is not Then.REFUSE:
        return
    refusing = one.named(Then.REFUSE)
    for rule in refusing:
        yield Reason(rule=rule.name, sentence=f"{_doing(one.pair)} is refused by the rule “{rule.name}”.")
    if not refusing:
        yield Reason(rule="", sentence=f"No rule lets this caller {_do(one.pair)}.")


def _refused(case: _Case, reasons: tuple[Reason, ...]) -> Refuse:
    code = "refused_by_rule" if any(reason.rule for reason in reasons) else "no_rule"
    facts = _facts(case, (rule for rule in case.rules if rule.then is Then.REFUSE))
    return Refuse(reasons=(*reasons, *facts), code=code, advice=advice(case.policy, case.asked))


def _over(case: _Case, limits: Limits) -> Refuse:
    sentence = f"It would change {case.affected} rows, and at most {limits.affected_rows} are allowed at once."
    reasons = _capped(case, limits, sentence)
    return Refuse(reasons=reasons, code="too_many_rows", advice="Change fewer rows at once.")


def _uncounted(case: _Case, limits: Limits) -> Refuse:
    """A cap that cannot hold is none: people would say yes to what then never runs."""
    sentence = f"At most {limits.affected_rows} rows may change at once, and of this the database counts none."
    reasons = _capped(case, limits, sentence)
    return Refuse(reasons=reasons, code="uncounted", advice="Use DELETE with a WHERE, on tables of this database.")


def _capped(case: _Case, limits: Limits, sentence: str) -> tuple[Reason, ...]:
    """Say it of each rule that states the cap; of none, it is a budget's."""
    stating = (rule for rule in case.rules if rule.effects.affected_rows == limits.affected_rows)
    return tuple(Reason(rule=rule.name, sentence=sentence) for rule in stating) or (
        Reason(rule="", sentence=sentence),
        *budgets.reasons(case.budgets),
    )


def _dear(case: _Case, limits: Limits) -> Refuse:
    stating = (rule for rule in case.rules if rule.effects.max_bytes == limits.billed_bytes)
    told, most = bill.size(case.asked.bytes or 0), bill.size(limits.billed_bytes or 0)
    sentence = f"It would be billed for {told}, and at most {most} are allowed at once."
    reasons = tuple(Reason(rule=rule.name, sentence=sentence) for rule in stating) or (
        Reason(rule="", sentence=sentence),
        *budgets.reasons(case.budgets),
    )
    return Refuse(reasons=reasons, code="too_many_bytes", advice="Name fewer columns, or a filter on the partition.")


def _allow(case: _Case, limits: Limits) -> Allow | Refuse:
    """Allow, unless people must decide and no rule names any."""
    forcing = tuple(fact for fact in sorted(case.reading.facts) if _forces(fact, case.reading))
    if not forcing:
        reasons = (*_reasons(case, Then.ALLOW), *bill.bill(case.asked, case.source, limits))
        return Allow(reasons=(*reasons, *budgets.reasons(case.budgets)), limits=limits)
    facts = tuple(Reason(rule="", sentence=MEANINGS[fact].sentence) for fact in forcing)
    needed = Reason(rule="", sentence="People must decide on this, and no rule that asks them matches.")
    return Refuse(reasons=(*facts, needed), code="needs_review", advice=advice(case.policy, case.asked))


def _forces(fact: Fact, reading: Reading) -> bool:
    """In a read a predicate sees only masked values; in a change it sees raw ones, and the count answers."""
    return MEANINGS[fact].asks and (reading.writes or fact is not Fact.PREDICATE_ON_PROTECTED)


def _ask(case: _Case, limits: Limits) -> Ask | Refuse:
    copied = bounds.unnamed(case.matched, case.reading)
    if copied:
        return _copied(copied)
    lifted = bounds.unmasked(case.policy, case.matched, case.reading)
    if len(lifted) > UNMASKED:
        return _crowded(lifted)
    seats = bounds.seats(case.policy, case.asks, lifted)
    people = sum(seat.count for seat in seats)
    if people < (PEOPLE if closed.needs_two(case.reading) else 1):
        sentence = "Code that later runs as someone else needs a rule that asks two people."
        reasons = (
            *_reasons(case, Then.ASK),
            Reason(rule="", sentence=sentence if people else "No rule names reviewers."),
        )
        return Refuse(reasons=reasons, code="needs_review", advice=advice(case.policy, case.asked))
    return Ask(
        reasons=(
            *_reasons(case, Then.ASK),
            *_facts(case, case.asks),
            *_raw(lifted),
            *_weaker(case),
            *bill.bill(case.asked, case.source, limits),
            *budgets.reasons(case.budgets),
        ),
        limits=limits,
        seats=seats,
        on_approval=bounds.on_approval(case.asks),
        expires=bounds.expires(case.asks),
        unmask=frozenset(mask.name for mask in lifted),
        channel=bounds.channel(case.asks) or case.source.channel,
        grant=granting.caps(case.asks, case.reading, lifted),
    )


def _raw(lifted: frozenset[Mask]) -> tuple[Reason, ...]:
    """Tell people which columns they would let be seen."""
    if not lifted:
        return ()
    listed = ", ".join(f"{mask.name} ({mask.tag})" for mask in sorted(lifted))
    return (Reason(rule="", sentence=f"Approved, it shows as they are: {listed}. Once, in this statement alone."),)


def _copied(copies: tuple[Copy, ...]) -> Refuse:
    """A copy outlives what masks its source: only a rule that names both columns lets people decide on it."""
    sentence = f"It would copy protected values ({copies[0].name}), and no rule that asks people names both columns."
    reasons = (Reason(rule="", sentence=sentence),)
    return Refuse(reasons=reasons, code=Doubt.LAUNDERS.value, advice="Leave the protected columns out.")


def _crowded(lifted: frozenset[Mask]) -> Refuse:
    sentence = f"It would show {len(lifted)} protected columns as they are; at most {UNMASKED} at once."
    reasons = (Reason(rule="", sentence=sentence),)
    return Refuse(reasons=reasons, code="too_many_unmasked", advice="Name fewer protected columns.")


def _weaker(case: _Case) -> tuple[Reason, ...]:
    """Tell people where only the text masks what it reads."""
    if case.source.enforced or not any(mask.at_source for mask in case.reading.masks):
        return ()
    return (Reason(rule="", sentence=f"This is the weaker form of masking: {WEAKER}."),)


def _reasons(case: _Case, then: Then) -> tuple[Reason, ...]:
    word = {Then.ALLOW: "allowed", Then.ASK: "for people to decide", Then.REFUSE: "refused"}[then]
    by_rule: dict[str, list[str]] = {}
    for one in case.matched:
        for rule in one.named(then):
            by_rule.setdefault(rule.name, []).append(_do(one.pair))
    return tuple(
        Reason(rule=name, sentence=f"To {_list(does)} is {word} by the rule “{name}”.")
        for name, does in sorted(by_rule.items())
    )


def _facts(case: _Case, rules: Iterable[Rule]) -> tuple[Reason, ...]:
    """Name the facts that made the verdict: those a deciding rule looks at, and those an `allow` is not enough for."""
    looked = {fact for rule in rules for fact in rule.when.facts or ()}
    made = sorted(fact for fact in case.reading.facts if fact in looked or MEANINGS[fact].asks)
    return tuple(Reason(rule="", sentence=MEANINGS[fact].sentence) for fact in made)


def _list(does: list[str]) -> str:
    shown = 5  # things; a statement may touch hundreds, and the sentence is read by people
    more = f" and {len(does) - shown} more" if len(does) > shown else ""
    return ", ".join(does[:shown]) + more


WORDS: Final = {
    Verb.READ: ("read", "Reading"),
    Verb.INSERT: ("insert into", "Inserting into"),
    Verb.UPDATE: ("update", "Updating"),
    Verb.DELETE: ("delete from", "Deleting from"),
    Verb.DEFINE: ("define", "Defining"),
    Verb.GRANT: ("change rights on", "Changing rights on"),
    Verb.RUN: ("run", "Running"),
    Verb.CONTROL: ("control", "Controlling"),
}


def _do(pair: Pair) -> str:
    return f"{WORDS[pair.verb][0]} {pair.thing.name}"


def _doing(pair: Pair) -> str:
    return f"{WORDS[pair.verb][1]} {pair.thing.name}"
