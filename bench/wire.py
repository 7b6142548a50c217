"""A raw HTTP/1.1 client for loads: one kept connection, hand-written requests, bodies by length or in chunks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self, final

LIMIT: Final = 2**26  # of one line: an SSE event is one, and the reader's own default of 64 KiB would end it


class BadAnswer(RuntimeError):
    """A server said something that must not count as an answer."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One HTTP response; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def message(self) -> bytes:
        """The JSON-RPC message: the body itself, or the last event of an SSE stream.

        Raises: BadAnswer when a stream carries no event.
        """
        if not self.headers.get("content-type", "").startswith("text/event-stream"):
            return self.body
        return last_event(self.body)


def last_event(stream: bytes) -> bytes:
    """Take the data of the last event of an SSE stream (HTML standard, 9.2.6): `data:` lines joined, comments skipped.

    Raises: BadAnswer.
    """
    lines: list[bytes] = []
    found: bytes | None = None
    for line in (*stream.splitlines(), b""):
        if line.startswith(b"data:"):
            lines.append(line[5:].removeprefix(b" "))
        elif not line and lines:
            found, lines = b"\n".join(lines), []
    if not found:
        raise BadAnswer("an event stream without an event")
    return found


def request(path: str, host: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Write one POST."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode("latin-1") + body


async def read(reader: asyncio.StreamReader) -> Reply:
    """Read one response (RFC 9112, 6.3): in chunks, by its length, or without a body.

    Raises: BadAnswer, asyncio.IncompleteReadError when the server hangs up in the middle.
    """
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    status = int(first.split(" ", 2)[1])
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _chunks(reader)
    elif "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    elif status == 204:
        body = b""
    else:
        raise BadAnswer(f"a response {status} without a length")
    return Reply(status=status, headers=headers, body=body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        chunk = await reader.readexactly(size + 2)
        if size == 0:
            return b"".join(parts)
        parts.append(chunk[:-2])


@final
class Connection:
    """One kept connection to a server; `async with await Connection.open(...)`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, host: str, port: int) -> Self:
        """Connect.

        Raises: OSError.
        """
        return cls(*await asyncio.open_connection(host, port, limit=LIMIT))

    async def send(self, message: bytes) -> Reply:
        """Send one whole request and read its response."""
        self._writer.write(message)
        await self._writer.drain()
        return await read(self._reader)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._writer.close()
