"""The floors: what the driver alone takes for the same query, and what one durable append of the store takes."""

from __future__ import annotations

import secrets
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

import asyncpg
import psutil

from bench import answers
from bench.ground import PLAIN, Ground
from bench.load import Ask, Load, press
from bench.measure import FLOOR, Cell, Key
from bench.shapes import Shape
from bench.wire import BadAnswer
from core.assembly import SystemClock
from core.model import Entry, EntryKind
from core.ports import Unit
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore

POOL: Final = 16


async def fetching(ground: Ground, load: Load) -> tuple[Cell, ...]:
    """Fetch by asyncpg with its default codecs from a pool of 16; its CPU is the load generator's own."""
    database = psutil.Process(ground.server.process.pid)
    cells: list[Cell] = []
    async with asyncpg.create_pool(ground.owner, min_size=POOL, max_size=POOL, ssl=False) as pool:
        for shape in load.shapes:
            ask = asking(pool, shape)
            for callers in load.callers:
                window = await press(load, [ask] * callers, server=None, database=database, rows=shape.rows)
                cells.append(window.cell(Key(FLOOR, "", callers, shape.name), size=0))
    return tuple(cells)


def asking(pool: asyncpg.Pool, shape: Shape) -> Ask:
    """Make what one caller does for each number."""

    async def ask(number: int) -> None:
        found = await pool.fetch(answers.statement(PLAIN, number, shape.rows))
        if len(found) != shape.rows or found[0]["name"] != answers.name(number):
            raise BadAnswer(f"the floor answers {found[:3]!r} for {shape.name} from {answers.name(number)} on")

    return ask


async def appending(folder: Path, appends: int) -> float:
    """Commit Entries one after the other to a new store with the product's own durability; the median in ms."""
    with tempfile.TemporaryDirectory(prefix="append-", dir=folder) as place:
        seeds = [secrets.token_bytes(32) for _ in range(3)]
        keys = Keys(questions=seeds[0], results=seeds[1], signing=seeds[2])
        path, clock = Path(place) / "assent.db", SystemClock()
        async with SqliteStore.open(path, keys=keys, origin="bench.example/assent", clock=clock) as store:
            return median([await append(store) for _ in range(appends)]) * 1000


async def append(store: SqliteStore) -> float:
    """Append one Entry; return the seconds until it was durable."""
    began = time.perf_counter()
    await store.journal.commit(Unit(entries=(Entry(kind=EntryKind.VERIFY, body={"by": "bench", "findings": 0}),)))
    return time.perf_counter() - began
