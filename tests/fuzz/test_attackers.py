"""Adaptive attackers (masking 12, 13): each wins against the raw database, none against the line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, final

import asyncpg
import pytest

from core.catalog import Protection, Snapshot
from core.classify.postgres import Parsed, Witnessed
from core.connectors.postgres.rooms import ROOMS
from core.model import Unreadable
from demo.postgres import PostgresUnavailable
from tests.fuzz.attackers import ATTACKERS, VICTIM, Attack, Heard, Oracle, dictionary, guessing
from tests.fuzz.canary import Canaries
from tests.fuzz.channels import CHANNELS
from tests.fuzz.grounds import Ground, ground
from tests.fuzz.test_canary import sown
from tests.fuzz.twins import CONFIGS
from tests.fuzz.whole import Whole
from tests.slices import today, versions

NOTHING = Protection(tags={}, tainted=frozenset(), closed={}, version="blind")
GUESSES = "SELECT mail FROM care.member WHERE id < 12 ORDER BY id DESC"
EVERY = {**ATTACKERS, **CHANNELS}
ALL = (*EVERY, "a token's dictionary", "a guessed value")
# What masks have no part in: words of errors, plans of protected tables, catalogs, functions, locks, all that changes.
CLOSED = frozenset(
    {
        "an error's words", "the plan of a check", "statistics", "a user's view over statistics", "missing values",
        "a definer's function", "a function over rows", "SQL in a string", "statistics views", "a row lock",
        "a sequence", "an advisory lock", "a setting", "a large object", "a temporary table", "a view of one's own",
        "a prepared statement", "a cursor", "a notice", "a constraint's name", "a key's words",
    }
)  # fmt: skip
THROUGH = [name for name in ALL if name not in CLOSED]


@final
class Raw:
    """The database without a gateway, as its owner."""

    def __init__(self, owner: Any) -> None:
        self._owner = owner

    async def query(self, text: str) -> Heard:
        began = time.monotonic()
        said: list[str] = []
        hear = lambda _, message: said.append(str(message))  # noqa: E731
        self._owner.add_log_listener(hear)
        try:
            async with self._owner.transaction():
                found = await self._owner.fetch(text)
        except asyncpg.PostgresError as error:
            return Heard((), str(error), time.monotonic() - began, str(error))
        finally:
            await asyncio.sleep(0)
            self._owner.remove_log_listener(hear)
        rows = tuple(tuple(map(plain, row.values())) for row in found)
        return Heard(rows, "", time.monotonic() - began, repr((rows, said)))

    async def execute(self, text: str) -> Heard:
        if "RETURNING" in text or text.startswith(("FETCH", "EXECUTE", "DO ")):
            return await self.query(text)
        return Heard((), "", 0, await self._owner.execute(text))

    async def check(self, text: str) -> Heard:
        return await self.query(f"EXPLAIN ANALYZE {text}")


def plain(value: Any) -> Any:
    return value if isinstance(value, int | None) else str(value)


@pytest.fixture(scope="module")
async def place() -> AsyncIterator[Ground]:
    async with ground(CONFIGS["masks"], 18) as made:
        yield made


@pytest.fixture(scope="module")
async def spliced() -> AsyncIterator[Ground]:
    """On the older version of the day; `make fuzz` and ASSENT_WHOLE take 17."""
    try:
        async with ground(CONFIGS["spliced"], versions()[-2]) as made:
            yield made
    except PostgresUnavailable as missing:
        pytest.skip(str(missing))


def blind(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
    return ROOMS.witness(parsed, dump, snapshot, NOTHING)


@pytest.fixture(scope="module")
async def leaky() -> AsyncIterator[Ground]:
    async with ground(CONFIGS["spliced"], 18, rooms=replace(ROOMS, witness=blind)) as made:
        yield made


@pytest.fixture(scope="module")
async def canaries(place: Ground) -> Canaries:
    return await sown(place)


async def attacker(place: Ground, name: str) -> Attack:
    candidates = tuple([row[0] for row in await place.owners[0].fetch(GUESSES)])
    more = {"a token's dictionary": dictionary(candidates), "a guessed value": guessing(candidates)}
    return {**EVERY, **more}[name]


async def recovered(attack: Attack, oracle: Oracle, canaries: Canaries) -> str | None:
    return canaries.read(await attack(oracle))


@pytest.mark.parametrize("name", ALL)
async def test_each_attacker_wins_against_the_raw_database(place: Ground, canaries: Canaries, name: str) -> None:
    owner = place.owners[0]
    transaction = owner.transaction()
    await transaction.start()
    try:
        assert await recovered(await attacker(place, name), Raw(owner), canaries) is not None
    finally:
        await transaction.rollback()


@pytest.mark.parametrize("name", ALL)
async def test_no_attacker_wins_against_the_line(place: Ground, canaries: Canaries, name: str) -> None:
    line = Whole(place.twins.one.connector)
    assert await recovered(await attacker(place, name), line, canaries) is None


@pytest.mark.parametrize("name", today(ALL, str, 3))
async def test_no_attacker_wins_against_the_weaker_mode(spliced: Ground, name: str) -> None:
    line = Whole(spliced.twins.one.connector)
    assert await recovered(await attacker(spliced, name), line, await sown(spliced)) is None


@pytest.mark.parametrize("name", today(THROUGH, str, 5))
async def test_each_channel_of_the_line_leads_out_where_a_leak_is_planted(leaky: Ground, name: str) -> None:
    """The reading made blind, in the mode whose database shows everything: so the harness sees through the line."""
    line = Whole(leaky.twins.one.connector)
    assert await recovered(await attacker(leaky, name), line, await sown(leaky)) is not None


@pytest.mark.parametrize("name", today(sorted(CLOSED), str, 3))
async def test_what_masks_have_no_part_in_stays_closed_with_a_blind_reading(leaky: Ground, name: str) -> None:
    line = Whole(leaky.twins.one.connector)
    assert await recovered(await attacker(leaky, name), line, await sown(leaky)) is None


async def test_the_line_answers_the_attackers_plain_questions(place: Ground) -> None:
    """So that nobody wins because everything is refused."""
    line = Whole(place.twins.one.connector)
    assert (await line.query(f"SELECT plan FROM care.member WHERE id = {VICTIM}")).value == "a"
    done = await line.execute(f"UPDATE care.visit SET memo = 'x' WHERE id = {VICTIM}")
    assert '"affected":1' in done.text
