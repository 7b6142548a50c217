"""The store: units of work, Reviews, results, cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, final

from core.model import CallId, Entry, Json, Person, Review, ReviewId, State, Vote
from core.ports.changes import Change, Party, StoreResult


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Entries and operational rows that are durable together, or not at all."""

    entries: tuple[Entry, ...] = ()
    changes: tuple[Change, ...] = ()
    before: datetime | None = None  # guard: `Lost` when the store's clock is not before it
    after: datetime | None = None  # guard: `Lost` when the store's clock is not at or past it
    unblocked: frozenset[Party] = frozenset()  # guard: `Blocked` when one of them is
    policy: str = ""  # guard: `Superseded` when another policy is in force


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What the store made of a unit."""

    at: datetime
    unit: str
    sequences: tuple[int, ...]  # of its entries
    leaves: tuple[str, ...]  # RFC 6962 leaf hashes, hex


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An Entry as it stands in the log; `body` is the exact JSON that was hashed, decoded."""

    sequence: int
    body: Mapping[str, Json]
    leaf: str


class Journal(Protocol):
    """The append-only log, written by units and read back by scope."""

    async def commit(self, unit: Unit) -> Committed:
        """Make a unit durable.

        Raises: SlotTaken, Lost, Blocked, Superseded, BudgetSpent, GrantEnded, AuditBusy, AuditUnavailable.
        """
        ...

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        """All Entries of a call or review, in sequence order."""
        ...

    async def open_calls(self) -> tuple[CallId, ...]:
        """Calls with an INTENT and no final OUTCOME: what recovery looks at."""
        ...

    async def indeterminate(self) -> tuple[CallId, ...]:
        """Calls whose OUTCOME is `unknown` and that nothing has resolved, oldest first."""
        ...


class Reviews(Protocol):
    """Operational rows of Reviews; written only by units."""

    async def review(self, review: ReviewId | CallId) -> Review | None:
        """Find by its own id or by its Call's."""
        ...

    async def attached(self, request_key: str) -> Review | None:
        """Find the Review that an identical Call joins."""
        ...

    async def votes(self, review: ReviewId) -> tuple[Vote, ...]:
        """Votes in the order they were cast."""
        ...

    async def in_state(self, *states: State) -> tuple[Review, ...]:
        """Reviews in the given states, oldest first."""
        ...

    async def opened(self, since: datetime, *states: State) -> tuple[Review, ...]:
        """Reviews opened at or after an instant that are in one of these states, in any where none is named."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """An answer that somebody gave alone in an emergency."""

    review: ReviewId
    person: Person
    at: datetime
    due: datetime  # by when another must have looked at it
    closed: bool = False
    told: bool = False  # that it is overdue


class Breaks(Protocol):
    """Answers given alone; written only by units."""

    async def broken(self, review: ReviewId) -> Break | None:
        """Find one Review's; None: it was not answered so."""
        ...

    async def unclosed(self) -> tuple[Break, ...]:
        """All that nobody else has looked at, oldest first."""
        ...


class Results(Protocol):
    """Results that wait for `collect`, and stops that people want; written only by units."""

    async def result(self, call: CallId) -> StoreResult | None:
        """Find the waiting result of a Call, handed out or not; its end is the reader's to check."""
        ...

    async def over(self, now: datetime) -> tuple[CallId, ...]:
        """Calls whose result is past its end."""
        ...

    async def stops(self) -> tuple[tuple[ReviewId, str], ...]:
        """Executing Reviews that somebody wants stopped, and who: their pseudonym."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Where a card stands in a chat."""

    review: ReviewId
    channel: str
    ts: str
    shown: int


class Cards(Protocol):
    """What the chat side keeps: cards on screen, and redraws that wait."""

    async def cards(self, review: ReviewId) -> tuple[Card, ...]:
        """Cards of one Review."""
        ...

    async def stale(self) -> tuple[Review, ...]:
        """Pending Reviews that have no card yet, and Reviews with a card behind their version, oldest first.

        What was decided before it had a card is not among them: nobody asks any more.
        """
        ...

    async def unposted(self, channel: str) -> tuple[Review, ...]:
        """Reviews that were answered alone, that nobody else has looked at, and that have no card in a channel."""
        ...
