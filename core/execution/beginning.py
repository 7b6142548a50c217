"""What runs without asking: what is allowed, and what a grant lets run in people's place; INTENT, Permit, run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Final, final

from core import subject
from core.errors import Drifted, Lost, SlotTaken
from core.execution import budget, record
from core.execution.asking.patience import Patience
from core.execution.attempts import Attempts, Ticket
from core.execution.barrier import Barrier, Parties
from core.execution.failpoints import failpoint
from core.execution.record import Case
from core.model import (
    Allow,
    Answer,
    Ask,
    Coverage,
    Decision,
    Entry,
    EntryKind,
    Grant,
    Permit,
    Reading,
    Slot,
    Use,
)
from core.ports import (
    Clock,
    Connector,
    Grants,
    Journal,
    Judge,
    Macs,
    Party,
    PartyKind,
    Payloads,
    Reviews,
    Unit,
    UseGrant,
    Visit,
    acting,
)

TOLD: Final = "It ran under a grant that reviewers gave for statements of this shape: use {use} of {uses}, until {end}."


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A Call as it was read and decided, at the Source where it would run."""

    case: Case
    connector: Connector
    reading: Reading
    verdict: Allow | Ask

    @property
    def role(self) -> str:
        """The database role it would run as."""
        return acting(self.connector, self.reading)


@final
class Beginning:
    """Begins an attempt that needs nobody's answer, in the visit that read it: what was read is what runs."""

    def __init__(
        self,
        *,
        journal: Journal,
        reviews: Reviews,
        grants: Grants,
        payloads: Payloads,
        judge: Judge,
        attempts: Attempts,
        patience: Patience,
        barrier: Barrier,
        macs: Macs,
        clock: Clock,
    ) -> None:
        self._journal = journal
        self._reviews = reviews
        self._grants = grants
        self._payloads = payloads
        self._judge = judge
        self._attempts = attempts
        self._patience = patience
        self._barrier = barrier
        self._macs = macs
        self._clock = clock

    async def begin(self, start: Start, visit: Visit) -> Answer | None:
        """Run what is allowed, and what a grant covers; None: people are asked."""
        return await (self._allowed if isinstance(start.verdict, Allow) else self._granted)(start, visit)

    async def _allowed(self, start: Start, visit: Visit) -> Answer:
        permit = self._permit(start, None)
        ticket = await self._taken(start, permit, start.case.parties)
        return await self._attempts.run(ticket, visit, start.connector)

    async def _granted(self, start: Start, visit: Visit) -> Answer | None:
        """Run what a grant covers.

        An identical Call that waits, runs, or ended nobody knows how comes first; so does what was denied just now.
        """
        covered = self._covered(start)
        if covered is None:
            return None
        key = self._judge.key(start.case.call, start.case.caller)
        if await self._reviews.attached(key) or await self._patience.denied(start.case.caller, key):
            return None
        for grant in await self._grants.covering(covered):
            ticket = await self._used(start, grant)
            if ticket is not None:
                return await self._run(ticket, visit, start.connector)
        return None

    def _covered(self, start: Start) -> Coverage | None:
        """Say what a grant for it would be of; None: none may be given, so none holds."""
        if not isinstance(start.verdict, Ask) or start.verdict.grant is None:
            return None
        return self._judge.coverage(start.case.call, start.case.caller, start.reading, role=start.role)

    async def _run(self, ticket: Ticket, visit: Visit, connector: Connector) -> Answer:
        """Run it, until somebody is blocked on whose word it runs."""
        try:
            with self._barrier.running(ticket.parties):
                return await self._attempts.run(ticket, visit, connector)
        except asyncio.CancelledError as error:
            cause = self._barrier.cause(ticket.parties, error)
            if cause is error:
                raise
            raise cause from error

    async def _used(self, start: Start, grant: Grant) -> Ticket | None:
        """Take a grant's next use for a Call; None: it has none for it, or somebody else took it first."""
        if not grant.live(self._clock.now()):
            return None
        use = await self._use(grant)
        parties = start.case.parties | self._givers(use)
        if self._barrier.stops(parties):
            return None
        reading = replace(start.reading, notes=(*start.reading.notes, told(use)))
        try:
            return await self._taken(start, self._permit(replace(start, reading=reading), use), parties)
        except (Drifted, Lost, SlotTaken):
            return None

    async def _use(self, grant: Grant) -> Use:
        """Count the Votes that gave it again: each of somebody who may still cast it."""
        members = self._judge.members()
        votes = tuple(
            vote
            for vote in await self._reviews.votes(grant.review)
            if vote.decision is Decision.APPROVE and vote.member in members.get(vote.seat, frozenset())
        )
        return Use(grant=grant, number=grant.uses + 1, votes=votes)

    def _givers(self, use: Use) -> Parties:
        people = (subject.of_person(self._macs, vote.person) for vote in use.votes)
        return frozenset(Party(kind=PartyKind.PERSON, id=one) for one in people)

    def _permit(self, start: Start, use: Use | None) -> Permit:
        case, verdict = start.case, start.verdict
        deadline = self._attempts.deadline(verdict.limits.timeout)
        return self._judge.permit(
            case.call, case.caller, start.reading, verdict, role=start.role, attempt=1, deadline=deadline, use=use
        )

    async def _taken(self, start: Start, permit: Permit, parties: Parties) -> Ticket:
        """Make the INTENT durable, with the use of a grant and what it may use of budgets, in one unit.

        Raises: Lost, SlotTaken where a grant's use is another's; Barred.
        """
        case, use = start.case, permit.use
        kept = await self._payloads.keep(case.call.id, case.session.id, case.call.source, record.words(case.call))
        by = () if use is None else tuple(sorted(party.id for party in self._givers(use)))
        under = None if use is None else record.Under(grant=use.grant.id, number=use.number, by=by)
        intent = record.intent(case, start.reading, start.verdict, kept, deadline=permit.deadline, under=under)
        failpoint("before_intent")
        charges = self._judge.charges(case.caller, start.connector.source, start.reading, permit.limits)
        spent = budget.reserved(case, start.reading, charges)
        unit = Unit(entries=(intent,), changes=spent, unblocked=parties, policy=case.policy)
        await self._journal.commit(unit if use is None else used(unit, use, case, by))
        failpoint("after_intent")
        return Ticket(permit=permit, session=case.session.id, parties=parties, budgeted=bool(charges))


def used(unit: Unit, use: Use, case: Case, by: tuple[str, ...]) -> Unit:
    """Add a grant's use: first among its rows, and before the end of the grant and of the token it is used with."""
    grant = use.grant
    taken = Entry(
        kind=EntryKind.PERMIT_USED,
        scope=grant.id,
        attempt=use.number,
        slot=Slot.USE,
        body={"call": case.call.id, "fingerprint": grant.coverage.fingerprint, "by": list(by)},
    )
    return replace(
        unit,
        entries=(*unit.entries, taken),
        changes=(UseGrant(grant=grant, call=case.call.id), *unit.changes),
        before=min(grant.until, case.caller.expires_at),
    )


def told(use: Use) -> str:
    """Tell the agent by whose leave it ran."""
    return TOLD.format(use=use.number, uses=use.grant.caps.uses, end=f"{use.grant.until:%H:%M} UTC")
