"""An approved Review runs once: fresh Reading, equal digest, USE claimed, attempt."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import final

from core.errors import Busy, CallerError, Drifted, GatewayError, Lost, SlotTaken, SourceError, SourceUnavailable
from core.execution import record
from core.execution.attempts import Attempts, Ticket, shielded
from core.execution.failpoints import failpoint
from core.execution.lifting import asked
from core.execution.slots import Slots, project
from core.model import (
    Allow,
    Approval,
    Ask,
    Call,
    Caller,
    Decision,
    Door,
    Doubt,
    Entry,
    EntryKind,
    OnApproval,
    Outcome,
    Permit,
    Question,
    Reading,
    Refuse,
    Review,
    SessionId,
    Slot,
    State,
    Unreadable,
    Verdict,
    Vote,
)
from core.packing import unpack_question
from core.ports import Clock, Connector, Journal, Judge, Payloads, Reviews, Unit, Visit, moved


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """An approved Review with everything its run needs, all of it from the store."""

    review: Review
    question: Question
    slots: Slots
    votes: tuple[Vote, ...]
    attempt: int
    requester: Caller | None = None  # as freshly verified: where the run needs their own request

    @property
    def waits(self) -> bool:
        """Only a request of the requester may begin it, and there is none."""
        return self.review.on_approval is OnApproval.HOLD and self.requester is None

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
            door=Door.COMMAND,
            tool=asked.tool,
            source=asked.source,
            statement=asked.statement,
            parameters=asked.parameters,
            received_at=self.review.opened_at,
        )


@final
class Approved:
    """Claims and runs approved Reviews; any number of replicas may try, one wins USE."""

    def __init__(
        self,
        *,
        connectors: Mapping[str, Connector],
        journal: Journal,
        reviews: Reviews,
        payloads: Payloads,
        judge: Judge,
        attempts: Attempts,
        clock: Clock,
    ) -> None:
        self._connectors = connectors
        self._journal = journal
        self._reviews = reviews
        self._payloads = payloads
        self._judge = judge
        self._attempts = attempts
        self._clock = clock

    async def run(self, review: Review, requester: Caller | None = None) -> None:
        """Claim an approved Review and run it, or take USE `cancelled` when what would run is not what was approved.

        `requester`: who asks for the run now, freshly verified; `hold` needs it, and `run` once the token ended under
        which it was asked. A Source that cannot be reached before the claim changes nothing: it is tried again.
        """
        entries = await self._journal.entries(review.call) + await self._journal.entries(review.id)
        slots = project(entries)
        if slots.state is not State.APPROVED:
            return
        question = unpack_question(await self._payloads.open(review.question))
        votes = await self._reviews.votes(review.id)
        resumed = Resumed(review=review, question=question, slots=slots, votes=votes, attempt=1, requester=requester)
        if resumed.waits or self._clock.now() >= resumed.until:
            return
        connector = self._connectors.get(question.source)
        if connector is None:
            await self.withdraw(review, "source_unknown")
            return
        with contextlib.suppress(SourceError, Busy):
            async with connector.visit(asked(question), name=f"assent:{question.call}:{resumed.attempt}") as visit:
                await self._begin(resumed, visit, connector)

    async def _begin(self, resumed: Resumed, visit: Visit, connector: Connector) -> None:
        """Read again, compare, claim, run: in one visit, so that what was read is what runs."""
        reading = await visit.read()
        if isinstance(reading, Unreadable) and reading.doubt is Doubt.UNAVAILABLE:
            raise SourceUnavailable("no witness could be heard")
        try:
            permit = self._permit(resumed, reading, connector)
        except (Drifted, CallerError) as error:
            await self.withdraw(resumed.review, error.code)
            return
        if not self._wanted(resumed, permit.reading, connector) or not await self._claim(resumed, permit.deadline):
            return
        failpoint("after_claim")
        ticket = Ticket(permit=permit, session=resumed.session, review=resumed.review.id)
        try:
            await self._attempts.run(ticket, visit, connector)
        except BaseException as error:
            await shielded(self._attempts.fail(ticket, *ending(error)))
            raise

    def _permit(self, resumed: Resumed, reading: Reading | Unreadable, connector: Connector) -> Permit:
        """Make the Permit from what is stored; every guard of the claim holds again.

        Raises: Drifted with the reason as its text.
        """
        verdict, approval, reading = self._approval(resumed, reading, connector)
        return self._judge.permit(
            resumed.call,
            resumed.question.caller,
            reading,
            verdict,
            role=resumed.question.role,
            attempt=resumed.attempt,
            deadline=self._attempts.deadline(verdict.limits.timeout),
            approval=approval,
        )

    def _wanted(self, resumed: Resumed, reading: Reading, connector: Connector) -> bool:
        """Whether who asks for the run now would be asked about it in the same way: their groups may have changed."""
        if resumed.requester is None:
            return True
        counted = resumed.question.limits.target_rows
        verdict = self._judge.decide(resumed.call, resumed.requester, connector.source, reading, affected=counted)
        return isinstance(verdict, Ask) and frozenset(verdict.seats) == frozenset(resumed.review.seats)

    def _approval(
        self, resumed: Resumed, reading: Reading | Unreadable, connector: Connector
    ) -> tuple[Ask, Approval, Reading]:
        """Check every guard of the claim again.

        Raises: Drifted with the reason as its text.
        """
        question = resumed.question
        if isinstance(reading, Unreadable):
            raise Drifted("unreadable now")
        if question.policy != self._judge.version:
            raise Drifted("the policy changed")
        counted = question.limits.target_rows  # as people saw it: the number is part of what they decided on
        verdict = self._judge.decide(resumed.call, question.caller, connector.source, reading, affected=counted)
        asked = still_asked(verdict, resumed.review)
        fresh = self._judge.question(resumed.call, question.caller, reading, asked, role=question.role)
        if fresh.digest != resumed.review.digest or fresh.digest != question.digest:
            raise Drifted("the digest differs")
        return asked, approval(resumed, self._judge.members()), reading

    async def _claim(self, resumed: Resumed, deadline: datetime) -> bool:
        review = resumed.review
        entry = Entry(
            kind=EntryKind.CLAIMED,
            scope=review.id,
            attempt=0,
            slot=Slot.USE,
            body={"call": review.call, "deadline": record.milliseconds(deadline)},
        )
        move = moved(review, State.EXECUTING)
        try:
            await self._journal.commit(Unit(entries=(entry,), changes=(move,), before=resumed.until))
        except (SlotTaken, Lost):
            return False
        return True

    async def withdraw(self, review: Review, code: str) -> None:
        """Take USE `cancelled` with the Call's OUTCOME: the question changed, the agent asks anew."""
        used = Entry(
            kind=EntryKind.REVIEW_CANCELLED,
            scope=review.id,
            attempt=0,
            slot=Slot.USE,
            body={"call": review.call, "code": code},
        )
        ended = record.outcome(review.call, 1, Outcome.CANCELLED, code=code)
        row: Review | None = review
        while row is not None and row.state is State.APPROVED:
            try:
                await self._journal.commit(Unit(entries=(used, ended), changes=(moved(row, State.CANCELLED),)))
            except SlotTaken:
                return
            except Lost:
                row = await self._reviews.review(review.id)
                continue
            return


def ending(error: BaseException) -> tuple[GatewayError, Outcome]:
    """Return what an attempt that broke off is closed with; what nobody foresaw is `internal`, without its text."""
    if isinstance(error, asyncio.CancelledError):
        return GatewayError("the run was cancelled"), Outcome.CANCELLED
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


def approval(resumed: Resumed, members: Mapping[str, frozenset[str]]) -> Approval:
    """Count the approving Votes again: right digest, distinct people, each still a member of the seat's group.

    Raises: Drifted when the quorum no longer stands.
    """
    review = resumed.review
    good = {
        vote.person: vote
        for vote in resumed.votes
        if vote.decision is Decision.APPROVE
        and vote.digest == review.digest
        and vote.member in members.get(vote.seat, frozenset())
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
