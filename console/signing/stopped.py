"""Whom operators stopped: no browser of theirs signs in, goes on, or lets an agent have a token."""

from __future__ import annotations

from typing import final

from core import subject
from core.identity.same import Same
from core.model import Person
from core.ports import EVERYTHING, Clock, Macs, Party, PartyKind, Standing


@final
class Stopped:
    """Blocks as they stand at each click; a person is stopped by whichever account they sign in with."""

    def __init__(self, standing: Standing, macs: Macs, same: Same, clock: Clock) -> None:
        self._standing = standing
        self._macs = macs
        self._same = same
        self._clock = clock

    def pseudonym(self, account: Person) -> str:
        """Return how the record names the human of an account."""
        return subject.of_person(self._macs, self._same.person(account))

    def parties(self, account: Person) -> frozenset[Party]:
        """Return everything whose block stops them."""
        return frozenset({EVERYTHING, Party(kind=PartyKind.PERSON, id=self.pseudonym(account))})

    async def stops(self, account: Person) -> bool:
        """Whether one of these is blocked now.

        Raises: AuditUnavailable.
        """
        parties, now = self.parties(account), self._clock.now()
        return any(
            block.party in parties and (block.until is None or block.until > now)
            for block in await self._standing.blocks()
        )
