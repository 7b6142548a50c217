"""Keeps a gateway to what operators put in force, at once and across replicas: blocks, and the policy."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Final, final

from core import subject
from core.errors import Blocked, Lost, SlotTaken, Superseded
from core.execution.asking.withdrawing import Withdrawing
from core.execution.background.watch import Watch
from core.execution.barrier import Barrier, Parties
from core.execution.turns import STANDING, Turns
from core.model import Grant, Json, Review, State
from core.ports import (
    Clock,
    Grants,
    Journal,
    Macs,
    Party,
    PartyKind,
    Policies,
    Reviews,
    Standing,
    Unit,
    ended,
)

PERIOD: Final = 5.0  # seconds between looks when no word comes


@final
class Vigil:
    """One per gateway process; several replicas may withdraw one Review, a slot decides who was first."""

    def __init__(
        self,
        *,
        barrier: Barrier,
        journal: Journal,
        reviews: Reviews,
        grants: Grants,
        macs: Macs,
        turns: Turns,
        watch: Watch,
        standing: Standing,
        policies: Policies,
        clock: Clock,
        gateway: bool = True,
    ) -> None:
        """`gateway`: whether this process ends what waits; the people's side alone cannot."""
        self._standing = standing
        self._policies = policies
        self._clock = clock
        self._gateway = gateway
        self._barrier = barrier
        self._journal = journal
        self._reviews = reviews
        self._grants = grants
        self._macs = macs
        self._turns = turns
        self._watch = watch
        self._withdrawing = Withdrawing(journal, reviews)
        self._judged = ""  # under which policy open questions were looked at last

    async def serve(self) -> None:
        """Look whenever something was put in force, and every few seconds, until cancelled."""
        while True:
            turn = self._turns.turn(STANDING)
            await self._watch.over("standing", self.look())
            try:
                await asyncio.wait_for(turn.wait(), PERIOD)
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Take what stands: end what runs for who is blocked, withdraw what waits for them.

        Raises: StoreError.
        """
        changed = await self._follow()
        await self._barrier.refresh()
        if self._gateway and (changed or self._barrier.any):
            for review in await self._reviews.in_state(State.PENDING, State.APPROVED):
                await self._judge(review)
            for grant in await self._grants.standing(self._clock.now()):
                await self._ends(grant)

    async def _ends(self, grant: Grant) -> None:
        """End the grant of who is blocked, or whose giver is, and one that another policy let be given."""
        review = await self._reviews.review(grant.review)
        if review is None:
            return
        asked = (await self._journal.entries(grant.call))[0].body
        if self._barrier.stops(await self._parties(review, asked)):
            await self._end(grant, Blocked.code)
        elif grant.coverage.policy != self._policies.version:
            await self._end(grant, Superseded.code)

    async def _end(self, grant: Grant, code: str) -> None:
        entry, change = ended(grant, code, self._clock.now())
        with contextlib.suppress(SlotTaken, Lost):  # another did
            await self._journal.commit(Unit(entries=(entry,), changes=(change,)))

    async def _follow(self) -> bool:
        """Take the policy in force; whether open questions were asked under another."""
        version = await self._standing.version()
        if version not in {"", self._policies.version}:
            found = await self._standing.policy()
            if found is not None:
                self._policies.adopt(*found)
        changed, self._judged = self._policies.version != self._judged, self._policies.version
        return changed

    async def _judge(self, review: Review) -> None:
        """Withdraw a Review of who is blocked, and one whose question another policy asked."""
        intent = (await self._journal.entries(review.call))[0].body
        verdict = intent.get("verdict")
        asked = verdict.get("policy") if isinstance(verdict, Mapping) else None
        if self._barrier.stops(await self._parties(review, intent)):
            await self._withdrawing.withdraw(review, Blocked.code)
        elif asked != self._policies.version:
            await self._withdrawing.withdraw(review, Superseded.code)

    async def _parties(self, review: Review, intent: Mapping[str, Json]) -> Parties:
        """Name whose Review it is, and on whose votes it stands."""
        source = intent.get("source")
        name = str(source.get("name")) if isinstance(source, Mapping) else ""
        people = {one for one in (review.requester, review.owner) if one is not None}
        people |= {vote.person for vote in await self._reviews.votes(review.id)}
        known = {
            subject.of_principal(self._macs, review.principal),
            *(subject.of_person(self._macs, one) for one in people),
        }
        persons = frozenset(Party(kind=PartyKind.PERSON, id=one) for one in known)
        return persons | subject.places(review.principal[2], name)
