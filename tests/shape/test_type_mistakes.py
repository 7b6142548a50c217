"""The order of the line is a type: the mistakes that matter most do not type-check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
EXPECTED = {
    "run_a_call": '"Visit" has incompatible type "Call"; expected "Permit"',
    "answer_rows": '"Answered" has incompatible type "Rows"; expected "Masked"',
    "decide_on_text": '"Judge" has incompatible type "str"; expected "Reading | Unreadable"',
    "change_a_permit": 'Property "text" defined in "Permit" is read-only',
}


@pytest.fixture(scope="module")
def findings() -> str:
    files = [str(HERE / "mistakes" / f"{name}.py") for name in EXPECTED]
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", *files]
    return subprocess.run(command, capture_output=True, text=True, cwd=HERE.parents[1], check=False).stdout


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_type_checker_refuses_the_mistake(name: str, findings: str) -> None:
    mine = [line for line in findings.splitlines() if f"{name}.py" in line]
    assert any(EXPECTED[name] in line for line in mine), findings


def test_every_mistake_on_file_is_expected_to_be_refused() -> None:
    assert {path.stem for path in (HERE / "mistakes").glob("*.py")} == set(EXPECTED)
