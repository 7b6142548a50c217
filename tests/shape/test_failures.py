"""Every failure of the field note's list has tests that bring it about, and each of them is there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[1]
ROWS: Final = 20  # of journal.md, section 11


def table() -> list[tuple[int, str]]:
    """Read (row, test) for every test that the table names."""
    found: list[tuple[int, str]] = []
    row = 0
    for line in (Path(__file__).parent / "failures.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            found.append((row, line.strip()))
        elif not line.startswith("#"):
            row = int(line.split()[0])
    return found


def test_no_failure_is_without_its_tests() -> None:
    assert sorted({row for row, _ in table()}) == list(range(1, ROWS + 1))


@pytest.mark.parametrize(("row", "test"), table())
def test_each_of_them_is_there(row: int, test: str) -> None:
    path, _, name = test.partition("::")
    assert f"def {name}(" in (TESTS / path).read_text(encoding="utf-8"), row
