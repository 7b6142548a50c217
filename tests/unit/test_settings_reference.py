"""The reference pages and the ready policies cannot drift from what the program reads."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from core.model import Allow, Ask, Fact, Refuse, Verb
from core.policy.conditions.situation import Cost
from core.policy.decide import decide
from core.policy.rules import CONDITIONS, Effects
from core.settings import Settings, load, reference, schema
from core.settings.findings import Findings
from core.settings.reader import PARSERS, Reader
from core.settings.schema import Key, Section, Type
from tests.policies import DELETE, NOON, READ, UPDATE, WAREHOUSE, call, pair, person, reading
from tests.settings_files import ENVIRON, SKETCH, written

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "manifests" / "policies"
EVERY = [
    pytest.param(section, key, id=f"{section.header} {key.name}")
    for section in schema.SECTIONS
    for key in (*section.keys, *((section.free,) if section.free else ()))
]


@pytest.mark.parametrize("page", ["configuration", "policy"])
def test_a_reference_page_is_what_the_tables_say(page: str) -> None:
    printed = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
    assert printed == getattr(reference, page)(), "run: .venv/bin/python -m core.settings.reference docs/reference"


def test_the_table_of_rules_is_what_a_rule_holds() -> None:
    assert tuple(key.name for key in schema.CONDITIONS) == CONDITIONS
    effects = {field.name for field in fields(Effects)} | {"then", "floor"}
    assert {key.name for key in schema.EFFECTS} == effects


@pytest.mark.parametrize(("section", "key"), EVERY)
def test_every_example_is_accepted_by_its_setting(section: Section, key: Key) -> None:
    value: object = tomllib.loads(f"x = {key.example}")["x"]
    assert key.says.endswith(".")
    if key.type is Type.REFERENCE:
        reader = Reader(folder=ROOT, environ={}, roles=frozenset(), findings=Findings(path=ROOT, text=""))
        assert not reader.secret(value, key.roles).held
        assert key.roles, f"{section.header} {key.name}: which process holds it?"
    else:
        PARSERS[key.type](key, value)


# ---------------------------------------------------------------- ready policies

GROUPS = "[group.leads]\nmembers = ['gina@acme.example', 'hugo@acme.example']\n"


def ready(folder: Path, name: str) -> Settings:
    head = SKETCH[: SKETCH.index("[[rule]]")].replace(
        '["analysts", "agents"]', '["analysts", "agents", "support", "developers"]'
    )
    rules = (POLICIES / name / "policy.toml").read_text(encoding="utf-8")
    return load(written(folder, head + GROUPS + rules), ENVIRON)


@pytest.mark.parametrize("name", sorted(path.name for path in POLICIES.iterdir()))
def test_a_ready_policy_loads_without_a_warning_and_explains_itself(tmp_path: Path, name: str) -> None:
    assert ready(tmp_path, name).warnings == ()
    assert (POLICIES / name / "policy.toml").read_text(encoding="utf-8").startswith("# ")


READS, CHANGES = reading(pair("public.orders", READ)), reading(pair("public.orders", UPDATE))
BARE = reading(pair("public.orders", DELETE), facts=frozenset({Fact.NO_WHERE}))
DEFINES = reading(pair("public.orders", Verb.DEFINE))


@pytest.mark.parametrize(
    ("name", "group", "asked", "verdict"),
    [
        ("read-only-analyst", "analysts", READS, Allow),
        ("read-only-analyst", "analysts", CHANGES, Refuse),
        ("read-only-analyst", "others", READS, Refuse),
        ("support-desk", "support", READS, Allow),
        ("support-desk", "support", CHANGES, Ask),
        ("support-desk", "support", BARE, Refuse),
        ("migration-day", "developers", DEFINES, Ask),
        ("migration-day", "others", DEFINES, Refuse),
        ("everything-asks", "others", READS, Ask),
        ("everything-asks", "others", DEFINES, Ask),
    ],
)
def test_a_ready_policy_decides_as_it_says(
    tmp_path: Path, name: str, group: str, asked: object, verdict: type[object]
) -> None:
    settings = ready(tmp_path, name)
    shop = settings.sources[0].source
    given = decide(settings.policy, person(group), shop, asked, tool=call().tool, now=NOON)  # type: ignore[arg-type]
    assert isinstance(given, verdict)


@pytest.mark.parametrize(("price", "verdict"), [("2.50", Allow), ("2.51", Ask), ("50.01", Refuse), (None, Refuse)])
def test_the_price_cap_holds_for_an_unknown_price(tmp_path: Path, price: str | None, verdict: type[object]) -> None:
    rules = ready(tmp_path, "warehouse-price-cap").policy
    cost = Cost(price=Decimal(price)) if price else None
    given = decide(rules, person("analysts"), WAREHOUSE, READS, tool=call().tool, now=NOON, cost=cost)
    assert isinstance(given, verdict)
