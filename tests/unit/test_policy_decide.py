"""Every pair is covered or refused; the strictest rule and the strictest pair decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.model import (
    Allow,
    Ask,
    Column,
    Copy,
    Doubt,
    Fact,
    Hint,
    Mask,
    OnApproval,
    Reading,
    Refuse,
    Seat,
    Tool,
    Unreadable,
    Verb,
)
from core.policy import closed
from core.policy.conditions.hours import window
from core.policy.conditions.situation import STATEMENT, Cost
from core.policy.decide import decide, refusal
from core.policy.facts import MEANINGS, VERBS, risk
from core.policy.judge import InForce
from core.policy.rules import CONDITIONS, Conditions, Effects, Then
from tests.doubles import ManualClock
from tests.policies import (
    DELETE,
    INSERT,
    NOON,
    ONE_DBA,
    READ,
    SHOP,
    TWO,
    UPDATE,
    WAREHOUSE,
    call,
    decided,
    machine,
    pair,
    person,
    policy,
    reading,
    rule,
)

ORDERS, HR = pair("public.orders"), pair("hr.payroll")
READERS = rule("readers", Then.ALLOW, READ)
CHANGERS = rule("changers", Then.ASK, INSERT, UPDATE, DELETE)


def test_a_covered_read_is_allowed_and_names_its_rule() -> None:
    verdict = decided(policy(READERS), reading(ORDERS), tool=Tool.QUERY)
    assert isinstance(verdict, Allow)
    assert [reason.rule for reason in verdict.reasons] == ["readers"]


def test_one_uncovered_pair_refuses_the_statement_and_says_what_is_open() -> None:
    narrow = rule("public only", Then.ALLOW, when=Conditions(verbs=frozenset({READ}), tables=frozenset({"public.*"})))
    verdict = decided(policy(narrow), reading(ORDERS, HR))
    assert isinstance(verdict, Refuse)
    assert verdict.code == "no_rule"
    assert "hr.payroll" in verdict.reasons[0].sentence
    assert "public.*" in verdict.advice


def test_without_rules_nothing_is_allowed_not_even_a_statement_that_touches_nothing() -> None:
    assert isinstance(decided(policy(), reading(ORDERS)), Refuse)
    assert isinstance(decided(policy(), reading()), Refuse)
    assert isinstance(decided(policy(READERS), reading()), Allow)


def test_the_strictest_rule_decides_a_pair() -> None:
    asks = rule("ask for payroll", Then.ASK, when=Conditions(tables=frozenset({"hr.*"})))
    refuses = rule("no payroll", Then.REFUSE, when=Conditions(tables=frozenset({"hr.payroll"})))
    assert isinstance(decided(policy(READERS, asks), reading(ORDERS, HR)), Ask)
    verdict = decided(policy(READERS, asks, refuses), reading(ORDERS, HR))
    assert isinstance(verdict, Refuse)
    assert verdict.code == "refused_by_rule"
    assert verdict.reasons[0].rule == "no payroll"


def test_query_refuses_what_writes_and_names_execute() -> None:
    writes = policy(rule("all", Then.ALLOW))
    verdict = decided(writes, reading(pair("public.orders", UPDATE)), tool=Tool.QUERY)
    assert isinstance(verdict, Refuse)
    assert verdict.code == "use_execute"
    assert "execute" in verdict.advice
    assert isinstance(decided(writes, reading(pair("public.orders", UPDATE)), tool=Tool.EXECUTE), Allow)


def test_query_sends_nobody_to_execute_in_vain() -> None:
    """What a rule refuses there, or nothing can allow, is said at once, with what would be allowed."""
    writes = decided(policy(READERS), reading(pair("public.orders", UPDATE)), tool=Tool.QUERY)
    assert isinstance(writes, Refuse)
    assert (writes.code, READERS.name in writes.advice) == ("no_rule", True)
    never = decided(policy(READERS), reading(pair("copy", Verb.CONTROL, kind="statement")), tool=Tool.QUERY)
    assert isinstance(never, Refuse)
    assert never.code == "never_allowed"


@pytest.mark.parametrize("tool", [Tool.COLLECT, Tool.CANCEL, Tool.LIST_SOURCES])
def test_only_tools_that_take_statements_run_one(tool: Tool) -> None:
    assert isinstance(decided(policy(READERS), reading(ORDERS), tool=tool), Refuse)


# ---------------------------------------------------------------- what no rule lifts


@pytest.mark.parametrize("verb", [Verb.DEFINE, Verb.GRANT, Verb.RUN])
def test_an_allowance_never_reaches_shape_rights_or_code(verb: Verb) -> None:
    stated = Conditions(verbs=frozenset(Verb), tables=frozenset({"*"}))
    kind = "function" if verb is Verb.RUN else "table"
    verdict = decided(policy(rule("all", Then.ALLOW, when=stated)), reading(pair("public.orders", verb, kind)))
    assert isinstance(verdict, Refuse)
    asks = rule("ask", Then.ASK, when=stated, effects=TWO)
    assert isinstance(decided(policy(asks), reading(pair("public.orders", verb, kind))), Ask)


def test_control_is_always_refused() -> None:
    everything = policy(rule("allow", Then.ALLOW), rule("ask", Then.ASK, effects=TWO))
    verdict = decided(everything, reading(pair("SET", Verb.CONTROL, "statement")))
    assert isinstance(verdict, Refuse)
    assert verdict.code == "never_allowed"


def test_copy_is_refused_with_what_serves_instead() -> None:
    asked = reading(pair("Copy", Verb.CONTROL, "statement"), pair("public.orders", Verb.CONTROL))
    verdict = decided(policy(rule("ask", Then.ASK, effects=TWO)), asked)
    assert isinstance(verdict, Refuse)
    assert verdict.code == "never_allowed"
    assert "INSERT with execute" in verdict.advice
    other = decided(policy(), reading(pair("Vacuum", Verb.CONTROL, "statement")))
    assert isinstance(other, Refuse)
    assert "outside Assent" in other.advice


@pytest.mark.parametrize(
    ("verb", "kind", "name"),
    [
        (Verb.DEFINE, "extension", "dblink"),
        (Verb.DEFINE, "role", "bob"),
        (Verb.DEFINE, "publication", "out"),
        (Verb.DEFINE, "", "what"),
        (Verb.GRANT, "role", "public"),
        (Verb.GRANT, "role", "admin"),
        (Verb.GRANT, "database", "shop"),
        (Verb.RUN, "table", "public.orders"),
    ],
)
def test_what_belongs_to_superusers_is_refused_whoever_asks(verb: Verb, kind: str, name: str) -> None:
    everything = policy(rule("ask", Then.ASK, when=Conditions(verbs=frozenset(Verb)), effects=TWO))
    verdict = decided(everything, reading(pair(name, verb, kind)))
    assert isinstance(verdict, Refuse)
    assert verdict.code == "never_allowed"


def test_rights_on_a_table_for_a_role_may_be_asked_for() -> None:
    everything = policy(rule("ask", Then.ASK, effects=TWO))
    public = reading(pair("public.orders", Verb.GRANT), pair("PUBLIC", Verb.GRANT, "role"))
    assert isinstance(decided(everything, public), Refuse)
    granted = reading(pair("public.orders", Verb.GRANT), pair("bob", Verb.GRANT, "role"))
    assert isinstance(decided(everything, granted), Ask)


@pytest.mark.parametrize("facts", [frozenset(), frozenset({Fact.REPLACES_CODE})])
def test_code_that_runs_later_as_someone_else_needs_two_people(facts: frozenset[Fact]) -> None:
    made = reading(pair("public.f", Verb.DEFINE, "table" if facts else "function"), facts=facts)
    one = decided(policy(rule("one", Then.ASK)), made)
    assert isinstance(one, Refuse)
    assert one.code == "needs_review"
    assert isinstance(decided(policy(rule("two", Then.ASK, effects=TWO)), made), Ask)


def test_code_runs_only_under_a_rule_that_names_run_and_what() -> None:
    runs = reading(pair("public.close_day", Verb.RUN, "function"))
    assert isinstance(decided(policy(rule("ask all", Then.ASK)), runs), Refuse)
    assert isinstance(decided(policy(rule("run any", Then.ASK, Verb.RUN)), runs), Refuse)
    named = Conditions(verbs=frozenset({Verb.RUN}), tables=frozenset({"public.close_day"}))
    assert isinstance(decided(policy(rule("named", Then.ASK, when=named)), runs), Ask)


@pytest.mark.parametrize("fact", sorted(fact for fact in Fact if MEANINGS[fact].asks))
def test_some_facts_are_more_than_an_allowance_covers(fact: Fact) -> None:
    asked = reading(pair("public.orders", UPDATE), facts=frozenset({fact}))
    verdict = decided(policy(rule("all", Then.ALLOW)), asked)
    assert isinstance(verdict, Refuse)
    assert verdict.code == "needs_review"
    assert MEANINGS[fact].sentence in {reason.sentence for reason in verdict.reasons}
    assert isinstance(decided(policy(rule("ask", Then.ASK, effects=TWO)), asked), Ask)


def test_a_refused_table_is_not_reached_by_its_schema() -> None:
    refuses = rule("no payroll", Then.REFUSE, when=Conditions(tables=frozenset({"hr.payroll"})))
    both = policy(rule("ask", Then.ASK, effects=TWO), refuses)
    assert isinstance(decided(both, reading(pair("hr", Verb.DEFINE, "schema"))), Refuse)
    assert isinstance(decided(both, reading(pair("public", Verb.DEFINE, "schema"))), Ask)


def test_a_bare_name_that_no_source_resolved_is_refused_as_any_schemas() -> None:
    refuses = rule("no payroll", Then.REFUSE, when=Conditions(tables=frozenset({"hr.payroll", "vault.*"})))
    rules = policy(READERS, refuses)
    offline = replace(reading(pair("payroll")), witnessed=False)
    assert isinstance(decided(rules, offline), Refuse)
    assert isinstance(decided(rules, replace(offline, witnessed=True)), Allow)
    assert isinstance(decided(rules, replace(reading(pair("orders")), witnessed=False)), Allow)


def test_a_wildcard_is_refused_by_what_refuses_any_table_that_begins_so() -> None:
    def under(*tables: str) -> type:
        refusing = rule("closed", Then.REFUSE, when=Conditions(tables=frozenset(tables)))
        return type(decided(policy(READERS, refusing), reading(pair("acme.d.events_*"))))

    assert {under(name) for name in ("acme.d.events_2026", "acme.d.events_*", "acme.d.*", "acme.d.e*_x")} == {Refuse}
    assert {under(name) for name in ("acme.d.event", "acme.d.other", "acme.e.*")} == {Allow}


# ---------------------------------------------------------------- machines


def test_a_machine_needs_an_owner_and_a_rule_that_names_it() -> None:
    named = rule("nightly", Then.ALLOW, when=Conditions(agents=frozenset({"nightly"}), verbs=frozenset({READ})))
    assert isinstance(decided(policy(named), reading(ORDERS), machine()), Allow)
    assert isinstance(decided(policy(READERS), reading(ORDERS), machine()), Refuse)
    by_group = rule("group", Then.ALLOW, when=Conditions(groups=frozenset({"agents"})))
    assert isinstance(decided(policy(by_group), reading(ORDERS), machine("agents")), Refuse)
    ownerless = decided(policy(named), reading(ORDERS), machine(owner=None))
    assert isinstance(ownerless, Refuse)
    assert ownerless.code == "no_owner"
    nameless = replace(machine(), client="")
    assert isinstance(decided(policy(READERS, named), reading(ORDERS), nameless), Refuse)


def test_rules_that_do_not_name_a_machine_still_close_for_it() -> None:
    named = rule("nightly", Then.ALLOW, when=Conditions(agents=frozenset({"nightly"})))
    refuses = rule("no payroll", Then.REFUSE, when=Conditions(tables=frozenset({"hr.payroll"})))
    asks = rule("ask", Then.ASK, READ)
    assert isinstance(decided(policy(named, refuses), reading(HR), machine()), Refuse)
    assert isinstance(decided(policy(named, asks), reading(HR), machine()), Ask)


# ---------------------------------------------------------------- conditions

HOURS = (window("Mon-Fri 08:00-18:00 Europe/Berlin"),)
HOLDING = {
    "groups": Conditions(groups=frozenset({"analysts", "other"})),
    "callers": Conditions(callers=frozenset({"anna@acme.example"})),
    "agents": Conditions(agents=frozenset({"claude"})),
    "sources": Conditions(sources=frozenset({"shop"})),
    "tables": Conditions(tables=frozenset({"public.*"})),
    "tags": Conditions(tags=frozenset({"pii.*"})),
    "verbs": Conditions(verbs=frozenset({UPDATE})),
    "facts": Conditions(facts=frozenset({Fact.NO_WHERE})),
    "affected_over": Conditions(affected_over=10),
    "bytes_over": Conditions(bytes_over=10),
    "price_over": Conditions(price_over=Decimal(2)),
    "hours": Conditions(hours=HOURS),
}
FAILING = {
    "groups": Conditions(groups=frozenset({"other"})),
    "callers": Conditions(callers=frozenset({"bob@acme.example"})),
    "agents": Conditions(agents=frozenset({"cursor"})),
    "sources": Conditions(sources=frozenset({"other"})),
    "tables": Conditions(tables=frozenset({"hr.*", "public.order"})),
    "tags": Conditions(tags=frozenset({"pci"})),
    "verbs": Conditions(verbs=frozenset({DELETE})),
    "facts": Conditions(facts=frozenset({Fact.CASCADES})),
    "affected_over": Conditions(affected_over=11),
    "bytes_over": Conditions(bytes_over=11),
    "price_over": Conditions(price_over=Decimal(3)),
    "hours": Conditions(hours=(window("Sat-Sun 08:00-18:00 Europe/Berlin"),)),
}


def test_every_condition_has_a_case_here_and_a_reader() -> None:
    assert set(HOLDING) == set(FAILING) == set(CONDITIONS)
    assert set(STATEMENT) | {"tables", "tags", "verbs"} == set(CONDITIONS)


@pytest.mark.parametrize("name", CONDITIONS)
@pytest.mark.parametrize("negated", [False, True])
def test_a_rule_matches_where_each_condition_holds_and_its_negation_does_not(name: str, *, negated: bool) -> None:
    touched = reading(
        pair("public.orders", UPDATE),
        facts=frozenset({Fact.NO_WHERE}),
        tags={"public.orders": frozenset()} if name == "affected_over" else {"public.orders": frozenset({"pii.email"})},
    )

    def verdict(stated: Conditions) -> object:
        made = rule("r", Then.ASK, when=Conditions() if negated else stated, unless=stated if negated else Conditions())
        return decide(
            policy(made),
            person(),
            replace(WAREHOUSE, name="shop"),
            touched,
            tool=Tool.EXECUTE,
            now=NOON,
            affected=11,
            cost=Cost(bytes=11, price=Decimal(3)),
        )

    holds, fails = verdict(HOLDING[name]), verdict(FAILING[name])
    assert isinstance(holds, Refuse if negated else Ask)
    assert isinstance(fails, Ask if negated else Refuse)


@pytest.mark.parametrize("name", ["affected_over", "bytes_over", "price_over"])
def test_an_unknown_number_counts_as_exceeded(name: str) -> None:
    def verdict(when: Conditions, unless: Conditions) -> object:
        rules = policy(rule("all", Then.ALLOW), rule("close", Then.REFUSE, when=when, unless=unless))
        updated = reading(pair("public.orders", UPDATE))
        return decide(rules, person(), WAREHOUSE, updated, tool=Tool.EXECUTE, now=NOON)

    most = {
        "affected_over": Conditions(affected_over=2**50),
        "bytes_over": Conditions(bytes_over=2**50),
        "price_over": Conditions(price_over=Decimal(10**8)),
    }[name]
    assert isinstance(verdict(most, Conditions()), Refuse)
    assert isinstance(verdict(Conditions(), most), Allow)


def test_no_verdict_depends_on_a_count_where_a_protected_column_is_read() -> None:
    tags = {"public.orders": frozenset({"pii.email"})}
    protected = reading(pair("public.orders", UPDATE), tags=tags)
    capped = rule("capped", Then.ASK, effects=replace(ONE_DBA, affected_rows=100))
    over = rule("over", Then.REFUSE, when=Conditions(affected_over=50))
    for rules in (policy(capped), policy(capped, over)):
        verdicts = {repr(decided(rules, protected, affected=count)) for count in (None, 0, 50, 51, 100, 101)}
        assert len(verdicts) == 1


def test_hours_follow_their_zone_and_may_run_past_midnight() -> None:
    berlin = window("Mon-Fri 08:00-18:00 Europe/Berlin")
    assert berlin.holds(datetime(2026, 6, 1, 6, 0, tzinfo=UTC))  # 08:00 in summer
    assert not berlin.holds(datetime(2026, 6, 1, 5, 59, tzinfo=UTC))
    assert not berlin.holds(datetime(2026, 6, 1, 16, 0, tzinfo=UTC))  # the end is excluded
    assert not berlin.holds(datetime(2026, 1, 5, 6, 30, tzinfo=UTC))  # 07:30 in winter
    night = window("Fri 22:00-06:00 UTC")
    assert night.holds(datetime(2026, 6, 5, 23, 0, tzinfo=UTC))
    assert night.holds(datetime(2026, 6, 6, 5, 59, tzinfo=UTC))
    assert not night.holds(datetime(2026, 6, 5, 5, 0, tzinfo=UTC))
    assert window("Sat-Mon 00:00-24:00 UTC").days == {5, 6, 0}


@pytest.mark.parametrize(
    "text",
    ["always", "Mon 08:00-08:00 UTC", "Mon 25:00-26:00 UTC", "Mon 08:61-09:00 UTC", "Xyz 08:00-09:00 UTC",
     "Mon 08:00-09:00 Mars/Base", "Mon 08:00-09:00 ../../etc/passwd"],
)  # fmt: skip
def test_hours_that_say_nothing_clear_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        window(text)


def test_a_bare_address_is_nobody_where_several_directories_speak() -> None:
    by_mail = rule("mail", Then.ALLOW, when=Conditions(callers=frozenset({"anna@acme.example"})))
    one = policy(by_mail)
    several = replace(one, directories={"https://login.example.com": "acme", "https://evil.example": "evil"})
    assert isinstance(decided(one, reading(ORDERS)), Allow)
    assert isinstance(decided(several, reading(ORDERS)), Refuse)
    by_directory = rule("mail", Then.ALLOW, when=Conditions(callers=frozenset({"acme:anna@acme.example"})))
    assert isinstance(decided(replace(policy(by_directory), directories=several.directories), reading(ORDERS)), Allow)


# ---------------------------------------------------------------- limits, reviewers, unmasking


def test_limits_are_the_smallest_and_an_unstated_one_is_the_default() -> None:
    wide = rule("wide", Then.ALLOW, READ, effects=Effects(returned_rows=5000, timeout=timedelta(seconds=60)))
    verdict = decided(policy(wide), reading(ORDERS))
    assert isinstance(verdict, Allow)
    assert (verdict.limits.returned_rows, verdict.limits.timeout) == (5000, timedelta(seconds=60))
    narrowed = decided(policy(wide, READERS), reading(ORDERS))
    assert isinstance(narrowed, Allow)
    assert (narrowed.limits.returned_rows, narrowed.limits.timeout) == (200, timedelta(seconds=30))


def test_a_cap_that_one_rule_states_binds_and_the_smaller_of_two_counts() -> None:
    wide, narrow = Effects(affected_rows=100, max_bytes=9), Effects(affected_rows=50, max_bytes=3)
    rules = [
        rule("wide", Then.ALLOW, effects=wide),
        rule("narrow", Then.ALLOW, effects=narrow),
        rule("none", Then.ALLOW),
    ]
    verdict = decided(policy(*rules), reading(pair("public.orders", UPDATE)))
    assert isinstance(verdict, Allow)
    assert (verdict.limits.affected_rows, verdict.limits.billed_bytes) == (50, 3)


def test_reviewers_are_the_union_and_the_narrowest_manner_counts() -> None:
    hold = replace(TWO, on_approval=OnApproval.HOLD, expires=timedelta(minutes=5), channel="CB")
    rules = policy(
        rule(
            "one", Then.ASK, effects=replace(ONE_DBA, channel="CA", reviewers=frozenset({Seat(group="dba", count=2)}))
        ),
        rule("two", Then.ASK, effects=hold),
    )
    verdict = decided(rules, reading(ORDERS))
    assert isinstance(verdict, Ask)
    assert verdict.seats == (Seat(group="dba", count=2), Seat(group="security", count=1))
    assert (verdict.on_approval, verdict.expires, verdict.channel) == (OnApproval.HOLD, timedelta(minutes=5), "CA")


def test_a_counted_number_above_the_cap_is_refused_before_anyone_is_asked() -> None:
    capped = policy(rule("capped", Then.ASK, effects=replace(ONE_DBA, affected_rows=100)))
    updated = reading(pair("public.orders", UPDATE))
    assert isinstance(decided(capped, updated, affected=100), Ask)
    verdict = decided(capped, updated, affected=101)
    assert isinstance(verdict, Refuse)
    assert verdict.code == "too_many_rows"
    assert isinstance(decided(capped, updated), Ask)


def test_under_a_cap_of_rows_what_the_database_does_not_count_is_refused_before_anyone_is_asked() -> None:
    emptied = reading(pair("public.orders", DELETE), facts=frozenset({Fact.UNCOUNTED, Fact.NO_WHERE}))
    capped = policy(rule("capped", Then.ASK, effects=replace(ONE_DBA, affected_rows=100)))
    verdict = decided(capped, emptied)
    assert isinstance(verdict, Refuse)
    assert (verdict.code, verdict.reasons[0].rule) == ("uncounted", "capped")
    assert isinstance(decided(policy(rule("free", Then.ASK, effects=ONE_DBA)), emptied), Ask)


def _masked() -> Reading:
    mail = Mask(column=Column(relation="public.customers", name="email"), tag="pii.email", kind="token")
    return replace(
        reading(pair("public.customers"), pair("public.orders"), tags={"public.customers": frozenset({"pii.email"})}),
        masks=frozenset({mail}),
        columns=frozenset({mail.column}),
    )


def test_only_columns_in_use_are_unmasked_and_none_beside_a_look_up() -> None:
    lifts = policy(
        rule("lift", Then.ASK, effects=replace(ONE_DBA, unmask=frozenset({"pii.*"}))), owners={"pii.*": "privacy"}
    )
    mail = next(iter(_masked().masks)).column
    for read in (replace(_masked(), columns=frozenset()), replace(_masked(), lookups=(mail,))):
        verdict = decided(lifts, read)
        assert isinstance(verdict, Ask)
        assert not verdict.unmask


def test_more_columns_than_a_card_can_name_are_not_unmasked_at_once() -> None:
    lifts = policy(
        rule("lift", Then.ASK, effects=replace(ONE_DBA, unmask=frozenset({"pii.*"}))), owners={"pii.*": "privacy"}
    )
    many = frozenset(
        Mask(column=Column(relation="public.customers", name=f"c{n}"), tag="pii.email", kind="token") for n in range(17)
    )
    wide = replace(_masked(), masks=many, columns=frozenset(mask.column for mask in many))
    verdict = decided(lifts, wide)
    assert isinstance(verdict, Refuse)
    assert verdict.code == "too_many_unmasked"


def test_unmasking_adds_the_owners_seat_and_names_the_columns() -> None:
    lifts = rule("lift", Then.ASK, effects=replace(ONE_DBA, unmask=frozenset({"pii.*"})))
    verdict = decided(policy(lifts, owners={"pii.*": "privacy"}), _masked())
    assert isinstance(verdict, Ask)
    assert verdict.unmask == {"public.customers.email"}
    assert Seat(group="privacy", count=1) in verdict.seats


def test_nothing_is_unmasked_without_an_owner_or_where_another_asking_rule_does_not_lift() -> None:
    lifts = rule("lift", Then.ASK, effects=replace(ONE_DBA, unmask=frozenset({"pii.*"})))
    ownerless = decided(policy(lifts), _masked())
    assert isinstance(ownerless, Ask)
    assert not ownerless.unmask
    both = decided(policy(lifts, rule("ask", Then.ASK), owners={"pii.*": "privacy"}), _masked())
    assert isinstance(both, Ask)
    assert not both.unmask
    elsewhere = rule(
        "lift", Then.ASK, when=Conditions(tables=frozenset({"public.orders"})),
        effects=replace(ONE_DBA, unmask=frozenset({"pii.*"})),
    )  # fmt: skip
    apart = decided(policy(READERS, elsewhere, owners={"pii.*": "privacy"}), _masked())
    assert isinstance(apart, Ask)
    assert not apart.unmask


COPY = Copy(
    source=Column(relation="public.customers", name="email"), target=Column(relation="public.orders", name="mail")
)
COPYING = replace(
    reading(pair("public.customers"), pair("public.orders", Verb.UPDATE), facts=frozenset({Fact.COPIES_PROTECTED})),
    copies=frozenset({COPY}),
)


def test_a_copy_of_protected_values_is_asked_about_by_a_rule_that_names_both_columns_and_by_no_other() -> None:
    names = replace(ONE_DBA, copies=frozenset({COPY.name}))
    other = replace(ONE_DBA, copies=frozenset({COPY.name.replace("email", "phone")}))
    orders = Conditions(tables=frozenset({"public.orders"}))
    named = rule("named", Then.ASK, UPDATE, effects=names)
    assert isinstance(decided(policy(READERS, named), COPYING), Ask)
    assert isinstance(decided(policy(READERS, CHANGERS, named), COPYING), Ask)
    for rules in (
        policy(READERS, CHANGERS),
        policy(READERS, rule("other", Then.ASK, UPDATE, effects=other)),
        policy(rule("source alone", Then.ASK, READ, effects=names), CHANGERS),
        policy(READERS, CHANGERS, rule("elsewhere", Then.ASK, effects=names, unless=orders)),
    ):
        verdict = decided(rules, COPYING)
        assert isinstance(verdict, Refuse)
        assert verdict.code == "launders"
        assert COPY.name in verdict.reasons[0].sentence
    allowed = decided(policy(READERS, rule("allowed", Then.ALLOW, UPDATE)), COPYING)
    assert isinstance(allowed, Refuse)


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("doubt", Doubt)
def test_what_is_unreadable_is_refused_with_its_own_code_and_a_remedy(doubt: Doubt) -> None:
    verdict = refusal(Unreadable(doubt=doubt, sentence="It names nothing.", detail="secret detail"))
    assert verdict.code == doubt.value
    assert verdict.advice
    assert "secret" not in repr(verdict)


def test_a_hint_is_told_only_to_a_caller_who_may_see_its_table() -> None:
    orders = rule("orders", Then.ALLOW, when=Conditions(verbs=frozenset({READ}), tables=frozenset({"public.orders"})))
    hints = (
        Hint(sentence="Did you mean hr.payroll?", table="hr.payroll"),
        Hint(sentence="Did you mean public.orders?", table="public.orders"),
        Hint(sentence="Did you mean the function length?"),
    )
    unreadable = Unreadable(doubt=Doubt.MISSING, sentence="It is not there.", hints=hints)
    verdict = InForce(policy(orders), ManualClock(NOON)).decide(call(), person(), SHOP, unreadable)
    assert isinstance(verdict, Refuse)
    assert [reason.sentence for reason in verdict.reasons] == [
        "It is not there. Did you mean public.orders? Did you mean the function length?"
    ]


def test_every_fact_and_verb_has_a_row_and_the_largest_weight_is_the_risk() -> None:
    assert set(MEANINGS) == set(Fact)
    assert set(VERBS) == set(Verb)
    assert risk(reading(ORDERS)) == "low"
    assert risk(reading(pair("public.orders", UPDATE))) == "medium"
    assert risk(reading(pair("public.orders", UPDATE), facts=frozenset({Fact.CASCADES}))) == "high"
    assert risk(reading(pair("public.orders", UPDATE), facts=frozenset({Fact.CASCADES, Fact.NO_WHERE}))) == "critical"


def test_a_fact_that_a_rule_looks_at_is_named_in_the_verdict() -> None:
    rules = policy(rule("all", Then.ALLOW), rule("bare", Then.ASK, when=Conditions(facts=frozenset({Fact.NO_WHERE}))))
    verdict = decided(rules, reading(pair("public.orders", DELETE), facts=frozenset({Fact.NO_WHERE})))
    assert isinstance(verdict, Ask)
    assert MEANINGS[Fact.NO_WHERE].sentence in {reason.sentence for reason in verdict.reasons}


def test_the_lists_of_kinds_do_not_overlap() -> None:
    assert not closed.DEFINABLE & closed.TWO_PEOPLE
    assert SHOP.name == "shop"


def test_a_card_goes_to_the_rules_channel_else_to_the_sources_else_to_the_one_of_all() -> None:
    source = replace(SHOP, channel="C0SHOP")
    named = rule("named", Then.ASK, UPDATE, effects=replace(ONE_DBA, channel="C0RULE"))
    plain = rule("plain", Then.ASK, UPDATE, effects=ONE_DBA)
    for rules, where, channel in ((named, source, "C0RULE"), (plain, source, "C0SHOP"), (plain, SHOP, None)):
        asked = reading(pair("public.orders", UPDATE))
        verdict = decide(policy(rules), person(), where, asked, tool=Tool.EXECUTE, now=NOON)
        assert isinstance(verdict, Ask)
        assert verdict.channel == channel
