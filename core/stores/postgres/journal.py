"""The Journal of several replicas: Entries alone go in batches, a unit with rows is one transaction of its own.

In a unit with rows the row locks come first, in the order of its changes, and the sequencer's row last, so that no
cycle can form; guards are read by the store's clock behind both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, LiteralString, final

import orjson

from core.audit.transparency.tree import leaf
from core.audit.unit import check
from core.errors import AuditBusy, AuditUnavailable
from core.execution.turns import scopes
from core.model import CallId
from core.ports import BreakGlass, Committed, Reserve, Sealed, TellGlass, Unit
from core.stores import rows
from core.stores.operational import changes
from core.stores.postgres.appender import Appender, append
from core.stores.postgres.draft import Draft
from core.stores.postgres.links import Gone, Link, Links, again, begun, drive, end, translated
from core.stores.postgres.lost import Resolver
from core.stores.postgres.nudges import notify
from core.stores.postgres.outage import Outage
from core.stores.steps import Row, Steps

TIMED: Final = (Reserve, BreakGlass, TellGlass)  # Changes that ask what time it is
ENTRY: Final[LiteralString] = "SELECT seq, body FROM log_entry "
NOW: Final[LiteralString] = "SELECT greatest(clock_us(), last_us) FROM log_coord"

Beside = Callable[[datetime], Steps[None]]


@final
class PostgresJournal:
    """The log that all replicas append to."""

    def __init__(
        self, *, reads: Links, writes: Links, appender: Appender, resolver: Resolver, origin: str, boot: str
    ) -> None:
        self._reads = reads
        self._writes = writes
        self._appender = appender
        self._resolver = resolver
        self._origin = origin
        self._boot = boot
        self._running: set[asyncio.Task[Committed]] = set()
        self.outage = Outage()

    async def commit(self, unit: Unit) -> Committed:
        """Make a unit durable.

        Raises: as `core.ports.Journal.commit`; Malformed and IllegalMove for mistakes in the program.
        """
        return await self.write(unit)

    async def write(self, unit: Unit, beside: Beside | None = None) -> Committed:
        """Make a unit durable together with rows that only the store knows; a cancelled waiter undoes nothing."""
        check(unit)
        try:
            said = await self._written(unit, beside)
        except AuditUnavailable:
            self.outage.refused()
            raise
        if (missed := self.outage.over()) is not None:
            self._kept(asyncio.create_task(self.write(missed)))
        return said

    async def _written(self, unit: Unit, beside: Beside | None) -> Committed:
        draft = Draft.of(unit, log=self._origin, boot=self._boot)
        if not unit.changes and beside is None:
            return await self._appender.put(draft)
        return await asyncio.shield(self._kept(asyncio.create_task(self._together(draft, unit, beside))))

    def _kept(self, task: asyncio.Task[Committed]) -> asyncio.Task[Committed]:
        """Hold on to what goes on when nobody waits for it any more."""
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(_retrieved)
        return task

    async def _together(self, draft: Draft, unit: Unit, beside: Beside | None) -> Committed:
        since, sent = self._resolver.known, Sent()
        try:
            committed = await again(lambda: self._once(draft, unit, beside, sent))
        except Gone as error:
            found = await self._resolver.resolve(sent.pid, [draft], since) if draft.bodies else {}
            if draft.name not in found:
                raise AuditUnavailable(f"nothing of the unit is on record: {error}") from error
            committed = found[draft.name]
        self._resolver.learn(committed)
        return committed

    async def _once(self, draft: Draft, unit: Unit, beside: Beside | None, sent: Sent) -> Committed:
        async with self._writes.lent() as link:
            sent.pid = link.get_server_pid()
            async with begun(link):
                timed = any(isinstance(change, TIMED) for change in unit.changes)
                now = await _now(link) if timed else rows.EPOCH  # nothing else asks for it
                for change in unit.changes:
                    await drive(link, changes.apply(change, unit.entries, now))
                if beside is not None:
                    await drive(link, beside(await _now(link)))
                (said,) = await append(link, [draft], self._resolver.seen)
                if not isinstance(said, Committed):
                    raise said
            await self._tell(link, unit)
            return said

    async def _tell(self, link: Link, unit: Unit) -> None:
        """Wake the other processes; whoever hears nothing looks by itself before long. What is committed stays so."""
        try:
            await notify(link, scopes(unit))
        except (AuditUnavailable, AuditBusy):
            end(link)

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        """All Entries of a call or review, in sequence order."""
        found = await self._reads.rows(rows.SCOPED, scope)
        return _sealed(found)

    async def tail(self, start: int, limit: int) -> tuple[Sealed, ...]:
        """Entries from a sequence number on."""
        found = await self._reads.rows(ENTRY + "WHERE seq >= $1 ORDER BY seq LIMIT $2", start, limit)
        return _sealed(found)

    async def open_calls(self) -> tuple[CallId, ...]:
        """Calls with an INTENT and no final OUTCOME, oldest first."""
        found = await self._reads.rows("SELECT call_id FROM open_calls WHERE unknown = 0 ORDER BY seq")
        return tuple(CallId(call) for (call,) in found)

    async def indeterminate(self) -> tuple[CallId, ...]:
        """Calls whose OUTCOME is `unknown` and that nothing has resolved, oldest first."""
        found = await self._reads.rows("SELECT call_id FROM open_calls WHERE unknown = 1 ORDER BY seq")
        return tuple(CallId(call) for (call,) in found)

    async def drain(self) -> None:
        """Return when nothing is on its way any more."""
        await self._appender.drain()
        if self._running:
            await asyncio.wait(set(self._running))


@final
class Sent:
    """On which backend a unit went, for the case that its answer is lost."""

    pid = 0


async def _now(link: Link) -> datetime:
    return rows.instant(await translated(lambda: link.fetchval(NOW)))


def _sealed(found: Sequence[Row]) -> tuple[Sealed, ...]:
    return tuple(Sealed(sequence=row[0], body=orjson.loads(row[1]), leaf=leaf(row[1]).hex()) for row in found)


def _retrieved(task: asyncio.Task[Committed]) -> None:
    """Retrieve what became of a unit whose waiter has gone: nobody logs it as lost."""
    if not task.cancelled():
        task.exception()
