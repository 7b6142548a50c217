"""`assent policy diff`: recorded Calls decided by two policies, from a copy of the store and without a payload."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.audit.entry import policy_change
from core.execution import record
from core.execution.record import Case
from core.model import CallId, Fact, Reading, Session, SessionId, Tool, Verb, Verdict
from core.policy.changing.compare import told
from core.policy.changing.examples import Example, Expected
from core.policy.decide import decide
from core.policy.rules import Then
from core.ports import SetPolicy, Unit
from core.settings import Settings, load
from core.stores.sqlite.store import SqliteStore
from tests.commands import answer, assent
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_cli_store import KEYS
from tests.policies import UPDATE, call, machine, pair, person, reading
from tests.settings_files import ENVIRON, SKETCH, written

ORDERS = reading(pair("public.orders"))
PAYROLL = reading(pair("hr.payroll"))
CHANGE = reading(pair("public.orders", UPDATE), pair("public.orders"), facts=frozenset({Fact.NO_WHERE}))
TAGGED = reading(pair("public.customers"), tags={"public.customers": frozenset({"pii.email"})})
ASKED = (
    *((ORDERS, person("analysts")),) * 4,
    (PAYROLL, person("analysts")),
    (CHANGE, person("analysts")),
    (TAGGED, person("analysts")),
    (ORDERS, machine("analysts", client="nightly-report")),
)


async def recorded(folder: Path, config: Path, now: datetime) -> str:
    """Record the Calls as the line does, decided by the configuration."""
    path = folder / "store" / "assent.db"
    path.parent.mkdir(mode=0o700)
    clock = ManualClock()
    clock.at = now
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        for unit in intents(load(config, ENVIRON), now):
            await store.journal.commit(unit)
    return f"sqlite:{path}"


def intents(settings: Settings, now: datetime) -> Iterator[Unit]:
    source = settings.sources[0].source
    for number, (read, who) in enumerate(ASKED):
        tool = Tool.EXECUTE if read.writes else Tool.QUERY
        asked = replace(call(), id=CallId(f"call_{number}"), tool=tool)
        case = Case(
            call=asked,
            caller=who,
            session=Session(id=SessionId("s"), principal=who.principal, began_at=now),
            source=source,
            person="u_1",
            mac="00",
            policy=settings.policy.version,
        )
        verdict: Verdict = decide(settings.policy, who, source, read, tool=asked.tool, now=now)
        yield Unit(entries=(record.intent(case, read, verdict, ()),))


def changed(folder: Path, name: str, *edits: tuple[str, str]) -> Path:
    text = SKETCH
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (folder / name).mkdir()
    return written(folder / name, text)


def more(name: str, *conditions: str) -> tuple[str, str]:
    """One refusing rule before the last."""
    last = '[[rule]]\nname = "nobody'
    return last, "\n".join(("[[rule]]", f'name = "{name}"', *conditions, 'then = "refuse"', "", last))


def diff(old: Path, new: Path, store: str, *more: object) -> dict[str, object]:
    return answer(assent("policy", "diff", old, new, "--store", store, "--json", *more))  # type: ignore[no-any-return]


async def test_calls_that_would_be_decided_otherwise_are_grouped_by_rule_client_and_table(tmp_path: Path) -> None:
    old = changed(tmp_path, "old")
    store = await recorded(tmp_path, old, datetime.now(UTC))
    same = await asyncio.to_thread(diff, old, old, store)
    assert (same["calls"], same["differences"]) == (len(ASKED), [])
    new = changed(
        tmp_path,
        "new",
        more("orders are closed", 'tables = ["public.orders"]'),
    )
    found = await asyncio.to_thread(diff, old, new, store)
    assert found["differences"] == [
        {
            "before": "allow",
            "after": "refuse",
            "rules": ["analysts read", "orders are closed"],
            "budgets": [],
            "calls": 4,
            "clients": {"claude": 4},
            "tables": {"public.orders": 4},
        },
        {
            "before": "ask",
            "after": "refuse",
            "rules": ["changes need one DBA", "orders are closed"],
            "budgets": [],
            "calls": 1,
            "clients": {"claude": 1},
            "tables": {"public.orders": 1},
        },
    ]
    shown = (await asyncio.to_thread(assent, "policy", "diff", old, new, "--store", store)).stdout
    assert "allow becomes refuse: 4 calls" in shown


async def test_tags_limits_and_reviewers_are_part_of_what_differs(tmp_path: Path) -> None:
    old = changed(tmp_path, "old")
    store = await recorded(tmp_path, old, datetime.now(UTC))
    for name, edit, differs in (
        ("tags", ('verbs = ["read"]\n', 'verbs = ["read"]\nnot_tags = ["pii.*"]\n'), {("allow", "refuse")}),
        ("limits", ("returned_rows = 5000", "returned_rows = 50"), {("allow", "allow"), ("ask", "ask")}),
        ("seats", ("affected_rows = 1000", 'affected_rows = 1000\nexpires = "5 min"'), {("ask", "ask")}),
    ):
        found = await asyncio.to_thread(diff, old, changed(tmp_path, name, edit), store)
        differences = found["differences"]
        assert isinstance(differences, list)
        assert {(one["before"], one["after"]) for one in differences} == differs, name


async def test_budgets_are_part_of_what_differs(tmp_path: Path) -> None:
    last, stated = (
        '[[rule]]\nname = "nobody',
        '[[budget]]\nname = "rows"\nper = "agent"\nwindow = "day"\nrows = 10_000\n',
    )
    old = changed(tmp_path, "old", (last, f'{stated}sources = ["shop"]\n\n{last}'))
    store = await recorded(tmp_path, old, datetime.now(UTC))
    new = changed(tmp_path, "new", (last, f'{stated.replace("10_000", "9_000")}sources = ["shop"]\n\n{last}'))
    found = await asyncio.to_thread(diff, old, new, store)
    assert [(one["before"], one["after"], one["budgets"], one["calls"]) for one in found["differences"]] == [  # type: ignore[attr-defined]
        ("allow", "allow", ["rows"], 5),
        ("ask", "ask", ["rows"], 1),
    ]
    assert (await asyncio.to_thread(diff, old, old, store))["differences"] == []


async def test_what_a_proposal_changes_is_told_against_what_is_in_force(tmp_path: Path) -> None:
    kept = ("sqlite:assent.db", f"sqlite:{tmp_path / 'store' / 'assent.db'}")
    old = changed(tmp_path, "old", kept)
    store = await recorded(tmp_path, old, datetime.now(UTC))
    new = changed(tmp_path, "new", kept, more("orders are closed", 'tables = ["public.orders"]'))
    first = await asyncio.to_thread(assent, "policy", "diff", "in-force", new, "--store", store)
    assert (first.exit_code == 0, "no policy was ever put in force" in first.stderr) == (False, True)
    policy = load(old, ENVIRON).policy
    async with SqliteStore.open(
        tmp_path / "store" / "assent.db", keys=KEYS, origin=ORIGIN, clock=ManualClock()
    ) as kept_:
        change = SetPolicy(version=policy.version, text=policy.text, was="")
        await kept_.journal.commit(Unit(entries=(policy_change(policy.version, at="start"),), changes=(change,)))
    told_ = await asyncio.to_thread(diff, Path("in-force"), new, store)
    assert told_["differences"] == (await asyncio.to_thread(diff, old, new, store))["differences"] != []


async def test_what_depends_on_the_person_or_lies_before_is_counted_apart(tmp_path: Path) -> None:
    old = changed(tmp_path, "old")
    store = await recorded(tmp_path, old, datetime.now(UTC) - timedelta(days=3))
    new = changed(
        tmp_path,
        "new",
        more("not her", 'callers = ["acme:8f3c"]', 'tables = ["hr.*"]'),
    )
    found = await asyncio.to_thread(diff, old, new, store)
    assert (found["not_decidable"], found["differences"]) == ({"cut": 0, "by_person": 1}, [])
    late = await asyncio.to_thread(diff, old, new, store, "--days", "1")
    assert late["calls"] == 0


@pytest.mark.parametrize(
    "read", [ORDERS, CHANGE, TAGGED, reading(pair('a b."c | d"', Verb.DEFINE, "materialized view"))]
)
def test_what_a_record_says_of_a_reading_is_decided_as_the_reading_itself(read: Reading) -> None:
    body = {"reading": record.describe(read)}
    example = Example(
        name="c",
        source="shop",
        caller=person(),
        at=datetime(2026, 6, 1, 12, tzinfo=UTC),
        expected=Expected(then=Then.REFUSE),
    )
    found = told(body, example)
    assert found is not None
    assert (found.pairs, found.facts, found.tags) == (read.pairs, read.facts, read.tags)
    assert told(body | {"shortened": True}, example) is None
    assert told({"reading": {"unreadable": "syntax"}}, example) is None
