"""Shapes of slots, fed directly: stories that are legal find nothing, broken ones their rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import orjson
import pytest

from core.audit.entry import seal
from core.audit.shapes import Shapes
from core.audit.tree import leaf
from core.model import CallId, Entry, EntryKind, Json, Outcome, Slot
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
