"""What a reviewer stops alone: an approval that nobody used, what has begun, the agent; and who may not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core import subject
from core.errors import Blocked
from core.model import Answered, Digest, Identity, Outcome, Person, Refused, Review, ReviewId, State, Waiting
from core.ports import Party, PartyKind, Said
from tests.line import DORA, Line, holding, line

WRITE, HELD = "update 1", "delete 1"
ANNA = Identity(person=Person(directory="acme", id="anna"), name="anna", email="anna@acme.example", via="terminal")
OTHERS = {
    "the requester": (ANNA, Said.SELF),
    "somebody of another directory": (
        replace(DORA, person=Person(directory="other", id="dora")),
        Said.NOT_COMPARABLE,
    ),
    "somebody in no group": (
        Identity(person=Person(directory="acme", id="mallory"), name="m", email="m@acme.example", via="slack:T:U"),
        Said.NOT_ELIGIBLE,
    ),
}
Act = Callable[[Line, Identity, Review], Awaitable[Said]]


async def revoke(room: Line, who: Identity, row: Review) -> Said:
    return await room.brakes.revoke(who, row.id, row.digest)


async def block(room: Line, who: Identity, row: Review) -> Said:
    return await room.brakes.block(who, row.id, row.digest)


async def approved(room: Line, text: str = HELD) -> Review:
    """Ask and approve; under `hold` nothing runs until its requester comes."""
    waiting = await room.ask(text)
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    assert await room.vote(waiting.review) is Said.APPROVED
    return await now(room, waiting.review)


async def ended_by(room: Line, row: Review) -> str:
    shown = await room.desk.show(None, row.id)
    assert shown is not None
    return shown.ended_by


async def now(room: Line, review: ReviewId) -> Review:
    row = await room.store.reviews.review(review)
    assert row is not None
    return row


async def test_an_approval_that_is_taken_back_runs_nothing_and_the_agent_is_told() -> None:
    room = line()
    row = await approved(room)
    assert await revoke(room, DORA, row) is Said.REVOKED
    await room.sweep()
    told = await room.collect(row.call)
    assert isinstance(told, Refused)
    assert (told.code, (await room.slots(row.call)).ended) == ("revoked", Outcome.REVOKED)
    assert (await now(room, row.id)).state is State.REVOKED
    assert room.source.ran == []
    assert await revoke(room, DORA, row) is Said.NOTHING
    assert await ended_by(room, row) == DORA.name
    assert room.faults() == []


async def test_what_has_begun_is_given_up_before_it_commits_and_the_record_says_by_whom() -> None:
    room = line()
    row = await approved(room, WRITE)
    room.source.hook, reached, go = holding("run")
    await room.sweeper.sweep()
    await reached.wait()
    assert await revoke(room, DORA, row) is Said.STOPPING
    await room.sweeper.sweep()
    go.set()
    await room.settle()
    ended = (await room.slots(row.call)).latest.outcome
    assert ended is not None
    assert ended.body["outcome"] == "cancelled"
    assert ended.body["by"] == subject.of_identity(room.store.macs, DORA)
    assert await ended_by(room, row) == DORA.name
    assert room.source.committed == []
    assert room.faults() == []


async def test_what_had_the_right_to_commit_goes_on_and_is_told_as_it_was() -> None:
    room = line()
    row = await approved(room, WRITE)
    room.source.hook, reached, go = holding("commit")
    await room.sweeper.sweep()
    await reached.wait()
    assert await revoke(room, DORA, row) is Said.STOPPING
    await room.sweeper.sweep()
    go.set()
    await room.settle()
    assert isinstance(await room.collect(row.call), Answered)
    assert (await now(room, row.id)).state is State.EXECUTED
    assert await revoke(room, DORA, await now(room, row.id)) is Said.NOTHING
    assert await ended_by(room, row) == ""
    assert room.faults() == []


async def test_of_a_claim_and_a_revocation_at_once_one_is_first_and_the_record_is_legal() -> None:
    for turns in range(12):
        room = line()
        row = await approved(room, WRITE)

        async def later(row: Review = row, room: Line = room, turns: int = turns) -> Said:
            for _ in range(turns):
                await asyncio.sleep(0)
            return await revoke(room, DORA, row)

        said, _ = await asyncio.gather(later(), room.sweep())
        await room.sweep()
        ended = (await room.slots(row.call)).ended
        assert (said is Said.REVOKED) == (ended is Outcome.REVOKED)
        assert (ended is Outcome.COMMITTED) == bool(room.source.committed)
        assert room.faults() == []


async def test_a_reviewer_blocks_the_agent_for_an_hour_and_what_waited_ends() -> None:
    room = line()
    row = await approved(room)
    other = await room.ask(WRITE)
    assert isinstance(other, Waiting)
    assert await block(room, DORA, row) is Said.BLOCKED
    await room.vigil.look()
    assert (await room.slots(row.call)).ended is Outcome.CANCELLED
    assert (await room.slots(other.call)).ended is Outcome.CANCELLED
    with pytest.raises(Blocked):
        await room.ask("select 1")
    (standing,) = await room.store.standing.blocks()
    assert standing.party == Party(kind=PartyKind.AGENT, id=room.anna.client)
    assert standing.until == room.clock.now() + timedelta(hours=1)
    room.clock.at = standing.until
    assert isinstance(await room.ask("select 1"), Answered)
    assert room.source.committed == []
    assert room.faults() == []


async def test_an_agent_without_a_name_is_blocked_as_the_principal_that_asked() -> None:
    room = line()
    room.anna = room.tokens.callers["anna"] = replace(room.anna, client="")
    row = await approved(room)
    assert await block(room, DORA, row) is Said.BLOCKED
    (standing,) = await room.store.standing.blocks()
    assert standing.party.id == subject.of_principal(room.store.macs, row.principal)
    refused = await room.ask("select 1")
    assert isinstance(refused, Refused)
    assert refused.code == "blocked"


@pytest.mark.parametrize("act", [revoke, block])
@pytest.mark.parametrize(("who", "said"), OTHERS.values(), ids=OTHERS.keys())
async def test_who_may_not_vote_stops_nothing(act: Act, who: Identity, said: Said) -> None:
    room = line()
    room.anna = room.tokens.callers["anna"] = replace(room.anna, person=ANNA.person)
    row = await approved(room)
    assert await act(room, who, row) is said
    assert (await now(room, row.id)).state is State.APPROVED
    assert await room.store.standing.blocks() == ()


@pytest.mark.parametrize("act", [revoke, block])
async def test_another_digest_another_review_and_a_blocked_reviewer_stop_nothing(act: Act) -> None:
    room = line()
    row = await approved(room)
    assert await act(room, DORA, replace(row, digest=Digest("f" * 64))) is Said.MISMATCH
    assert await act(room, DORA, replace(row, id=ReviewId("rev_none"))) is Said.UNKNOWN
    room.store.journal.tables.blocks[Party(kind=PartyKind.PERSON, id=subject.of_identity(room.store.macs, DORA))] = None
    assert await act(room, DORA, row) is Said.NOT_ELIGIBLE
    assert (await now(room, row.id)).state is State.APPROVED


async def test_an_agent_is_not_blocked_by_the_card_of_what_is_over() -> None:
    room = line()
    row = await approved(room)
    assert await revoke(room, DORA, row) is Said.REVOKED
    assert await block(room, DORA, row) is Said.NOTHING
