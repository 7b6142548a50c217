"""What a store does with rows, written once for both databases: steps yield statements, a driver runs them.

A driver holds the connection and the transaction; a step holds none, so the same text serves SQLite and PostgreSQL.
Statements are written in the SQL that both take: `$1` for a value, ON CONFLICT, RETURNING, CASE instead of a scalar
max; a refused row is told by what RETURNING returns, never by an error, which would end PostgreSQL's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, Protocol, TypeAlias, TypeVar, final

from core.ports import Committed, Sealed, Unit

Value: TypeAlias = str | int | bytes | None
Row: TypeAlias = Sequence[Any]  # the schema says what stands in it; a driver cannot

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@final
@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of ours and its values, `$1` first."""

    sql: LiteralString
    values: tuple[Value, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Many:
    """One statement of ours for many rows of values, in one round trip; it returns no row."""

    sql: LiteralString
    rows: Sequence[tuple[Value, ...]]


Steps: TypeAlias = Generator[Statement | Many, Sequence[Row], T]


def ask(sql: LiteralString, *values: Value) -> Steps[Sequence[Row]]:
    """Run one statement within steps (`yield from`) and return its rows."""
    found = yield Statement(sql, values)
    return found


def one(sql: LiteralString, *values: Value) -> Steps[Row | None]:
    """Run one statement and return its first row, None when there is none."""
    found = yield Statement(sql, values)
    return found[0] if found else None


def many(sql: LiteralString, rows: Sequence[tuple[Value, ...]]) -> Steps[None]:
    """Run one statement for each row of values; nothing where there is none."""
    if rows:
        yield Many(sql, rows)


class Reads(Protocol):
    """Committed rows; a query that is cancelled leaves nothing behind."""

    async def rows(self, sql: LiteralString, *values: Value) -> Sequence[Row]:
        """Run one query and return all its rows.

        Raises: AuditUnavailable.
        """
        ...

    async def row(self, sql: LiteralString, *values: Value) -> Row | None:
        """Return the first row, None when there is none.

        Raises: AuditUnavailable.
        """
        ...


async def through(reads: Reads, steps: Steps[T]) -> T:
    """Run steps that only read over committed rows, without a transaction of their own.

    Raises: what the steps raised, AuditUnavailable; TypeError for many rows at once, which only writes have.
    """
    try:
        statement = next(steps)
        while True:
            if isinstance(statement, Many):
                raise TypeError("a read of many rows of values")
            statement = steps.send(await reads.rows(statement.sql, *statement.values))
    except StopIteration as done:
        found: T = done.value
        return found


class Writes(Protocol):
    """Steps in a transaction of their own."""

    async def perform(self, steps: Callable[[], Steps[T]]) -> T:
        """Run steps and return what they said once that is durable; they may be begun again after a deadlock.

        Raises: what the steps raised (then nothing of them remains), AuditBusy, AuditUnavailable.
        """
        ...


class Tail(Protocol):
    """The log as what is made of it follows it."""

    async def tail(self, start: int, limit: int) -> tuple[Sealed, ...]:
        """Entries from a sequence number on."""
        ...


class Ledger(Tail, Protocol):
    """The Journal as the store's own rooms use it."""

    async def write(self, unit: Unit, beside: Callable[[datetime], Steps[None]]) -> Committed:
        """Make a unit durable together with rows that only the store itself knows.

        Raises: as `Journal.commit`.
        """
        ...


class Words(Protocol):
    """A store's text index over shapes."""

    def matching(self, place: LiteralString) -> LiteralString:
        """SQL that selects the keys of shapes that match the query at a place."""
        ...

    def index(self, shape: int, text: str) -> Steps[None]:
        """Take a new shape in."""
        ...

    def query(self, tokens: Sequence[str], *, prefix: bool) -> str:
        """Write tokens, all of which must stand in a shape; of the last one perhaps only the beginning."""
        ...
