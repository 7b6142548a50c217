"""The straight line over doubles: every way in, every way it can break off, and what the record says of each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import (
    AuditBusy,
    AuditUnavailable,
    Away,
    Busy,
    DeniedByEngine,
    Drifted,
    GatewayError,
    InsufficientScope,
    NotFound,
    OutcomeUnknown,
    SourceUnavailable,
    StatementFailed,
    StoreClosed,
    Unauthenticated,
)
from core.execution.asking.patience import Most
from core.model import Answered, Failed, Outcome, Refused, Sample, State, Tool, Waiting
from core.ports import Committed, Fate, Said, Unit
from tests.line import EMAIL, Line, failing, holding, line

READ, WRITE = "select 1", "insert 1"


async def ended(room: Line, answer: object) -> Outcome | None:
    assert isinstance(answer, Answered | Failed | Refused | Waiting)
    return (await room.slots(answer.call)).ended


async def test_an_allowed_read_is_answered_once_its_outcome_is_durable() -> None:
    room = line()
    answer = await room.ask(READ)
    assert isinstance(answer, Answered)
    assert await ended(room, answer) is Outcome.DELIVERED
    assert room.kinds()[-2:] == ["call.intent", "call.outcome"]
    assert room.faults() == []


async def test_an_allowed_write_is_prepared_before_it_is_committed() -> None:
    room = line()
    answer = await room.ask(WRITE)
    assert isinstance(answer, Answered)
    assert room.source.committed == [WRITE]
    assert room.kinds()[-3:] == ["call.intent", "call.prepared", "call.outcome"]
    assert room.faults() == []


async def test_nothing_runs_whose_intent_is_not_durable() -> None:
    room = line()
    await room.ask(READ)
    room.source.ran.clear()
    room.store.journal.failure = AuditUnavailable("disk")
    with pytest.raises(AuditUnavailable):
        await room.ask(WRITE)
    assert room.source.ran == []
    assert room.source.committed == []


async def test_nothing_commits_whose_transaction_is_not_on_record() -> None:
    room = line()

    async def hook(step: str) -> None:
        if step == "run":
            room.store.journal.failure = AuditBusy("full")

    room.source.hook = hook
    with pytest.raises(AuditBusy):
        await room.ask(WRITE)
    assert room.source.committed == []
    room.store.journal.failure = None
    room.clock.advance(timedelta(minutes=2))
    await room.sweep()
    assert room.faults() == []
    assert [o.body["outcome"] for _, o in room.store.journal.tables.log if "outcome" in o.body] == ["not_executed"]


async def test_rows_of_a_read_that_lost_its_outcome_are_dropped() -> None:
    room = line()
    room.source.hook, reached, go = holding("run")
    asked = asyncio.create_task(room.ask(READ))
    await reached.wait()
    room.clock.advance(timedelta(minutes=2))
    await room.sweep()
    go.set()
    answer = await asked
    assert isinstance(answer, Waiting)
    assert await ended(room, answer) is Outcome.NOT_DELIVERED
    assert room.faults() == []


@pytest.mark.parametrize(
    ("at", "error", "outcome"),
    [
        ("visit", SourceUnavailable("x", Away.LOST), Outcome.REFUSED),
        ("read", RuntimeError("bug"), Outcome.REFUSED),
        ("run", StatementFailed("22012", public="no"), Outcome.ERROR),
        ("run", Drifted("schema"), Outcome.ERROR),
        ("run", RuntimeError("bug"), Outcome.ERROR),
        ("run", asyncio.CancelledError(), Outcome.CANCELLED),
        ("read", asyncio.CancelledError(), Outcome.CANCELLED),
    ],
)
@pytest.mark.parametrize("text", [READ, WRITE])
async def test_whatever_breaks_off_leaves_an_outcome(
    at: str, error: BaseException, outcome: Outcome, text: str
) -> None:
    room = line()
    room.source.hook = failing(at, error)
    call = room.call(text)
    answered = await asyncio.gather(room.gateway.answer(call), return_exceptions=True)
    assert not isinstance(answered[0], Answered)
    assert (await room.slots(call.id)).ended is outcome
    assert room.source.committed == []
    assert room.faults() == []


async def test_a_busy_source_is_no_call() -> None:
    room = line()
    room.source.hook = failing("visit", Busy("full"))
    with pytest.raises(Busy):
        await room.ask(READ)
    assert "call.intent" not in room.kinds()


async def test_a_client_that_goes_away_before_prepared_rolls_its_write_back() -> None:
    room = line()
    room.source.hook, reached, _ = holding("run")
    call = room.call(WRITE)
    asked = asyncio.create_task(room.gateway.answer(call))
    await reached.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert room.source.committed == []
    assert (await room.slots(call.id)).ended is Outcome.CANCELLED
    assert room.faults() == []


async def test_a_client_that_goes_away_after_prepared_changes_nothing() -> None:
    room = line()
    room.source.hook, reached, go = holding("commit")
    call = room.call(WRITE)
    asked = asyncio.create_task(room.gateway.answer(call))
    await reached.wait()
    for _ in range(3):
        asked.cancel()
        await asyncio.sleep(0)
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await room.courses.drain()
    assert room.source.committed == [WRITE]
    assert (await room.slots(call.id)).ended is Outcome.COMMITTED
    assert room.faults() == []


async def test_a_unit_still_on_its_way_when_its_waiter_is_cancelled_is_closed_too() -> None:
    """The store's writer finishes what a cancelled waiter gave it: the INTENT stands a moment later."""
    room = line()
    await room.ask(READ)  # a Session, so that the next unit is the INTENT
    commit = room.store.journal.commit
    late: list[Unit] = []

    class Late:
        async def commit(self, unit: Unit) -> Committed:
            if not late and any(entry.kind.value == "call.intent" for entry in unit.entries):
                late.append(unit)
                raise asyncio.CancelledError
            if late[1:] == []:
                late.append(unit)
                await commit(late[0])
            return await commit(unit)

    room.mortal.through = Late().commit
    call = room.call(WRITE)
    (told,) = await asyncio.gather(room.gateway.answer(call), return_exceptions=True)
    assert not isinstance(told, Answered)
    slots = await room.slots(call.id)
    assert slots.ended is Outcome.CANCELLED
    assert room.faults() == []


