"""Whatever two policies say: where none of the second's ways to do more is found, it lets nobody do more."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.model import Allow, Ask, Caller, Limits, Reading, Refuse, Seat, Source, Tool, Verb, Verdict
from core.policy.changing.whom import WHO
from core.policy.changing.widen import openings, widenings
from core.policy.closed import needs_two
from core.policy.conditions.situation import STATEMENT, situation
from core.policy.decide import decide
from core.policy.force import canonical, enact
from core.policy.rules import Conditions, Effects, Rule, Terms, Then
from core.policy.written import read
from tests.policies import NOON, SHOP, pair, person, reading
from tests.property.test_policy import callers, effects, policies, readings, sources, sparse, sparse_unless

BARE = Effects(reviewers=frozenset({Seat(group="dba", count=1)}))


rules = st.builds(
    Rule, name=st.just("one"), then=st.sampled_from(Then), when=sparse, unless=sparse_unless, effects=effects
)


def less(one: Limits, other: Limits) -> bool:
    """Whether one bounds at least as much."""
    caps = ((one.affected_rows, other.affected_rows), (one.billed_bytes, other.billed_bytes))
    return (
        one.returned_rows <= other.returned_rows
        and one.returned_bytes <= other.returned_bytes
        and one.timeout <= other.timeout
        and all(bound is None or (cap is not None and cap <= bound) for cap, bound in caps)
    )


def narrower(before: Verdict, after: Verdict) -> bool:
    match before, after:
        case _, Refuse():
            return True
        case Refuse(code=code), _:
            return code == "too_many_unmasked"  # it names fewer columns now, and shows them masked
        case Allow(), Allow() | Ask():
            return less(after.limits, before.limits)
        case Ask(), Ask():
            counts = {seat.group: seat.count for seat in after.seats}
            return (
                less(after.limits, before.limits)
                and all(counts.get(seat.group, 0) >= seat.count for seat in before.seats)
                and after.unmask <= before.unmask
                and after.expires <= before.expires
            )
        case _:
            return False


@st.composite
def changed(draw: st.DrawFn, old: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Rules of which some are gone, some changed, and some are new."""
    new: list[Rule] = []
    for one in old:
        match draw(st.sampled_from(("keep", "keep", "drop", "then", "effects", "limits", "when"))):
            case "drop":
                continue
            case "then":
                new.append(replace(one, then=draw(st.sampled_from(Then))))
            case "effects":
                new.append(replace(one, effects=draw(effects)))
            case "limits":
                rows = draw(st.none() | st.integers(1, 300))
                new.append(replace(one, effects=replace(one.effects, returned_rows=rows)))
            case "when":
                other = draw(rules)
                new.append(replace(one, when=other.when, unless=other.unless))
            case _:
                new.append(one)
    added = draw(st.lists(rules, max_size=1))
    return (*new, *(replace(one, name=f"new{number}") for number, one in enumerate(added)))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    old = draw(policies())
    return old, draw(changed(old))


ALLOW = Rule(name="a", then=Then.ALLOW)
CLOSED = Rule(name="c", then=Then.REFUSE)
READS = [(person(), SHOP, reading(pair("public.orders", Verb.READ)))]
DELETES = [(person(), SHOP, reading(pair("public.orders", Verb.DELETE)))]
ASK = Rule(name="b", then=Then.ASK, effects=BARE, when=Conditions(verbs=frozenset({Verb.DELETE})))


@settings(max_examples=200, deadline=None)
@given(pairs(), st.lists(st.tuples(callers, sources, readings()), min_size=1, max_size=8))
@example(((ALLOW, ASK), (ALLOW,)), DELETES)
@example(((ASK,), (ASK, ALLOW)), READS)
@example(((ALLOW, CLOSED), (ALLOW,)), READS)
def test_what_is_not_found_to_widen_widens_nothing(
    both: tuple[tuple[Rule, ...], tuple[Rule, ...]], asked: list[tuple[Caller, Source, Reading]]
) -> None:
    old, new = (Terms(rules=rules) for rules in both)
    if widenings(old, new):
        return
    first, second = enact(old), enact(new)
    for caller, source, of in asked:
        if needs_two(of) and of.verbs & {Verb.INSERT, Verb.UPDATE, Verb.DELETE}:
            continue  # no statement both defines code and changes rows
        before, after = (decide(one, caller, source, of, tool=Tool.EXECUTE, now=NOON) for one in (first, second))
        assert narrower(before, after), (before, after)


def meets(rule: Rule, caller: Caller, source: Source, of: Reading) -> bool:
    """Whether a rule's conditions about who asks hold."""
    asked = situation({}, caller, source, of, now=NOON)
    wanted, unwanted = ([STATEMENT[key](said) for key in WHO] for said in (rule.when, rule.unless))
    return all(one(asked) for one in wanted if one) and not any(one(asked) for one in unwanted if one)


BOTH = Rule(name="a", then=Then.ALLOW, when=Conditions(groups=frozenset({"analysts", "support"})))
ONE = Rule(name="a", then=Then.ALLOW, when=Conditions(groups=frozenset({"support"})))


@settings(max_examples=200, deadline=None)
@given(pairs(), st.lists(st.tuples(callers, sources, readings()), min_size=1, max_size=8))
@example(((ONE,), (BOTH,)), READS)
def test_whoever_may_do_more_is_among_those_of_whom_it_is_said(
    both: tuple[tuple[Rule, ...], tuple[Rule, ...]], asked: list[tuple[Caller, Source, Reading]]
) -> None:
    old, new = (Terms(rules=rules) for rules in both)
    first, second = enact(old), enact(new)
    said = tuple(rule for _, rule in openings(old, new))
    for caller, source, of in asked:
        if needs_two(of) and of.verbs & {Verb.INSERT, Verb.UPDATE, Verb.DELETE}:
            continue  # no statement both defines code and changes rows
        before, after = (decide(one, caller, source, of, tool=Tool.EXECUTE, now=NOON) for one in (first, second))
        among = any(rule is None or meets(rule, caller, source, of) for rule in said)
        assert among or narrower(before, after), (before, after)


@settings(max_examples=100, deadline=None)
@given(policies())
def test_a_policy_reads_back_as_it_was_written_and_never_widens_itself(rules: tuple[Rule, ...]) -> None:
    made = enact(Terms(rules=rules, groups={"dba": frozenset({"a@b.example"})}))
    again = read(made.text)
    assert canonical(again) == made.text
    assert enact(again).rules == made.rules
    assert widenings(again, again) == ()
    shuffled = tuple(replace(one, name=f"other {one.name}") for one in reversed(rules))
    assert widenings(replace(again, rules=shuffled), again) == ()
