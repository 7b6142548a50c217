"""Operational rows as nouns and back: what never changes is JSON in `row`, what units change is a column."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, LiteralString

from pydantic import TypeAdapter

from core.model import Review, State, Vote
from core.ports import Card
from core.stores.steps import Row

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICRO: Final = timedelta(microseconds=1)
SCOPED: Final[LiteralString] = (  # Entries of a Call, Review, act, grant or ticket, each half by its own index
    "SELECT seq, body FROM log_entry WHERE scope = $1 AND slot IS NOT NULL UNION ALL"
    " SELECT seq, body FROM log_entry WHERE scope = $1 AND slot IS NULL ORDER BY seq"
)
REVIEW: Final[LiteralString] = "SELECT row, state, version, use_by FROM reviews "

_REVIEW: Final = TypeAdapter(Review)
_VOTE: Final = TypeAdapter(Vote)


def micros(at: datetime) -> int:
    """Return whole microseconds since the epoch: exact, as no float is."""
    return (at - EPOCH) // MICRO


def instant(us: int) -> datetime:
    """Return the instant of `micros`."""
    return EPOCH + timedelta(microseconds=us)


def pack_review(review: Review) -> str:
    """Encode a Review as it was opened."""
    return _REVIEW.dump_json(review).decode()


def people(review: Review) -> tuple[str | None, str | None, str | None, str | None]:
    """Name who asked and who answers for the agent, as the columns that they are found by."""
    asker, owner = review.requester, review.owner
    return (
        asker and asker.directory,
        asker and asker.id,
        owner and owner.directory,
        owner and owner.id,
    )


def review(row: Row) -> Review:
    """Decode a row selected by REVIEW."""
    opened, state, version, use_by = row
    return replace(
        _REVIEW.validate_json(opened),
        state=State(state),
        version=version,
        use_by=None if use_by is None else instant(use_by),
    )


def pack_vote(vote: Vote) -> str:
    """Encode a Vote."""
    return _VOTE.dump_json(vote).decode()


def vote(text: str) -> Vote:
    """Decode a Vote."""
    return _VOTE.validate_json(text)


def card(row: Row) -> Card:
    """Decode (review, channel, ts, shown)."""
    of, channel, ts, shown = row
    return Card(review=of, channel=channel, ts=ts, shown=shown)
