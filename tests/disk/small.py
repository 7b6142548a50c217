"""A process whose store is on a disk of its own, a tmpfs of some megabytes, which becomes full, read-only or locked.

python -m tests.disk.small FOLDER: in a mount namespace of its own (`unshare --user --map-root-user --mount`). Each line
that it prints is what it saw, as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from core.audit.verification.verify import Asked
from core.errors import AuditUnavailable, UnsafeStart
from core.model import CallId, Json
from core.ports import Payload, Role, Unit
from core.stores.encryption.vault import Keys
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.doubles import ORIGIN, ManualClock

KEYS: Final = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
SIZE: Final = 24 * 2**20  # bytes of the disk
REFUSALS: Final = 20
PATIENCE: Final = 20.0
BUSY: Final = 200  # ms that the writer waits for another
WORDS: Final = 200_000  # bytes of a result that nothing compresses


def mount(folder: Path, options: str) -> None:
    """Make the disk, or make it another."""
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", options, "assent", str(folder)], check=True)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[SqliteStore]:
    path = folder / "store" / "assent.db"
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        yield store


async def record(store: SqliteStore) -> CallId:
    """Record one Call with a result that takes room; return it once it is acknowledged."""
    call = entries.call_id()
    content = [Payload(role=Role.RESULT, content=os.urandom(WORDS))]
    (kept,) = await store.payloads.keep(call, entries.NOBODY, "shop", content)
    said: Json = {"id": kept.id, "role": "result", "ct_sha256": kept.ciphertext, "dek": kept.key}
    unit = Unit(entries=(entries.intent(call), entries.outcome(call, payloads=[said])))
    await store.journal.commit(unit)
    return call


async def refused(store: SqliteStore) -> float:
    """Record until it cannot be; return the longest time that a refusal took."""
    longest = 0.0
    for _ in range(REFUSALS):
        began = time.monotonic()
        with contextlib.suppress(AuditUnavailable):
            await record(store)
            raise AssertionError("recorded on a disk that takes nothing")
        longest = max(longest, time.monotonic() - began)
    return longest


async def again(store: SqliteStore) -> CallId:
    """Record as soon as it is possible again."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(AuditUnavailable):
                return await record(store)
            await asyncio.sleep(0.05)


async def full(folder: Path) -> None:
    """Somebody else's file takes all room, to the last byte, until the disk grows."""
    async with opened(folder) as store:
        told = [await record(store) for _ in range(5)]
        fill(folder / "filler")
        longest = await refused(store)
        say("refused", seconds=longest, degraded=await degraded(store))
        subprocess.run(["/bin/mount", "-o", f"remount,size={4 * SIZE}", str(folder)], check=True)
        began = time.monotonic()
        told.append(await again(store))
        say("resumed", seconds=time.monotonic() - began, degraded=await degraded(store))
    found(folder, told)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * size)


async def degraded(store: SqliteStore) -> list[str]:
    kinds = [str(one.body["kind"]) for one in await store.journal.tail(0, 10_000)]
    return [kind for kind in kinds if kind.startswith("audit.degraded")]


async def fixed(folder: Path) -> None:
    """The disk is read-only at a start, as the kernel makes one that failed."""
    async with opened(folder) as store:
        told = [await record(store) for _ in range(3)]
    subprocess.run(["/bin/mount", "-o", "remount,ro", str(folder)], check=True)
    try:
        async with opened(folder):
            raise AssertionError("opened on a disk that takes nothing")
    except (AuditUnavailable, UnsafeStart) as error:
        say("refused", why=str(error))
    subprocess.run(["/bin/mount", "-o", "remount,rw", str(folder)], check=True)
    async with opened(folder) as store:
        told.append(await record(store))
    found(folder, told)


async def locked(folder: Path) -> None:
    """Another program holds the database, and lets go."""
    async with opened(folder) as store:
        told = [await record(store)]
        await store.writer.alone(lambda log: log.execute(f"PRAGMA busy_timeout = {BUSY}").fetchone())
        other = sqlite3.connect(folder / "store" / "assent.db", isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        with contextlib.suppress(AuditUnavailable):
            await record(store)
            raise AssertionError("recorded beside another writer")
        say("refused")
        other.execute("ROLLBACK")
        other.close()
        told.append(await again(store))
    found(folder, told)


def found(folder: Path, told: Sequence[CallId]) -> None:
    """Verify what is there, and whether all that was acknowledged is."""
    path = folder / "store" / "assent.db"
    report = verify_store(path, Asked())
    with sqlite3.connect(path) as log:
        there = {row[0] for row in log.execute("SELECT scope FROM log_entry WHERE kind = 'call.outcome'")}
    lost = [one for one in told if one not in there]
    say("found", told=len(told), lost=len(lost), unrecorded=len(there - set(told)), findings=len(report.findings))


def say(what: str, **more: object) -> None:
    """Tell the parent at once."""
    sys.stdout.write(json.dumps({"what": what, **more}) + "\n")
    sys.stdout.flush()


TRIALS: Final = {"full": full, "fixed": fixed, "locked": locked}


def main(folder: Path, trial: str) -> None:
    """Make the disk and run one trial on it."""
    mount(folder, f"size={SIZE},mode=700")
    (folder / "store").mkdir(mode=0o700)
    asyncio.run(TRIALS[trial](folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
