"""Look-ups over a projection of the log in its own file: rebuilt from the log, caught up before each answer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, LiteralString, final

from core import subject
from core.audit import shapes
from core.model import CallId, EntryKind, Json, Outcome, Person, SessionId
from core.ports import CallLine, Macs, Sealed, SessionLine, Subjects
from core.stores.sqlite import rows
from core.stores.sqlite.journal import SqliteJournal
from core.stores.sqlite.readers import Readers
from core.stores.sqlite.writer import Writer

STEP: Final = 1000  # Entries applied in one transaction

SESSION: Final[LiteralString] = "SELECT id, began_ms, last_ms, ps, agent, calls, refused, rows FROM session "
CALL: Final[LiteralString] = (
    "SELECT id, session, at_ms, ps, agent, source, tool, verdict, outcome, rows, masked, seq, protected FROM call "
)


@final
class SqliteHistory:
    """The port History."""

    def __init__(
        self, *, journal: SqliteJournal, writer: Writer, readers: Readers, macs: Macs, subjects: Subjects
    ) -> None:
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
            SESSION + "WHERE began_ms < ? AND (? = '' OR ps = ?) AND (? = '' OR person = ?)"
            " ORDER BY began_ms DESC, id DESC LIMIT ?",
            2**62 if before is None else -(-rows.micros(before) // 1000),
            *([subject.of_principal(self._macs, principal)] * 2 if principal else ["", ""]),
            *([subject.of_person(self._macs, person)] * 2 if person else ["", ""]),
            limit,
        )
        return tuple([await self._session(row) for row in found])

    async def session(self, session: SessionId, *, person: Person | None = None) -> SessionLine | None:
        """One Session; with `person` only if it is theirs or of a machine they own."""
        await self.catch_up()
        whose = "" if person is None else subject.of_person(self._macs, person)
        row = await self._readers.row(SESSION + "WHERE id = ? AND (? = '' OR person = ?)", session, whose, whose)
        return None if row is None else await self._session(row)

    async def calls(self, session: SessionId) -> tuple[CallLine, ...]:
        """Calls of one Session in order."""
        await self.catch_up()
        found = await self._readers.rows(CALL + "WHERE session = ? ORDER BY seq", session)
        return tuple([await self._call(row) for row in found])

    async def call(self, call: CallId) -> CallLine | None:
        """One Call."""
        await self.catch_up()
        row = await self._readers.row(CALL + "WHERE id = ?", call)
        return None if row is None else await self._call(row)

    async def _session(self, row: sqlite3.Row) -> SessionLine:
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

    async def _call(self, row: sqlite3.Row) -> CallLine:
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
                start = await self._writer.run(partial(apply, entries=entries))


def apply(connection: sqlite3.Connection, entries: Sequence[Sealed]) -> int:
    """Apply Entries in order and return the number that comes next; those applied before change nothing."""
    (start,) = connection.execute("SELECT next FROM applied").fetchone()
    for entry in entries:
        if entry.sequence >= start:
            _project(connection, entry)
            start = entry.sequence + 1
    connection.execute("UPDATE applied SET next = ?", (start,))
    return int(start)


def _project(connection: sqlite3.Connection, entry: Sealed) -> None:
    match entry.body.get("kind"):
        case EntryKind.SESSION_OPEN.value:
            _opened(connection, entry.body)
        case EntryKind.INTENT.value if entry.body.get("attempt") == 1:
            _intent(connection, entry)
        case EntryKind.OUTCOME.value | EntryKind.RESOLVED.value:
            _outcome(connection, entry.body)
        case _:
            pass


def _opened(connection: sqlite3.Connection, body: Mapping[str, Json]) -> None:
    caller = part(body, "caller")
    connection.execute(
        "INSERT INTO session (id, began_ms, last_ms, ps, person, agent) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (body["session"], body["ts"], body["ts"], caller.get("ps"), body.get("person"), caller.get("client", "")),
    )


def _intent(connection: sqlite3.Connection, entry: Sealed) -> None:
    body = entry.body
    caller, source, verdict = part(body, "caller"), part(body, "source"), part(body, "verdict")
    connection.execute(
        "INSERT INTO call (id, session, at_ms, ps, agent, source, tool, verdict, seq, protected)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            body["call"],
            body["session"],
            body["ts"],
            caller.get("ps"),
            caller.get("client", ""),
            source.get("name", ""),
            body["tool"],
            verdict.get("action", ""),
            entry.sequence,
            shapes.protected(body),
        ),
    )
    connection.execute(
        "UPDATE session SET calls = calls + 1, last_ms = max(last_ms, ?) WHERE id = ?", (body["ts"], body["session"])
    )


def _outcome(connection: sqlite3.Connection, body: Mapping[str, Json]) -> None:
    rows_, masked = body.get("rows"), body.get("masked")
    connection.execute(
        "UPDATE call SET outcome = ?, rows = coalesce(?, rows), masked = coalesce(?, masked) WHERE id = ?",
        (body["outcome"], rows_, masked, body["call"]),
    )
    connection.execute(
        "UPDATE session SET refused = refused + ?, rows = rows + ? WHERE id = (SELECT session FROM call WHERE id = ?)",
        (int(body["outcome"] == Outcome.REFUSED.value), rows_ or 0, body["call"]),
    )


def part(body: Mapping[str, Json], key: str) -> Mapping[str, Json]:
    """Return an object within a body, empty when it is none."""
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}
