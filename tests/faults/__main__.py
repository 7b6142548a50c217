"""Break one guarding line at a time in a copy of the tree; the named test must fail, or it guards nothing.

    python -m tests.faults [NAME …] [--list] [--sample N]

Data: `tests/faults/*.toml`, a table per fault: file, old, new, test. Exit 0: every fault was seen.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from py_compile import PycInvalidationMode
from random import Random
from typing import Final, final

from tests.node import NAMED, PACKAGES

ROOT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent
SECONDS: Final = 300  # a broken line may also show as a test that never ends
LEFT_OUT: Final = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", "build", "node_modules", ".*_cache", ".hypothesis"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One line broken on purpose."""

    name: str
    file: str
    old: str
    new: str
    test: str


def faults() -> list[Fault]:
    """Read all of them, by name."""
    found = []
    for path in sorted(HERE.glob("*.toml")):
        found += [Fault(name=f"{path.stem}.{name}", **said) for name, said in tomllib.loads(path.read_text()).items()]
    return found


def passes(tree: Path, test: str) -> bool:
    """Run one test in a copy of the tree."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *test.split()]
    here = {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "ASSENT_WHOLE": "1", NAMED: str(PACKAGES)}
    environment = {**os.environ, **here}
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, check=False, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode not in {0, 1}:  # 1: tests failed; all else: nothing was tested
        raise SystemExit(f"{test}: pytest ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 0


def seen(tree: Path, fault: Fault) -> bool:
    """Break one line, run its test, mend it."""
    place = tree / fault.file
    whole = place.read_text()
    if whole.count(fault.old) != 1:
        raise SystemExit(f"{fault.name}: its line stands {whole.count(fault.old)} times in {fault.file}")
    place.write_text(whole.replace(fault.old, fault.new))
    try:
        return not passes(tree, fault.test)
    finally:
        place.write_text(whole)


def say(text: str) -> None:
    """Tell it at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Break them all, or those named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of them, others each day")
    asked = parser.parse_args()
    chosen = [fault for fault in faults() if not asked.names or fault.name in asked.names]
    if asked.sample is not None:
        chosen = Random(datetime.now(UTC).date().isoformat()).sample(chosen, min(asked.sample, len(chosen)))  # noqa: S311
    if asked.list:
        say("\n".join(fault.name for fault in chosen))
        return 0
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        # By what a file holds, not by its time: a broken line is never run as it was compiled before.
        compileall.compile_dir(tree, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
        for test in sorted({fault.test for fault in chosen}):
            if not passes(tree, test):
                raise SystemExit(f"{test} fails without a fault")
        for fault in chosen:
            found = seen(tree, fault)
            say(f"{'seen  ' if found else 'MISSED'} {fault.name}")
            missed += [] if found else [fault.name]
    say(f"{len(chosen) - len(missed)} of {len(chosen)} faults seen")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
