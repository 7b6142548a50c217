"""Connections to the store: what each must promise before it is used, and what an error of one means for the record."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString, TypeAlias, TypeVar, final

import asyncpg

from core.errors import AuditBusy, AuditUnavailable, StoreError, UnsafeStart
from core.stores.postgres.schema import REGRESSED, SCHEMA
from core.stores.steps import Many, Row, Statement, Steps, Value

if TYPE_CHECKING:
    Link: TypeAlias = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:
    Link = asyncpg.Connection
    Pool = asyncpg.Pool

T = TypeVar("T")
E = TypeVar("E", bound=StoreError)

CONNECT: Final = 10.0  # seconds
PATIENCE: Final = 10.0  # seconds for an answer: the server itself ends a wait for a lock after five
AGAIN: Final = 3  # times a unit is begun that a deadlock ended
# Values of the startup packet come before any ALTER ROLE … SET (docs 20.1.3). A replica that is frozen inside a unit
# holds the sequencer for all: it loses its transaction after two seconds.
SETTINGS: Final = {
    "search_path": SCHEMA,
    "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
    "idle_in_transaction_session_timeout": "2s",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "client_connection_check_interval": "1s",
    "tcp_keepalives_idle": "10",
    # Look-ups walk an index up to a number of rows: to scan millions instead only looks cheaper (docs 19.7.1).
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
# What makes COMMIT's answer true (docs 19.5, 20.5), by session and by server.
DURABLE: Final = {"synchronous_commit": ("on", "remote_apply"), "fsync": ("on",), "full_page_writes": ("on",)}
PROMISES: Final[LiteralString] = (
    "SELECT name, setting FROM pg_catalog.pg_settings"
    " WHERE name IN ('synchronous_commit', 'fsync', 'full_page_writes', 'transaction_read_only')"
)

BACK: Final = (
    "log_regressed: the store does not hold what this process recorded last: it is an older copy, or was altered;"
    " nothing is recorded on it, so nothing runs: restore it as the guide says, and start again"
)
# The server or the way to it is gone, so nobody knows what became of what was sent.
# InternalClientError: what the driver says of a connection that was ended while its process stood still.
LOST: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
    asyncpg.InternalClientError,
)
BUSY: Final = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError, asyncpg.TooManyConnectionsError)
REPEATABLE: Final = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a store is, and as which process it is asked."""

    url: str
    name: str  # shown in the database, and unlike any other process's
    patience: float = PATIENCE

    async def connect(self) -> asyncpg.Connection[asyncpg.Record]:
        """Open a connection that keeps its promises.

        Raises: UnsafeStart when it does not, AuditUnavailable when there is none.
        """
        settings = {**SETTINGS, "application_name": self.name}
        try:
            link = await asyncpg.connect(
                self.url, timeout=CONNECT, command_timeout=self.patience, server_settings=settings
            )
        except (asyncpg.PostgresError, *LOST) as error:
            raise AuditUnavailable(f"the store cannot be reached: {named(error)}") from error
        try:
            await promised(link)
        except BaseException:
            link.terminate()
            raise
        return link


def named(error: BaseException) -> str:
    """Name an error of the driver without what a server may put into its text."""
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__


async def promised(link: Link) -> None:
    """Check that what this connection commits is durable, on a server that takes writes.

    Raises: UnsafeStart, AuditUnavailable.
    """
    durable_settings({row["name"]: row["setting"] for row in await translated(lambda: link.fetch(PROMISES))})


def durable_settings(held: Mapping[str, str]) -> None:
    """Check what a connection says of itself; what it does not say does not hold.

    Raises: UnsafeStart.
    """
    for name, good in DURABLE.items():
        if held.get(name) not in good:
            raise UnsafeStart(f"the store's {name} is {held.get(name)}: a commit would not be durable; set it to on")
    if held.get("transaction_read_only") != "off":
        raise UnsafeStart("the store's server takes no writes: name the primary")


