"""What lint says of rules that decide nothing, and that it keeps silent where a rule may still decide."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.model import Fact, Verb
from core.policy.changing.lint import lint
from core.policy.conditions.hours import window
from core.policy.rules import Conditions, Rule, Then
from tests.policies import DELETE, READ, UPDATE, rule

DAY = window("Mon-Fri 08:00-18:00 UTC")


def said(*rules: Rule, billed: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    return [(one.rule, one.key) for one in lint(rules, billed, frozenset({"shop", "warehouse"}))]


def when(**stated: object) -> Conditions:
    return Conditions(**stated)  # type: ignore[arg-type]


DEAD = (
    (when(verbs=frozenset({READ})), when(verbs=frozenset({READ})), "verbs"),
    (when(tables=frozenset({"hr.payroll"})), when(tables=frozenset({"hr.*"})), "tables"),
    (when(tables=frozenset({"hr.p*", "hr.q"})), when(tables=frozenset({"hr.*"})), "tables"),
    (when(tags=frozenset({"pii.email"})), when(tags=frozenset({"pii.*"})), "tags"),
    (when(hours=(DAY,)), when(hours=(DAY,)), "hours"),
    (when(price_over=Decimal(2)), when(), "price_over"),
    (when(bytes_over=2, sources=frozenset({"shop"})), when(), "bytes_over"),
)


@pytest.mark.parametrize(("wanted", "unwanted", "key"), DEAD)
def test_a_rule_that_can_never_match_is_named_with_the_key(wanted: Conditions, unwanted: Conditions, key: str) -> None:
    assert said(rule("r", Then.ASK, when=wanted, unless=unwanted)) == [("r", key)]


def test_an_allow_is_left_no_verb_by_what_only_people_decide() -> None:
    assert said(rule("r", Then.ALLOW, Verb.DEFINE)) == [("r", "verbs")]


def test_a_price_holds_where_a_source_bills() -> None:
    assert said(rule("r", Then.ASK, when=when(price_over=Decimal(2))), billed=frozenset({"warehouse"})) == []


SHADOWS = (
    # the milder, the stricter, whether the milder is left nothing
    (when(tables=frozenset({"hr.payroll"})), when(tables=frozenset({"hr.*"})), True),
    (when(tables=frozenset({"hr.a*", "hr.b"})), when(tables=frozenset({"hr.*"})), True),
    (when(tables=frozenset({"hr.*"})), when(tables=frozenset({"hr.payroll"})), False),
    (when(tables=frozenset({"hr.payroll", "public.a"})), when(tables=frozenset({"hr.*"})), False),
    (when(groups=frozenset({"a"})), when(), True),
    (when(groups=frozenset({"a"})), when(groups=frozenset({"a", "b"})), True),
    (when(groups=frozenset({"a", "b"})), when(groups=frozenset({"a"})), False),
    (when(), when(facts=frozenset({Fact.NO_WHERE})), False),
    (when(affected_over=9), when(affected_over=5), True),
    (when(affected_over=5), when(affected_over=9), False),
    (when(hours=(DAY,)), when(hours=(DAY,)), True),
    (when(), when(hours=(DAY,)), False),
    (when(tags=frozenset({"pii.email"})), when(tags=frozenset({"pii.*"})), True),
    (when(sources=frozenset({"shop"})), when(sources=frozenset({"shop", "warehouse"})), True),
    (when(agents=frozenset({"a"})), when(callers=frozenset({"b"})), False),
)


@pytest.mark.parametrize(("mild", "strict", "dead"), SHADOWS)
@pytest.mark.parametrize(("then", "by"), [(Then.ALLOW, Then.ASK), (Then.ALLOW, Then.REFUSE), (Then.ASK, Then.REFUSE)])
def test_a_rule_is_shadowed_where_a_stricter_one_holds_wherever_it_does(
    mild: Conditions, strict: Conditions, dead: bool, then: Then, by: Then
) -> None:
    one, other = rule("mild", then, when=mild), rule("strict", by, when=strict)
    assert said(one, other) == ([("mild", "")] if dead else [])
    assert said(rule("mild", by, when=mild), other) == []  # one as strict takes nothing away


EXCEPT = (
    # what the milder wants and does not want, what the stricter does not want, whether the milder is left nothing
    (when(tables=frozenset({"hr.a"})), when(), when(tables=frozenset({"hr.b"})), True),
    (when(tables=frozenset({"hr.a"})), when(), when(tables=frozenset({"hr.*"})), False),
    (when(tables=frozenset({"hr.*"})), when(), when(tables=frozenset({"*.b"})), False),
    (when(), when(tables=frozenset({"hr.*"})), when(tables=frozenset({"hr.b"})), True),
    (when(groups=frozenset({"a"})), when(), when(groups=frozenset({"b"})), False),  # a person may be in both
    (when(), when(groups=frozenset({"b"})), when(groups=frozenset({"b"})), True),
    (when(), when(affected_over=5), when(affected_over=9), True),
    (when(), when(affected_over=9), when(affected_over=5), False),
    (when(sources=frozenset({"shop"})), when(), when(sources=frozenset({"warehouse"})), True),
    (when(), when(), when(hours=(DAY,)), False),
)


@pytest.mark.parametrize(("wanted", "unwanted", "barred", "dead"), EXCEPT)
def test_exceptions_of_the_stricter_rule_keep_the_other_alive(
    wanted: Conditions, unwanted: Conditions, barred: Conditions, dead: bool
) -> None:
    found = said(rule("mild", Then.ALLOW, when=wanted, unless=unwanted), rule("strict", Then.REFUSE, unless=barred))
    if wanted.tables is not None:  # candidates are looked up by table: a rule over everything stands beside them
        assert ("mild", "") in found or not dead
    assert found == ([("mild", "")] if dead else [])


def test_verbs_are_compared_as_they_take_effect() -> None:
    assert said(rule("mild", Then.ALLOW, READ, UPDATE), rule("strict", Then.REFUSE, READ, UPDATE, DELETE)) != []
    assert said(rule("mild", Then.ALLOW, READ, UPDATE), rule("strict", Then.REFUSE, READ)) == []


def test_thousands_of_rules_over_everything_end_in_a_remark_and_not_in_minutes() -> None:
    mild = [rule(f"m{n}", Then.ALLOW, when=when(groups=frozenset({f"g{n}"}))) for n in range(800)]
    strict = [rule(f"s{n}", Then.REFUSE, when=when(groups=frozenset({f"h{n}"}))) for n in range(800)]
    assert said(*mild, *strict) == [("", "")]
