"""Let the power go over a store's files, moment after moment, and hold what is found against what was acknowledged.

    python -m tests.disk [--cuts N] [--units N] [--seed N] [--design FULL|NORMAL|OFF]

Ends with 1 when anything acknowledged is gone, or the record does not verify.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.disk.life import DESIGNS
from tests.disk.power import cuts, written
from tests.disk.shim import disk


def say(text: str) -> None:
    """Tell it at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--design", choices=DESIGNS, default="FULL")
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="disk") as folder:
        record = written(disk(Path(folder)), asked.units, asked.design)
        found = cuts(record, asked.cuts, asked.seed)
    for one in found[:20]:
        say(one)
    seconds = time.monotonic() - began
    say(
        f"{asked.cuts} power cuts over {len(record.steps)} writes and syncs, {record.acknowledged} units acknowledged,"
        f" in {seconds:.0f} s: {len(found)} with something lost"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
