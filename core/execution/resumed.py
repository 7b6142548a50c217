"""What an approved Review's run needs, all of it from the store, and the guards that hold again at each attempt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, final

from core.entitled import members, opens
from core.errors import Blocked, Drifted, GatewayError
from core.execution.slots import Slots
from core.model import (
    Allow,
    Approval,
    Ask,
    Call,
    Caller,
    Decision,
    Door,
    Entry,
    Measure,
    OnApproval,
    Outcome,
    Question,
    Refuse,
    Review,
    SessionId,
    Verdict,
    Vote,
)
from core.ports import Roll

COMMAND: Final = Door("command")  # nobody's request: the executor begins what people approved


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the newest attempt ended, as recovery found it; nothing of it is written yet."""

    result: Outcome
    before: tuple[Entry, ...] = ()  # what stands in one unit with its OUTCOME
    since: datetime | None = None  # not before this instant of the store's clock; None: its process is gone
    paid: Mapping[Measure, int] = field(default_factory=dict)  # what is proved of what it used


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """A Review whose next attempt would begin."""

    review: Review
    question: Question
    slots: Slots
    votes: tuple[Vote, ...]
    attempt: int
    requester: Caller | None = None  # as freshly verified: where the run needs their own request
    ended: Ended | None = None  # the attempt before, to be closed in the unit that begins this one

    def waits(self, now: datetime) -> bool:
        """Only a request of the requester may begin it, and there is none: under `hold`, or once their token ended."""
        return self.requester is None and (
            self.review.on_approval is OnApproval.HOLD or now >= self.question.caller.expires_at
        )

    @property
    def until(self) -> datetime:
        """The end of the claim's time: of the approval's use, and of the token on whose word it runs."""
        caller = self.requester or self.question.caller
        return min(self.review.use_by or self.review.opened_at, caller.expires_at)

    @property
    def session(self) -> SessionId:
        """The Session of the Call's INTENT."""
        return SessionId(str(self.slots.attempts[0].intent.body["session"]))

    @property
    def call(self) -> Call:
        """The Call as it was asked; nothing of a later request."""
        asked = self.question
        return Call(
            id=asked.call,
            door=COMMAND,
            tool=asked.tool,
            source=asked.source,
            statement=asked.statement,
            parameters=asked.parameters,
            received_at=self.review.opened_at,
        )


def ending(error: BaseException) -> tuple[GatewayError, Outcome]:
    """Return what an attempt that broke off is closed with; what nobody foresaw is `internal`, without its text."""
    if isinstance(error, asyncio.CancelledError):
        return GatewayError("the run was cancelled"), Outcome.CANCELLED
    if isinstance(error, Blocked):
        return error, Outcome.CANCELLED
    return error if isinstance(error, GatewayError) else GatewayError("unforeseen in a run"), Outcome.ERROR


def still_asked(verdict: Verdict, review: Review) -> Ask:
    """Return the verdict if people are still asked in the same way.

    Raises: Drifted.
    """
    match verdict:
        case Ask(seats=seats) if frozenset(seats) == frozenset(review.seats):
            return verdict
        case Ask():
            raise Drifted("other people are asked now")
        case Allow() | Refuse():
            raise Drifted("the verdict changed")


def entitled(resumed: Resumed, roll: Roll, vote: Vote) -> frozenset[str]:
    """Give who could cast a Vote when it was cast, by the policy in force now."""
    if not vote.glass:
        return members(roll, resumed.review, vote.seat, vote.at)
    return roll.breakers if opens(roll, resumed.review, resumed.slots.attempts[0].intent.body) else frozenset()


def approval(resumed: Resumed, roll: Roll) -> Approval:
    """Count the approving Votes again: right digest, distinct people, each still a member of the seat's group.

    Raises: Drifted when the quorum no longer stands.
    """
    review = resumed.review
    good = {
        vote.person: vote
        for vote in resumed.votes
        if vote.decision is Decision.APPROVE
        and vote.digest == review.digest
        and vote.member in entitled(resumed, roll, vote)
    }
    for seat in review.seats:
        if sum(vote.seat == seat.group for vote in good.values()) < seat.count:
            raise Drifted("an approver is no longer entitled")
    caps = [vote.affected_rows for vote in good.values() if vote.affected_rows is not None]
    return Approval(
        review=review.id,
        digest=review.digest,
        votes=tuple(good.values()),
        use_by=review.use_by or review.expires_at,
        affected_rows=min(caps, default=None),
    )
