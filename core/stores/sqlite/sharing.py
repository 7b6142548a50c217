"""Looks at a copied log that several processes share, each of its own stretches, given in the order of the log."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Final, LiteralString, TypeAlias, final

from core.audit.verification.look import Looked, Looks
from core.errors import UnsafeStart
from core.stores.sqlite.looker import LENGTH, OPEN, SPAN, understood

ROOT: Final = Path(__file__).parents[3]
BOOT: Final = "import sys; sys.path.insert(0, sys.argv.pop()); from core.stores.sqlite.looker import main; main()"
STRETCH: Final = 2048  # rows of one request
WORTH: Final = 40_000  # Entries that take longer than a process takes to start
MOST: Final = 4  # processes: what Entries say together is read in one, which keeps no more than these busy
NEXT: Final[LiteralString] = "SELECT seq FROM log_entry WHERE seq >= ? ORDER BY seq LIMIT 1 OFFSET ?"

Span: TypeAlias = tuple[int, int]


def helpers(entries: int) -> int:
    """Say how many processes are worth having beside this one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, cores - 1) if entries >= WORTH else 0


@final
class Looker:
    """One process; used by one thread at a time."""

    def __init__(self, database: Path) -> None:
        self._process: Final = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-X", "utf8", "-c", BOOT, str(database), str(ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            env={},
            start_new_session=True,  # a terminal's Ctrl-C is the parent's to handle
        )
        self.pid: Final = self._process.pid

    def look(self, span: Span) -> bytes:
        """Have a stretch looked at.

        Raises: UnsafeStart when the process ended over it.
        """
        writer, reader = self._process.stdin, self._process.stdout
        if writer is None or reader is None:
            raise UnsafeStart("a process that verifies has no pipes")
        try:
            writer.write(SPAN.pack(*span))
            writer.flush()
            size = reader.read(LENGTH.size)
            said = reader.read(LENGTH.unpack(size)[0]) if len(size) == LENGTH.size else b""
        except OSError as error:
            raise UnsafeStart("a process that verifies ended") from error
        if not said or len(said) != LENGTH.unpack(size)[0]:
            raise UnsafeStart("a process that verifies ended")
        return said

    def close(self) -> None:
        """End the process and collect it."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def shared(log: sqlite3.Connection, database: Path, many: int, *, stretch: int = STRETCH) -> Iterator[Looks | None]:
    """Give looks that `many` processes share, as long as the block lasts; None where there are none to share them."""
    if not many:
        yield None
        return
    with ExitStack() as opened:
        threads = opened.enter_context(ThreadPoolExecutor(many))
        idle: SimpleQueue[Looker] = SimpleQueue()
        for _ in range(many):
            looker = Looker(database)
            opened.callback(looker.close)  # before the threads: none of them waits for an answer then
            idle.put(looker)
        yield lambda start: _ahead(lambda span: threads.submit(_ask, idle, span), spans(log, start, stretch), 2 * many)


def _ask(idle: SimpleQueue[Looker], span: Span) -> bytes:
    looker = idle.get()
    try:
        return looker.look(span)
    finally:
        idle.put(looker)


def _ahead(ask: Callable[[Span], Future[bytes]], due: Iterator[Span], many: int) -> Iterator[Looked]:
    """Keep so many stretches asked for, and give them in order: memory holds no more of the log than these."""
    asked = deque(ask(span) for span in islice(due, many))
    while asked:
        said = asked.popleft().result()
        asked.extend(ask(span) for span in islice(due, 1))
        yield understood(said)


def spans(log: sqlite3.Connection, start: int, stretch: int) -> Iterator[Span]:
    """Cut a log into stretches; every row from `start` on is in one of them, whatever its number."""
    while (row := log.execute(NEXT, (start, stretch)).fetchone()) is not None and _follows(row[0], start):
        yield start, row[0]
        start = row[0]
    yield start, OPEN


def _follows(number: object, start: int) -> bool:
    return isinstance(number, int) and start < number
