"""An approved Review runs at most once: fresh Reading, equal digest, the unit that begins an attempt, its run.

Attempt 1 begins with USE `claimed`; attempt n+1 with its INTENT, in one unit with the OUTCOME of attempt n where
recovery begins it, alone where the requester does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, final

from core import subject
from core.errors import Away, Barred, Busy, CallerError, Drifted, Lost, SlotTaken, SourceError, SourceUnavailable
from core.execution import budget, record
from core.execution.asking.lifting import asked
from core.execution.asking.withdrawing import Withdrawing
from core.execution.attempts import Attempts, Ticket
from core.execution.barrier import Barrier
from core.execution.failpoints import failpoint
from core.execution.resumed import Ended, Resumed, approval, ending, still_asked
from core.execution.shielding import shielded
from core.execution.slots import RESULT, Slots, project
from core.model import (
    Approval,
    Ask,
    Caller,
    Doubt,
    Entry,
    EntryKind,
    Json,
    Outcome,
    Permit,
    Reading,
    Review,
    Slot,
    State,
    Unreadable,
)
from core.packing import unpack_question
from core.ports import (
    Clock,
    Connector,
    Journal,
    Judge,
    Macs,
    Party,
    PartyKind,
    Payloads,
    Reserve,
    Reviews,
    Unit,
    Visit,
    moved,
)

SOURCE_UNKNOWN: Final = "source_unknown"
NO_MORE: Final[Mapping[str, Json]] = MappingProxyType({})


@final
class Approved:
    """Begins and runs attempts of approved Reviews; any number of replicas may try, the slots say who does."""

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
        macs: Macs,
        barrier: Barrier,
    ) -> None:
        self._macs = macs
        self._barrier = barrier
        self._withdrawing = Withdrawing(journal, reviews)
        self._connectors = connectors
        self._journal = journal
        self._reviews = reviews
        self._payloads = payloads
        self._judge = judge
        self._attempts = attempts
        self._clock = clock

    async def run(self, review: Review, requester: Caller | None = None) -> None:
        """Begin an approved Review, or the attempt that its requester was to ask for; else nothing.

        `requester`: who asks for the run now, freshly verified; `hold` needs it, and `run` once the token ended under
        which it was asked. What would run is no longer what was approved: it is given up. A Source that cannot be
        reached changes nothing: it is tried again.
        """
        entries = await self._journal.entries(review.call) + await self._journal.entries(review.id)
        slots = project(entries)
        if slots.state is State.APPROVED:
            await self._resume(await self._resumed(review, slots, 1, requester))
        elif slots.follows:
            await self._resume(await self._resumed(review, slots, slots.latest.number + 1, requester))

    async def again(self, review: Review, slots: Slots, ended: Ended) -> None:
        """Close an attempt that proved to be without effect, in one unit with what lets the next one follow.

        Where only the requester may begin it, its OUTCOME says that it is not final and nothing else.
        """
        resumed = await self._resumed(review, slots, slots.latest.number + 1, None, ended)
        if resumed.waits(self._clock.now()):
            entries = (*ended.before, self._ended(resumed, final=False))
            settled = budget.settled(review.call, resumed.attempt - 1, ended.result, ended.paid)
            won = await self._try(Unit(entries=entries, changes=(settled,), after=ended.since, before=review.use_by))
            connector = self._connectors.get(resumed.question.source)
            if won and connector is not None:  # what was given up may still hold locks
                await connector.end(frozenset({record.backend(review.call, resumed.attempt - 1)}))
        else:
            await self._resume(resumed)

    async def _resumed(
        self, review: Review, slots: Slots, attempt: int, requester: Caller | None, ended: Ended | None = None
    ) -> Resumed:
        return Resumed(
            review=review,
            question=unpack_question(await self._payloads.open(review.question)),
            slots=slots,
            votes=await self._reviews.votes(review.id),
            attempt=attempt,
            requester=requester,
            ended=ended,
        )

    async def _resume(self, resumed: Resumed) -> None:
        question, now = resumed.question, self._clock.now()
        if resumed.waits(now) or now >= resumed.until:
            return
        connector = self._connectors.get(question.source)
        if connector is None:
            await self._give_up(resumed, SOURCE_UNKNOWN)
            return
        with contextlib.suppress(SourceError, Busy):
            async with connector.visit(asked(question), name=record.backend(question.call, resumed.attempt)) as visit:
                await self._begin(resumed, visit, connector)

    async def _begin(self, resumed: Resumed, visit: Visit, connector: Connector) -> None:
        """Read again, compare, begin, run: in one visit, so that what was read is what runs."""
        reading = await visit.read()
        if isinstance(reading, Unreadable) and reading.doubt is Doubt.UNAVAILABLE:
            raise SourceUnavailable("no witness could be heard", Away.UNWITNESSED)
        try:
            permit = self._permit(resumed, reading, connector)
        except (Drifted, CallerError) as error:
            await self._give_up(resumed, error.code)
            return
        if not self._wanted(resumed, permit.reading, connector):
            return
        parties = self._parties(resumed)
        failpoint("before_claim" if resumed.attempt == 1 else "before_next")
        try:
            unit, charges = self._beginning(resumed, permit.deadline), self._charges(resumed, permit, connector)
            changes = (*unit.changes, *charges)
            if not await self._try(replace(unit, changes=changes, unblocked=parties, policy=resumed.question.policy)):
                return
        except Barred as bar:
            await self._give_up(resumed, bar.code, record.until(bar))
            return
        failpoint("after_claim" if resumed.attempt == 1 else "after_next")
        if resumed.attempt > 1:  # its predecessor may be frozen, with locks
            await connector.end(frozenset({record.backend(permit.call.id, resumed.attempt - 1)}))
        ticket = Ticket(
            permit=permit,
            session=resumed.session,
            review=resumed.review.id,
            parties=parties,
            budgeted=bool(charges),
        )
        await self._go(ticket, visit, connector)

    async def _go(self, ticket: Ticket, visit: Visit, connector: Connector) -> None:
        try:
            with self._barrier.running(ticket.parties):
                await self._attempts.run(ticket, visit, connector)
        except BaseException as error:
            await shielded(self._attempts.fail(ticket, *ending(self._barrier.cause(ticket.parties, error))))
            raise

    def _parties(self, resumed: Resumed) -> frozenset[Party]:
        """Name who must not be blocked: who asked, their agent, the Source, and who said yes."""
        voters = (subject.of_person(self._macs, vote.person) for vote in resumed.votes)
        asked_by = subject.parties(self._macs, resumed.question.caller, resumed.question.source)
        return asked_by | {Party(kind=PartyKind.PERSON, id=one) for one in voters}

    def _charges(self, resumed: Resumed, permit: Permit, connector: Connector) -> tuple[Reserve, ...]:
        """Give the reservations of the attempt that would begin."""
        caller, first = permit.caller, resumed.attempt == 1
        return budget.taken(
            self._judge.charges(caller, connector.source, permit.reading, permit.limits),
            permit.call.id,
            subject.payer(self._macs, caller),
            attempt=resumed.attempt,
            review=resumed.review.id if first else None,
        )

    def _permit(self, resumed: Resumed, reading: Reading | Unreadable, connector: Connector) -> Permit:
        """Make the Permit from what is stored; every guard of the claim holds again.

        Raises: Drifted with the reason as its text.
        """
        verdict, approved, reading = self._approval(resumed, reading, connector)
        return self._judge.permit(
            resumed.call,
            resumed.question.caller,
            reading,
            verdict,
            role=resumed.question.role,
            attempt=resumed.attempt,
            deadline=self._attempts.deadline(verdict.limits.timeout),
            approval=approved,
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
        reading = replace(reading, bytes=question.bytes)  # as people saw it: a larger bill fails at its bound, unbilled
        if question.policy != self._judge.version:
            raise Drifted("the policy changed")
        counted = question.limits.target_rows  # as people saw it: the number is part of what they decided on
        verdict = self._judge.decide(resumed.call, question.caller, connector.source, reading, affected=counted)
        still = still_asked(verdict, resumed.review)
        fresh = self._judge.question(resumed.call, question.caller, reading, still, role=question.role)
        if fresh.digest != resumed.review.digest or fresh.digest != question.digest:
            raise Drifted("the digest differs")
        return still, approval(resumed, self._judge.roll()), reading

    # ------------------------------------------------------------ units

    def _beginning(self, resumed: Resumed, deadline: datetime) -> Unit:
        """Word the unit that begins an attempt; nobody dies between the end of one and the begin of the next."""
        review = resumed.review
        if resumed.attempt == 1:
            body: dict[str, Json] = {"call": review.call, "deadline": record.milliseconds(deadline)}
            claimed = Entry(kind=EntryKind.CLAIMED, scope=review.id, attempt=0, slot=Slot.USE, body=body)
            return Unit(entries=(claimed,), changes=(moved(review, State.EXECUTING),), before=resumed.until)
        intent = record.again(resumed.slots.attempts[0].intent.body, review.call, resumed.attempt, deadline)
        if resumed.ended is None:
            return Unit(entries=(intent,), before=resumed.until)
        entries = (*resumed.ended.before, self._ended(resumed, final=False), intent)
        settled = budget.settled(review.call, resumed.attempt - 1, resumed.ended.result, resumed.ended.paid)
        return Unit(entries=entries, changes=(settled,), before=resumed.until, after=resumed.ended.since)

    def _ended(self, resumed: Resumed, *, final: bool, code: str = "") -> Entry:
        """Word the OUTCOME of the attempt before."""
        result = resumed.ended.result if resumed.ended else Outcome.NOT_EXECUTED
        said = {"recovered": True} if final else {"recovered": True, "final": False}
        return record.outcome(resumed.review.call, resumed.attempt - 1, result, code=code, more=said)

    async def _give_up(self, resumed: Resumed, code: str, more: Mapping[str, Json] = NO_MORE) -> None:
        """End a Call whose next attempt may not begin: the question changed, the agent asks anew."""
        review, ended = resumed.review, resumed.ended
        if resumed.attempt == 1:
            await self._withdrawing.withdraw(review, code, more)
        elif ended is not None:
            entries = (*ended.before, self._ended(resumed, final=True, code=code))
            settled = budget.settled(review.call, resumed.attempt - 1, ended.result, ended.paid)
            changes = (moved(review, RESULT[ended.result]), settled)
            await self._try(Unit(entries=entries, changes=changes, after=ended.since))
        else:
            entries = record.unbegun(resumed.slots, review.call, Outcome.CANCELLED, code)
            await self._try(Unit(entries=entries, changes=(moved(review, State.CANCELLED),)))

    async def _try(self, unit: Unit) -> bool:
        try:
            await self._journal.commit(unit)
        except (SlotTaken, Lost):
            return False
        return True
