"""How much a request may say before its body: the parser itself holds whatever comes, and asks nobody who it is."""

from __future__ import annotations

from typing import Final, final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 65_536  # four times the largest token
SAYS: Final = "The head of the request is too large."


@final
class Bounded(HttpToolsProtocol):
    """Uvicorn's protocol that ends a connection whose head, or trailer, does not end (RFC 9110 5.4)."""

    _unread = 0  # bytes of a head that is not whole yet
    _fields = 0  # bytes of the fields so far
    _heading = False

    def data_received(self, data: bytes) -> None:
        """Read on, while what is not whole stays small."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        self._unread += len(data)
        if self._heading and self._unread > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response(SAYS)

    def on_message_begin(self) -> None:
        """Count anew."""
        self._unread, self._fields, self._heading = 0, 0, True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a field.

        Raises: ValueError, which the parser ends with, as with what it cannot read.
        """
        self._fields += len(name) + len(value)
        if self._fields > HEAD_BYTES:
            raise ValueError(SAYS)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Count no more: what follows is a body, which has bounds of its own."""
        self._heading = False
        super().on_headers_complete()
