"""Verification of a store from a copy of its files: needs nothing running, writes nothing beside the store."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, final

from core.audit.note import VerifierKey
from core.audit.verify import Finding, Report, Stored, StoredCheckpoint, verify
from core.errors import UnsafeStart
from core.stores.payloads import ID
from core.stores.signing import LEVEL
from core.stores.sqlite.files import Place

TRIES: Final = 20


@final
class CopiedLog:
    """A log in files of our own, where nobody writes."""

    def __init__(self, place: Place, log: sqlite3.Connection) -> None:
        self._place = place
        self._log = log
        self._months: dict[str, sqlite3.Connection] = {}
        self.origin, self.integrated = log.execute("SELECT origin, integrated FROM log_coord").fetchone()

    def entries(self) -> Iterator[Stored]:
        """All Entries by sequence number."""
        found = self._log.execute("SELECT seq, ts_ms, kind, scope, attempt, slot, body FROM log_entry ORDER BY seq")
        for sequence, ts_ms, kind, scope, attempt, slot, body in found:
            yield Stored(
                sequence=sequence,
                ts_ms=ts_ms,
                kind=kind,
                scope=scope,
                attempt=attempt,
                slot=slot,
                body=body if isinstance(body, bytes) else str(body).encode("utf-8", "replace"),
            )

    def tile(self, level: int, index: int) -> bytes:
        """A stored tile, empty when there is none."""
        row = self._log.execute("SELECT d FROM log_tile WHERE id = ?", (level << LEVEL | index,)).fetchone()
        return b"" if row is None else bytes(row[0])

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        """All checkpoints by size."""
        for size, root, note in self._log.execute("SELECT size, root, note FROM log_checkpoint ORDER BY size"):
            yield StoredCheckpoint(size=size, root=bytes(root), note=bytes(note))

    def payload(self, name: str) -> bytes | None:
        """A payload's stored bytes: nonce and ciphertext."""
        found = ID.fullmatch(name)
        path = self._place.payloads(found[1]) if found else None
        if found is None or path is None or not path.exists():
            return None
        month = self._months.get(found[1])
        if month is None:
            month = self._months[found[1]] = sqlite3.connect(path)
        row = month.execute("SELECT nonce, ct FROM payload WHERE id = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0]) + bytes(row[1])

    def close(self) -> None:
        """Close the copies."""
        for month in self._months.values():
            month.close()


@contextmanager
def copied(path: Path) -> Iterator[CopiedLog]:
    """Copy a store's database, payloads and their write-ahead logs, and open the copy.

    Not for the process that has the store open: closing a descriptor would drop its locks
    (sqlite.org/howtocorrupt.html, 2.2); `snapshot` is.
    Raises: UnsafeStart when there is no store, or it does not stand still for the moment of a copy.
    """
    source = Place(path)
    if not path.is_file():
        raise UnsafeStart(f"there is no store at {path}")
    with TemporaryDirectory(prefix="assent-verify-") as folder:
        target = Place(Path(folder) / path.name)
        target.folder.mkdir(mode=0o700)
        # Payloads are durable before the Entries that name them: copied after the log, none is missing.
        _still(source.database, target.database)
        for month in sorted(source.folder.glob("payloads-*.sqlite")):
            _still(month, target.folder / month.name)
        with closing(sqlite3.connect(target.database)) as log, closing(CopiedLog(target, log)) as opened:
            yield opened


def _still(source: Path, target: Path) -> None:
    """Copy a database and its WAL between two checkpoints: only a checkpoint writes the database itself."""
    for _ in range(TRIES):
        before = source.stat()
        shutil.copyfile(source, target)
        _copy_wal(source, target)
        after = source.stat()
        if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size):
            return
    raise UnsafeStart(f"{source} is written too fast to be copied: verify through the running gateway")


def _copy_wal(source: Path, target: Path) -> None:
    beside, copy = source.with_name(source.name + "-wal"), target.with_name(target.name + "-wal")
    copy.unlink(missing_ok=True)
    try:
        shutil.copyfile(beside, copy)
    except FileNotFoundError:
        return  # closed in order: everything stands in the database


@contextmanager
def snapshot(path: Path) -> Iterator[CopiedLog]:
    """Copy an open store from within its own process, through SQLite.

    Raises: sqlite3.Error.
    """
    source = Place(path)
    with TemporaryDirectory(prefix="assent-verify-") as folder:
        target = Place(Path(folder) / path.name)
        target.folder.mkdir(mode=0o700)
        _backup(source.database, target.database)
        for month in sorted(source.folder.glob("payloads-*.sqlite")):
            _backup(month, target.folder / month.name)
        with closing(sqlite3.connect(target.database)) as log, closing(CopiedLog(target, log)) as opened:
            yield opened


def _backup(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def verify_store(path: Path, key: VerifierKey | None, *, running: bool = False) -> Report:
    """Verify a store; `running`: this process has it open. Long: call it in a thread.

    Raises: UnsafeStart when there is none.
    """
    try:
        with (snapshot if running else copied)(path) as log:
            return verify(log, key)
    except (sqlite3.Error, TypeError) as error:  # TypeError: a row of another shape than ours
        finding = Finding(rule="unreadable", detail=str(error))
        return Report(findings=(finding,), entries=0, checkpoints=0, signed=0, pinned=key is not None)
