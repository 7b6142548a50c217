"""A full disk: nothing is recorded, so nothing runs, until there is room again; that it was so is on record.

Room is kept beforehand in a file of its own. When the log finds the disk full, the file goes, `audit.degraded.enter`
takes its place, and everything else is refused at once, without a try, until the file can be had again, whole.
"""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, final

from core.model import Entry, EntryKind
from core.ports import Unit
from core.stores.files import PRIVATE_FILE

LOGGER: Final = logging.getLogger("assent.store")
SIZE: Final = 2 * 1024 * 1024  # bytes: some hundred pages of write-ahead log
AGAIN: Final = 1.0  # seconds between looks for room
FULL: Final = "the disk is full: nothing is recorded, so nothing runs, until there is room"


class Reserve(Protocol):
    """Room that is kept."""

    def keep(self) -> bool:
        """Take it; whether it is there, whole."""
        ...

    def drop(self) -> None:
        """Give it back."""
        ...


@final
class Ballast:
    """Room in a file, written and on disk: a hole would promise what is not there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self) -> bool:
        """Take it; whether it is there, whole."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE_FILE)
        except OSError:
            return False
        try:
            os.posix_fallocate(descriptor, 0, SIZE)
            os.fsync(descriptor)
        except OSError as error:
            LOGGER.warning("no room is kept for the record: %s", errno.errorcode.get(error.errno or 0, "error"))
            self.drop()
            return False
        finally:
            os.close(descriptor)
        return True

    def drop(self) -> None:
        """Give it back."""
        self._path.unlink(missing_ok=True)


@final
class Room:
    """What the log's one writing thread does about a full disk."""

    def __init__(self, reserve: Reserve) -> None:
        self._reserve = reserve
        self._record: Callable[[sqlite3.Connection, Unit], object] | None = None
        self.degraded = False
        self._said = True  # on record, where it is degraded
        if not reserve.keep():
            LOGGER.warning("no room is kept beside the store: a full disk will leave no Entry")

    def bind(self, record: Callable[[sqlite3.Connection, Unit], object]) -> None:
        """Say how an Entry is written in a transaction that is open."""
        self._record = record

    def full(self, connection: sqlite3.Connection) -> None:
        """The disk is full, and what was tried is undone: refuse from here on, and say so."""
        if not self.degraded:
            self.degraded, self._said = True, False
            self._reserve.drop()
        self._say(connection)

    def look(self, connection: sqlite3.Connection) -> float | None:
        """Look for room again; in how many seconds once more, None where there is enough."""
        if not self.degraded:
            return None
        if not self._said:
            self._say(connection)
        if not self._said or not self._reserve.keep():
            return AGAIN
        self.degraded = not self._write(connection, EntryKind.DEGRADED_EXIT)
        if self.degraded:
            self._reserve.drop()
        return AGAIN if self.degraded else None

    def _say(self, connection: sqlite3.Connection) -> None:
        self._said = self._said or self._write(connection, EntryKind.DEGRADED_ENTER)

    def _write(self, connection: sqlite3.Connection, kind: EntryKind) -> bool:
        if self._record is None:
            return True  # not the log's file
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._record(connection, Unit(entries=(Entry(kind=kind),)))
            connection.execute("COMMIT")
        except sqlite3.OperationalError:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            return False
        return True
