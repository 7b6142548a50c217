"""One connection of ours: what it prepares for life and what for one caller, and how it becomes clean again."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final, LiteralString, TypeAlias, final

import asyncpg

from core.connectors.postgres import values
from core.connectors.postgres.wire import IDLE, Exchange, Step, bind, close, execute, one, parse, query, sync

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
HELD: Final = 32 << 20  # octets that one answer may bring: the driver holds each row whole, and a cell may have 1 GB
WITHOUT: Final = 1 << 62  # octets: no bound, for our own questions about the catalogs
KEPT: Final = 16  # own texts: constants, so there are few


@final
class Meter(asyncio.Protocol):
    """Between the socket and the driver: counts what an answer brings, and hangs up before it is too much.

    What answers an exchange of ours goes to it, all else to the driver.
    """

    def __init__(self, inner: asyncio.Protocol, transport: asyncio.Transport) -> None:
        """Take the driver's own place at its transport."""
        self._inner: Final = inner
        self._transport: Final = transport
        self._asked: tuple[Exchange, asyncio.Future[None]] | None = None
        self.left = WITHOUT
        transport.set_protocol(self)

    def ask(self, exchange: Exchange) -> asyncio.Future[None]:
        """Send questions; the future is done when each is answered, and cancelling it leaves the answers to come."""
        answered = asyncio.get_running_loop().create_future()
        self._asked = (exchange, answered)
        self._transport.write(exchange.octets)
        return answered

    def data_received(self, data: bytes) -> None:
        """Pass on what still fits."""
        self.left -= len(data)
        if self.left < 0:
            self._transport.abort()
        elif self._asked is None:
            self._inner.data_received(data)
        else:
            self._answered(*self._asked, data)

    def _answered(self, exchange: Exchange, answered: asyncio.Future[None], data: bytes) -> None:
        exchange.feed(data)
        if exchange.over:
            self._asked = None
            if not answered.done():
                answered.set_result(None)

    def eof_received(self) -> bool | None:
        """Pass on."""
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on; what was asked stays without an answer."""
        if self._asked is not None:
            exchange, answered = self._asked
            self._asked = None
            if not answered.done():
                answered.set_exception(exchange.error or asyncpg.ConnectionDoesNotExistError("the connection is lost"))
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass on."""
        self._inner.resume_writing()


@final
class Link(Base):
    """A connection with a memory of what it prepared.

    Either the driver asks or we do, never both at once: an exchange starts when the last one is answered.
    """

    _protocol: asyncio.Protocol  # asyncpg's own, which its stubs leave out
    _transport: asyncio.Transport
    _cancel_current_command: Callable[[asyncio.Future[None]], None]
    _status: int = IDLE
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
        return self._meter.left < 0

    def allow(self, octets: int) -> None:
        """Let the server send so much from now on; beyond it the connection ends."""
        if not self.overrun:
            self._meter.left = octets

    def is_in_transaction(self) -> bool:
        """Whether a transaction of ours is open; the driver's own account does not see where ours end."""
        return self._status != IDLE

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
        if self.is_closed() or self._going is not None:
            raise asyncpg.InterfaceError("the connection is closed, or still busy")
        exchange = Exchange((*self._said, *steps))
        fresh = dict(self._fresh)
        self.unsay()
        asked = self._meter.ask(exchange)
        try:
            await asyncio.shield(asked)
        except asyncio.CancelledError:
            if not asked.done():
                self._going = asyncio.ensure_future(self._ended(asked, exchange))
            raise
        self._status = exchange.status
        if exchange.error is not None:
            raise exchange.error
        self._own.update(fresh)
        for name in fresh.values():
            self._callers.remove(name)

    async def _ended(self, asked: asyncio.Future[None], exchange: Exchange) -> None:
        """Have the server stop, and take what it still says; the request is gone before anything else is asked."""
        gone = asyncio.get_running_loop().create_future()
        self._cancel_current_command(gone)
        await gone
        with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
            await asked
        self._status = exchange.status

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

    async def ask(self, text: LiteralString, *arguments: str | None) -> str | None:
        """Answer a question of ours with its one value."""
        steps = self.own(text, *arguments)
        await self.exchange(*steps, sync())
        return one(steps[-1])

    async def tell(self, text: LiteralString) -> None:
        """Say a text of ours that has no answer."""
        await self.exchange(query(text))

    async def clean(self) -> None:
        """Leave nothing for the next caller: no transaction, settings, role, temporary tables, texts, locks.

        An error here must end the connection.
        """
        self.unsay()
        if self._going is not None:
            await asyncio.shield(self._going)
            self._going = None
        if super().is_in_transaction():
            await self.execute("rollback")
        ended = "rollback; " if self.is_in_transaction() else ""
        dropped = [close(name) for name in self._callers]
        if len(self._own) > KEPT:
            dropped += [close(name) for name in self._own.values()]
            self._own.clear()
        await self.exchange(query(f"{ended}{CLEAN}"), *dropped, sync())
        self._callers.clear()