async def test_a_lost_reply_to_commit_is_asked_of_the_source() -> None:
    room = line()
    room.source.hook = failing("committed", OutcomeUnknown("cut"))
    answer = await room.ask(WRITE)
    assert isinstance(answer, Answered)
    assert await ended(room, answer) is Outcome.COMMITTED


async def test_a_source_that_cannot_tell_leaves_the_attempt_open_and_says_running() -> None:
    room = line()
    room.source.hook, room.source.silent = failing("committed", OutcomeUnknown("cut")), True
    answer = await room.ask(WRITE)
    assert isinstance(answer, Waiting)
    assert await ended(room, answer) is None
    room.clock.advance(timedelta(minutes=2))
    await room.sweep()
    assert await ended(room, answer) is None
    assert room.alerts() == ["recovery_waits"]
    room.source.silent = False
    await room.sweep()
    assert await ended(room, answer) is Outcome.COMMITTED
    assert room.faults() == []


async def test_a_source_silent_for_an_hour_leaves_the_outcome_unknown_and_alerts() -> None:
    room = line()
    room.source.hook, room.source.silent = failing("committed", OutcomeUnknown("cut")), True
    answer = await room.ask(WRITE)
    assert isinstance(answer, Waiting)
    room.clock.advance(timedelta(hours=2))
    await room.sweep()
    assert await ended(room, answer) is Outcome.UNKNOWN
    assert "outcome_unknown" in room.alerts()
    told = await room.collect(answer.call)
    assert isinstance(told, Failed)
    assert "Do not repeat it" in told.sentence


async def test_a_store_that_fails_after_commit_never_says_that_nothing_ran() -> None:
    room = line()

    async def hook(step: str) -> None:
        if step == "committed":
            room.store.journal.failure = AuditUnavailable("disk")

    room.source.hook = hook
    answer = await room.ask(WRITE)
    assert isinstance(answer, Waiting)
    room.store.journal.failure = None
    room.clock.advance(timedelta(minutes=2))
    await room.sweep()
    assert await ended(room, answer) is Outcome.COMMITTED
    told = await room.collect(answer.call)
    assert isinstance(told, Failed)
    assert told.code == "result_expired"
    assert "do not send it again" in told.sentence
    assert room.source.committed == [WRITE]


