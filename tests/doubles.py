"""In-memory stand-ins for the store's ports, held to the same contract tests as the real store."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import cast, final

import orjson

from core import subject
from core.audit.entry import FORMS, seal, session_open
from core.audit.export.event import UNPARSED
from core.audit.protocol import intents
from core.audit.transparency import tree
from core.audit.transparency.tree import leaf
from core.audit.unit import check, check_given, check_move
from core.errors import Blocked, BudgetSpent, GrantEnded, Held, Lost, NotFound, SlotTaken, StoreError, Superseded
from core.model import (
    MOVES,
    ActId,
    Call,
    Caller,
    CallId,
    Coverage,
    EntryKind,
    Grant,
    GrantId,
    Json,
    Outcome,
    PayloadId,
    Period,
    Person,
    Review,
    ReviewId,
    Session,
    SessionId,
    State,
    Vote,
)
from core.ports import (
    EVER,
    Act,
    Anchored,
    Asked,
    Block,
    Break,
    BreakGlass,
    Broken,
    CallLine,
    Card,
    CastVote,
    Change,
    Clock,
    CloseGlass,
    Committed,
    DecideAct,
    DropResult,
    EndBlock,
    EndGrant,
    EndLink,
    Extent,
    ExtentKind,
    Forget,
    Found,
    GiveGrant,
    Granted,
    HandResult,
    Keeping,
    Kept,
    Keyed,
    KeyKind,
    KeyScope,
    Linked,
    LiveKey,
    Mark,
    MoveReview,
    NamedKey,
    Opening,
    OpenReview,
    OpenStore,
    Owned,
    Party,
    Payload,
    PostCard,
    ProposeAct,
    Recorded,
    Recording,
    ReleaseHold,
    Reserve,
    RetireKey,
    ReturnGrant,
    Rewrapped,
    Role,
    Sealed,
    Search,
    SessionLine,
    SetBlock,
    SetHold,
    SetLink,
    SetPolicy,
    SetTerms,
    Settle,
    Shred,
    Shredded,
    Signed,
    SlackLink,
    SpendGrant,
    Standard,
    StoreResult,
    TellGlass,
    TicketKind,
    TurnKey,
    Unit,
    UseGrant,
    WantStop,
)
from core.stores.encryption.sealing import fitted, scope
from core.stores.lookups.pattern import pattern
from tests.searching import alike, mark, theirs

ORIGIN = "test.example/assent"
SILENCE = timedelta(minutes=30)
NEEDED = {State.PENDING, State.APPROVED, State.EXECUTING, State.INDETERMINATE}


@final
class ManualClock:
    """Time that moves only when told to."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)) -> None:
        self.at = start

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


@dataclass
class Tables:
    """Everything that a unit changes; copied before, swapped after."""

    log: list[tuple[str | None, Sealed]] = field(default_factory=list)
    slots: set[tuple[str | None, int | None, int]] = field(default_factory=set)
    reviews: dict[ReviewId, Review] = field(default_factory=dict)
    keys: dict[str, ReviewId] = field(default_factory=dict)
    votes: dict[ReviewId, tuple[Vote, ...]] = field(default_factory=dict)
    cards: dict[tuple[ReviewId, str, str], Card] = field(default_factory=dict)
    breaks: dict[ReviewId, Break] = field(default_factory=dict)
    results: dict[CallId, StoreResult] = field(default_factory=dict)
    stops: dict[ReviewId, str] = field(default_factory=dict)
    budgets: dict[tuple[str, datetime], int] = field(default_factory=dict)
    reserved: dict[tuple[CallId, int, str], tuple[datetime, Reserve]] = field(default_factory=dict)
    grants: dict[GrantId, Grant] = field(default_factory=dict)
    granted: dict[CallId, tuple[GrantId, int]] = field(default_factory=dict)
    holds: set[Extent] = field(default_factory=set)
    shredding: set[int] = field(default_factory=set)
    shown: set[tuple[int, ReviewId]] = field(default_factory=set)
    acts: dict[ActId, Act] = field(default_factory=dict)
    terms: dict[str, int] | None = None
    blocks: dict[Party, datetime | None] = field(default_factory=dict)
    policy: tuple[str, str] | None = None
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)
    links: dict[tuple[str, str], SlackLink] = field(default_factory=dict)

    def copy(self) -> Tables:
        return Tables(**{part.name: copy(getattr(self, part.name)) for part in fields(self)})


