"""One visit: what is witnessed is what runs, and nothing leaves before the last look."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar, final

import asyncpg

from core.classify.postgres import Access, Parsed, Witnessed
from core.connectors.postgres import sqlstates, values, writes
from core.connectors.postgres.known import Knowledge, Known, Look, look, reach, reaching, unread_code
from core.connectors.postgres.plan import drawing, plan
from core.connectors.postgres.pool import BROKEN
from core.connectors.postgres.session import NO_INDEX_ORDER, Prepared, Session, begin, fetch
from core.errors import (
    BadCall,
    CapExceeded,
    Drifted,
    OutcomeUnknown,
    SourceError,
    SourceUnavailable,
    StatementFailed,
    TimedOut,
)
from core.model import Doubt, Permit, Reading, Rows, Unreadable

if TYPE_CHECKING:
    from asyncpg.prepared_stmt import PreparedStatement

    from core.catalog import Oid, Snapshot
    from core.connectors.postgres.pool import Link, Pool
    from core.connectors.postgres.rooms import Rooms
    from core.ports import Clock, Statement

Result = TypeVar("Result")

READING: Final = timedelta(seconds=10)  # Parse runs no plan; what takes longer waits for a lock
GRACE: Final = timedelta(seconds=1)  # the client's deadline comes later than the database's
COMMIT_SECONDS: Final = 15.0
LARGE: Final = 65_536  # characters of a dump from which on reading it would hold up other callers
RELOAD: Final = frozenset({Doubt.MISSING, Doubt.DISAGREE, Doubt.UNAVAILABLE, Doubt.CLOSED, Doubt.CATALOG})
CHANGED: Final = Unreadable(
    doubt=Doubt.DISAGREE, sentence="The schema changed while this was read; ask again.", detail="stamp differs"
)


class _Stale(Exception):
    """The last look failed: withhold everything, load again, begin again once."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a visit stands on; all of it outlives the visit."""

    rooms: Rooms
    knowledge: Knowledge
    pool: Pool
    path: str  # search_path, worded
    clock: Clock


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What this transaction witnessed."""

    witnessed: Witnessed
    prepared: Prepared | None  # None: a utility or a question of our own form, which the server shows no tree of

    @property
    def reading(self) -> Reading:
        """The agreed Reading."""
        return self.witnessed.reading


@final
class Unheard:
    """The visit of a text that nobody needs to ask a database about."""

    def __init__(self, unreadable: Unreadable) -> None:
        self._unreadable: Final = unreadable

    async def read(self) -> Reading | Unreadable:
        """Give the parser's doubt."""
        return self._unreadable

    async def run(self, permit: Permit) -> Rows:
        """Refuse.

        Raises: Drifted.
        """
        del permit
        raise Drifted(f"unreadable: {self._unreadable.doubt}")

    async def plan(self) -> str | None:
        """Give none."""
        return None

    async def commit(self) -> None:
        """Refuse.

        Raises: StatementFailed.
        """
        raise StatementFailed("25P01", public="There is nothing to commit.")


