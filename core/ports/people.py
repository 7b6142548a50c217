"""The people's side, as its doors see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, final

from core.model import (
    CallId,
    Caps,
    Decision,
    Digest,
    Facts,
    Grant,
    GrantId,
    Identity,
    Json,
    Question,
    Review,
    ReviewId,
    SessionId,
    Vote,
)
from core.ports.changes import Act, SlackLink
from core.ports.looking import CallLine, Found, Mark, Search, SessionLine
from core.ports.payloads import Opening
from core.ports.store import Sealed, Unit


class Said(StrEnum):
    """What became of a person's act; those that changed something say so first."""

    APPROVED = "approved"
    DENIED = "denied"
    COUNTED = "counted"  # the quorum is not full yet
    REVOKED = "revoked"  # an approval that nobody had begun
    STOPPING = "stopping"  # it had begun: a gateway gives it up where it still can
    BLOCKED = "blocked"  # the agent that asks, for an hour
    REPEAT = "repeat"  # the same decision again
    ALREADY_VOTED = "already_voted"  # another decision by the same person
    CLOSED = "closed"
    EXPIRED = "expired"
    SELF = "self"  # the requester, its owner, or someone acting for the same person
    NOT_COMPARABLE = "not_comparable"  # another directory: nobody can say whether it is the requester
    NOT_ELIGIBLE = "not_eligible"  # in none of the groups that are asked, or that seat is filled
    MISMATCH = "mismatch"  # the digest shown is not the digest asked
    NO_REASON = "no_reason"  # a denial needs one, break-glass a ticket too
    LOOKED = "looked"  # at an answer given alone, by somebody else
    NOT_GLASS = "not_glass"  # break-glass does not open this
    BARRED = "barred"  # an earlier break of theirs is overdue
    ELSEWHERE = "elsewhere"  # not from this door
    TOO_SOON = "too_soon"  # it is not over yet
    NOTHING = "nothing"  # to take back or to stop: it is not approved yet, or over
    NO_GRANT = "no_grant"  # none can be given with it, or none that reaches so far
    UNKNOWN = "unknown"  # no such Review, or not for this person


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What a person says of one Review."""

    review: ReviewId
    digest: Digest
    decision: Decision
    reason: str | None = field(default=None, repr=False)  # of a denial: it reaches the agent
    affected_rows: int | None = None
    grant: Caps | None = None  # of an approval: how far statements of its shape may run without being asked
    ticket: str = field(default="", repr=False)  # of an emergency: its voter answers alone, with a reason


class Finding(StrEnum):
    """What somebody else says of an answer that was given alone."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What somebody else says afterwards of an answer that was given alone."""

    review: ReviewId
    digest: Digest
    finding: Finding
    note: str = field(repr=False)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """An answer that was given alone, for people: what for, and what somebody else said of it afterwards."""

    by: str
    why: str = field(repr=False)  # ticket and reason
    due: datetime
    overdue: bool
    closes: bool = False  # whether this person may close it now
    closed_by: str = ""  # "": nobody has looked at it
    finding: str = ""
    note: str = field(default="", repr=False)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A Review with its words, for people; `eligible` says whether this person could fill a seat now."""

    review: Review
    question: Question
    facts: Facts
    votes: tuple[Vote, ...]
    eligible: bool
    outcome: Mapping[str, Json] | None = None  # rows, duration_ms, outcome of the last attempt
    note: str | None = field(default=None, repr=False)  # why it was denied
    earlier: tuple[int, ...] | None = None  # ms that the last Calls of its shape took; None: not known, or not for them
    breakable: bool = False  # whether this person, or on a card anybody, may answer it alone in an emergency
    glass: Glass | None = None  # that somebody did
    ended_by: str = ""  # who took the approval back or had it stopped, by name


class Desk(Protocol):
    """Where people decide; every act is committed before it returns."""

    async def pending(self, who: Identity) -> tuple[Shown, ...]:
        """Reviews that wait and that this person may see, oldest first."""
        ...

    async def show(self, who: Identity | None, review: ReviewId) -> Shown | None:
        """One Review; `who` None is the gateway's own rendering of a card."""
        ...

    async def vote(self, who: Identity, ballot: Ballot) -> Said:
        """Cast a Vote; durable when this returns.

        Raises: StoreError, when nothing was recorded: the caller must not say otherwise.
        """
        ...

    async def unclosed(self, who: Identity) -> tuple[Shown, ...]:
        """Answers given alone that nobody else has looked at and this person may see, oldest first."""
        ...

    async def close(self, who: Identity, said: Hindsight) -> Said:
        """Say afterwards whether an answer given alone was justified; durable when this returns.

        Raises: StoreError, when nothing was recorded.
        """
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """A grant that still lets something run, for people; no statement and no number that a value decides stands in it.

    Of a grant no protected value decides which rows its uses change: none could be given.
    """

    grant: Grant
    agent: str
    requester: str
    does: str  # verbs and things
    givers: tuple[str, ...]
    yours: bool  # whether this person gave it, with others or alone
    may_end: bool


class Grantors(Protocol):
    """Where people see grants and end them."""

    async def lasting(self, who: Identity) -> tuple[Lasting, ...]:
        """Grants that still let something run and that this person may see, first given first."""
        ...

    async def end(self, who: Identity, name: GrantId) -> Said:
        """End a grant: nothing begins under it, and what has begun does not come to last; durable when this returns.

        Raises: StoreError, when nothing was recorded.
        """
        ...


