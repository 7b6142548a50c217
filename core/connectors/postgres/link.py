"""One connection of ours: what it prepares for life and what for one caller, and how it becomes clean again."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, LiteralString, TypeAlias, final

import asyncpg

from core.connectors.postgres import values

if TYPE_CHECKING:
    from asyncpg.prepared_stmt import PreparedStatement

    from core.catalog import Oid, Type

    Base: TypeAlias = asyncpg.Connection[asyncpg.Record]
    Text: TypeAlias = PreparedStatement[asyncpg.Record]
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

# All that DISCARD ALL does (docs: DISCARD, Notes), but for two: DEALLOCATE names what a caller prepared, so that our
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
    """Between the socket and the driver: counts what an answer brings, and hangs up before it is too much."""

    def __init__(self, inner: asyncio.Protocol, transport: asyncio.Transport) -> None:
        """Take the driver's own place at its transport."""
        self._inner: Final = inner
        self._transport: Final = transport
        self.left = WITHOUT
        transport.set_protocol(self)

    def data_received(self, data: bytes) -> None:
        """Pass on what still fits."""
        self.left -= len(data)
        if self.left < 0:
            self._transport.abort()
        else:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Pass on."""
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on."""
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass on."""
        self._inner.resume_writing()


@final
class Link(Base):
    """A connection with a memory of what it prepared."""

    _protocol: asyncio.Protocol  # asyncpg's own two, which its stubs leave out
    _transport: asyncio.Transport
    taught: int = 0  # serial of the load of the catalogs whose types it can read
    _unsure: bool = False  # a Parse was sent and not answered: what the server holds is not known
    _retiring: asyncio.TimerHandle | None = None

    @cached_property
    def _own(self) -> dict[str, Text]:
        """Our own texts, prepared once and kept."""
        return {}

    @cached_property
    def _callers(self) -> list[str]:
        """Names of what the present caller prepared."""
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

    def teach(self, serial: int, types: Mapping[Oid, Type]) -> None:
        """Learn the types of one load of the catalogs, once."""
        if self.taught != serial:
            values.teach(self.get_settings(), types)
            self.taught = serial

    def rest(self, seconds: float) -> None:
        """Wait for the next caller, at most so long."""
        self._retiring = asyncio.get_running_loop().call_later(seconds, self.terminate)

    def wanted(self) -> None:
        """End the wait."""
        if self._retiring is not None:
            self._retiring.cancel()

    async def named(self, text: str) -> Text:
        """Parse a caller's text under a name of its own, for this caller alone."""
        name = f"a{next(NUMBER)}"
        self._unsure = True
        try:
            statement = await self.prepare(text, name=name)
        except asyncpg.PostgresError:
            self._unsure = False  # the server made nothing of it
            raise
        self._callers.append(name)
        self._unsure = False
        return statement

    async def ask(self, text: LiteralString, *arguments: object) -> object:
        """Answer one of our own constant texts with its one value; it is parsed once in this connection's life."""
        if text not in self._own:
            self._own[text] = await self.prepare(text, name=f"own{next(NUMBER)}")
        return await self._own[text].fetchval(*arguments)

    async def clean(self) -> None:
        """Leave nothing for the next caller: no transaction, settings, role, temporary tables, texts, locks.

        Any doubt about what the server holds is ended by DISCARD ALL; an error here must end the connection.
        """
        if self._unsure or len(self._own) > KEPT:
            await self._discard()
            return
        ended = "rollback; " if self.is_in_transaction() else ""
        dropped = "".join(f"deallocate {name}; " for name in self._callers)
        await self.execute(f"{ended}{dropped}{CLEAN}")
        self._callers.clear()

    async def _discard(self) -> None:
        if self.is_in_transaction():
            await self.execute("rollback")
        await self.execute("discard all")
        self._own.clear()
        self._callers.clear()
        self._unsure = False

    def _maybe_gc_stmt(self, _: object) -> None:
        """Send no Close of its own for each statement (asyncpg would, a round trip later): `clean` drops them all."""
