"""A block stops whom it names, at once: what would begin, what runs, what waits, what was decided, what was kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core import subject
from core.assembly.telling import stopped
from core.errors import Blocked
from core.model import Answered, CallId, Entry, EntryKind, Kind, Outcome, Person, Refused, State, Tool, Waiting
from core.ports import EVERYTHING, Block, EndBlock, Party, PartyKind, Said, SetBlock, Unit
from core.telemetry.meters import Meters
from tests.line import DORA, Line, holding, line
from tests.unit.test_telemetry import told

READ, WRITE, ASKED = "select 1", "insert 1", "update 1"
KINDS = ("all", "person", "agent", "source")


def party(room: Line, kind: str) -> Party:
    anna = room.anna.person
    assert anna is not None
    names = {
        "all": "",
        "person": subject.of_person(room.store.macs, anna),
        "agent": room.anna.client,
        "source": "shop",
    }
    return Party(kind=PartyKind(kind), id=names[kind])


async def block(room: Line, who: Party) -> None:
    """As an operator does; what other processes did is heard at their next look."""
    said = Entry(kind=EntryKind.BLOCK_SET, body={"of": str(who), "by": "p"})
    await room.store.journal.commit(Unit(entries=(said,), changes=(SetBlock(block=Block(party=who)),)))


async def release(room: Line, who: Party) -> None:
    said = Entry(kind=EntryKind.BLOCK_RELEASE, body={"of": str(who), "by": "p"})
    await room.store.journal.commit(Unit(entries=(said,), changes=(EndBlock(party=who),)))
    await room.vigil.look()


async def came(room: Line, of: CallId) -> Outcome | None:
    return (await room.slots(of)).ended


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", [READ, WRITE, ASKED])
async def test_nothing_begins_for_who_is_blocked_even_before_this_process_heard_of_it(kind: str, text: str) -> None:
    room = line()
    await block(room, party(room, kind))
    refused = await room.ask(text)
    assert isinstance(refused, Refused)
    assert (refused.code, await came(room, refused.call)) == ("blocked", Outcome.REFUSED)
    assert (room.source.ran, room.store.journal.tables.reviews) == ([], {})
    await release(room, party(room, kind))
    assert isinstance(await room.ask(READ), Answered)
    assert room.faults() == []


@pytest.mark.parametrize("kind", KINDS)
async def test_who_is_blocked_is_turned_away_at_the_door_with_every_tool(kind: str) -> None:
    room = line()
    await block(room, party(room, kind))
    await room.vigil.look()
    room.source.hook = None  # type: ignore[assignment]  # the Source is not even opened
    for refused in (
        room.gateway.answer(room.call(READ)),
        room.gateway.check(room.call(READ, Tool.CHECK)),
        room.gateway.sources(room.call(tool=Tool.LIST_SOURCES)),
        room.gateway.search(room.call(tool=Tool.SEARCH_SCHEMA), "", "names"),
        room.gateway.describe(room.call(tool=Tool.DESCRIBE_TABLE), "customers"),
        room.collect(CallId("call_none")),
        room.cancel(CallId("call_none")),
    ):
        with pytest.raises(Blocked):
            await refused
    assert room.faults() == []


async def test_the_catalogue_is_withheld_by_the_unit_itself() -> None:
    room = line()
    await block(room, EVERYTHING)
    with pytest.raises(Blocked):
        await room.gateway.sources(room.call(tool=Tool.LIST_SOURCES))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", [READ, WRITE])
async def test_what_runs_is_cancelled_when_the_block_is_heard(kind: str, text: str) -> None:
    room = line()
    room.source.hook, reached, _ = holding("run")
    running = asyncio.create_task(room.ask(text))
    await reached.wait()
    await block(room, party(room, kind))
    await room.vigil.look()
    refused = await running
    assert isinstance(refused, Refused)
    assert (refused.code, await came(room, refused.call)) == ("blocked", Outcome.CANCELLED)
    assert room.source.committed == []
    assert room.faults() == []


@pytest.mark.parametrize(("text", "at"), [(READ, "run"), (WRITE, "run")])
async def test_what_ran_unheard_of_is_neither_shown_nor_committed(text: str, at: str) -> None:
    room = line()
    room.source.hook, reached, go = holding(at)
    running = asyncio.create_task(room.ask(text))
    await reached.wait()
    await block(room, party(room, "person"))
    go.set()
    answer = await running
    assert getattr(answer, "code", None) == "blocked"
    assert await came(room, answer.call) is Outcome.CANCELLED
    assert room.source.committed == []
    assert not room.store.journal.tables.results
    assert room.faults() == []


async def test_what_has_the_right_to_commit_is_told_as_it_was() -> None:
    room = line()
    room.source.hook, reached, go = holding("commit")
    running = asyncio.create_task(room.ask(WRITE))
    await reached.wait()
    await block(room, party(room, "person"))
    await room.vigil.look()
    go.set()
    with pytest.raises(Blocked):  # what it returned is withheld
        await running
    assert room.source.committed == [WRITE]
    (call,) = {of for of, _ in room.store.journal.tables.log if of and of.startswith("call_")}
    assert await came(room, CallId(call)) is Outcome.COMMITTED
    assert room.faults() == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("approved", [False, True])
async def test_what_waits_for_people_or_was_approved_ends(kind: str, approved: bool) -> None:
    room = line()
    waiting = await room.ask("delete 1")
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    if approved:
        assert await room.vote(waiting.review) is Said.APPROVED
    await block(room, party(room, kind))
    await room.vigil.look()
    row = await room.store.reviews.review(waiting.review)
    assert row is not None
    assert (row.state, await came(room, waiting.call)) == (State.CANCELLED, Outcome.CANCELLED)
    await release(room, party(room, kind))
    told = await room.collect(waiting.call)
    assert isinstance(told, Refused)
    assert (told.code, "operator" in told.sentence) == ("blocked", True)
    assert room.faults() == []


async def test_an_approval_is_not_claimed_once_who_asked_or_who_said_yes_is_blocked() -> None:
    for who in ("anna", "dora"):
        room = line()
        waiting = await room.ask(ASKED)
        assert isinstance(waiting, Waiting)
        assert waiting.review is not None
        assert await room.vote(waiting.review) is Said.APPROVED
        person = Party(kind=PartyKind.PERSON, id=subject.of_person(room.store.macs, DORA.person))
        await block(room, party(room, "person") if who == "anna" else person)
        await room.sweep()  # the claim's own unit refuses
        assert room.source.ran == []
        assert await came(room, waiting.call) is Outcome.CANCELLED
        assert room.faults() == []


async def test_who_is_blocked_votes_no_more() -> None:
    room = line()
    waiting = await room.ask(ASKED)
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    await block(room, Party(kind=PartyKind.PERSON, id=subject.of_person(room.store.macs, DORA.person)))
    assert await room.vote(waiting.review) is Said.NOT_ELIGIBLE
    assert await room.store.reviews.votes(waiting.review) == ()


async def test_a_result_is_withheld_from_who_is_blocked_before_this_process_heard_of_it() -> None:
    room = line()
    waiting = await room.ask("select asked")
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    assert await room.vote(waiting.review) is Said.APPROVED
    await room.sweep()
    await block(room, party(room, "agent"))
    with pytest.raises(Blocked):
        await room.collect(waiting.call)


async def test_a_block_of_a_person_stops_the_machines_that_they_answer_for() -> None:
    room = line()
    anna = room.anna.person
    assert anna is not None
    machine = replace(room.anna, kind=Kind.MACHINE, person=None, owner=anna, subject="m", client="night bot")
    assert party(room, "person") in subject.parties(room.store.macs, machine, "shop")
    stranger = replace(machine, owner=Person(directory="acme", id="zoe"))
    assert party(room, "person") not in subject.parties(room.store.macs, stranger, "shop")


async def test_metrics_count_blocks_by_kind_and_name_nobody() -> None:
    room, meters = line(), Meters()
    await block(room, party(room, "agent"))
    await block(room, party(room, "person"))
    await room.vigil.look()
    stopped(meters, room.gateway.barrier.counted)
    assert told(meters) == {("assent_blocks", frozenset({kind})): 1.0 for kind in ("agent", "person")}
    await release(room, party(room, "agent"))
    await room.vigil.look()
    stopped(meters, room.gateway.barrier.counted)
    assert told(meters) == {("assent_blocks", frozenset({"person"})): 1.0}


async def test_a_block_that_ends_by_itself_is_over_at_its_time() -> None:
    room = line()
    until = room.clock.now() + timedelta(hours=1)
    said = Entry(kind=EntryKind.BLOCK_SET, body={"of": "all", "by": "p"})
    block_ = SetBlock(block=Block(party=EVERYTHING, until=until))
    await room.store.journal.commit(Unit(entries=(said,), changes=(block_,)))
    await room.vigil.look()
    assert room.gateway.barrier.counted == {PartyKind.ALL: 1}
    with pytest.raises(Blocked):
        await room.ask(READ)
    room.clock.advance(timedelta(hours=1))
    assert not room.gateway.barrier.counted
    room.tokens.callers["anna"] = replace(room.anna, expires_at=room.clock.now() + timedelta(hours=1))
    assert isinstance(await room.ask(READ), Answered)
