"""The process that parses: warm, without secrets, killed when it is late, replaced at once.

sqlglot runs nowhere else: nested type words (`array[array[…`) double its time at each level, so that 130 bytes would
freeze a thread for ever, and a thread cannot be killed.
"""

from __future__ import annotations

import atexit
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Final, final

LENGTH: Final = struct.Struct(">I")
READER: Final = Path(__file__).parent / "reader"
# Loads the reader as a package of its own: nothing else of ours is imported there.
BOOT: Final = """
import importlib.util, sys
place, seconds = sys.argv[1:]
spec = importlib.util.spec_from_file_location("reader", place + "/__init__.py", submodule_search_locations=[place])
sys.modules["reader"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["reader"])
from reader.__main__ import main
main(float(seconds))
"""
READY: Final = b"ready"
TEXT_SECONDS: Final = 1.0  # of processor time, which the child's own timer counts: a busy machine makes no text late
WALL_SECONDS: Final = 10.0  # of the clock: for a child that gets no processor, or whose timer is gone
START_SECONDS: Final = 30.0  # importing sqlglot takes 0.3 s on an idle machine
WAIT_SECONDS: Final = 20.0  # for a free child
SIZE: Final = 2
ANSWER_BYTES: Final = 4 << 20


class Silent(Exception):
    """No answer: no child could be started, or none was free."""


class Late(Silent):
    """A child had the text and did not answer in time, or ended over it."""


@final
class Child:
    """One process; used by one thread at a time, and never again after a failed exchange."""

    def __init__(self) -> None:
        self._process: Final = subprocess.Popen(  # noqa: S603 - our own program, no word of any text
            [sys.executable, "-I", "-X", "utf8", "-c", BOOT, str(READER), str(TEXT_SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            close_fds=True,
            cwd="/",
            env={},
            start_new_session=True,  # a terminal's Ctrl-C is the parent's to handle
        )
        self._ready = False
        self.pid: Final = self._process.pid

    def ask(self, request: bytes) -> bytes:
        """Send a request and wait for the answer.

        Raises: Silent.
        """
        if not self._ready:
            self._await()
        return self._exchange(LENGTH.pack(len(request)) + request, WALL_SECONDS)

    def _await(self) -> None:
        """Wait for a fresh process: its start does not count against a text.

        Raises: Silent.
        """
        try:
            self._ready = self._exchange(b"", START_SECONDS) == READY
        except Late:
            self._ready = False
        if not self._ready:
            raise Silent("no reader")

    def close(self) -> None:
        """End the process and collect it."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def _exchange(self, out: bytes, seconds: float) -> bytes:
        """Write all, then read until a whole answer is there, or time is up.

        Raises: Late.
        """
        writer, reader = self._process.stdin, self._process.stdout
        if writer is None or reader is None:
            raise Late("no pipes")
        deadline = time.monotonic() + seconds
        os.set_blocking(writer.fileno(), False)
        while out:
            until(writer.fileno(), select.POLLOUT, deadline)
            out = out[sent(writer.fileno(), out) :]
        got = bytearray()
        while (answer := whole(got)) is None:
            until(reader.fileno(), select.POLLIN, deadline)
            got += received(reader.fileno())
        return answer


def until(descriptor: int, event: int, deadline: float) -> None:
    """Wait until a pipe can be used.

    Raises: Late.
    """
    waiting = select.poll()
    waiting.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not waiting.poll(left * 1000):
        raise Late("late")


def whole(got: bytearray) -> bytes | None:
    """Give the answer once all of it is there.

    Raises: Late when it is longer than any answer, or more than one.
    """
    if len(got) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack_from(got)
    if size > ANSWER_BYTES or len(got) > LENGTH.size + size:
        raise Late("not an answer")
    return bytes(got[LENGTH.size :]) if len(got) == LENGTH.size + size else None


def received(descriptor: int) -> bytes:
    """Read what is there.

    Raises: Late at the end.
    """
    chunk = os.read(descriptor, 1 << 16)
    if not chunk:
        raise Late("ended")
    return chunk


def sent(descriptor: int, out: bytes) -> int:
    """Write what fits.

    Raises: Late when nobody reads.
    """
    try:
        return os.write(descriptor, out)
    except BlockingIOError:
        return 0
    except OSError:
        raise Late("ended") from None


@final
class Pool:
    """A few children, started at first use; a late one is killed and its place filled again."""

    def __init__(self, size: int = SIZE) -> None:
        self._size: Final = size
        self.forget()

    def forget(self) -> None:
        """Begin anew, as after a fork: the children are the parent process's."""
        self._lock = threading.Lock()
        self._closed = False
        self._children: set[Child] = set()
        self._places: LifoQueue[Child | None] = LifoQueue()
        for _ in range(self._size):
            self._places.put(None)

    def ask(self, request: bytes) -> bytes:
        """Have a child answer; may be called from any thread.

        Raises: Silent.
        """
        with self._child() as child:
            return child.ask(request)

    @property
    def pids(self) -> frozenset[int]:
        """The processes that live now."""
        with self._lock:
            return frozenset(child.pid for child in self._children)

    def close(self) -> None:
        """End all children; nothing is read after that."""
        with self._lock:
            self._closed = True
            children, self._children = self._children, set()
        for child in children:
            child.close()

    @contextmanager
    def _child(self) -> Iterator[Child]:
        try:
            held = self._places.get(timeout=WAIT_SECONDS)
        except Empty:
            raise Silent("busy") from None
        kept: Child | None = None
        try:
            child = self._checked(held)
            try:
                yield child
                kept = child
            finally:
                if kept is None:  # whatever happened, what is in its pipes belongs to no later text
                    self._end(child)
                    kept = self._again()
        finally:
            self._places.put(kept)

    def _checked(self, held: Child | None) -> Child:
        """Give the place's child, or a new one where it was never started or has ended while idle."""
        if held is not None and held.alive:
            return held
        if held is not None:
            self._end(held)
        return self._start()

    def _start(self) -> Child:
        with self._lock:
            if self._closed:
                raise Silent("closed")
            try:
                child = Child()
            except OSError:
                raise Silent("no process") from None
            self._children.add(child)
            return child

    def _again(self) -> Child | None:
        """Start a successor at once, so that it is warm when it is needed."""
        try:
            return self._start()
        except Silent:
            return None

    def _end(self, child: Child) -> None:
        with self._lock:
            self._children.discard(child)
        child.close()


POOL: Final = Pool()
atexit.register(POOL.close)
os.register_at_fork(after_in_child=POOL.forget)
