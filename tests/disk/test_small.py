"""A store on a real disk of a few megabytes that is full, read-only or somebody else's: refused, and never lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.disk.shim import ROOT

APART = ("unshare", "--user", "--map-root-user", "--mount")
BOUND = 300.0


def run(
    folder: Path, *trial: str, module: str = "small", apart: Sequence[str] = APART
) -> Mapping[str, Mapping[str, Any]]:
    """Run a trial on a disk of its own; what it saw, by name."""
    if shutil.which("unshare") is None or subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no mount namespace of our own here (unshare): no small disk can be made")
    command = (*apart, sys.executable, "-m", f"tests.disk.{module}", str(folder), *trial)
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=BOUND, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return {line["what"]: line for line in map(json.loads, done.stdout.decode().splitlines())}


def whole(saw: Mapping[str, Mapping[str, Any]]) -> bool:
    """All that was acknowledged is there, nothing else is, and the record holds."""
    found = saw["found"]
    return found["told"] > 0 and (found["lost"], found["unrecorded"], found["findings"]) == (0, 0, 0)


def test_a_full_disk_is_on_record_while_it_is_full_refuses_and_is_over_by_itself(tmp_path: Path) -> None:
    saw = run(tmp_path, "full")
    assert saw["refused"]["degraded"] == ["audit.degraded.enter"]  # from the room that was kept
    assert saw["resumed"]["degraded"] == ["audit.degraded.enter", "audit.degraded.exit"]
    assert whole(saw)


def test_a_disk_that_is_read_only_refuses_a_start_by_name_and_takes_none_of_what_was_there(tmp_path: Path) -> None:
    saw = run(tmp_path, "fixed")
    assert "Read-only file system" in saw["refused"]["why"]
    assert whole(saw)


def test_a_database_that_another_program_holds_refuses_and_goes_on_when_it_is_free(tmp_path: Path) -> None:
    saw = run(tmp_path, "locked")
    assert "refused" in saw
    assert whole(saw)


def test_a_server_whose_disk_is_full_is_out_of_reach_though_no_call_came(tmp_path: Path) -> None:
    """As root alone: a server runs as another user, whom a namespace of ours does not know."""
    if os.geteuid() != 0:
        pytest.skip("not root: no small disk can be made for a server of another user")
    saw = run(tmp_path, module="server", apart=("unshare", "--mount"))
    assert saw["roomy"]["ready"]
    assert (saw["full"]["ready"], saw["full"]["recorded"]) == (False, 0)
    assert (saw["found"]["lost"], saw["found"]["gapless"]) == (0, True)
