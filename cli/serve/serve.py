"""`assent serve`: the gateway until a signal, drained and recorded."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cli.serve.house import part
from cli.show import ERR
from core.assembly import House
from core.assembly.policy import reload
from core.model import Tool
from core.settings import Role, Settings, load

LOGGER: Final = logging.getLogger("assent.serve")
EARLY: Final = "SIGHUP: it is still starting; send it again once it serves"

# Rounds of the collector of cycles: the young after so many objects more, older ones after so many of these rounds.
# At its defaults it walked all that the process keeps every seventy calls: 9 % of the CPU, 80 to 130 ms at a stroke.
ROUNDS: Final = (10_000, 10, 10)
# Bytes from which on a block goes back to the system when it is freed. glibc raises this with the blocks that it sees
# freed, to 32 MiB at most, and a large answer's then stay: 20 MiB after answers of 5,000 rows.
LARGE: Final = 128 << 10  # its default (mallopt(3))
M_MMAP_THRESHOLD: Final = -3


def serve(config: Path, environ: dict[str, str], role: str | None = None, *, adopt: bool = False) -> None:
    """Run until SIGINT or SIGTERM; with a role as that part alone, with that part's secrets alone.

    Raises: SettingsError, UnsafeStart, SourceUnavailable, AuditUnavailable.
    """
    from core.telemetry import traces  # noqa: PLC0415
    from mcp_server import logs  # noqa: PLC0415

    logs.configure() if ERR.is_terminal else logs.lines()
    traces.begin(environ, frozenset(tool.value for tool in Tool))
    roles = frozenset(Role) if role is None else frozenset({Role(role)})
    settings = load(config, environ, roles=roles)
    for warning in settings.warnings:
        say(f"warning: {warning}", logging.WARNING)
    with asyncio.Runner(loop_factory=loop()) as runner:
        runner.run(running(settings, roles, adopt=adopt))


async def running(settings: Settings, roles: frozenset[Role], *, adopt: bool = False) -> None:
    """Open the doors of these roles and wait for a signal."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, say, EARLY)  # unheard it would end the process
    async with part(settings, roles, adopt=adopt) as (said, house):
        settle()
        with reloading(house):
            say(said)
            await stop.wait()
        if house is not None:
            house.telling.readiness.leave()
        say("stopping: finishing what runs")


def settle() -> None:
    """Leave what lives as long as this process out of the collector's rounds, and give large blocks back when freed.

    Almost everything that a call makes is in no cycle, and goes when it is no longer used.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*ROUNDS)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None  # of glibc alone
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE)


def say(text: str, level: int = logging.INFO) -> None:
    """Tell a person at a terminal, or the log."""
    if ERR.is_terminal:
        ERR.print(text, markup=False)
    else:
        LOGGER.log(level, "%s", text)


@contextmanager
def reloading(house: House | None) -> Iterator[None]:
    """Take a changed policy at SIGHUP where this process may, one at a time; else say who does."""
    tasks: set[asyncio.Task[None]] = set()

    def hear() -> None:
        if house is None or Role.PEOPLE not in house.roles:
            say("SIGHUP: the people's side puts a policy in force; this process follows it")
        elif not tasks:
            task = asyncio.create_task(reload(house.ruling, house.journal))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    running_loop = asyncio.get_running_loop()
    running_loop.add_signal_handler(signal.SIGHUP, hear)
    try:
        yield
    finally:
        running_loop.remove_signal_handler(signal.SIGHUP)


def loop() -> type[asyncio.AbstractEventLoop] | None:
    """Return uvloop's loop where it can be had; measured a fifth faster at this door."""
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return None
    return uvloop.Loop
