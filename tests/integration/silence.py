"""A TCP relay before a server that falls silent, hangs up, or says other things, when a word goes by."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias
from urllib.parse import urlsplit, urlunsplit

# What becomes of one message of the server's, by its number since the word went by.
Spoils: TypeAlias = "Callable[[int, bytes], list[bytes]]"


class Relay:
    """Forwards both ways; once `word` came from a client, nothing more of the server reaches that client.

    `cuts`: at the server's answer to it the client's connection is reset (RST); `spoils`: its messages pass through it.
    """

    def __init__(self, host: str, port: int) -> None:
        self.word = b""
        self.cuts = False
        self.silenced = 0
        self.spoils: Spoils | None = None
        self._target = (host, port)
        self._tasks: set[asyncio.Task[None]] = set()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(*self._target)
        deaf = asyncio.Event()
        for one in (self._up(reader, server_writer, deaf), self._down(server_reader, writer, deaf)):
            task = asyncio.ensure_future(one)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, deaf: asyncio.Event) -> None:
        try:
            while octets := await reader.read(65_536):
                if self.word and self.word in octets:
                    self.silenced += 1
                    deaf.set()
                writer.write(octets)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, deaf: asyncio.Event) -> None:
        try:
            while octets := await reader.read(65_536):
                if self.spoils is not None and deaf.is_set():
                    await self._spoil(octets, reader, writer, self.spoils)
                elif not deaf.is_set():
                    writer.write(octets)
                    await writer.drain()
                elif self.cuts:
                    writer.transport.abort()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _spoil(
        self, octets: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, spoils: Spoils
    ) -> None:
        """Take the server's words message by message, until it hangs up."""
        for number in itertools.count():
            while len(octets) < 5 or len(octets) < 1 + int.from_bytes(octets[1:5]):
                more = await reader.read(65_536)
                if not more:
                    return
                octets += more
            end = 1 + int.from_bytes(octets[1:5])
            for piece in spoils(number, octets[:end]):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            octets = octets[end:]

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def relayed(url: str) -> AsyncIterator[tuple[str, Relay]]:
    """Give a URL through a relay of its own."""
    parts = urlsplit(url)
    relay = Relay(parts.hostname or "127.0.0.1", parts.port or 5432)
    server = await asyncio.start_server(relay.meet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    login = parts.netloc.rpartition("@")[0]
    try:
        yield urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{port}")), relay
    finally:
        server.close()
        await relay.close()
        await server.wait_closed()
