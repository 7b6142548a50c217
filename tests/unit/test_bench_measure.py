from __future__ import annotations

from dataclasses import replace

import pytest

from bench.measure import Cell, Goal, Key, Round, Spread, moved, outcomes, percentile, ratio, unfit

CELL = Cell(
    contestant="asyncpg",
    protocol="",
    callers=1,
    calls=100,
    rate=1000.0,
    p50=0.2,
    p99=0.5,
    server_cpu=0.1,
    client_cpu=0.1,
    database_cpu=0.1,
    rss=90.0,
    size=0,
)
MODERN = "2026-07-28"


def cell(contestant: str, rate: float, *, callers: int = 1, p50: float = 1.0, protocol: str = MODERN) -> Cell:
    spoken = "" if contestant == "asyncpg" else protocol
    return replace(CELL, contestant=contestant, protocol=spoken, callers=callers, rate=rate, p50=p50)


def one(*cells: Cell, append: float = 0.5) -> Round:
    return Round(cells=cells, append=append)


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [
        ([3.0], 0.5, 3.0),
        ([3.0], 0.99, 3.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([4.0, 1.0, 3.0, 2.0], 0.75, 3.0),
        ([float(number) for number in range(1, 101)], 0.99, 99.0),
        ([float(number) for number in range(1, 102)], 0.99, 100.0),
        ([1.0, 2.0], 0.0, 1.0),
        ([1.0, 2.0], 1.0, 2.0),
    ],
)
def test_a_percentile_is_the_nearest_rank(values: list[float], share: float, found: float) -> None:
    assert percentile(values, share) == found


def test_nothing_has_neither_percentile_nor_spread() -> None:
    with pytest.raises(ValueError, match="of nothing"):
        percentile([], 0.5)
    with pytest.raises(ValueError, match="of nothing"):
        Spread.of([])


def test_ratios_are_taken_within_a_round_and_only_then_summarised() -> None:
    rounds = (
        one(cell("asyncpg", 1000), cell("assent", 100)),
        one(cell("asyncpg", 500), cell("assent", 50)),
        one(cell("asyncpg", 1000), cell("assent", 300)),
    )
    assert ratio(rounds, Key("assent", MODERN, 1), "asyncpg") == Spread(median=0.1, low=0.1, high=0.3)


def test_a_ceiling_counts_at_its_own_protocol_and_number_of_callers() -> None:
    rounds = (
        one(
            cell("echo", 900, protocol="2025-11-25"),
            cell("echo", 400, callers=16),
            cell("echo", 200),
            cell("assent", 100),
        ),
    )
    assert ratio(rounds, Key("assent", MODERN, 1), "echo") == Spread(median=0.5, low=0.5, high=0.5)
    assert ratio(rounds, Key("assent", MODERN, 16), "echo") is None


@pytest.mark.parametrize(("second", "reason"), [(1250.0, None), (800.0, None), (1251.0, "25%"), (799.0, "25%")])
def test_a_floor_that_moved_by_more_than_a_quarter_forbids_publication(second: float, reason: str | None) -> None:
    said = unfit((one(cell("asyncpg", 1000)), one(cell("asyncpg", second))))
    assert (said is None) == (reason is None)
    assert reason is None or (said is not None and reason in said)


def test_the_worst_number_of_callers_decides_how_far_the_floor_moved() -> None:
    rounds = (
        one(cell("asyncpg", 1000), cell("asyncpg", 100, callers=16)),
        one(cell("asyncpg", 1000), cell("asyncpg", 300, callers=16)),
    )
    assert moved(rounds) == pytest.approx(3.0)


def test_a_floor_that_stood_still_in_one_round_is_infinitely_unsteady() -> None:
    assert unfit((one(cell("asyncpg", 1000)), one(cell("asyncpg", 0)))) is not None


def test_one_round_is_never_published() -> None:
    assert unfit((one(cell("asyncpg", 1000)),)) is not None


def test_the_goal_at_one_caller_is_the_sum_of_floors_appends_and_slack() -> None:
    goal = Goal(contestant="assent", slack=1.0, share=0.25)
    parts = (cell("asyncpg", 1000, p50=0.25), cell("echo", 500, p50=1.0))
    (met,) = outcomes((one(*parts, cell("assent", 300, p50=3.25)),), goal, MODERN)
    assert (met.seen, met.bound, met.met) == (3.25, 3.25, True)
    (missed,) = outcomes((one(*parts, cell("assent", 300, p50=3.26)),), goal, MODERN)
    assert not missed.met


def test_the_goal_at_sixteen_callers_is_a_share_of_the_echo() -> None:
    goal = Goal(contestant="assent", slack=1.0, share=0.25)
    for rate, met in ((250.0, True), (249.0, False)):
        rounds = (one(cell("echo", 1000, callers=16), cell("assent", rate, callers=16)),)
        assert [each.met for each in outcomes(rounds, goal, MODERN)] == [met]


def test_a_goal_without_its_cells_says_nothing() -> None:
    assert outcomes((one(cell("asyncpg", 1)),), Goal(contestant="assent", slack=1.0, share=0.25), MODERN) == ()
