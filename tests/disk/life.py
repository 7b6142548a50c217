"""A process that appends to a store and says, in the shim's own record, what was acknowledged.

python -m tests.disk.life STORE UNITS DESIGN
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from core.audit.entry import alert
from core.errors import AuditBusy, AuditUnavailable, StoreError
from core.model import Json
from core.ports import Payload, Role, Unit
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.doubles import ORIGIN, ManualClock

KEYS: Final = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
FILES: Final = 64  # that a process may have open
TOGETHER: Final = 4  # units on their way at once
DESIGNS: Final = ("FULL", "NORMAL", "OFF", "BROKEN", "FLOOD", "NO_FILES")
SOME: Final = 5  # units of one worker before syncs fail
PATIENCE: Final = 120.0  # seconds for the parent; a busy machine is slow


def acknowledged() -> Callable[[int], None]:
    """Return the shim's own word for what is acknowledged."""
    told = ctypes.CDLL(None).disk_acknowledged
    told.argtypes = (ctypes.c_uint64,)
    return told


async def append(store: SqliteStore, told: Callable[[int], None]) -> None:
    """Append one Call with its statement, and say that it is acknowledged."""
    call = entries.call_id()
    (kept,) = await store.payloads.keep(
        call, entries.NOBODY, "shop", [Payload(role=Role.STATEMENT, content=call.encode())]
    )
    said: Json = {"id": kept.id, "role": "statement", "ct_sha256": kept.ciphertext, "dek": kept.key}
    unit = Unit(entries=(entries.intent(call, payloads=[said]), entries.outcome(call)))
    committed = await store.journal.commit(unit)
    told(committed.sequences[-1])


async def live(path: Path, units: int, design: str) -> None:
    """Append so many units, or until the record cannot be written."""
    if design == "NO_FILES":
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    told = acknowledged()
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        if design in {"NORMAL", "OFF"}:
            await store.writer.alone(lambda log: log.execute(f"PRAGMA synchronous = {design}").fetchone())
        if design == "FLOOD":
            await flood(store, told, units)
        elif design == "NO_FILES":
            await exhausted(store, told)
        else:
            await asyncio.gather(*(worker(number, store, told, (units, design)) for number in range(TOGETHER)))


async def worker(me: int, store: SqliteStore, told: Callable[[int], None], asked: tuple[int, str]) -> None:
    """Append one unit after another; after one that the record cannot take, the others are tried on a sound disk."""
    units, design = asked
    for number in range(units // TOGETHER):
        if (me, number) == (0, SOME) and design == "BROKEN":
            say("sound")
            await broken(there=True)
        try:
            await append(store, told)
        except AuditUnavailable:
            if me == 0:
                say("unavailable")
            await broken(there=False)


async def broken(*, there: bool) -> None:
    """Wait until syncs fail, or fail no more."""
    async with asyncio.timeout(PATIENCE):
        while os.path.exists(os.environ["DISK_BREAK"]) is not there:  # noqa: PTH110, ASYNC110  # another process makes it
            await asyncio.sleep(0.01)


async def flood(store: SqliteStore, told: Callable[[int], None], units: int) -> None:
    """Append more at once than may wait; say how many were turned away."""

    async def one() -> int:
        try:
            committed = await store.journal.commit(Unit(entries=(alert("flood"),)))
        except AuditBusy:
            return 1
        told(committed.sequences[0])
        return 0

    turned = sum(await asyncio.gather(*(one() for _ in range(units))))
    say(f"busy {turned}")


async def exhausted(store: SqliteStore, told: Callable[[int], None]) -> None:
    """Append while no file can be opened, then again when one can."""
    held = []
    with contextlib.suppress(OSError):
        while True:
            held.append(os.open(os.devnull, os.O_RDONLY))
    try:
        await append(store, told)
    except StoreError as error:
        say(f"refused {error}")
    for one in held:
        os.close(one)
    await append(store, told)
    say("goes on")


def say(line: str) -> None:
    """Tell the parent at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
