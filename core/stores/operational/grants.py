"""Rows of grants: one of each grant, one of each Call that used one; first writer wins under the grant's row lock.

Uses are counted where they begin, rows where they come to last or are shown, and an end stops both: what a grant let
run is told by the order in which its row was written, which is the log's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, LiteralString, final

from pydantic import TypeAdapter

from core.audit.unit import check_given
from core.errors import GrantEnded, Lost
from core.model import CallId, Coverage, Grant, GrantId
from core.ports import EndGrant, GiveGrant, Granted, ReturnGrant, SpendGrant, UseGrant
from core.stores import rows
from core.stores.steps import Reads, Row, Steps, ask, one

GIVE: Final[LiteralString] = (
    "INSERT INTO grants (id, review, fingerprint, most, total, until, row) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT DO NOTHING RETURNING id"
)
USE: Final[LiteralString] = (
    "UPDATE grants SET uses = uses + 1"
    " WHERE id = $1 AND uses = $2 AND uses < most AND rows < total AND until = $3 AND ended_at IS NULL RETURNING id"
)
USED: Final[LiteralString] = (
    "INSERT INTO granted (call_id, of, number) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING call_id"
)
SPEND: Final[LiteralString] = (
    "UPDATE grants SET rows = rows + $1"
    " WHERE id = (SELECT of FROM granted WHERE call_id = $2) AND rows + $1 <= total AND ended_at IS NULL RETURNING id"
)
SPENT: Final[LiteralString] = "UPDATE granted SET rows = rows + $1 WHERE call_id = $2"
HELD: Final[LiteralString] = "SELECT of, rows FROM granted WHERE call_id = $1 AND rows > 0"
EMPTIED: Final[LiteralString] = "UPDATE granted SET rows = 0 WHERE call_id = $1 AND rows = $2 RETURNING of"
BACK: Final[LiteralString] = "UPDATE grants SET rows = rows - $1 WHERE id = $2"
END: Final[LiteralString] = "UPDATE grants SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL RETURNING id"
SELECT: Final[LiteralString] = "SELECT row, uses, rows, ended_at FROM grants "
# People look at what nobody can tell before anything of its grant runs again.
KNOWN: Final[LiteralString] = (
    " AND NOT EXISTS (SELECT 1 FROM granted g JOIN open_calls o ON o.call_id = g.call_id"
    " WHERE g.of = grants.id AND o.unknown = 1) ORDER BY until, id"
)
_GRANT: Final = TypeAdapter(Grant)


def put(change: Granted) -> Steps[None]:
    """Apply one Change.

    Raises: Lost, GrantEnded, IllegalMove.
    """
    match change:
        case GiveGrant(grant=grant):
            yield from _give(grant)
        case UseGrant():
            yield from _use(change)
        case SpendGrant(call=call, rows=count):
            yield from _spend(call, count)
        case ReturnGrant(call=call):
            yield from _return(call)
        case EndGrant(grant=grant, at=at):
            _first((yield from one(END, rows.micros(at), grant)), f"{grant} was ended")


def _give(grant: Grant) -> Steps[None]:
    """Insert what a Review's Votes gave, in the unit that decided it."""
    found = yield from one(rows.REVIEW + "WHERE id = $1", grant.review)
    cast = yield from ask("SELECT row FROM votes WHERE review = $1 ORDER BY n", grant.review)
    check_given(grant, None if found is None else rows.review(found), [rows.vote(text) for (text,) in cast])
    caps, until = grant.caps, rows.micros(grant.until)
    given = yield from one(
        GIVE, grant.id, grant.review, grant.coverage.fingerprint, caps.uses, caps.total, until, pack_grant(grant)
    )
    _first(given, f"{grant.review} gave one")


def _use(change: UseGrant) -> Steps[None]:
    grant = change.grant
    taken = yield from one(USE, grant.id, grant.uses, rows.micros(grant.until))
    _first(taken, f"{grant.id} is used up, was ended, or was used meanwhile")
    _first((yield from one(USED, change.call, grant.id, change.number)), f"{change.call} used one")


def _spend(call: CallId, count: int) -> Steps[None]:
    if (yield from one(SPEND, count, call)) is None:
        raise GrantEnded(f"{count} rows of {call}")
    yield from ask(SPENT, count, call)


def _return(call: CallId) -> Steps[None]:
    held = yield from one(HELD, call)
    if held is not None and (yield from one(EMPTIED, call, held[1])) is not None:
        yield from ask(BACK, held[1], held[0])


def _first(row: object, detail: str) -> None:
    """Check that a compare found its row.

    Raises: Lost.
    """
    if row is None:
        raise Lost(detail)


def pack_grant(grant: Grant) -> str:
    """Encode a Grant."""
    return _GRANT.dump_json(grant).decode()


def grant(row: Row) -> Grant:
    """Decode a row selected by SELECT."""
    given, uses, used, ended = row
    return replace(
        _GRANT.validate_json(given), uses=uses, rows=used, ended_at=None if ended is None else rows.instant(ended)
    )


@final
class StoredGrants:
    """The port Grants over one reading pool."""

    def __init__(self, readers: Reads) -> None:
        self._readers = readers

    async def grant(self, grant: GrantId) -> Grant | None:
        """Find one."""
        return next(iter(await self._found(SELECT + "WHERE id = $1", grant)), None)

    async def covering(self, coverage: Coverage) -> tuple[Grant, ...]:
        """Grants of exactly this that nobody ended, and of which nothing is unknown."""
        sql: Final = SELECT + "WHERE fingerprint = $1 AND ended_at IS NULL" + KNOWN
        return tuple(each for each in await self._found(sql, coverage.fingerprint) if each.coverage == coverage)

    async def standing(self, now: datetime) -> tuple[Grant, ...]:
        """Grants that nobody ended and whose time is not over."""
        sql: Final = SELECT + "WHERE ended_at IS NULL AND until > $1 ORDER BY until, id"
        return tuple(await self._found(sql, rows.micros(now)))

    async def _found(self, sql: LiteralString, *values: str | int) -> Sequence[Grant]:
        return [grant(row) for row in await self._readers.rows(sql, *values)]
