"""Sinks that take lines: a file of our own, and a syslog over TLS or loopback in RFC 6587's octet counting."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Final, final

from core.audit.export.lines import framed
from core.sinks.pump import Parcel, SinkAway

SECONDS: Final = 30.0
PRIVATE: Final = 0o600
UNSURE: Final = 2_000  # messages written that a receiver may have lost: TCP acknowledges bytes, no application does


@final
class File:
    """Lines appended and on disk before they count; a line torn by a crash is ended, and its Entry sent again."""

    unsure = 0

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[int]:
        """Append. The file is opened each time, so that it may be moved away meanwhile."""
        content = b"".join(parcel.content + b"\n" for parcel in parcels)
        try:
            await asyncio.to_thread(self._append, content)
        except OSError as error:
            raise SinkAway(f"{self._path} cannot be written: {error.strerror}") from error
        return ()

    def _append(self, content: bytes) -> None:
        descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE)
        try:
            size = os.fstat(descriptor).st_size
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            _write(descriptor, (b"\n" if torn else b"") + content)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    async def close(self) -> None:
        """Nothing is open."""


def _write(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


@final
class Syslog:
    """One connection, kept; after it breaks, what its receiver may have lost is sent again."""

    unsure = UNSURE

    def __init__(self, host: str, port: int, *, tls: ssl.SSLContext | None) -> None:
        self._place = (host, port)
        self._tls = tls
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[int]:
        """Write all and wait until the kernel has them."""
        try:
            async with asyncio.timeout(SECONDS):
                reader, writer = self._streams or await self._open()
                if reader.at_eof():
                    raise ConnectionResetError
                writer.write(b"".join(framed(parcel.content) for parcel in parcels))
                await writer.drain()
        except (OSError, TimeoutError, ssl.SSLError, asyncio.IncompleteReadError) as error:
            await self.close()
            raise SinkAway(f"the connection broke ({type(error).__name__})") from error
        return ()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self._place
        name = host if self._tls else None
        self._streams = await asyncio.open_connection(host, port, ssl=self._tls, server_hostname=name)
        self._streams[1].transport.set_write_buffer_limits(high=0)
        return self._streams

    async def close(self) -> None:
        """End the connection."""
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].close()
            try:
                async with asyncio.timeout(1):
                    await streams[1].wait_closed()
            except (OSError, TimeoutError, ssl.SSLError):
                streams[1].transport.abort()
