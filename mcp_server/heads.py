"""How much a request may say beside its body, and how long it may take: the parser holds whatever comes, whoever asks.

A connection is anybody's until a whole head has come; so one that says nothing, or ends nothing, is closed.
"""

from __future__ import annotations

import asyncio
from typing import Final, cast, final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_BYTES: Final = 65_536  # four times the largest token
PATIENCE: Final = 10.0  # seconds for a head, from when the connection or the last answer was there
SAYS: Final = "The head of the request is too large."


@final
class Bounded(HttpToolsProtocol):
    """Uvicorn's protocol that ends a connection whose head, trailer or chunk does not end (RFC 9110 5.4)."""

    _unread = 0  # bytes since the parser last got on
    _fields = 0  # bytes of the fields so far
    _heading = False
    _moved = False  # whether a piece of a body, or the end of a message, came with what was read last
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a head, for a while."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._waited()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, while what is not whole stays small."""
        if self.transport.is_closing():
            return
        self._moved = False
        super().data_received(data)
        self._unread = 0 if self._moved else self._unread + len(data)
        if self.transport.is_closing():
            return
        if self._unread > HEAD_BYTES:
            self._end()
        elif not self._working:  # another head is to come, or the rest of a body that nobody wants
            self._wait()

    def _end(self) -> None:
        """Say why, where no answer is under way."""
        if self._heading and not self._working:
            self.send_400_response(SAYS)
        else:
            self.transport.close()

    @property
    def _working(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _wait(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(PATIENCE, self.transport.close)

    def _waited(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def on_message_begin(self) -> None:
        """Count anew."""
        self._unread, self._fields, self._heading = 0, 0, True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a field; one of a trailer counts, and is no header (RFC 9110 6.5.1).

        Raises: ValueError, which the parser ends with, as with what it cannot read.
        """
        self._fields += len(name) + len(value)
        if self._fields > HEAD_BYTES:
            raise ValueError(SAYS)
        if self._heading:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Count no more: what follows is a body, which has bounds of its own."""
        self._heading = False
        self._waited()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Note that it gets on."""
        self._moved = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that it gets on."""
        self._moved = True
        super().on_message_complete()
