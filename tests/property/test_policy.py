"""Whatever the rules: adding one never widens, order means nothing, limits shrink, reviewers grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import Allow, Ask, Caller, Fact, Limits, Reading, Refuse, Seat, Source, Tool, Verb, Verdict
from core.policy.changing.lint import lint
from core.policy.closed import needs_two
from core.policy.conditions.hours import window
from core.policy.conditions.match import match
from core.policy.conditions.near import missing, stated
from core.policy.conditions.situation import situation
from core.policy.decide import decide
from core.policy.early import early
from core.policy.explain import covering
from core.policy.facts import MEANINGS
from core.policy.force import enact
from core.policy.rules import Conditions, Effects, Rule, Terms, Then
from core.policy.visible import visible
from tests.policies import NOON, SHOP, WAREHOUSE, machine, pair, person, reading

TABLES = ("public.orders", "public.customers", "hr.payroll", "hr.teams", "a")
GLOBS = (*TABLES, "public.*", "hr.*", "*", "*.payroll")
TAGS = ("pii.email", "pii.phone", "pci")
TAG_GLOBS = (*TAGS, "pii.*")
WINDOWS = tuple(window(f"{days} UTC") for days in ("Mon-Fri 08:00-18:00", "Sat-Sun 00:00-24:00", "Mon 22:00-06:00"))


def _some(items: tuple[object, ...]) -> st.SearchStrategy[object]:
    return st.none() | st.frozensets(st.sampled_from(items), min_size=1, max_size=3)


conditions = st.builds(
    Conditions,
    groups=_some(("analysts", "dbas")),
    callers=_some(("anna@acme.example", "bob@acme.example")),
    agents=_some(("claude", "nightly")),
    sources=_some(("shop", "warehouse")),
    tables=_some(GLOBS),
    tags=_some(TAG_GLOBS),
    verbs=_some(tuple(Verb)),
    facts=_some(tuple(Fact)),
    affected_over=st.none() | st.integers(0, 20),
    bytes_over=st.none() | st.integers(0, 20),
    price_over=st.none() | st.just(Decimal(1)),
    hours=st.none() | st.tuples(st.sampled_from(WINDOWS)),
)
# Most rules say little, else hardly one would ever match.
sparse = st.just(Conditions()) | st.builds(Conditions, verbs=_some(tuple(Verb)), tables=_some(GLOBS)) | conditions
seats = st.frozensets(
    st.builds(Seat, group=st.sampled_from(("dba", "security", "privacy")), count=st.integers(1, 3)),
    min_size=1,
    max_size=3,
)
effects = st.builds(
    Effects,
    reviewers=seats,
    returned_rows=st.none() | st.integers(1, 10_000),
    returned_bytes=st.none() | st.integers(1_024, 900_000),
    affected_rows=st.none() | st.integers(0, 100),
    max_bytes=st.none() | st.integers(1, 2**40),
    timeout=st.none() | st.integers(1, 3_600).map(lambda seconds: timedelta(seconds=seconds)),
    unmask=st.frozensets(st.sampled_from(TAG_GLOBS), max_size=2),
    expires=st.none() | st.integers(1, 60).map(lambda minutes: timedelta(minutes=minutes)),
)


@st.composite
def policies(draw: st.DrawFn) -> tuple[Rule, ...]:
    drawn = draw(st.lists(st.tuples(st.sampled_from(Then), sparse, sparse_unless, effects), max_size=6))
    return tuple(
        Rule(name=f"r{number}", then=then, when=when, unless=unless, effects=brings)
        for number, (then, when, unless, brings) in enumerate(drawn)
    )


sparse_unless = st.just(Conditions()) | st.builds(Conditions, tables=_some(GLOBS)) | conditions


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    verbs = st.sampled_from((Verb.READ, Verb.READ, *Verb))
    pairs = draw(st.lists(st.tuples(st.sampled_from(TABLES), verbs), min_size=1, max_size=4))
    tags = draw(st.dictionaries(st.sampled_from(TABLES), st.frozensets(st.sampled_from(TAGS), max_size=2), max_size=2))
    facts = draw(st.just(frozenset()) | st.frozensets(st.sampled_from(Fact), max_size=2))
    return reading(*(pair(name, verb) for name, verb in pairs), facts=facts, tags=tags)


callers = st.sampled_from(
    (person("analysts"), person("dbas", email=None), person("x", client="nightly"), machine("dbas"))
)
sources = st.sampled_from((SHOP, WAREHOUSE))
affected = st.none() | st.integers(0, 30)
STRICT = {Allow: 0, Ask: 1, Refuse: 2}


def _decide(rules: tuple[Rule, ...], caller: Caller, source: Source, read: Reading, count: int | None) -> Verdict:
    terms = enact(Terms(rules=rules, owners={"pii.*": "privacy"}))
    return decide(terms, caller, source, read, tool=Tool.EXECUTE, now=NOON, affected=count)


def _no_wider(after: Limits, before: Limits) -> bool:
    def most(cap: int | None) -> float:
        return float("inf") if cap is None else cap

    return (
        after.returned_rows <= before.returned_rows
        and after.returned_bytes <= before.returned_bytes
        and after.timeout <= before.timeout
        and most(after.affected_rows) <= most(before.affected_rows)
        and most(after.billed_bytes) <= most(before.billed_bytes)
    )


def _seats(verdict: Ask) -> dict[str, int]:
    return {seat.group: seat.count for seat in verdict.seats}


@settings(max_examples=200, deadline=None)
@given(policies(), policies(), callers, sources, readings(), affected)
def test_a_refusal_is_closed_for_good_by_the_rule_that_made_it(
    rules: tuple[Rule, ...], more: tuple[Rule, ...], caller: Caller, source: Source, read: Reading, count: int | None
) -> None:
    before = _decide(rules, caller, source, read, count)
    lasting = {"refused_by_rule", "never_allowed", "no_owner", "too_many_rows", "uncounted"}
    if isinstance(before, Refuse) and before.code in lasting:
        added = (*rules, *(replace(one, name=f"more {one.name}") for one in more))
        assert isinstance(_decide(added, caller, source, read, count), Refuse)


@settings(max_examples=300, deadline=None)
@given(policies(), callers, sources, readings(), readings(), affected)
def test_what_a_text_alone_is_refused_stays_refused_whatever_the_source_says_of_it(
    rules: tuple[Rule, ...], caller: Caller, source: Source, text: Reading, more: Reading, count: int | None
) -> None:
    """More facts, tables behind views, bytes and counts are what a Source adds."""
    whole = enact(Terms(rules=rules, owners={}))
    alone = decide(early(whole), caller, source, replace(text, witnessed=False), tool=Tool.EXECUTE, now=NOON)
    if isinstance(alone, Refuse):
        said = replace(text, pairs=text.pairs | more.pairs, facts=text.facts | more.facts, bytes=count)
        assert isinstance(decide(whole, caller, source, said, tool=Tool.EXECUTE, now=NOON, affected=count), Refuse)


@settings(max_examples=200, deadline=None)
@given(policies(), policies(), callers, sources, readings(), affected)
def test_more_rules_make_what_is_open_only_narrower(
    rules: tuple[Rule, ...], more: tuple[Rule, ...], caller: Caller, source: Source, read: Reading, count: int | None
) -> None:
    before = _decide(rules, caller, source, read, count)
    added = (*rules, *(replace(one, name=f"more {one.name}") for one in more))
    after = _decide(added, caller, source, read, count)
    if isinstance(before, Refuse):
        return
    assert STRICT[type(after)] >= STRICT[type(before)]
    if not isinstance(after, Refuse):
        assert _no_wider(after.limits, before.limits)
    if isinstance(before, Ask) and isinstance(after, Ask):
        assert all(
            _seats(after).get(group, 0) >= count for group, count in _seats(before).items() if group != "privacy"
        )
        assert after.unmask <= before.unmask
        assert after.expires <= before.expires


@settings(max_examples=150, deadline=None)
@given(policies(), st.randoms(), callers, sources, readings(), affected)
def test_order_has_no_meaning(
    rules: tuple[Rule, ...], random: Random, caller: Caller, source: Source, read: Reading, count: int | None
) -> None:
    shuffled = list(rules)
    random.shuffle(shuffled)
    assert _decide(rules, caller, source, read, count) == _decide(tuple(shuffled), caller, source, read, count)


@settings(max_examples=200, deadline=None)
@given(policies(), callers, sources, readings(), affected)
def test_what_is_not_refused_is_covered_pair_by_pair_and_says_by_what(
    rules: tuple[Rule, ...], caller: Caller, source: Source, read: Reading, count: int | None
) -> None:
    verdict = _decide(rules, caller, source, read, count)
    assert verdict.reasons
    assert all(reason.sentence.endswith((".", "”.")) for reason in verdict.reasons)
    if isinstance(verdict, Refuse):
        assert verdict.advice
        return
    assert Verb.CONTROL not in read.verbs
    covers = covering(enact(Terms(rules=rules)), caller, source, read, now=NOON, affected=count)
    by_name = {one.name: one for one in rules}
    for one in covers:
        assert one.covering
        assert all(then is not Then.REFUSE for _, then in one.matched)
        assert {by_name[name].then for name in one.covering} <= {Then.ALLOW, Then.ASK}
    asking = {name for one in covers for name, then in one.matched if then is Then.ASK}
    assert bool(asking) == isinstance(verdict, Ask)
    if isinstance(verdict, Ask):
        assert asking <= {reason.rule for reason in verdict.reasons}
        assert sum(_seats(verdict).values()) >= (2 if needs_two(read) else 1)
    else:
        assert not read.verbs & {Verb.DEFINE, Verb.GRANT, Verb.RUN}
        forcing = {fact for fact in read.facts if MEANINGS[fact].asks}
        assert not forcing or not read.writes


@settings(max_examples=150, deadline=None)
@given(policies(), callers, sources, readings(), affected)
def test_splitting_a_statement_never_opens_what_the_whole_would_need(
    rules: tuple[Rule, ...], caller: Caller, source: Source, read: Reading, count: int | None
) -> None:
    """If the whole is not refused, neither is any part by itself for want of cover; and a refused part refuses all."""
    parts = [
        {
            one.pair: one.then
            for one in covering(enact(Terms(rules=rules)), caller, source, part, now=NOON, affected=count)
        }
        for part in (replace(read, pairs=frozenset({one})) for one in read.pairs)
        if part.writes == read.writes
    ]
    if any(Then.REFUSE in part.values() for part in parts):
        assert isinstance(_decide(rules, caller, source, read, count), Refuse)


@settings(max_examples=300, deadline=None)
@given(policies(), callers, sources, readings(), affected)
def test_what_lint_calls_dead_is_dead(
    rules: tuple[Rule, ...], caller: Caller, source: Source, read: Reading, count: int | None
) -> None:
    """Every remark names one rule: it never holds, or a stricter one holds with it and its word is not the last."""
    names = frozenset({SHOP.name, WAREHOUSE.name})
    remarks = tuple(lint(rules, frozenset({WAREHOUSE.name}), names))
    covers = covering(enact(Terms(rules=rules)), caller, source, read, now=NOON, affected=count)
    for remark in remarks:
        for one in covers:
            if remark.rule in {name for name, _ in one.matched}:
                assert "never match" not in remark.sentence
                assert one.then is not next(rule.then for rule in rules if rule.name == remark.rule)


@settings(max_examples=150, deadline=None)
@given(policies(), callers, sources, readings(), affected)
def test_a_rule_holds_exactly_where_nothing_is_missing(
    rules: tuple[Rule, ...], caller: Caller, source: Source, read: Reading, count: int | None
) -> None:
    policy = enact(Terms(rules=rules))
    asked = situation(policy.directories, caller, source, read, now=NOON, affected=count)
    for one in match(policy, asked, source, read):
        held = {rule.name for rule in one.rules}
        for prepared in policy.index.prepared:
            why = missing(prepared, one.pair, read.tags.get(one.pair.thing.name, frozenset()), asked)
            assert (prepared.rule.name in held) == (not why)
            assert why - {"then"} <= stated(prepared.rule)


@settings(max_examples=200, deadline=None)
@given(policies(), callers, sources, st.sampled_from(TABLES), st.frozensets(st.sampled_from(TAGS), max_size=2))
def test_what_may_be_read_is_visible(
    rules: tuple[Rule, ...], caller: Caller, source: Source, table: str, tags: frozenset[str]
) -> None:
    terms = enact(Terms(rules=rules))
    read = reading(pair(table), tags={table: tags})
    if not isinstance(decide(terms, caller, source, read, tool=Tool.QUERY, now=NOON), Refuse):
        assert visible(terms, caller, source, table, now=NOON, tags=tags)
