"""One transaction on one connection: our BEGIN, Parse under the witness, a bounded fetch, ROLLBACK or COMMIT."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, LiteralString, TypeAlias, final

import asyncpg

from core.connectors.postgres.connection import values, wire
from core.connectors.postgres.connection.away import cause
from core.connectors.postgres.connection.meter import HELD
from core.connectors.postgres.connection.waiting import MARGIN, answered
from core.errors import BadCall, SettingsError, SourceUnavailable, TimedOut
from core.model import Cell, Cut, Doubt, Limits, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.connectors.postgres.connection.link import Link
    from core.connectors.postgres.connection.values import Reader

TREE: Final = b"rewritten parse tree:"
NAME: Final = re.compile(r"[A-Za-z0-9:_.-]{1,63}", re.ASCII)
SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)
FIRST_STEP: Final = 16  # rows; a point query ends with one fetch, and sixteen wide rows are still bounded
LAST_STEP: Final = 1_000
GROWTH: Final = 64  # of a step: two fetches for what most calls ask

Readers: TypeAlias = "tuple[Reader, ...]"  # of each column

READS: Final[LiteralString] = "begin isolation level read committed read only"
WRITES: Final[LiteralString] = "begin isolation level read committed read write"
# PostgreSQL docs 20.11.1, 20.13, 20.17; one statement that is prepared, since each SET is parsed anew.
SETTINGS: Final[LiteralString] = (
    "SELECT pg_catalog.set_config('search_path', $1, true), pg_catalog.set_config('statement_timeout', $2, true), "
    "pg_catalog.set_config('lock_timeout', $3, true), pg_catalog.set_config('application_name', $4, true), "
    "pg_catalog.set_config('idle_in_transaction_session_timeout', '60s', true), "
    "pg_catalog.set_config('standard_conforming_strings', 'on', true), "
    "pg_catalog.set_config('transform_null_equals', 'off', true), "
    "pg_catalog.set_config('row_security', 'on', true), "
    "pg_catalog.set_config('log_parameter_max_length_on_error', '0', true), "
    "pg_catalog.set_config('synchronous_commit', 'on', true), "
    "pg_catalog.set_config('client_min_messages', 'log', true), "
    "pg_catalog.set_config('debug_print_rewritten', 'on', true), "
    "pg_catalog.set_config('debug_pretty_print', 'off', true)"
)
# Between Bind and the first fetch of one round trip, where no SET can stand: one would end what belongs together.
QUIET: Final[LiteralString] = (
    "SELECT pg_catalog.set_config('debug_print_rewritten', 'off', true), "
    "pg_catalog.set_config('client_min_messages', 'error', true), pg_catalog.set_config('statement_timeout', $1, true)"
)
# Where a role's settings barred every other scan as well, the planner would take the index all the same.
NO_INDEX_ORDER: Final[LiteralString] = (
    "SELECT pg_catalog.set_config('enable_indexscan', 'off', true), "
    "pg_catalog.set_config('enable_indexonlyscan', 'off', true), "
    "pg_catalog.set_config('enable_mergejoin', 'off', true), pg_catalog.set_config('enable_hashjoin', 'on', true), "
    "pg_catalog.set_config('enable_seqscan', 'on', true), pg_catalog.set_config('enable_bitmapscan', 'on', true)"
)


def path_of(schemas: tuple[str, ...]) -> str:
    """Word a search path: pg_catalog first by the server's own rule, pg_temp last because it is named.

    Raises: SettingsError for names that would need quotes.
    """
    for name in schemas:
        if SCHEMA.fullmatch(name) is None or name == "pg_temp":
            raise SettingsError("search_path takes plain lower-case schema names")
    return ", ".join((*(name for name in schemas if name != "pg_catalog"), "pg_temp"))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a transaction is opened: what it may do, and under which settings."""

    text: LiteralString
    arguments: tuple[str, ...]


def begin(*, path: str, name: str, timeout: timedelta, writes: bool) -> Opening:
    """Word what opens a transaction; only checked pieces of our own enter it.

    Raises: BadCall for a name that the database would not show as it is.
    """
    if NAME.fullmatch(name) is None:
        raise BadCall("a visit's name takes letters, digits, colon, dash")
    milliseconds = max(1, int(timeout / timedelta(milliseconds=1)))
    arguments = (path, str(milliseconds), str(min(milliseconds, 2_000)), name)
    return Opening(text=WRITES if writes else READS, arguments=arguments)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A text that the server analyses under a name of its own."""

    text: str
    name: str
    parsed: wire.Step
    described: wire.Step

    @property
    def shape(self) -> wire.Shape:
        """What the server says of it, once it answered."""
        return self.described.shape or wire.Shape()

    @property
    def dump(self) -> str:
        """The server's one tree of it.

        Raises: UnicodeDecodeError where the server's fold cut a character.
        """
        return trees(self.parsed)[0].decode()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """A statement with its parameters, planned; it runs with the first fetch."""

    name: str
    prepared: Prepared
    bound: wire.Step

    @property
    def analysed_again(self) -> bool:
        """Whether the server made another tree of the text since Parse: then something else would run."""
        return bool(trees(self.bound))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Rows within the limits, and what was asked behind the last of them."""

    rows: tuple[tuple[Cell, ...], ...]
    cut: Cut | None
    after: str | None


