"""Opening a Review: INTENT, question and card in one unit; an identical Call joins the one that is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeAlias, final

from core.errors import BudgetSpent, Lost
from core.execution import record
from core.execution.asking.patience import Patience
from core.execution.budget import counting, reserved
from core.execution.failpoints import failpoint
from core.execution.record import Case
from core.model import (
    Allow,
    Answer,
    Ask,
    CallId,
    Entry,
    EntryKind,
    Offer,
    Person,
    Reading,
    Review,
    ReviewId,
    State,
    Unreadable,
    Verdict,
    letters,
)
from core.packing import pack_facts, pack_question
from core.ports import (
    Change,
    Clock,
    Connector,
    Impact,
    Journal,
    Judge,
    OpenReview,
    Payload,
    Payloads,
    Reserve,
    Reviews,
    Role,
    Unit,
    acting,
)

TRIES: Final = 16

Met: TypeAlias = tuple[Reading | Unreadable, Verdict]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The Call that people are asked about, and what they were told of its impact; `costs`: what a count may cost."""

    call: CallId
    impact: Impact
    denied: int = 0  # what people denied about the same things within a day


@final
class Asking:
    """Words what people are asked, and makes it durable before anyone is."""

    def __init__(
        self,
        *,
        journal: Journal,
        reviews: Reviews,
        payloads: Payloads,
        judge: Judge,
        clock: Clock,
        patience: Patience,
    ) -> None:
        self._patience = patience
        self._journal = journal
        self._reviews = reviews
        self._payloads = payloads
        self._judge = judge
        self._clock = clock

    async def due(self, case: Case, met: Answer | Met) -> Answer | Met:
        """Leave to people what they are to be asked; answer in their place what they are not."""
        match met:
            case (Reading() as reading, Ask()):
                return await self._patience.ends(case, reading, self._judge.key(case.call, case.caller)) or met
            case _:
                return met

    async def ask(self, case: Case, reading: Reading, verdict: Ask, connector: Connector, impact: Impact) -> Asked:
        """Open a Review, or join the one that asks the same.

        What it may cost to count for people is on record and taken of budgets with it; what these do not hold is not
        counted.
        """
        key, impact = self._judge.key(case.call, case.caller), payable(impact, verdict)
        for _ in range(TRIES):
            review = await self._reviews.attached(key)
            if review is not None:
                return Asked(call=await self._join(case, review), impact=impact)
            try:
                denied = await self._open(case, reading, verdict, connector, impact, key)
            except Lost:
                continue  # an identical one was opened meanwhile
            except BudgetSpent:
                if impact.costs is None:
                    raise
                impact = replace(impact, costs=None)
                continue
            return Asked(call=case.call.id, impact=impact, denied=denied)
        raise Lost("identical calls come and go too fast")

    async def _join(self, case: Case, review: Review) -> CallId:
        call = case.call
        purpose = [payload for payload in record.words(call) if payload.role is Role.PURPOSE]
        kept = await self._payloads.keep(call.id, case.session.id, call.source, purpose) if purpose else ()
        joined = record.attached(call.id, review, call.tool.value, kept)
        await self._journal.commit(Unit(entries=(joined,), unblocked=case.parties))
        return review.call

    async def _open(
        self, case: Case, reading: Reading, verdict: Ask, connector: Connector, impact: Impact, key: str
    ) -> int:
        call, caller = case.call, case.caller
        question = self._judge.question(call, caller, reading, verdict, role=acting(connector, reading))
        denied = await self._patience.denials(reading)
        facts = replace(self._judge.facts(call, caller, reading, verdict, impact), denied=denied)
        asked = (
            *record.words(call),
            Payload(role=Role.QUESTION, content=pack_question(question)),
            Payload(role=Role.FACTS, content=pack_facts(facts)),
        )
        kept = await self._payloads.keep(call.id, case.session.id, call.source, asked)
        now = self._clock.now()
        review = Review(
            id=new_review(),
            call=call.id,
            request_key=key,
            digest=question.digest,
            state=State.PENDING,
            version=1,
            seats=verdict.seats,
            requester=requester(case),
            owner=caller.owner,
            principal=caller.principal,
            question=kept[-2].id,
            facts=kept[-1].id,
            risk=facts.risk,
            on_approval=verdict.on_approval,
            channel=verdict.channel,
            opened_at=now,
            expires_at=now + verdict.expires,
            offer=self._offer(case, reading, verdict, connector),
        )
        opened = Entry(
            kind=EntryKind.OPENED,
            scope=review.id,
            body={
                "call": call.id,
                "digest": review.digest,
                "seats": {seat.group: seat.count for seat in review.seats},
                "expires": record.milliseconds(review.expires_at),
                "risk": review.risk,
                **({"channel": review.channel} if review.channel else {}),
                **record.counting(call.id, impact.costs),
            },
        )
        intent = record.intent(case, reading, verdict, kept, risk=facts.risk)
        failpoint("before_intent")
        changes: tuple[Change, ...] = (
            OpenReview(review=review),
            *reserved(case, reading),
            *self._counting(case, reading, verdict, connector, impact),
        )
        await self._journal.commit(
            Unit(entries=(intent, opened), changes=changes, unblocked=case.parties, policy=case.policy)
        )
        failpoint("after_intent")
        return denied

    def _counting(
        self, case: Case, reading: Reading, verdict: Ask, connector: Connector, impact: Impact
    ) -> tuple[Reserve, ...]:
        """Take of budgets what it may cost to count."""
        if impact.costs is None:
            return ()
        limits = replace(verdict.limits, billed_bytes=impact.costs)
        charges = self._judge.charges(case.caller, connector.source, reading, limits)
        return counting(charges, case.call.id, case.payer)

    def _offer(self, case: Case, reading: Reading, verdict: Ask, connector: Connector) -> Offer | None:
        """Say over what people may give a grant with it, where they may."""
        if verdict.grant is None:
            return None
        covered = self._judge.coverage(case.call, case.caller, reading, role=acting(connector, reading))
        return None if covered is None else Offer(coverage=covered, most=verdict.grant)


def payable(impact: Impact, verdict: Ask) -> Impact:
    """Bound what a count may cost by what the change itself may."""
    most = verdict.limits.billed_bytes
    return impact if impact.costs is None or most is None else replace(impact, costs=min(impact.costs, most))


def requester(case: Case) -> Person | None:
    """Who must not vote: the person who asks; of a machine, its owner stands in `owner`."""
    return case.caller.person


def new_review() -> ReviewId:
    """Return a new Review's id: 130 random bits."""
    return ReviewId("rev_" + letters())


def countable(reading: Reading | Unreadable, verdict: Verdict) -> bool:
    """Count before deciding only where no protected column is read; a count relaxes what its lack closed."""
    return isinstance(reading, Reading) and reading.writes and not reading.protected and not isinstance(verdict, Allow)
