"""A store on a disk that loses power, fails, is slow, or opens no more files: nothing acknowledged is lost."""

from __future__ import annotations

import subprocess
from pathlib import Path
from random import Random

import pytest

from core.stores.sqlite.check import copied, verify_store
from tests.disk.life import TOGETHER
from tests.disk.power import BOUND, KEY, cut, cuts, recorded, written
from tests.disk.shim import Disk, NoCompiler, disk

CUTS = 12
UNITS = 60
FLOOD = 6000  # more than the writer's queue


@pytest.fixture
def shimmed(tmp_path: Path) -> Disk:
    try:
        return disk(tmp_path)
    except NoCompiler as missing:
        pytest.skip(str(missing))


def until(child: subprocess.Popen[bytes], word: str) -> bool:
    """Read lines until one says it, or there are no more."""
    assert child.stdout is not None
    return any(line.decode().startswith(word) for line in iter(child.stdout.readline, b""))


def test_what_was_acknowledged_survives_a_power_cut_at_any_moment(shimmed: Disk) -> None:
    record = written(shimmed, UNITS)
    assert record.acknowledged == UNITS
    assert cuts(record, CUTS, seed=1) == []


@pytest.mark.parametrize("design", ["NORMAL", "OFF"])
def test_a_store_that_syncs_less_is_caught(shimmed: Disk, design: str) -> None:
    assert cuts(written(shimmed, UNITS, design), 4, seed=1)


def test_after_a_sync_that_failed_nothing_more_is_acknowledged_and_what_was_is_there(shimmed: Disk) -> None:
    child = shimmed.start(str(UNITS), "BROKEN")
    assert until(child, "sound")
    shimmed.broken.touch()
    assert until(child, "unavailable")
    shimmed.broken.unlink()  # as it is in life: the next sync says nothing
    child.communicate(timeout=BOUND)
    record = recorded(shimmed)
    letters = "".join(step.letter for step in record.steps)
    assert letters[letters.index("E") :].count("A") < TOGETHER  # whoever was acknowledged before and told late
    assert record.acknowledged < UNITS
    found = [cut(record, len(record.steps), Random(seed)) for seed in range(4)]  # noqa: S311
    assert found == [""] * 4


def test_a_slow_disk_turns_work_away_and_loses_none_that_it_took(shimmed: Disk) -> None:
    child = shimmed.start(str(FLOOD), "FLOOD", slow=20_000)
    out, _ = child.communicate(timeout=BOUND)
    (turned,) = [int(line.split()[1]) for line in out.decode().splitlines() if line.startswith("busy ")]
    assert turned > 0
    assert recorded(shimmed).acknowledged == FLOOD - turned
    assert verify_store(shimmed.store, KEY).findings == ()


def test_a_process_that_can_open_no_file_refuses_and_goes_on_when_it_can(shimmed: Disk) -> None:
    child = shimmed.start("2", "NO_FILES")
    out, _ = child.communicate(timeout=BOUND)
    lines = out.decode().splitlines()
    assert child.returncode == 0
    refused, ended = lines
    assert refused.startswith("refused the payloads of ")  # as one of the record's own errors, so nothing runs
    assert ended == "goes on"
    assert verify_store(shimmed.store, KEY).findings == ()
    with copied(shimmed.store) as log:
        intents = sum(row.kind == "call.intent" for row in log.entries())
    assert intents == recorded(shimmed).acknowledged
