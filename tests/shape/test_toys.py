"""Adding is adding: a connector and a door are one folder each, and three lines elsewhere at most."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cli.serve.house import DOORS, Opens
from core.assembly.plain import Make
from tests.shape.test_house import makers, strangers
from tests.shape.toys.doorbell.door import opened
from tests.shape.toys.herd import HerdConnector

MAKE: Make = HerdConnector  # the type checker holds both to the ports as they are now
OPENS: Opens = opened
ROOT = Path(__file__).parents[2]
TOYS = ROOT / "tests/shape/toys"

# File -> each line that is changed, and what stands in its place.
CONNECTOR = (
    ("core/model/source.py", '    BIGQUERY = "bigquery"\n', '    BIGQUERY = "bigquery"\n    HERD = "herd"\n'),
    (
        "core/assembly/plain.py",
        "from core.errors import SettingsError, SourceUnavailable\n",
        "from core.connectors.herd import HerdConnector\nfrom core.errors import SettingsError, SourceUnavailable\n",
    ),
    ("core/assembly/plain.py", "    {\n    }\n", "    {\n        Dialect.HERD: HerdConnector,\n    }\n"),
)
DOOR = (
    ("pyproject.toml", 'root_packages = ["core", ', 'root_packages = ["core", "doorbell", '),
    ("pyproject.toml", '"mcp_server | slackbot', '"mcp_server | doorbell | slackbot'),
    ("cli/serve/house.py", '    "mcp_server",\n', '    "mcp_server",\n    "doorbell",\n'),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with both toys: every file a link, but those that a line is added to."""
    tree = tmp_path_factory.mktemp("house") / "tree"
    tree.mkdir()
    real = {Path(name).parents[0] for name, _, _ in (*CONNECTOR, *DOOR)} | {Path("core/connectors")}
    folders = real | {above for one in real for above in one.parents}
    for folder in sorted(folders):
        (tree / folder).mkdir(exist_ok=True)
        for one in (ROOT / folder).iterdir():
            if folder / one.name not in folders and not one.name.startswith((".", "__pycache__")):
                (tree / folder / one.name).symlink_to(one)
    shutil.copytree(TOYS / "herd", tree / "core/connectors/herd")
    shutil.copytree(TOYS / "doorbell", tree / "doorbell")
    for name, old, new in (*CONNECTOR, *DOOR):
        text = (tree / name).read_text()
        assert text.count(old) == 1, (name, old)
        (tree / name).unlink()
        (tree / name).write_text(text.replace(old, new))
    return tree


def run(copy: Path, *words: str) -> str:
    beside = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, *words], cwd=copy, env=beside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("changes", [CONNECTOR, DOOR], ids=["connector", "door"])
def test_a_toy_needs_three_lines_outside_its_folder(changes: tuple[tuple[str, str, str], ...]) -> None:
    assert sum(len(set(new.splitlines()) - set(old.splitlines())) for _, old, new in changes) <= 3


@pytest.fixture(scope="module")
def visit(copy: Path) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = json.loads(run(copy, "-m", "tests.shape.toys.visit"))
    return found


def test_a_call_at_a_toy_door_is_read_and_masked_by_a_toy_connector(
    visit: Mapping[str, list[Any]],
) -> None:
    assert visit["told"][0]["rows"] == [["Dolly", "***"], ["Shaun", "***"]]
    assert visit["told"][0]["masks"] == [None, "hide"]


def test_what_no_rule_covers_or_nobody_can_read_is_refused_at_a_toy_door(
    visit: Mapping[str, list[Any]],
) -> None:
    assert [one.get("code") for one in visit["told"]] == [None, "no_rule", "unknown", "unauthenticated"]
    assert all("rows" not in one for one in visit["told"][1:])


def test_a_call_at_a_toy_door_is_in_the_record(visit: Mapping[str, list[Any]]) -> None:
    call = [["call.intent", "doorbell"], ["call.outcome", None]]
    assert visit["log"] == [call, call, call, []]


def test_a_toy_source_is_as_safe_to_configure_as_any(visit: Mapping[str, list[Any]]) -> None:
    wanted = (
        'acknowledge = ["spliced:farm"]',
        'acknowledge = ["no-tls:farm"]',
        "a herd Source masks in the text only",
        "a herd Source has no such setting",
        "read_url is missing",
    )
    assert [sentence in str(said) for sentence, said in zip(wanted, visit["unsafe"], strict=True)] == [True] * 5


def test_toys_make_no_noun_that_is_not_theirs(copy: Path) -> None:
    files = [path for toy in ("core/connectors/herd", "doorbell") for path in (copy / toy).glob("*.py")]
    rooms = makers((*DOORS, "doorbell"))
    held = [strangers(path.relative_to(copy).as_posix(), path.read_text(), rooms) for path in files]
    assert len(held) == 4
    assert not any(held)


def test_the_houses_contracts_hold_with_toys_in_it(copy: Path) -> None:
    said = run(copy, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache")
    contracts = tomllib.loads((copy / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert f"{len(contracts)} kept, 0 broken" in said
