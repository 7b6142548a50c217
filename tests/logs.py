"""A log in memory, grown from Entries by the product's own tree, for everything that reads one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.body import conform, parse
from core.audit.entry import seal
from core.audit.transparency import checkpoint
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.tree import Edge, edge_root, grow, leaf
from core.audit.verification.log import Stored, StoredCheckpoint
from core.audit.verification.verify import Asked, Report, verify
from core.model import Entry
from tests.doubles import ORIGIN

START = 1_790_000_000_000
KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
Units = Iterable[tuple[Entry, ...]]


@dataclass
class MemoryLog:
    """The port Log; every list may be changed by a test before it is read."""

    rows: list[Stored] = field(default_factory=list)
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)
    notes: list[StoredCheckpoint] = field(default_factory=list)
    held: dict[str, bytes] = field(default_factory=dict)
    origin: str = ORIGIN
    integrated: int = 0
    edge: Edge = field(default_factory=Edge)

    def append(self, units: Units) -> MemoryLog:
        """Seal Entries and grow the tree over them."""
        added = [
            seal(entry, ts_ms=START + len(self.rows), log=self.origin, boot="b", unit=f"u{len(self.rows)}.{number}")
            for number, unit in enumerate(units)
            for entry in unit
        ]
        for body in added:
            said = parse(body)
            columns = (said["ts"], said["kind"], conform(said), said.get("attempt"), said.get("slot"))
            self.rows.append(Stored._make((len(self.rows), *columns, body)))
        self.edge, changed = grow(self.edge, map(leaf, added))
        self.tiles |= changed
        self.integrated = self.edge.size
        return self

    def sign(self, *keys: Ed25519PrivateKey) -> bytes:
        """Sign what is there."""
        made = Checkpoint(origin=self.origin, size=self.edge.size, root=edge_root(self.edge))
        raw = checkpoint.signed(made, *(keys or (KEY,)))
        self.notes.append(StoredCheckpoint(size=made.size, root=made.root, note=raw))
        return raw

    def entries(self, start: int = 0) -> Iterator[Stored]:
        return iter(self.rows[start:])

    def tile(self, level: int, index: int) -> bytes:
        return self.tiles.get((level, index), b"")

    def checkpoints(self) -> Iterable[StoredCheckpoint]:
        return tuple(self.notes)

    def payloads(self, names: Sequence[str]) -> Mapping[str, bytes]:
        return {name: self.held[name] for name in names if name in self.held}


def report(log: MemoryLog, asked: Asked) -> Report:
    return verify(log, asked)


def rules(log: MemoryLog, asked: Asked) -> set[str]:
    return {finding.rule for finding in verify(log, asked).findings}
