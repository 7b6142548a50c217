"""What a reviewer stops alone: an approval, what it began, the agent that asks; no reason is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final, final

from core import subject
from core.entitled import asked
from core.errors import Blocked, Lost, SlotTaken
from core.model import Digest, Entry, EntryKind, Identity, Json, Review, ReviewId, Slot, State
from core.ports import (
    Block,
    Clock,
    Journal,
    Macs,
    Party,
    PartyKind,
    Reviews,
    Roll,
    Said,
    SetBlock,
    Subjects,
    Unit,
    WantStop,
    moved,
)
from core.reviews.votes import apart, listed

HOUR: Final = timedelta(hours=1)  # how long reviewers may block an agent; longer is for operators
TRIES: Final = 64  # another's act came first: each time the Review stands elsewhere
ALIVE: Final = frozenset({State.PENDING, State.APPROVED, State.EXECUTING})


@final
class Brakes:
    """The port Brakes over the store alone; the people's side takes slots and wishes, a gateway writes outcomes."""

    def __init__(
        self,
        *,
        journal: Journal,
        reviews: Reviews,
        macs: Macs,
        subjects: Subjects,
        roll: Callable[[], Roll],
        clock: Clock,
    ) -> None:
        self._journal = journal
        self._reviews = reviews
        self._macs = macs
        self._subjects = subjects
        self._roll = roll
        self._clock = clock

    async def revoke(self, who: Identity, review: ReviewId, digest: Digest) -> Said:
        """Take an approval back, or have what it began given up; the slots say which of the two it was.

        Raises: StoreError, when nothing was recorded.
        """
        for _ in range(TRIES):
            row = await self._reviews.review(review)
            barred = self._barred(row, who, digest)
            if row is None or barred is not None:
                return barred or Said.UNKNOWN
            if row.state not in {State.APPROVED, State.EXECUTING}:
                return Said.NOTHING
            by = await self._known(who)
            unit = taken_back(row, by, who.via) if row.state is State.APPROVED else wished(row, by, who.via)
            try:
                await self._commit(unit, by)
            except Blocked:
                return Said.NOT_ELIGIBLE
            except (SlotTaken, Lost):
                continue
            return Said.REVOKED if row.state is State.APPROVED else Said.STOPPING
        raise Lost("a revocation was overtaken again and again")

    async def block(self, who: Identity, review: ReviewId, digest: Digest) -> Said:
        """Block the agent that asks for an hour, for everybody it acts for.

        Raises: StoreError, when nothing was recorded.
        """
        row = await self._reviews.review(review)
        barred = self._barred(row, who, digest)
        if row is None or barred is not None:
            return barred or Said.UNKNOWN
        if row.state not in ALIVE:
            return Said.NOTHING
        by = await self._known(who)
        until = self._clock.now() + HOUR
        party = self._agent(row)
        said: dict[str, Json] = {
            "of": {"kind": party.kind.value, "id": party.id},
            "by": by,
            "via": who.via,
            "until": int(until.timestamp() * 1000),
            "card": row.id,
        }
        entry = Entry(kind=EntryKind.BLOCK_SET, body=said)
        try:
            await self._commit(
                Unit(entries=(entry,), changes=(SetBlock(block=Block(party=party, until=until)),)),
                by,
            )
        except Blocked:
            return Said.NOT_ELIGIBLE
        return Said.BLOCKED

    def _barred(self, row: Review | None, who: Identity, digest: Digest) -> Said | None:
        """Who may vote on it may stop it, whether or not a seat is free; nobody else learns that it is there."""
        if row is None:
            return Said.UNKNOWN
        if (same := apart(row, who)) is not None:
            return same
        if not any(listed(who, names) for names in asked(self._roll(), row, self._clock.now()).values()):
            return Said.NOT_ELIGIBLE
        return Said.MISMATCH if digest != row.digest else None

    def _agent(self, row: Review) -> Party:
        """Name the agent by its verified client id; where its token named none, the one principal that asked."""
        client = row.principal[2]
        if client:
            return Party(kind=PartyKind.AGENT, id=client)
        return Party(kind=PartyKind.PERSON, id=subject.of_principal(self._macs, row.principal))

    async def _known(self, who: Identity) -> str:
        pseudonym = subject.of_identity(self._macs, who)
        await self._subjects.know(pseudonym, who.name)  # before an Entry holds it
        return pseudonym

    async def _commit(self, unit: Unit, by: str) -> None:
        await self._journal.commit(replace(unit, unblocked=frozenset({Party(kind=PartyKind.PERSON, id=by)})))


def taken_back(row: Review, by: str, via: str) -> Unit:
    """Word the unit that takes USE before anybody claims it; the Call's OUTCOME is a gateway's to write."""
    entry = Entry(
        kind=EntryKind.REVOKED,
        scope=row.id,
        attempt=0,
        slot=Slot.USE,
        body={"call": row.call, "by": by, "via": via},
    )
    return Unit(entries=(entry,), changes=(moved(row, State.REVOKED),))


def wished(row: Review, by: str, via: str) -> Unit:
    """Word the wish that a gateway stops what has begun: on record also where it comes too late."""
    entry = Entry(kind=EntryKind.STOP, scope=row.id, body={"call": row.call, "by": by, "via": via})
    return Unit(entries=(entry,), changes=(WantStop(review=row.id, by=by),))
