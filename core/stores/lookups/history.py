"""Look-ups over a projection of the log: rebuilt from it, followed in the background, caught up before each answer."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, LiteralString, final

from core import subject
from core.audit.export.event import UNPARSED
from core.errors import AuditBusy, StoreError
from core.model import CallId, Outcome, Person, SessionId
from core.ports import CallLine, Found, Macs, Mark, Sealed, Search, SessionLine, Subjects
from core.stores import rows
from core.stores.lookups import projection
from core.stores.lookups.find import LINE, Finding
from core.stores.lookups.projection import Interned
from core.stores.steps import Reads, Row, Tail, Value, Words, Writes

LOGGER: Final = logging.getLogger("assent.index")
STEP: Final = 1000  # Entries applied in one transaction
IDLE: Final = 1.0  # seconds until the log is looked at again
AWAY: Final = 5.0  # seconds, after the store refused
PATIENCE: Final = 20  # steps that a look-up waits for: beyond, it says that the index is being made

SESSION: Final[LiteralString] = (
    "SELECT s.id, s.began_ms, s.last_ms, p.pseudonym, s.agent, s.calls, s.refused, s.rows"
    " FROM session s JOIN person p ON p.pk = s.ps "
)
EARLIER: Final = 5  # Calls that a duration is told of
PATTERNS: Final = 32  # ways in which a shape was asked: agents, verdicts, rules
LOOKED: Final = 50  # of each the last Calls, those that failed among them
# Each part by its own index, so that however many Calls there are only so many are looked at.
LIKE: Final[LiteralString] = (
    "SELECT t.pk FROM pattern t JOIN pattern o ON o.shape = t.shape AND o.source = t.source"
    " JOIN shape h ON h.pk = o.shape JOIN call c ON c.pattern = o.pk"
    " WHERE c.id = $1 AND h.text <> $2 ORDER BY t.pk DESC LIMIT $3"
)
RAN: Final[LiteralString] = (
    "SELECT l.id, l.at_ms, l.seq FROM (SELECT c.id, c.at_ms, c.seq, c.outcome FROM call c WHERE c.pattern = $1"
    " ORDER BY c.at_ms DESC, c.seq DESC LIMIT $2) AS l WHERE l.outcome IN ('committed', 'delivered') AND l.id <> $3"
)
REBUILT: Final = "The index of the record is being rebuilt; try again in a while."


@final
class StoredHistory:
    """The port History."""

    def __init__(
        self,
        *,
        journal: Tail,
        writer: Writes,
        readers: Reads,
        macs: Macs,
        subjects: Subjects,
        words: Words,
        emptied: Sequence[LiteralString] = projection.EMPTIED,
    ) -> None:
        self._journal = journal
        self._writer = writer
        self._readers = readers
        self._macs = macs
        self._subjects = subjects
        self._words = words
        self._known = Interned(words)
        self._emptied = emptied
        self._trusted = False  # the projection was seen to be of this log
        self._catching = asyncio.Lock()

    async def sessions(
        self,
        *,
        principal: tuple[str, str, str] | None = None,
        person: Person | None = None,
        before: datetime | None = None,
        limit: int = 20,
    ) -> tuple[SessionLine, ...]:
        """Sessions that began before an instant, newest first; more than `limit` where several began at once."""
        await self.ready()
        until = 2**62 if before is None else -(-rows.micros(before) // 1000)
        values: list[Value] = [until, limit]
        whose: LiteralString = ""
        if person is not None:
            whose = "s.person = (SELECT pk FROM person WHERE pseudonym = $3) AND "
            values.append(subject.of_person(self._macs, person))
        elif principal is not None:
            whose = "s.ps = (SELECT pk FROM person WHERE pseudonym = $3) AND "
            values.append(subject.of_principal(self._macs, principal))
        wanted: LiteralString = " WHERE " + whose + "s.began_ms < $1 "
        page: LiteralString = "SELECT s.began_ms FROM session s" + wanted + "ORDER BY s.began_ms DESC LIMIT $2"
        # All that began in the last one's millisecond: the next page begins before it.
        least: LiteralString = "AND s.began_ms >= (SELECT min(began_ms) FROM (" + page + ") AS page) "
        sql: LiteralString = SESSION + wanted + least + "ORDER BY s.began_ms DESC, s.pk DESC"
        found = await self._readers.rows(sql, *values)
        names = await self._names(row[3] for row in found)
        return tuple(_session(row, names) for row in found)

    async def session(self, session: SessionId, *, person: Person | None = None) -> SessionLine | None:
        """One Session; with `person` only if it is theirs or of a machine they own."""
        await self.ready()
        if person is None:
            row = await self._readers.row(SESSION + "WHERE s.id = $1", session)
        else:
            of = subject.of_person(self._macs, person)
            whose: LiteralString = "WHERE s.id = $1 AND s.person = (SELECT pk FROM person WHERE pseudonym = $2)"
            row = await self._readers.row(SESSION + whose, session, of)
        return None if row is None else _session(row, await self._names([row[3]]))

    async def calls(self, session: SessionId) -> tuple[CallLine, ...]:
        """Calls of one Session in order."""
        await self.ready()
        found = await self._readers.rows(
            LINE + "c.session = (SELECT pk FROM session WHERE id = $1) ORDER BY c.seq", session
        )
        return await self._lines(found)

    async def call(self, call: CallId) -> CallLine | None:
        """One Call."""
        await self.ready()
        row = await self._readers.row(LINE + "c.id = $1", call)
        return None if row is None else (await self._lines([row]))[0]

    async def similar(self, call: CallId) -> tuple[CallId, ...]:
        """Find the last Calls of the same shape at the same Source that ran; none of a statement without a shape."""
        await self.ready()
        found: list[Row] = []
        for (pattern,) in await self._readers.rows(LIKE, call, UNPARSED, PATTERNS):
            found += await self._readers.rows(RAN, pattern, LOOKED, call)
        newest = sorted(found, key=lambda row: (int(row[1]), int(row[2])), reverse=True)
        return tuple(CallId(str(row[0])) for row in newest[:EARLIER])

    async def find(self, wanted: Search, *, after: Mark | None = None, limit: int = 20) -> Found:
        """Calls that are wanted, newest first, from a mark on.

        A page looks at a bounded number of Calls: one with a `next` may hold fewer lines than there are, even none.
        """
        await self.ready()
        found, ended = await Finding(self._readers, self._words, wanted).page(after, limit + 1)
        lines = await self._lines(found[:limit])
        if len(found) > limit:
            ended = Mark(at_ms=int(found[limit - 1][2]), sequence=int(found[limit - 1][11]))
        reached = None if ended is None else rows.instant(ended.at_ms * 1000)
        return Found(lines=lines, next=ended, reached=reached)

    async def _lines(self, found: Sequence[Row]) -> tuple[CallLine, ...]:
        names = await self._names(row[3] for row in found)
        return tuple(_call(row, names) for row in found)

    async def _names(self, pseudonyms: Iterable[str]) -> Mapping[str, str]:
        """Look each name up once."""
        return {pseudonym: await self._subjects.name(pseudonym) for pseudonym in set(pseudonyms)}

    async def ready(self) -> None:
        """Apply what the log holds beyond the projection.

        Raises: AuditBusy where that is so much that nobody should wait for it.
        """
        if not await self.catch_up(PATIENCE):
            row = await self._readers.row("SELECT next FROM applied")
            raise AuditBusy(f"the index stands at Entry {row[0] if row else 0}: it is being rebuilt", public=REBUILT)

    async def follow(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Keep the projection as far as the log, until cancelled; it rests as long as it worked."""
        while True:
            began = time.monotonic()
            try:
                done = await self.catch_up(1)
            except StoreError as error:
                LOGGER.warning("the index of look-ups cannot follow the log: %s", error)
                await pause(AWAY)
                continue
            await pause(IDLE if done else time.monotonic() - began)

    async def anew(self) -> None:
        """Begin the projection anew; whoever follows the log makes it.

        Raises: StoreError.
        """
        async with self._catching:
            await self._writer.perform(lambda: projection.anew(self._emptied))

    async def catch_up(self, steps: int | None = None) -> bool:
        """Apply at most so many steps and say whether the projection is as far as the log."""
        async with self._catching:
            start = await self._standing()
            while steps is None or steps > 0:
                entries = await self._journal.tail(start, STEP)
                start = await self._step(entries) if entries else start
                steps = None if steps is None else steps - 1
                if len(entries) < STEP:
                    return True
        return False

    async def _standing(self) -> int:
        """Return the number that comes next; 0 where the projection was made of another log."""
        row = await self._readers.row("SELECT next, leaf FROM applied")
        start, leaf = (0, "") if row is None else (int(row[0]), row[1])
        if self._trusted or not start:
            return start
        last = await self._journal.tail(start - 1, 1)
        if not last or last[0].leaf != leaf:
            await self._writer.perform(lambda: projection.anew(self._emptied))
            start = 0
        self._trusted = True
        return start

    async def _step(self, entries: Sequence[Sealed]) -> int:
        try:
            self._known.bound()
            start = await self._writer.perform(lambda: projection.apply(entries, self._known))
        except BaseException:
            self._known.forget()
            raise
        self._trusted = True
        return start


def _session(row: Row, names: Mapping[str, str]) -> SessionLine:
    name, began, last, pseudonym, agent, calls, refused, count = row
    return SessionLine(
        session=SessionId(name),
        began_at=rows.instant(began * 1000),
        last_at=rows.instant(last * 1000),
        person=names[pseudonym],
        agent=agent,
        calls=calls,
        refused=refused,
        rows=count,
    )


def _call(row: Row, names: Mapping[str, str]) -> CallLine:
    name, session, at, pseudonym, agent, source, tool, verdict, outcome, count, masked, sequence = row[:12]
    protected, cut, shape = row[12:]
    return CallLine(
        call=CallId(name),
        session=SessionId(session),
        at=rows.instant(at * 1000),
        person=names[pseudonym],
        agent=agent,
        source=source,
        tool=tool,
        verdict=verdict,
        outcome=None if outcome is None else Outcome(outcome),
        rows=count,
        masked=masked,
        sequence=sequence,
        protected=bool(protected),
        cut=bool(cut),
        shape=shape,
    )
