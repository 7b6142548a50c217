from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import Drifted, Superseded
from core.execution.resumed import Resumed, approval
from core.execution.slots import Slots
from core.model import (
    CallId,
    Decision,
    Digest,
    Identity,
    OnApproval,
    PayloadId,
    Person,
    Review,
    ReviewId,
    Seat,
    State,
    Vote,
    Waiting,
)
from core.ports import Ballot, CastVote, MoveReview, Roll, Said, Sealed
from core.reviews.desk import Desk
from core.reviews.votes import Standing, bar, cast, full
from tests.line import DORA, line
from tests.slack.doubles import question

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DIGEST = Digest("d" * 64)
MEMBERS = {
    "dba": frozenset({"alice@acme.example", "acme:bob"}),
    "security": frozenset({"alice@acme.example", "carol@acme.example"}),
}
INTENT = Sealed(sequence=1, body={"kind": "call.intent", "reading": {"verbs": ["update"]}, "verdict": {}}, leaf="leaf")


def person(name: str, directory: str = "acme") -> Identity:
    mail = f"{name}@{directory}.example"
    return Identity(person=Person(directory=directory, id=name), name=name, email=mail, via="console:cli")


ALICE, BOB, CAROL, DANA = (person(name) for name in ("alice", "bob", "carol", "dana"))


def review(*seats: tuple[str, int], **changes: Any) -> Review:
    base = Review(
        id=ReviewId("rev_1"),
        call=CallId("call_1"),
        request_key="k",
        digest=DIGEST,
        state=State.PENDING,
        version=3,
        seats=tuple(Seat(group=group, count=count) for group, count in seats or (("dba", 1),)),
        requester=DANA.person,
        owner=None,
        principal=("i", "s", "c"),
        question=PayloadId("p1"),
        facts=PayloadId("p2"),
        risk="low",
        on_approval=OnApproval.RUN,
        channel=None,
        opened_at=NOW - timedelta(minutes=1),
        expires_at=NOW + timedelta(minutes=14),
    )
    return replace(base, **changes)


def standing(row: Review | None = None, *votes: Vote) -> Standing:
    return Standing(review=row or review(), votes=votes, intent=INTENT, roll=Roll(groups=MEMBERS), now=NOW)


def ballot(decision: Decision = Decision.APPROVE, **changes: Any) -> Ballot:
    return replace(Ballot(review=ReviewId("rev_1"), digest=DIGEST, decision=decision), **changes)


def vote(who: Identity, seat: str = "dba", decision: Decision = Decision.APPROVE) -> Vote:
    return Vote(
        review=ReviewId("rev_1"),
        person=who.person,
        name=who.name,
        seat=seat,
        decision=decision,
        digest=DIGEST,
        via="v",
        at=NOW,
        member=who.email or "",
    )


def test_a_member_of_the_asked_group_may_vote() -> None:
    assert bar(standing(), ALICE, ballot()) is None


@pytest.mark.parametrize(
    ("case", "who", "said"),
    [
        (standing(), DANA, Said.SELF),
        (standing(review(owner=ALICE.person)), ALICE, Said.SELF),
        (standing(), person("alice", "other"), Said.NOT_COMPARABLE),
        (standing(review(requester=None)), ALICE, Said.NOT_COMPARABLE),
        (standing(), CAROL, Said.NOT_ELIGIBLE),
        (standing(review(("dba", 1), ("security", 1)), vote(ALICE)), BOB, Said.NOT_ELIGIBLE),
        (standing(None, vote(ALICE)), ALICE, Said.REPEAT),
        (standing(review(state=State.APPROVED)), ALICE, Said.CLOSED),
        (standing(review(expires_at=NOW)), ALICE, Said.EXPIRED),
        (standing(review(state=State.EXPIRED)), ALICE, Said.EXPIRED),
    ],
)
def test_a_vote_is_barred(case: Standing, who: Identity, said: Said) -> None:
    assert bar(case, who, ballot()) is said


def test_another_decision_by_the_same_person_is_refused() -> None:
    assert bar(standing(None, vote(ALICE)), ALICE, ballot(Decision.DENY, reason="no")) is Said.ALREADY_VOTED


def test_a_vote_on_another_digest_is_refused() -> None:
    assert bar(standing(), ALICE, ballot(digest=Digest("e" * 64))) is Said.MISMATCH


@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_a_denial_needs_a_reason(reason: str | None) -> None:
    assert bar(standing(), ALICE, ballot(Decision.DENY, reason=reason)) is Said.NO_REASON


def test_membership_by_email_ignores_case_and_by_person_does_not() -> None:
    loud = replace(ALICE, email="ALICE@Acme.Example")
    assert bar(standing(), loud, ballot()) is None
    assert bar(standing(), replace(BOB, person=Person(directory="acme", id="BOB"), email=None), ballot()) is not None


