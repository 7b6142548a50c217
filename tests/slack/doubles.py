"""Honest doubles of the people's side: they keep Reviews, Votes, cards and Entries in memory, and can be down."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.errors import AuditUnavailable, NotFound
from core.model import (
    Caller,
    CallId,
    Decision,
    Digest,
    Entry,
    Facts,
    GrantId,
    Identity,
    Json,
    Kind,
    Limits,
    Person,
    Question,
    Reason,
    Review,
    ReviewId,
    SessionId,
    State,
    Tool,
    Vote,
)
from core.ports import (
    Anchored,
    Ballot,
    Card,
    Committed,
    Found,
    Hindsight,
    Lasting,
    Mark,
    PostCard,
    Said,
    Scene,
    Sealed,
    Search,
    SessionLine,
    Shown,
    Story,
    Unit,
    Words,
)
from slackbot import invented
from tests.doubles import ManualClock, MemoryTickets

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DANA = Person(directory="acme", id="dana")
DIGEST = Digest("ea067dda7c52" + "0" * 52)
STATEMENT = "DELETE FROM orders\nWHERE status = 'abandoned'\n  AND created_at < now() - interval '90 days'"


def caller(**changed: Any) -> Caller:
    made = Caller(
        issuer="https://login.acme.example",
        subject="dana",
        client="claude-code",
        kind=Kind.PERSON,
        person=DANA,
        owner=None,
        email="dana@acme.example",
        groups=frozenset({"analysts"}),
        scopes=frozenset({"assent:write"}),
        authenticated_at=NOW,
        expires_at=NOW + timedelta(hours=1),
    )
    return replace(made, **changed)


def question(**changed: Any) -> Question:
    statement = changed.pop("statement", STATEMENT)
    made = Question(
        call=CallId("call_AAAA"),
        source="shop",
        role="app_rw",
        statement=statement,
        text=changed.pop("text", statement),
        parameters=(),
        masks=frozenset(),
        limits=Limits(affected_rows=5000),
        policy="p1",
        tree=Digest("1" * 64),
        caller=caller(),
        tool=Tool.EXECUTE,
        digest=DIGEST,
    )
    return replace(made, **changed)


def facts(**changed: Any) -> Facts:
    made = Facts(
        purpose="clean abandoned carts before the migration",
        verbs=("delete",),
        things=("public.orders",),
        facts=(),
        risk="medium",
        reasons=(Reason(rule="prod-writes", sentence="writes on prod need one DBA"),),
        counted=1204,
        undo="no",
        agent="Claude Code",
    )
    return replace(made, **changed)


def review(name: str = "rev_7Q2K9", **changed: Any) -> Review:
    made = replace(
        invented.review(State.PENDING),
        id=ReviewId(name),
        call=CallId("call_AAAA"),
        digest=DIGEST,
        requester=DANA,
        principal=("i", "s", "c"),
    )
    return replace(made, **changed)


def shown(*, state: State = State.PENDING, **parts: Any) -> Shown:
    return Shown(
        review=parts.get("review") or review(state=state, version=parts.get("version", 1)),
        question=parts.get("question") or question(),
        facts=parts.get("facts") or facts(),
        votes=parts.get("votes", ()),
        eligible=parts.get("eligible", True),
        outcome=parts.get("outcome"),
        note=parts.get("note"),
    )


@dataclass
class Desk:
    """Reviews, Votes, cards and Entries of one store; `down` makes every write fail."""

    groups: Mapping[str, frozenset[Person]] = field(default_factory=dict)
    rows: dict[ReviewId, Shown] = field(default_factory=dict)
    places: dict[tuple[ReviewId, str, str], int] = field(default_factory=dict)
    entries_written: list[Entry] = field(default_factory=list)
    ballots: list[tuple[Identity, Ballot, Said]] = field(default_factory=list)
    closings: list[tuple[Identity, Hindsight]] = field(default_factory=list)
    brakes: list[tuple[Identity, ReviewId, Said]] = field(default_factory=list)
    grants: list[Lasting] = field(default_factory=list)
    ended: list[tuple[Identity, GrantId]] = field(default_factory=list)
    looked_up: list[tuple[Identity, str]] = field(default_factory=list)
    wanted: list[Search] = field(default_factory=list)
    stories: dict[CallId, Story] = field(default_factory=dict)
    sessions_kept: dict[SessionId, SessionLine] = field(default_factory=dict)
    auditors: frozenset[Person] = frozenset()
    clock: ManualClock = field(default_factory=ManualClock)
    astray: tuple[int, ...] = ()
    proven: list[int] = field(default_factory=list)
    down: bool = False
    refused: int = 0
    broken: set[ReviewId] = field(default_factory=set)
    unseen: dict[Person, Exception] = field(default_factory=dict)  # before whom nothing can be shown, and why
    erased: set[ReviewId] = field(default_factory=set)
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    changed: Callable[[], None] = lambda: None
    voting: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.turns = MemoryTickets(self.clock)
        self.gate.set()

    # ---- Desk

    def ask(self, row: Shown) -> Shown:
        self.rows[row.review.id] = row
        return row

    def moved(self, name: ReviewId, to: State, **changed: Any) -> None:
        row = self.rows[name]
        self.rows[name] = replace(row, review=replace(row.review, state=to, version=row.review.version + 1), **changed)

    async def pending(self, who: Identity) -> tuple[Shown, ...]:
        if (error := self.unseen.get(who.person)) is not None:
            raise error
        waiting = (row for row in self.rows.values() if row.review.state is State.PENDING)
        return tuple(replace(row, eligible=self.eligible(who, row) is None) for row in waiting)

    async def show(self, who: Identity | None, review: ReviewId) -> Shown | None:
        if review in self.broken:
            raise RuntimeError("a fault of ours")
        if review in self.erased:
            raise NotFound("its words are gone")
        row = self.rows.get(review)
        if row is None or who is None:
            return row
        return replace(row, eligible=self.eligible(who, row) is None)

    def eligible(self, who: Identity, row: Shown) -> Said | None:
        asked = row.question.caller.person
        if asked is None or asked.directory != who.person.directory:
            return Said.NOT_COMPARABLE
        if who.person == asked:
            return Said.SELF
        return None if self.seat(who, row) else Said.NOT_ELIGIBLE

    def seat(self, who: Identity, row: Shown) -> str | None:
        for seat in row.review.seats:
            filled = sum(vote.seat == seat.group for vote in row.votes)
            if who.person in self.groups.get(seat.group, frozenset()) and filled < seat.count:
                return seat.group
        return None

    async def unclosed(self, who: Identity) -> tuple[Shown, ...]:
        del who
        return tuple([row for row in self.rows.values() if row.glass is not None and not row.glass.closed_by])

    async def close(self, who: Identity, said: Hindsight) -> Said:
        if self.down:
            raise AuditUnavailable("the store is down")
        self.closings.append((who, said))
        row = self.rows[said.review]
        assert row.glass is not None
        word = Said.SELF if row.glass.by == who.name else Said.LOOKED
        if word is Said.LOOKED:
            glass = replace(row.glass, closed_by=who.name, finding=said.finding.value, note=said.note)
            version = row.review.version + 1
            self.rows[said.review] = replace(row, glass=glass, review=replace(row.review, version=version))
        self.changed()
        return word

    async def unposted(self, channel: str) -> tuple[Review, ...]:
        rows = [row.review for row in self.rows.values() if row.glass is not None and not row.glass.closed_by]
        return tuple(row for row in rows if not any(place[:2] == (row.id, channel) for place in self.places))

    async def vote(self, who: Identity, ballot: Ballot) -> Said:
        if self.down:
            raise AuditUnavailable("the store is down")
        self.voting += 1
        self.changed()
        await self.gate.wait()
        said = self.decide(who, ballot)
        self.ballots.append((who, ballot, said))
        self.changed()
        return said

    def decide(self, who: Identity, ballot: Ballot) -> Said:
        row = self.rows.get(ballot.review)
        if row is None:
            return Said.UNKNOWN
        if own := next((vote for vote in row.votes if vote.person == who.person), None):
            return Said.REPEAT if own.decision is ballot.decision else Said.ALREADY_VOTED
        if ballot.digest != row.question.digest:
            return Said.MISMATCH
        if row.review.state is not State.PENDING:
            return Said.CLOSED
        if why := self.eligible(who, row):
            return why
        return self.cast(who, ballot, row)

    def cast(self, who: Identity, ballot: Ballot, row: Shown) -> Said:
        if ballot.decision is Decision.DENY and not ballot.reason:
            return Said.NO_REASON
        seat = self.seat(who, row)
        assert seat is not None
        vote = Vote(
            review=row.review.id,
            person=who.person,
            name=who.name,
            seat=seat,
            decision=ballot.decision,
            digest=ballot.digest,
            via=who.via,
            at=NOW,
            affected_rows=ballot.affected_rows,
            grant=ballot.grant,
        )
        votes = (*row.votes, vote)
        if ballot.decision is Decision.DENY:
            self.moved(row.review.id, State.DENIED, votes=votes, note=ballot.reason)
            return Said.DENIED
        full = len(votes) >= sum(seat.count for seat in row.review.seats)
        self.moved(row.review.id, State.APPROVED if full else State.PENDING, votes=votes)
        return Said.APPROVED if full else Said.COUNTED

    # ---- Brakes

    async def revoke(self, who: Identity, review: ReviewId, digest: Digest) -> Said:
        return self.braked(who, review, digest, Said.REVOKED)

    async def block(self, who: Identity, review: ReviewId, digest: Digest) -> Said:
        return self.braked(who, review, digest, Said.BLOCKED)

    def braked(self, who: Identity, review: ReviewId, digest: Digest, done: Said) -> Said:
        """As a Desk that looks at who may vote alone; what it comes to is the real one's test."""
        if self.down:
            raise AuditUnavailable("the store is down")
        row = self.rows[review]
        listed = any(who.person in self.groups.get(seat.group, frozenset()) for seat in row.review.seats)
        said = Said.SELF if who.person == row.question.caller.person else done if listed else Said.NOT_ELIGIBLE
        said = Said.MISMATCH if said is done and digest != row.question.digest else said
        self.brakes.append((who, review, said))
        if said is Said.REVOKED:
            self.moved(review, State.REVOKED)
        self.changed()
        return said

    # ---- Grantors

    async def lasting(self, who: Identity) -> tuple[Lasting, ...]:
        return tuple(replace(each, yours=who.name in each.givers) for each in self.grants)

    async def end(self, who: Identity, name: GrantId) -> Said:
        if self.down:
            raise AuditUnavailable("the store is down")
        self.ended.append((who, name))
        self.grants = [each for each in self.grants if each.grant.id != name]
        self.changed()
        return Said.REVOKED

    # ---- Cards

    async def cards(self, review: ReviewId) -> tuple[Card, ...]:
        return tuple(
            Card(review=name, channel=channel, ts=ts, shown=version)
            for (name, channel, ts), version in self.places.items()
            if name == review
        )

    async def stale(self) -> tuple[Review, ...]:
        return tuple(row.review for row in self.rows.values() if self.behind(row.review))

    def behind(self, row: Review) -> bool:
        versions = [version for (name, _, _), version in self.places.items() if name == row.id]
        return min(versions) < row.version if versions else row.state is State.PENDING

    # ---- Journal

    async def commit(self, unit: Unit) -> Committed:
        if self.down:
            self.refused += 1
            self.changed()
            raise AuditUnavailable("the store is down")
        for change in unit.changes:
            assert isinstance(change, PostCard)
            self.places[change.review, change.channel, change.ts] = change.shown
        self.entries_written += unit.entries
        self.changed()
        sequences = tuple(next(self.numbers) for _ in unit.entries)
        return Committed(at=NOW, unit="u", sequences=sequences, leaves=tuple("0" * 64 for _ in sequences))

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        written = [entry for entry in self.entries_written if entry.scope == scope]
        return tuple(Sealed(sequence=n, body=entry.body, leaf="0" * 64) for n, entry in enumerate(written))

    async def open_calls(self) -> tuple[CallId, ...]:
        return ()

    async def indeterminate(self) -> tuple[CallId, ...]:
        return ()

    # ---- Archive

    async def sessions(self, who: Identity, *, before: datetime | None = None) -> tuple[SessionLine, ...]:
        self.record(who, "sessions")
        kept = (line for line in self.sessions_kept.values() if before is None or line.began_at < before)
        return tuple(line for line in kept if self.may(who, line.person))[:20]

    async def session(self, who: Identity, session: SessionId) -> tuple[SessionLine, tuple[Story, ...]] | None:
        self.record(who, session)
        found = self.sessions_kept.get(session)
        if found is None or not self.may(who, found.person):
            return None
        return found, tuple(story for story in self.stories.values() if story.line.session == session)

    async def call(self, who: Identity, call: CallId) -> Story | None:
        self.record(who, call)
        found = self.stories.get(call)
        return found if found is not None and self.may(who, found.line.person) else None

    async def find(self, who: Identity, wanted: Search, *, person: str = "", after: Mark | None = None) -> Found:
        self.record(who, f"find {wanted.words} {person}".strip())
        self.wanted.append(wanted)
        first = 0 if after is None else after.sequence
        lines = [story.line for story in self.stories.values() if self.may(who, story.line.person)]
        lines = [line for line in lines if not person or line.person == person][first:]
        more = Mark(at_ms=1, sequence=first + 20) if len(lines) > 20 else None
        return Found(lines=tuple(lines[:20]), next=more, reached=lines[19].at if more else None)

    async def replay(self, who: Identity, session: SessionId) -> tuple[SessionLine, tuple[Scene, ...]] | None:
        found = await self.session(who, session)
        return None if found is None else (found[0], tuple(Scene(story=story) for story in found[1]))

    async def openings(self, who: Identity, call: CallId) -> Words | None:
        raise AssertionError((who, call))  # nobody opens words in Slack

    async def review(self, who: Identity, review: ReviewId) -> Story | None:
        self.record(who, review)
        row = self.rows.get(review)
        found = self.stories.get(row.review.call) if row is not None else None
        return found if found is not None and self.may(who, found.line.person) else None

    async def mine(self, who: Identity) -> tuple[SessionLine, ...]:
        self.record(who, "mine")
        return tuple(line for line in self.sessions_kept.values() if line.person == who.person.id)

    async def looked(self, who: Identity, query: str, found: int) -> None:
        self.record(who, f"{query} {found}")

    async def anchored(self, entries: Sequence[Sealed]) -> Anchored | None:
        self.proven.append(len(entries))
        return Anchored(size=9_000, root="ab" * 32, signed=len(entries), astray=self.astray)

    def audits(self, who: Identity) -> bool:
        return who.person in self.auditors

    async def verify(self) -> Mapping[str, Json]:
        return {"result": "ok", "entries": 12, "signed": 12, "checkpoints": 2, "findings": []}

    # ---- Clock

    def now(self) -> datetime:
        return NOW

    def may(self, who: Identity, person: str) -> bool:
        return who.person in self.auditors or who.person.id == person

    def record(self, who: Identity, what: str) -> None:
        if self.down:
            self.changed()
            raise AuditUnavailable("the store is down")
        self.looked_up.append((who, what))
