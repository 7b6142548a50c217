"""Nobody wears reviewers down: what was denied is not asked again at once, and questions have their number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.execution.asking.patience import Most, theirs
from core.model import Answer, Decision, Kind, Person, Refused, ReviewId, State, Waiting
from core.ports import Said
from tests.line import DORA, Line, line
from tests.policies import person
from tests.slack.doubles import review

MOST = Most()


async def asked(room: Line, text: str) -> ReviewId:
    waiting = await room.ask(text)
    assert isinstance(waiting, Waiting), waiting
    assert waiting.review is not None
    return waiting.review


async def denied(room: Line, text: str) -> None:
    assert await room.vote(await asked(room, text), Decision.DENY) is Said.DENIED
    await room.sweep()


def code(answer: Answer) -> str:
    return answer.code if isinstance(answer, Refused) else type(answer).__name__


async def reviews(room: Line) -> int:
    return len(room.store.journal.tables.reviews)


async def test_what_was_denied_just_now_is_denied_again_with_the_same_reason_and_nobody_is_asked() -> None:
    room = line()
    await denied(room, "update 1")
    again = await room.ask("update 1")
    assert isinstance(again, Refused)
    assert (again.code, again.reviewer_note) == ("denied", "no")
    assert "no" not in again.sentence.split()  # a reviewer's words stand in their own field
    assert await reviews(room) == 1
    assert room.kinds()[-2:] == ["call.intent", "call.outcome"]
    await asked(room, "update 2")  # another question is another question
    room.clock.advance(timedelta(minutes=10))
    await asked(room, "update 1")
    assert room.faults() == []


async def test_a_reason_that_was_erased_is_not_said_again() -> None:
    room = line()
    await denied(room, "update 1")
    room.store.payloads.held.clear()
    again = await room.ask("update 1")
    assert isinstance(again, Refused)
    assert (again.code, again.reviewer_note) == ("denied", None)


async def test_three_denials_in_an_hour_silence_a_person_through_whatever_agent() -> None:
    room = line()
    for number in range(MOST.denials):
        await denied(room, f"update {number}")
        room.clock.advance(timedelta(minutes=1))
    room.anna = room.tokens.callers["anna"] = replace(room.anna, client="another-agent", subject="s-anna-2")
    assert code(await room.ask("update 9")) == "silenced"
    assert code(await room.ask("select 1")) == "Answered"  # what asks nobody goes on
    room.tokens.callers["anna"] = replace(room.anna, person=Person(directory="acme", id="ben"))
    await asked(room, "update 9")  # nobody else is silenced
    room.tokens.callers["anna"] = room.anna
    room.clock.advance(timedelta(minutes=58))
    room.tokens.callers["anna"] = replace(room.anna, expires_at=room.clock.now() + timedelta(hours=1))
    await asked(room, "update 10")
    assert room.faults() == []


async def test_of_one_who_asks_so_many_questions_wait_at_once_and_an_identical_one_joins() -> None:
    room = line(hold=timedelta(milliseconds=1))
    for number in range(MOST.waiting):
        await asked(room, f"update {number}")
    assert code(await room.ask("update 99")) == "too_many_open"
    assert await asked(room, "update 0")  # joins: nobody is asked anew
    assert await reviews(room) == MOST.waiting
    row = next(iter(room.store.journal.tables.reviews.values()))
    await room.cancel(row.call)
    await asked(room, "update 99")
    assert room.faults() == []


async def test_questions_that_are_withdrawn_again_and_again_have_their_number_in_an_hour() -> None:
    room = line(hold=timedelta(milliseconds=1))
    for number in range(MOST.hourly):
        review = await asked(room, f"update {number}")
        await room.cancel(room.store.journal.tables.reviews[review].call)
    assert code(await room.ask("update 99")) == "too_many_asked"
    assert all(row.state is State.CANCELLED for row in room.store.journal.tables.reviews.values())
    room.clock.advance(timedelta(minutes=61))
    room.tokens.callers["anna"] = replace(room.anna, expires_at=room.clock.now() + timedelta(hours=1))
    await asked(room, "update 99")


def test_a_machine_answers_for_what_its_client_asked_under_whatever_subject() -> None:
    machine = replace(person("agents"), kind=Kind.MACHINE, person=None, owner=Person(directory="acme", id="olga"))
    issuer, _, client = machine.principal
    mine = review(requester=None, principal=(issuer, "another subject", client))
    others = (
        review(requester=None, principal=(issuer, "s", "another client")),
        review(requester=None, principal=("another issuer", "s", client)),
        review(principal=machine.principal),  # a person's, by the same client
    )
    assert theirs((mine, *others), machine) == (mine,)
    nameless = replace(machine, client="")
    own = review(requester=None, principal=nameless.principal)
    assert theirs((own, mine), nameless) == (own,)


async def test_people_read_how_often_the_same_tables_were_denied_within_a_day_whoever_asked_in_what_words() -> None:
    room = line()
    await denied(room, "update 1")
    assert await told(room, "update 2 in other words") == 1
    room.clock.advance(timedelta(hours=25))
    room.anna = room.tokens.callers["anna"] = replace(room.anna, expires_at=room.clock.now() + timedelta(hours=1))
    assert await told(room, "update 3") == 0


async def told(room: Line, text: str) -> int:
    """As people are told it, also once it was weighed."""
    name = await asked(room, text)
    await room.weighing.drain()
    shown = await room.desk.show(DORA, name)
    assert shown is not None
    return shown.facts.denied