def test_an_unverified_email_is_no_membership() -> None:
    assert bar(standing(), replace(ALICE, email=None), ballot()) is Said.NOT_ELIGIBLE


async def test_groups_are_read_at_the_click() -> None:
    room = line()
    store, groups = room.store, dict(room.judge.members())
    desk = Desk(
        journal=store.journal,
        reviews=store.reviews,
        payloads=store.payloads,
        macs=store.macs,
        subjects=store.subjects,
        roll=lambda: Roll(groups=dict(groups)),
        emergencies=room.hindsights,
        clock=room.clock,
    )
    waiting = await room.ask("update 1")
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    row = await store.reviews.review(waiting.review)
    assert row is not None
    yes, stays = Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE), groups["dba"]
    groups["dba"] = frozenset()  # struck since the card was drawn
    assert await desk.vote(DORA, yes) is Said.UNKNOWN
    groups["dba"] = stays
    assert await desk.vote(DORA, yes) is Said.APPROVED


def test_an_approver_who_left_the_group_counts_no_more_at_the_claim() -> None:
    row = review(state=State.APPROVED)
    resumed = Resumed(review=row, question=question(), slots=Slots(), votes=(vote(ALICE),), attempt=1)
    assert approval(resumed, Roll(groups=MEMBERS)).votes == (vote(ALICE),)
    with pytest.raises(Drifted):
        approval(resumed, Roll(groups={"dba": frozenset({"acme:bob"})}))


def test_the_deciding_vote_moves_the_review_in_its_own_unit() -> None:
    said, unit = cast(standing(), ALICE, ballot(), None, pseudonym="ps")
    assert said is Said.APPROVED
    assert [type(change) for change in unit.changes] == [CastVote, MoveReview]
    move = unit.changes[1]
    assert isinstance(move, MoveReview)
    assert (move.to, move.version, move.use_by) == (State.APPROVED, 4, NOW + timedelta(minutes=5))
    assert unit.before == review().expires_at
    assert unit.entries[1].body["intent_leaf"] == "leaf"


def test_one_of_two_seats_counts_and_decides_nothing() -> None:
    row = review(("dba", 1), ("security", 1))
    said, unit = cast(standing(row), ALICE, ballot(), None, pseudonym="ps")
    assert said is Said.COUNTED
    assert len(unit.entries) == len(unit.changes) == 1
    assert cast(standing(row, vote(ALICE)), CAROL, ballot(), None, pseudonym="ps")[0] is Said.APPROVED


def test_one_person_in_two_groups_fills_one_seat() -> None:
    row = review(("dba", 1), ("security", 1))
    assert not full(standing(row, vote(ALICE, "dba")), vote(ALICE, "security"))


def test_votes_on_an_older_digest_fill_no_seat() -> None:
    row = review(("dba", 2))
    stale = replace(vote(BOB), digest=Digest("0" * 64))
    assert not full(standing(row, stale), vote(ALICE))
    assert full(standing(row, vote(BOB)), vote(ALICE))


def test_one_denial_decides() -> None:
    said, unit = cast(
        standing(review(("dba", 2))), ALICE, ballot(Decision.DENY, reason="too broad"), None, pseudonym="ps"
    )
    assert said is Said.DENIED
    assert isinstance(unit.changes[1], MoveReview)
    assert not unit.changes[1].attach


async def test_a_vote_by_a_policy_that_is_in_force_no_more_is_none() -> None:
    """A replica that has not followed yet knows the groups of before."""
    room = line()
    store = room.store
    desk = Desk(
        journal=store.journal,
        reviews=store.reviews,
        payloads=store.payloads,
        macs=store.macs,
        subjects=store.subjects,
        roll=room.judge.roll,
        emergencies=room.hindsights,
        clock=room.clock,
        policy=lambda: room.judge.version,
    )
    waiting = await room.ask("update 1")
    assert isinstance(waiting, Waiting)
    assert waiting.review is not None
    row = await store.reviews.review(waiting.review)
    assert row is not None
    yes = Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE)
    store.journal.tables.policy = "another", "{}"
    with pytest.raises(Superseded):
        await desk.vote(DORA, yes)
    assert await store.reviews.votes(row.id) == ()
    store.journal.tables.policy = room.judge.version, "{}"
    assert await desk.vote(DORA, yes) is Said.APPROVED


async def test_one_question_whose_words_can_no_longer_be_read_hides_no_other() -> None:
    room = line()
    rows = []
    for number in range(2):
        waiting = await room.ask(f"update {number}")
        assert isinstance(waiting, Waiting)
        assert waiting.review is not None
        rows.append(await room.store.reviews.review(waiting.review))
    gone, stays = rows
    assert gone is not None
    assert stays is not None
    del room.store.payloads.held[gone.question]
    assert [each.review.id for each in await room.desk.pending(DORA)] == [stays.id]
