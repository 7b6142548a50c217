"""What each Change of a unit does to its rows, within the unit's transaction: one literal table for every store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, LiteralString

from core.audit.unit import check_move
from core.errors import Lost
from core.model import Entry, Review, ReviewId, State
from core.ports import (
    BreakGlass,
    Broken,
    Budgeted,
    CastVote,
    Change,
    CloseGlass,
    DropResult,
    EndBlock,
    EndGrant,
    EndLink,
    GiveGrant,
    Granted,
    HandResult,
    Keeping,
    MoveReview,
    OpenReview,
    OpenStore,
    PostCard,
    Reserve,
    RetireKey,
    ReturnGrant,
    SetBlock,
    SetLink,
    SetPolicy,
    Settle,
    SpendGrant,
    StoreResult,
    TellGlass,
    TurnKey,
    UseGrant,
    WantStop,
)
from core.stores import rows
from core.stores.encryption import naming
from core.stores.operational import budgets, closure, custody, glass, grants, linked, standing
from core.stores.steps import Steps, ask, one

OPEN: Final[LiteralString] = (
    "INSERT INTO reviews (id, call_id, request_key, attach, state, version, opened_at, expires_at, digest, row,"
    " asker_directory, asker, owner_directory, owner)"
    " VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING RETURNING id"
)
MOVE: Final[LiteralString] = (
    "UPDATE reviews SET state = $1, version = version + 1,"
    " attach = CASE WHEN $2 < attach THEN $2 ELSE attach END, use_by = coalesce($3, use_by)"
    " WHERE id = $4 AND state = $5 AND version = $6 RETURNING id"
)
RAISE: Final[LiteralString] = (
    "UPDATE reviews SET version = version + 1"
    " WHERE id = $1 AND version = $2 AND state = 'pending' AND digest = $3 RETURNING id"
)
VOTE: Final[LiteralString] = (
    "INSERT INTO votes (review, directory, person, row) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING review"
)
POST: Final[LiteralString] = (
    "INSERT INTO cards (review, channel, ts, shown) VALUES ($1, $2, $3, $4) ON CONFLICT (review, channel, ts) DO UPDATE"
    " SET shown = CASE WHEN excluded.shown > cards.shown THEN excluded.shown ELSE cards.shown END"
)
RESULT: Final[LiteralString] = (
    "INSERT INTO results (call_id, payload, until) VALUES ($1, $2, $3)"
    " ON CONFLICT (call_id) DO UPDATE SET payload = excluded.payload, until = excluded.until"
)


def apply(change: Change, entries: Sequence[Entry], now: datetime) -> Steps[None]:
    """Apply one Change at the store's own time; a lost compare drops the whole unit.

    Raises: Lost, IllegalMove, BudgetSpent, GrantEnded, Held.
    """
    match change:
        case OpenReview():
            yield from _open(change.review)
            yield from custody.told(change.review.id, entries)
        case MoveReview():
            yield from _move(change, entries)
        case CastVote():
            yield from _vote(change)
            yield from custody.told(change.vote.review, entries)
        case PostCard() | StoreResult() | HandResult() | DropResult() | WantStop():
            yield from _beside(change)
        case Reserve() | Settle() | GiveGrant() | UseGrant() | SpendGrant() | ReturnGrant() | EndGrant():
            yield from _counted(change, now)
        case TurnKey() | RetireKey() | OpenStore():
            yield from _keyed(change)
        case SetBlock() | EndBlock() | SetPolicy() | SetLink() | EndLink():
            yield from linked.put(change) if isinstance(change, SetLink | EndLink) else standing.put(change)
        case _:
            yield from _besides(change, entries, now)


def _besides(change: Broken | Keeping, entries: Sequence[Entry], now: datetime) -> Steps[None]:
    if isinstance(change, BreakGlass | CloseGlass | TellGlass):
        yield from _broken(change, entries, now)
    else:
        yield from custody.keep(change, now)


def _counted(change: Budgeted | Granted, now: datetime) -> Steps[None]:
    yield from budgets.put(change, now) if isinstance(change, Reserve | Settle) else grants.put(change)


def _broken(change: Broken, entries: Sequence[Entry], now: datetime) -> Steps[None]:
    yield from glass.put(change, now)
    if isinstance(change, CloseGlass):
        yield from custody.told(change.review, entries)


def _keyed(change: TurnKey | RetireKey | OpenStore) -> Steps[None]:
    yield from closure.opened() if isinstance(change, OpenStore) else naming.turn(change)


def _beside(change: PostCard | StoreResult | HandResult | DropResult | WantStop) -> Steps[None]:
    match change:
        case PostCard():
            yield from ask(POST, change.review, change.channel, change.ts, change.shown)
        case StoreResult():
            yield from ask(RESULT, change.call, change.result, rows.micros(change.until))
        case DropResult():
            yield from ask("DELETE FROM results WHERE call_id = $1", change.call)
        case HandResult():
            yield from ask("UPDATE reviews SET attach = 0 WHERE call_id = $1", change.call)
            yield from ask("UPDATE results SET handed = 1 WHERE call_id = $1", change.call)
        case WantStop():
            sql: Final = "UPDATE reviews SET stop_wanted = $1 WHERE id = $2 RETURNING id"
            _moved((yield from one(sql, change.by, change.review)), change.review)


def _open(review: Review) -> Steps[None]:
    opened = yield from one(
        OPEN,
        review.id,
        review.call,
        review.request_key,
        State.PENDING.value,
        review.version,
        rows.micros(review.opened_at),
        rows.micros(review.expires_at),
        review.digest,
        rows.pack_review(review),
        *rows.people(review),
    )
    if opened is None:
        raise Lost("an identical request is open already")


def _move(change: MoveReview, entries: Sequence[Entry]) -> Steps[None]:
    """Set a Review's state: the only place that does.

    What was read before the compare-and-set still holds after it: a Vote and a move both raise the version.
    """
    found = yield from read(change.review)
    cast = yield from ask("SELECT row FROM votes WHERE review = $1 ORDER BY n", change.review)
    check_move(found, change, [rows.vote(text) for (text,) in cast], entries)
    use_by = None if change.use_by is None else rows.micros(change.use_by)
    moved = yield from one(
        MOVE, change.to.value, int(change.attach), use_by, change.review, found.state.value, change.version
    )
    _moved(moved, change.review)


def read(review: ReviewId) -> Steps[Review]:
    """Read a Review's row inside the unit.

    Raises: Lost when there is none.
    """
    row = yield from one(rows.REVIEW + "WHERE id = $1", review)
    if row is None:
        raise Lost(f"no {review}")
    return rows.review(row)


def _vote(change: CastVote) -> Steps[None]:
    vote = change.vote
    _moved((yield from one(RAISE, vote.review, change.version, vote.digest)), vote.review)
    cast = yield from one(VOTE, vote.review, vote.person.directory, vote.person.id, rows.pack_vote(vote))
    if cast is None:
        raise Lost(f"this person voted on {vote.review} before")


def _moved(row: object, review: ReviewId) -> None:
    """Check that a compare-and-set found its row.

    Raises: Lost.
    """
    if row is None:
        raise Lost(f"{review} moved first")
