"""One visit: what is witnessed is what runs, and nothing leaves before the last look."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, final

import anyio
import asyncpg

from core.classify.postgres import Access, Parsed, Reaches, Witnessed
from core.connectors.postgres import questions, writes
from core.connectors.postgres.catalog.extent import kept
from core.connectors.postgres.catalog.known import Known, unread_code
from core.connectors.postgres.catalog.stamps import Locks
from core.connectors.postgres.connection import sqlstates, values
from core.connectors.postgres.connection.meter import HELD
from core.connectors.postgres.connection.pool import BROKEN
from core.connectors.postgres.connection.session import NO_INDEX_ORDER, Portal, Prepared, Readers
from core.connectors.postgres.plan import lines, plan, table
from core.connectors.postgres.witnessing import CHANGED, Ground, Held, Witnessing, guarded
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
from core.model import Cell, Form, Permit, Reading, Rows, Unreadable, Verb

if TYPE_CHECKING:
    from core.connectors.postgres.connection.link import Link
    from core.connectors.postgres.connection.wire import Shape
    from core.connectors.postgres.looks import Question
    from core.ports import Bars, Statement

GRACE: Final = timedelta(seconds=1)  # the client's deadline comes later than the database's
COMMIT_SECONDS: Final = 15.0
TOO_LARGE: Final = (
    f"Rows of this result are larger than the {HELD >> 20} MiB that are held at once; ask for fewer or shorter columns."
)


class _Stale(Exception):
    """The last look failed: withhold everything, load again, begin again once."""


@final
class Unheard:
    """The visit of a text that nobody needs to ask a database about."""

    def __init__(self, unreadable: Unreadable) -> None:
        self._unreadable: Final = unreadable

    async def read(self, bars: Bars | None = None) -> Reading | Unreadable:
        """Give the parser's doubt."""
        del bars
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

    def __init__(
        self, ground: Ground, connection: Link, known: Known, parsed: Parsed, statement: Statement, *, name: str
    ) -> None:
        """`name` is shown in the database while the transaction is open."""
        self._witnessing: Final = Witnessing(ground, connection, known, parsed, statement, name=name)
        self._session: Final = self._witnessing.session
        self._open = False  # a write that ran and was looked at: only this may be committed
        self._committing: asyncio.Task[str] | None = None

    async def close(self) -> None:
        """A COMMIT on its way gets its time, what is still open the pool rolls back."""
        if self._committing is not None and not self._committing.done():
            with anyio.CancelScope(shield=True):
                await asyncio.wait([self._committing], timeout=COMMIT_SECONDS)
            self._committing.cancel()

    async def read(self, bars: Bars | None = None) -> Reading | Unreadable:
        """Read the statement by both witnesses, over catalogs that are equal to the snapshot's; runs nothing."""
        del bars  # the server's own tree costs nothing, and answers nothing that a reading does not
        self._open = False
        found = await self._witnessing.read()
        return found.reading if isinstance(found, Held) else found

    async def vouched(self) -> Unreadable | None:
        """Have the server analyse the permitted text and hold that tree against the tags; None: it holds."""
        held = self._witnessing.held
        return None if held is None else await guarded(self._witnessing.vouched(held))

    # ------------------------------------------------------------ running

    async def run(self, permit: Permit) -> Rows:
        """Run what is permitted if it is what is witnessed now; a write stays uncommitted."""
        self._own(permit)
        self._open = False
        began = time.monotonic()
        left = permit.deadline - self._witnessing.ground.clock.now()
        allowed = min(permit.limits.timeout + GRACE, left).total_seconds()
        if allowed <= 0:
            raise TimedOut("the attempt's deadline has passed")
        try:
            async with asyncio.timeout(allowed):
                rows = await guarded(self._run(permit))
        except TimeoutError:
            raise TimedOut("the client's deadline passed") from None
        elapsed = timedelta(seconds=time.monotonic() - began)
        return Rows(columns=rows.columns, rows=rows.rows, cut=rows.cut, work=rows.work, elapsed=elapsed)

    def _own(self, permit: Permit) -> None:
        """A permit is for one text and its parameters.

        Raises: Drifted.
        """
        asked = (permit.call.statement, permit.reading.statement, permit.parameters, permit.call.parameters)
        mine = (
            self._witnessing.statement.text,
            self._witnessing.statement.text,
            self._witnessing.statement.parameters,
            self._witnessing.statement.parameters,
        )
        if asked != mine or permit.reading.tree is None or not permit.reading.witnessed:
            raise Drifted("the permit is for another statement")
        if self._witnessing.reads == permit.reading.writes:
            raise Drifted("the permit is for another role")
        if frozenset(mask.name for mask in permit.reading.unmasked) != self._witnessing.statement.unmask:
            raise Drifted("the permit shows other columns as they are")

    async def _run(self, permit: Permit) -> Rows:
        run = self._runner(permit)
        for again in (True, False):
            try:
                return await self._scrubbed(run(permit), permit)
            except _Stale:
                await self._session.rollback()
                if again:
                    await self._witnessing.reload()
        raise Drifted("the last look failed twice")

    def _runner(self, permit: Permit) -> Callable[[Permit], Awaitable[Rows]]:
        if not self._witnessing.reads:
            return self._write_rows
        return self._plan_rows if permit.reading.form is Form.PLAN else self._read_rows

    async def _scrubbed(self, running: Awaitable[Rows], permit: Permit) -> Rows:
        """Let no error of the database out: first the look again, then its SQLSTATE's sentence alone.

        The database's words quote cell values, so that not even the exception's context may hold them.
        """
        failure: SourceError
        try:
            return await running
        except asyncpg.PostgresError as error:
            failure = self._failed(error)
        except BadCall as error:
            failure = StatementFailed("08P01", public=error.public)
        if self._session.connection.overrun:
            await self._overrun()
        if isinstance(failure, SourceUnavailable) and self._session.connection.is_closed():
            raise failure
        await self._session.rollback()
        held = self._witnessing.held
        if held is None or not (await self._witnessing.look_again(held, permit.limits.timeout)).clean:
            raise _Stale
        raise failure

    def _failed(self, error: asyncpg.PostgresError) -> SourceError:
        """Translate an error of the statement."""
        held = self._witnessing.held
        if held is None or error.sqlstate != sqlstates.DENIED:
            return sqlstates.failure(error)
        return sqlstates.denied(error, held.witnessed, self._witnessing.snapshot)

    async def _overrun(self) -> None:
        """Say that an answer was too large to be held, if it came of what was witnessed; its connection is gone.

        Raises: StatementFailed, Drifted, SourceUnavailable.
        """
        held = self._witnessing.held
        if held is None or not (await self._witnessing.look_elsewhere(held)).clean:
            raise Drifted("the schema changed before an answer too large to be held")
        raise StatementFailed("54000", public=TOO_LARGE)

    async def _hold(self, permit: Permit, *, fresh: bool, writes: bool = False) -> Held:
        """Witness under the permit's limits, unless this transaction has just done so; the tree must be the permit's.

        Raises: Drifted.
        """
        held = None if fresh else self._witnessing.held
        if held is None:
            found = await self._witnessing.witness(permit.limits.timeout, writes=writes)
            if found is CHANGED:
                raise _Stale
            if isinstance(found, Unreadable):
                raise Drifted(f"unreadable now: {found.doubt}; {found.detail}")
            held = found
        if held.reading.tree != permit.reading.tree or held.reading.text != permit.text:
            raise Drifted("the tree differs from the permitted one")
        return held

    async def _read_rows(self, permit: Permit) -> Rows:
        """Bind, fetch, look; only then Rows exist outside, and the pool's cleaning begins with ROLLBACK."""
        held = await self._hold(permit, fresh=not self._session.connection.is_in_transaction())
        question = self._witnessing.question(held.witnessed)
        rows, seen = await self._fetched(held, permit, question)
        if not (await self._witnessing.judged(held.witnessed, question, seen)).clean:
            raise _Stale
        return rows

    async def _plan_rows(self, permit: Permit) -> Rows:
        """Plan, look, and witness the inner text again, since EXPLAIN analyses anew; then draw what may be shown."""
        held = await self._hold(permit, fresh=not self._session.connection.is_in_transaction())
        self._session.quiet(permit.limits.timeout)
        drawn = await plan(self._session, permit.text, permit.parameters, permit.limits.timeout)
        seen = await self._witnessing.look(held.witnessed, Locks.TRACED)
        if not seen.clean:
            raise _Stale
        again = await self._witnessing.witness(permit.limits.timeout)
        if not isinstance(again, Held) or again.reading.tree != permit.reading.tree:
            raise _Stale
        await self._session.rollback()
        return table(drawn, permit.reading, permit.limits)

    def _permitted(self, held: Held, permit: Permit) -> Prepared:
        """Give the witnessed statement itself, or Parse the permitted text where relations were replaced."""
        if held.prepared is not None and permit.text == held.prepared.text:
            return held.prepared
        return self._session.prepare(permit.text)

    async def _fetched(self, held: Held, permit: Permit, question: Question | None = None) -> tuple[Rows, str | None]:
        """Bind, run, and ask the last look behind the last row: all of it one round trip where the rows are few."""
        arguments = self._witnessing.arguments(held.witnessed, permit.parameters)
        prepared = self._permitted(held, permit)
        if held.witnessed.index_scans_off:
            self._session.set(NO_INDEX_ORDER)
        portal = self._session.bind(prepared, arguments, permit.limits.timeout)
        if not self._witnessing.reads:
            await self._planned(portal)
        connection = self._session.connection
        behind = tuple if question is None else partial(connection.own, *question.words)
        found = await self._session.fetch(portal, permit.limits, self._readers, behind)
        if portal.analysed_again:
            raise _Stale
        return Rows(columns=self._form(prepared.shape).columns, rows=found.rows, cut=found.cut), found.after

    async def _planned(self, portal: Portal) -> None:
        """Know before a write runs that it is what was witnessed: not all that it does is taken back by ROLLBACK.

        Raises: _Stale.
        """
        if not await self._session.bound(portal):
            raise _Stale
        self._readers(portal.prepared.shape)

    def _readers(self, shape: Shape) -> Readers:
        return self._form(shape).readers

    def _form(self, shape: Shape) -> values.Form:
        """Choose how a result is read.

        Raises: _Stale for a type made since the catalogs were loaded: nobody would know how it is printed.
        """
        found = self._witnessing.ground.knowledge.forms.of(shape, self._witnessing.snapshot.types)
        if found is None:
            raise _Stale
        return found

    async def _write_rows(self, permit: Permit) -> Rows:
        """Witness once inside READ ONLY, then again in the transaction that writes; run, count, look; stay open."""
        await self._hold(permit, fresh=not self._session.connection.is_in_transaction())
        held = await self._hold(permit, fresh=True, writes=True)
        targets = held.witnessed.targets
        if writes.capped(permit) and not self._countable(held):
            raise CapExceeded("rows of this statement cannot be counted, and a cap is set")
        start = await writes.measure(self._session.connection, targets, assign=True)
        rows, _ = await self._fetched(held, permit)
        end = await writes.settle(self._session.connection, targets)
        if end.xid != start.xid or not self._session.connection.is_in_transaction():
            await self._session.rollback()
            raise Drifted("the statement left its transaction")
        beyond = writes.beyond(start, end, permit, defines=Verb.DEFINE in held.reading.verbs)
        if beyond:
            await self._session.rollback()
            raise CapExceeded(beyond)
        if self._witnessing.parsed.access is Access.WRITE:
            await self._look_at_write(held)
        elif held.witnessed.reaches is not None:
            await self._look_at_extent(held.witnessed, held.witnessed.reaches)
        elif Verb.RUN in held.reading.verbs and (await self._witnessing.look(held.witnessed, Locks.UNASKED)).changed:
            raise _Stale
        self._open = True
        return Rows(columns=rows.columns, rows=rows.rows, cut=rows.cut, work=start.work(end.changed - start.changed))

    def _countable(self, held: Held) -> bool:
        """TRUNCATE and foreign tables are in no statistics of the transaction."""
        if self._witnessing.parsed.access is Access.UTILITY:
            return Verb.DELETE not in held.reading.verbs
        relations = self._witnessing.snapshot.relations
        return all(relations[oid].kind != "f" for oid in self._witnessing.closure(held.witnessed) if oid in relations)

    async def _look_at_write(self, held: Held) -> None:
        """More locks than the closure are legitimate only where triggers or rules run code nobody read."""
        closure = self._witnessing.closure(held.witnessed)
        seen = await self._witnessing.look(held.witnessed, Locks.TRACED)
        if seen.changed or (seen.beyond and not unread_code(closure, self._witnessing.snapshot)):
            raise _Stale

    async def _look_at_extent(self, witnessed: Witnessed, reaches: Reaches) -> None:
        """Nothing else may have gone with a DROP, or been given with a schema, than was listed."""
        if not await kept(self._session.connection, reaches, witnessed.listed):
            raise _Stale

    # ------------------------------------------------------------ plan

    async def plan(self) -> str | None:
        """Show the planner's plan of a read without conditions; None where plans would follow protected values."""
        held = self._witnessing.held
        if held is None or not self._witnessing.reads:
            return None
        if held.witnessed.closure & self._witnessing.tainted or held.reading.text != self._witnessing.statement.text:
            return None
        drawn = await self.planned()
        return None if drawn is None else "\n".join(lines(drawn, 0))

    async def counted(self, limit: timedelta) -> int | None:
        """Answer a question of ours about how many rows there are; None where it cannot be asked in this form."""
        try:
            return await guarded(questions.answer(self._witnessing, limit))
        finally:
            await self._session.rollback()

    async def sampled(self, limit: timedelta) -> tuple[tuple[Cell, ...], ...] | None:
        """Answer a question of ours about a few rows, through the masks; None where masked rows would be others."""
        try:
            return await guarded(questions.rows(self._witnessing, limit))
        finally:
            await self._session.rollback()

    async def planned(self) -> Mapping[str, Any] | None:
        """Plan the statement, READ ONLY, as the role it would run as; None when it cannot be witnessed."""
        self._open = False
        return await self._witnessing.planned()

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
        if self._witnessing.parsed.access is Access.UTILITY:
            self._witnessing.ground.knowledge.drop()
        if failed is not None:
            raise failed