async def test_a_write_past_its_deadline_takes_no_right_to_commit() -> None:
    room = line()

    async def hook(step: str) -> None:
        if step == "run":
            room.clock.advance(timedelta(minutes=2))

    room.source.hook = hook
    answer = await room.ask(WRITE)
    assert isinstance(answer, Waiting)
    assert room.source.committed == []
    await room.sweep()
    assert await ended(room, answer) is Outcome.NOT_EXECUTED
    assert room.faults() == []


async def test_a_process_suspended_between_prepared_and_commit_does_not_commit_late() -> None:
    room = line()
    entries = room.store.journal.commit

    async def commit(unit: Unit) -> Committed:
        done = await entries(unit)
        if any(entry.body.get("prepared") == "prepared" for entry in unit.entries):
            room.clock.advance(timedelta(hours=1))
        return done

    room.mortal.through = commit
    answer = await room.ask(WRITE)
    assert isinstance(answer, Waiting)
    assert room.source.committed == []
    await room.sweep()
    assert await ended(room, answer) is Outcome.ABORTED


async def test_a_count_above_the_cap_is_refused_before_anyone_is_asked() -> None:
    room = line()
    room.source.counted = 11
    answer = await room.ask("update 1")
    assert isinstance(answer, Refused)
    assert answer.code == "too_many_rows"
    assert "review.opened" not in room.kinds()


async def test_where_a_protected_column_is_read_nothing_is_counted_before_people_decide() -> None:
    """Two hundred statements, half of them below the cap and half above: what the agent sees is the same."""
    transcripts = []
    for counted in (9, 11):
        room = line(most=Most(waiting=1000, hourly=1000))
        room.source.counted, room.source.protected = counted, True
        asked: list[bool] = []

        async def counting(_: str, room: Line = room, asked: list[bool] = asked) -> None:
            asked.append(room.kinds()[-1] == "review.opened")

        room.source.counting = counting
        seen = []
        for number in range(100):
            answer = await room.ask(f"update {number}")
            assert isinstance(answer, Waiting)
            seen.append((answer.state, answer.sentence.replace(answer.call, "")))
            await room.weighing.drain()
        assert asked == [True] * 100
        transcripts.append((room.kinds(), seen))
    assert transcripts[0] == transcripts[1]


async def test_a_number_made_after_it_was_asked_is_shown_to_who_may_decide() -> None:
    room = line()
    room.source.counted, room.source.protected = 11, True
    room.source.shown = Sample(columns=("id", "plan before", "plan after"), rows=(("1", "a", "b"),))
    waiting = await room.ask("update 1")
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    await room.weighing.drain()
    after = await room.desk.show(None, waiting.review)
    assert after is not None
    assert (after.facts.counted, after.facts.sample, after.facts.protected) == (11, room.source.shown, True)
    assert room.faults() == []


async def test_a_change_whose_source_cannot_weigh_it_is_asked_about_all_the_same() -> None:
    room = line()
    room.source.protected = True

    async def counting(_: str) -> None:
        raise SourceUnavailable("gone", Away.LOST)

    room.source.counting = counting
    waiting = await room.ask("update 1")
    await room.weighing.drain()
    assert isinstance(waiting, Waiting)
    assert "call.weighed" not in room.kinds()


async def test_rows_touched_are_not_told_where_a_protected_column_is_read() -> None:
    for protected, told in ((False, 7), (True, None)):
        room = line()
        room.source.affected, room.source.protected = 7, protected
        waiting = await room.ask("update 1")
        assert isinstance(waiting, Waiting)
        assert waiting.review is not None
        await room.vote(waiting.review)
        await room.sweep()
        answer = await room.collect(waiting.call)
        assert isinstance(answer, Answered)
        assert answer.masked.affected == told


async def test_what_the_engine_itself_denied_is_an_alert() -> None:
    room = line()
    room.source.hook = failing("run", DeniedByEngine("42501"))
    answer = await room.ask(READ)
    assert isinstance(answer, Failed)
    assert room.alerts() == ["denied_by_engine"]


async def test_the_connection_is_given_back_before_people_are_asked() -> None:
    room = line()
    steps: list[str] = []

    async def hook(step: str) -> None:
        steps.append(step)

    room.source.hook, room.source.counted = hook, 1
    await room.ask("update 2")
    assert steps == ["visit", "read", "left", "visit", "read", "left"]
    assert room.kinds()[-2:] == ["call.intent", "review.opened"]


