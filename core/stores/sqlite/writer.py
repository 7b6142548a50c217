"""One thread writes one file: queued jobs share a transaction, each behind a savepoint, durable before it tells.

Work of one kind that stands in the queue without anything between is done at once. Any exception fails the waiters it
concerns and leaves the thread alive or the writer stopped, never silently dead.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final, Generic, Protocol, TypeVar, final

from core.errors import AuditBusy, AuditUnavailable
from core.stores.sqlite.ballast import FULL, Room
from core.stores.sqlite.drive import drive
from core.stores.steps import Steps

QUEUE: Final = 4096
BATCH: Final = 512
# Primary result codes after which the file may not hold what it said (sqlite.org/rescode.html): after a failed fsync
# later commits succeed while the earlier pages are gone, so nothing more is written.
FATAL: Final = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
PRIMARY: Final = 0xFF

T = TypeVar("T")
W = TypeVar("W")
Job = Callable[[sqlite3.Connection], T]


class _Runs(Protocol):
    def run(self, connection: sqlite3.Connection) -> None: ...


class _Item(Protocol):
    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...

    @property
    def gang(self) -> _Runs: ...

    @property
    def bare(self) -> bool: ...

    def enlist(self) -> None: ...

    def fail(self, error: Exception) -> None: ...

    def settle(self) -> None: ...


@final
class Gang(Generic[W, T]):
    """Work of one kind: what stands in the queue without anything between is done at once, with an answer for each."""

    def __init__(self, does: Callable[[sqlite3.Connection, Sequence[W]], Sequence[T | Exception]]) -> None:
        """`does` leaves nothing of what it answers with an exception, and raises for what ends the whole batch."""
        self._does = does
        self.tasks: list[_Task[W, T]] = []

    def run(self, connection: sqlite3.Connection) -> None:
        """Do what is enlisted."""
        tasks, self.tasks = self.tasks, []
        for task, said in zip(tasks, self._does(connection, [task.work for task in tasks]), strict=True):
            task.said = said


@final
class _Task(Generic[W, T]):
    """A piece of work, what became of it, and who waits."""

    __slots__ = ("bare", "future", "gang", "loop", "said", "work")

    def __init__(self, work: W, gang: Gang[W, T], *, bare: bool = False) -> None:
        self.work = work
        self.gang = gang
        self.bare = bare
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[T] = self.loop.create_future()
        self.said: T | Exception = AuditUnavailable("it was not done")

    def enlist(self) -> None:
        self.gang.tasks.append(self)

    def fail(self, error: Exception) -> None:
        self.said = error

    def settle(self) -> None:
        """Tell who waits, in its own loop; who was cancelled is not told, and its work stands."""
        if self.future.done():
            return
        if isinstance(self.said, Exception):
            self.future.set_exception(self.said)
        else:
            self.future.set_result(self.said)


def attempted(work: Callable[[], T]) -> T | Exception:
    """Do a piece of work: its own refusal is its answer, the database's fails the batch."""
    try:
        return work()
    except (sqlite3.OperationalError, sqlite3.InternalError):
        raise
    except sqlite3.DatabaseError as error:
        if type(error) is sqlite3.DatabaseError:
            raise
        return error
    except Exception as error:  # noqa: BLE001  # whatever a job raises is its waiter's, and must not end the thread
        return error


def apart(connection: sqlite3.Connection, job: Job[T]) -> T | Exception:
    """Apply a job behind a savepoint; what refuses leaves nothing."""
    connection.execute("SAVEPOINT unit")
    said = attempted(lambda: job(connection))
    if isinstance(said, Exception):
        connection.execute("ROLLBACK TO unit")
    connection.execute("RELEASE unit")
    return said


