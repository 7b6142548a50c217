"""Two processes' share of the harness that records megabytes and erases beside it."""

from __future__ import annotations

import subprocess
import sys

from tests.torture.volume import ROOT


def test_what_is_recorded_in_volume_is_there_or_erased_whole_whatever_was_killed() -> None:
    command = (sys.executable, "-m", "tests.torture.volume", "--kills", "2", "--seconds", "1")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "; 0 violations" in done.stdout