@final
class MemoryMacs:
    """Keyed MACs under a key of this object."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def mac(self, label: str, content: bytes) -> str:
        return hmac.new(self._key, label.encode() + b"\0" + content, sha256).hexdigest()


@final
class MemoryKeys:
    """Data keys by scope: numbers that are in use, or destroyed."""

    def __init__(self) -> None:
        self.live: dict[KeyScope, int] = {}
        self.made = 0

    def key(self, scope: KeyScope) -> int:
        if scope not in self.live:
            self.made += 1
            self.live[scope] = self.made
        return self.live[scope]

    async def alive(self, kind: KeyKind | None = None, *, before: int = EVER) -> tuple[LiveKey, ...]:
        found = (LiveKey(number=number, scope=scope) for scope, number in self.live.items())
        return tuple(key for key in found if kind in {None, key.scope.kind} and key.scope.day < before)

    async def pages(self, kind: KeyKind, *, before: int = EVER) -> AsyncIterator[tuple[LiveKey, ...]]:
        for key in sorted(await self.alive(kind, before=before), key=lambda one: (one.scope.day, one.number)):
            yield (key,)

    async def owned(self, owned: Owned) -> tuple[LiveKey, ...]:
        return tuple(key for key in await self.alive() if owned.covers(key.scope))

    async def destroy(self, numbers: Sequence[int]) -> tuple[int, ...]:
        self.live = {scope: number for scope, number in self.live.items() if number not in numbers}
        return tuple(number for number in numbers if number <= self.made)

    async def months(self) -> tuple[str, ...]:
        return ()

    async def drop(self, month: str) -> None:
        raise AssertionError(month)

    async def ended(self, numbers: Sequence[int]) -> None:
        assert not set(numbers) & set(self.live.values())


@final
class MemoryNames:
    """The ports KeyNames and Wraps of a store whose keys are never replaced."""

    async def named(self) -> tuple[NamedKey, ...]:
        return ()

    async def size(self) -> int:
        return 0

    async def signed(self) -> Signed | None:
        return None

    async def turn(self, purpose: str, name: str) -> bool:
        raise AssertionError(purpose, name)

    async def rewrap(self, purpose: str, old: str, new: str, *, after: int) -> Rewrapped:
        raise AssertionError(purpose, old, new, after)

    async def wrapped(self) -> Mapping[tuple[str, str], int]:
        return {}

    async def emptied(self) -> None:
        raise AssertionError


@final
class MemoryClosure:
    """The port Closure, closed at a word."""

    shut = False

    async def closed(self) -> bool:
        return self.shut


@final
class MemoryPayloads:
    """Payloads in clear, in memory; named, measured and ended as the real ones."""

    def __init__(
        self, macs: MemoryMacs, clock: ManualClock, keys: MemoryKeys, recorded: Mapping[str, Recording] | None = None
    ) -> None:
        self._macs = macs
        self._clock = clock
        self._keys = keys
        self._recorded = recorded or {}
        self.held: dict[PayloadId, tuple[int, bytes]] = {}
        self._roles: dict[PayloadId, Role] = {}

    async def keep(
        self, call: CallId, session: SessionId, source: str, payloads: Sequence[Payload]
    ) -> tuple[Kept, ...]:
        return tuple(self._keep(call, session, source, payload) for payload in payloads)

    def _keep(self, call: CallId, session: SessionId, source: str, payload: Payload) -> Kept:
        mode = self._recorded.get(source, Recording()).of(payload.role)
        name, now = PayloadId(f"pay_{secrets.token_hex(13)}"), self._clock.now()
        key, stays = (
            self._keys.key(scope(call, session, source, payload.role, now, passing=passing))
            for passing in (mode is not Recorded.RECORDED, False)
        )
        packed = fitted(payload)
        stored, cut = payload.content[: packed.kept], packed.kept < len(payload.content)
        self.held[name], self._roles[name] = (key, stored), payload.role
        said = mode is not Recorded.NONE
        return Kept(
            id=name,
            role=payload.role,
            size=len(payload.content) if said else 0,
            ciphertext=sha256(name.encode() + stored).hexdigest(),
            mac=self._macs.mac("payload", stored) if said else "",
            key=key,
            mac_key=stays if mode is Recorded.HASHED else 0,
            kept=packed.kept if cut else None,
            whole=self._macs.mac("payload", payload.content) if said and cut else "",
        )

    async def open(self, payload: PayloadId) -> bytes:
        if payload not in self.held or self.held[payload][0] not in self._keys.live.values():
            raise NotFound(payload)
        return self.held[payload][1]

    async def opening(self, payload: PayloadId) -> Opening:
        return Opening(id=payload, role=self._roles[payload], content=await self.open(payload), key=b"k" * 32)


@final
class MemoryJournal:
    """The log and operational rows as one copied and swapped value; `failure` makes the next commits fail."""

    def __init__(self, clock: ManualClock, *, boot: str = "boot") -> None:
        self.tables = Tables()
        self.failure: StoreError | None = None
        self.boot = boot
        self._clock = clock
        self._last = clock.now()

    async def commit(self, unit: Unit) -> Committed:
        check(unit)
        if self.failure is not None:
            raise self.failure
        now = self._last = max(self._clock.now(), self._last)
        if (unit.before is not None and now >= unit.before) or (unit.after is not None and now < unit.after):
            raise Lost("out of time")
        tables, name = self.tables.copy(), secrets.token_hex(8)
        _guarded(tables, unit, now)
        first = len(tables.log)
        for change in unit.changes:
            _change(tables, change, unit, now)
        for entry in unit.entries:
            self._append(tables, seal(entry, ts_ms=int(now.timestamp() * 1000), log=ORIGIN, boot=self.boot, unit=name))
        self.tables = tables
        added = tables.log[first:]
        return Committed(
            at=now,
            unit=name,
            sequences=tuple(one.sequence for _, one in added),
            leaves=tuple(one.leaf for _, one in added),
        )

    def _append(self, tables: Tables, body: bytes) -> None:
        said: dict[str, Json] = orjson.loads(body)
        scope = said.get(FORMS[EntryKind(str(said["kind"]))].scope or "")
        attempt, slot = said.get("attempt"), said.get("slot")
        if isinstance(slot, int) and isinstance(attempt, int):
            taken = (str(scope), attempt, slot)
            if taken in tables.slots:
                raise SlotTaken(f"{taken}")
            tables.slots.add(taken)
        sealed = Sealed(sequence=len(tables.log), body=said, leaf=leaf(body).hex())
        tables.log.append((str(scope) if scope else None, sealed))

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        return tuple(sealed for of, sealed in self.tables.log if of == scope)

    async def open_calls(self) -> tuple[CallId, ...]:
        calls: dict[CallId, None] = {}
        for _, sealed in self.tables.log:
            kind, call = sealed.body["kind"], CallId(str(sealed.body.get("call")))
            if kind == EntryKind.INTENT.value:
                calls[call] = None
            elif kind == EntryKind.OUTCOME.value and sealed.body.get("final") is not False:
                calls.pop(call, None)
        return tuple(calls)

    async def indeterminate(self) -> tuple[CallId, ...]:
        calls: dict[CallId, None] = {}
        for _, sealed in self.tables.log:
            call = CallId(str(sealed.body.get("call")))
            if sealed.body["kind"] == EntryKind.RESOLVED.value:
                calls.pop(call, None)
            elif sealed.body.get("outcome") == Outcome.UNKNOWN.value:
                calls[call] = None
        return tuple(calls)


def _guarded(tables: Tables, unit: Unit, now: datetime) -> None:
    for party, until in tables.blocks.items():
        if party in unit.unblocked and (until is None or until > now):
            raise Blocked(str(party))
    if unit.policy and tables.policy is not None and tables.policy[0] != unit.policy:
        raise Superseded(unit.policy)


def _apply(tables: Tables, change: Asked | Keeping | Keyed | Linked | Standard, unit: Unit) -> None:
    match change:
        case OpenReview(review=review):
            if review.id in tables.reviews or review.request_key in tables.keys:
                raise Lost("an identical request is open")
            tables.reviews[review.id] = review
            tables.keys[review.request_key] = review.id
            _told(tables, unit, review.id)
        case MoveReview():
            _move(tables, change, unit)
        case CastVote():
            _vote(tables, change)
            _told(tables, unit, change.vote.review)
        case PostCard():
            _post(tables, change)
        case StoreResult() | HandResult() | DropResult() | WantStop():
            _after(tables, change)
        case TurnKey() | RetireKey() | OpenStore():
            raise NotImplementedError("the double has no keys to turn, and was never restored")
        case _:
            _link(tables, change) if isinstance(change, SetLink | EndLink) else _kept(tables, change)


def _link(tables: Tables, change: SetLink | EndLink) -> None:
    link = change.link
    if isinstance(change, EndLink):
        if tables.links.get((link.team, link.user)) != link:
            raise Lost("another link")
        del tables.links[link.team, link.user]
    elif beside(tables, link):
        raise Lost("linked already")
    else:
        tables.links[link.team, link.user] = link


def beside(tables: Tables, link: SlackLink) -> tuple[SlackLink, ...]:
    """Links that no second one of this account, person or e-mail may stand beside."""
    return tuple(
        one
        for _, one in sorted(tables.links.items())
        if one.team == link.team
        and (
            one.user == link.user
            or one.person == link.person
            or (one.person.directory == link.person.directory and one.email == link.email != "")
        )
    )


def _change(tables: Tables, change: Change, unit: Unit, now: datetime) -> None:
    match change:
        case Reserve() | Settle():
            _budgeted(tables, change, now)
        case Forget():
            _forget(tables, change, now)
        case GiveGrant() | UseGrant() | SpendGrant() | ReturnGrant() | EndGrant():
            _granted(tables, change)
        case BreakGlass() | CloseGlass() | TellGlass():
            _broken(tables, change, unit, now)
        case _:
            _apply(tables, change, unit)


def _broken(tables: Tables, change: Broken, unit: Unit, now: datetime) -> None:
    row = tables.breaks.get(change.review)
    match change:
        case BreakGlass(review=review, person=person, until=until):
            theirs = (one for one in tables.breaks.values() if one.person == person and not one.closed)
            if row is not None or any(one.due <= now for one in theirs):
                raise Lost("one of theirs is overdue")
            tables.breaks[review] = Break(review=review, person=person, at=now, due=now + until)
        case CloseGlass(review=review):
            held = tables.reviews[review]
            if row is None or row.closed or held.state in MOVES:
                raise Lost("closed, never broken, or not over")
            tables.breaks[review] = replace(row, closed=True)
            tables.reviews[review] = replace(held, version=held.version + 1)
            _told(tables, unit, review)
        case TellGlass(review=review):
            if row is None or row.closed or row.told or row.due > now:
                raise Lost("told, or not overdue")
            tables.breaks[review] = replace(row, told=True)


def _kept(tables: Tables, change: Keeping | Standard) -> None:
    match change:
        case SetHold(extent=extent) | ReleaseHold(extent=extent):
            if (extent in tables.holds) is isinstance(change, SetHold):
                raise Lost("held already, or not at all")
            tables.holds ^= {extent}
        case Shred(keys=keys):
            for key in keys:
                _shred(tables, key)
        case Shredded(numbers=numbers):
            tables.shredding -= set(numbers)
        case ProposeAct() | DecideAct():
            _act(tables, change)
        case _:
            _put(tables, change)


def _put(tables: Tables, change: Forget | SetTerms | SetBlock | EndBlock | SetPolicy) -> None:
    match change:
        case Forget():
            pass  # done with the time, before
        case SetTerms(terms=terms):
            tables.terms = dict(terms)
        case SetBlock(block=Block(party=party, until=until)):
            ends = (tables.blocks.get(party, until), until)
            tables.blocks[party] = None if None in ends else max(end for end in ends if end is not None)
        case EndBlock(party=party):
            if party not in tables.blocks:
                raise Lost("not blocked")
            del tables.blocks[party]
        case SetPolicy(version=version, text=text, was=was):
            if (tables.policy[0] if tables.policy else "") != was:
                raise Lost("another policy")
            tables.policy = version, text


def _act(tables: Tables, change: ProposeAct | DecideAct) -> None:
    if isinstance(change, ProposeAct):
        tables.acts[change.act.id] = change.act
    elif tables.acts.pop(change.act, None) is None:
        raise Lost("decided")


def _shred(tables: Tables, key: LiveKey) -> None:
    shown = {of for dek, of in tables.shown if dek == key.number}
    if tables.holds & _extents(tables, key):
        raise Held(str(key.number))
    if any(tables.reviews[of].state in NEEDED for of in shown):
        raise Lost("a Review needs it")
    for of in shown:
        _redrawn(tables, of)
    tables.shredding.add(key.number)


def _uncovered(coverage: Coverage) -> Coverage:
    return replace(coverage, principal=(coverage.principal[0], "erased", coverage.principal[2]))


def _forget(tables: Tables, change: Forget, now: datetime) -> None:
    mark, asking = subject.erased(change.person, change.known), change.person
    named = {of for of, row in tables.reviews.items() if asking in {row.requester, row.owner}}
    voted = {of for of, votes in tables.votes.items() if any(vote.person == asking for vote in votes)}
    if any(tables.reviews[of].state in NEEDED for of in named | voted):
        raise Lost("a Review needs them")
    alone = [one for one in tables.breaks.values() if one.person == asking]
    if not all(one.closed for one in alone):
        raise Lost("an answer given alone is to be looked at")
    tables.breaks |= {one.review: replace(one, person=mark) for one in alone}
    given = [grant for grant in tables.grants.values() if tables.reviews[grant.review].requester == asking]
    if any(grant.ended_at is None and now < grant.until for grant in given):
        raise Lost("a grant may still be used")
    for grant in given:
        tables.grants[grant.id] = replace(grant, coverage=_uncovered(grant.coverage))
    for of in named:
        row = tables.reviews[of]
        issuer, said, client = row.principal
        asked = row.requester == asking
        tables.reviews[of] = replace(
            row,
            requester=mark if asked else row.requester,
            owner=mark if row.owner == asking else row.owner,
            principal=(issuer, "erased" if asked else said, client),
            offer=replace(row.offer, coverage=_uncovered(row.offer.coverage)) if asked and row.offer else row.offer,
        )
    for of in voted:
        tables.votes[of] = tuple(
            replace(vote, person=mark, name="erased", via="erased", member="") if vote.person == asking else vote
            for vote in tables.votes[of]
        )
    for of in sorted(named) + sorted(voted):
        _redrawn(tables, of)
    tables.links = {place: link for place, link in tables.links.items() if link.person != asking}
    tables.acts = {name: act for name, act in tables.acts.items() if act.by != asking}


def _redrawn(tables: Tables, review: ReviewId) -> None:
    if any(card.review == review for card in tables.cards.values()):
        row = tables.reviews[review]
        tables.reviews[review] = replace(row, version=row.version + 1)


def _extents(tables: Tables, key: LiveKey) -> set[Extent]:
    scope, people = key.scope, {key.scope.person}
    for session, (principal, person) in tables.sessions.items():
        if session == scope.session or (scope.person and principal == scope.person):
            people |= {principal, person}
    named = {Extent(kind=ExtentKind.PERSON, id=one) for one in people}
    named |= {Extent(kind=ExtentKind.SESSION, id=scope.session), Extent(kind=ExtentKind.SOURCE, id=scope.source)}
    return {one for one in named if one.id}


def _told(tables: Tables, unit: Unit, review: ReviewId) -> None:
    for entry in unit.entries:
        named = entry.body.get("payloads")
        for kept in named if isinstance(named, list | tuple) else ():
            if isinstance(kept, Mapping) and isinstance(number := kept.get("dek"), int):
                tables.shown.add((number, review))


def _after(tables: Tables, change: StoreResult | HandResult | DropResult | WantStop) -> None:
    match change:
        case StoreResult(call=call):
            tables.results[call] = change
        case DropResult(call=call):
            tables.results.pop(call, None)
        case HandResult(call=call):
            tables.keys = {key: of for key, of in tables.keys.items() if tables.reviews[of].call != call}
        case WantStop(review=of, by=by):
            tables.stops[_row(tables, of).id] = by


def _budgeted(tables: Tables, change: Reserve | Settle, now: datetime) -> None:
    if isinstance(change, Reserve):
        hourly = change.period is Period.HOUR
        begun = now.replace(hour=now.hour if hourly else 0, minute=0, second=0, microsecond=0)
        spent = tables.budgets.get((change.account, begun), 0) + change.amount
        if spent > change.cap:
            again = begun + (timedelta(hours=1) if hourly else timedelta(days=1))
            raise BudgetSpent(change.account, name=change.name, again=again)
        tables.budgets[change.account, begun] = spent
        tables.reserved[change.call, change.attempt, change.account] = (begun, change)
        return
    for key in [key for key in tables.reserved if key[:2] == (change.call, change.attempt)]:
        begun, held = tables.reserved.pop(key)
        used = change.used.get(held.measure, held.amount)
        tables.budgets[held.account, begun] -= held.amount - min(max(used, 0), held.amount)


def _granted(tables: Tables, change: Granted) -> None:
    match change:
        case GiveGrant(grant=grant):
            check_given(grant, tables.reviews.get(grant.review), tables.votes.get(grant.review, ()))
            if any(grant.id == one.id or grant.review == one.review for one in tables.grants.values()):
                raise Lost("it gave one")
            tables.grants[grant.id] = grant
        case UseGrant(grant=grant, call=call):
            tables.grants[grant.id] = _used(tables, grant, call)
            tables.granted[call] = (grant.id, 0)
        case EndGrant(grant=name, at=at):
            if name not in tables.grants or tables.grants[name].ended_at is not None:
                raise Lost("it ended")
            tables.grants[name] = replace(tables.grants[name], ended_at=at)
        case SpendGrant() | ReturnGrant():
            _spent(tables, change)


def _used(tables: Tables, grant: Grant, call: CallId) -> Grant:
    row = tables.grants.get(grant.id)
    if row is None or row != replace(grant, rows=row.rows) or call in tables.granted:
        raise Lost("used or ended meanwhile")
    if row.ended_at is not None or row.uses >= row.caps.uses or row.rows >= row.caps.total:
        raise Lost("used up, or ended")
    return replace(row, uses=row.uses + 1)


def _spent(tables: Tables, change: SpendGrant | ReturnGrant) -> None:
    if change.call not in tables.granted:
        if isinstance(change, SpendGrant):
            raise GrantEnded("no grant")
        return
    of, held = tables.granted[change.call]
    row = tables.grants[of]
    more = change.rows if isinstance(change, SpendGrant) else -held
    if isinstance(change, SpendGrant) and (row.ended_at is not None or row.rows + more > row.caps.total):
        raise GrantEnded("ended, or too many rows")
    tables.grants[of] = replace(row, rows=row.rows + more)
    tables.granted[change.call] = (of, held + more)


def _post(tables: Tables, card: PostCard) -> None:
    place = (card.review, card.channel, card.ts)
    newest = max(card.shown, tables.cards[place].shown if place in tables.cards else 0)
    tables.cards[place] = Card(review=card.review, channel=card.channel, ts=card.ts, shown=newest)


def _row(tables: Tables, review: ReviewId) -> Review:
    if review not in tables.reviews:
        raise Lost(f"no {review}")
    return tables.reviews[review]


def _move(tables: Tables, change: MoveReview, unit: Unit) -> None:
    row = _row(tables, change.review)
    check_move(row, change, tables.votes.get(row.id, ()), unit.entries)
    tables.reviews[row.id] = replace(row, state=change.to, version=row.version + 1, use_by=change.use_by or row.use_by)
    if not change.attach:
        tables.keys = {key: of for key, of in tables.keys.items() if of != row.id}


def _vote(tables: Tables, change: CastVote) -> None:
    vote = change.vote
    row = _row(tables, vote.review)
    cast = tables.votes.get(row.id, ())
    if (row.version, row.state, row.digest) != (change.version, State.PENDING, vote.digest):
        raise Lost("the Review moved")
    if any(one.person == vote.person for one in cast):
        raise Lost("voted before")
    tables.votes[row.id] = (*cast, vote)
    tables.reviews[row.id] = replace(row, version=row.version + 1)


@final
class MemoryReviews:
    """Reviews, cards, waiting results and stops as the journal's units left them."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    async def review(self, review: ReviewId | CallId) -> Review | None:
        rows = self._journal.tables.reviews.values()
        return next((row for row in rows if review in {row.id, row.call}), None)

    async def attached(self, request_key: str) -> Review | None:
        found = self._journal.tables.keys.get(request_key)
        return None if found is None else self._journal.tables.reviews[found]

    async def votes(self, review: ReviewId) -> tuple[Vote, ...]:
        return self._journal.tables.votes.get(review, ())

    async def in_state(self, *states: State) -> tuple[Review, ...]:
        rows = [row for row in self._journal.tables.reviews.values() if row.state in states]
        return tuple(sorted(rows, key=lambda row: row.opened_at))

    async def opened(self, since: datetime, *states: State) -> tuple[Review, ...]:
        rows = [row for row in self._journal.tables.reviews.values() if row.state in (states or State)]
        return tuple(sorted((row for row in rows if row.opened_at >= since), key=lambda row: row.opened_at))

    async def cards(self, review: ReviewId) -> tuple[Card, ...]:
        return tuple(card for card in self._journal.tables.cards.values() if card.review == review)

    async def stale(self) -> tuple[Review, ...]:
        tables = self._journal.tables
        carded = {card.review for card in tables.cards.values()}
        behind = {card.review for card in tables.cards.values() if card.shown < tables.reviews[card.review].version}
        rows = [
            row
            for row in tables.reviews.values()
            if row.id in behind or (row.state is State.PENDING and row.id not in carded)
        ]
        return tuple(sorted(rows, key=lambda row: row.opened_at))

    async def unposted(self, channel: str) -> tuple[Review, ...]:
        tables = self._journal.tables
        posted = {card.review for card in tables.cards.values() if card.channel == channel}
        waiting = (one.review for one in tables.breaks.values() if not one.closed)
        return tuple(tables.reviews[name] for name in waiting if name not in posted)

    async def result(self, call: CallId) -> StoreResult | None:
        return self._journal.tables.results.get(call)

    async def over(self, now: datetime) -> tuple[CallId, ...]:
        return tuple(of for of, stored in self._journal.tables.results.items() if stored.until < now)

    async def stops(self) -> tuple[tuple[ReviewId, str], ...]:
        tables = self._journal.tables
        return tuple((of, by) for of, by in tables.stops.items() if tables.reviews[of].state is State.EXECUTING)


