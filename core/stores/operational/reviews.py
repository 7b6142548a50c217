"""Reviews, cards, waiting results and wanted stops, as units left them."""

from __future__ import annotations

from datetime import datetime
from typing import final

from core.model import CallId, PayloadId, Review, ReviewId, State, Vote
from core.ports import Card, StoreResult
from core.stores import rows
from core.stores.steps import Reads

MANY = 1000  # Reviews whose cards wait, in one look


@final
class StoredReviews:
    """The ports Reviews, Cards and Results over one reading pool."""

    def __init__(self, readers: Reads) -> None:
        self._readers = readers

    async def review(self, review: ReviewId | CallId) -> Review | None:
        """Find by its own id or by its Call's."""
        row = await self._readers.row(rows.REVIEW + "WHERE id = $1 OR call_id = $1", review)
        return None if row is None else rows.review(row)

    async def attached(self, request_key: str) -> Review | None:
        """Find the Review that an identical Call joins."""
        row = await self._readers.row(rows.REVIEW + "WHERE request_key = $1 AND attach = 1", request_key)
        return None if row is None else rows.review(row)

    async def votes(self, review: ReviewId) -> tuple[Vote, ...]:
        """Votes in the order they were cast."""
        found = await self._readers.rows("SELECT row FROM votes WHERE review = $1 ORDER BY n", review)
        return tuple(rows.vote(text) for (text,) in found)

    async def in_state(self, *states: State) -> tuple[Review, ...]:
        """Reviews in the given states, oldest first."""
        found = [
            row
            for state in dict.fromkeys(states)
            for row in await self._readers.rows(rows.REVIEW + "WHERE state = $1 ORDER BY opened_at", state.value)
        ]
        return tuple(sorted((rows.review(row) for row in found), key=lambda review: review.opened_at))

    async def opened(self, since: datetime, *states: State) -> tuple[Review, ...]:
        """Reviews opened at or after an instant in these states, in any where none is named."""
        found = [
            row
            for state in states or State
            for row in await self._readers.rows(
                rows.REVIEW + "WHERE state = $1 AND opened_at >= $2 ORDER BY opened_at", state.value, rows.micros(since)
            )
        ]
        return tuple(sorted((rows.review(row) for row in found), key=lambda review: review.opened_at))

    async def cards(self, review: ReviewId) -> tuple[Card, ...]:
        """Cards of one Review."""
        found = await self._readers.rows("SELECT review, channel, ts, shown FROM cards WHERE review = $1", review)
        return tuple(rows.card(row) for row in found)

    async def stale(self) -> tuple[Review, ...]:
        """Pending Reviews that have no card yet, and Reviews with a card behind their version, oldest first."""
        found = await self._readers.rows(
            rows.REVIEW + "WHERE (state = 'pending' AND NOT EXISTS (SELECT 1 FROM cards WHERE review = reviews.id))"
            " OR EXISTS (SELECT 1 FROM cards WHERE review = reviews.id AND shown < version)"
            " ORDER BY opened_at LIMIT $1",
            MANY,
        )
        return tuple(rows.review(row) for row in found)

    async def unposted(self, channel: str) -> tuple[Review, ...]:
        """Reviews that were answered alone, that nobody else has looked at, and that have no card in a channel."""
        found = await self._readers.rows(
            rows.REVIEW + "WHERE id IN (SELECT review FROM breaks WHERE closed = 0)"
            " AND NOT EXISTS (SELECT 1 FROM cards WHERE review = reviews.id AND channel = $1) ORDER BY opened_at",
            channel,
        )
        return tuple(rows.review(row) for row in found)

    async def result(self, call: CallId) -> StoreResult | None:
        """Find the waiting result of a Call."""
        row = await self._readers.row("SELECT payload, until FROM results WHERE call_id = $1", call)
        if row is None:
            return None
        payload, until = row
        return StoreResult(call=call, result=PayloadId(payload), until=rows.instant(until))

    async def over(self, now: datetime) -> tuple[CallId, ...]:
        """Calls whose result is past its end."""
        found = await self._readers.rows(
            "SELECT call_id FROM results WHERE until < $1 LIMIT $2", rows.micros(now), MANY
        )
        return tuple(CallId(of) for (of,) in found)

    async def stops(self) -> tuple[tuple[ReviewId, str], ...]:
        """Executing Reviews that somebody wants stopped, and who."""
        found = await self._readers.rows(
            "SELECT id, stop_wanted FROM reviews WHERE state = 'executing' AND stop_wanted IS NOT NULL"
            " ORDER BY opened_at"
        )
        return tuple((ReviewId(of), by) for of, by in found)
