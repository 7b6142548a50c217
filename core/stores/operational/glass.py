"""Rows of answers that somebody gave alone: one of theirs that is overdue keeps them from another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, LiteralString, final

from core.errors import Lost
from core.model import MOVES, Person, ReviewId, State
from core.ports import Break, BreakGlass, CloseGlass, TellGlass
from core.stores import rows
from core.stores.steps import Reads, Row, Steps, one

BREAK: Final[LiteralString] = (
    "INSERT INTO breaks (review, directory, person, at, due)"
    " SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM breaks"
    " WHERE directory = $6 AND person = $7 AND closed = 0 AND due <= $8) ON CONFLICT DO NOTHING RETURNING review"
)
CLOSE: Final[LiteralString] = "UPDATE breaks SET closed = 1 WHERE review = $1 AND closed = 0 RETURNING review"
OVER: Final[LiteralString] = "UPDATE reviews SET version = version + 1 WHERE id = $1 AND state = $2 RETURNING id"
TELL: Final[LiteralString] = (
    "UPDATE breaks SET told = 1 WHERE review = $1 AND closed = 0 AND told = 0 AND due <= $2 RETURNING review"
)
SELECT: Final[LiteralString] = "SELECT review, directory, person, at, due, closed, told FROM breaks "
MANY: Final = 1000


def put(change: BreakGlass | CloseGlass | TellGlass, now: datetime) -> Steps[None]:
    """Apply one Change at the store's own time.

    Raises: Lost.
    """
    match change:
        case BreakGlass(review=review, person=person, until=until):
            at, due = rows.micros(now), rows.micros(now + until)
            who = (person.directory, person.id)
            if (yield from one(BREAK, review, *who, at, due, *who, at)) is None:
                raise Lost("one of theirs is overdue")
        case CloseGlass(review=review):
            if (yield from one(CLOSE, review)) is None:
                raise Lost(f"{review} is closed, or was never broken")
            yield from _over(review)
        case TellGlass(review=review):
            if (yield from one(TELL, review, rows.micros(now))) is None:
                raise Lost(f"{review} was told")


def _over(review: ReviewId) -> Steps[None]:
    """Raise the version of a Review whose states are at an end: no move of a gateway may be lost by it."""
    for state in State:
        if state not in MOVES and (yield from one(OVER, review, state.value)) is not None:
            return
    raise Lost(f"{review} is not over")


@final
class StoredBreaks:
    """The port Breaks over one reading pool."""

    def __init__(self, readers: Reads) -> None:
        self._readers = readers

    async def broken(self, review: ReviewId) -> Break | None:
        """Find one Review's."""
        row = await self._readers.row(SELECT + "WHERE review = $1", review)
        return None if row is None else _break(row)

    async def unclosed(self) -> tuple[Break, ...]:
        """All that nobody else has looked at, oldest first."""
        return _breaks(await self._readers.rows(SELECT + "WHERE closed = 0 ORDER BY at LIMIT $1", MANY))


def _breaks(found: Sequence[Row]) -> tuple[Break, ...]:
    return tuple(map(_break, found))


def _break(row: Row) -> Break:
    review, directory, person, at, due, closed, told = row
    return Break(
        review=ReviewId(review),
        person=Person(directory=directory, id=person),
        at=rows.instant(at),
        due=rows.instant(due),
        closed=bool(closed),
        told=bool(told),
    )
