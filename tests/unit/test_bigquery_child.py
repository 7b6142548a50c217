"""The parsing process: killed when late, replaced, without secrets, gone with its parent."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from core.classify.bigquery import offline
from core.classify.bigquery.child import (
    BOOT,
    LENGTH,
    READER,
    TEXT_SECONDS,
    WALL_SECONDS,
    Child,
    Late,
    Pool,
    Silent,
    whole,
)
from core.classify.bigquery.offline import reading
from core.model import Doubt, Json, Reading, Unreadable

# Each level of these doubles sqlglot's time: 30 levels take hours.
FREEZERS = ["SELECT " + "array[" * 40, "SELECT " + "struct(" * 40, "SELECT CAST(1 AS " + "array<struct<a " * 30]
FREEZER = json.dumps({"text": FREEZERS[0]}).encode()
ONE = b'{"text": "SELECT 1"}'
BOUND = 30.0


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(size=1)
    yield made
    made.close()


def until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + BOUND
    while time.monotonic() < deadline:
        if condition():
            return True
        threading.Event().wait(0.02)
    return condition()


def gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("text", FREEZERS)
def test_a_text_that_freezes_the_parser_is_unreadable_and_the_next_is_read(text: str) -> None:
    answer = offline(text)
    assert isinstance(answer, Unreadable)
    assert answer.doubt in {Doubt.LIMITS, Doubt.SYNTAX}
    assert isinstance(offline("SELECT 1"), Reading)


def test_a_child_past_its_processor_time_ends_and_its_successor_is_started_at_once(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.classify.bigquery.child.WALL_SECONDS", 600.0)
    pool.ask(ONE)
    (before,) = pool.pids
    with pytest.raises(Late, match="ended"):
        pool.ask(FREEZER)
    assert gone(before)
    (after,) = pool.pids
    assert after != before
    assert b"pairs" in pool.ask(ONE)
    assert pool.pids == {after}


def test_a_text_has_one_second_of_the_processor_and_ten_of_the_clock() -> None:
    assert (TEXT_SECONDS, WALL_SECONDS) == (1.0, 10.0)


def test_a_busy_machine_makes_no_text_late(pool: Pool) -> None:
    pool.ask(ONE)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)  # for longer than a text has
    again = threading.Timer(1.3 * TEXT_SECONDS, os.kill, (pid, signal.SIGCONT))
    again.start()
    assert b"pairs" in pool.ask(ONE)
    again.join()
    assert pool.pids == {pid}


def test_a_child_that_gets_no_processor_is_killed_by_the_clock(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    pool.ask(ONE)
    (pid,) = pool.pids
    monkeypatch.setattr("core.classify.bigquery.child.WALL_SECONDS", 0.2)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(Late, match="late"):
        pool.ask(ONE)
    assert gone(pid)


def test_a_child_that_was_killed_while_idle_is_replaced_before_the_next_text(pool: Pool) -> None:
    pool.ask(ONE)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGKILL)
    assert until(lambda: gone(pid))
    assert b"pairs" in pool.ask(ONE)
    assert pid not in pool.pids


def test_a_child_that_is_killed_over_a_text_gives_no_answer(pool: Pool) -> None:
    pool.ask(ONE)
    (pid,) = pool.pids
    killer = threading.Timer(0.2, os.kill, (pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(Late):
        pool.ask(FREEZER)
    killer.join()
    assert b"pairs" in pool.ask(ONE)


def test_hundreds_of_statements_are_read_by_one_process(pool: Pool) -> None:
    pool.ask(ONE)
    before = pool.pids
    for number in range(500):
        assert f"d.t{number}".encode() in pool.ask(json.dumps({"text": f"SELECT a FROM d.t{number}"}).encode())
    assert pool.pids == before


def test_threads_get_the_answers_to_their_own_texts() -> None:
    wrong: list[str] = []

    def ask(name: str) -> None:
        for number in range(40):
            text = "SELECT " + "array[" * 40 if (name, number) == ("t3", 5) else f"SELECT a FROM {name}.n{number}"
            answer = offline(text)
            named = {pair.thing.name for pair in answer.pairs} if isinstance(answer, Reading) else set()
            if "array" not in text and named != {f"{name}.n{number}"}:
                wrong.append(text)

    threads = [threading.Thread(target=ask, args=(f"t{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(BOUND)
    assert wrong == []


def test_the_child_has_no_environment_and_none_of_our_descriptors(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ASSENT_SECRET", "hunter2")
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    descriptor = os.open(secret, os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    try:
        pool.ask(ONE)
        (pid,) = pool.pids
        child = psutil.Process(pid)
        assert "ASSENT_SECRET" not in child.environ()
        assert "hunter2" not in str(child.environ())
        assert child.open_files() == []
        assert child.num_fds() <= 4
        assert child.net_connections() == []
        assert child.cwd() == "/"
    finally:
        os.close(descriptor)


def test_the_child_imports_nothing_of_ours_but_the_reader() -> None:
    look = "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    code = BOOT.replace("\nmain(float(seconds))\n", f"\n{look}\n")
    ran = subprocess.run(
        [sys.executable, "-I", "-c", code, str(READER), "1"], capture_output=True, text=True, check=True, env={}
    )
    names = set(ran.stdout.split())
    assert {"reader", "sqlglot"} <= names
    assert not {"core", "cli", "mcp_server", "postgast", "asyncpg", "google"} & names


def test_sqlglot_is_not_loaded_in_our_own_process() -> None:
    code = (
        "import sys; from core.classify.bigquery import offline; offline('SELECT 1'); print('sqlglot' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def spawned(rest: str) -> int:
    code = (
        "import os, signal, sys, threading; from core.classify.bigquery import offline; "
        f"from core.classify.bigquery.child import POOL; offline('SELECT 1'); print(*POOL.pids, flush=True); {rest}"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return int(ran.stdout.split()[0])


@pytest.mark.parametrize(
    "rest",
    [
        "pass",
        "os.kill(os.getpid(), signal.SIGKILL)",
        f"threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGKILL)).start(); offline('SELECT ' + {'array[' * 40!r})",
    ],
)
def test_the_child_ends_with_its_parent_however_that_ends(rest: str) -> None:
    pid = spawned(rest)
    assert until(lambda: gone(pid))


def test_a_forked_process_starts_its_own_child() -> None:
    offline("SELECT 1")
    code = (
        "import os, sys; from core.classify.bigquery import offline; from core.classify.bigquery.child import POOL\n"
        "offline('SELECT 1'); before = POOL.pids\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    offline('SELECT 2'); os._exit(0 if POOL.pids and not POOL.pids & before else 1)\n"
        "print(os.waitpid(pid, 0)[1], POOL.pids == before, type(offline('SELECT 3')).__name__)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0", "True", "Reading"]


def test_after_closing_nothing_is_read(pool: Pool) -> None:
    pool.ask(ONE)
    (pid,) = pool.pids
    pool.close()
    assert gone(pid)
    with pytest.raises(Silent):
        pool.ask(ONE)


def test_a_child_uses_bounded_memory(pool: Pool) -> None:
    pool.ask(ONE)
    (pid,) = pool.pids
    if hasattr(psutil.Process, "rlimit"):
        assert psutil.Process(pid).rlimit(psutil.RLIMIT_AS)[1] <= 1 << 30
        assert psutil.Process(pid).rlimit(psutil.RLIMIT_FSIZE)[1] == 0


def test_an_answer_is_one_whole_frame() -> None:
    frame = LENGTH.pack(2) + b"{}"
    assert whole(bytearray(frame)) == b"{}"
    assert whole(bytearray(frame[:-1])) is None
    assert whole(bytearray(b"\0")) is None
    for bad in (frame + b"x", LENGTH.pack(1 << 31)):
        with pytest.raises(Late):
            whole(bytearray(bad))


def test_a_child_that_never_says_ready_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.classify.bigquery.child.BOOT", "print('x' * 1000)")
    child = Child()
    try:
        with pytest.raises(Silent):
            child.ask(ONE)
    finally:
        child.close()


GOOD: dict[str, Json] = {
    "pairs": [["table", "t", "read"]], "facts": [], "functions": [], "columns": [], "named": [], "placed": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    "told",
    [
        None, [], 1, {}, {"doubt": "unknown"}, {"doubt": "fine", "sentence": "x"}, GOOD | {"pairs": []},
        GOOD | {"pairs": [["table", "t", "reads"]]}, GOOD | {"pairs": [["table", "t"]]}, GOOD | {"pairs": "x"},
        GOOD | {"pairs": [["table", None, "read"]]}, GOOD | {"facts": ["none"]}, GOOD | {"columns": [["a"]]},
        GOOD | {"functions": [1]}, {key: value for key, value in GOOD.items() if key != "columns"},
    ],
)  # fmt: skip
def test_an_account_of_another_form_becomes_no_reading(told: Json) -> None:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        assert not isinstance(reading("SELECT 1", told, ()), Reading)
    assert isinstance(reading("SELECT 1", GOOD, ()), Reading)
