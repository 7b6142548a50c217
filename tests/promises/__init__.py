"""What must hold, each with where it is said, the test that proves it and the seeded fault that this test sees.

A table a room, `*.txt` beside this file, begun by a line that says what it is about. Two lines each: a field note and
its section, then the sentence; the test (below `tests/`), then the fault, a table of `tests/faults/*.toml` as
file.name, whose own test is this one. `tests/shape/test_promises.py` checks both directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, final


@final
@dataclass(frozen=True, slots=True)
class Promise:
    """One *must*."""

    said: str
    text: str
    test: str  # path::name
    fault: str


def promises(table: Path) -> tuple[Promise, ...]:
    """Read a table."""
    lines = [line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found = []
    for sentence, proof in zip(lines[::2], lines[1::2], strict=True):
        said, _, text = sentence.partition(": ")
        test, fault = proof.split()
        found.append(Promise(said, text, f"tests/{test}", fault))
    return tuple(found)


PROMISES: Final = tuple(promise for table in sorted(Path(__file__).parent.glob("*.txt")) for promise in promises(table))
