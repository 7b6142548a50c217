"""Who sees grants and ends them: to end one needs one person, who may vote on what it was given for, or gave it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from core import subject
from core.errors import Blocked, Lost, NotFound, SlotTaken
from core.model import Grant, GrantId, Identity, Review
from core.packing import unpack_facts, unpack_question
from core.ports import (
    Clock,
    Grants,
    Journal,
    Lasting,
    Macs,
    Party,
    PartyKind,
    Payloads,
    Reviews,
    Roll,
    Said,
    Subjects,
    Unit,
    ended,
)
from core.reviews.votes import apart, involved, listed

UNSAID: Final = ""


@final
class Grantors:
    """The port Grantors over the store alone."""

    def __init__(
        self,
        *,
        journal: Journal,
        reviews: Reviews,
        grants: Grants,
        payloads: Payloads,
        macs: Macs,
        subjects: Subjects,
        roll: Callable[[], Roll],
        clock: Clock,
    ) -> None:
        self._journal = journal
        self._reviews = reviews
        self._grants = grants
        self._payloads = payloads
        self._macs = macs
        self._subjects = subjects
        self._roll = roll
        self._clock = clock

    async def lasting(self, who: Identity) -> tuple[Lasting, ...]:
        """Grants that still let something run and that this person may see, first given first."""
        found = []
        for grant in await self._grants.standing(self._clock.now()):
            row = await self._reviews.review(grant.review)
            if row is not None and grant.live(self._clock.now()) and self._concerns(who, row):
                found.append(await self._shown(who, grant, row))
        return tuple(found)

    async def end(self, who: Identity, name: GrantId) -> Said:
        """End a grant: nothing begins under it, and what has begun does not come to last; durable when this returns.

        Raises: StoreError, when nothing was recorded.
        """
        grant = await self._grants.grant(name)
        row = None if grant is None else await self._reviews.review(grant.review)
        if grant is None or row is None or not self._concerns(who, row):
            return Said.UNKNOWN
        if not self._may_end(who, row):
            return apart(row, who) or Said.NOT_ELIGIBLE
        by = subject.of_identity(self._macs, who)
        await self._subjects.know(by, who.name)  # before an Entry holds it
        entry, change = ended(grant, by, self._clock.now(), via=who.via)
        unblocked = frozenset({Party(kind=PartyKind.PERSON, id=by)})
        try:
            await self._journal.commit(Unit(entries=(entry,), changes=(change,), unblocked=unblocked))
        except Blocked:
            return Said.NOT_ELIGIBLE
        except (Lost, SlotTaken):
            return Said.CLOSED
        return Said.REVOKED

    def _concerns(self, who: Identity, row: Review) -> bool:
        return self._asked(who, row) or who.person in involved(row)

    def _asked(self, who: Identity, row: Review) -> bool:
        groups = self._roll().groups
        return any(listed(who, groups.get(seat.group, frozenset())) for seat in row.seats)

    def _may_end(self, who: Identity, row: Review) -> bool:
        return apart(row, who) is None and self._asked(who, row)

    async def _shown(self, who: Identity, grant: Grant, row: Review) -> Lasting:
        votes = await self._reviews.votes(grant.review)
        agent, requester, does = await self._words(row)
        return Lasting(
            grant=grant,
            agent=agent,
            requester=requester,
            does=does,
            givers=tuple(vote.name for vote in votes if vote.grant is not None),
            yours=any(vote.person == who.person and vote.grant is not None for vote in votes),
            may_end=self._may_end(who, row),
        )

    async def _words(self, row: Review) -> tuple[str, str, str]:
        """Name agent, requester and what is done, as the Review told it; words that were erased are not said again."""
        try:
            question = unpack_question(await self._payloads.open(row.question))
            facts = unpack_facts(await self._payloads.open(row.facts))
        except NotFound:
            return row.principal[2], UNSAID, UNSAID
        does = f"{', '.join(facts.verbs)} {', '.join(facts.things)}"
        return facts.agent or question.caller.client, question.caller.name, does
