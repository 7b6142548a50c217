"""How long a start takes that finds open Calls: the store's own part, every question to a Source answered at once."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final, final

from core.assembly import SystemClock
from core.errors import Away, SourceUnavailable
from core.execution import record
from core.execution.background.watch import Watch
from core.execution.recovery.finds import Recovery
from core.execution.recovery.sweep import AT_ONCE
from core.model import CallId, Dialect, Entry, EntryKind, Json, Permit, Sample, Slot, Source, Work
from core.ports import Connector, Fate, Impact, Journal, Outlay, Reviews, Statement, Table, Unit, Visit
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore
from core.telemetry.counted import Counted
from core.telemetry.meters import Meters
from core.telemetry.stages import Stages

CALLS: Final = 1_000
GOAL: Final = 2.0  # seconds
WORK: Final = Work(xid="1", system="s", timeline="1", backend="1", affected=1)


@final
class AtOnce:
    """A Source that knows what became of everything."""

    source = Source(name="shop", dialect=Dialect.POSTGRES, tags={}, enforced=True)
    role = ("reader", "writer", "")

    def job(self, permit: Permit) -> Work | None:
        """Name none."""
        del permit
        return None

    def visit(self, statement: Statement, *, name: str) -> AbstractAsyncContextManager[Visit]:
        """Never asked.

        Raises: SourceUnavailable.
        """
        raise SourceUnavailable(f"nothing is run here: {statement} {name}", Away.CLOSED)

    async def tables(self) -> tuple[Table, ...]:
        """None."""
        return ()

    async def fate(self, work: Work) -> Fate:
        """Say that it rolled back."""
        del work
        return Fate.ABORTED

    async def bill(self, work: Work) -> None:
        """None."""
        del work

    async def end(self, names: frozenset[str]) -> None:
        """Nothing is left."""
        del names

    async def impact(self, statement: Statement, outlay: Outlay | None = None) -> Impact:
        """Count nothing."""
        del statement, outlay
        return Impact()

    async def sample(self, statement: Statement) -> Sample | None:
        """Show nothing."""
        del statement
        return None


def call(number: int) -> CallId:
    """Name a Call."""
    return CallId(f"call_{number:026d}")


def left(number: int) -> Unit:
    """Word what a process that died leaves of a Call: an INTENT, of every second one its PREPARED too."""
    body: dict[str, Json] = {
        "session": "ses_bench",
        "caller": {"ps": "u", "iss": "https://id.example", "client": "bench", "kind": "machine"},
        "tool": "execute",
        "source": {"name": "shop", "dialect": "postgres"},
        "call_mac": "m",
        "reading": {"verbs": ["insert"]},
        "verdict": {"action": "allow", "policy": "p"},
        "payloads": [],
        "deadline": 0,
    }
    intent = Entry(kind=EntryKind.INTENT, scope=call(number), attempt=1, slot=Slot.INTENT, body=body)
    return Unit(entries=(intent, record.prepared(call(number), 1, WORK)) if number % 2 else (intent,))


async def recovering(calls: int = CALLS) -> float:
    """Leave open Calls behind, start again, and return the seconds until none of them is open."""
    keys = Keys(questions=secrets.token_bytes(32), results=secrets.token_bytes(32), signing=secrets.token_bytes(32))
    with tempfile.TemporaryDirectory(prefix="recovery-") as folder:
        path, clock = Path(folder) / "assent.db", SystemClock()
        async with SqliteStore.open(path, keys=keys, origin="bench.example/assent", clock=clock) as store:
            for number in range(calls):
                await store.journal.commit(left(number))
        async with SqliteStore.open(path, keys=keys, origin="bench.example/assent", clock=clock) as store:
            began = time.perf_counter()
            journal = Counted(store.journal, Stages(Meters()), store="sqlite", sources=frozenset({"shop"}))
            await closed(journal, store.reviews, store.boot)
            seconds = time.perf_counter() - began
            if await store.journal.open_calls():
                raise RuntimeError("calls are still open")
    return seconds


async def closed(journal: Journal, reviews: Reviews, boot: str | None) -> None:
    """Recover as a start does."""
    watch, clock = Watch(journal, SystemClock()), SystemClock()
    source: Mapping[str, Connector] = {"shop": AtOnce()}
    recovery = Recovery(connectors=source, journal=journal, reviews=reviews, watch=watch, clock=clock, boot=boot)
    found = await journal.open_calls()
    for start in range(0, len(found), AT_ONCE):
        await asyncio.gather(*(recovery.look(one) for one in found[start : start + AT_ONCE]))
    await recovery.end()


def told(seconds: float) -> str:
    """Say it beside the goal."""
    return f"{CALLS:,} open calls recovered in {seconds:.2f} s; goal {GOAL:.0f} s"
