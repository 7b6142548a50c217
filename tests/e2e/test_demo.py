from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import until

pytestmark = pytest.mark.slow
ASSENT = [str(Path(sys.executable).parent / "assent"), "demo"]


def run(place: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the demo with its temporary folders in a place of the test's own."""
    environ = os.environ | {"TMPDIR": str(place)}
    return subprocess.run([*ASSENT, *options], capture_output=True, text=True, timeout=120, check=False, env=environ)


def left_behind(place: Path) -> set[str]:
    return {path.name for path in place.glob("assent-demo-*")}


def test_the_story_holds_and_can_be_verified_by_an_outsider_afterwards(tmp_path: Path) -> None:
    told = run(tmp_path, "--script", "--bigquery", "--keep", str(tmp_path / "kept"))
    assert told.returncode == 0, told.stdout + told.stderr
    assert "verified against the pinned key" in told.stdout
    assert left_behind(tmp_path) == set()
    store, key = tmp_path / "kept/assent.db", (tmp_path / "kept/verifier.vkey").read_text().strip()
    command = [ASSENT[0], "audit", "verify", "--store", f"sqlite:{store}"]
    pinned = subprocess.run([*command, "--key", key], capture_output=True, text=True, check=False)
    assert pinned.returncode == 0, pinned.stdout + pinned.stderr
    alone = subprocess.run(command, capture_output=True, text=True, check=False)
    assert alone.returncode == 3, alone.stdout + alone.stderr


@pytest.mark.parametrize("plant", ["untagged", "tampered"])
def test_the_story_breaks_when_a_fault_is_planted(plant: str, tmp_path: Path) -> None:
    told = run(tmp_path, "--script", "--plant", plant)
    assert told.returncode == 1, told.stdout + told.stderr
    assert "the story broke" in told.stderr


async def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as out:
        environ = os.environ | {"TMPDIR": str(tmp_path)}
        demo = subprocess.Popen(ASSENT, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=environ)

    async def ready() -> bool:
        assert demo.poll() is None, log.read_text()
        return "You are rita" in log.read_text()

    await until(ready, seconds=60)
    made = left_behind(tmp_path)
    assert made
    demo.send_signal(signal.SIGINT)
    assert demo.wait(30) == 0, log.read_text()
    assert left_behind(tmp_path) == set()
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert not any(name in running for name in made)
