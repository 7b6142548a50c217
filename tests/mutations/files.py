"""Kinds of alterations of a real store's files, as whoever holds the disk makes them: byte by byte, without SQLite."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from core.audit.body import objects, parse
from core.audit.transparency.note import VerifierKey
from core.audit.transparency.trust import only
from core.audit.verification.verify import Asked
from core.stores.sqlite.check import copied, verify_store
from core.stores.sqlite.files import Place
from core.stores.sqlite.store import SqliteStore
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_sqlite_verify import KEYS, story
from tests.mutations.texts import bit
from tests.mutations.world import Said, World

BODY: Final = re.compile(rb'\{"[a-z_]+":')  # where an Entry begins
SHORTEST: Final = 100  # bytes that every body has
PAGE: Final = 8192  # bytes, as the store makes them


@dataclass(frozen=True)
class Files:
    """A store that was closed in order, and what a reader sees in it."""

    path: Path
    key: VerifierKey
    seen: tuple[object, ...]

    @property
    def evidence(self) -> tuple[Path, ...]:
        """The log's database and its payloads'."""
        return self.path, *Place(self.path).months()

    def judged(self) -> Said:
        """Verify what stands there; what reads as before needs no finding."""
        if verify_store(self.path, Asked(trust=only(self.key))).findings:
            return Said.FOUND
        return Said.SAME if _seen(self.path) == self.seen else Said.MISSED


def store(folder: Path) -> Files:
    """Make a store with a few hundred Entries."""
    path = folder / "assent.db"
    key = asyncio.run(_story(path))
    return Files(path, key, _seen(path))


async def _story(path: Path) -> VerifierKey:
    clock = ManualClock()
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock) as opened:
        await story(clock, opened, calls=20)
        return opened.verifier


def _seen(path: Path) -> tuple[object, ...]:
    with copied(path) as log:
        rows = tuple(log.entries())
        named = [str(one["id"]) for row in rows for one in objects(parse(row.body), "payloads")]
        notes = tuple(log.checkpoints())
        return rows, notes, log.origin, log.integrated, dict(log.payloads(named))


def overwritten(dice: Random, world: World) -> Said:
    """A bit, or a run of bytes, of a file is overwritten."""
    return _spoilt(dice, world, _run)


def pages(dice: Random, world: World) -> Said:
    """A page of a file is another's, an older one, or nothing; or the file ends early."""
    return _spoilt(dice, world, _page)


def _spoilt(dice: Random, world: World, spoil: Callable[[Random, bytes], bytes]) -> Said:
    assert world.files is not None
    path = dice.choice(world.files.evidence)
    whole = path.read_bytes()
    path.write_bytes(spoil(dice, whole))
    try:
        return world.files.judged()
    finally:
        path.write_bytes(whole)


def _run(dice: Random, raw: bytes) -> bytes:
    bodies = [at.start() for at in BODY.finditer(raw)]
    if bodies and dice.random() < 1 / 2:
        at = dice.choice(bodies)
        return raw[:at] + bit(dice, raw[at : at + SHORTEST]) + raw[at + SHORTEST :]
    if dice.random() < 1 / 2:
        return bit(dice, raw)
    at, many = dice.randrange(len(raw)), dice.choice((1, 2, 4, 32))
    return (raw[:at] + dice.randbytes(many) + raw[at + many :])[: len(raw)]


def _page(dice: Random, raw: bytes) -> bytes:
    one, other = (dice.randrange(len(raw) // PAGE) * PAGE for _ in range(2))
    match dice.randrange(4):
        case 0:
            return raw[:one] + raw[other : other + PAGE] + raw[one + PAGE :]
        case 1:
            return raw[:one] + bytes(PAGE) + raw[one + PAGE :]
        case 2:
            return raw[: one + dice.randrange(PAGE)]
        case _:
            held = bytearray(raw)
            held[one : one + PAGE], held[other : other + PAGE] = raw[other : other + PAGE], raw[one : one + PAGE]
            return bytes(held)


KINDS = (overwritten, pages)
