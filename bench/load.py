"""The one load generator: callers that ask without pause, a window cut out of their time, everything counted."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias, final

import psutil

from bench.measure import Cell, percentile
from bench.servers import Usage, alone, usage
from bench.wire import BadAnswer

SEED: Final = 20_261_123
PATIENCE: Final = 60.0  # seconds beyond the window until the last answer must be there

Ask: TypeAlias = Callable[[int], Awaitable[None]]  # of the item asked for; returns once its answer is verified


@final
@dataclass(slots=True)
class Load:
    """How a run presses, and how many calls each server has had by now."""

    warm: float  # seconds before the window
    window: float  # seconds
    rounds: int
    rows: int
    callers: tuple[int, ...] = (1, 16)
    appends: int = 200
    profile: Path | None = None
    sent: Counter[str] = field(default_factory=Counter)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one window saw: latencies in seconds of the calls that ended in it, and who used which CPU meanwhile."""

    latencies: tuple[float, ...]
    seconds: float
    server: Usage
    client: Usage
    database: Usage

    def cell(self, contestant: str, protocol: str, *, size: int) -> Callable[[int], Cell]:
        """Make the cell of this window, for a number of callers.

        Raises: ValueError when no call ended in it.
        """
        calls = len(self.latencies)

        def made(callers: int) -> Cell:
            return Cell(
                contestant=contestant,
                protocol=protocol,
                callers=callers,
                calls=calls,
                rate=calls / self.seconds,
                p50=percentile(self.latencies, 0.5) * 1000,
                p99=percentile(self.latencies, 0.99) * 1000,
                server_cpu=self.server.cpu / calls * 1000,
                client_cpu=self.client.cpu / calls * 1000,
                database_cpu=self.database.cpu / calls * 1000,
                rss=self.server.rss,
                size=size,
            )

        return made


async def press(load: Load, asks: Sequence[Ask], *, server: psutil.Process | None, database: psutil.Process) -> Window:
    """Let every caller ask without pause, each for its own seeded numbers, and watch the window after the warm-up.

    Without a server what the callers do in this process is what is measured.

    Raises: BadAnswer for the first answer that was none, TimeoutError when a server stops answering.
    """
    try:
        return await _pressed(load, asks, server, database)
    except ExceptionGroup as errors:
        first = errors.exceptions[0]
        raise BadAnswer(f"{type(first).__name__}: {first}") from errors


async def _pressed(load: Load, asks: Sequence[Ask], server: psutil.Process | None, database: psutil.Process) -> Window:
    begin = time.perf_counter() + load.warm
    end = begin + load.window
    ended: list[tuple[float, float]] = []
    client = psutil.Process()

    def look() -> tuple[Usage, Usage, Usage]:
        ours = alone(client)
        return ours if server is None else usage(server), ours, usage(database)

    async with asyncio.timeout(load.warm + load.window + PATIENCE), asyncio.TaskGroup() as group:
        for number, ask in enumerate(asks):
            group.create_task(asking(ask, random.Random(SEED + number), load.rows, end, ended))  # noqa: S311 - not secret
        await asyncio.sleep(begin - time.perf_counter())
        started, before = time.perf_counter(), look()
        await asyncio.sleep(end - time.perf_counter())
        stopped, after = time.perf_counter(), look()
    used = [Usage(cpu=late.cpu - early.cpu, rss=late.rss) for early, late in zip(before, after, strict=True)]
    latencies = tuple(done - asked for asked, done in ended if started <= done <= stopped)
    return Window(latencies=latencies, seconds=stopped - started, server=used[0], client=used[1], database=used[2])


async def asking(ask: Ask, chance: random.Random, rows: int, end: float, ended: list[tuple[float, float]]) -> None:
    """Ask until the window is over; the call under way then is still awaited."""
    while (asked := time.perf_counter()) < end:
        await ask(chance.randint(1, rows))
        ended.append((asked, time.perf_counter()))
