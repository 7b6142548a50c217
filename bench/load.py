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

from bench.measure import Cell, Key, percentile
from bench.servers import Usage, alone, usage
from bench.shapes import SHAPES, Shape
from bench.speech import Protocol
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
    shapes: tuple[Shape, ...] = SHAPES
    protocols: tuple[Protocol, ...] = tuple(Protocol)
    beside: bool = False  # with the alternatives that are installed
    profile: Path | None = None
    sent: Counter[str] = field(default_factory=Counter)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one window saw: seconds that each call took which ended in it (at least one), and who used which CPU."""

    latencies: tuple[float, ...]
    seconds: float
    server: Usage
    client: Usage
    database: Usage

    def cell(self, key: Key, *, size: int) -> Cell:
        """Make the cell of this window."""
        calls = len(self.latencies)
        return Cell(
            contestant=key.contestant,
            protocol=key.protocol,
            callers=key.callers,
            shape=key.shape,
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


@final
@dataclass(slots=True)
class Heard:
    """What the callers of one cell have heard since it was last cleared, and whether they may stop."""

    latencies: list[float] = field(default_factory=list)  # seconds, in the order in which the calls ended
    any: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False


async def press(
    load: Load,
    asks: Sequence[Ask],
    *,
    server: psutil.Process | None,
    database: psutil.Process,
    rows: int = 1,
) -> Window:
    """Let every caller ask without pause, each from its own seeded numbers on, and watch the window after the warm-up.

    `rows`: how many each call asks for. Without a server what the callers do in this process is what is measured.

    Raises: BadAnswer for the first answer that was none, TimeoutError when a server stops answering.
    """
    try:
        return await _pressed(load, asks, server, database, load.rows - rows + 1)
    except ExceptionGroup as errors:
        first = errors.exceptions[0]
        raise BadAnswer(f"{type(first).__name__}: {first}") from errors


async def _pressed(
    load: Load, asks: Sequence[Ask], server: psutil.Process | None, database: psutil.Process, last: int
) -> Window:
    heard = Heard()
    client = psutil.Process()

    def look() -> tuple[Usage, Usage, Usage]:
        ours = alone(client)
        return ours if server is None else usage(server), ours, usage(database)

    async with asyncio.timeout(load.warm + load.window + PATIENCE), asyncio.TaskGroup() as group:
        for number, ask in enumerate(asks):
            group.create_task(asking(ask, random.Random(SEED + number), last, heard))
        await asyncio.sleep(load.warm)
        heard.latencies.clear()
        heard.any.clear()
        started, before = time.perf_counter(), look()
        await asyncio.sleep(load.window)
        await heard.any.wait()  # on a machine so busy that no call ended: the window lasts until one does
        latencies, stopped, after = tuple(heard.latencies), time.perf_counter(), look()
        heard.over = True
    used = [Usage(cpu=late.cpu - early.cpu, rss=late.rss) for early, late in zip(before, after, strict=True)]
    return Window(latencies=latencies, seconds=stopped - started, server=used[0], client=used[1], database=used[2])


async def asking(ask: Ask, chance: random.Random, last: int, heard: Heard) -> None:
    """Ask until the window is over; the call under way then is still awaited."""
    while not heard.over:
        asked = time.perf_counter()
        await ask(chance.randint(1, last))
        heard.latencies.append(time.perf_counter() - asked)
        heard.any.set()
