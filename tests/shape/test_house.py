"""The house stays as it was drawn: who makes a noun, what a file may hold, what the locks may say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from cli.serve.house import DOORS

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PRODUCT = tuple(PROJECT["tool"]["importlinter"]["root_packages"])
SHIPPED = tuple(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])

BROAD = {"Exception", "BaseException"}

# Where a broad except ends a line of work: the gateway's, a door's, a thread's, a loop's.
LAST_LINES = {
    "core/gateway.py",
    "core/stores/postgres/appender.py",
    "core/stores/sqlite/writer.py",
    "mcp_server/tools.py",
    "slackbot/transport/flight.py",
    "slackbot/home/homes.py",
    "slackbot/redraw.py",
    "slackbot/home/reminders.py",
}


# `slackbot/invented.py` invents some nouns, which never reach the line.
def makers(doors: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Say of each noun the only places that construct it: how a path begins or, with a star, a pattern."""
    return {
        "Call": (*(f"{door}/" for door in doors), "cli/", "core/execution/resumed.py", "core/execution/collect.py"),
        "Caller": ("core/identity/", "slackbot/invented.py"),
        # A Source without a language of its own needs no room of the reading: its connector says what it would do.
        "Reading": (
            "core/classify/",
            "core/connectors/*/reading.py",
            "core/policy/visible.py",
            "core/policy/changing/examples.py",
        ),
        "Allow": ("core/policy/", "core/enquiry.py"),
        "Ask": ("core/policy/",),
        "Vote": ("core/reviews/", "core/stores/", "slackbot/invented.py"),
        "Review": ("core/execution/asking/opening.py", "core/stores/", "slackbot/invented.py"),
        "Approval": ("core/execution/resumed.py",),
        "Permit": ("core/policy/permit.py",),
        "Rows": ("core/connectors/",),
        "Masked": ("core/masking/", "core/packing.py"),
        "Answered": ("core/execution/",),
        "Protection": ("core/masking/",),
    }


MAKERS = makers(DOORS)


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders or PRODUCT:
        yield from sorted((ROOT / folder).rglob("*.py"))


def strangers(name: str, text: str, makers: Mapping[str, tuple[str, ...]] = MAKERS) -> list[str]:
    """Name the nouns that a file makes outside their rooms."""
    return [
        f"{name}:{node.lineno} {node.func.id}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers
        if not any(fnmatch(name, room if "*" in room else f"{room}*") for room in makers[node.func.id])
    ]


def test_a_noun_is_made_only_in_its_room() -> None:
    held = (strangers(path.relative_to(ROOT).as_posix(), path.read_text()) for path in sources(*SHIPPED))
    assert [one for found in held for one in found] == []


@pytest.mark.parametrize("noun", sorted(MAKERS))
def test_a_noun_made_elsewhere_is_seen(noun: str) -> None:
    assert strangers("core/telemetry/odd.py", f"def make():\n    return {noun}(x=1)\n") == [
        f"core/telemetry/odd.py:2 {noun}"
    ]


@pytest.mark.parametrize(
    "word", ["TO" + "DO", "FIX" + "ME", "X" + "XX", "Not" + "ImplementedError", "type: " + "ignore"]
)
def test_nothing_is_left_half_done(word: str) -> None:
    held = [f"{path.relative_to(ROOT)}" for path in sources() if re.search(rf"\b{re.escape(word)}\b", path.read_text())]
    assert held == []


def test_no_test_uses_mock_objects() -> None:
    words = ("unittest" + ".mock", "Magic" + "Mock", "Async" + "Mock")
    assert [path for path in sources("tests") for word in words if word in path.read_text()] == []


def test_no_coroutine_draws() -> None:
    """Hypothesis ends an example by a BaseException, which ends the event loop's runner, and every test after it."""
    drawing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.AsyncFunctionDef) and "DataObject" in ast.unparse(node.args)
    ]
    assert drawing == []


def test_broad_excepts_clean_up_and_raise_or_are_a_last_line() -> None:
    held = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in BROAD):
                last = node.body[-1]
                if not (isinstance(last, ast.Raise) and last.exc is None):
                    held.add(path.relative_to(ROOT).as_posix())
    assert held == LAST_LINES


def test_the_line_fits_on_three_screens() -> None:
    assert len((ROOT / "core/gateway.py").read_text().splitlines()) <= 150


def test_files_stay_short() -> None:
    long = {path.relative_to(ROOT).as_posix() for path in sources() if len(path.read_text().splitlines()) > 400}
    assert not long


@pytest.mark.parametrize("lock", ["requirements.lock", "bootstrap.lock"])
def test_a_lock_names_no_address_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_lock_satisfies_the_project() -> None:
    locked = dict(
        re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\\n]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    )
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    for line in wanted:
        need = Requirement(line)
        assert need.specifier.contains(locked[need.name.lower()]), line


def test_help_does_not_load_the_heavy_libraries() -> None:
    code = (
        "import sys; from cli.main import app; "
        "print([m for m in ('mcp', 'sqlglot', 'slack_bolt', 'google.cloud.bigquery') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
