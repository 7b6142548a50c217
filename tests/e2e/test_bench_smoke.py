from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from bench import clicking, door, policy, watching
from bench.speech import RAW
from bench.subjects import SUBJECTS
from tests.waiting import until

ROOT = Path(__file__).parent.parent.parent
BENCH = [sys.executable, "-m", "bench", "--smoke"]


def test_the_benchmark_runs_verifies_answers_and_record_and_prints_its_table(tmp_path: Path) -> None:
    place = tmp_path / "run.json"
    ended = subprocess.run(
        [*BENCH, "--json", str(place)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "NOT FOR PUBLICATION: one round shows no spread" in ended.stdout
    said = json.loads(place.read_text())
    assert said["publishable"] is False
    assert said["record"]["entries"] >= 2 * said["record"]["calls"] > 0
    (turn,) = said["rounds"]
    seen = {(cell["contestant"], cell["protocol"], cell["callers"], cell["shape"]) for cell in turn["cells"]}
    shapes = ("point", "100 rows")
    lanes = [("point", "2025-11-25"), ("point", "2026-07-28"), ("100 rows", "2025-11-25")]
    assert seen == {("asyncpg", "", callers, shape) for callers in (1, 16) for shape in shapes} | {
        (name, protocol, callers, shape)
        for name in ("echo", "assent", "assent masked")
        for shape, protocol in lanes
        for callers in (1, 16)
    }


def test_the_bench_of_the_door_names_callers_and_holds_calls() -> None:
    run = asyncio.run(door.seen(lambda _: None, calls=40, tokens=20))
    assert 0 < run.known < min(run.unknown.values())
    assert set(run.held) == set(RAW)
    assert "| a token that is known, us |" in door.told(run, 40)


def test_the_bench_of_clicks_decides_each_once_over_either_transport() -> None:
    run = asyncio.run(clicking.seen(lambda _: None, clicks=3, fuzzed=20))
    assert {way: len(took) for way, took in run.acks.items()} == {"socket": 3, "http": 3}
    assert (run.decided, run.pinged) == (1, 0)
    assert run.words <= clicking.WORDS
    assert "| burst of 60, all cards redrawn, s |" in clicking.told(run)


def test_the_reading_bench_pairs_every_statement_with_the_driver_alone(tmp_path: Path) -> None:
    place = tmp_path / "run.json"
    ended = subprocess.run(
        [*BENCH, "--reading", "--json", str(place)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    said = json.loads(place.read_text())
    assert [each["subject"] for each in said["added"]] == [subject.name for subject in SUBJECTS]
    for each in said["added"]:
        assert each["calls"] > 0
        assert each["raw"] > 0
        assert each["median"] <= each["p95"]
    assert said["memory"]["rows"] == 1_000
    assert said["memory"]["ours"] >= 0
    assert f"one token in the server: {said['token']:.2f} us" in ended.stdout


def test_the_bench_of_appends_pairs_each_store_with_the_usual_design(tmp_path: Path) -> None:
    place = tmp_path / "run.json"
    ended = subprocess.run(
        [*BENCH, "--stores", "--json", str(place)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    said = json.loads(place.read_text())
    assert [(pair["name"], pair["callers"]) for pair in said["pairs"]] == [("SQLite", 16), ("PostgreSQL", 64)]
    assert all(window["rate"] > 0 for pair in said["pairs"] for window in (*pair["ours"], *pair["theirs"]))


def test_the_bench_of_sinks_puts_dead_ones_beside_calls() -> None:
    ended = subprocess.run([*BENCH, "--sinks"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("times alone at p50") == 4


async def test_a_stopped_benchmark_leaves_no_process_and_no_folder_behind(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with (tmp_path / "said").open("wb") as said:
        started = subprocess.Popen(BENCH, cwd=ROOT, env=environment, stdout=said, stderr=said)

    async def pressing() -> bool:
        assert started.poll() is None, (tmp_path / "said").read_text()
        return b"floors" in (tmp_path / "said").read_bytes()

    try:
        await until(pressing, 60)
        below = psutil.Process(started.pid).children(recursive=True)
        assert len(below) >= 3  # PostgreSQL and two servers
        started.send_signal(signal.SIGTERM)
        assert started.wait(60) == 128 + signal.SIGTERM
        with contextlib.suppress(psutil.NoSuchProcess):
            assert not [each for each in below if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
        assert [each.name for each in tmp_path.iterdir()] == ["said"]
    finally:
        if started.poll() is None:
            started.kill()
            started.wait()


def test_the_policy_bench_decides_and_loads() -> None:
    lines = policy.report().splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == [
        "| decide 20 pairs by 500 rules over 2,000 tables",
        "| read, check and index 5,000 rules",
    ]


def test_the_bench_of_watching_says_what_numbers_cost() -> None:
    assert watching.report().startswith("watching one call, where nobody keeps spans: ")
