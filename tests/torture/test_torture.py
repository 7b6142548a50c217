"""The harness for a minute's share: some points and kills, every directed trial, and wrong designs that it must see."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.torture.directed import SHARED, TRIALS
from tests.torture.life import SCHEMA
from tests.torture.wrong_acts import DESIGNS

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


@pytest.mark.parametrize("design", ["commit_before_prepared", "answer_before_outcome"])
async def test_a_wrong_design_turns_the_harness_red(database: Database, design: str) -> None:
    code, said = await torture("--wrong", design, "--database", await database(SCHEMA))
    assert code == 0, said
    assert said.startswith(f"caught {design}")


@pytest.mark.timeout(600)  # as long as its own bounds
async def test_replicas_killed_while_people_vote_and_take_back_run_what_was_approved_once(database: Database) -> None:
    shop = await database(SCHEMA)
    code, said = await torture("--crowd", "2", "--store", "postgres", "--database", shop)
    assert code == 0, said
    assert " kills, " in said


async def test_at_no_moment_is_a_grant_overused_an_answer_lost_or_anybody_told_twice(database: Database) -> None:
    code, said = await torture("--directed", "--database", await database(SCHEMA))
    assert code == 0, said
    assert f"{len(TRIALS)} trials, 0 violations" in said


async def test_each_wrong_design_is_caught_in_every_run(database: Database) -> None:
    code, said = await torture("--directed", "--controls", "--database", await database(SCHEMA))
    assert code == 0, said
    assert said.count("caught ") == len(DESIGNS)


async def test_two_processes_never_both_get_the_last_use_or_the_last_rows_of_a_grant(database: Database) -> None:
    asked = ("--directed", *SHARED, "--store", "postgres")
    code, said = await torture(*asked, "--database", await database(SCHEMA))
    assert code == 0, said
    assert f"{len(SHARED)} trials, 0 violations" in said
