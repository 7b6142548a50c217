"""One connection of ours: what it prepares for life and what for one caller, and how it becomes clean again."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final, LiteralString, TypeAlias, final

import asyncpg

from core.connectors.postgres.connection import values
from core.connectors.postgres.connection.meter import Meter
from core.connectors.postgres.connection.wire import (
    IDLE,
    READY,
    Deviation,
    Exchange,
    Kind,
    Step,
    bind,
    close,
    execute,
    one,
    parse,
    query,
    sync,
)

if TYPE_CHECKING:
    Base: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Base = asyncpg.Connection

NUMBER: Final = itertools.count(1)  # never used twice: a name means one text, whatever comes late

# Session defaults: RESET ALL and DISCARD ALL come back to these, and no ALTER ROLE … SET can come before them.
# client_connection_check_interval (docs 20.3.2): a statement whose client has gone ends within it.
SERVER_SETTINGS: Final = {
    **values.SETTINGS,
    "application_name": "assent",
    "client_encoding": "UTF8",
    "client_connection_check_interval": "1s",
    "standard_conforming_strings": "on",
    "default_transaction_read_only": "on",
    "idle_in_transaction_session_timeout": "60s",
}

# All that DISCARD ALL does (docs: DISCARD, Notes), but for two: what a caller prepared is closed by name, so that our
# own texts stay, and DISCARD PLANS is left out, which would only make them be planned again.
CLEAN: Final = (
    "close all; set session authorization default; reset all; unlisten *; "
    "select pg_catalog.pg_advisory_unlock_all(); discard temp; discard sequences"
)
KEPT: Final = 32  # own texts: constants, so there are few


@final
class Undeviating:
    """Within it a Deviation ends the connection, and goes on; a generator would be called three times as often."""

    __slots__ = ("_meter",)

    def __init__(self, meter: Meter) -> None:
        self._meter: Final = meter

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """End the connection where a Deviation is what ended it."""
        if isinstance(error, Deviation):
            self._meter.end(error)


@final
class Link(Base):
    """A connection with a memory of what it prepared.

    Either the driver asks or we do, never both at once, nor both within one transaction.
    """

    _protocol: asyncio.Protocol  # asyncpg's own, which its stubs leave out
    _cancellations: set[asyncio.Task[None]]  # CancelRequests on their way, or answers that they cut short
    _transport: asyncio.Transport
    _cancel_current_command: Callable[[asyncio.Future[None]], None]
    _going: asyncio.Future[None] | None = None  # an exchange that nobody waits for any more: its answers are to come
    _retiring: asyncio.TimerHandle | None = None

    @cached_property
    def _own(self) -> dict[str, str]:
        """Names of our own texts, prepared once and kept."""
        return {}

    @cached_property
    def _fresh(self) -> dict[str, str]:
        """Names of our own texts that the next exchange prepares."""
        return {}

    @cached_property
    def _said(self) -> list[Step]:
        """What goes out with the next question."""
        return []

    @cached_property
    def _callers(self) -> list[str]:
        """Names of what the present caller prepared, or may have prepared."""
        return []

    @cached_property
    def _meter(self) -> Meter:
        return Meter(self._protocol, self._transport)

    @property
    def overrun(self) -> bool:
        """Whether an answer was too large to be held, so that this connection was ended."""
        return self._meter.overrun

    def allow(self, octets: int) -> None:
        """Let the server send so much from now on; beyond it the connection ends."""
        if not self.overrun:
            self._meter.left = octets

    def is_closed(self) -> bool:
        """Whether nothing can be asked any more: also where the server's words were no answer."""
        return self._meter.ended or super().is_closed()

    def is_in_transaction(self) -> bool:
        """Whether a transaction is open, as the server said last to whoever asked."""
        return self._meter.status != IDLE

    def _check_open(self) -> None:
        """Let the driver ask: each of its questions begins here.

        Raises: asyncpg.InterfaceError where an exchange of ours, or a transaction that one began, is still open.
        """
        if self.is_closed() or self._meter.asking or self._going is not None or self._meter.ours:
            raise asyncpg.InterfaceError("the connection is closed, or not the driver's to use")
        self._meter.drive()

    def rest(self, seconds: float) -> None:
        """Wait for the next caller, at most so long."""
        self._retiring = asyncio.get_running_loop().call_later(seconds, self.terminate)

    def wanted(self) -> None:
        """End the wait."""
        if self._retiring is not None:
            self._retiring.cancel()

    # ------------------------------------------------------------ exchanges

    def say(self, *steps: Step) -> None:
        """Say what needs no answer of its own: it goes out with the next question."""
        self._said.extend(steps)

    def unsay(self) -> None:
        """Take back what was not sent yet."""
        self._said.clear()
        self._fresh.clear()

    async def exchange(self, *steps: Step) -> None:
        """Ask all of this, behind what was said before, in one round trip; the last step ends with ReadyForQuery.

        Whoever is cancelled meanwhile leaves a CancelRequest behind, and `clean` waits for what is still to come.

        Raises: asyncpg.PostgresError for the first step that failed, asyncpg.InterfaceError.
        """
        if self.is_in_transaction() and not self._meter.ours:
            self.unsay()
            raise asyncpg.InterfaceError("a transaction of the driver's is open")
        await self._exchange(*steps)

    async def _exchange(self, *steps: Step) -> None:
        said, fresh = tuple(self._said), dict(self._fresh)
        self.unsay()
        if self._busy:
            raise asyncpg.InterfaceError("the connection is closed, or still busy")
        open_ = said and READY not in said[-1].kind.ends and steps[0].kind is Kind.QUERY
        exchange = Exchange((*said, *((sync(),) if open_ else ()), *steps))  # a simple query is a run of its own
        asked = self._meter.ask(exchange)
        try:
            await asyncio.shield(asked)
        except asyncio.CancelledError:
            if not asked.done():
                self._going = asyncio.ensure_future(self._ended(asked))
            raise
        if exchange.error is not None:
            raise exchange.error
        self._own.update(fresh)
        for name in fresh.values():
            self._callers.remove(name)

    @property
    def _busy(self) -> bool:
        """Whether an answer is still to come, ours or the driver's, or none will."""
        meter = self._meter
        pending = meter.asking or meter.owed or self._going is not None
        return self.is_closed() or pending or bool(self._cancellations)

    async def _ended(self, asked: asyncio.Future[None]) -> None:
        """Have the server stop, and take what it still says; the request is gone before anything else is asked."""
        gone = asyncio.get_running_loop().create_future()
        self._cancel_current_command(gone)
        await gone
        with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
            await asked

    def caller(self) -> str:
        """Give a name for a caller's text; whatever becomes of it, it is forgotten with the caller."""
        name = f"a{next(NUMBER)}"
        self._callers.append(name)
        return name

    def own(self, text: LiteralString, *arguments: str | None) -> tuple[Step, ...]:
        """Word a question of ours, a constant text that is prepared once in this connection's life; the last answers.

        Until an exchange has shown that it is prepared, its name is one of the caller's.
        """
        name = self._own.get(text) or self._fresh.get(text)
        if name is not None:
            return bind("", name, arguments), execute("")
        name = self._fresh[text] = self.caller()
        return parse(name, text), bind("", name, arguments), execute("")

    def answer(self, step: Step) -> str | None:
        """Read the one cell of an answer to a question of ours.

        Raises: Deviation, and then the connection is ended.
        """
        with self.undeviating():
            return one(step)

    def undeviating(self) -> Undeviating:
        """End the connection where what it brought cannot be read."""
        return Undeviating(self._meter)

    async def ask(self, text: LiteralString, *arguments: str | None) -> str | None:
        """Answer a question of ours with its one value."""
        steps = self.own(text, *arguments)
        await self.exchange(*steps, sync())
        return self.answer(steps[-1])

    async def tell(self, text: LiteralString) -> None:
        """Say a text of ours that has no answer."""
        await self.exchange(query(text))

    async def clean(self) -> None:
        """Leave nothing for the next caller: no transaction, settings, role, temporary tables, texts, locks.

        An error here must end the connection.

        Raises: asyncpg.InterfaceError while something is still on its way.
        """
        self.unsay()
        if self._going is not None:
            await asyncio.shield(self._going)
            self._going = None
        if self._cancellations:
            await asyncio.wait(set(self._cancellations))
        ended = "rollback; " if self.is_in_transaction() else ""
        dropped = [close(name) for name in self._callers]
        if len(self._own) > KEPT:
            dropped += [close(name) for name in self._own.values()]
            self._own.clear()
        await self._exchange(query(f"{ended}{CLEAN}"), *dropped, sync())
        if self.is_in_transaction():
            self.terminate()
        self._callers.clear()
