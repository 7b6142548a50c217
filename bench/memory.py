"""How much this process grew at most while something was done; Linux measures its peak anew when told to."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

import psutil

Result = TypeVar("Result")

AGAIN: Final = Path("/proc/self/clear_refs")  # proc(5): writing 5 resets the peak
STATUS: Final = Path("/proc/self/status")


async def grown(work: Callable[[], Awaitable[Result]]) -> tuple[float, Result]:
    """Do it; give by how many MiB this process grew at most meanwhile, and what came of it."""
    gc.collect()
    before = began()
    result = await work()
    return (peak() - before) / 2**20, result


def began() -> int:
    """Begin to measure; octets that are held now."""
    AGAIN.write_text("5", "ascii")
    return int(psutil.Process().memory_info().rss)


def peak() -> int:
    """Give the most octets that were held since."""
    (line,) = (line for line in STATUS.read_text("utf-8").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
