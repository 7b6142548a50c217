"""Grants as the log tells them: what is legal finds nothing, each story that is not finds its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import orjson
import pytest

from core.audit.entry import seal
from core.audit.protocol.shapes import Shapes
from core.audit.transparency.tree import leaf
from core.model import CallId, Entry, EntryKind, Grant, Json, Outcome, Slot
from tests import entries, granting
from tests.doubles import ManualClock

NOW = ManualClock().now()
START = int(NOW.timestamp() * 1000)
FIRST, SECOND = CallId("call_1"), CallId("call_2")
Units = Sequence[tuple[Entry, ...]]
CAPS: Json = {"uses": 3, "rows": 10, "total": 20}


def found(units: Units, *, late: int = 0, whole: bool = True) -> set[str]:
    shapes, rules = Shapes(whole=whole), set()
    for number, unit in enumerate(units):
        for entry in unit:
            body = seal(entry, ts_ms=START + late, log="l", boot="b", unit=f"u{number}")
            rules |= {rule for rule, _ in shapes.take(orjson.loads(body), leaf(body).hex())}
    return rules


def begun(chosen: Json = CAPS) -> tuple[Grant, list[tuple[Entry, ...]]]:
    """A grant and the units that gave it."""
    review = granting.asked(NOW)
    grant = granting.of(review, NOW)
    asked = entries.opening(review).entries
    first = leaf(seal(asked[0], ts_ms=START, log="l", boot="b", unit="u0")).hex()
    vote = entries.of_review(
        EntryKind.VOTE, review, person="bob", seat="dba", decision="approve", digest=review.digest, grant=chosen
    )
    decided = entries.decided(review, leaf=first)
    return grant, [asked, (vote, decided, granting.given(grant))]


def use(grant: Grant, call: CallId, rows: int | None = 5, number: int = 1) -> list[tuple[Entry, ...]]:
    began = granting.using(replace(grant, uses=number - 1), call).entries
    prepared = entries.prepared(call)
    ran = replace(prepared, body={**prepared.body, "exec": {"rows": rows}})
    return [began, (ran,), (entries.outcome(call, Outcome.COMMITTED),)]


def test_a_grant_given_used_and_ended_is_legal() -> None:
    grant, story = begun()
    ended = granting.ending(grant, NOW).entries
    assert found([*story, *use(grant, FIRST, 10), *use(grant, SECOND, 10, 2), ended]) == set()


def test_what_its_source_rolled_back_counts_for_nothing() -> None:
    grant, story = begun()
    aborted = [*use(grant, FIRST, 10)[:2], (entries.outcome(FIRST, Outcome.ABORTED),)]
    again = use(grant, SECOND, 10, 2)
    third = use(grant, CallId("call_3"), 10, 3)
    assert found([*story, *aborted, *again, *third]) == set()


def test_rows_beyond_one_use_or_all_of_them_are_found() -> None:
    grant, story = begun()
    assert found([*story, *use(grant, FIRST, 11)]) == {"grant_rows"}
    many = [use(grant, CallId(f"call_{n}"), 7, n) for n in (1, 2, 3)]
    assert found([*story, *(unit for units in many for unit in units)]) == {"grant_rows"}


def test_rows_that_a_read_has_shown_count() -> None:
    grant, story = begun()
    began = granting.using(grant, FIRST).entries
    read = replace(began[0], body={**began[0].body, "reading": {"verbs": ["read"]}})
    for rows, rules in ((10, set[str]()), (11, {"grant_rows"})):
        assert found([*story, (read, began[1]), (entries.outcome(FIRST, Outcome.DELIVERED, rows=rows),)]) == rules


def test_a_use_past_the_number_the_end_or_a_revocation_is_found() -> None:
    grant, story = begun()
    ended = granting.ending(grant, NOW).entries
    assert found([*story, *use(grant, FIRST, number=4)]) == {"grant_overused"}
    assert found([*story, ended, *use(grant, FIRST)]) == {"grant_overused"}
    assert found([*story, *use(grant, FIRST)[:1], ended, *use(grant, FIRST)[1:]]) == {"grant_overused"}
    minutes = 30 * 60_000
    assert found([*story, *use(grant, FIRST)], late=minutes) == {"grant_overused", "approval_of_another"}


@pytest.mark.parametrize("chosen", [None, {}, {"uses": 3, "rows": 10, "total": 19}])
def test_a_grant_that_not_every_vote_chose_so_far_is_found(chosen: Json) -> None:
    _, story = begun(chosen)
    assert found(story) == {"grant_unapproved"}


def test_a_grant_beside_no_decision_is_found() -> None:
    grant, (asked, (vote, decided, given)) = begun()
    assert found([asked, (vote, decided), (given,)]) == {"grant_unapproved"}
    assert found([asked, (given,)]) == {"grant_unapproved"}
    assert found([(given,)]) == {"grant_unapproved"}
    assert found(use(grant, FIRST)) == {"grant_unapproved"}
    assert found([granting.ending(grant, NOW).entries]) == {"grant_unapproved"}


def test_a_use_of_another_shape_policy_call_or_number_is_found() -> None:
    grant, story = begun()
    (intent, used), *rest = use(grant, FIRST)
    verdict: Json = {"action": "ask", "policy": "p2", "grant": {"id": grant.id, "use": 1}}
    others = (
        (intent, replace(used, body={**used.body, "fingerprint": "0" * 64})),
        (replace(intent, body={**intent.body, "verdict": verdict}), used),
        (intent, replace(used, attempt=2)),
    )
    for other in others:
        assert found([*story, other, *rest]) == {"grant_of_another"}
    assert found([*story, (intent,), (used,), *rest]) == {"grant_of_another"}


def test_what_asks_runs_neither_without_a_use_nor_by_another_calls() -> None:
    grant, story = begun()
    (intent, _), *rest = use(grant, FIRST)
    assert found([*story, (intent,), *rest]) == {"prepared_unapproved", "outcome_unapproved"}


def test_a_grants_use_that_ends_otherwise_gives_up_its_right_to_commit() -> None:
    grant, story = begun()
    began, *_ = use(grant, FIRST)
    assert found([*story, began, (entries.outcome(FIRST, Outcome.ERROR),)]) == {"not_abandoned"}
    given_up = (entries.prepared(FIRST, "abandoned"), entries.outcome(FIRST, Outcome.ERROR))
    assert found([*story, began, given_up]) == set()


def test_of_a_part_of_the_log_a_grant_given_before_is_not_judged() -> None:
    grant, story = begun()
    assert found([*use(grant, FIRST), granting.ending(grant, NOW).entries], whole=False) == set()
    assert found([story[1][2:]], whole=False) == set()


def test_a_grant_is_given_and_ended_once() -> None:
    grant, _ = begun()
    given, ended = granting.given(grant), granting.ending(grant, NOW).entries[0]
    assert (given.attempt, given.slot, ended.attempt, ended.slot) == (0, Slot.DECISION, 0, Slot.USE)
