"""Examples of a policy: each thing that can differ is said, and what no example would notice is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.identity.supposed import supposed
from core.model import Doubt, Seat, Unreadable
from core.policy.changing.examples import Example, Expected, attempt, untested
from core.policy.rules import Conditions, Effects, Then
from core.settings import examples
from tests.commands import ROOT, answer, assent
from tests.policies import DELETE, NOON, READ, SHOP, UPDATE, pair, policy, reading, rule

RULES = policy(
    rule(
        "reads",
        Then.ALLOW,
        when=Conditions(verbs=frozenset({READ}), groups=frozenset({"analysts"})),
        effects=Effects(max_bytes=1_000),
    ),
    rule(
        "changes",
        Then.ASK,
        UPDATE,
        effects=Effects(reviewers=frozenset({Seat(group="dba", count=1)}), affected_rows=5),
    ),
    rule("never", Then.REFUSE, when=Conditions(verbs=frozenset({DELETE}), tables=frozenset({"hr.*"}))),
)
READS, CHANGES = reading(pair("public.a")), reading(pair("public.a", UPDATE))


def example(then: Then, *groups: str, **stated: object) -> Example:
    wanted = Expected(then=then, **stated)  # type: ignore[arg-type]
    who = supposed(groups or ("analysts",), NOON)
    return Example(name="e", source="shop", caller=who, at=NOON, expected=wanted)


@pytest.mark.parametrize(
    ("asked", "wanted", "says"),
    [
        (READS, example(Then.ALLOW), ""),
        (READS, example(Then.ALLOW, rules=frozenset({"reads"}), limits={"returned_rows": 200}), ""),
        (READS, example(Then.ASK), "expected ask, and it is allow"),
        (READS, example(Then.ALLOW, "others"), "expected allow, and it is refuse"),
        (READS, example(Then.REFUSE, "others", code="no_rule"), ""),
        (READS, example(Then.REFUSE, "others", code="other"), "expected the code other, and it is no_rule"),
        (READS, example(Then.ALLOW, rules=frozenset({"changes"})), "expected the rules “changes”, and it was “reads”"),
        (READS, example(Then.ALLOW, limits={"returned_rows": 5}), "expected returned_rows = 5, and it is 200"),
        (READS, example(Then.ALLOW, limits={"returned_bytes": 65_536, "max_bytes": 1_000}), ""),
        (
            READS,
            example(Then.ALLOW, limits={"returned_bytes": 1_024}),
            "expected returned_bytes = 1024, and it is 65536",
        ),
        (READS, example(Then.ALLOW, limits={"max_bytes": 5}), "expected max_bytes = 5, and it is 1000"),
        (CHANGES, example(Then.ASK, reviewers=frozenset({Seat(group="dba", count=1)})), ""),
        (CHANGES, example(Then.ASK, reviewers=frozenset({Seat(group="dba", count=2)})), "reviewers 2 dba"),
        (CHANGES, example(Then.ASK, limits={"timeout": timedelta(seconds=30), "affected_rows": 5}), ""),
        (CHANGES, replace(example(Then.REFUSE, code="too_many_rows"), affected=6), ""),
    ],
)
def test_an_example_says_what_is_not_as_expected(asked: object, wanted: Example, says: str) -> None:
    wrong = attempt(RULES, SHOP, wanted, asked).wrong  # type: ignore[arg-type]
    assert (says in "".join(wrong)) if says else wrong == ()


def test_what_cannot_be_read_is_refused_by_its_doubt() -> None:
    doubt = Unreadable(doubt=Doubt.SEVERAL, sentence="These are several statements.")
    assert attempt(RULES, SHOP, example(Then.REFUSE, code=Doubt.SEVERAL.value), doubt).wrong == ()
    assert attempt(RULES, SHOP, example(Then.ALLOW), doubt).wrong != ()


def test_rules_and_conditions_that_no_example_tests_are_named() -> None:
    tried = [attempt(RULES, SHOP, example(Then.ALLOW), READS)]
    assert list(untested(RULES, tried)) == [("changes", ""), ("never", ""), ("reads", "groups"), ("reads", "verbs")]
    tried.append(attempt(RULES, SHOP, example(Then.REFUSE, "others"), READS))  # kept away by its groups alone
    tried.append(attempt(RULES, SHOP, example(Then.ASK), CHANGES))  # kept away by its verbs alone
    assert list(untested(RULES, tried)) == [("never", "")]
    tried.append(attempt(RULES, SHOP, example(Then.REFUSE), reading(pair("hr.a", DELETE))))
    assert list(untested(RULES, tried)) == [("never", "tables"), ("never", "verbs")]


# ---------------------------------------------------------------- the file

HEAD = 'policy = "policy.toml"\n[source.shop]\nkind = "postgres"\n'
ONE = '[[example]]\nname = "n"\nstatement = "SELECT 1 FROM public.a"\nthen = "allow"\n'


def book(folder: Path, text: str) -> Path:
    (folder / "policy.toml").write_text('[[rule]]\nname = "r"\nverbs = ["read"]\nthen = "allow"\n')
    path = folder / "policy_test.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD, "write [[example]]"),
        (HEAD + ONE + "thne = 1\n", ':8: [[example]] 1 thne: unknown setting; did you mean "then"?'),
        (HEAD + ONE.replace('"allow"', '"permit"'), '"permit" is none of allow, ask, refuse'),
        (HEAD + ONE + 'does = { "public.a" = ["read"] }\n', "give one of statement and does"),
        (HEAD + ONE.replace('statement = "SELECT 1 FROM public.a"\n', ""), "give one of statement and does"),
        (HEAD + ONE + 'facts = ["cascades"]\n', "goes with does"),
        (HEAD + ONE + "machine = true\n", "named by its client id"),
        (HEAD + ONE + 'at = "2026-06-01T12:00:00"\n', "a time with its offset"),
        (HEAD + ONE + 'source = "shpo"\n', 'there is no [source.shpo]; did you mean "shop"?'),
        (HEAD + ONE + 'code = "no_rule"\n', "only what is refused has a code"),
        (
            HEAD + ONE.replace('statement = "SELECT 1 FROM public.a"', 'does = { "a.b" = ["reed"] }'),
            '"reed" is no verb',
        ),
        (HEAD + ONE.replace('statement = "SELECT 1 FROM public.a"', 'does = { "a.b" = "read" }'), "lists of text"),
        (HEAD.replace("policy.toml", "none.toml") + ONE, "none.toml: cannot be read"),
        ("[[example]\n", "policy_test.toml: "),
        (HEAD + "[sauce.x]\n" + ONE, 'unknown table; did you mean "source"?'),
    ],
)
def test_a_mistake_in_the_file_is_said_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as error:
        examples(book(tmp_path, text))
    assert says in str(error.value)


def test_a_rule_file_of_ten_megabytes_is_not_read(tmp_path: Path) -> None:
    path = book(tmp_path, HEAD + ONE)
    (tmp_path / "policy.toml").write_text("#" * 10_000_000)
    with pytest.raises(SettingsError, match="larger than 4 MiB"):
        examples(path)


def test_every_field_of_an_example_reaches_the_decision(tmp_path: Path) -> None:
    stated = """source = "shop"