def _is_full(error: BaseException | None) -> bool:
    """Whether there was no room on the disk."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & PRIMARY == sqlite3.SQLITE_FULL


def _settle(items: Sequence[_Item]) -> None:
    for item in items:
        item.settle()


@final
class Writer:
    """The only writer of one SQLite file."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        *,
        name: str,
        idle: Callable[[sqlite3.Connection], float | None] | None = None,
        limit: int = QUEUE,
        room: Room | None = None,
        full: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Start the thread; `idle` runs between batches and says in how many seconds it wants to run again.

        `room`: what is done about a full disk, of the file that must say so; `full`: how that file hears of it from
        this one, which stands beside it.
        """
        self._room = room
        self._full = full
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._limit = limit
        self._idle = idle
        self._failure: Exception | None = None
        self._closing = False
        self._connection = connect()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    @property
    def stopped(self) -> bool:
        """Nothing is written any more."""
        return self._failure is not None or not self._thread.is_alive()

    def reach(self) -> None:
        """Return where something can be written at all.

        Raises: AuditUnavailable.
        """
        if self.stopped:
            raise AuditUnavailable(f"the writer has stopped: {self._failure or 'closed'}")
        if self._room is not None and self._room.degraded:
            raise AuditUnavailable(FULL)

    async def run(self, job: Job[T]) -> T:
        """Run a job in the next transaction and return what it said once that is durable.

        A cancelled waiter does not undo its job. Raises: what the job raised (then nothing of it remains), AuditBusy
        when the queue is full, AuditUnavailable when the transaction could not be made durable.
        """
        return await self.join(Gang(lambda connection, _: [apart(connection, job)]), None)

    async def alone(self, job: Job[T]) -> T:
        """Run a job outside of any transaction, as a checkpoint of the file wants it.

        Raises: AuditBusy, AuditUnavailable.
        """
        return await self.join(Gang(lambda connection, _: [job(connection)]), None, bare=True)

    async def join(self, gang: Gang[W, T], work: W, *, bare: bool = False) -> T:
        """Have work done with what else of its kind waits; otherwise as `run`.

        Raises: as `run`.
        """
        if self._failure is not None or self._closing:
            raise AuditUnavailable(f"the writer has stopped: {self._failure or 'closed'}")
        if self._queue.qsize() >= self._limit:
            raise AuditBusy("the writer's queue is full")
        task = _Task(work, gang, bare=bare)
        self._queue.put(task)
        try:
            return await task.future
        except AuditUnavailable as error:
            if self._full is not None and _is_full(error.__cause__):
                await self._full()
            raise

    async def degrade(self) -> None:
        """Refuse from here on until there is room, and say so: another file found the disk full."""
        if self._room is not None and not self._room.degraded:
            with contextlib.suppress(AuditBusy, AuditUnavailable):
                await self.alone(self._room.full)

    async def perform(self, steps: Callable[[], Steps[T]]) -> T:
        """Run steps in the next transaction, as `run` does."""
        return await self.run(lambda connection: drive(connection, steps()))

    async def close(self) -> None:
        """Write what is queued, then close the file."""
        self._closing = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    # ------------------------------------------------------------ the thread

    def _serve(self) -> None:
        due: float | None = 0.0
        going = True
        while going:
            batch, going = self._take(due)
            if batch:
                self._write(batch)
            due = self._rest()
        self._connection.close()

    def _take(self, due: float | None) -> tuple[list[_Item], bool]:
        """Wait for work, at most `due` seconds; then take what is queued, without a timer."""
        batch: list[_Item] = []
        try:
            item = self._queue.get(timeout=due) if due is None or due > 0 else self._queue.get_nowait()
            while item is not None:
                batch.append(item)
                if len(batch) == BATCH:
                    return batch, True
                item = self._queue.get_nowait()
        except queue.Empty:
            return batch, True
        return batch, False

    def _write(self, batch: list[_Item]) -> None:
        together = [item for item in batch if not item.bare]
        for part in ([together] if together else []) + [[item] for item in batch if item.bare]:
            try:
                self._transact(part)
            except BaseException as error:  # noqa: BLE001  # every waiter of the batch must learn, whatever it was
                self._broken(error)
                for item in part:
                    reason = AuditUnavailable(f"the record cannot be written: {error}")
                    reason.__cause__ = error
                    item.fail(reason)
        waiting: defaultdict[asyncio.AbstractEventLoop, list[_Item]] = defaultdict(list)
        for item in batch:
            waiting[item.loop].append(item)
        for loop, items in waiting.items():
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, items)

    def _transact(self, batch: list[_Item]) -> None:
        self.reach()
        if batch[0].bare:
            self._gangs(batch)
            return
        self._connection.execute("BEGIN IMMEDIATE")
        self._gangs(batch)
        self._connection.execute("COMMIT")

    def _gangs(self, batch: list[_Item]) -> None:
        """Do work in its order, what stands beside its like together."""
        for gang, items in groupby(batch, attrgetter("gang")):
            for item in items:
                item.enlist()
            gang.run(self._connection)

    def _broken(self, error: BaseException) -> None:
        """Undo the transaction, and stop for good where the file can no longer be believed."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as second:
            self._failure = self._failure or second
        code = getattr(error, "sqlite_errorcode", 0)
        if isinstance(error, sqlite3.Error) and code & PRIMARY in FATAL:
            self._failure = self._failure or error
        if self._room is not None and _is_full(error):
            self._room.full(self._connection)

    def _rest(self) -> float | None:
        """Run the idle work; a database that is full or locked is tried again, anything else stops the writer."""
        if self._idle is None or self._failure is not None:
            return None
        started = time.monotonic()
        try:
            wait = self._room.look(self._connection) if self._room is not None else None
            due = self._idle(self._connection) if wait is None else wait
        except BaseException as error:  # noqa: BLE001  # the thread's last line
            self._broken(error)
            if not isinstance(error, sqlite3.OperationalError):
                self._failure = error if isinstance(error, Exception) else RuntimeError(str(error))
            return 1.0
        return None if due is None else max(0.0, due - (time.monotonic() - started))
