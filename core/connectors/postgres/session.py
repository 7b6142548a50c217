"""One transaction on one connection: our BEGIN, Parse under the witness, a bounded fetch, ROLLBACK or COMMIT."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias, final

import asyncpg

from core.connectors.postgres import values
from core.connectors.postgres.link import HELD
from core.connectors.postgres.waiting import MARGIN, answered
from core.errors import BadCall, SettingsError, TimedOut
from core.model import Cell, Cut, Doubt, Limits, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from asyncpg.cursor import Cursor
    from asyncpg.prepared_stmt import PreparedStatement

    from core.connectors.postgres.link import Link

TREE: Final = "rewritten parse tree:"
NAME: Final = re.compile(r"[A-Za-z0-9:_.-]{1,63}", re.ASCII)
SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)
FIRST_STEP: Final = 16  # rows; a point query ends with one fetch, and sixteen wide rows are still bounded
LAST_STEP: Final = 1_000

Fetched: TypeAlias = "tuple[tuple[tuple[Cell, ...], ...], Cut | None]"

# PostgreSQL docs 20.11.1, 20.13, 20.17. The tree settings come last, so that the batch itself is not printed.
GUARDS: Final = (
    "set local idle_in_transaction_session_timeout = '60s'; set local standard_conforming_strings = on; "
    "set local transform_null_equals = off; set local row_security = on; "
    "set local log_parameter_max_length_on_error = 0; "
)
WITNESS: Final = (
    "set local client_min_messages = log; set local debug_print_rewritten = on; set local debug_pretty_print = off"
)
QUIET: Final = "set local debug_print_rewritten = off; set local client_min_messages = error"
NO_INDEX_ORDER: Final = "set local enable_indexscan = off; set local enable_indexonlyscan = off"
WRITABLE: Final = "set local synchronous_commit = on; "


def path_of(schemas: tuple[str, ...]) -> str:
    """Word a search path: pg_catalog first by the server's own rule, pg_temp last because it is named.

    Raises: SettingsError for names that would need quotes.
    """
    for name in schemas:
        if SCHEMA.fullmatch(name) is None or name == "pg_temp":
            raise SettingsError("search_path takes plain lower-case schema names")
    return ", ".join((*(name for name in schemas if name != "pg_catalog"), "pg_temp"))


def begin(*, path: str, name: str, timeout: timedelta, writes: bool) -> str:
    """Word the one message that opens a transaction; only checked pieces of our own enter it.

    Raises: BadCall for a name that the database would not show as it is.
    """
    if NAME.fullmatch(name) is None:
        raise BadCall("a visit's name takes letters, digits, colon, dash")
    mode = "read write" if writes else "read only"
    milliseconds = max(1, int(timeout / timedelta(milliseconds=1)))
    return (
        f"begin isolation level read committed {mode}; set local search_path = {path}; "
        f"set local statement_timeout = {milliseconds}; set local lock_timeout = {min(milliseconds, 2_000)}; "
        f"set local application_name = '{name}'; {GUARDS}{WRITABLE if writes else ''}{WITNESS}"
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A text that the server has analysed under a name; `dump` is its one tree."""

    text: str
    statement: PreparedStatement[asyncpg.Record]
    dump: str


