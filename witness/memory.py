"""What a witness signed last of each log: one small file a log, durable before it answers, held by one process.

A memory that is lost would let a log tell another story, so that none is made in passing: an operator begins it.
"""

from __future__ import annotations

import fcntl
import os
from hashlib import sha256
from pathlib import Path
from typing import Final, final

from core.audit.transparency import checkpoint
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import BadNote
from core.errors import UnsafeStart
from core.stores import files

FOLDER: Final = 0o700
BEGUN: Final = "witness"  # stands where a memory was begun, and is locked by the process that has it


@final
class Memory:
    """The last checkpoint that was signed of each log."""

    def __init__(self, folder: Path) -> None:
        """Take it for this process.

        Raises: UnsafeStart when it was never begun, is gone, or another process has it.
        """
        self._folder = folder
        try:
            self._lock = os.open(folder / BEGUN, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise UnsafeStart(
                f"{folder} holds no witness's memory ({error.strerror}): put it back, or begin a new one with --begin"
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise UnsafeStart(f"another process is the witness of {folder}") from error

    @classmethod
    def begin(cls, folder: Path) -> None:
        """Begin an empty memory.

        Raises: UnsafeStart where there is one already.
        """
        if (folder / BEGUN).exists():
            raise UnsafeStart(f"{folder} holds a witness's memory already: start without --begin")
        try:
            folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
            files.replace(folder / BEGUN, b"")
        except OSError as error:
            raise UnsafeStart(f"{folder}: {error.strerror}") from error

    def last(self, origin: str) -> Checkpoint | None:
        """Return what was signed last of a log.

        Raises: UnsafeStart when what stands there is not that.
        """
        path = self._path(origin)
        try:
            held = checkpoint.read(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, BadNote) as error:
            raise UnsafeStart(f"{path} is damaged: {error}") from error
        if held.origin != origin:
            raise UnsafeStart(f"{path} is of {held.origin}, not {origin}")
        return held

    def keep(self, origin: str, note: bytes) -> None:
        """Make a checkpoint durable as the last one that was signed."""
        files.replace(self._path(origin), note)

    def _path(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hexdigest()}.checkpoint"

    def close(self) -> None:
        """Let the next process in."""
        os.close(self._lock)
