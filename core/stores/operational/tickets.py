"""What holds once, or for a while: sign-ins' states, assertions, codes, sessions; known to every process of the store.

A name is kept as its digest: who reads the rows cannot take a session over.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final, LiteralString, final

from core.ports import Clock, TicketKind
from core.stores.rows import micros
from core.stores.steps import Steps, Writes, ask, one

ENDED: Final[LiteralString] = "DELETE FROM ticket WHERE ends <= $1"
PUT: Final[LiteralString] = (
    "INSERT INTO ticket (name, row, ends) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING RETURNING name"
)
TAKE: Final[LiteralString] = "DELETE FROM ticket WHERE name = $1 AND ends > $2 RETURNING row"
LOOK: Final[LiteralString] = "UPDATE ticket SET ends = $2 WHERE name = $1 AND ends > $3 RETURNING row"


@final
class StoredTickets:
    """The port Tickets."""

    def __init__(self, *, writer: Writes, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock

    async def put(self, kind: TicketKind, name: str, row: str, ends: datetime) -> bool:
        """Keep a name; what ended is cleared in passing."""

        def steps() -> Steps[bool]:
            yield from ask(ENDED, self._now())
            return (yield from one(PUT, digest(kind, name), row, micros(ends))) is not None

        return await self._writer.perform(steps)

    async def take(self, kind: TicketKind, name: str) -> str | None:
        """Take it away: of all who try, one gets it."""
        found = await self._writer.perform(lambda: one(TAKE, digest(kind, name), self._now()))
        return None if found is None else str(found[0])

    async def look(self, kind: TicketKind, name: str, ends: datetime) -> str | None:
        """Look at it, and let it end then."""
        found = await self._writer.perform(lambda: one(LOOK, digest(kind, name), micros(ends), self._now()))
        return None if found is None else str(found[0])

    def _now(self) -> int:
        return micros(self._clock.now())


def digest(kind: TicketKind, name: str) -> str:
    """Name a row: whoever knows the name finds it, and nobody who reads the row has the name."""
    return sha256(f"{kind.value}\0{name}".encode()).hexdigest()