tool = "execute"
as = ["g"]
agent = "bot"
caller = "acme:anna@acme.example"
at = "2026-06-06T03:00:00+02:00"
affected = 4
bytes = "1 KiB"
price = "2.50"
rules = ["r"]
reviewers = { dba = 2 }
timeout = "10 s"
"""
    (one,) = examples(book(tmp_path, HEAD + ONE + stated)).examples
    assert (one.source, one.affected, one.bytes, str(one.price), one.at.isoformat()) == (
        "shop", 4, 1024, "2.50", "2026-06-06T03:00:00+02:00",
    )  # fmt: skip
    assert (one.caller.client, sorted(one.caller.groups), one.caller.email) == ("bot", ["g"], "anna@acme.example")
    assert one.caller.person is not None
    assert one.caller.person.directory == "acme"
    assert one.expected.reviewers == frozenset({Seat(group="dba", count=2)})
    assert one.expected.limits == {"timeout": timedelta(seconds=10)}


# ---------------------------------------------------------------- the command

POLICIES = ROOT / "manifests" / "policies"


@pytest.mark.parametrize("name", sorted(path.name for path in POLICIES.iterdir()))
def test_each_ready_policy_is_held_to_examples_that_test_every_rule_and_condition(name: str) -> None:
    result = assent("policy", "test", POLICIES / name / "policy_test.toml", "--strict", "--json")
    assert result.exit_code == 0, result.output
    said = answer(result)
    assert len(said["examples"]) >= 5
    assert said["untested"] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("affected_rows = 20", "affected_rows = 30"),
        ('groups = ["support"]\ntables = ["public.*"]', 'tables = ["public.*"]'),
        ('facts = ["no_where", "all_rows"]\n', ""),
        ("leads = 1", "leads = 2"),
        ('tables = ["public.customers", "public.orders"]', 'tables = ["public.*"]'),
    ],
)
def test_a_rule_that_was_changed_fails_an_example(tmp_path: Path, old: str, new: str) -> None:
    text = (POLICIES / "support-desk" / "policy.toml").read_text()
    assert old in text
    (tmp_path / "policy.toml").write_text(text.replace(old, new))
    path = tmp_path / "policy_test.toml"
    path.write_text((POLICIES / "support-desk" / "policy_test.toml").read_text())
    result = assent("policy", "test", path)
    assert result.exit_code == 1
    assert "FAILED" in result.stdout
