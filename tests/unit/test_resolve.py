"""An unknown outcome closed by two people's word: who may say it, what it says, and what it never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import subject
from core.custody.effects import extent
from core.errors import BadCall
from core.model import Caller, Decision, EntryKind, Identity, Outcome, Person, Review, State
from core.ports import MoveReview, Payload, Role, Said, Unit
from tests import entries
from tests.unit.test_custody import ANN, DAN, ERIN, World, person

WORDS = "xmin of the row is ours; I looked with Dan"


async def unknown(world: World, who: Caller | None = None) -> Review:
    """An approved change of ann's, with bob's vote, that nobody can tell about."""
    caller = who or entries.caller("ann")
    call = entries.call(world.clock.now())
    session = await world.store.sessions.join(caller, call)
    said = [Payload(role=Role.STATEMENT, content=b"update t set x = 1")]
    (kept,) = await world.store.payloads.keep(call.id, session.id, "shop", said)
    row = replace(
        entries.review(world.clock.now()), call=call.id, requester=caller.person, owner=caller.owner, question=kept.id
    )
    unit = entries.opening(row)
    intent = entries.intent(
        call.id, action="ask", verbs=("update",), session=session.id, payloads=[dict(kept.reference)]
    )
    asked = await world.store.journal.commit(replace(unit, entries=(intent, unit.entries[1])))
    await world.store.journal.commit(entries.casting(row, entries.vote(row, world.clock.now()), leaf=asked.leaves[0]))
    for version, to, told in (
        (3, State.EXECUTING, (entries.claimed(row),)),
        (
            4,
            State.INDETERMINATE,
            (entries.prepared(call.id), entries.outcome(call.id, Outcome.UNKNOWN)),
        ),
    ):
        move = MoveReview(review=row.id, version=version, to=to)
        await world.store.journal.commit(Unit(entries=told, changes=(move,)))
    return row


def of(row: Review, outcome: str = "committed") -> dict[str, str]:
    return {"call": row.call, "outcome": outcome, "note": WORDS}


@pytest.mark.parametrize(("outcome", "state"), [("committed", State.EXECUTED), ("not_executed", State.FAILED)])
async def test_two_people_close_what_nobody_can_tell_in_one_unit_with_their_decision(
    outcome: str, state: State
) -> None:
    world = World()
    row = await unknown(world)
    act = await world.bench.propose(DAN, "resolve", of(row, outcome))
    assert await world.store.journal.indeterminate() == (row.call,)
    assert await world.bench.decide(ERIN, act.id, Decision.APPROVE) is Said.APPROVED
    assert await world.store.journal.indeterminate() == ()
    ended = await world.store.reviews.review(row.id)
    assert ended is not None
    assert ended.state is state
    (resolved,), (decided,) = world.said(EntryKind.RESOLVED), world.said(EntryKind.ACT_DECIDED)
    assert (resolved["outcome"], resolved["act"], resolved["attempt"]) == (outcome, act.id, 1)
    assert resolved["unit"] == decided["unit"]


async def test_the_note_is_shown_to_who_decides_and_stands_in_no_entry() -> None:
    world = World()
    row = await unknown(world)
    await world.bench.propose(DAN, "resolve", of(row))
    (waiting,) = await world.bench.pending(ERIN)
    assert waiting.of["note"] == WORDS
    assert WORDS not in str(world.store.journal.tables.log)
    (proposed,) = world.said(EntryKind.ACT_PROPOSED)
    assert "payloads" in proposed


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (DAN, Said.SELF),  # who proposed it
        (ANN, Said.SELF),  # who asked
        (person("bob"), Said.SELF),  # who voted
        (person("erin", "other"), Said.NOT_COMPARABLE),
    ],
)
async def test_proposer_requester_and_voter_decide_nothing(who: Identity, said: Said) -> None:
    world = World()
    world.bench._is_operator = lambda _: True
    row = await unknown(world)
    act = await world.bench.propose(DAN, "resolve", of(row))
    assert await world.bench.decide(who, act.id, Decision.APPROVE) is said
    assert await world.store.journal.indeterminate() == (row.call,)


async def test_the_owner_of_a_machine_decides_nothing_of_its_calls() -> None:
    world = World()
    row = await unknown(world, entries.machine(owner=ERIN.person))
    act = await world.bench.propose(DAN, "resolve", of(row))
    assert await world.bench.decide(ERIN, act.id, Decision.APPROVE) is Said.SELF


async def test_where_it_is_not_known_who_asked_nobody_can_be_told_apart() -> None:
    world = World()
    row = await unknown(world, replace(entries.caller("ann"), person=None))
    act = await world.bench.propose(DAN, "resolve", of(row))
    assert await world.bench.decide(ERIN, act.id, Decision.APPROVE) is Said.NOT_COMPARABLE
    elsewhere = World()
    row = await unknown(elsewhere, replace(entries.caller("ann"), person=Person(directory="gone", id="ann")))
    act = await elsewhere.bench.propose(DAN, "resolve", of(row))
    assert await elsewhere.bench.decide(ERIN, act.id, Decision.APPROVE) is Said.NOT_COMPARABLE


async def test_a_proof_that_comes_first_leaves_nothing_for_people_to_say() -> None:
    world = World()
    row = await unknown(world)
    act = await world.bench.propose(DAN, "resolve", of(row, "not_executed"))
    proof = entries.resolved(row.call, Outcome.COMMITTED)
    move = MoveReview(review=row.id, version=5, to=State.EXECUTED)
    await world.store.journal.commit(Unit(entries=(proof,), changes=(move,)))
    with pytest.raises(BadCall):
        await world.bench.decide(ERIN, act.id, Decision.APPROVE)
    assert [one["outcome"] for one in world.said(EntryKind.RESOLVED)] == ["committed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "delivered"},
        {"outcome": ""},
        {"note": " "},
        {"note": "x" * 2001},
        {"call": "call_none"},
        {"more": "x"},
    ],
)
async def test_what_is_no_word_about_an_unknown_call_is_not_proposed(wrong: dict[str, str]) -> None:
    world = World()
    row = await unknown(world)
    with pytest.raises(BadCall):
        await world.bench.propose(DAN, "resolve", {**of(row), **wrong})
    assert world.said(EntryKind.ACT_PROPOSED) == []


async def test_a_call_that_is_known_is_not_resolved_by_anybody() -> None:
    world = World()
    _, call, _ = await world.asked()
    with pytest.raises(BadCall) as caught:
        await world.bench.propose(DAN, "resolve", {"call": call.id, "outcome": "committed", "note": WORDS})
    assert caught.value.public == "There is no such call whose outcome is unknown."


async def test_who_voted_on_words_does_not_decide_to_erase_them_or_to_end_their_hold() -> None:
    world = World()
    row = await unknown(world)
    (entry,) = [one for one in world.said(EntryKind.INTENT) if one["call"] == row.call]
    bob = person("bob")
    world.bench._is_operator = lambda _: True
    about = {"kind": "session", "id": str(entry["session"])}
    act = await world.bench.propose(DAN, "erase", about)
    assert await world.bench.decide(bob, act.id, Decision.APPROVE) is Said.SELF
    source = {"kind": "source", "id": "shop"}
    await world.bench.hold(DAN, extent(source))
    released = await world.bench.propose(DAN, "hold.release", source)
    assert await world.bench.decide(bob, released.id, Decision.APPROVE) is Said.SELF
    assert await world.bench.decide(ANN, released.id, Decision.APPROVE) is Said.SELF
    assert await world.bench.decide(ERIN, released.id, Decision.APPROVE) is Said.APPROVED
    assert subject.of_person(world.store.macs, bob.person) not in str(released)
