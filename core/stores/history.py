"""Look-ups over a projection of the log in its own file: rebuilt from the log, caught up before each answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, LiteralString, final

from core import subject
from core.audit import shapes
from core.model import CallId, EntryKind, Json, Outcome, Person, SessionId
from core.ports import CallLine, Macs, Sealed, SessionLine, Subjects
from core.stores import rows
from core.stores.steps import Ledger, Reads, Row, Steps, Writes, ask

STEP: Final = 1000  # Entries applied in one transaction

APPLIED: Final[LiteralString] = "UPDATE applied SET next = next RETURNING next"  # one at a time applies what follows

SESSION: Final[LiteralString] = "SELECT id, began_ms, last_ms, ps, agent, calls, refused, rows FROM session "
CALL: Final[LiteralString] = (
    "SELECT id, session, at_ms, ps, agent, source, tool, verdict, outcome, rows, masked, seq, protected FROM call "
)


@final
class StoredHistory:
    """The port History."""

    def __init__(self, *, journal: Ledger, writer: Writes, readers: Reads, macs: Macs, subjects: Subjects) -> None:
        self._journal = journal
        self._writer = writer
        self._readers = readers
        self._macs = macs
        self._subjects = subjects
        self._catching = asyncio.Lock()

    async def sessions(
        self,
        *,
        principal: tuple[str, str, str] | None = None,
        person: Person | None = None,
        before: datetime | None = None,
        limit: int = 20,
    ) -> tuple[SessionLine, ...]:
        """Sessions that began before an instant, newest first."""
        await self.catch_up()
        found = await self._readers.rows(
            SESSION + "WHERE began_ms < $1 AND ($2 = '' OR ps = $2) AND ($3 = '' OR person = $3)"
            " ORDER BY began_ms DESC, id DESC LIMIT $4",
            2**62 if before is None else -(-rows.micros(before) // 1000),
            subject.of_principal(self._macs, principal) if principal else "",
            subject.of_person(self._macs, person) if person else "",
            limit,
        )
        return tuple([await self._session(row) for row in found])

    async def session(self, session: SessionId, *, person: Person | None = None) -> SessionLine | None:
        """One Session; with `person` only if it is theirs or of a machine they own."""
        await self.catch_up()
        whose = "" if person is None else subject.of_person(self._macs, person)
        row = await self._readers.row(SESSION + "WHERE id = $1 AND ($2 = '' OR person = $2)", session, whose)
        return None if row is None else await self._session(row)

    async def calls(self, session: SessionId) -> tuple[CallLine, ...]:
        """Calls of one Session in order."""
        await self.catch_up()
        found = await self._readers.rows(CALL + "WHERE session = $1 ORDER BY seq", session)
        return tuple([await self._call(row) for row in found])

    async def call(self, call: CallId) -> CallLine | None:
        """One Call."""
        await self.catch_up()
        row = await self._readers.row(CALL + "WHERE id = $1", call)
        return None if row is None else await self._call(row)

    async def _session(self, row: Row) -> SessionLine:
        name, began, last, pseudonym, agent, calls, refused, count = row
        return SessionLine(
            session=SessionId(name),
            began_at=rows.instant(began * 1000),
            last_at=rows.instant(last * 1000),
            person=await self._subjects.name(pseudonym),
            agent=agent,
            calls=calls,
            refused=refused,
            rows=count,
        )

    async def _call(self, row: Row) -> CallLine:
        name, session, at, pseudonym, agent, source, tool, verdict, outcome, count, masked, sequence, protected = row
        return CallLine(
            call=CallId(name),
            session=SessionId(session),
            at=rows.instant(at * 1000),
            person=await self._subjects.name(pseudonym),
            agent=agent,
            source=source,
            tool=tool,
            verdict=verdict,
            outcome=None if outcome is None else Outcome(outcome),
            rows=count,
            masked=masked,
            sequence=sequence,
            protected=bool(protected),
        )

    async def catch_up(self) -> None:
        """Apply what the log holds beyond the projection."""
        async with self._catching:
            row = await self._readers.row("SELECT next FROM applied")
            start = row[0] if row else 0
            while entries := await self._journal.tail(start, STEP):
                start = await self._writer.perform(partial(apply, entries))


def apply(entries: Sequence[Sealed]) -> Steps[int]:
    """Apply Entries in order and return the number that comes next; those applied before change nothing."""
    row = yield from ask(APPLIED)
    start = int(row[0][0])
    for entry in entries:
        if entry.sequence >= start:
            yield from _project(entry)
            start = entry.sequence + 1
    yield from ask("UPDATE applied SET next = $1", start)
    return start


def _project(entry: Sealed) -> Steps[None]:
    match entry.body.get("kind"):
        case EntryKind.SESSION_OPEN.value:
            yield from _opened(entry.body)
        case EntryKind.INTENT.value if entry.body.get("attempt") == 1:
            yield from _intent(entry)
        case EntryKind.OUTCOME.value | EntryKind.RESOLVED.value:
            yield from _outcome(entry.body)
        case _:
            pass


def _opened(body: Mapping[str, Json]) -> Steps[None]:
    caller = part(body, "caller")
    began = whole(body, "ts")
    yield from ask(
        "INSERT INTO session (id, began_ms, last_ms, ps, person, agent) VALUES ($1, $2, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING",
        said(body, "session"),
        began,
        said(caller, "ps"),
        said(body, "person") or None,
        said(caller, "client"),
    )


def _intent(entry: Sealed) -> Steps[None]:
    body = entry.body
    caller, source, verdict = part(body, "caller"), part(body, "source"), part(body, "verdict")
    yield from ask(
        "INSERT INTO call (id, session, at_ms, ps, agent, source, tool, verdict, seq, protected)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        said(body, "call"),
        said(body, "session"),
        whole(body, "ts"),
        said(caller, "ps"),
        said(caller, "client"),
        said(source, "name"),
        said(body, "tool"),
        said(verdict, "action"),
        entry.sequence,
        int(shapes.protected(body)),
    )
    yield from ask(
        "UPDATE session SET calls = calls + 1, last_ms = CASE WHEN $1 > last_ms THEN $1 ELSE last_ms END WHERE id = $2",
        whole(body, "ts"),
        said(body, "session"),
    )


def _outcome(body: Mapping[str, Json]) -> Steps[None]:
    yield from ask(
        "UPDATE call SET outcome = $1, rows = coalesce($2, rows), masked = coalesce($3, masked) WHERE id = $4",
        said(body, "outcome"),
        _number(body, "rows"),
        _number(body, "masked"),
        said(body, "call"),
    )
    yield from ask(
        "UPDATE session SET refused = refused + $1, rows = rows + $2"
        " WHERE id = (SELECT session FROM call WHERE id = $3)",
        int(body["outcome"] == Outcome.REFUSED.value),
        whole(body, "rows"),
        said(body, "call"),
    )


def part(body: Mapping[str, Json], key: str) -> Mapping[str, Json]:
    """Return an object within a body, empty when it is none."""
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def said(body: Mapping[str, Json], key: str) -> str:
    """Return a text within a body, empty when it is none."""
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _number(body: Mapping[str, Json], key: str) -> int | None:
    value = body.get(key)
    return value if isinstance(value, int) else None


def whole(body: Mapping[str, Json], key: str) -> int:
    """Return a number within a body, 0 when it is none."""
    return _number(body, key) or 0
