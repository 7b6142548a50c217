"""Builds the shim, and runs a process behind it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("shim.c")


class NoCompiler(RuntimeError):
    """There is no C compiler here."""


@dataclass(frozen=True)
class Disk:
    """A folder whose files are written through the shim."""

    shim: Path
    root: Path  # of the store
    log: Path
    broken: Path  # while it exists syncs fail

    @property
    def store(self) -> Path:
        """The store's database."""
        return self.root / "assent.db"

    def start(self, *words: str, slow: int = 0) -> subprocess.Popen[bytes]:
        """Start `python -m tests.disk.life` behind the shim; `slow`: microseconds before each sync."""
        behind = {
            "LD_PRELOAD": str(self.shim),
            "DISK_ROOT": str(self.root),
            "DISK_LOG": str(self.log),
            "DISK_BREAK": str(self.broken),
            **({"DISK_SLOW": str(slow)} if slow else {}),
        }
        command = (sys.executable, "-m", "tests.disk.life", str(self.store), *words)
        environ = {**os.environ, **behind, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE)


def disk(folder: Path) -> Disk:
    """Build the shim for a folder.

    Raises: NoCompiler.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        raise NoCompiler("no C compiler (cc) here: the disk cannot be made to fail")
    shim, root = folder / "shim.so", folder / "store"
    root.mkdir(mode=0o700)
    command = (compiler, "-O1", "-shared", "-fPIC", "-o", str(shim), str(SOURCE), "-ldl", "-lpthread")
    subprocess.run(command, check=True)
    return Disk(shim, root, folder / "record", folder / "broken")