class Brakes(Protocol):
    """What anybody who may vote on a Review stops alone, without a reason: to stop needs one person."""

    async def revoke(self, who: Identity, review: ReviewId, digest: Digest) -> Said:
        """Take an approval back, or have what it began given up; durable when this returns.

        Raises: StoreError, when nothing was recorded.
        """
        ...

    async def block(self, who: Identity, review: ReviewId, digest: Digest) -> Said:
        """Block the agent that asks for an hour, for everybody; durable when this returns.

        Raises: StoreError, when nothing was recorded.
        """
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """Who may not decide an Act: those it is about, and whoever cannot be told apart from them."""

    people: frozenset[str] = frozenset()  # pseudonyms
    directories: frozenset[str] = frozenset()  # of them, as far as known; "": somebody of whom nothing is known


class Effect(Protocol):
    """What an Act does once two people said so."""

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Who may not decide it.

        Raises: BadCall when it is about nothing that there is.
        """
        ...

    async def unit(self, act: Act, by: str) -> Unit:
        """Word what stands in one unit with the decision; `by` is the decider's pseudonym.

        Raises: BadCall, Held.
        """
        ...

    async def done(self) -> None:
        """Finish what no unit of the log can; recovery does, where this does not come to its end."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A group of what retention would end: how many data keys of one kind, and how many of them a hold keeps."""

    reason: str  # age, over
    purpose: str
    source: str
    keys: int
    held: int
    oldest: int  # day of the oldest, days since the epoch


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One Call as it happened: its line, its words as far as payloads still open, and its Entries."""

    line: CallLine
    statement: str | None = field(repr=False)
    purpose: str | None = field(repr=False)
    entries: tuple[Sealed, ...]
    names: Mapping[str, str] = field(default_factory=dict, repr=False)  # of those who voted, by pseudonym; for auditors


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """How Entries stand in the newest signed tree: how many are under it, and which do not lead to its root."""

    size: int  # of that tree
    root: str
    signed: int
    astray: tuple[int, ...] = ()


class Anchors(Protocol):
    """The signed tree, as far as looks need it."""

    async def anchored(self, entries: Sequence[Sealed]) -> Anchored | None:
        """Prove Entries under the newest signed tree; None: nothing is signed yet."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One Call of a replay: its Story, its parameters as JSON, a ticket for its result, or why there is none."""

    story: Story
    parameters: str | None = field(default=None, repr=False)
    ticket: str = field(default="", repr=False)  # for its result as delivered: taken once, at a gateway
    withheld: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A Call's words as an outsider can check them, and a ticket for its result; "": none for this person."""

    opened: tuple[Opening, ...]
    ticket: str = field(default="", repr=False)


class Archive(Protocol):
    """Where auditors look; each look-up is an Entry before its answer. A non-auditor sees only own Sessions."""

    async def sessions(self, who: Identity, *, before: datetime | None = None) -> tuple[SessionLine, ...]:
        """Sessions this person may see, newest first, 20 a page."""
        ...

    async def session(self, who: Identity, session: SessionId) -> tuple[SessionLine, tuple[Story, ...]] | None:
        """One Session with its Calls in order; None: unknown or not theirs."""
        ...

    async def call(self, who: Identity, call: CallId) -> Story | None:
        """One Call; None: unknown or not theirs."""
        ...

    async def find(self, who: Identity, wanted: Search, *, person: str = "", after: Mark | None = None) -> Found:
        """Calls that are wanted and this person may see; `person` is a name, an e-mail or "directory:id"."""
        ...

    async def replay(self, who: Identity, session: SessionId) -> tuple[SessionLine, tuple[Scene, ...]] | None:
        """One Session as it happened, tickets for `[console] result_readers` alone; None: unknown or not theirs."""
        ...

    async def openings(self, who: Identity, call: CallId) -> Words | None:
        """A Call's words as an outsider can check them, for auditors alone; a ticket for who reads results."""
        ...


class Looks(Protocol):
    """What `/audit` asks beside the Archive; the same bounds hold."""

    async def review(self, who: Identity, review: ReviewId) -> Story | None:
        """The Call that a Review is about; None: unknown or not theirs."""
        ...

    async def mine(self, who: Identity) -> tuple[SessionLine, ...]:
        """A person's own last Sessions, auditor or not."""
        ...

    async def looked(self, who: Identity, query: str, found: int) -> None:
        """Record a look that another room answers; durable before that answer is shown."""
        ...

    async def anchored(self, entries: Sequence[Sealed]) -> Anchored | None:
        """Prove Entries under the newest signed tree; None: nothing is signed yet."""
        ...

    def audits(self, who: Identity) -> bool:
        """Say whether somebody is an auditor."""
        ...


class SlackLinks(Protocol):
    """Which person a Slack account is, where the two were linked; each raises AuditUnavailable."""

    async def link(self, team: str, user: str) -> SlackLink | None:
        """Read an account's link."""
        ...

    async def beside(self, link: SlackLink) -> tuple[SlackLink, ...]:
        """Read what stands in the way of one: links of its account, its person or its e-mail in its workspace."""
        ...

    async def users(self, team: str) -> tuple[str, ...]:
        """Name the accounts of a workspace that are linked."""
        ...
