"""Budgets: which statements count against one, what each may use, and what becomes of that however a Call ends."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core import subject
from core.errors import Away, Blocked, SettingsError, SourceUnavailable, StatementFailed
from core.model import (
    Answered,
    Ask,
    Bill,
    EntryKind,
    Measure,
    Outcome,
    Per,
    Period,
    Refuse,
    Refused,
    State,
    Verb,
    Waiting,
)
from core.policy.bounding.budgets import charges, matching
from core.policy.changing.widen import widenings
from core.policy.conditions.situation import situation
from core.policy.floor import floored
from core.policy.force import canonical, enact
from core.policy.rules import Budget, Conditions, Effects, Terms, Then
from core.policy.written import read
from core.ports import Charge, Committed, Fate, Said, Unit
from tests.line import RULES, Line, failing, line, nothing
from tests.policies import NOON, SHOP, UPDATE, WAREHOUSE, decided, machine, pair, person, policy, reading, rule
from tests.settings_files import loaded

DAY = Budget(name="rows of a day", per=Per.CALLER, period=Period.DAY, amounts={Measure.ROWS: 12})


def budgeted(*budgets: Budget, hold: timedelta = timedelta(seconds=45)) -> Line:
    room = line(hold=hold)
    room.judge.replace(enact(Terms(rules=RULES, groups=policy().groups, budgets=budgets)))
    return room


def used(room: Line) -> int:
    return sum(room.store.journal.tables.budgets.values())


def held(room: Line) -> int:
    return len(room.store.journal.tables.reserved)


# ---------------------------------------------------------------- what counts, and how much


CASES = (
    # conditions, who, counts
    (Conditions(), person("a"), True),
    (Conditions(groups=frozenset({"a"})), person("a"), True),
    (Conditions(groups=frozenset({"a"})), person("b"), False),
    (Conditions(agents=frozenset({"nightly"})), machine(), True),
    (Conditions(agents=frozenset({"nightly"})), person("a"), False),
    (Conditions(callers=frozenset({"acme:anna"})), person("a"), True),
    (Conditions(sources=frozenset({"warehouse"})), person("a"), False),
)


@pytest.mark.parametrize(("stated", "who", "counts"), CASES)
def test_a_budget_counts_where_all_of_its_conditions_hold_and_no_other_form(
    stated: Conditions, who: object, counts: bool
) -> None:
    for when, unless, expected in ((stated, Conditions(), counts), (Conditions(), stated, not counts)):
        if stated == Conditions() and unless == stated and when != unless:
            continue
        rules = enact(Terms(budgets=(replace(DAY, when=when, unless=unless),)))
        asked = situation({}, who, SHOP, reading(), now=NOON)  # type: ignore[arg-type]
        nothing = when == unless == Conditions()
        assert bool(matching(rules, asked)) is (True if nothing else expected)


def taken(
    budget: Budget, *, verb: Verb = Verb.READ, effects: Effects | None = None, groups: str = "a b"
) -> list[Charge]:
    rules = enact(Terms(rules=(rule("all", Then.ALLOW, verb, effects=effects),), budgets=(budget,)))
    caller = person(*groups.split())
    verdict = decided(rules, reading(pair("public.t", verb)), caller)
    assert not isinstance(verdict, Refuse)
    asked = situation({}, caller, SHOP, reading(pair("public.t", verb)), now=NOON)
    return list(charges(rules, asked, verdict.limits, SHOP, writes=verb is not Verb.READ))


def test_a_statement_takes_what_its_limits_let_it_use_at_most() -> None:
    amounts = {
        Measure.ROWS: 10_000,
        Measure.RETURNED_BYTES: 10**9,
        Measure.TIME: 10**9,
        Measure.BYTES: 10**9,
        Measure.PRICE: 10**9,
    }
    found = {one.measure: one.amount for one in taken(replace(DAY, amounts=amounts))}
    assert found == {Measure.ROWS: 200, Measure.RETURNED_BYTES: 65_536, Measure.TIME: 30_000}
    wrote = taken(DAY, verb=Verb.UPDATE, effects=Effects(affected_rows=7, returned_rows=3))
    assert [one.amount for one in wrote] == [7]


def test_no_statement_is_larger_than_a_whole_budget_even_where_no_rule_caps_it() -> None:
    amounts = {Measure.ROWS: 12, Measure.RETURNED_BYTES: 2_048, Measure.TIME: 2_000}
    rules = enact(Terms(rules=(rule("all", Then.ALLOW, Verb.UPDATE),), budgets=(replace(DAY, amounts=amounts),)))
    verdict = decided(rules, reading(pair("public.t", UPDATE)))
    assert not isinstance(verdict, Refuse)
    limits = verdict.limits
    assert (limits.affected_rows, limits.returned_rows, limits.returned_bytes) == (12, 12, 2_048)
    assert limits.timeout == timedelta(seconds=2)
    over = decided(rules, reading(pair("public.t", UPDATE)), affected=13)
    assert isinstance(over, Refuse)
    assert over.code == "too_many_rows"
    assert "“rows of a day”" in " ".join(reason.sentence for reason in over.reasons)


def test_a_bill_that_nobody_can_tell_takes_the_whole_budget() -> None:
    budget = replace(DAY, amounts={Measure.PRICE: 25 * 10**6, Measure.BYTES: 2**40})
    rules = enact(
        Terms(rules=(rule("all", Then.ALLOW, Verb.READ, effects=Effects(max_bytes=2**30)),), budgets=(budget,))
    )
    for price, amount in ((None, 25 * 10**6), (Decimal("0.0015"), 2)):
        source = replace(WAREHOUSE, price_per_tib=price)
        asked = situation({}, person(), source, reading(pair("d.t")), now=NOON)
        limits = replace(decided(rules, reading(pair("d.t"))).limits, billed_bytes=2**30)  # type: ignore[union-attr]
        found = {one.measure: one.amount for one in charges(rules, asked, limits, source, writes=False)}
        assert found == {Measure.PRICE: amount, Measure.BYTES: 2**30}


def test_each_has_an_account_apart_and_a_caller_is_named_by_a_pseudonym_alone() -> None:
    groups = replace(DAY, per=Per.GROUP, when=Conditions(groups=frozenset({"a", "b", "c"})))
    assert [one.of for one in taken(groups)] == ["a", "b"]
    assert [one.of for one in taken(replace(DAY, per=Per.AGENT))] == ["claude"]
    assert [one.of for one in taken(replace(DAY, per=Per.SOURCE))] == ["shop"]
    assert [one.of for one in taken(DAY)] == [""]


def test_a_verdict_names_the_budgets_that_it_counts_against() -> None:
    rules = enact(Terms(rules=(rule("asks", Then.ASK, Verb.UPDATE),), groups=policy().groups, budgets=(DAY,)))
    verdict = decided(rules, reading(pair("public.t", UPDATE)))
    assert isinstance(verdict, Ask)
    assert verdict.reasons[-1].sentence == "It counts against the budget “rows of a day” of each caller and day."


# ---------------------------------------------------------------- a policy's text


def test_budgets_are_part_of_the_hashed_policy_and_read_back_exactly() -> None:
    terms = Terms(budgets=(replace(DAY, when=Conditions(groups=frozenset({"a b"}))),))
    assert read(canonical(terms)) == terms
    assert '"budgets"' not in canonical(Terms())
    with pytest.raises(ValueError, match="one name"):
        enact(Terms(budgets=(DAY, DAY)))


WIDER = (
    (replace(DAY, amounts={Measure.ROWS: 13}), True),
    (replace(DAY, amounts={Measure.ROWS: 11}), False),
    (replace(DAY, amounts={Measure.ROWS: 12, Measure.TIME: 1}), False),
    (replace(DAY, amounts={Measure.TIME: 1}), True),
    (replace(DAY, per=Per.AGENT), True),
    (replace(DAY, period=Period.HOUR), True),
    (replace(DAY, name="another"), True),
    (replace(DAY, unless=Conditions(groups=frozenset({"a"}))), True),
)


@pytest.mark.parametrize(("changed", "wider"), WIDER)
def test_a_budget_that_holds_more_counts_less_or_begins_anew_widens(changed: Budget, wider: bool) -> None:
    assert bool(widenings(Terms(budgets=(DAY,)), Terms(budgets=(changed,)))) is wider


def test_a_budget_that_is_gone_widens_and_a_new_one_does_not() -> None:
    assert widenings(Terms(budgets=(DAY,)), Terms())
    assert not widenings(Terms(), Terms(budgets=(DAY,)))


FLOOR = replace(DAY, floor=True)


def test_a_floors_budget_holds_whatever_the_store_says() -> None:
    own = enact(Terms(budgets=(FLOOR,)))
    same = floored(own, own.version, own.text)[0]
    assert same.budgets == (FLOOR,)
    for stored in (Terms(), Terms(budgets=(replace(FLOOR, amounts={Measure.ROWS: 10**6}),))):
        made = enact(stored)
        held_, fits = floored(own, made.version, made.text)
        assert min(one.amounts[Measure.ROWS] for one in held_.budgets) == 12
        assert (fits, held_.version) == (True, made.version)


def test_a_budget_that_becomes_a_floor_widens_nothing_and_one_that_is_none_any_more_does() -> None:
    assert not widenings(Terms(budgets=(DAY,)), Terms(budgets=(FLOOR,)))
    assert widenings(Terms(budgets=(FLOOR,)), Terms(budgets=(DAY,)))
    assert read(canonical(Terms(budgets=(FLOOR,)))).budgets == (FLOOR,)


def test_a_process_takes_other_budgets_as_they_come_into_force() -> None:
    own, later = enact(Terms()), enact(Terms(budgets=(DAY,)))
    assert floored(own, later.version, later.text)[1]


# ---------------------------------------------------------------- along the line


async def test_what_a_read_did_not_use_is_there_again_once_it_is_answered() -> None:
    room = budgeted(DAY)
    for number in range(12):  # each takes all twelve rows, and shows one
        answer = await room.ask(f"select {number}")
        if used(room) > 0 and number > 0:
            assert isinstance(answer, Refused)
            break
        assert isinstance(answer, Answered)
    assert (used(room), held(room)) == (1, 0)
    assert room.faults() == []


async def test_a_refusal_says_which_budget_and_when_it_begins_anew_and_nothing_runs() -> None:
    room = budgeted(DAY)
    await room.ask("select 1")
    room.source.ran.clear()
    spent = await room.ask("select 2")
    assert isinstance(spent, Refused)
    tomorrow = f"{room.clock.now() + timedelta(days=1):%Y-%m-%d} 00:00 UTC"
    assert spent.code == "budget_spent"
    assert "“rows of a day”" in spent.sentence
    assert tomorrow in spent.sentence
    assert room.source.ran == []
    again = await room.collect(spent.call)
    assert isinstance(again, Refused)
    assert tomorrow in again.sentence
    room.clock.advance(timedelta(days=1))
    assert isinstance(await room.ask("select 3"), Answered)


ENDS = (
    ("insert 1", "run", StatementFailed("22012", public="no"), 0),
    ("insert 1", "commit", StatementFailed("40001", public="no"), 0),
    ("select 1", "run", StatementFailed("22012", public="no"), 0),
    ("insert 1", "read", SourceUnavailable("away", Away.LOST), 0),
    ("insert 1", "nowhere", SourceUnavailable("away", Away.LOST), 5),
)


@pytest.mark.parametrize(("text", "at", "error", "rows"), ENDS)
async def test_what_changed_and_showed_nothing_uses_no_rows(text: str, at: str, error: Exception, rows: int) -> None:
    room = budgeted(replace(DAY, amounts={Measure.ROWS: 500}))
    room.source.affected = 5
    room.source.hook = failing(at, error)
    await room.ask(text)
    assert (used(room), held(room)) == (rows, 0)


async def test_a_change_that_people_decide_takes_its_part_when_it_begins_to_run() -> None:
    room = budgeted(DAY)
    waiting = await room.ask("update 1")
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    assert used(room) == 0
    room.source.affected = 4
    assert await room.vote(waiting.review) is Said.APPROVED
    await room.sweep()
    assert (used(room), held(room)) == (4, 0)
    assert (await room.slots(waiting.call)).ended is Outcome.COMMITTED


async def test_an_approved_change_that_a_budget_does_not_hold_ends_and_says_until_when() -> None:
    room = budgeted(DAY)
    waiting = await room.ask("update 1")
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    room.source.affected = 5
    assert isinstance(await room.ask("insert 1"), Answered)
    assert await room.vote(waiting.review) is Said.APPROVED
    await room.sweep()
    assert room.source.committed == ["insert 1"]
    told = await room.collect(waiting.call)
    assert isinstance(told, Refused)
    assert told.code == "budget_spent"
    assert "UTC" in told.sentence
    review = await room.store.reviews.review(waiting.review)
    assert review is not None
    assert review.state is State.CANCELLED
    assert room.faults() == []


async def test_what_a_process_took_that_died_counts_until_recovery_says_what_became_of_it() -> None:
    room = budgeted(replace(DAY, amounts={Measure.ROWS: 500, Measure.TIME: 10**6}))

    async def die(step: str) -> None:
        if step == "run":
            room.mortal.dead = True
            raise SourceUnavailable("gone", Away.LOST)

    room.source.hook = die
    with pytest.raises(Exception, match="gone"):
        await room.ask("insert 1")
    taken_by = used(room)
    assert taken_by == 200 + 30_000
    assert held(room) == 2
    after = Line(room.store, type(room.source)(), boot="next")
    await after.sweep()
    assert held(room) == 0
    assert used(room) == 30_000  # no row was shown or changed; how long it worked nobody can tell


async def test_a_person_has_one_account_through_every_agent_and_a_machine_its_own() -> None:
    room = budgeted(replace(DAY, amounts={Measure.ROWS: 500}))
    await room.ask("select 1")
    room.tokens.callers["anna"] = replace(room.anna, client="another", subject="another")
    await room.ask("select 2")
    assert list(room.store.journal.tables.budgets.values()) == [2]
    accounts = {account for account, _ in room.store.journal.tables.budgets}
    assert not any("anna" in account for account in accounts)
    macs, nightly = room.store.macs, machine()
    assert subject.payer(macs, nightly) != subject.payer(macs, room.anna)


# ---------------------------------------------------------------- money

MIB = 2**20
BILLED = replace(WAREHOUSE, name="shop", price_per_tib=Decimal(2**20))  # one of its currency for each MiB
MONEY = Budget(
    name="money", per=Per.CALLER, period=Period.DAY, amounts={Measure.BYTES: 1_000 * MIB, Measure.PRICE: 900 * 10**6}
)


def billed(*bills: Bill, said: int | None = 100 * MIB) -> Line:
    room = budgeted(MONEY)
    room.source.described, room.source.bytes = BILLED, said
    room.source.bills = dict.fromkeys([""], *bills) if bills else {}
    return room


def spent(room: Line) -> dict[str, int]:
    return {json.loads(account)[1]: amount for (account, _), amount in room.store.journal.tables.budgets.items()}


async def test_a_job_takes_what_it_may_be_billed_at_most_and_is_settled_by_what_it_was_billed() -> None:
    room = billed(Bill(bytes=20 * MIB))
    taken_before: list[dict[str, int]] = []

    async def look(step: str) -> None:
        if step == "run":
            taken_before.append(spent(room))

    room.source.hook = look
    assert isinstance(await room.ask("select 1"), Answered)
    assert taken_before == [{"bytes": 110 * MIB, "price": 110 * 10**6}]
    assert room.source.ran[0].limits.billed_bytes == 110 * MIB
    assert spent(room) == {"bytes": 20 * MIB, "price": 20 * 10**6}
    assert held(room) == 0


@pytest.mark.parametrize(("bill", "used_bytes"), [(Bill(bytes=0, cached=True), 0), (None, 110 * MIB)])
async def test_what_was_kept_from_before_costs_nothing_and_of_what_nobody_tells_all_counts(
    bill: Bill | None, used_bytes: int
) -> None:
    room = billed(*([bill] if bill else []))
    await room.ask("select 1")
    assert spent(room) == {"bytes": used_bytes, "price": used_bytes * 10**6 // MIB}


@pytest.mark.parametrize("bill", [Bill(bytes=0), Bill(bytes=30 * MIB), None])
async def test_a_job_that_failed_is_settled_by_its_bill_too(bill: Bill | None) -> None:
    room = billed(*([bill] if bill else []))
    room.source.hook = failing("run", StatementFailed("bytesBilledLimitExceeded", public="no"))
    await room.ask("select 1")
    assert spent(room)["bytes"] == (110 * MIB if bill is None else bill.bytes)
    assert held(room) == 0


async def test_a_job_that_nobody_began_cost_nothing() -> None:
    room = billed()
    commit = room.mortal.through

    async def bar(unit: Unit) -> Committed:
        if unit.unblocked and any(entry.kind is EntryKind.PREPARED for entry in unit.entries):
            raise Blocked("stopped meanwhile")
        return await commit(unit)

    room.mortal.through = bar
    await room.ask("select 1")
    assert (room.source.ran, spent(room), held(room)) == ([], {"bytes": 0, "price": 0}, 0)


async def test_a_job_whose_process_died_is_settled_by_its_bill_when_it_is_recovered() -> None:
    room = billed(Bill(bytes=20 * MIB))

    async def die(step: str) -> None:
        if step == "run":
            room.mortal.dead = True
            raise SourceUnavailable("gone", Away.LOST)

    room.source.hook = die
    await room.ask("select 1")
    assert spent(room)["bytes"] == 110 * MIB
    after = Line(room.store, replace(room.source, hook=nothing), boot="next")
    job = next(iter(room.store.journal.tables.reserved))[0]
    after.source.fates[f"{job}:1"] = Fate.COMMITTED
    await after.sweep()
    assert spent(room) == {"bytes": 20 * MIB, "price": 20 * 10**6}
    assert held(room) == 0


async def test_what_a_whole_budget_cannot_pay_is_refused_and_never_said_to_be_possible_tomorrow() -> None:
    room = billed(said=901 * MIB)
    answer = await room.ask("select 1")
    assert isinstance(answer, Refused)
    assert answer.code == "too_many_bytes"
    assert "“money”" in answer.sentence
    assert room.source.ran == []


async def test_an_approved_job_keeps_the_bound_that_people_saw_though_its_table_grew() -> None:
    room = billed(Bill(bytes=105 * MIB))
    waiting = await room.ask("select asked")
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    room.source.bytes = 105 * MIB
    assert await room.vote(waiting.review) is Said.APPROVED
    await room.sweep()
    assert [permit.limits.billed_bytes for permit in room.source.ran] == [110 * MIB]
    assert spent(room)["bytes"] == 105 * MIB


def test_what_bytes_cost_is_part_of_the_hashed_policy_and_a_lower_price_widens(tmp_path: Path) -> None:
    place = 'max_bytes = "20 GiB"'
    made = [(place, f'{place}\nprice_per_tib = "{price}"') for price in ("6.25", "0.01")]
    before, after = (read(loaded(tmp_path, change).policy.text) for change in made)
    assert [one.sentence for one in widenings(before, after)] == ['source "warehouse": price_per_tib is another']


# ---------------------------------------------------------------- the configuration

WRONG = (
    ('per = "caller"\nwindow = "day"', "it counts nothing"),
    ('per = "caller"\nwindow = "week"\nrows = 5', '"week"'),
    ('per = "group"\nwindow = "day"\nrows = 5', "names the groups"),
    ('per = "caller"\nwindow = "day"\nrows = 0', "rows"),
    ('per = "caller"\nwindow = "day"\nprice = "0.00"', "more than nothing"),
    ('per = "caller"\nwindow = "day"\nrows = 5\nsources = ["shpo"]', "there is no [source.shpo]"),
    ('per = "caller"\nwindow = "day"\nrows = 5\ntables = ["public.*"]', "unknown"),
    ('per = "caller"\nwindow = "day"\nrows = 5\ngroups = []', "an empty list says nothing"),
    ('per = "caller"\nwindow = "day"\nrows = 5\nagents = ["a"]\nnot_agents = ["a"]', "can never count"),
)


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_what_is_wrong_with_a_budget_is_said_with_its_line(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        loaded(tmp_path, more=f'\n[[budget]]\nname = "b"\n{text}\n')
    assert says in str(refused.value)
    assert re.search(r"assent\.toml:\d+", str(refused.value))


def test_two_budgets_of_one_name_are_refused_and_a_bill_that_nobody_makes_is_warned_of(tmp_path: Path) -> None:
    one = '\n[[budget]]\nname = "b"\nper = "caller"\nwindow = "day"\nprice = "25.00"\n'
    one += 'time = "10 min"\nsources = ["shop"]\n'
    made = loaded(tmp_path, more=one)
    assert made.policy.budgets[0].amounts == {Measure.PRICE: 25 * 10**6, Measure.TIME: 600_000}
    assert any("none of its Sources bills" in warning for warning in made.warnings)
    with pytest.raises(SettingsError, match='another budget is called "b"'):
        loaded(tmp_path, more=one + one)