@final
class Links:
    """A few connections, each lent to one task at a time."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def open(cls, address: Address, count: int) -> AsyncIterator[Links]:
        """Open a pool; every new connection must keep its promises.

        Raises: UnsafeStart, AuditUnavailable.
        """

        async def connect(*_: object, **__: object) -> asyncpg.Connection[asyncpg.Record]:
            return await address.connect()

        pool = await asyncpg.create_pool(address.url, min_size=1, max_size=count, connect=connect, reset=_clean)
        try:
            yield cls(pool)
        finally:
            try:
                await asyncio.wait_for(pool.close(), CONNECT)
            except TimeoutError:
                pool.terminate()

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Link]:
        """Lend a connection.

        Raises: AuditUnavailable, AuditBusy when none comes free.
        """
        try:
            link = await self._pool.acquire(timeout=CONNECT)
        except TimeoutError as error:
            raise AuditBusy("every connection to the store is in use") from error
        except (asyncpg.PostgresError, *LOST) as error:
            raise AuditUnavailable(f"the store cannot be reached: {named(error)}") from error
        except UnsafeStart as error:  # it was safe when this process started
            raise AuditUnavailable(str(error)) from error
        try:
            yield link
        except Gone:
            end(link)  # after a silence it may still look open
            raise
        finally:
            with contextlib.suppress(asyncpg.PostgresError, *LOST):
                await self._pool.release(link)

    async def rows(self, sql: LiteralString, *values: Value) -> Sequence[Row]:
        """Run one query and return all its rows.

        Raises: AuditUnavailable, AuditBusy.
        """
        if not all(storable(value) for value in values):
            return []
        async with self.lent() as link:
            return [tuple(row) for row in await translated(lambda: link.fetch(sql, *values))]

    async def row(self, sql: LiteralString, *values: Value) -> Row | None:
        """Return the first row, None when there is none.

        Raises: AuditUnavailable, AuditBusy.
        """
        found = await self.rows(sql, *values)
        return found[0] if found else None

    async def perform(self, steps: Callable[[], Steps[T]]) -> T:
        """Run steps in a transaction of their own.

        Raises: what the steps raised, AuditBusy, AuditUnavailable.
        """
        return await again(lambda: self._once(steps))

    async def _once(self, steps: Callable[[], Steps[T]]) -> T:
        async with self.lent() as link, begun(link):
            return await drive(link, steps())


def end(link: Link) -> None:
    """Use a connection no more; the pool takes back at once what the server ended."""
    with contextlib.suppress(*LOST):
        link.terminate()


async def _clean(_: Link) -> None:
    """Do nothing: a transaction is ended by who began it, and the promises are the connection's own and stay."""


@asynccontextmanager
async def begun(link: Link) -> AsyncIterator[None]:
    """Run a block in a transaction: committed at its end, rolled back when it raises.

    Raises: what the block raises, AuditUnavailable, AuditBusy.
    """
    await translated(lambda: link.execute("BEGIN"))
    try:
        yield
    except Gone:
        raise
    except BaseException:
        try:
            await translated(lambda: link.execute("ROLLBACK"))
        except (AuditUnavailable, AuditBusy):
            end(link)  # nobody goes on in a transaction that may still be open
        raise
    await commit(link)


async def drive(link: Link, steps: Steps[T]) -> T:
    """Run steps to their end within the transaction that is open.

    Raises: what they raise, AuditUnavailable, AuditBusy.
    """
    try:
        statement = next(steps)
        while True:
            statement = steps.send(await _run(link, statement))
    except StopIteration as done:
        value: T = done.value
        return value


async def _run(link: Link, statement: Statement | Many) -> Sequence[Row]:
    if isinstance(statement, Many):
        await translated(lambda: link.executemany(statement.sql, statement.rows))
        return ()
    return [tuple(row) for row in await translated(lambda: link.fetch(statement.sql, *statement.values))]


async def commit(link: Link) -> None:
    """Send COMMIT and believe its tag alone: of a failed transaction it answers ROLLBACK, without an error.

    Raises: AuditUnavailable.
    """
    tag = await translated(lambda: link.execute("COMMIT"))
    if tag != "COMMIT":
        raise AuditUnavailable(f"the store answered COMMIT with {tag}")


class Gone(AuditUnavailable):
    """The connection was lost: what was sent on it may have been done."""


class Declined(AuditUnavailable):
    """The server answered with an error: nothing of what was sent remains."""


class Repeatable(AuditBusy):
    """A deadlock or a serialization failure ended the transaction: nothing of it remains, and it may be begun again."""


async def translated(work: Callable[[], Awaitable[T]]) -> T:
    """Ask the driver and translate what it raises, also before there is anything to await.

    Raises: Gone, AuditBusy, AuditUnavailable.
    """
    try:
        return await work()
    except REPEATABLE as error:
        raise Repeatable(named(error)) from error
    except BUSY as error:
        raise AuditBusy(f"the store is busy: {named(error)}") from error
    except LOST as error:
        raise Gone(f"the store is gone: {named(error)}") from error
    except asyncpg.PostgresError as error:
        if error.sqlstate == REGRESSED:
            raise AuditUnavailable(BACK) from error
        raise Declined(f"the store refuses: {named(error)}") from error


async def again(work: Callable[[], Awaitable[T]]) -> T:
    """Do work that leaves nothing when a deadlock ends it, a few times at most.

    Raises: what the work raises.
    """
    for _ in range(AGAIN - 1):
        with contextlib.suppress(Repeatable):
            return await work()
    return await work()


def alike(error: E) -> E:
    """Say the same in an error of one's own: raised in many tasks, a shared one gathers the tracebacks of all."""
    own = type(error)(str(error), public=error.public)
    own.__cause__ = error
    return own


def storable(value: Value) -> bool:
    """Whether a text can stand in the database at all: with NUL or a lone surrogate there is no row of it."""
    if not isinstance(value, str):
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value