@final
class MemoryGrants:
    """Grants as the journal's units left them."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    async def grant(self, grant: GrantId) -> Grant | None:
        return self._journal.tables.grants.get(grant)

    async def covering(self, coverage: Coverage) -> tuple[Grant, ...]:
        tables, unknown = self._journal.tables, await self._journal.indeterminate()
        doubted = {of for call, (of, _) in tables.granted.items() if call in unknown}
        found = [one for one in tables.grants.values() if one.coverage == coverage and one.id not in doubted]
        return _first_given([one for one in found if one.ended_at is None])

    async def standing(self, now: datetime) -> tuple[Grant, ...]:
        found = self._journal.tables.grants.values()
        return _first_given([one for one in found if one.ended_at is None and one.until > now])


def _first_given(found: Sequence[Grant]) -> tuple[Grant, ...]:
    return tuple(sorted(found, key=lambda one: (one.until, one.id)))


@final
class MemoryBreaks:
    """Answers given alone, as the journal's units left them."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    async def broken(self, review: ReviewId) -> Break | None:
        return self._journal.tables.breaks.get(review)

    async def unclosed(self) -> tuple[Break, ...]:
        return tuple(one for one in self._journal.tables.breaks.values() if not one.closed)


@final
class MemoryCustody:
    """Holds, endings and Acts as the journal's units left them."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    async def holds(self) -> tuple[Extent, ...]:
        return tuple(sorted(self._journal.tables.holds))

    async def held(self, keys: Sequence[LiveKey]) -> frozenset[int]:
        tables = self._journal.tables
        return frozenset(key.number for key in keys if tables.holds & _extents(tables, key))

    async def owned(self, extent: Extent) -> Owned:
        if not extent.id:
            return Owned()
        theirs = {one: who for one, who in self._journal.tables.sessions.items() if extent.id in who}
        match extent.kind:
            case ExtentKind.SESSION:
                return Owned(sessions=frozenset({extent.id}))
            case ExtentKind.SOURCE:
                return Owned(source=extent.id)
            case ExtentKind.PERSON:
                agents = {ps for ps, person in theirs.values() if person == extent.id}
                return Owned(sessions=frozenset(theirs), people=frozenset({extent.id, *agents}))

    async def people(self, sessions: Sequence[str]) -> frozenset[str]:
        found = (self._journal.tables.sessions.get(one, ("", ""))[1] for one in sessions)
        return frozenset(person for person in found if person)

    async def voters(self, keys: Sequence[LiveKey]) -> frozenset[Person]:
        tables, numbers = self._journal.tables, {key.number for key in keys}
        shown = {review for number, review in tables.shown if number in numbers}
        return frozenset(vote.person for review in shown for vote in tables.votes.get(review, ()))

    async def persons(self) -> frozenset[Person]:
        tables = self._journal.tables
        asking = {one for row in tables.reviews.values() for one in (row.requester, row.owner) if one is not None}
        voting = {vote.person for votes in tables.votes.values() for vote in votes}
        linked = {link.person for link in tables.links.values()}
        return frozenset(asking | voting | linked | {act.by for act in tables.acts.values()})

    async def cleared(self) -> None:
        pass

    async def shredding(self) -> tuple[int, ...]:
        return tuple(sorted(self._journal.tables.shredding))

    async def terms(self) -> Mapping[str, int] | None:
        return self._journal.tables.terms

    async def act(self, act: ActId) -> Act | None:
        return self._journal.tables.acts.get(act)

    async def acts(self) -> tuple[Act, ...]:
        return tuple(self._journal.tables.acts.values())


@final
class MemoryStanding:
    """Blocks and the policy in force as the journal's units left them."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    async def blocks(self) -> tuple[Block, ...]:
        return tuple(Block(party=party, until=until) for party, until in sorted(self._journal.tables.blocks.items()))

    async def policy(self) -> tuple[str, str] | None:
        return self._journal.tables.policy

    async def version(self) -> str:
        return self._journal.tables.policy[0] if self._journal.tables.policy else ""


