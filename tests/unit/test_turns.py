"""Wake-ups: what a commit may make due is looked at at once; a read that leaves its result behind makes nothing due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.execution.turns import REVIEWS, scopes
from core.model import CallId, PayloadId, ReviewId, State
from core.ports import Change, DropResult, HandResult, MoveReview, PostCard, StoreResult, Unit, WantStop

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CALL, REVIEW = CallId("call_1"), ReviewId("rev_1")
QUIET = (
    StoreResult(call=CALL, result=PayloadId("pay_1"), until=NOW),
    HandResult(call=CALL),
    DropResult(call=CALL),
    PostCard(review=REVIEW, channel="C1", ts="1.0", shown=1),
)
APPROVED = MoveReview(review=REVIEW, version=1, to=State.APPROVED)


@pytest.mark.parametrize("change", QUIET, ids=lambda change: type(change).__name__)
def test_what_makes_nothing_due_wakes_no_sweep(change: Change) -> None:
    assert REVIEWS not in scopes(Unit(changes=(change,)))


@pytest.mark.parametrize(
    "change", [APPROVED, WantStop(review=REVIEW, by="p")], ids=lambda change: type(change).__name__
)
def test_what_a_gateway_must_act_on_wakes_it_whatever_stands_beside(change: Change) -> None:
    assert REVIEWS in scopes(Unit(changes=(change,)))
    assert REVIEWS in scopes(Unit(changes=(*QUIET, change, *QUIET)))


def test_a_unit_without_changes_wakes_those_alone_who_wait_for_its_scopes() -> None:
    assert scopes(Unit()) == ()