async def test_a_missing_scope_is_refused_with_entries() -> None:
    room = line()
    room.tokens.callers["narrow"] = replace(room.anna, scopes=frozenset({"assent:read"}))
    with pytest.raises(InsufficientScope):
        await room.gateway.answer(room.call(WRITE, bearer="narrow"))
    assert room.kinds()[-2:] == ["call.intent", "call.outcome"]


async def test_a_closed_store_refuses_every_tool_with_entries() -> None:
    room = line()
    assert isinstance(await room.ask("select 1"), Answered)
    room.store.closure.shut = True
    call = room.call(READ)
    for work in (
        room.gateway.answer(call),
        room.gateway.state(room.call(READ), call.id),
        room.gateway.cancel(room.call(READ), call.id),
        room.gateway.check(room.call(READ)),
        room.gateway.sources(room.call(READ)),
        room.gateway.search(room.call(READ), "x", "names"),
        room.gateway.describe(room.call(READ), "public.t"),
    ):
        with pytest.raises(StoreClosed):
            await work
        assert room.kinds()[-2:] == ["call.intent", "call.outcome"]
    room.store.closure.shut = False
    assert isinstance(await room.ask("select 1"), Answered)


async def test_a_stranger_is_counted_and_counted_again_when_the_record_is_down() -> None:
    room = line()
    with pytest.raises(Unauthenticated):
        await room.gateway.answer(room.call(READ, bearer="nobody"))
    room.store.journal.failure = AuditBusy("full")
    with pytest.raises(AuditBusy):
        await room.denials.flush()
    room.store.journal.failure = None
    await room.denials.flush()
    assert room.store.journal.tables.log[-1][1].body["total"] == 1


async def test_an_unknown_source_is_refused_with_entries() -> None:
    room = line()
    answer = await room.gateway.answer(replace(room.call(READ), source="nowhere"))
    assert isinstance(answer, Refused)
    assert room.kinds()[-2:] == ["call.intent", "call.outcome"]


@pytest.mark.parametrize("error", [SourceUnavailable("x", Away.LOST), RuntimeError("bug"), asyncio.CancelledError()])
async def test_enquiries_that_break_off_are_on_record(error: BaseException) -> None:
    room = line()
    room.source.hook = failing("visit", error)
    checked = room.gateway.check(room.call(READ, Tool.CHECK))
    (told,) = await asyncio.gather(checked, return_exceptions=True)
    assert type(told) is type(error)
    assert room.kinds()[-2:] == ["call.intent", "call.outcome"]
    room.source.hook = failing("tables", error)
    listed = room.gateway.sources(room.call(tool=Tool.LIST_SOURCES))
    (shown,) = await asyncio.gather(listed, return_exceptions=True)
    assert type(shown) is type(error)
    assert room.kinds().count("call.outcome") == 2


async def test_check_runs_nothing_and_says_what_would_happen() -> None:
    room = line()
    checked = await room.gateway.check(room.call("update 1", Tool.CHECK))
    assert checked.verdict == "ask"
    assert room.source.ran == []
    assert "review.opened" not in room.kinds()


async def test_past_the_hold_a_statement_runs_on_and_can_be_collected() -> None:
    room = line(hold=timedelta(milliseconds=1))
    room.source.hook, reached, go = holding("run")
    answer = await room.ask(READ)
    await reached.wait()
    assert isinstance(answer, Waiting)
    assert answer.state is State.EXECUTING
    go.set()
    await room.courses.drain()
    assert isinstance(await room.collect(answer.call), Answered)


async def test_past_the_hold_a_statement_that_is_still_being_read_is_running_too() -> None:
    room = line(hold=timedelta(milliseconds=1))
    room.source.hook, reached, go = holding("read")
    answer = await room.ask(READ)
    await reached.wait()
    assert isinstance(answer, Waiting)
    go.set()
    await room.courses.drain()


async def test_another_callers_call_and_an_unknown_one_are_the_same() -> None:
    room = line()
    mine = await room.ask(READ)
    room.tokens.callers["other"] = replace(room.anna, subject="someone")
    told = []
    for of in (mine.call, room.call().id):
        with pytest.raises(NotFound) as raised:
            await room.collect(of, bearer="other")
        told.append(raised.value.public)
        with pytest.raises(NotFound):
            await room.gateway.span(room.call("", Tool.COLLECT, bearer="other"), of)
    assert told[0] == told[1]