def trees(step: wire.Step) -> list[bytes]:
    """Give the trees in an answer; one with a context is the body of an SQL function, and notices go nowhere."""
    said = map(wire.fields, step.notices)
    return [notice.get("D", b"") for notice in said if notice.get("M") == TREE and not notice.get("W")]


def unheard(why: str) -> Unreadable:
    """Say that the second witness gave no account that can be used."""
    return Unreadable(
        doubt=Doubt.UNAVAILABLE,
        sentence="The database gave no second reading of this statement; an operator has been told.",
        detail=why,
    )


def decodable(octets: bytes) -> bool:
    """Whether octets are text: the server's fold may cut a character in two."""
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


class Session:
    """What is said and heard on one connection within one transaction."""

    def __init__(self, connection: Link) -> None:
        self.connection: Final = connection
        self._opening: tuple[wire.Step, ...] = ()

    async def exchange(
        self,
        *steps: wire.Step,
        limit: timedelta | None = None,
        failure: type[SourceUnavailable | TimedOut] = SourceUnavailable,
    ) -> None:
        """Ask, within a time limit, and with the octets allowed that one answer may bring.

        Raises: SourceUnavailable where the transaction could not even begin; asyncpg.PostgresError, Deviation.
        """
        self.connection.allow(HELD)
        try:
            await answered(self.connection, self.connection.exchange(*steps), limit, failure)
        except asyncpg.PostgresError as error:
            if not any(step.failed for step in self._opening):
                raise
            raise SourceUnavailable(f"no transaction: sqlstate {error.sqlstate}", cause(error)) from None
        with self.connection.undeviating():
            self._still_open()

    def _still_open(self) -> None:
        """Only we end a transaction of ours.

        Raises: Deviation.
        """
        if self._opening and not self.connection.is_in_transaction():
            raise wire.Deviation("the transaction ended by itself")

    def begin(self, opening: Opening) -> None:
        """Open a transaction with the next question; an open one is rolled back first.

        What follows up to the same Sync is skipped where this fails: nothing is analysed outside of a transaction.
        """
        self.connection.unsay()
        if self.connection.is_in_transaction():
            self.connection.say(wire.query("rollback"))
        opened = self.connection.own(opening.text)
        self._opening = (*opened, *self.connection.own(SETTINGS, *opening.arguments))
        self.connection.say(*self._opening)

    async def rollback(self) -> None:
        """End the transaction without a trace."""
        self._opening = ()
        self.connection.unsay()
        if self.connection.is_in_transaction():
            await self.exchange(wire.query("rollback"))

    async def commit(self) -> str:
        """COMMIT and give the tag that the server answered with, alone.

        Raises: asyncpg.PostgresError, Deviation where the answer is none to COMMIT.
        """
        self._opening = ()
        self.connection.unsay()
        self.connection.allow(HELD)
        ended = wire.query("commit")
        failed: asyncpg.PostgresError | None = None
        try:
            await self.connection.exchange(ended)
        except asyncpg.PostgresError as error:
            failed = error
        with self.connection.undeviating():
            tag = self._ended(ended, failed)
        if failed is not None:
            raise failed
        return tag

    def _ended(self, ended: wire.Step, failed: asyncpg.PostgresError | None) -> str:
        """Take the server's word for the end of a transaction where it says one thing.

        Raises: Deviation.
        """
        tags = [tag.rstrip(b"\0").decode("ascii", "replace") for tag in ended.tags]
        if ended.done and (self.connection.is_in_transaction() or len(tags) != (failed is None)):
            raise wire.Deviation("an answer that is none to COMMIT")
        return tags[0] if tags else ""

    async def parse(self, text: str, *behind: wire.Step) -> Prepared | Unreadable:
        """Have the server analyse a text without running it; exactly one tree must be heard.

        `behind` is asked in the same round trip, once the text is analysed and what it names is locked. Named, since an
        unnamed statement is gone with the next, and the witnessed one must be the one that runs.
        """
        prepared = self.prepare(text)
        await self.exchange(*behind, wire.sync())
        heard = trees(prepared.parsed)
        if len(heard) != 1:
            return unheard(f"{len(heard)} trees for one statement")
        return prepared if decodable(heard[0]) else unheard("a tree that is no UTF-8")

    def prepare(self, text: str) -> Prepared:
        """Parse by name with the next question, over the extended protocol, which takes one statement only."""
        name = self.connection.caller()
        prepared = Prepared(text=text, name=name, parsed=wire.parse(name, text), described=wire.describe(name))
        self.connection.say(prepared.parsed, prepared.described)
        return prepared

    def bind(self, prepared: Prepared, arguments: tuple[str | None, ...], limit: timedelta) -> Portal:
        """Plan a statement with its parameters, and only then end what it tells: trees and notices carry values."""
        portal = f"p{prepared.name}"
        bound = wire.bind(portal, prepared.name, arguments)
        self.connection.say(bound)
        self.quiet(limit)
        return Portal(name=portal, prepared=prepared, bound=bound)

    def quiet(self, limit: timedelta) -> None:
        """No more trees, no notices; and the statement's own time limit: that of Parse and Bind is the reading's."""
        self.set(QUIET, str(max(1, int(limit / timedelta(milliseconds=1)))))

    def set(self, text: LiteralString, *arguments: str) -> None:
        """Change settings of this transaction with the next question."""
        self.connection.say(*self.connection.own(text, *arguments))

    async def bound(self, portal: Portal) -> bool:
        """Wait until a statement is planned; whether it is still the one that was analysed."""
        await self.exchange(wire.sync())
        return not portal.analysed_again

    async def few(self, portal: Portal, most: int, limit: timedelta) -> list[bytes]:
        """Fetch a few rows for a question of ours."""
        run = wire.execute(portal.name, most)
        await self.exchange(run, wire.sync(), limit=limit + MARGIN, failure=TimedOut)
        return run.rows

    async def fetch(
        self,
        portal: Portal,
        limits: Limits,
        readers: Callable[[wire.Shape], Readers],
        after: Callable[[], tuple[wire.Step, ...]] = tuple,
    ) -> Fetched:
        """Fetch stepwise within the row cap and the byte budget of the JSON text; `cut` is exact.

        Each step is held whole before anyone can look at its size, so that each is allowed so many octets. `after`
        words a question of one value, asked in the same round trip as the last fetch wherever that can be known.
        """
        rows: list[tuple[Cell, ...]] = []
        used, step, chosen = 2, FIRST_STEP, None
        while True:
            left = limits.returned_rows + 1 - len(rows)
            wanted = min(step, left)
            run = wire.execute(portal.name, wanted)
            behind = after() if chosen is None or wanted == left else ()
            await self.exchange(run, *behind, wire.sync(), limit=limits.timeout + MARGIN, failure=TimedOut)
            chosen = readers(portal.prepared.shape) if chosen is None else chosen
            batch = run.rows
            with self.connection.undeviating():
                cut, used = taken(rows, batch, chosen, used, limits)
            if cut is not None or len(batch) < wanted:
                asked = behind or after()
                if asked and not behind:
                    await self.exchange(*asked, wire.sync())
                return Fetched(rows=tuple(rows), cut=cut, after=self.connection.answer(asked[-1]) if asked else None)
            step = sized(step, rows=len(rows), used=used, budget=limits.returned_bytes)


