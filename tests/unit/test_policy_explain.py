"""What `check` prints, what is visible, what the judge says, and how patterns and the index behave."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.model import (
    Allow,
    Ask,
    Call,
    Caller,
    Column,
    Doubt,
    Fact,
    Hints,
    Limits,
    Reading,
    Refuse,
    Unreadable,
    Verb,
)
from core.policy.conditions import globs
from core.policy.decide import decide
from core.policy.explain import CLASSES, checked, covering
from core.policy.force import enact
from core.policy.judge import InForce
from core.policy.rules import Agent, Conditions, Terms, Then
from core.policy.visible import visible
from core.ports import Impact
from tests.policies import DELETE, NOON, READ, SHOP, UPDATE, call, machine, pair, person, policy, reading, rule

READERS = rule("readers", Then.ALLOW, READ)


class _Noon:
    def now(self) -> object:
        return NOON


@pytest.mark.parametrize("verb", Verb)
def test_the_class_is_the_worst_verb(verb: Verb) -> None:
    kind = checked(None, reading(pair("public.a"), pair("public.b", verb)), None).kind
    assert kind == CLASSES[verb]


def test_classes_stand_in_their_order() -> None:
    assert list(dict.fromkeys(CLASSES.values())) == ["read", "write", "schema", "rights", "run", "control"]


def test_what_is_unreadable_stands_alone() -> None:
    doubt = Unreadable(doubt=Doubt.SEVERAL, sentence="These are several statements.", detail="never shown")
    shown = checked(None, doubt, None)
    assert (shown.kind, shown.verdict, shown.verbs) == ("unreadable", None, ())
    assert shown.reasons[0].sentence == "These are several statements."
    assert "never shown" not in repr(shown)


def test_a_check_names_verdict_reasons_and_advice() -> None:
    rules = policy(READERS)
    read = replace(reading(pair("public.a")), columns=frozenset({Column(relation="public.a", name="id")}))
    allowed = decide(rules, person(), SHOP, read, tool=call().tool, now=NOON)
    assert checked(None, read, allowed).verdict == "allow"
    assert checked(None, read, allowed).columns == ("public.a.id",)
    refused = decide(rules, person(), SHOP, reading(pair("public.a", DELETE)), tool=call().tool, now=NOON)
    assert isinstance(refused, Refuse)
    assert checked(None, read, refused).reasons[-1].sentence == refused.advice


def test_covering_explains_each_pair_by_the_rules_that_decide_it() -> None:
    refuses = rule("no hr", Then.REFUSE, when=Conditions(tables=frozenset({"hr.*"})))
    covers = covering(policy(READERS, refuses), person(), SHOP, reading(pair("hr.a"), pair("public.a")), now=NOON)
    assert [(one.pair.thing.name, one.then.value) for one in covers] == [("hr.a", "refuse"), ("public.a", "allow")]
    assert covers[0].matched == (("no hr", Then.REFUSE), ("readers", Then.ALLOW))
    assert covers[0].covering == ("readers",)


# ---------------------------------------------------------------- visible


def _sees(rules: object, table: str, caller: Caller | None = None, tags: frozenset[str] = frozenset()) -> bool:
    return visible(rules, caller or person(), SHOP, table, now=NOON, tags=tags)  # type: ignore[arg-type]


def test_a_table_is_visible_where_a_rule_covers_reading_and_none_refuses() -> None:
    refuses = rule("no hr", Then.REFUSE, when=Conditions(tables=frozenset({"hr.*"})))
    asks = rule("ask", Then.ASK, when=Conditions(tables=frozenset({"vault.*"})))
    rules = policy(rule("r", Then.ALLOW, when=Conditions(tables=frozenset({"public.*", "hr.*"}))), refuses, asks)
    assert _sees(rules, "public.a")
    assert _sees(rules, "vault.a")
    assert not _sees(rules, "hr.a")
    assert not _sees(rules, "other.a")
    assert not _sees(policy(rule("w", Then.ALLOW, UPDATE)), "public.a")


def test_a_refusal_that_depends_on_the_statement_hides_nothing() -> None:
    for stated in (Conditions(facts=frozenset({Fact.NO_WHERE})), Conditions(tags=frozenset({"pci"}))):
        assert _sees(policy(READERS, rule("some", Then.REFUSE, when=stated)), "public.a", tags=frozenset({"pci"}))


def test_a_refusal_with_an_exception_for_some_statements_hides_nothing() -> None:
    spared = rule("bare", Then.REFUSE, when=Conditions(), unless=Conditions(facts=frozenset({Fact.VIA_VIEW})))
    assert _sees(policy(READERS, spared), "public.a")


def test_a_rule_about_tags_shows_only_tables_that_carry_them() -> None:
    rules = policy(rule("pci", Then.ALLOW, when=Conditions(tags=frozenset({"pci"}))))
    assert _sees(rules, "public.a", tags=frozenset({"pci"}))
    assert not _sees(rules, "public.a")


def test_a_machine_sees_only_what_names_it() -> None:
    named = rule("nightly", Then.ALLOW, when=Conditions(agents=frozenset({"nightly"})))
    assert not _sees(policy(READERS), "public.a", machine())
    assert _sees(policy(named), "public.a", machine())
    assert not _sees(policy(named), "public.a", machine(owner=None))


# ---------------------------------------------------------------- the judge


def _facts(read: Reading, asked: Call) -> object:
    agents = {"claude": Agent(owner="acme:anna", name="Claude of finance")}
    judge = InForce(enact(Terms(rules=(READERS,), agents=agents)), _Noon())  # type: ignore[arg-type]
    verdict = Ask(reasons=(), limits=Limits(), seats=())
    return judge.facts(asked, person(), read, verdict, Impact(counted=4, estimated=5))


def test_no_number_reaches_a_card_where_a_protected_column_is_read() -> None:
    plain = _facts(reading(pair("public.a", UPDATE)), call())
    assert (plain.counted, plain.estimated, plain.protected) == (4, 5, False)  # type: ignore[attr-defined]
    tagged = _facts(reading(pair("public.a", UPDATE), tags={"public.a": frozenset({"pci"})}), call())
    assert (tagged.counted, tagged.estimated, tagged.protected) == (None, None, True)  # type: ignore[attr-defined]


def test_the_agent_is_the_verified_client_and_what_it_calls_itself_stands_apart() -> None:
    named = _facts(reading(pair("public.a")), call())
    assert (named.agent, named.calls_itself) == ("Claude of finance", "")  # type: ignore[attr-defined]
    judge = InForce(policy(READERS), _Noon())  # type: ignore[arg-type]
    asked = call(hints=Hints(client="Claude of finance"))
    facts = judge.facts(
        asked, person(), reading(pair("public.a")), Ask(reasons=(), limits=Limits(), seats=()), Impact()
    )
    assert (facts.agent, facts.calls_itself) == ("claude", "Claude of finance")


def test_another_policy_is_in_force_whole() -> None:
    judge = InForce(policy(READERS), _Noon())  # type: ignore[arg-type]
    before, version = judge.decide(call(), person(), SHOP, reading(pair("public.a"))), judge.version
    judge.replace(policy())
    after = judge.decide(call(), person(), SHOP, reading(pair("public.a")))
    assert not isinstance(before, Refuse)
    assert isinstance(after, Refuse)
    assert judge.version != version
    assert isinstance(judge.decide(call(), person(), SHOP, Unreadable(doubt=Doubt.SYNTAX, sentence="No.")), Refuse)


# ---------------------------------------------------------------- patterns, version, speed


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("public.orders", "public.orders", True),
        ("public.orders", "public.orders2", False),
        ("public.*", "public.orders", True),
        ("public.*", "publico.orders", False),
        ("*", "anything.at.all", True),
        ("*.orders", "public.orders", True),
        ("a*b*c", "aXbXc", True),
        ("a*b*c", "acb", False),
        ("aa*aa", "aaa", False),
        ("Public.*", "public.orders", False),
        ("*.pay*_log", "hr.payroll_log", True),
    ],
)
def test_patterns_know_one_wildcard(pattern: str, name: str, *, fits: bool) -> None:
    assert globs.matches(pattern, name) is fits


def test_the_version_covers_every_term_and_not_the_order() -> None:
    terms = Terms(rules=(READERS, rule("x", Then.ASK)))
    versions = {
        enact(one).version
        for one in (
            terms,
            replace(terms, rules=(READERS,)),
            replace(terms, groups={"dba": frozenset({"a@b"})}),
            replace(terms, masks={"pci": "last4"}),
            replace(terms, owners={"pci": "dba"}),
            replace(terms, agents={"n": Agent(owner="acme:x")}),
            replace(terms, directories={"https://i": "acme"}),
            replace(terms, also={"identity": ["x"]}),
            replace(terms, rules=(READERS, replace(rule("x", Then.ASK), floor=True))),
        )
    }
    assert len(versions) == 9
    assert enact(terms).version == enact(replace(terms, rules=terms.rules[::-1])).version


def test_two_rules_of_one_name_are_no_policy() -> None:
    with pytest.raises(ValueError, match="one name"):
        policy(READERS, READERS)


def test_a_large_policy_looks_at_few_rules_per_pair() -> None:
    tables = [f"s{n % 20}.t{n}" for n in range(2_000)]
    many = [
        rule(
            f"r{n:03}",
            Then.ALLOW,
            when=Conditions(verbs=frozenset({READ}), tables=frozenset(tables[4 * n : 4 * n + 4])),
        )
        for n in range(500)
    ]
    rules = policy(*many)
    pairs = [pair(name) for name in tables[:20]]
    assert all(len(list(rules.index.candidates(one))) == 1 for one in pairs)
    assert isinstance(decide(rules, person(), SHOP, reading(*pairs), tool=call().tool, now=NOON), Allow)
