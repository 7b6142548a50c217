"""An approved Review runs once: fresh Reading, equal digest, USE claimed, attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import final

from core.errors import Drifted, GatewayError, Lost, NotFound, SlotTaken, SourceError
from core.execution import record
from core.execution.attempts import Attempts, Ticket
from core.execution.slots import Slots, project
from core.model import (
    Allow,
    Approval,
    Ask,
    Call,
    Decision,
    Door,
    Entry,
    EntryKind,
    Outcome,
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
from core.ports import Clock, Connector, Journal, Judge, Payloads, Reviews, Statement, Unit, Visit, moved


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """An approved Review with everything its run needs, all of it from the store."""

    review: Review
    question: Question
    slots: Slots
    votes: tuple[Vote, ...]
    attempt: int

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

    async def run(self, review: Review) -> None:
        """Claim an approved Review and run it, or take USE `cancelled` when what would run is not what was approved."""
        entries = await self._journal.entries(review.call) + await self._journal.entries(review.id)
        slots = project(entries)
        if slots.state is not State.APPROVED:
            return
        question = unpack_question(await self._payloads.open(review.question))
        votes = await self._reviews.votes(review.id)
        resumed = Resumed(review=review, question=question, slots=slots, votes=votes, attempt=1)
        connector = self._connectors.get(question.source)
        if connector is None:
            await self.withdraw(review, "source_unknown")
            return
        statement = Statement(text=question.statement, parameters=question.parameters)
        try:
            async with connector.visit(statement, name=f"assent:{question.call}:{resumed.attempt}") as visit:
                await self._begin(resumed, visit, connector)
        except SourceError as error:
            if self._clock.now() >= (review.use_by or self._clock.now()):
                await self.withdraw(review, error.code)

    async def _begin(self, resumed: Resumed, visit: Visit, connector: Connector) -> None:
        """Read again, compare, claim, run: in one visit, so that what was read is what runs."""
        reading = await visit.read()
        try:
            verdict, approval, reading = self._approval(resumed, reading, connector)
        except GatewayError as error:
            await self.withdraw(resumed.review, error.code)
            return
        deadline = self._attempts.deadline(verdict.limits.timeout)
        try:
            permit = self._judge.permit(
                resumed.call,
                resumed.question.caller,
                reading,
                verdict,
                role=resumed.question.role,
                attempt=resumed.attempt,
                deadline=deadline,
                approval=approval,
            )
        except GatewayError as error:
            await self.withdraw(resumed.review, error.code)
            return
        if not await self._claim(resumed.review, deadline):
            return
        ticket = Ticket(permit=permit, session=resumed.session, review=resumed.review.id)
        if reading.writes:
            await self._attempts.write(ticket, visit, connector)
        else:
            await self._attempts.read(ticket, visit)

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
        verdict = self._judge.decide(resumed.call, question.caller, connector.source, reading)
        asked = still_asked(verdict, resumed.review)
        fresh = self._judge.question(resumed.call, question.caller, reading, asked, role=question.role)
        if fresh.digest != resumed.review.digest or fresh.digest != question.digest:
            raise Drifted("the digest differs")
        return asked, approval(resumed, self._judge.members()), reading

    async def _claim(self, review: Review, deadline: datetime) -> bool:
        entry = Entry(
            kind=EntryKind.CLAIMED,
            scope=review.id,
            attempt=0,
            slot=Slot.USE,
            body={"call": review.call, "deadline": record.milliseconds(deadline)},
        )
        move = moved(review, State.EXECUTING)
        try:
            await self._journal.commit(Unit(entries=(entry,), changes=(move,), before=review.use_by))
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
        move = moved(review, State.CANCELLED)
        try:
            await self._journal.commit(Unit(entries=(used, ended), changes=(move,)))
        except (SlotTaken, Lost, NotFound):
            return


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
