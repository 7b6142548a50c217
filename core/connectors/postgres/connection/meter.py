"""Between the socket and the driver: whose the server's words are, how many there may be, and when to hang up."""

from __future__ import annotations

import asyncio
from typing import Final, final

import asyncpg

from core.connectors.postgres.connection.wire import (
    HEAD,
    HEADER,
    IDLE,
    READY,
    SIZE,
    UNASKED,
    Deviation,
    Exchange,
    ready,
)

HELD: Final = 32 << 20  # octets that one answer may bring: each row is held whole, and a cell may have 1 GB
WITHOUT: Final = 1 << 62  # octets: no bound, for our own questions about the catalogs


@final
class Meter(asyncio.Protocol):
    """Cuts what comes into messages, and gives each to whoever asked: an exchange of ours, or the driver.

    One account for both of what the server is owed and of the transaction it says it is in. Whatever answers nobody
    ends the connection, and so does an answer larger than what is allowed.
    """

    def __init__(self, inner: asyncio.Protocol, transport: asyncio.Transport) -> None:
        """Take the driver's own place at its transport, where it waits for nothing."""
        self._inner: Final = inner
        self._transport: Final = transport
        self._asked: tuple[Exchange, asyncio.Future[None]] | None = None
        self._held = bytearray()  # of a message that is not whole yet
        self._needed = HEAD
        self._driving = False  # the driver asked last: messages are its own
        self.left = WITHOUT
        self.status = IDLE
        self.ours = False  # the open transaction was begun by an exchange
        self.owed = False  # the driver's answer is to come
        self.ended = False
        transport.set_protocol(self)

    @property
    def overrun(self) -> bool:
        """Whether an answer was larger than what was allowed."""
        return self.left < 0

    @property
    def asking(self) -> bool:
        """Whether an exchange of ours is not answered yet."""
        return self._asked is not None

    def drive(self) -> None:
        """Let the driver ask."""
        self._driving = self.owed = True

    def ask(self, exchange: Exchange) -> asyncio.Future[None]:
        """Send questions; the future is done when each is answered, and cancelling it leaves the answers to come."""
        answered = asyncio.get_running_loop().create_future()
        self._asked = (exchange, answered)
        self._driving = False
        self._transport.write(exchange.octets)
        return answered

    def data_received(self, data: bytes) -> None:
        """Give on what still fits; what nobody asked for ends the connection."""
        if self.ended:
            return
        self.left -= len(data)
        if self.overrun:
            self.end(asyncpg.ConnectionDoesNotExistError("more than what is held at once"))
            return
        try:
            self._received(data)
        except Deviation as deviation:
            self.end(deviation)

    def end(self, reason: Exception) -> None:
        """Hang up: nothing that still comes is listened to."""
        self.ended = True
        self._lost(reason)
        self._transport.abort()

    def _received(self, data: bytes) -> None:
        if self._held:
            self._held += data
            if len(self._held) < self._needed:
                return
            data = bytes(self._held)
            self._held.clear()
        at = 0 if self._asked is None else self._answered(*self._asked, data)
        if self._asked is None:
            at = self._driver(data, at)
        if at < len(data):
            self._held += data[at:]
            self._needed = 1 + HEADER.unpack_from(data, at)[1] if len(data) - at >= HEAD else HEAD

    def _answered(self, exchange: Exchange, answered: asyncio.Future[None], data: bytes) -> int:
        at = exchange.feed(data)
        if exchange.over:
            self._asked = None
            self.ours = exchange.status != IDLE and (self.ours or self.status == IDLE)
            self.status = exchange.status
            if not answered.done():
                answered.set_result(None)
        return at

    def _driver(self, data: bytes, start: int) -> int:
        """Pass whole messages on; while the driver waits for nothing there are few that may come.

        Raises: Deviation.
        """
        at, size = start, len(data)
        while size - at >= HEAD:
            letter, length = HEADER.unpack_from(data, at)
            end = at + 1 + length
            if length < SIZE.size or (letter not in UNASKED and not self._driving):
                raise Deviation("a message that nobody asked for")
            if end > size:
                break
            if letter == READY:
                self.status, self.owed = ready(data[at + HEAD : end]), False
                self.ours = self.ours and self.status != IDLE
            at = end
        if at > start:
            self._inner.data_received(data[start:at])
        return at

    def _lost(self, reason: Exception) -> None:
        if self._asked is not None:
            _, answered = self._asked
            self._asked = None
            if not answered.done():
                answered.set_exception(reason)

    def eof_received(self) -> bool | None:
        """Pass on."""
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on; what was asked stays without an answer."""
        self.ended = True
        if self._asked is not None:
            self._lost(self._asked[0].lost())
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass on."""
        self._inner.resume_writing()
