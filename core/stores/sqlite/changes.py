"""What each Change of a unit does to its rows, within the unit's transaction: one literal table."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from core.audit.unit import check_move
from core.errors import BudgetSpent, Lost
from core.model import Entry, Review, ReviewId, State
from core.ports import (
    CastVote,
    Change,
    DropResult,
    HandResult,
    MoveReview,
    OpenReview,
    PostCard,
    Reserve,
    StoreResult,
    WantStop,
)
from core.stores.sqlite import rows


def apply(connection: sqlite3.Connection, change: Change, entries: Sequence[Entry]) -> None:
    """Apply one Change; a lost compare drops the whole unit.

    Raises: Lost, IllegalMove, BudgetSpent.
    """
    match change:
        case OpenReview():
            _open(connection, change.review)
        case MoveReview():
            _move(connection, change, entries)
        case CastVote():
            _vote(connection, change)
        case PostCard():
            _post(connection, change)
        case StoreResult() | HandResult() | DropResult() | WantStop() | Reserve():
            _beside(connection, change)


def _beside(connection: sqlite3.Connection, change: StoreResult | HandResult | DropResult | WantStop | Reserve) -> None:
    match change:
        case StoreResult():
            _result(connection, change)
        case DropResult():
            connection.execute("DELETE FROM results WHERE call_id = ?", (change.call,))
        case HandResult():
            _hand(connection, change)
        case WantStop():
            _stop(connection, change)
        case Reserve():
            _reserve(connection, change)


def _open(connection: sqlite3.Connection, review: Review) -> None:
    try:
        connection.execute(
            "INSERT INTO reviews (id, call_id, request_key, attach, state, version, opened_at, expires_at, use_by,"
            " digest, row) VALUES (?, ?, ?, 1, ?, ?, ?, ?, NULL, ?, ?)",
            (
                review.id,
                review.call,
                review.request_key,
                State.PENDING.value,
                review.version,
                rows.micros(review.opened_at),
                rows.micros(review.expires_at),
                review.digest,
                rows.pack_review(review),
            ),
        )
    except sqlite3.IntegrityError as error:
        raise Lost("an identical request is open already") from error


def _move(connection: sqlite3.Connection, change: MoveReview, entries: Sequence[Entry]) -> None:
    """Set a Review's state: the only place that does."""
    found = read(connection, change.review)
    cast = connection.execute("SELECT row FROM votes WHERE review = ? ORDER BY n", (change.review,)).fetchall()
    check_move(found, change, [rows.vote(text) for (text,) in cast], entries)
    moved = connection.execute(
        "UPDATE reviews SET state = ?, version = version + 1, attach = min(attach, ?), use_by = coalesce(?, use_by)"
        " WHERE id = ? AND state = ? AND version = ?",
        (
            change.to.value,
            int(change.attach),
            None if change.use_by is None else rows.micros(change.use_by),
            change.review,
            found.state.value,
            change.version,
        ),
    )
    _one(moved, change.review)


def read(connection: sqlite3.Connection, review: ReviewId) -> Review:
    """Read a Review's row inside the unit.

    Raises: Lost when there is none.
    """
    row = connection.execute(rows.REVIEW + "WHERE id = ?", (review,)).fetchone()
    if row is None:
        raise Lost(f"no {review}")
    return rows.review(row)


def _vote(connection: sqlite3.Connection, change: CastVote) -> None:
    vote = change.vote
    raised = connection.execute(
        "UPDATE reviews SET version = version + 1 WHERE id = ? AND version = ? AND state = 'pending' AND digest = ?",
        (vote.review, change.version, vote.digest),
    )
    _one(raised, vote.review)
    try:
        connection.execute(
            "INSERT INTO votes (review, directory, person, row) VALUES (?, ?, ?, ?)",
            (vote.review, vote.person.directory, vote.person.id, rows.pack_vote(vote)),
        )
    except sqlite3.IntegrityError as error:
        raise Lost(f"this person voted on {vote.review} before") from error


def _post(connection: sqlite3.Connection, card: PostCard) -> None:
    connection.execute(
        "INSERT INTO cards (review, channel, ts, shown) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (review, channel, ts) DO UPDATE SET shown = max(shown, excluded.shown)",
        (card.review, card.channel, card.ts, card.shown),
    )


def _result(connection: sqlite3.Connection, change: StoreResult) -> None:
    connection.execute(
        "INSERT INTO results (call_id, payload, until) VALUES (?, ?, ?)"
        " ON CONFLICT (call_id) DO UPDATE SET payload = excluded.payload, until = excluded.until",
        (change.call, change.result, rows.micros(change.until)),
    )


def _hand(connection: sqlite3.Connection, change: HandResult) -> None:
    connection.execute("UPDATE results SET handed = 1 WHERE call_id = ?", (change.call,))
    connection.execute("UPDATE reviews SET attach = 0 WHERE call_id = ?", (change.call,))


def _stop(connection: sqlite3.Connection, change: WantStop) -> None:
    wanted = connection.execute("UPDATE reviews SET stop_wanted = ? WHERE id = ?", (change.by, change.review))
    _one(wanted, change.review)


def _reserve(connection: sqlite3.Connection, change: Reserve) -> None:
    spent = connection.execute(
        "INSERT INTO budgets (account, day, spent) VALUES (?, ?, ?)"
        " ON CONFLICT (account, day) DO UPDATE SET spent = spent + excluded.spent RETURNING spent",
        (change.account, change.day, change.amount),
    ).fetchone()
    if spent[0] > change.cap:
        raise BudgetSpent(f"{spent[0]} of {change.cap} for {change.account}")


def _one(cursor: sqlite3.Cursor, review: ReviewId) -> None:
    """Check that a compare-and-set found its row.

    Raises: Lost.
    """
    if cursor.rowcount != 1:
        raise Lost(f"{review} moved first")