@final
class MemoryLinks:
    """Links as the journal's units left them."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    async def link(self, team: str, user: str) -> SlackLink | None:
        return self._journal.tables.links.get((team, user))

    async def beside(self, link: SlackLink) -> tuple[SlackLink, ...]:
        return beside(self._journal.tables, link)

    async def users(self, team: str) -> tuple[str, ...]:
        return tuple(sorted(user for of, user in self._journal.tables.links if of == team))


@final
class MemorySubjects:
    """Names by pseudonym."""

    def __init__(self, keys: MemoryKeys) -> None:
        self._keys = keys
        self.names: dict[str, tuple[int, str]] = {}

    async def know(self, pseudonym: str, name: str) -> None:
        key = self._keys.key(KeyScope(kind=KeyKind.PERSON, purpose="questions", person=pseudonym))
        self.names[pseudonym] = key, name

    async def name(self, pseudonym: str) -> str:
        key, name = self.names.get(pseudonym, (0, pseudonym))
        return name if key in self._keys.live.values() else pseudonym

    async def named(self, name: str) -> frozenset[str]:
        wanted, alive = name.strip().casefold(), self._keys.live.values()
        return frozenset(
            known for known, (key, held) in self.names.items() if key in alive and held.strip().casefold() == wanted
        )


@final
class MemorySessions:
    """Sessions by the client's key or by silence."""

    def __init__(self, journal: MemoryJournal, subjects: MemorySubjects, macs: MemoryMacs, clock: ManualClock) -> None:
        self._journal, self._subjects, self._macs, self._clock = journal, subjects, macs, clock
        self._open: dict[tuple[object, ...], tuple[Session, datetime]] = {}

    async def join(self, caller: Caller, call: Call) -> Session:
        now, key = self._clock.now(), (caller.principal, call.hints.conversation)
        found = self._open.get(key)
        if found is not None and (call.hints.conversation or now - found[1] < SILENCE):
            self._open[key] = (found[0], now)
            return found[0]
        session = Session(id=SessionId(f"ses_{secrets.token_hex(13)}"), principal=caller.principal, began_at=now)
        self._open[key] = (session, now)
        pseudonym, person = subject.of_caller(self._macs, caller), subject.behind(self._macs, caller)
        await self._subjects.know(pseudonym, caller.name)
        said: dict[str, Json] = {
            "ps": pseudonym,
            "iss": caller.issuer,
            "client": caller.client,
            "kind": caller.kind.value,
        }
        await self._journal.commit(Unit(entries=(session_open(session.id, said, person=person),)))
        self._journal.tables.sessions[session.id] = (pseudonym, person or "")
        return session


