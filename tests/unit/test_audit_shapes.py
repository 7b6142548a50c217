"""Shapes of slots, fed directly: stories that are legal find nothing, broken ones their rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import orjson
import pytest

from core.audit.entry import seal, session_open
from core.audit.protocol.shapes import Shapes
from core.audit.transparency.tree import leaf
from core.model import CallId, Entry, EntryKind, Json, Outcome, Review, Slot
from tests import entries
from tests.doubles import ManualClock

C = CallId("call_c")
START = 1_790_000_000_000
Units = Sequence[tuple[Entry, ...]]


def found(units: Units, *, later: int = 0) -> set[str]:
    shapes, rules = Shapes(), set()
    for number, unit in enumerate(units):
        for entry in unit:
            body = seal(entry, ts_ms=START, log="l", boot="b", unit=f"u{number}")
            rules |= {rule for rule, _ in shapes.take(orjson.loads(body), leaf(body).hex())}
    return rules | {rule for rule, _ in shapes.end(START + later)}


def write(**more: Json) -> Entry:
    body = entries.intent(C, verbs=("update",))
    return replace(body, body={**body.body, **more})


def resolved(word: str) -> Entry:
    return Entry(kind=EntryKind.RESOLVED, scope=C, attempt=1, slot=Slot.RESOLVED, body={"outcome": word})


READ = entries.intent(C)
PREPARED = entries.prepared(C)
GIVEN_UP = entries.prepared(C, "abandoned")
AGAIN = entries.outcome(C, Outcome.NOT_EXECUTED, final=False)
UNSHOWN = entries.outcome(C, Outcome.NOT_DELIVERED, final=False)
SECOND = entries.intent(C, verbs=("update",), attempt=2)

LEGAL: dict[str, Units] = {
    "read": [(READ,), (entries.outcome(C),)],
    "refused": [(entries.intent(C, action="refuse"), entries.outcome(C, Outcome.REFUSED))],
    "write": [(write(),), (PREPARED,), (entries.outcome(C, Outcome.COMMITTED),)],
    "rolled back": [(write(),), (PREPARED,), (entries.outcome(C, Outcome.ABORTED),)],
    "error": [(write(),), (GIVEN_UP, entries.outcome(C, Outcome.ERROR))],
    "checked only": [(write(), entries.outcome(C))],
    "unknown, resolved": [(write(),), (PREPARED,), (entries.outcome(C, Outcome.UNKNOWN),), (resolved("committed"),)],
    "second attempt": [
        (write(),),
        (GIVEN_UP, AGAIN, SECOND),
        (entries.prepared(C, attempt=2),),
        (entries.outcome(C, Outcome.COMMITTED, attempt=2),),
    ],
    "open": [(write(deadline=START),), (PREPARED,)],
}

ILLEGAL: dict[str, tuple[str, Units]] = {
    "error after prepared": ("prepared_then", [(write(),), (PREPARED,), (entries.outcome(C, Outcome.ERROR),)]),
    "not given up": ("not_abandoned", [(write(),), (entries.outcome(C, Outcome.ERROR),)]),
    "given up in another unit": (
        "not_abandoned",
        [(write(),), (GIVEN_UP,), (entries.outcome(C, Outcome.NOT_EXECUTED),)],
    ),
    "committed though given up": (
        "committed_unprepared",
        [(write(),), (GIVEN_UP, entries.outcome(C, Outcome.COMMITTED))],
    ),
    "second attempt after a final end": (
        "attempt_after_final",
        [(write(),), (GIVEN_UP, entries.outcome(C, Outcome.NOT_EXECUTED)), (SECOND,)],
    ),
    "second attempt after success": (
        "attempt_unproven",
        [(write(),), (PREPARED,), (entries.outcome(C, Outcome.COMMITTED, final=False),), (SECOND,)],
    ),
    "second attempt while open": ("attempt_unproven", [(write(),), (SECOND,)]),
    "another question": (
        "attempt_differs",
        [(write(),), (GIVEN_UP, AGAIN, entries.intent(C, verbs=("update",), attempt=2, call_mac="other"))],
    ),
    "refused but delivered": ("outcome_unapproved", [(entries.intent(C, action="refuse"),), (entries.outcome(C),)]),
    "asked but never claimed": ("outcome_unapproved", [(entries.intent(C, action="ask"),), (entries.outcome(C),)]),
    "resolved without a question": ("resolved_known", [(READ,), (entries.outcome(C),), (resolved("committed"),)]),
    "outcome twice": ("slot_twice", [(READ,), (entries.outcome(C),), (entries.outcome(C),)]),
    "prepared after the end": ("prepared_after_outcome", [(write(), entries.outcome(C)), (PREPARED,)]),
    "prepared twice": ("slot_twice", [(write(),), (PREPARED,), (PREPARED,)]),
    "a read repeated twice": (
        "attempt_unproven",
        [
            (READ,),
            (UNSHOWN, entries.intent(C, attempt=2)),
            (replace(UNSHOWN, attempt=2), entries.intent(C, attempt=3)),
        ],
    ),
    "given up in one unit, but not beside its end": (
        "not_abandoned",
        [(write(),), (GIVEN_UP,), (entries.intent(CallId("call_d")),), (entries.outcome(C, Outcome.ERROR),)],
    ),
    "prepared though nobody was asked": (
        "prepared_unapproved",
        [(entries.intent(C, action="ask", verbs=("update",)),), (PREPARED,)],
    ),
    "out of nowhere": ("no_intent", [(entries.outcome(C),)]),
}


@pytest.mark.parametrize("name", LEGAL)
def test_a_legal_story_finds_nothing(name: str) -> None:
    assert found(LEGAL[name]) == set()


@pytest.mark.parametrize("name", ILLEGAL)
def test_an_illegal_story_finds_its_rule(name: str) -> None:
    rule, units = ILLEGAL[name]
    assert rule in found(units)


def test_prepared_work_without_an_end_is_found_a_minute_past_its_deadline() -> None:
    assert found(LEGAL["open"], later=60_000) == set()
    assert found(LEGAL["open"], later=60_001) == {"prepared_without_outcome"}


def story(requester: str = "acme:ann") -> tuple[list[tuple[Entry, ...]], Review]:
    """A Session, and a change in it that people are asked about."""
    review = entries.review(ManualClock().now())
    opened = entries.opening(review).entries
    session = session_open("ses_1", {"ps": "u1"}, person=requester)
    return [(session,), opened], review


def approved(review: Review, opened: Units, *, use_by: int) -> Entry:
    """The decision that binds to the Call's INTENT."""
    sealed = seal(opened[1][0], ts_ms=START, log="l", boot="b", unit="u1")
    said = entries.decided(review, leaf=leaf(sealed).hex())
    return replace(said, body={**said.body, "use_by": use_by})


