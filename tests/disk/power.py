"""Power cuts: a store is written once behind the shim, then the power goes at moment after moment of that record."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.transparency.note import public
from core.errors import GatewayError
from core.stores.sqlite.check import copied, verify_store
from core.stores.sqlite.store import SqliteStore
from tests.disk.image import Step, image, laid, steps
from tests.disk.life import KEYS
from tests.disk.shim import Disk
from tests.doubles import ORIGIN, ManualClock

KEY = public(ORIGIN, Ed25519PrivateKey.from_private_bytes(KEYS.signing))
BOUND = 300.0  # seconds for one process; a busy machine is slow


@dataclass(frozen=True)
class Written:
    """What a process did to its disk."""

    root: Path
    steps: tuple[Step, ...]
    first: int  # record after which something is acknowledged

    @property
    def acknowledged(self) -> int:
        """How many units were."""
        return sum(step.letter == "A" for step in self.steps)


def written(disk: Disk, units: int, design: str = "FULL") -> Written:
    """Let a process append so many units."""
    child = disk.start(str(units), design)
    child.communicate(timeout=BOUND)
    return recorded(disk)


def recorded(disk: Disk) -> Written:
    """Read what was recorded."""
    seen = tuple(steps(disk.log))
    return Written(disk.root, seen, next(at for at, step in enumerate(seen) if step.letter == "A"))


def cuts(of: Written, many: int, seed: int) -> list[str]:
    """Let the power go so often; return what is wrong, a sentence each."""
    dice = Random(seed)  # noqa: S311  # repeatable, no secret
    found = []
    for number in range(many):
        moment = dice.randrange(of.first + 1, len(of.steps) + 1)
        said = cut(of, moment, Random(f"{seed} {number}"))  # noqa: S311
        found += [f"cut {number} of seed {seed}, after record {moment}: {said}"] if said else []
    return found


def cut(of: Written, moment: int, dice: Random) -> str:
    """Let the power go once, start again, and say what is wrong."""
    files, last = image(of.steps, moment, dice)
    with tempfile.TemporaryDirectory(prefix="power") as folder:
        root = Path(folder) / "store"
        root.mkdir(mode=0o700)
        laid(files, of.root, root)
        try:
            return asyncio.run(_started(root / "assent.db", last))
        except (GatewayError, sqlite3.Error) as error:
            return f"it does not start: {error}"


async def _started(path: Path, last: int) -> str:
    with copied(path) as log:  # before a start adds its own
        held = [row.sequence for row in log.entries()]
    if held != list(range(len(held))):
        return "there is a gap"
    if last not in held:
        return f"{last} was acknowledged, {len(held)} are here"
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()):
        pass
    findings = verify_store(path, KEY).findings
    return f"verification finds {findings[0].rule}: {findings[0].detail}" if findings else ""