@final
class MemoryHistory:
    """Look-ups read straight from the log."""

    def __init__(self, journal: MemoryJournal, subjects: MemorySubjects, macs: MemoryMacs) -> None:
        self._journal, self._subjects, self._macs = journal, subjects, macs

    async def sessions(
        self,
        *,
        principal: tuple[str, str, str] | None = None,
        person: Person | None = None,
        before: datetime | None = None,
        limit: int = 20,
    ) -> tuple[SessionLine, ...]:
        lines = []
        for _, sealed in reversed(self._journal.tables.log):
            line = await self._line(sealed.body, principal=principal, person=person)
            if line is not None and (before is None or line.began_at < before):
                lines.append(line)
        return tuple(lines[:limit])

    async def session(self, session: SessionId, *, person: Person | None = None) -> SessionLine | None:
        for _, sealed in self._journal.tables.log:
            if sealed.body.get("session") == session:
                return await self._line(sealed.body, person=person)
        return None

    async def _line(
        self,
        body: object,
        *,
        principal: tuple[str, str, str] | None = None,
        person: Person | None = None,
    ) -> SessionLine | None:
        if not isinstance(body, dict) or body["kind"] != EntryKind.SESSION_OPEN.value:
            return None
        if principal is not None and body["caller"]["ps"] != subject.of_principal(self._macs, principal):
            return None
        if person is not None and body.get("person") != subject.of_person(self._macs, person):
            return None
        calls = await self.calls(SessionId(body["session"]))
        began = _instant(body)
        return SessionLine(
            session=SessionId(body["session"]),
            began_at=began,
            last_at=max((line.at for line in calls), default=began),
            person=await self._subjects.name(body["caller"]["ps"]),
            agent=body["caller"]["client"],
            calls=len(calls),
            refused=sum(line.outcome is Outcome.REFUSED for line in calls),
            rows=sum(line.rows or 0 for line in calls),
        )

    async def calls(self, session: SessionId) -> tuple[CallLine, ...]:
        lines = [await self._call(sealed) for _, sealed in self._journal.tables.log]
        return tuple(line for line in lines if line is not None and line.session == session)

    async def similar(self, call: CallId) -> tuple[CallId, ...]:
        asked = await self.call(call)
        lines = [await self._call(sealed) for _, sealed in self._journal.tables.log]
        found = [
            one.call
            for one in reversed(lines)
            if one is not None and asked is not None and asked.shape not in {"", UNPARSED} and one.call != call
            if (one.source, one.shape) == (asked.source, asked.shape)
            if one.outcome in {Outcome.COMMITTED, Outcome.DELIVERED}
        ]
        return tuple(found[:5])

    async def call(self, call: CallId) -> CallLine | None:
        for sealed in await self._journal.entries(call):
            line = await self._call(sealed)
            if line is not None:
                return line
        return None

    async def find(self, wanted: Search, *, after: Mark | None = None, limit: int = 20) -> Found:
        """Look at every Call, newest first, and compare each with all that is wanted."""
        lines, behind = [], self._behind()
        for _, sealed in reversed(self._journal.tables.log):
            line = await self._call(sealed)
            if line is None or (after is not None and mark(line) >= after):
                continue
            if alike(wanted, pattern(sealed.body), line) and theirs(wanted, dict(sealed.body), behind):
                lines.append(line)
        more = len(lines) > limit
        ended = mark(lines[limit - 1]) if more else None
        return Found(lines=tuple(lines[:limit]), next=ended, reached=lines[limit - 1].at if more else None)

    def _behind(self) -> dict[str, str]:
        """Session -> the human behind it, or its principal."""
        opened = [dict(one.body) for _, one in self._journal.tables.log if one.body["kind"] == "session.open"]
        return {
            str(one["session"]): str(one.get("person") or cast("dict[str, Json]", one["caller"])["ps"])
            for one in opened
        }

    async def _call(self, sealed: Sealed) -> CallLine | None:
        body = dict(sealed.body)
        if body["kind"] != EntryKind.INTENT.value or body["attempt"] != 1:
            return None
        call = CallId(str(body["call"]))
        said: dict[str, Json] = {}
        for entry in await self._journal.entries(call):
            if entry.body["kind"] in {EntryKind.OUTCOME.value, EntryKind.RESOLVED.value}:
                said |= entry.body
        caller, source, verdict = body["caller"], body["source"], body["verdict"]
        assert isinstance(caller, dict)
        assert isinstance(source, dict)
        assert isinstance(verdict, dict)
        rows, masked = said.get("rows"), said.get("masked")
        return CallLine(
            call=call,
            session=SessionId(str(body["session"])),
            at=_instant(body),
            person=await self._subjects.name(str(caller["ps"])),
            agent=str(caller["client"]),
            source=str(source["name"]),
            tool=str(body["tool"]),
            verdict=str(verdict["action"]),
            outcome=Outcome(str(said["outcome"])) if "outcome" in said else None,
            rows=rows if isinstance(rows, int) else None,
            masked=masked if isinstance(masked, int) else 0,
            sequence=sealed.sequence,
            protected=intents.protected(body),
            cut=pattern(body).cut,
            shape=pattern(body).shape,
        )


