"""Growing the tree from stored bodies and signing checkpoints of it, never backwards; runs in the writing thread."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit import checkpoint, note
from core.audit.checkpoint import Checkpoint
from core.audit.note import BadNote, VerifierKey
from core.audit.tree import Edge, Read, edge, edge_root, grow, leaf, span
from core.errors import AuditUnavailable, UnsafeStart
from core.ports import Clock
from core.stores import rows
from core.stores.sqlite import files

SLICE: Final = 1000  # Entries in one transaction: about 4 ms
EVERY: Final = 1.0  # seconds between checkpoints while there is news
MANY: Final = 5000  # Entries after which a checkpoint does not wait
LEVEL: Final = 48  # id of a tile = level << 48 | index


def tiles(connection: sqlite3.Connection) -> Read:
    """Return a reader of the stored tiles."""

    def read(level: int, index: int) -> bytes:
        row = connection.execute("SELECT d FROM log_tile WHERE id = ?", (level << LEVEL | index,)).fetchone()
        return b"" if row is None else bytes(row[0])

    return read


@final
class Signer:
    """The one signer of a log: its key, the tree's edge, and what it signed last, kept outside the database."""

    def __init__(self, *, origin: str, seed: bytes, state: Path, clock: Clock) -> None:
        self._origin = origin
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._state = state
        self._clock = clock
        self._edge = Edge()
        self._signed: Checkpoint | None = None
        self._at = 0.0

    @property
    def public(self) -> VerifierKey:
        """What verifies the log's checkpoints."""
        return note.public(self._origin, self._key)

    def start(self, connection: sqlite3.Connection, *, adopt: bool = False) -> None:
        """Compare the log with what was signed last.

        `adopt` is the operator's word that a log without its state file is the right one.
        Raises: UnsafeStart when the log lost its tail or its past changed, or the state file is gone.
        """
        (size,) = connection.execute("SELECT integrated FROM log_coord").fetchone()
        (held,) = connection.execute("SELECT count(*) FROM log_checkpoint").fetchone()
        self._signed = self._last()
        if self._signed is None and held and not adopt:
            raise UnsafeStart(
                f"{self._state} is missing: it holds the last signed state of this log; put it back beside the store"
            )
        if self._signed is not None:
            self._compare(connection, size)
        try:
            self._edge = edge(size, tiles(connection))
        except ValueError as error:
            raise UnsafeStart(f"the log's tree is damaged: {error}; run assent audit verify") from error

    def _last(self) -> Checkpoint | None:
        if not self._state.exists():
            return None
        try:
            return checkpoint.trusted(self._state.read_bytes(), self.public)
        except BadNote as error:
            raise UnsafeStart(f"{self._state} was not signed by this key for this log: {error}") from error

    def _compare(self, connection: sqlite3.Connection, size: int) -> None:
        """Check that the log still begins with what was signed.

        Raises: UnsafeStart.
        """
        signed = self._signed
        if signed is None:
            return
        if size < signed.size:
            raise UnsafeStart(
                f"the log regressed: {signed.size} Entries were signed, {size} are here (a restored backup?);"
                " a restored log goes on only under a new origin"
            )
        try:
            root = span(tiles(connection), 0, signed.size)
        except ValueError as error:
            raise UnsafeStart(f"the log's tree is damaged: {error}; run assent audit verify") from error
        if root != signed.root:
            raise UnsafeStart("the log's past differs from what was signed; run assent audit verify")

    def tick(self, connection: sqlite3.Connection) -> float | None:
        """Integrate a slice and sign when it is time; say in how many seconds there is more to do."""
        (next_,) = connection.execute("SELECT next FROM log_coord").fetchone()
        unsigned = next_ - (self._signed.size if self._signed else 0)
        if not unsigned:
            return None
        wait = EVERY - (time.monotonic() - self._at)
        if wait > 0 and next_ - self._edge.size < SLICE and unsigned < MANY:
            return wait
        if next_ > self._edge.size:
            transact(connection, self.integrate)
        if self._edge.size < next_ and wait > 0:
            return 0.0
        transact(connection, self.sign)
        return 0.0 if self._edge.size < next_ else None

    def integrate(self, connection: sqlite3.Connection) -> None:
        """Hash the next stored bodies, as they stand in the database, into the tiles."""
        (size,) = connection.execute("SELECT integrated FROM log_coord").fetchone()
        if size != self._edge.size:  # a transaction that did not end well: what is stored counts
            self._edge = edge(size, tiles(connection))
        bodies = connection.execute(
            "SELECT seq, body FROM log_entry WHERE seq >= ? ORDER BY seq LIMIT ?", (size, SLICE)
        ).fetchall()
        if [seq for seq, _ in bodies] != list(range(size, size + len(bodies))):
            raise AuditUnavailable(f"the log has a gap after {size}")
        grown, changed = grow(self._edge, (leaf(body) for _, body in bodies))
        connection.executemany(
            "INSERT OR REPLACE INTO log_tile (id, d) VALUES (?, ?)",
            [(level << LEVEL | index, held) for (level, index), held in changed.items()],
        )
        connection.execute("UPDATE log_coord SET integrated = ?", (grown.size,))
        self._edge = grown

    def advance(self, connection: sqlite3.Connection) -> bool:
        """Integrate a slice; say whether there is more."""
        self.integrate(connection)
        (next_,) = connection.execute("SELECT next FROM log_coord").fetchone()
        return bool(self._edge.size < next_)

    def sign(self, connection: sqlite3.Connection) -> None:
        """Sign the integrated tree: consistency first, then the state outside the database, then the checkpoint.

        Raises: AuditUnavailable when the log would go backwards; the writer stops on it.
        """
        (size,) = connection.execute("SELECT integrated FROM log_coord").fetchone()
        now = Checkpoint(origin=self._origin, size=size, root=edge_root(edge(size, tiles(connection))))
        if self._signed is not None:
            if now == self._signed:
                return
            if size < self._signed.size or span(tiles(connection), 0, self._signed.size) != self._signed.root:
                raise AuditUnavailable(f"log_regressed: {self._signed.size} Entries were signed, {size} are here")
        signed = checkpoint.signed(now, self._key)
        files.replace(self._state, signed)
        self._signed = now
        self._at = time.monotonic()
        connection.execute(
            "INSERT OR REPLACE INTO log_checkpoint (size, root, ts_ms, note) VALUES (?, ?, ?, ?)",
            (size, now.root, rows.micros(self._clock.now()) // 1000, signed),
        )


def transact(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], None]) -> None:
    """Run work in a transaction of its own; the writer undoes one that raised."""
    connection.execute("BEGIN IMMEDIATE")
    work(connection)
    connection.execute("COMMIT")
