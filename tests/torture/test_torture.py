"""The harness for a minute's share: every point once, and one wrong design that must turn it red."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.torture.life import SCHEMA

Database = Callable[..., Coroutine[Any, Any, str]]
ROOT = Path(__file__).parents[2]


async def torture(*arguments: str) -> tuple[int, str]:
    """Run the harness as a process of its own: it forks, and a test's process has threads."""
    command = (sys.executable, "-m", "tests.torture", *arguments)
    child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    out, _ = await child.communicate()
    assert child.returncode is not None
    return child.returncode, out.decode()


async def test_processes_killed_at_any_point_execute_at_most_once_and_leave_a_true_record(database: Database) -> None:
    code, said = await torture("--trials", "4", "--database", await database(SCHEMA))
    assert code == 0, said
    assert "4 trials" in said


async def test_a_wrong_design_turns_the_harness_red(database: Database) -> None:
    code, said = await torture("--wrong", "commit_before_prepared", "--database", await database(SCHEMA))
    assert code == 0, said
    assert said.startswith("caught commit_before_prepared")


@pytest.mark.timeout(600)  # as long as its own bounds
async def test_replicas_killed_while_people_vote_and_take_back_run_what_was_approved_once(database: Database) -> None:
    shop = await database(SCHEMA)
    code, said = await torture("--crowd", "2", "--store", "postgres", "--database", shop)
    assert code == 0, said
    assert " kills, " in said


@pytest.mark.timeout(600)  # as long as its own bounds
async def test_a_wrong_design_turns_a_crowd_red(database: Database) -> None:
    asked = ("--crowd", "1", "--store", "postgres", "--wrong", "revoked_is_said_of_what_runs")
    code, said = await torture(*asked, "--database", await database(SCHEMA))
    assert code == 0, said
    assert "caught revoked_is_said_of_what_runs" in said
