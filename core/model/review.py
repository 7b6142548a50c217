"""A question to people about one digest: its states, and what a decision gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, final

from core.model.caller import Person
from core.model.grant import Offer
from core.model.ids import CallId, Digest, PayloadId, ReviewId
from core.model.verdict import OnApproval, Seat
from core.model.vote import Vote


class State(StrEnum):
    """Where a Review stands: a projection of the Journal's slots, cached in its row."""

    PENDING = "pending"
    APPROVED = "approved"
    EXECUTING = "executing"
    EXECUTED = "executed"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"
    DENIED = "denied"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVOKED = "revoked"


# From each state of a Review, the states it may move to; what has no row is terminal.
MOVES: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.PENDING: frozenset({State.APPROVED, State.DENIED, State.EXPIRED, State.CANCELLED}),
        State.APPROVED: frozenset({State.EXECUTING, State.EXPIRED, State.REVOKED, State.CANCELLED}),
        State.EXECUTING: frozenset({State.EXECUTED, State.FAILED, State.INDETERMINATE, State.CANCELLED, State.EXPIRED}),
        State.INDETERMINATE: frozenset({State.EXECUTED, State.FAILED}),
    }
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A question to people about one digest: its row, without words. Moved only by `core.reviews`."""

    id: ReviewId
    call: CallId
    request_key: str
    digest: Digest
    state: State
    version: int
    seats: tuple[Seat, ...]
    requester: Person | None
    owner: Person | None
    principal: tuple[str, str, str]
    question: PayloadId
    facts: PayloadId
    risk: str
    on_approval: OnApproval
    channel: str | None
    opened_at: datetime
    expires_at: datetime
    use_by: datetime | None = None
    offer: Offer | None = None  # None: no grant can be given with it


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a decided Review gives a Permit. Made only by `core.reviews`."""

    review: ReviewId
    digest: Digest
    votes: tuple[Vote, ...]
    use_by: datetime
    affected_rows: int | None = None  # the smallest of all approving Votes
