"""Verification of a store from a copy of its files: needs nothing running, writes nothing beside the store."""

from __future__ import annotations

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias, TypeVar, final

from core.audit.transparency.note import VerifierKey
from core.audit.transparency.trust import only
from core.audit.verification.log import Stored, StoredCheckpoint
from core.audit.verification.look import Looks
from core.audit.verification.verify import Asked, Finding, Report, verify
from core.errors import UnsafeStart
from core.stores.encryption.payloads import ID
from core.stores.log.signing import LEVEL
from core.stores.sqlite.drive import drive
from core.stores.sqlite.files import Place
from core.stores.sqlite.looker import ALL
from core.stores.sqlite.sharing import helpers, shared
from core.stores.steps import Steps

TRIES: Final = 20
Progress: TypeAlias = Callable[[int, int], None]
T = TypeVar("T")


@final
class CopiedLog:
    """A log in files of our own, where nobody writes."""

    def __init__(self, place: Place, log: sqlite3.Connection) -> None:
        self._place = place
        self._log = log
        self._months: dict[str, sqlite3.Connection] = {}
        coordinates = log.execute("SELECT origin, integrated, next FROM log_coord").fetchone()
        self.origin, self.integrated, self.size = coordinates

    def entries(self, start: int = 0) -> Iterator[Stored]:
        """All Entries from a sequence number on."""
        found = self._log.execute(ALL, (start,))
        return map(Stored._make, found)

    def tile(self, level: int, index: int) -> bytes:
        """A stored tile, empty when there is none."""
        row = self._log.execute("SELECT d FROM log_tile WHERE id = ?", (level << LEVEL | index,)).fetchone()
        return b"" if row is None else _blob(row[0])

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        """All checkpoints by size."""
        lines: defaultdict[int, list[bytes]] = defaultdict(list)
        for size, line in self._log.execute("SELECT size, line FROM log_cosig ORDER BY size, witness"):
            lines[size].append(str(line).encode("utf-8", "surrogatepass"))
        for size, root, note in self._log.execute("SELECT size, root, note FROM log_checkpoint ORDER BY size"):
            yield StoredCheckpoint(
                size=size, root=_blob(root), note=_blob(note), cosignatures=tuple(lines.get(size, ()))
            )

    def payloads(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Stored bytes (nonce and ciphertext) of those payloads that are there."""
        found: dict[str, bytes] = {}
        for name in names:
            month = self._month(name)
            row = month.execute("SELECT nonce, ct FROM payload WHERE id = ?", (name,)).fetchone() if month else None
            if row is not None:
                found[name] = _blob(row[0]) + _blob(row[1])
        return found

    def _month(self, name: str) -> sqlite3.Connection | None:
        """Return the month's file that a payload's name says it is in."""
        said = ID.fullmatch(name)
        if said is None:
            return None
        if said[1] not in self._months:
            path = self._place.payloads(said[1])
            if not path.exists():
                return None
            self._months[said[1]] = sqlite3.connect(path)
        return self._months[said[1]]

    def shared(self, many: int) -> AbstractContextManager[Looks | None]:
        """Have its rows looked at by so many processes."""
        return shared(self._log, self._place.database, many)

    def perform(self, steps: Steps[T]) -> T:
        """Run steps that read."""
        return drive(self._log, steps)

    def close(self) -> None:
        """Close the copies."""
        for month in self._months.values():
            month.close()


def _blob(value: object) -> bytes:
    """Take a cell's bytes; of a number bytes() would make as many zeros as it says.

    Raises: TypeError.
    """
    if not isinstance(value, bytes):
        raise TypeError("a cell of another type than bytes")
    return value


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


def verify_store(
    path: Path,
    held_to: VerifierKey | Asked | None,
    *,
    running: bool = False,
    progress: Progress = lambda _, __: None,
    beside: int | None = None,
) -> Report:
    """Verify a store, held to one key, to all that is asked, or to nothing but itself. Long: call it in a thread.

    `running`: this process has it open. `progress` is told how many Entries were read, of how many. `beside`: so many
    processes share the work; None: as many as are worth having, and none where Calls run on the same cores.
    Raises: UnsafeStart when there is none, or a process that shares the work ends.
    """
    asked = held_to if isinstance(held_to, Asked) else Asked(trust=None if held_to is None else only(held_to))
    try:
        with (snapshot if running else copied)(path) as log:
            many = log.size - asked.start
            some = beside if beside is not None else 0 if running else helpers(many)
            with log.shared(some) as looks:
                return verify(log, asked, looks=looks, progress=lambda done: progress(done, many))
    except (sqlite3.Error, TypeError, ValueError) as error:  # a row of another shape than ours
        finding = Finding(rule="unreadable", detail=str(error))
        return Report(findings=(finding,), entries=0, checkpoints=0, signed=0, pinned=asked.trust is not None)