def taken(
    rows: list[tuple[Cell, ...]], batch: list[bytes], readers: Readers, used: int, limits: Limits
) -> tuple[Cut | None, int]:
    """Read a step's rows behind those that came before, until they are too many or too large."""
    room, left = limits.returned_rows - len(rows), limits.returned_bytes - used
    wanted = batch if len(batch) <= room else batch[:room]
    if sum(map(len, wanted)) <= left:  # what may all fit is measured at once
        found = values.rows(wanted, readers)
        size = values.octets(found)
        if size <= left:
            rows += found
            return Cut.ROWS if len(batch) > room else None, used + size
    return one_by_one(rows, batch, readers, used, limits)


def one_by_one(
    rows: list[tuple[Cell, ...]], batch: list[bytes], readers: Readers, used: int, limits: Limits
) -> tuple[Cut | None, int]:
    """Read rows until one is too many or too large: those behind it are not even read."""
    for body in batch:
        if len(rows) == limits.returned_rows:
            return Cut.ROWS, used
        row = values.row(body, readers)
        used += values.octets((row,))
        if used > limits.returned_bytes:
            return Cut.BYTES, used
        rows.append(row)
    return None, used


def sized(step: int, *, rows: int, used: int, budget: int) -> int:
    """Choose how many rows to ask for next: many times more, and not past what the budget should hold."""
    average = max(1, used // max(1, rows))
    return max(1, min(step * GROWTH, LAST_STEP, (budget - used) // average + 1))
