"""Which machine and which versions a run was made on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, final

import psutil

PACKAGES: Final = ("assent", "mcp", "asyncpg", "uvicorn", "uvloop")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a reader needs to weigh the numbers."""

    date: str
    system: str
    python: str
    cores: int
    memory: int  # MiB
    disk: str  # file system under the store: its flush is in every append
    versions: tuple[tuple[str, str], ...]
    load: tuple[float, float]  # one-minute load average before and after

    def until(self, folder: Path) -> Facts:
        """Add the load at the end."""
        return replace(self, load=(self.load[0], facts(folder).load[0]))


def facts(folder: Path) -> Facts:
    """Look at the machine now."""
    average = os.getloadavg()[0]
    return Facts(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        cores=os.cpu_count() or 0,
        memory=psutil.virtual_memory().total // 2**20,
        disk=disk(folder),
        versions=tuple((name, version(name)) for name in PACKAGES),
        load=(average, average),
    )


def disk(folder: Path) -> str:
    """Name the file system that holds a folder; flushing costs nothing on one in memory."""
    mounted = {Path(part.mountpoint): part.fstype for part in psutil.disk_partitions(all=True)}
    return next((mounted[place] for place in (folder, *folder.parents) if place in mounted), "unknown")