@final
class PostgresVisit:
    """One transaction; reads end in ROLLBACK whatever happens, writes unless `commit` is called."""

    def __init__(self, ground: Ground, connection: Link, known: Known, parsed: Parsed, statement: Statement) -> None:
        self._ground: Final = ground
        self._session: Final = Session(connection)
        self._known = known
        self._parsed: Final = parsed
        self._statement: Final = statement
        self._name = ""
        self._held: Held | None = None
        self._open = False  # a write that ran and was looked at: only this may be committed
        self._committing: asyncio.Task[str] | None = None

    def named(self, name: str) -> PostgresVisit:
        """Show this name in the database while the transaction is open."""
        self._name = name
        return self

    async def close(self) -> None:
        """Stop listening; a COMMIT on its way gets its time, what is still open the pool rolls back."""
        if self._committing is not None and not self._committing.done():
            await asyncio.wait([self._committing], timeout=COMMIT_SECONDS)
            self._committing.cancel()
        self._session.close()

    # ------------------------------------------------------------ reading

    async def read(self) -> Reading | Unreadable:
        """Read the statement by both witnesses, over catalogs that are equal to the snapshot's; runs nothing."""
        for again in (True, False):
            found = await self._guarded(self._witness(READING))
            if isinstance(found, Held):
                self._held = found
                return found.reading
            if not again or not await self._reloaded(found):
                return found
        return CHANGED

    async def _reloaded(self, found: Unreadable) -> bool:
        """Load again where that may help: the snapshot was stale, or the text names what it does not know."""
        if found is not CHANGED and found.doubt not in RELOAD:
            return False
        await self._session.rollback()
        if found is CHANGED:
            self._known = await self._ground.knowledge.renew(self._known)
            return True
        fresh = await self._ground.knowledge.suspect(self._known)
        self._known = fresh or self._known
        return fresh is not None

    async def _witness(self, limit: timedelta, *, writes_: bool = False) -> Held | Unreadable:
        """Witness the text in a transaction of its own, and compare the stamp in that same transaction."""
        self._held = None
        self._ground.pool.teach(self._session.connection, self._known.serial, self._snapshot.types)
        if self._known.protection.shut:
            return Unreadable(doubt=Doubt.CLOSED, sentence=self._known.protection.shut)
        await self._session.begin(begin(path=self._ground.path, name=self._name, timeout=limit, writes=writes_))
        prepared = await self._prepared()
        if isinstance(prepared, Unreadable):
            return prepared
        witnessed = await self._judged(prepared)
        if isinstance(witnessed, Unreadable):
            return witnessed
        if self._parsed.access is not Access.READ:
            witnessed = reaching(witnessed, self._snapshot)
        seen = await look(self._session.connection, self._closure(witnessed), self._snapshot, locks=False)
        return Held(witnessed=witnessed, prepared=prepared) if seen.clean else CHANGED

    async def _prepared(self) -> Prepared | Unreadable | None:
        if not self._parsed.witnessed:
            return None
        try:
            prepared = await self._session.parse(self._statement.text)
        except asyncpg.PostgresError as error:
            refused = sqlstates.doubt(error, self._statement.text)
        else:
            return prepared if isinstance(prepared, Unreadable) else self._counted(prepared)
        if isinstance(refused, SourceError):
            raise refused
        await self._session.rollback()
        return refused

    def _counted(self, prepared: Prepared) -> Prepared | Unreadable:
        """Parameters that do not fit are no Reading."""
        try:
            values.bound(self._statement.parameters, len(prepared.statement.get_parameters()))
        except BadCall as error:
            return Unreadable(doubt=Doubt.PARAMETERS, sentence=error.public)
        return prepared

    async def _judged(self, prepared: Prepared | None) -> Witnessed | Unreadable:
        dump = "" if prepared is None else prepared.dump
        arguments = (self._parsed, dump, self._snapshot, self._known.protection)
        if len(dump) < LARGE:
            return self._ground.rooms.witness(*arguments)
        return await asyncio.to_thread(self._ground.rooms.witness, *arguments)

    @property
    def _snapshot(self) -> Snapshot:
        return self._known.read if self._parsed.access is Access.READ else self._known.write

    def _closure(self, witnessed: Witnessed) -> frozenset[Oid]:
        reads = self._parsed.access is Access.READ
        return witnessed.closure if reads else reach(witnessed.closure, self._snapshot)

    # ------------------------------------------------------------ running

    async def run(self, permit: Permit) -> Rows:
        """Run what is permitted if it is what is witnessed now; a write stays uncommitted."""
        self._own(permit)
        began = time.monotonic()
        left = permit.deadline - self._ground.clock.now()
        allowed = min(permit.limits.timeout + GRACE, left).total_seconds()
        if allowed <= 0:
            raise TimedOut("the attempt's deadline has passed")
        try:
            async with asyncio.timeout(allowed):
                rows = await self._guarded(self._run(permit))
        except TimeoutError:
            raise TimedOut("the client's deadline passed") from None
        elapsed = timedelta(seconds=time.monotonic() - began)
        return Rows(columns=rows.columns, rows=rows.rows, cut=rows.cut, work=rows.work, elapsed=elapsed)

    def _own(self, permit: Permit) -> None:
        """A permit is for one text and its parameters.

        Raises: Drifted.
        """
        asked = (permit.call.statement, permit.reading.statement, permit.parameters, permit.call.parameters)
        mine = (self._statement.text, self._statement.text, self._statement.parameters, self._statement.parameters)
        if asked != mine or permit.reading.tree is None or not permit.reading.witnessed:
            raise Drifted("the permit is for another statement")
        if (self._parsed.access is not Access.READ) != permit.reading.writes:
            raise Drifted("the permit is for another role")

    async def _run(self, permit: Permit) -> Rows:
        run = self._read_rows if self._parsed.access is Access.READ else self._write_rows
        for again in (True, False):
            try:
                return await self._scrubbed(run(permit), permit)
            except _Stale:
                await self._session.rollback()
                if again:
                    self._known = await self._ground.knowledge.renew(self._known)
        raise Drifted("the last look failed twice")

    async def _scrubbed(self, running: Awaitable[Rows], permit: Permit) -> Rows:
        """Let no error of the database out: first the look again, then its SQLSTATE's sentence alone.

        The database's words quote cell values, so that not even the exception's context may hold them.
        """
        failure: SourceError
        try:
            return await running
        except asyncpg.PostgresError as error:
            failure = sqlstates.failure(error)
        except BadCall as error:
            failure = StatementFailed("08P01", public=error.public)
        if isinstance(failure, SourceUnavailable) and self._session.connection.is_closed():
            raise failure
        await self._session.rollback()
        held = self._held
        if held is None or not (await self._look_again(held, permit)).clean:
            raise _Stale
        raise failure

    async def _look_again(self, held: Held, permit: Permit) -> Look:
        """Look in a new transaction: the failed one answers nothing any more."""
        opened = begin(path=self._ground.path, name=self._name, timeout=permit.limits.timeout, writes=False)
        await self._session.begin(opened)
        await self._session.quiet()
        seen = await look(self._session.connection, self._closure(held.witnessed), self._snapshot, locks=False)
        await self._session.rollback()
        return seen

    async def _hold(self, permit: Permit, *, fresh: bool, writes_: bool = False) -> Held:
        """Witness under the permit's limits, unless this transaction has just done so; the tree must be the permit's.

        Raises: Drifted.
        """
        held = None if fresh else self._held
        if held is None:
            found = await self._witness(permit.limits.timeout, writes_=writes_)
            if found is CHANGED:
                raise _Stale
            if isinstance(found, Unreadable):
                raise Drifted(f"unreadable now: {found.doubt}; {found.detail}")
            held = self._held = found
        if held.reading.tree != permit.reading.tree or held.reading.text != permit.text:
            raise Drifted("the tree differs from the permitted one")
        return held

    async def _read_rows(self, permit: Permit) -> Rows:
        """Bind, fetch, look, ROLLBACK; only then Rows exist outside."""
        held = await self._hold(permit, fresh=not self._session.connection.is_in_transaction())
        statement = await self._permitted(held, permit)
        rows = await self._fetched(held, statement, permit)
        seen = await look(self._session.connection, self._closure(held.witnessed), self._snapshot, locks=True)
        if not seen.clean:
            raise _Stale
        await self._session.rollback()
        return rows

    async def _permitted(self, held: Held, permit: Permit) -> PreparedStatement[asyncpg.Record]:
        """Give the witnessed statement itself, or Parse the permitted text where relations were replaced."""
        if held.prepared is not None and permit.text == held.prepared.text:
            return held.prepared.statement
        return await self._session.prepare(permit.text)

    async def _fetched(self, held: Held, statement: PreparedStatement[asyncpg.Record], permit: Permit) -> Rows:
        arguments = values.bound(permit.parameters, len(statement.get_parameters()))
        milliseconds = max(1, int(permit.limits.timeout / timedelta(milliseconds=1)))
        order = NO_INDEX_ORDER if held.witnessed.index_scans_off else ""
        await self._session.connection.execute(f"{order}set local statement_timeout = {milliseconds}")
        cursor = await self._session.bind(statement, arguments)
        if self._session.analysed_again(permit.text):
            raise _Stale
        await self._session.quiet()
        rows, cut = await fetch(cursor, permit.limits)
        return Rows(columns=values.columns(statement, self._snapshot.types), rows=rows, cut=cut)

    async def _write_rows(self, permit: Permit) -> Rows:
        """Witness once inside READ ONLY, then again in the transaction that writes; run, count, look; stay open."""
        await self._hold(permit, fresh=not self._session.connection.is_in_transaction())
        held = await self._hold(permit, fresh=True, writes_=True)
        start = await writes.measure(self._session.connection, assign=True)
        statement = await self._permitted(held, permit)
        rows = await self._fetched(held, statement, permit)
        end = await writes.measure(self._session.connection, assign=False)
        if end.xid != start.xid or not self._session.connection.is_in_transaction():
            await self._session.rollback()
            raise Drifted("the statement left its transaction")
        affected = end.changed - start.changed
        if (cap := writes.cap(permit)) is not None and affected > cap:
            await self._session.rollback()
            raise CapExceeded(f"{affected} rows, cap {cap}")
        if self._parsed.access is Access.WRITE:
            await self._look_at_write(held)
        self._open = True
        return Rows(columns=rows.columns, rows=rows.rows, cut=rows.cut, work=start.work(affected))

    async def _look_at_write(self, held: Held) -> None:
        """More locks than the closure are legitimate only where triggers or rules run code nobody read."""
        closure = self._closure(held.witnessed)
        seen = await look(self._session.connection, closure, self._snapshot, locks=True)
        if seen.changed or (seen.beyond and not unread_code(closure, self._snapshot)):
            raise _Stale

    # ------------------------------------------------------------ plan

    async def plan(self) -> str | None:
        """Show the planner's plan of a read without conditions; None where plans would follow protected values."""
        held = self._held
        if held is None or self._parsed.access is not Access.READ:
            return None
        if held.witnessed.closure & self._known.protection.tainted or held.reading.text != self._statement.text:
            return None
        drawn = await self.planned()
        return None if drawn is None else drawing(drawn)

    async def planned(self) -> Mapping[str, Any] | None:
        """Plan the statement inside READ ONLY; the text is witnessed before and after, since EXPLAIN analyses anew."""
        if self._held is None and not isinstance(await self.read(), Reading):
            return None
        held = self._held
        if held is None or held.prepared is None:
            return None
        try:
            await self._session.quiet()
            drawn = await plan(self._session, self._statement)
        except (asyncpg.PostgresError, BadCall):
            await self._session.rollback()
            return None
        again = await self._guarded(self._witness(READING))
        self._held = again if isinstance(again, Held) else None
        return drawn if self._held and self._held.reading.tree == held.reading.tree else None

    # ------------------------------------------------------------ committing

    async def commit(self) -> None:
        """COMMIT; only the engine's own word says that it did or did not."""
        if not self._open or self._committing is not None:
            raise StatementFailed("25P01", public="There is nothing to commit.")
        self._open = False
        failed: SourceError | None
        self._committing = asyncio.ensure_future(self._session.commit())
        try:
            tag = await asyncio.wait_for(asyncio.shield(self._committing), COMMIT_SECONDS)
        except asyncpg.PostgresError as error:
            failed = writes.uncommitted(error)
        except BROKEN as error:
            failed = OutcomeUnknown(f"no reply to COMMIT: {type(error).__name__}")
        else:
            failed = None if tag == "COMMIT" else writes.rolled_back()
        if self._parsed.access is Access.UTILITY:
            self._ground.knowledge.drop()
        if failed is not None:
            raise failed

    # ------------------------------------------------------------ the port

    async def _guarded(self, work: Awaitable[Result]) -> Result:
        """Translate what a connection raises; the original, with its words, stays behind.

        Raises: SourceError.
        """
        failure: SourceError
        try:
            return await work
        except asyncpg.PostgresError as error:
            failure = sqlstates.failure(error)
        except BROKEN as error:
            failure = SourceUnavailable(f"the connection failed: {type(error).__name__}")
        raise failure