def test_nobody_votes_on_a_call_of_their_own() -> None:
    told, review = story(requester="bob")
    vote = entries.of_review(EntryKind.VOTE, review, person="bob", seat="dba", decision="approve", digest=review.digest)
    assert found([*told, (vote,)]) == {"voted_self"}
    other = replace(vote, body={**vote.body, "person": "eve"})
    assert found([*told, (other,)]) == set()


def test_a_vote_for_another_digest_fills_no_seat() -> None:
    told, review = story()
    vote = entries.of_review(EntryKind.VOTE, review, person="bob", seat="dba", decision="approve", digest="other")
    assert found([*told, (vote, approved(review, told, use_by=START + 1))]) == {"quorum"}


def test_no_attempt_runs_that_began_after_its_approvals_end() -> None:
    told, review = story()
    vote = entries.of_review(EntryKind.VOTE, review, person="bob", seat="dba", decision="approve", digest=review.digest)
    given_up = replace(GIVEN_UP, scope=review.call)
    again = replace(AGAIN, scope=review.call)
    second = replace(SECOND, scope=review.call, body=entries.opening(review).entries[0].body)
    run = replace(entries.prepared(review.call), attempt=2)
    for late, rules in ((0, {"attempt_late"}), (1, set())):
        decided = approved(review, told, use_by=START + late)
        assert found([*told, (vote, decided), (entries.claimed(review),), (given_up, again, second), (run,)]) == rules


def test_no_attempt_follows_where_nobody_claimed_the_review() -> None:
    told, review = story()
    vote = entries.of_review(EntryKind.VOTE, review, person="bob", seat="dba", decision="approve", digest=review.digest)
    second = replace(SECOND, scope=review.call, body=entries.opening(review).entries[0].body)
    units = [*told, (vote, approved(review, told, use_by=START + 1))]
    after = (replace(GIVEN_UP, scope=review.call), replace(AGAIN, scope=review.call), second)
    assert "attempt_unclaimed" in found([*units, after])
    assert found([*units, (entries.claimed(review),), after]) == set()


def test_one_person_votes_once() -> None:
    told, review = story()
    vote = entries.of_review(EntryKind.VOTE, review, person="bob", seat="dba", decision="approve", digest=review.digest)
    assert found([*told, (vote,), (vote,)]) == {"voted_twice"}


def test_a_review_is_decided_and_used_once() -> None:
    told, review = story()
    vote = entries.of_review(EntryKind.VOTE, review, person="bob", seat="dba", decision="approve", digest=review.digest)
    decided, claimed = approved(review, told, use_by=START + 1), entries.claimed(review)
    assert found([*told, (vote, decided), (claimed,)]) == set()
    assert found([*told, (vote, decided), (decided,)]) == {"slot_twice"}
    assert found([*told, (vote, decided), (claimed,), (claimed,)]) == {"slot_twice"}


def test_a_closed_review_ends_its_call_in_one_of_four_ways() -> None:
    told, review = story()
    denied = entries.decided(review, "denied")
    abandoned = replace(GIVEN_UP, scope=review.call)
    refused = entries.outcome(review.call, Outcome.REFUSED)
    assert found([*told, (denied,), (abandoned, refused)]) == {"closed_then"}
    assert found([*told, (denied,), (entries.outcome(review.call, Outcome.DENIED),)]) == set()


def test_a_second_review_of_a_call_is_found() -> None:
    told, _ = story()
    assert found([*told, (told[1][1],)]) == {"opened_twice"}


def test_what_began_before_a_range_is_not_judged() -> None:
    for name, (_, units) in ILLEGAL.items():
        if units[0][0].attempt != 1 or name == "out of nowhere":
            continue
        shapes = Shapes(whole=False)
        for unit in units[1:]:
            for entry in unit:
                body = orjson.loads(seal(entry, ts_ms=START, log="l", boot="b", unit="u"))
                if entry.attempt == 1 and entry.scope == C:
                    assert list(shapes.take(body, "")) == []


def test_reviews_without_order_are_found() -> None:
    review = entries.review(ManualClock().now())
    asked, opened = entries.opening(review).entries
    vote, decided = entries.casting(review, entries.vote(review, review.opened_at)).entries
    denied = entries.decided(review, "denied")
    claim = entries.claimed(review)
    assert found([(vote,)]) == {"no_review"}
    assert "vote_after_decision" in found([(asked, opened), (denied,), (vote,)])
    assert found([(asked, opened), (claim,)]) == {"use_unapproved"}
    assert found([(asked, opened), (denied,)], later=60_001) == {"closed_without_outcome"}
    assert "approval_of_another" in found([(asked, opened), (vote, decided)])
