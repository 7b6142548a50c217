"""Non-interference (masking 13): twins that differ in tagged values alone answer alike, and a planted leak is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.connectors.postgres.rooms import ROOMS
from demo.postgres import PostgresUnavailable
from tests.fuzz.corpora import seeds
from tests.fuzz.grounds import Ground, ground
from tests.fuzz.hunt import Pair
from tests.fuzz.leaks import PLANTED, index_order, leaking
from tests.fuzz.minimise import minimise
from tests.fuzz.observe import CELLS, ORDER, Watched, differing
from tests.fuzz.twins import CONFIGS

SEED = 41
MUTANTS = 120
SHARE = 0.3  # masking 13: of the mutants use a tagged column and return rows


def test_there_are_seeds_enough_and_none_twice() -> None:
    assert len(set(seeds())) == len(seeds()) >= 300


@pytest.mark.timeout(900)
async def test_no_seed_tells_the_twins_apart(hidden: Ground) -> None:
    hunt = hidden.hunt(SEED, seeds())
    await hunt.seeds(seeds())
    assert not hunt.tally.found, "\n\n".join(map(str, hunt.tally.found))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("config", "version"), [("hide", 18), ("masks", 15), ("spliced", 16)])
async def test_no_mutant_tells_the_twins_apart(config: str, version: int) -> None:
    try:
        async with ground(CONFIGS[config], version) as made:
            hunt = made.hunt(SEED, seeds())
            await hunt.run(lambda tally: tally.asked < MUTANTS)
    except PostgresUnavailable as missing:
        pytest.skip(str(missing))
    assert not hunt.tally.found, "\n\n".join(map(str, hunt.tally.found))
    assert hunt.tally.share >= SHARE, str(hunt.tally)


@pytest.mark.parametrize("leak", PLANTED)
async def test_a_leak_planted_in_a_channel_is_found(hidden: Ground, leak: str) -> None:
    change, channel = PLANTED[leak]
    made = (hidden.twins.one, hidden.twins.two)
    leaky = [leaking(Watched(twin.connector), change, owner) for twin, owner in zip(made, hidden.owners, strict=True)]
    pair = Pair(leaky[0], leaky[1])
    hints = {"EXPLAIN": "explain", "statistics": "pg_stats", "the engine's words": "::int", "error codes": "1 /"}
    for text in sorted(seeds(), key=lambda text: hints.get(leak, "") not in text):
        _, found = await pair.compare(text)
        if found is not None:
            assert channel in found.channels
            return
    pytest.fail(f"a leak by {leak} was not found")


async def test_an_order_by_an_index_over_tags_is_found() -> None:
    """Masking 8's first rule taken away: a scan in the order of `amount` answers a question about ids."""
    rooms = replace(ROOMS, witness=index_order)
    async with ground(CONFIGS["hide"], 18, rooms=rooms) as made:
        one, two = await made.pair.ask("select day, id from care.ledger")
    assert differing(one, two) & {ORDER, CELLS}  # the first 200 rows of another order


async def test_no_scan_follows_an_index_over_tags(hidden: Ground) -> None:
    for text in ("select day, id from care.ledger", "select day from care.ledger", "select kind from care.ledger"):
        one, two = await hidden.pair.ask(text)
        assert one.answered
        assert not differing(one, two), text


async def test_the_whole_line_tells_the_twins_apart_no_more_than_the_connector(hidden: Ground) -> None:
    for text in seeds()[::9]:
        _, found = await hidden.line.compare(text)
        assert found is None, str(found)


async def test_what_was_found_is_told_as_small_as_it_gets(hidden: Ground) -> None:
    change, _ = PLANTED["notices"]
    made = (hidden.twins.one, hidden.twins.two)
    leaky = [leaking(Watched(twin.connector), change, owner) for twin, owner in zip(made, hidden.owners, strict=True)]
    pair = Pair(leaky[0], leaky[1])
    _, found = await pair.compare("select m.id, upper(m.mail), m.plan from care.member m where m.id > 3 order by m.id")
    assert found is not None
    smallest = await minimise(pair, found)
    assert len(smallest.text) < len(found.text)
    assert "upper" not in smallest.text
    assert "mail" in smallest.text
