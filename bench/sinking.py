"""Calls beside sinks that are dead: Entries appended alone and beside sinks that hang, refuse or catch up, in turns."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from core.assembly import SystemClock
from core.audit.export import ocsf
from core.model import CallId, Entry, EntryKind, Json, Slot
from core.ports import Unit
from core.sinks.http import Splunk
from core.sinks.lines import File
from core.sinks.pump import House, Pump, Transport
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore

ORIGIN: Final = "bench.example/assent"
CALLERS: Final = 16
BACKLOG: Final = 2_000  # Entries before anything is measured: what a sink that catches up has to do
NUMBER: Final = count(1)
BODY: Final[Mapping[str, Json]] = {
    "session": "ses_bench",
    "caller": {"ps": "u", "iss": "https://id.example", "client": "bench", "kind": "machine"},
    "tool": "query",
    "source": {"name": "shop", "dialect": "postgres"},
    "call_mac": "m",
    "reading": {"verbs": ["read"], "things": ["table public.orders"], "shape": "select id from public.orders"},
    "verdict": {"action": "allow", "policy": "p", "rules": ["readers"]},
    "payloads": [],
}


async def hung(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything and never answer."""
    while await reader.read(65_536):
        pass
    writer.close()


@asynccontextmanager
async def transports(folder: Path) -> AsyncIterator[dict[str, Callable[[], Transport]]]:
    """Give what is measured: a receiver that never answers, a port where nobody is, a file that catches up."""
    server = await asyncio.start_server(hung, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    numbers = count(1)
    try:
        yield {
            "beside one that hangs": lambda: Splunk(f"http://127.0.0.1:{port}", "token"),
            "beside one that is not there": lambda: Splunk("http://127.0.0.1:1", "token"),
            "beside one that catches up": lambda: File(folder / f"out{next(numbers)}.jsonl"),
        }
    finally:
        server.close()


async def spent(store: SqliteStore, seconds: float) -> list[float]:
    """Append an INTENT and an OUTCOME, as a read does, from several callers; return the seconds of each."""
    end, found = time.perf_counter() + seconds, list[float]()

    async def caller() -> None:
        while time.perf_counter() < end:
            began = time.perf_counter()
            await call(store)
            found.append(time.perf_counter() - began)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return found


async def backlog(store: SqliteStore, clock: SystemClock, folder: Path) -> tuple[float, float]:
    """Append Entries one after another, then deliver all there are to a file; return Entries a second of each."""
    began = time.perf_counter()
    for _ in range(BACKLOG // 2):
        await call(store)
    came = BACKLOG / (time.perf_counter() - began)
    pump = Pump("backlog", house(store, clock), File(folder / "backlog.jsonl"), ocsf.line)
    began, sent = time.perf_counter(), 0
    while taken := await pump.step():
        sent += taken
    return came, sent / (time.perf_counter() - began)


async def call(store: SqliteStore) -> None:
    """Make one Call's two Entries durable, one after the other."""
    name = CallId(f"call_{next(NUMBER):026d}")
    intent = Entry(kind=EntryKind.INTENT, scope=name, attempt=1, slot=Slot.INTENT, body=BODY)
    ended = Entry(kind=EntryKind.OUTCOME, scope=name, attempt=1, slot=Slot.OUTCOME, body={"outcome": "delivered"})
    await store.journal.commit(Unit(entries=(intent,)))
    await store.journal.commit(Unit(entries=(ended,)))


async def sinking(window: float, rounds: int) -> tuple[dict[str, list[tuple[float, float]]], tuple[float, float]]:
    """Measure each in turns with nothing beside it; return p50 and p99 in milliseconds of each round, and `backlog`."""
    keys = Keys(questions=secrets.token_bytes(32), results=secrets.token_bytes(32), signing=secrets.token_bytes(32))
    seen: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory(prefix="sinking-") as place:
        folder, clock = Path(place), SystemClock()
        async with (
            SqliteStore.open(folder / "assent.db", keys=keys, origin=ORIGIN, clock=clock) as store,
            transports(folder) as kinds,
        ):
            rates = await backlog(store, clock, folder)
            for turn in range(rounds):
                seen.setdefault("alone", []).append(figures(await spent(store, window)))
                for name, transport in kinds.items():
                    pump = Pump(f"{name} {turn}", house(store, clock), transport(), ocsf.line)
                    task = asyncio.create_task(pump.serve())
                    seen.setdefault(name, []).append(figures(await spent(store, window)))
                    task.cancel()
                    await asyncio.wait([task])
    return seen, rates


def house(store: SqliteStore, clock: SystemClock) -> House:
    """Give a pump what it needs of the store."""
    return House(
        origin=ORIGIN,
        version="0",
        tail=store.journal,
        journal=store.journal,
        cursors=store.cursors,
        payloads=store.payloads,
        clock=clock,
    )


def figures(spent_: list[float]) -> tuple[float, float]:
    """Return p50 and p99 in milliseconds."""
    cuts = quantiles(spent_, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


def told(seen: Mapping[str, list[tuple[float, float]]], rates: tuple[float, float]) -> str:
    """Say each beside what nothing was beside, round by round, and how fast a backlog goes out."""
    came, went = rates
    lines = [f"a backlog goes out at {went:,.0f} Entries/s, {went / came:.1f} times as fast as it came one by one"]
    for name, rounds in seen.items():
        half, most = (median(one[at] for one in rounds) for at in (0, 1))
        ratio = median(one[0] / alone[0] for one, alone in zip(rounds, seen["alone"], strict=True))
        lines.append(f"{name:30} p50 {half:6.2f} ms   p99 {most:6.2f} ms   {ratio:.2f} times alone at p50")
    return "\n".join(lines)


async def shown(window: float, rounds: int) -> str:
    """Measure, and word it."""
    return told(*await sinking(window, rounds))