async def test_a_call_can_be_asked_about_until_its_result_ends() -> None:
    room = line()
    waiting = await room.ask("update 1")
    assert isinstance(waiting, Waiting)
    open_one = await room.gateway.span(room.call("", Tool.COLLECT), waiting.call)
    mine = await room.ask(READ)
    done = await room.gateway.span(room.call("", Tool.COLLECT), mine.call)
    assert open_one.asked <= open_one.changed < open_one.until
    assert waiting.until is not None
    assert open_one.until >= waiting.until
    assert done.asked <= done.changed <= done.until


async def test_a_running_read_can_be_cancelled_by_its_caller() -> None:
    room = line()
    room.source.hook, reached, _ = holding("run")
    call = room.call(READ)
    asked = asyncio.create_task(room.gateway.answer(call))
    await reached.wait()
    told = await room.cancel(call.id)
    assert isinstance(told, Refused)
    assert isinstance(await asked, Refused)
    assert (await room.slots(call.id)).ended is Outcome.CANCELLED
    assert room.faults() == []


async def test_what_is_prepared_is_too_late_to_cancel() -> None:
    room = line()
    room.source.hook, reached, go = holding("commit")
    call = room.call(WRITE)
    asked = asyncio.create_task(room.gateway.answer(call))
    await reached.wait()
    told = await room.cancel(call.id)
    assert isinstance(told, Failed)
    assert told.code == "too_late"
    go.set()
    assert isinstance(await asked, Answered)
    assert room.source.committed == [WRITE]
    assert room.faults() == []


async def test_cancel_is_itself_on_record() -> None:
    room = line()
    waiting = await room.ask("update 1")
    before = room.kinds().count("call.intent")
    await room.cancel(waiting.call)
    assert room.kinds().count("call.intent") == before + 1
    with pytest.raises(NotFound):
        await room.cancel(room.call().id)
    assert room.kinds().count("call.intent") == before + 2
    assert room.faults() == []


async def test_a_gateway_error_is_an_answer_and_no_crash() -> None:
    room = line()
    room.source.hook = failing("run", GatewayError("odd"))
    answer = await room.ask(WRITE)
    assert isinstance(answer, Failed)
    assert await ended(room, answer) is Outcome.ERROR
    assert Fate.COMMITTED not in room.source.fates.values()


async def test_values_looked_up_count_against_the_day_before_anything_runs() -> None:
    room = line()
    room.source.lookups = (EMAIL, EMAIL)
    answer = await room.ask(READ)
    assert isinstance(answer, Answered)
    room.source.ran.clear()
    spent = await room.ask("select 2")
    assert isinstance(spent, Refused)
    assert spent.code == "budget_spent"
    assert await ended(room, spent) is Outcome.REFUSED
    assert room.source.ran == []
    room.clock.advance(timedelta(days=1))
    room.source.lookups = (EMAIL,) * 3
    assert isinstance(await room.ask("select 3"), Answered)
    asked = [o.body["reading"] for _, o in room.store.journal.tables.log if o.body["kind"] == "call.intent"]
    assert [reading.get("lookups") for reading in asked if isinstance(reading, Mapping)][::2] == [
        {"public.customers.email": 2},
        {"public.customers.email": 3},
    ]
    assert room.faults() == []


async def test_an_asked_lookup_is_counted_when_it_is_asked() -> None:
    room = line()
    room.source.lookups = (EMAIL,) * 4
    answer = await room.ask("select asked")
    assert isinstance(answer, Refused)
    assert answer.code == "budget_spent"
    assert not room.store.journal.tables.reviews


async def test_people_decide_on_the_counted_number_and_it_is_the_cap_of_what_runs() -> None:
    room = line()
    room.source.counted = 4
    waiting = await room.ask("update 1")
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    assert await room.vote(waiting.review) is Said.APPROVED
    room.source.counted = 9  # nobody looks again: what was decided on is what holds
    await room.sweep()
    assert [permit.limits.target_rows for permit in room.source.ran] == [4]
    assert room.faults() == []


async def test_statements_of_aggregates_count_against_the_day() -> None:
    room = line()
    room.source.aggregated = frozenset({EMAIL})
    assert isinstance(await room.ask("select 1"), Answered)
    assert isinstance(await room.ask("select 2"), Answered)
    room.source.ran.clear()
    spent = await room.ask("select 3")
    assert isinstance(spent, Refused)
    assert spent.code == "budget_spent"
    assert room.source.ran == []
