"""Break-glass: one named person answers alone in an emergency, and what keeps that from being a way in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core import subject
from core.audit.protocol.shapes import Shapes
from core.entitled import opens
from core.errors import Drifted
from core.execution.resumed import Resumed, approval
from core.model import (
    Answered,
    Caps,
    Decision,
    Digest,
    EntryKind,
    Identity,
    Json,
    Person,
    Review,
    ReviewId,
    Seat,
    State,
    Waiting,
)
from core.policy import written
from core.policy.force import enact
from core.policy.rules import Glass
from core.ports import Ballot, Finding, Hindsight, Party, PartyKind, Roll, Said
from tests.line import DORA, Line, holding, line
from tests.slack.doubles import question
from tests.unit.test_votes import review as asked

WRITE = "update 1"


def somebody(name: str, directory: str = "acme", via: str = "console:assent-cli") -> Identity:
    mail = f"{name}@{directory}.example"
    return Identity(person=Person(directory=directory, id=name), name=name, email=mail, via=via)


BREN, CARL, ANNA, EVE = (somebody(name) for name in ("bren", "carl", "anna", "eve"))
GLASS = Glass(
    members=frozenset({"bren@acme.example", "acme:carl", "anna@acme.example", "bren@other.example"}),
    ways=frozenset({"console", "slack"}),
)


def room(glass: Glass | None = GLASS) -> Line:
    """One process whose policy lets somebody answer alone."""
    made = line()
    terms = written.read(made.judge.policy.text)
    made.judge.replace(enact(replace(terms, glass=glass)))
    return made


async def waiting(made: Line, text: str = WRITE) -> Review:
    """Ask, and give the Review that waits."""
    found = await made.ask(text)
    assert isinstance(found, Waiting)
    assert found.review is not None
    return await now(made, found.review)


async def now(made: Line, name: ReviewId) -> Review:
    row = await made.store.reviews.review(name)
    assert row is not None
    return row


async def breaks(
    made: Line, row: Review, who: Identity = BREN, *, ticket: str = "INC-1", reason: str = "the shop is down"
) -> Said:
    """Answer alone, with a ticket and a reason."""
    yes = Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE, ticket=ticket, reason=reason)
    return await made.desk.vote(who, yes)


async def closes(
    made: Line, row: Review, who: Identity = DORA, *, finding: Finding = Finding.JUSTIFIED, note: str = "seen"
) -> Said:
    """Say afterwards that it was justified, or was not."""
    return await made.desk.close(who, Hindsight(review=row.id, digest=row.digest, finding=finding, note=note))


def entries(made: Line, kind: EntryKind) -> list[dict[str, Json]]:
    return [dict(one.body) for _, one in made.store.journal.tables.log if one.body["kind"] == kind.value]


async def test_one_named_person_answers_alone_and_it_runs_once() -> None:
    made = room()
    row = await waiting(made)
    assert await breaks(made, row) is Said.APPROVED
    await made.sweep()
    assert isinstance(await made.collect(row.call), Answered)
    assert made.source.committed == [WRITE]
    assert await breaks(made, row) is Said.REPEAT
    assert made.faults() == []


async def test_the_record_says_that_it_was_answered_alone_by_whom_and_why_and_it_is_an_alert() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    by = subject.of_identity(made.store.macs, BREN)
    (vote,) = entries(made, EntryKind.VOTE)
    assert (vote["glass"], vote["person"], vote["seat"]) == (True, by, "dba")
    assert "INC-1" not in str(vote)
    assert [one["alert"] for one in entries(made, EntryKind.ALERT)] == ["breakglass.used"]
    shown = await made.desk.show(DORA, row.id)
    assert shown is not None
    assert shown.glass is not None
    assert (shown.glass.by, shown.glass.why) == ("bren", "INC-1\nthe shop is down")
    assert shown.glass.closes


NOBODY = {
    "the requester": (ANNA, Said.SELF),
    "the same name elsewhere": (somebody("bren", "other"), Said.NOT_COMPARABLE),
    "somebody who is not named": (EVE, Said.UNKNOWN),
    "a member of the group that is asked": (replace(DORA, via="console:x"), Said.NOT_ELIGIBLE),
}


@pytest.mark.parametrize(("who", "said"), NOBODY.values(), ids=NOBODY.keys())
async def test_who_is_not_named_or_asked_for_it_answers_nothing_alone(who: Identity, said: Said) -> None:
    made = room()
    row = await waiting(made)
    assert await breaks(made, row, who) is said
    assert (await now(made, row.id)).state is State.PENDING


async def test_nobody_answers_alone_where_nobody_is_configured() -> None:
    made = room(None)
    row = await waiting(made)
    assert await breaks(made, row) is Said.UNKNOWN
    assert await breaks(made, row, DORA) is Said.NOT_ELIGIBLE


async def test_who_answers_for_the_agent_does_not_answer_for_it_alone() -> None:
    made = room()
    owned = replace(made.anna, owner=BREN.person)
    made.anna = made.tokens.callers["anna"] = owned
    assert await breaks(made, await waiting(made)) is Said.SELF


@pytest.mark.parametrize("via", ["terminal", "mcp-http", "mcp-stdio", "relay", ""])
async def test_it_comes_from_the_doors_that_are_named_alone(via: str) -> None:
    made = room()
    row = await waiting(made)
    assert await breaks(made, row, replace(BREN, via=via)) is Said.ELSEWHERE
    made = room(replace(GLASS, ways=frozenset({"console"})))
    row = await waiting(made)
    assert await breaks(made, row, replace(BREN, via="slack:T:U")) is Said.ELSEWHERE
    assert await breaks(made, row) is Said.APPROVED


@pytest.mark.parametrize(("ticket", "reason"), [("INC-1", ""), ("INC-1", " \n"), ("  ", "down")])
async def test_it_needs_a_ticket_and_a_reason(ticket: str, reason: str) -> None:
    made = room()
    assert await breaks(made, await waiting(made), ticket=ticket, reason=reason) is Said.NO_REASON


async def test_it_gives_no_grant() -> None:
    made = room()
    row = await waiting(made)
    more = Caps(uses=5, rows=10, total=10, time=timedelta(minutes=10))
    yes = Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE, ticket="INC-1", reason="down", grant=more)
    assert await made.desk.vote(BREN, yes) is not Said.APPROVED
    assert (await now(made, row.id)).state is State.PENDING


async def test_it_denies_nothing() -> None:
    made = room()
    row = await waiting(made)
    no = Ballot(review=row.id, digest=row.digest, decision=Decision.DENY, ticket="INC-1", reason="no")
    assert await made.desk.vote(BREN, no) is Said.NOT_GLASS


async def test_it_is_for_exactly_what_was_seen() -> None:
    made = room()
    row = await waiting(made)
    other = Ballot(
        review=row.id, digest=Digest("e" * 64), decision=Decision.APPROVE, ticket="INC-1", reason="the shop is down"
    )
    assert await made.desk.vote(BREN, other) is Said.MISMATCH
    made.clock.advance(timedelta(minutes=16))
    assert await breaks(made, row) is Said.EXPIRED


ROLL = Roll(groups={"dba": frozenset()}, breakers=frozenset({"acme:bren"}), owners=frozenset({"privacy"}))
INTENT: dict[str, Json] = {"reading": {"verbs": ["update"]}, "verdict": {"action": "ask", "seats": {"dba": 1}}}
CLOSED = {
    "what two people of a group are asked": (asked(("dba", 2)), INTENT),
    "what people of two groups are asked": (asked(("dba", 1), ("security", 1)), INTENT),
    "what nobody is asked": (replace(asked(), seats=()), INTENT),
    "a tag owner's seat": (asked(("privacy", 1)), INTENT),
    "a raw value": (asked(), INTENT | {"verdict": {"unmasked": ["public.c.email"]}}),
    "a change of schema": (asked(), INTENT | {"reading": {"verbs": ["define"]}}),
    "rights": (asked(), INTENT | {"reading": {"verbs": ["read", "grant"]}}),
    "code": (asked(), INTENT | {"reading": {"verbs": ["run"]}}),
    "the server": (asked(), INTENT | {"reading": {"verbs": ["control"]}}),
    "what nobody heard of": (asked(), INTENT | {"reading": {"verbs": ["bless"]}}),
    "what has no verb": (asked(), INTENT | {"reading": {"verbs": []}}),
    "what the record does not say": (asked(), {}),
    "what the record says as one word": (asked(), INTENT | {"reading": {"verbs": "update"}}),
    "what the record had to cut": (asked(), INTENT | {"shortened": True}),
}


@pytest.mark.parametrize(("row", "intent"), CLOSED.values(), ids=CLOSED.keys())
def test_what_break_glass_never_opens(row: Review, intent: dict[str, Json]) -> None:
    assert opens(ROLL, asked(), INTENT)
    assert not opens(ROLL, row, intent)


def test_it_opens_nothing_where_nobody_is_named() -> None:
    assert not opens(replace(ROLL, breakers=frozenset()), asked(), INTENT)


async def test_a_schema_change_is_not_shown_to_who_may_only_break_glass() -> None:
    made = room()
    row = await waiting(made)
    assert (await made.desk.show(BREN, row.id)) is not None
    made.store.journal.tables.reviews[row.id] = replace(row, seats=(Seat(group="dba", count=2),))
    assert (await made.desk.show(BREN, row.id)) is None
    assert await breaks(made, row) is Said.UNKNOWN


async def held(made: Line) -> Resumed:
    """What a claim looks at, once somebody answered alone."""
    row = await waiting(made)
    await breaks(made, row)
    votes, slots = await made.store.reviews.votes(row.id), await made.slots(row.call)
    return Resumed(review=row, question=question(), slots=slots, votes=votes, attempt=1)


async def test_the_gateway_counts_it_again_and_who_was_struck_counts_no_more() -> None:
    made = room()
    claim, roll = await held(made), made.judge.roll()
    assert approval(claim, roll).votes == claim.votes
    with pytest.raises(Drifted):
        approval(claim, replace(roll, breakers=frozenset({"acme:carl"})))


async def test_another_policy_between_the_answer_and_the_claim_ends_it() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    made.judge.replace(enact(replace(written.read(made.judge.policy.text), glass=None)))
    await made.sweep()
    assert made.source.committed == []
    assert (await now(made, row.id)).state is State.CANCELLED


async def test_the_claim_takes_no_vote_of_an_emergency_for_what_none_may_open() -> None:
    made = room()
    claim, roll = await held(made), made.judge.roll()
    with pytest.raises(Drifted):
        approval(claim, replace(roll, owners=frozenset({"dba"})))
    with pytest.raises(Drifted):  # it is no Vote of the group's own
        approval(replace(claim, votes=tuple(replace(vote, glass=False) for vote in claim.votes)), roll)


async def test_somebody_else_looks_at_it_afterwards_and_the_first_word_counts() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    assert await closes(made, row) is Said.TOO_SOON
    await made.sweep()
    assert await closes(made, row, note=" ") is Said.NO_REASON
    assert await closes(made, await now(made, row.id)) is Said.LOOKED
    assert await closes(made, row, finding=Finding.UNJUSTIFIED) is Said.CLOSED
    shown = await made.desk.show(DORA, row.id)
    assert shown is not None
    assert shown.glass is not None
    assert (shown.glass.closed_by, shown.glass.finding, shown.glass.note) == ("dora", "justified", "seen")
    (entry,) = entries(made, EntryKind.GLASS_CLOSED)
    assert entry["by"] == subject.of_identity(made.store.macs, DORA)
    assert made.faults() == []


LOOKERS = {
    "who answered": (BREN, Said.SELF),
    "who asked": (ANNA, Said.SELF),
    "another who may answer alone": (CARL, Said.NOT_ELIGIBLE),
    "somebody of another directory": (replace(DORA, person=Person(directory="other", id="d")), Said.NOT_COMPARABLE),
    "a stranger": (EVE, Said.UNKNOWN),
}


@pytest.mark.parametrize(("who", "said"), LOOKERS.values(), ids=LOOKERS.keys())
async def test_who_may_not_look_at_it_afterwards(who: Identity, said: Said) -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    await made.sweep()
    assert await closes(made, row, who) is said
    assert await made.store.breaks.unclosed() != ()


async def test_who_answered_alone_and_is_a_dba_as_well_does_not_look_at_it_themselves() -> None:
    made = room(replace(GLASS, members=frozenset({"d@acme.example"})))
    row = await waiting(made)
    dora = replace(DORA, via="console:x")
    assert await breaks(made, row, dora) is Said.APPROVED
    await made.sweep()
    assert await closes(made, row, dora) is Said.SELF


async def test_that_it_was_not_justified_is_an_alert() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    await made.sweep()
    assert await closes(made, row, finding=Finding.UNJUSTIFIED) is Said.LOOKED
    told = [one["alert"] for one in entries(made, EntryKind.ALERT)]
    assert told == ["breakglass.used", "breakglass.unjustified"]


async def test_one_that_nobody_looked_at_in_a_day_is_one_alert_and_bars_who_gave_it() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    await made.sweep()
    made.clock.advance(timedelta(hours=24) - timedelta(seconds=1))
    await made.hindsights.look()
    assert len(entries(made, EntryKind.ALERT)) == 1
    made.clock.advance(timedelta(seconds=1))
    await asyncio.gather(*(made.hindsights.look() for _ in range(3)))
    assert [one["alert"] for one in entries(made, EntryKind.ALERT)][1:] == ["breakglass.unclosed"]
    made.anna = made.tokens.callers["anna"] = replace(made.anna, expires_at=made.clock.now() + timedelta(hours=1))
    following = await waiting(made, "update 2")
    assert await breaks(made, following) is Said.BARRED
    assert await breaks(made, following, CARL) is Said.APPROVED
    assert await closes(made, row) is Said.LOOKED
    assert await breaks(made, await waiting(made, "update 3")) is Said.APPROVED


async def test_the_unit_itself_bars_who_is_overdue() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    await made.sweep()
    made.clock.advance(timedelta(hours=25))
    made.anna = made.tokens.callers["anna"] = replace(made.anna, expires_at=made.clock.now() + timedelta(hours=1))
    following = await waiting(made, "update 2")

    async def never(_: Identity) -> bool:
        return False

    made.hindsights.overdue = never  # type: ignore[method-assign, assignment]
    assert await breaks(made, following) is not Said.APPROVED
    assert (await now(made, following.id)).state is State.PENDING


async def test_who_is_blocked_answers_nothing_alone_and_an_agent_that_is_blocked_runs_nothing() -> None:
    made = room()
    row = await waiting(made)
    bren = Party(kind=PartyKind.PERSON, id=subject.of_identity(made.store.macs, BREN))
    made.store.journal.tables.blocks[bren] = None
    assert await breaks(made, row) is Said.NOT_ELIGIBLE
    del made.store.journal.tables.blocks[bren]
    assert await breaks(made, row) is Said.APPROVED
    made.store.journal.tables.blocks[bren] = None  # between the answer and the claim
    await made.sweep()
    assert made.source.committed == []


async def test_raced_with_a_denial_one_of_the_two_counts() -> None:
    made = room()
    for number in range(10):
        row = await waiting(made, f"update {number + 10}")
        said = await asyncio.gather(breaks(made, row), made.vote(row.id, Decision.DENY), breaks(made, row, CARL))
        assert sum(one in {Said.APPROVED, Said.DENIED} for one in said) == 1
        await made.sweep()
        made.clock.advance(timedelta(hours=1))
        made.anna = made.tokens.callers["anna"] = replace(made.anna, expires_at=made.clock.now() + timedelta(hours=1))
    assert made.faults() == []


async def test_what_was_answered_alone_is_taken_back_and_still_looked_at() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    assert await made.brakes.revoke(DORA, row.id, row.digest) is Said.REVOKED
    await made.sweep()
    assert made.source.committed == []
    assert await closes(made, row) is Said.LOOKED
    assert made.faults() == []


async def test_looking_moves_nothing_that_runs() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    made.source.hook, reached, go = holding("run")
    await made.sweeper.sweep()
    await reached.wait()
    assert await closes(made, row) is Said.TOO_SOON
    go.set()
    await made.settle()
    assert isinstance(await made.collect(row.call), Answered)


async def test_those_who_were_asked_see_what_nobody_has_looked_at() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    await made.sweep()
    assert [one.review.id for one in await made.desk.unclosed(DORA)] == [row.id]
    assert [one.review.id for one in await made.desk.unclosed(BREN)] == [row.id]
    assert await made.desk.unclosed(EVE) == ()
    await closes(made, row)
    assert await made.desk.unclosed(DORA) == ()


async def test_who_is_blocked_says_nothing_afterwards() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    await made.sweep()
    dora = Party(kind=PartyKind.PERSON, id=subject.of_identity(made.store.macs, DORA))
    made.store.journal.tables.blocks[dora] = None
    assert await closes(made, row) is Said.NOT_ELIGIBLE


async def test_the_record_alone_shows_what_nobody_may_answer_alone_or_look_at() -> None:
    made = room()
    row = await waiting(made)
    await breaks(made, row)
    await made.sweep()
    await closes(made, row)
    log = [dict(one.body) for _, one in made.store.journal.tables.log]
    by = subject.of_identity(made.store.macs, BREN)
    closed = next(body for body in log if body["kind"] == EntryKind.GLASS_CLOSED.value)

    def broken(bodies: list[dict[str, Json]]) -> set[str]:
        shapes = Shapes()
        return {rule for body in bodies for rule, _ in shapes.take(body, "")}

    assert not broken(log) & {"alone_beyond", "looked_self", "looked_at_nothing"}
    defined = [body | ({"reading": {"verbs": ["define"]}} if body["kind"] == "call.intent" else {}) for body in log]
    assert "alone_beyond" in broken(defined)
    assert "looked_self" in broken([body | ({"by": by} if body is closed else {}) for body in log])
    assert "looked_at_nothing" in broken([*log, closed])
