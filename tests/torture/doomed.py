"""Where a process of a crowd ends itself: before or after each durable step that one of its acts takes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, final

from core.ports import Committed, Journal, TicketKind, Tickets, Unit
from tests.journals import Through

# What a unit holds, an Entry or a Change, by the side that commits it.
GATEWAY: Final = (
    "call.intent",
    "review.opened",
    "review.claimed",
    "call.prepared",
    "call.outcome",
    "review.expired",
    "permit.used",
    "SpendGrant",
    "ReturnGrant",
    "StoreResult",
)
PEOPLE: Final = (
    "review.vote",
    "review.decided",
    "review.revoked",
    "WantStop",
    "permit.given",
    "permit.revoked",
    "BreakGlass",
    "breakglass.closed",
    "TellGlass",
    "PostCard",
)
# What is kept beside units: whose turn it is, who was told.
TICKETS: Final = ("put card", "take card", "put reminded")
WRITTEN: Final = ("post", "update", "direct")  # what Slack was sent


def around(steps: Iterable[str]) -> tuple[str, ...]:
    """Name the two places at each step."""
    return tuple(f"{when} {step}" for step in steps for when in ("before", "after"))


POINTS: Final = {
    (True, False): around(GATEWAY),
    (False, True): around((*PEOPLE, *TICKETS, *WRITTEN)),
    (True, True): around((*GATEWAY, *PEOPLE, *TICKETS, *WRITTEN)),
}


@final
@dataclass(frozen=True)
class Part:
    """What one process is."""

    gateway: bool
    people: bool
    seed: int
    point: str = ""
    hit: int = 1
    last: bool = False  # it takes no new Call and ends when all has come to its end


@final
class Doom:
    """Ends this process when it is at its point for the n-th time."""

    def __init__(self, point: str = "", hit: int = 1) -> None:
        self.arm(point, hit)

    def arm(self, point: str, hit: int = 1) -> None:
        """Die there from now on; "": nowhere."""
        self._point, self._left = point, hit

    def here(self, point: str) -> None:
        """Be at a point."""
        self._left -= point == self._point
        if point == self._point and not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


@final
class Doomed(Through):
    """A Journal that ends its process before or after the n-th unit that holds something."""

    def __init__(self, journal: Journal, doom: Doom) -> None:
        super().__init__(journal)
        self._doom = doom

    async def commit(self, unit: Unit) -> Committed:
        held = {entry.kind.value for entry in unit.entries} | {type(change).__name__ for change in unit.changes}
        for one in sorted(held):
            self._doom.here(f"before {one}")
        committed = await self._journal.commit(unit)
        for one in sorted(held):
            self._doom.here(f"after {one}")
        return committed


@final
class DoomedTickets:
    """Tickets that end their process before or after one is put or taken."""

    def __init__(self, tickets: Tickets, doom: Doom) -> None:
        self._tickets = tickets
        self._doom = doom

    async def put(self, kind: TicketKind, name: str, row: str, ends: datetime) -> bool:
        self._doom.here(f"before put {kind.value}")
        ours = await self._tickets.put(kind, name, row, ends)
        self._doom.here(f"after put {kind.value}")
        return ours

    async def take(self, kind: TicketKind, name: str) -> str | None:
        self._doom.here(f"before take {kind.value}")
        row = await self._tickets.take(kind, name)
        self._doom.here(f"after take {kind.value}")
        return row

    async def look(self, kind: TicketKind, name: str, ends: datetime) -> str | None:
        return await self._tickets.look(kind, name, ends)