class Session:
    """What is said and heard on one connection within one transaction."""

    def __init__(self, connection: Link) -> None:
        self.connection: Final = connection
        self._heard: list[tuple[str, str]] = []  # (text, tree) of trees without a context
        connection.add_log_listener(self._hear)

    def close(self) -> None:
        """Stop listening; the pool ends whatever is open."""
        self._heard.clear()
        with contextlib.suppress(asyncpg.InterfaceError):  # the connection is gone, and its listeners with it
            self.connection.remove_log_listener(self._hear)

    def _hear(self, _: object, message: asyncpg.PostgresLogMessage) -> None:
        """Keep trees of texts; a tree with a context is the body of an SQL function, and notices go nowhere."""
        if getattr(message, "message", None) == TREE and not getattr(message, "context", None):
            self._heard.append((str(getattr(message, "query", "")), str(getattr(message, "detail", ""))))

    async def begin(self, text: str) -> None:
        """Open a transaction; an open one is rolled back first."""
        await self.rollback()
        self.connection.allow(HELD)
        await answered(self.connection, self.connection.execute(text))
        self._heard.clear()

    async def rollback(self) -> None:
        """End the transaction without a trace."""
        if self.connection.is_in_transaction():
            await answered(self.connection, self.connection.execute("rollback"))

    async def commit(self) -> str:
        """COMMIT and give the tag that the server answered with."""
        return await self.connection.execute("commit")

    async def parse(self, text: str) -> Prepared | Unreadable:
        """Have the server analyse a text without running it; exactly one tree must be heard.

        Named, since asyncpg parses an unnamed statement again at Bind: then something else would run.
        """
        statement = await self.prepare(text)
        trees = [dump for heard, dump in self._heard if heard == text]
        self._heard.clear()
        if len(trees) != 1:
            detail = f"{len(trees)} trees for one statement"
            return Unreadable(
                doubt=Doubt.UNAVAILABLE,
                sentence="The database gave no second reading of this statement; an operator has been told.",
                detail=detail,
            )
        return Prepared(text=text, statement=statement, dump=trees[0])

    async def prepare(self, text: str) -> PreparedStatement[asyncpg.Record]:
        """Parse by name, over the extended protocol, which takes one statement only."""
        return await answered(self.connection, self.connection.named(text))

    async def bind(
        self, statement: PreparedStatement[asyncpg.Record], arguments: tuple[str | None, ...], limit: timedelta
    ) -> Cursor:
        """Plan the statement with its parameters; it runs with the first fetch."""
        self._heard.clear()
        return await answered(self.connection, bound(statement, arguments), limit + MARGIN, TimedOut)

    async def fetch(self, cursor: Cursor, limits: Limits) -> Fetched:
        """Fetch within the limits; the database's own timeout holds for each step."""
        return await answered(
            self.connection, fetch(cursor, limits, self.connection.allow), limits.timeout + MARGIN, TimedOut
        )

    def analysed_again(self, text: str) -> bool:
        """Whether the server made another tree of the text since Parse: then something else would run."""
        return any(heard == text for heard, _ in self._heard)

    async def quiet(self, more: str = "") -> None:
        """No more trees, no notices: they carry values; and `more` settings of this transaction in the same message."""
        await answered(self.connection, self.connection.execute(f"{QUIET}{more and '; '}{more}"))

    async def set(self, text: str) -> None:
        """Change settings of this transaction."""
        await answered(self.connection, self.connection.execute(text))


async def bound(statement: PreparedStatement[asyncpg.Record], arguments: tuple[str | None, ...]) -> Cursor:
    """Make a coroutine of asyncpg's own awaitable, for a deadline."""
    return await statement.cursor(*arguments)


async def fetch(cursor: Cursor, limits: Limits, allow: Callable[[int], None]) -> Fetched:
    """Fetch stepwise within the row cap and the byte budget of the JSON text; `cut` is exact.

    asyncpg holds each row whole before anyone can look at its size, so that each step is allowed so many octets.
    """
    rows: list[tuple[Cell, ...]] = []
    used, step = 2, FIRST_STEP
    while True:
        wanted = min(step, limits.returned_rows + 1 - len(rows))
        allow(HELD)
        batch = await cursor.fetch(wanted)
        for record in batch:
            if len(rows) == limits.returned_rows:
                return tuple(rows), Cut.ROWS
            row = tuple(record)
            used += values.octets(row)
            if used > limits.returned_bytes:
                return tuple(rows), Cut.BYTES
            rows.append(row)
        if len(batch) < wanted:
            return tuple(rows), None
        step = sized(step, rows=len(rows), used=used, budget=limits.returned_bytes)


def sized(step: int, *, rows: int, used: int, budget: int) -> int:
    """Choose how many rows to ask for next: at most ten times more, and not past what the budget should hold."""
    average = max(1, used // max(1, rows))
    return max(1, min(step * 10, LAST_STEP, (budget - used) // average + 1))