def _instant(body: dict[str, Json]) -> datetime:
    stamp = body["ts"]
    assert isinstance(stamp, int)
    return datetime.fromtimestamp(stamp / 1000, UTC)


@final
class MemoryTickets:
    """Names that hold for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows: dict[tuple[TicketKind, str], tuple[str, datetime]] = {}

    def _row(self, kind: TicketKind, name: str) -> str | None:
        row, ends = self._rows.get((kind, name), ("", self._clock.now()))
        return row if ends > self._clock.now() else None

    async def put(self, kind: TicketKind, name: str, row: str, ends: datetime) -> bool:
        if self._row(kind, name) is not None:
            return False
        self._rows[kind, name] = (row, ends)
        return True

    async def take(self, kind: TicketKind, name: str) -> str | None:
        found = self._row(kind, name)
        self._rows.pop((kind, name), None)
        return found

    async def look(self, kind: TicketKind, name: str, ends: datetime) -> str | None:
        found = self._row(kind, name)
        if found is not None:
            self._rows[kind, name] = (found, ends)
        return found


@final
class MemoryAnchors:
    """A tree that was signed just now."""

    def __init__(self, journal: MemoryJournal) -> None:
        self.journal = journal

    async def anchored(self, entries: Sequence[Sealed]) -> Anchored | None:
        leaves = {number: one.leaf for number, (_, one) in enumerate(self.journal.tables.log)}
        astray = tuple(one.sequence for one in entries if leaves.get(one.sequence) != one.leaf)
        root = tree.root([bytes.fromhex(leaf) for leaf in leaves.values()]).hex()
        return Anchored(size=len(leaves), root=root, signed=len(entries), astray=astray)


class MemoryStore:
    """All of the store's ports over one memory, under the names that the real store uses."""

    def __init__(
        self,
        clock: ManualClock | None = None,
        *,
        boot: str = "boot",
        recorded: Mapping[str, Recording] | None = None,
    ) -> None:
        self.clock = clock or ManualClock()
        self.boot = boot
        self.macs = MemoryMacs()
        self.ring = MemoryKeys()
        self.payloads = MemoryPayloads(self.macs, self.clock, self.ring, recorded)
        self.journal = MemoryJournal(self.clock, boot=boot)
        self.reviews = MemoryReviews(self.journal)  # Reviews, Cards and Results
        self.grants = MemoryGrants(self.journal)
        self.breaks = MemoryBreaks(self.journal)
        self.custody = MemoryCustody(self.journal)
        self.links = MemoryLinks(self.journal)
        self.standing = MemoryStanding(self.journal)
        self.closure = MemoryClosure()
        self.tickets = MemoryTickets(self.clock)
        self.subjects = MemorySubjects(self.ring)
        self.sessions = MemorySessions(self.journal, self.subjects, self.macs, self.clock)
        self.history = MemoryHistory(self.journal, self.subjects, self.macs)
