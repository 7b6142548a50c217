"""Checkpoints as they leave the store, what witnesses signed of them, and where they arrived last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Final, LiteralString, final

from core.audit.export.checkpoints import Arrived, Newest
from core.audit.transparency import checkpoint, proofs
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import BadNote
from core.audit.transparency.tree import Read
from core.ports import Anchored, Sealed
from core.stores.log.signing import over_tiles
from core.stores.operational.standing import CONTRADICTED
from core.stores.steps import Reads, Writes, ask, through

LONGEST: Final = 300  # characters of what keeps a place

NEWEST: Final[LiteralString] = "SELECT size, ts_ms, note FROM log_checkpoint ORDER BY size DESC LIMIT 1"
LINES: Final[LiteralString] = "SELECT line FROM log_cosig WHERE size = $1 ORDER BY witness"
COSIGNED: Final[LiteralString] = (
    "INSERT INTO log_cosig (size, witness, line) VALUES ($1, $2, $3)"
    " ON CONFLICT (size, witness) DO UPDATE SET line = excluded.line"
)
ARRIVED: Final[LiteralString] = (
    "INSERT INTO log_place (name, size, at_ms, trouble) VALUES ($1, $2, $3, '')"
    " ON CONFLICT (name) DO UPDATE SET size = excluded.size, at_ms = excluded.at_ms, trouble = ''"
)
TROUBLED: Final[LiteralString] = (
    "INSERT INTO log_place (name, size, at_ms, trouble) VALUES ($1, 0, 0, $2)"
    " ON CONFLICT (name) DO UPDATE SET trouble = excluded.trouble"
    # That a place saw another story stands until it takes this one: it does not pass by the place's being away.
    f" WHERE log_place.trouble NOT LIKE '{CONTRADICTED}' OR excluded.trouble LIKE '{CONTRADICTED}'"
)
NAMES: Final[LiteralString] = f"SELECT name FROM log_place WHERE trouble LIKE '{CONTRADICTED}'"
CLEARED: Final[LiteralString] = "UPDATE log_place SET trouble = '' WHERE name = $1"


@final
class StoredCheckpoints:
    """The port Checkpoints."""

    def __init__(self, *, writer: Writes, readers: Reads) -> None:
        self._writer = writer
        self._readers = readers

    async def newest(self) -> Newest | None:
        """The last checkpoint with what witnesses signed of it."""
        row = await self._readers.row(NEWEST)
        if row is None:
            return None
        lines = await self._readers.rows(LINES, row[0])
        return Newest(size=row[0], at_ms=row[1], note=bytes(row[2]), lines=tuple(str(line) for (line,) in lines))

    async def path(self, old: int, new: int) -> tuple[bytes, ...]:
        """Prove that the tree of `new` begins with that of `old`.

        Raises: ValueError for a tree that is damaged.
        """
        return await through(self._readers, over_tiles(lambda read: proofs.consistency(read, old, new)))

    async def anchored(self, entries: Sequence[Sealed]) -> Anchored | None:
        """Prove Entries under the newest checkpoint; None: nothing is signed yet."""
        newest = await self.newest()
        if newest is None:
            return None
        try:
            tree = checkpoint.read(newest.note)
        except BadNote:
            return Anchored(size=0, root="", signed=0, astray=tuple(one.sequence for one in entries))
        signed = [one for one in entries if one.sequence < tree.size]

        def astray(read: Read) -> tuple[int, ...]:
            return tuple(one.sequence for one in signed if not leads(read, one, tree))

        lost = await through(self._readers, over_tiles(astray))
        return Anchored(size=tree.size, root=tree.root.hex(), signed=len(signed), astray=lost)

    async def cosigned(self, size: int, witness: str, line: str) -> None:
        """Keep a witness's line; a newer one of the same checkpoint takes its place."""
        await self._writer.perform(lambda: ask(COSIGNED, size, witness, line))

    async def arrived(self, name: str, size: int, at_ms: int) -> None:
        """Say that a place took a checkpoint."""
        await self._writer.perform(lambda: ask(ARRIVED, name, size, at_ms))

    async def troubled(self, name: str, trouble: str) -> None:
        """Say what keeps a place."""
        said = "".join(one if one.isprintable() else "?" for one in trouble[:LONGEST])
        await self._writer.perform(lambda: ask(TROUBLED, name, said))

    async def configured(self, names: Collection[str]) -> None:
        """Hear no more what a place saw that is none any more."""
        for (name,) in await self._readers.rows(NAMES):
            if name not in names:
                await self._writer.perform(partial(ask, CLEARED, name))

    async def places(self) -> tuple[Arrived, ...]:
        """Where checkpoints arrived last, and what keeps them."""
        found = await self._readers.rows("SELECT name, size, at_ms, trouble FROM log_place ORDER BY name")
        return tuple(Arrived(name=name, size=size, at_ms=at, trouble=trouble) for name, size, at, trouble in found)


def leads(read: Read, one: Sealed, tree: Checkpoint) -> bool:
    """Say whether an Entry's own hash leads to the root that was signed."""
    try:
        path = proofs.inclusion(read, one.sequence, tree.size)
        return proofs.inclusion_root(one.sequence, tree.size, bytes.fromhex(one.leaf), path) == tree.root
    except ValueError:
        return False
