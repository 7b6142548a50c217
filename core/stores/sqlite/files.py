"""The store's files: made 0600, refused when others may read them, held by one process."""

from __future__ import annotations

import fcntl
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from core.errors import UnsafeStart
from core.stores.files import PRIVATE_FILE

PRIVATE_FOLDER: Final = 0o700
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
POINT: Final = 4  # the field of a line that names where it is mounted
MOUNTS: Final = Path("/proc/self/mountinfo")  # proc_pid_mountinfo(5); where there is none nobody says
# Where locks and shared memory are not those of one machine no write-ahead log works (sqlite.org/wal.html).
NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs"}
)


@final
@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is: the configured database and the folder of its other files beside it."""

    database: Path

    @property
    def folder(self) -> Path:
        """Payloads, keys, projection, lock and signer's state."""
        return self.database.with_name(f"{self.database.name.removesuffix('.db')}.files")

    @property
    def keys(self) -> Path:
        """Wrapped data keys and encrypted names."""
        return self.folder / "keys.sqlite"

    @property
    def history(self) -> Path:
        """The projection for look-ups: rebuilt from the log."""
        return self.folder / "history.sqlite"

    @property
    def signed(self) -> Path:
        """Size and root of the last checkpoint that was signed."""
        return self.folder / "signed"

    @property
    def ballast(self) -> Path:
        """Room that is kept for saying that there is none."""
        return self.folder / "ballast"

    @property
    def restoring(self) -> Path:
        """Where a store is made from a copy; gone once it stands."""
        return self.database.with_name(f".{self.database.name}.restoring")

    @property
    def lock(self) -> Path:
        """Held by the process that writes."""
        return self.folder / "journal.lock"

    def months(self) -> tuple[Path, ...]:
        """Files of payloads that are there, oldest first."""
        return tuple(sorted(self.folder.glob("payloads-*.sqlite")))

    def payloads(self, month: str) -> Path:
        """Payloads of one month ("202611"): expiry is unlink."""
        return self.folder / f"payloads-{month}.sqlite"


def prepare(place: Place) -> Lock:
    """Take the store for this process, then make what is missing, but never a new log beside an old one's keys.

    Must run before SQLite opens anything, and the lock comes first: closing any descriptor of a database drops its
    POSIX locks (sqlite.org/howtocorrupt.html, 2.2).
    Raises: UnsafeStart naming the file that others may read, and the remedy.
    """
    refuse_half(place)
    refuse_remote(place)
    try:
        place.folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        refuse_shared(place.folder)
        for path in sorted(place.folder.iterdir()):
            refuse_one(path)
        lock = Lock(place.lock)
        try:
            _database(place)
        except BaseException:
            lock.release()
            raise
    except OSError as error:
        raise UnsafeStart(f"the store {place.database} cannot be opened: {error.strerror}") from error
    return lock


def refuse_one(path: Path) -> None:
    """Check one file that was listed; what whoever holds the lock has renamed since is read by nobody.

    Raises: UnsafeStart; FileNotFoundError for a link that leads nowhere.
    """
    try:
        refuse_shared(path)
    except FileNotFoundError:
        if os.path.lexists(path):
            raise


def refuse_half(place: Place) -> None:
    """Check that no restore was cut off, or is going on: what it left is no store, and none is begun beside it.

    Raises: UnsafeStart.
    """
    if place.restoring.exists() and not place.database.exists():
        raise UnsafeStart(
            f"a restore to {place.database} did not end: move {place.folder} away where it is there, and restore again"
        )


def refuse_remote(place: Place) -> None:
    """Check that the store is on a disk of this machine.

    Raises: UnsafeStart.
    """
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    found = carrier(place.database.resolve(), mounts)
    if found in NETWORK:
        raise UnsafeStart(
            f"{place.database} is on a network file system ({found}), where a file's locks are not to be relied on:"
            " put the store on a local disk, or use a PostgreSQL store"
        )


def carrier(path: Path, mounts: str) -> str:
    """Name the type of file system that an absolute path is on, by the lines of mountinfo; "" for none of them."""
    deepest, found = 0, ""
    for line in mounts.splitlines():
        mounted, _, behind = line.partition(" - ")
        fields, kind = mounted.split(" "), behind.partition(" ")[0]
        if len(fields) > POINT and kind:
            point = Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[POINT]))
            if path.is_relative_to(point) and len(point.parts) >= deepest:  # of two at one place the later is on top
                deepest, found = len(point.parts), kind
    return found


def forget(place: Place) -> None:
    """Take the look-ups' file away: the next process makes it anew from the log.

    Raises: UnsafeStart where there is no store, or a process uses it.
    """
    if not place.database.exists():
        raise UnsafeStart(f"there is no store at {place.database}")
    lock = Lock(place.lock)
    try:
        for beside in ("", "-wal", "-shm"):
            place.history.with_name(place.history.name + beside).unlink(missing_ok=True)
    finally:
        lock.release()


def _database(place: Place) -> None:
    if place.keys.exists() and not (place.database.exists() and place.database.stat().st_size):
        raise UnsafeStart(f"{place.database} is gone, its keys are in {place.folder}: restore it, or move them away")
    private(place.database)
    for beside in ("-wal", "-shm"):
        path = place.database.with_name(place.database.name + beside)
        if path.exists():
            refuse_shared(path)


def private(path: Path) -> None:
    """Make a file readable by its owner alone, or check that it is.

    Raises: UnsafeStart.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    os.close(descriptor)
    refuse_shared(path)


def refuse_shared(path: Path) -> None:
    """Check that nobody but this process's user may read or write.

    Raises: UnsafeStart.
    """
    status = path.stat()
    if status.st_mode & OTHERS:
        want = "700" if path.is_dir() else "600"
        raise UnsafeStart(f"{path} is open to others (mode {stat.S_IMODE(status.st_mode):o}): run chmod {want} {path}")
    if status.st_uid != os.geteuid():
        raise UnsafeStart(f"{path} belongs to another user: run chown {os.geteuid()} {path}")


@final
class Lock:
    """An exclusive flock: the kernel drops it with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        private(path)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._descriptor)
            raise UnsafeStart(
                f"another process uses this store ({path} is locked): a SQLite store serves one process; stop it first"
            ) from error

    def release(self) -> None:
        """Let the next process in."""
        os.close(self._descriptor)
