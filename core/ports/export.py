"""Export: sinks, tickets, and what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, final

from core.model import Identity
from core.ports.store import Sealed


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a sink is: the Entry it gets next, when it last took one (ms, 0: never), what keeps it ("": nothing)."""

    next: int = 0
    delivered_ms: int = 0
    trouble: str = ""


class Cursors(Protocol):
    """What sinks have acknowledged; written only after they did."""

    async def cursor(self, sink: str) -> Cursor:
        """Where a sink is; a new one begins at the first Entry."""
        ...

    async def delivered(self, sink: str, following: int, at_ms: int, rejected: Sequence[int] = ()) -> None:
        """All Entries before `following` are acknowledged, or among those rejected for good."""
        ...

    async def troubled(self, sink: str, trouble: str) -> None:
        """A sink takes nothing."""
        ...


class TicketKind(StrEnum):
    """What holds once, or for a while."""

    ANSWERED = "answered"  # a state, nonce or assertion that came back
    SESSION = "session"
    CODE = "code"
    CARD = "card"  # whose turn it is to draw a Review's cards
    SOCKET = "socket"  # a Socket Mode connection of ours
    EMAIL = "email"  # whom a provider verified it for at a sign-in
    LINKING = "linking"  # a Slack account whose user began to link it
    LINK_CODE = "link_code"  # what that user has yet to type
    REMINDED = "reminded"  # who was told that a Review waits for them
    LINKINGS = "linkings"  # one of the few that an account may begin in an hour


class Tickets(Protocol):
    """Names that hold once or for a while, over every process of the store; each raises AuditUnavailable."""

    async def put(self, kind: TicketKind, name: str, row: str, ends: datetime) -> bool:
        """Keep a name until then; False when it is kept already."""
        ...

    async def take(self, kind: TicketKind, name: str) -> str | None:
        """Take a row away: of all who try, one gets it; None when there is none."""
        ...

    async def look(self, kind: TicketKind, name: str, ends: datetime) -> str | None:
        """Look at a row that has not ended, and let it end then."""
        ...


class Tail(Protocol):
    """The log as what follows it reads it."""

    async def tail(self, start: int, limit: int) -> tuple[Sealed, ...]:
        """Entries from a sequence number on; no gap is ever seen."""
        ...

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        """All Entries of a call or review, in sequence order."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A stretch of the log in another system's words; `next` is None at its end."""

    lines: tuple[str, ...]
    next: int | None


class Exports(Protocol):
    """Where an auditor takes the log away; each stretch is an Entry before it is given."""

    async def stretch(self, who: Identity, start: int, *, cef: bool = False) -> Exported | None:
        """Entries from a sequence number on, by their shapes; None: not an auditor."""
        ...
