"""A balancer as plain as any: it asks each gateway whether it is ready, and joins a connection to one that is."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2

from tests.waiting import until

PERIOD = 0.2  # seconds between its questions


@dataclass
class Balancer:
    """One address before several."""

    backends: list[int]  # ports
    ready: set[int] = field(default_factory=set)
    turn: itertools.count[int] = field(default_factory=itertools.count)

    async def watch(self) -> None:
        """Ask on, until cancelled."""
        async with httpx2.AsyncClient(timeout=3, trust_env=False) as http:
            while True:
                self.ready = {port for port in self.backends if await ready(http, port)}
                await asyncio.sleep(PERIOD)

    async def all_ready(self) -> None:
        """Wait until every gateway is."""

        async def looked() -> bool:
            return self.ready == set(self.backends)

        await until(looked, 60)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join one connection to the next gateway that is ready; to none where none is."""
        chosen = sorted(self.ready)
        if not chosen:
            writer.close()
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", chosen[next(self.turn) % len(chosen)])
        except OSError:
            writer.close()
            return
        await asyncio.wait({asyncio.create_task(pump(reader, back)), asyncio.create_task(pump(there, writer))})


async def ready(http: httpx2.AsyncClient, port: int) -> bool:
    try:
        return (await http.get(f"http://127.0.0.1:{port}/readyz")).is_success
    except httpx2.HTTPError:
        return False


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes until either side has gone."""
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def balancing(port: int, backends: list[int]) -> AsyncIterator[Balancer]:
    made = Balancer(backends)
    server = await asyncio.start_server(made.accept, "127.0.0.1", port)
    watching = asyncio.create_task(made.watch())
    try:
        yield made
    finally:
        watching.cancel()
        server.close()
        await asyncio.wait({watching})
