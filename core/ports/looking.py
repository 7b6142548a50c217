"""Look-ups: Calls, Sessions and words of the past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, final

from core.model import Call, Caller, CallId, Outcome, Person, Session, SessionId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """One Call in a list: what `audit sessions|session` shows without opening payloads."""

    call: CallId
    session: SessionId
    at: datetime
    person: str
    agent: str
    source: str
    tool: str
    verdict: str
    outcome: Outcome | None
    rows: int | None
    masked: int
    sequence: int
    protected: bool = False  # a protected column was read: counts and literals are for auditors
    cut: bool = False  # its Entry held not every name: found by a table, column or rule that it may not have
    shape: str = ""  # of the statement, without values


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One Session in a list."""

    session: SessionId
    began_at: datetime
    last_at: datetime
    person: str
    agent: str
    calls: int
    refused: int
    rows: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which Calls are wanted: all that is said must hold; names are exact, words are of the statement's shape."""

    people: frozenset[str] | None = None  # pseudonyms, of principals or of the humans behind; None: anybody's
    own: str = ""  # pseudonym of the one human whose Calls may be found at all; "": everybody's
    session: SessionId | None = None
    agent: str = ""
    source: str = ""
    tool: str = ""
    table: str = ""  # "public.orders" or "orders"
    column: str = ""  # "public.orders.email", "orders.email" or "email"
    verdict: str = ""
    rule: str = ""
    verb: str = ""
    outcome: Outcome | None = None
    rows: int | None = None  # at least so many were returned
    countable: bool = False  # whether protected Calls are found by their rows: a count answers a question
    since: datetime | None = None
    until: datetime | None = None  # excluded
    words: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mark:
    """Where a page ends: a time in milliseconds and an Entry's number."""

    at_ms: int
    sequence: int

    def __str__(self) -> str:
        return f"{self.at_ms}.{self.sequence}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page, newest first. `next` is None at the end; `reached`: no further back than this was looked."""

    lines: tuple[CallLine, ...]
    next: Mark | None = None
    reached: datetime | None = None


class Past(Protocol):
    """Calls that asked the same before."""

    async def similar(self, call: CallId) -> tuple[CallId, ...]:
        """Find a few Calls of the same shape at the same Source that ran, newest first.

        Raises: AuditBusy.
        """
        ...


class History(Protocol):
    """Look-ups over the log's projection, newest first, keyset pages."""

    async def sessions(
        self,
        *,
        principal: tuple[str, str, str] | None = None,
        person: Person | None = None,
        before: datetime | None = None,
        limit: int = 20,
    ) -> tuple[SessionLine, ...]:
        """Sessions that began before an instant, of one principal, of one person and the machines they own, or all."""
        ...

    async def session(self, session: SessionId, *, person: Person | None = None) -> SessionLine | None:
        """One Session; with `person` only if it is theirs or of a machine they own."""
        ...

    async def calls(self, session: SessionId) -> tuple[CallLine, ...]:
        """Calls of one Session in order."""
        ...

    async def call(self, call: CallId) -> CallLine | None:
        """One Call."""
        ...

    async def find(self, wanted: Search, *, after: Mark | None = None, limit: int = 20) -> Found:
        """Calls that are wanted, newest first, from a mark on."""
        ...


class Sessions(Protocol):
    """Which Session a Call belongs to."""

    async def join(self, caller: Caller, call: Call) -> Session:
        """Find or open the Session: by the client's own key bound to the Caller, or within 30 minutes of silence."""
        ...
