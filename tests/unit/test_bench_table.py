from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench import alternatives
from bench.contestants import CONTESTANTS, GOALS, SERVERS, everyone, starters
from bench.facts import Facts, disk
from bench.load import Load
from bench.measure import CEILING, FLOOR, Cell, Round
from bench.profile import grouped, part
from bench.record import Record
from bench.run import Run, Start
from bench.shapes import PAGE, POINT, SHAPES
from bench.speech import RAW
from bench.table import aligned, document, report, table
from tests.unit.test_bench_measure import CELL

FACTS = Facts(
    date="2026-11-23 12:00 UTC",
    system="Linux",
    python="3.11",
    cores=2,
    memory=1024,
    disk="ext4",
    versions=(("mcp", "2.3.0"),),
    load=(0.1, 1.9),
)


def cells(factor: float) -> tuple[Cell, ...]:
    made = [replace(CELL, callers=callers, rate=1000 * factor) for callers in (1, 16)]
    for contestant in CONTESTANTS:
        for protocol in contestant.protocols:
            shared = replace(CELL, contestant=contestant.name, protocol=protocol.value, size=1500)
            made += [replace(shared, callers=callers, rate=100 * factor) for callers in (1, 16)]
    return tuple(made)


def run(*factors: float) -> Run:
    return Run(
        facts=FACTS,
        rounds=tuple(Round(cells=cells(factor), append=0.4) for factor in factors),
        starts={"assent": Start(seconds=1.5, idle=100.0)},
        record=Record(calls=10, entries=23, signed=23),
    )


def test_every_contestant_has_a_row_for_each_protocol_and_number_of_callers() -> None:
    lines = table(run(1.0, 1.1)).splitlines()
    assert len(lines) == 2 + 2 + 2 * sum(len(each.protocols) for each in CONTESTANTS)
    assert len({len(line) for line in lines}) == 1
    assert "10.0% (10.0-10.0)" in lines[-1]


def test_a_steady_run_is_published_and_an_unsteady_one_says_why_not() -> None:
    assert "NOT FOR PUBLICATION" not in report(run(1.0, 1.2))
    said = report(run(1.0, 1.3))
    assert "NOT FOR PUBLICATION: the asyncpg floor moved by 30%" in said
    assert "| asyncpg" in said  # shown all the same
    told = document(run(1.0, 1.3))
    assert told["publishable"] is False
    assert "30%" in str(told["reason"])


def test_the_document_is_json_and_holds_every_round() -> None:
    read = json.loads(json.dumps(document(run(1.0, 1.1))))
    assert read["publishable"] is True
    assert len(read["rounds"]) == 2
    assert {each["contestant"] for each in read["ratios"]} == {FLOOR, *(each.name for each in CONTESTANTS)}
    assert len(read["goals"]) == len(GOALS) * len(RAW) * 2


def test_the_table_of_contestants_names_servers_that_can_be_started() -> None:
    assert {each.server for each in CONTESTANTS} == set(SERVERS)
    assert len({each.name for each in CONTESTANTS}) == len(CONTESTANTS)
    assert {goal.contestant for goal in GOALS} <= {each.name for each in CONTESTANTS}
    assert CEILING in {each.name for each in CONTESTANTS}


def test_an_alternative_that_is_not_installed_is_named_and_not_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(alternatives, "TOOLBOX", tmp_path / "none")
    monkeypatch.setattr(alternatives, "DBHUB", tmp_path / "none")
    monkeypatch.delenv(alternatives.POSTGRES_MCP, raising=False)
    absent = alternatives.missing()
    assert set(absent) == {one.server for one in alternatives.CONTESTANTS} == set(alternatives.STARTERS)
    beside = Load(warm=0, window=0, rounds=1, rows=1, beside=True)
    assert everyone(beside) == CONTESTANTS
    assert set(starters(beside)) == set(SERVERS)
    said = report(replace(run(1.0, 1.1), missing=absent))
    assert all(f"{name}: not measured, {why}" in said for name, why in absent.items())


def test_an_alternative_that_is_installed_is_measured_only_where_it_is_wanted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "postgres-mcp"
    program.touch(0o755)
    monkeypatch.setenv(alternatives.POSTGRES_MCP, str(program))
    beside = Load(warm=0, window=0, rounds=1, rows=1, beside=True)
    assert "postgres-mcp" in {one.name for one in everyone(beside)} & set(starters(beside))
    assert everyone(replace(beside, beside=False)) == CONTESTANTS


def test_more_than_a_row_is_asked_for_at_one_protocol_and_of_the_echo_by_a_tool_of_its_own() -> None:
    ceiling, ours = CONTESTANTS[0], CONTESTANTS[1]
    assert [ceiling.call(7, shape)[0] for shape in SHAPES] == ["query", "query_100", "query_5000"]
    assert {ours.call(7, shape)[0] for shape in SHAPES} == {"query"}
    assert (ours.lanes(POINT, RAW), ours.lanes(PAGE, RAW)) == (RAW, RAW[:1])


def test_words_stand_left_and_numbers_right() -> None:
    assert list(aligned([("a", "b", "c", "dd"), ("long", "b", "c", "1")])) == [
        "| a    | b | c | dd |",
        "| ---- | - | - | -: |",
        "| long | b | c |  1 |",
    ]


def test_a_file_system_is_that_of_the_nearest_mount() -> None:
    assert disk(Path("/")) == disk(Path("/nowhere-at-all"))


def test_own_time_is_grouped_by_room_and_library() -> None:
    root = str(Path(__file__).parent.parent.parent)
    own = {
        (f"{root}/core/policy/decide.py", 1, "decide"): 2.0,
        (f"{root}/core/policy/conditions/globs.py", 1, "match"): 1.0,
        ("/x/site-packages/mcp/server/runner.py", 1, "run"): 0.5,
        ("/usr/lib/python3.11/json/encoder.py", 1, "encode"): 0.25,
    }
    assert grouped(own) == [("core.policy", 3.0), ("mcp", 0.5), ("standard library", 0.25)]
    assert part(("~", 0, "<method 'acquire' of '_thread.lock' objects>")) == "built in: _thread"
    assert part(("~", 0, "<built-in method builtins.isinstance>")) == "built in: builtins"
