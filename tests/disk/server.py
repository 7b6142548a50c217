"""A PostgreSQL store whose server is on a disk of its own, a tmpfs, that somebody else's file fills, and frees again.

python -m tests.disk.server FOLDER: as root, in a mount namespace of its own (`unshare --mount`), where the disk
stands in place of /mnt. Each line that it prints is what it saw, as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Final

from core.audit.entry import alert
from core.errors import AuditUnavailable
from core.ports import Committed, Unit
from core.stores.postgres.rights import Part
from core.stores.postgres.store import PostgresStore
from demo.postgres import Postgres
from tests.disk.small import fill, say
from tests.pgstore import Ground, make, opened
from tests.waiting import until

DISK: Final = Path("/mnt")  # where a server's directory is made: no tree of ours lies there, and its name is short
SIZE: Final = 512  # MiB of the disk: a server's files, its write-ahead log, a copy of its programs
PATIENCE: Final = 60.0


async def reached(store: PostgresStore) -> bool:
    """Whether it may be said to be ready."""
    with contextlib.suppress(AuditUnavailable):
        await store.reach()
        return True
    return False


async def becomes(store: PostgresStore, *, ready: bool) -> None:
    """Look until it says so."""

    async def says() -> bool:
        return await reached(store) is ready

    await until(says, seconds=PATIENCE)


async def recorded(store: PostgresStore) -> Committed | None:
    """Record something that takes room."""
    with contextlib.suppress(AuditUnavailable):
        return await store.journal.commit(Unit(entries=tuple(alert("x" * 1000) for _ in range(8))))
    return None


async def full(server: Postgres, folder: Path) -> None:
    """Nothing is recorded while the disk fills: the store is out of reach all the same, and back by itself."""
    place = Ground(server, await make(server), folder)
    async with opened(place, Part.GATEWAY) as store:
        told = [await recorded(store) for _ in range(5)]
        say("roomy", ready=await reached(store))
        before = len(await store.journal.tail(0, 10_000))
        fill(DISK / "filler")
        await becomes(store, ready=False)
        say("full", ready=await reached(store), recorded=len(await store.journal.tail(0, 10_000)) - before)
        refused = 0
        while await recorded(store) is not None:  # until pages that were there are used
            refused += 1
        (DISK / "filler").unlink()
        await becomes(store, ready=True)
        told.append(await recorded(store))
        held = {one.sequence: one.leaf for one in await store.journal.tail(0, 10_000)}
        lost = [one for one in told if one is None or held.get(one.sequences[0]) != one.leaves[0]]
        say("found", told=len(told), lost=len(lost), taken=refused, gapless=sorted(held) == list(range(len(held))))


def main(folder: Path) -> None:
    """Make the disk and run on it."""
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=1777", "assent", str(DISK)], check=True)
    with Postgres.start(18, settings=("fsync=on", "wal_recycle=off"), under=str(DISK)) as server:
        asyncio.run(full(server, folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
