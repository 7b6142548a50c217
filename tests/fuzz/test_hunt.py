"""The hunt itself: enough mutants say something, and no difference is set aside without proof."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import asyncpg
import pytest

from tests.fuzz import observe
from tests.fuzz.excuses import Excuses, restless, timed
from tests.fuzz.grounds import Ground
from tests.fuzz.hunt import Hunt, Pair, Sieve
from tests.fuzz.observe import Seen, timeless
from tests.fuzz.storage import Storage

SHARE = 0.3  # masking 13
NOW = frozenset({"pg_catalog.now()"})


class Straying:
    """Makes mutants that say nothing, unless mild ones are asked for: two of three of those answer."""

    def __init__(self) -> None:
        self._made = 0

    def mutant(self, text: str, number: int, *, mild: bool = False) -> str | None:
        del text, number
        self._made += 1
        return f"{'hot' if mild and self._made % 3 else 'cold'} {self._made}"


class Patient:
    """A database to which every text fits, and its own connection."""

    async def __call__(self) -> Patient:
        return self

    def terminate(self) -> None:
        """Leave."""

    async def prepare(self, *asked: object, **more: object) -> None:
        del asked, more


class Twin:
    """Answers what it was given, one after another, the last for ever."""

    def __init__(self, *answers: Seen) -> None:
        self._answers = list(answers)

    async def __call__(self, text: str) -> Seen:
        del text
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


async def told(text: str) -> Seen:
    return Seen({}, ((1,),), touches=True) if text.startswith("hot") else Seen({observe.REFUSAL: "unknown: no"})


def cell(value: object, **more: object) -> Seen:
    return Seen({}, ((str(value),),), **more)  # type: ignore[arg-type]


def pair(one: Twin, two: Twin, *, patient: tuple[Twin, Twin] | None = None, storage: Storage | None = None) -> Pair:
    return Pair(one, two, Excuses((one, two), patient or (one, two), storage))


async def test_mutants_that_stray_are_followed_by_mild_ones_of_what_answered() -> None:
    both = Pair(told, told)
    hunt = Hunt((both, both), Straying(), Sieve(Patient(), Random(1)), ["hot seed"], seed=1)
    await hunt.seeds(["hot seed"])
    await hunt.run(lambda tally: tally.asked < 600)
    assert hunt.tally.seeds == 1
    assert hunt.tally.share >= SHARE, str(hunt.tally)


async def test_a_difference_that_is_gone_when_asked_again_stays_a_difference() -> None:
    _, found = await pair(Twin(cell(1), cell(2)), Twin(cell(2))).compare("select mail from care.member")
    assert found is not None
    assert found.channels == {observe.CELLS}


async def test_a_clock_excuses_only_what_differs_within_one_twin_as_well() -> None:
    ticking = Twin(*[cell(at, functions=NOW) for at in range(40)])
    asked = pair(ticking, Twin(cell("x", functions=NOW)))
    assert (await asked.compare("select now()"))[1] is None
    assert asked.excused == {"clock or chance": 1}
    steady = pair(Twin(cell(1, functions=NOW)), Twin(cell(2, functions=NOW)))
    assert (await steady.compare("select now() - now(), mail from care.member"))[1] is not None


async def test_a_time_limit_excuses_only_what_is_alike_with_time_enough() -> None:
    late = Seen({observe.ERROR: "timeout: The statement met its time limit."})
    excused = pair(Twin(late), Twin(cell(1)), patient=(Twin(cell(1)), Twin(cell(1))))
    assert (await excused.compare("select slow"))[1] is None
    guilty = pair(Twin(late), Twin(cell(1)), patient=(Twin(cell(2)), Twin(cell(1))))
    assert (await guilty.compare("select slow"))[1] is not None


async def test_a_database_that_is_away_excuses_nothing() -> None:
    away = Seen({observe.ERROR: "source_unavailable: The database cannot be reached right now."})
    assert not timed(away)
    assert (await pair(Twin(away), Twin(cell(1))).compare("select 1"))[1] is not None


async def test_twins_that_cannot_be_laid_out_alike_excuse_nothing(hidden: Ground) -> None:
    """Two copies that are both locked answer alike, with the same error: that shows nothing."""
    filed = Seen({}, ((1,),), things=frozenset({"care.filed"}), runs="SELECT id FROM care__masked.filed")
    other = replace(filed, rows=((2,),))
    holders = [await asyncpg.connect(twin.copy) for twin in (hidden.twins.one, hidden.twins.two)]
    try:
        assert await Storage(hidden.twins).excuse(filed, other) == "order of a clustered table"
        for holder in holders:
            await holder.execute("BEGIN; LOCK care.filed IN ACCESS SHARE MODE")
        assert await Storage(hidden.twins).excuse(filed, other) == ""
    finally:
        for holder in holders:
            await holder.close()


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("select current_timestamp", True),
        ("select 1 where localtime(2) is null", True),
        ("select 'now'::timestamptz", True),
        ("select mail as current_date from care.member", False),
        ("select 'current_time' from care.member -- current_timestamp", False),
        ("select current_user", False),
    ],
)
def test_what_asks_the_clock_is_known_by_the_grammar(text: str, asks: bool) -> None:
    assert restless(text, frozenset()) is asks


def test_measured_times_are_taken_out_of_plans_and_out_of_nothing_else() -> None:
    plan = (
        ("Seq Scan on visit (rows 3, cost 1.2) [actual: rows 3, loops 1, 0.02 ms]",),
        ("Planned in 0.1 ms, ran in 4 ms",),
    )
    assert timeless(plan) == (
        ("Seq Scan on visit (rows 3, cost 1.2) [actual: rows 3, loops 1, …]",),
        ("Planned in …",),
    )
    assert timeless((("it took 3 ms", "rows 4"),)) == (("it took 3 ms", "rows 4"),)
