"""Alter a log, its checkpoints and its proofs, and hold every verifier to it: found, or it says the same.

    python -m tests.mutations [--each N] [--kinds NAME …] [--seed N] [--weak NAME | --controls]

Ends with 1 when one alteration was taken. `--controls`: every weak verifier must be caught.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from tests.mutations import files, papers, rows, weak
from tests.mutations.world import Kind, Said, World, made

EACH: Final = 5000
WIDE: Final = 60  # reads in each Session where a full tile is needed
KINDS: Final[dict[str, Kind]] = {
    f"{group}.{kind.__name__.strip('_')}": kind
    for group, kinds in (("log", rows.KINDS), ("proof", papers.KINDS), ("file", files.KINDS))
    for kind in kinds
}


def say(text: str) -> None:
    """Tell it at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def altered(name: str, each: int, seed: int, world: World) -> Counter[Said]:
    """Alter so many times by one kind."""
    dice = Random(f"{seed} {name}")  # noqa: S311  # repeatable, no secret
    return Counter(KINDS[name](dice, world) for _ in range(each))


def run(names: Sequence[str], each: int, seed: int) -> bool:
    """Alter by every kind; say what became of it, and answer whether all is well."""
    began, total = time.monotonic(), Counter[Said]()
    with TemporaryDirectory(prefix="mutations") as folder:
        world, wide = made(), made(WIDE)
        world.files = wide.files = files.store(Path(folder))
        for name in names:
            found = altered(name, each, seed, wide if name == "log.tile" else world)
            total += found
            say(f"{name:24}" + ", ".join(f"{found[one]} {one.value}" for one in Said if found[one]))
    seconds = time.monotonic() - began
    say(f"{sum(total.values())} alterations of {len(names)} kinds in {seconds:.0f} s, {total[Said.MISSED]} missed")
    return not total[Said.MISSED]


def controlled(names: Sequence[str], each: int, seed: int) -> bool:
    """Alter under each weak verifier until one alteration is taken."""
    world, wide, missed = made(), made(WIDE), False
    for name in names:
        design = weak.WEAK[name]
        with design.put():
            caught = altered(design.kind, each, seed, wide if design.kind == "log.tile" else world)[Said.MISSED]
        say(f"{'caught' if caught else 'NOT CAUGHT'} {name} by {design.kind}")
        missed = missed or not caught
    return not missed


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--each", type=int, default=EACH, metavar="N", help="alterations of each kind")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), metavar="NAME")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weak", choices=weak.WEAK, metavar="NAME")
    parser.add_argument("--controls", action="store_true")
    asked = parser.parse_args()
    if asked.weak or asked.controls:
        return 0 if controlled([asked.weak] if asked.weak else list(weak.WEAK), asked.each, asked.seed) else 1
    return 0 if run(asked.kinds, asked.each, asked.seed) else 1


if __name__ == "__main__":
    sys.exit(main())
