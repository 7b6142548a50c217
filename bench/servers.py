"""Server processes under measurement: each in a session of its own, on a port that was free, ended as a group."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final
from urllib.parse import urlsplit

import anyio
import psutil

from bench.shapes import BULK, Shape
from bench.speech import Target

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 45.0  # beyond the 35 s that a draining gateway gives its statements
MIB: Final = 2**20


class Unfair(RuntimeError):
    """A server cannot be measured: its port is taken, or it did not come up."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """CPU seconds since its start and resident memory, in MiB, of a process and all below it."""

    cpu: float
    rss: float


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server that answers."""

    target: Target
    process: psutil.Process
    started: float  # seconds until it listened
    idle: float  # MiB then
    wide: Target | None = None  # who asks for thousands of rows there, if that is somebody else

    def of(self, shape: Shape) -> Target:
        """Say as whom a shape is asked for."""
        return self.wide if self.wide is not None and shape is BULK else self.target


def family(root: psutil.Process) -> list[psutil.Process]:
    """List a process and everything below it that still runs."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return [root, *root.children(recursive=True)]
    return []


def alone(process: psutil.Process) -> Usage:
    """Count one process without those below it."""
    times = process.cpu_times()
    return Usage(cpu=times.user + times.system, rss=process.memory_info().rss / MIB)


def usage(root: psutil.Process) -> Usage:
    """Add up a process tree, the CPU of children that have ended included."""
    cpu, rss = 0.0, 0
    for process in family(root):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            cpu += times.user + times.system
            cpu += times.children_user + times.children_system
            rss += process.memory_info().rss
    return Usage(cpu=cpu, rss=rss / MIB)


def peak(root: psutil.Process) -> float:
    """Add up the most that each process of a tree ever held, in MiB: `VmHWM` of proc(5), where there is one."""
    held = 0
    for process in family(root):
        with contextlib.suppress(OSError):
            said = Path(f"/proc/{process.pid}/status").read_text()
            held += sum(int(line.split()[1]) for line in said.splitlines() if line.startswith("VmHWM:"))
    return held / 1024


@asynccontextmanager
async def spawned(command: Sequence[str], target: Target, log: Path) -> AsyncIterator[Served]:
    """Start a server and wait until it, and nobody else, listens; end its whole group afterwards.

    Raises: Unfair.
    """
    vacant(*target.place)
    began = time.perf_counter()
    with log.open("ab") as out:
        child = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    try:
        root = psutil.Process(child.pid)
        await listening(child, target, log)
        owned(root, target)
        yield Served(target=target, process=root, started=time.perf_counter() - began, idle=usage(root).rss)
    finally:
        with anyio.CancelScope(shield=True):
            await end(child)


def vacant(host: str, port: int) -> None:
    """Refuse a port that somebody has: a server left over would be measured instead.

    Raises: Unfair.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one in TIME_WAIT is free
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unfair(f"{host}:{port} is taken: {error.strerror}") from error


async def listening(child: asyncio.subprocess.Process, target: Target, log: Path) -> None:
    """Wait until the port answers.

    Raises: Unfair with the end of the server's log.
    """
    host, port = target.place
    end_of_patience = time.monotonic() + START_SECONDS
    while child.returncode is None and time.monotonic() < end_of_patience:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    said = await asyncio.to_thread(log.read_text, errors="replace")
    raise Unfair(f"{urlsplit(target.url).netloc} did not come up: {said[-1000:]}")


def owned(root: psutil.Process, target: Target) -> None:
    """Check that the listener is the process that was started, or one below it.

    Raises: Unfair.
    """
    port = target.place[1]
    for process in family(root):
        with contextlib.suppress(psutil.NoSuchProcess):
            for each in process.net_connections("tcp"):
                if each.status == psutil.CONN_LISTEN and each.laddr.port == port:
                    return
    raise Unfair(f"somebody else listens on port {port}")


async def end(child: asyncio.subprocess.Process) -> None:
    """Ask the whole group to stop, wait, then end what is left of it."""
    signalled(child.pid, signal.SIGTERM)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(child.wait(), STOP_SECONDS)
    signalled(child.pid, signal.SIGKILL)
    await child.wait()


def signalled(group: int, number: signal.Signals) -> None:
    """Signal a process group that may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
