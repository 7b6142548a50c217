from __future__ import annotations

from typing import Any

import pytest

from core.execution.slots import project
from core.model import MOVES, EntryKind, Outcome, State
from core.ports import Sealed

K = EntryKind


def log(*bodies: dict[str, Any]) -> list[Sealed]:
    return [Sealed(sequence=n, body=body, leaf=f"{n:064x}") for n, body in enumerate(bodies)]


def intent(action: str = "ask", attempt: int = 1, verbs: tuple[str, ...] = ("update",)) -> dict[str, Any]:
    return {
        "kind": K.INTENT.value,
        "attempt": attempt,
        "verdict": {"action": action},
        "reading": {"verbs": list(verbs)},
        "deadline": 1_000,
    }


def outcome(word: str, attempt: int = 1, **more: Any) -> dict[str, Any]:
    return {"kind": K.OUTCOME.value, "attempt": attempt, "outcome": word, **more}


DECIDED = {"kind": K.DECIDED.value, "decision": "approved"}
CLAIMED = {"kind": K.CLAIMED.value, "deadline": 2_000}
CANCELLED = {"kind": K.REVIEW_CANCELLED.value}


@pytest.mark.parametrize(
    ("bodies", "state"),
    [
        ([intent()], State.PENDING),
        ([intent(), DECIDED], State.APPROVED),
        ([intent(), {"kind": K.DECIDED.value, "decision": "denied"}], State.DENIED),
        ([intent(), {"kind": K.REVIEW_EXPIRED.value}], State.EXPIRED),
        ([intent(), CANCELLED], State.CANCELLED),
        ([intent(), DECIDED, CANCELLED], State.CANCELLED),
        ([intent(), DECIDED, {"kind": K.LAPSED.value}], State.EXPIRED),
        ([intent(), DECIDED, {"kind": K.REVOKED.value}], State.REVOKED),
        ([intent(), DECIDED, CLAIMED], State.EXECUTING),
        ([intent(), DECIDED, CLAIMED, outcome("committed")], State.EXECUTED),
        ([intent(), DECIDED, CLAIMED, outcome("error")], State.FAILED),
        ([intent(), DECIDED, CLAIMED, outcome("unknown")], State.INDETERMINATE),
        ([intent(), DECIDED, CLAIMED, outcome("not_executed", final=False)], State.EXECUTING),
        ([intent("allow")], None),
    ],
)
def test_the_state_is_a_projection_of_the_slots(bodies: list[dict[str, Any]], state: State | None) -> None:
    assert project(log(*bodies)).state is state


def test_every_projected_state_stands_in_the_table_of_moves() -> None:
    assert set(MOVES) | {to for row in MOVES.values() for to in row} == set(State)


def test_an_unknown_outcome_is_closed_by_what_was_resolved() -> None:
    unknown = [intent(), DECIDED, CLAIMED, outcome("unknown")]
    assert project(log(*unknown)).ended is Outcome.UNKNOWN
    resolved = project(log(*unknown, {"kind": K.RESOLVED.value, "outcome": "committed"}))
    assert (resolved.ended, resolved.state) == (Outcome.COMMITTED, State.EXECUTED)


def test_an_ask_begins_with_its_claim_and_an_allow_with_its_intent() -> None:
    assert not project(log(intent(), DECIDED)).begun
    assert project(log(intent(), DECIDED, CLAIMED)).begun
    assert project(log(intent("allow"))).begun


def test_the_deadline_of_an_ask_stands_in_its_claim() -> None:
    asked = project(log(intent(), DECIDED, CLAIMED)).deadline
    allowed = project(log(intent("allow"))).deadline
    assert asked is not None
    assert allowed is not None
    assert (asked.timestamp(), allowed.timestamp()) == (2.0, 1.0)


def test_only_a_plain_read_counts_as_not_writing() -> None:
    assert not project(log(intent(verbs=("read",)))).wrote
    assert project(log(intent(verbs=("read", "update")))).wrote
    assert project(log(intent(verbs=()))).wrote
