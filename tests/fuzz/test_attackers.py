"""Adaptive attackers (masking 12, 13): each wins against the raw database, none against the line."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any, final

import asyncpg
import pytest

from tests.fuzz.attackers import ATTACKERS, VICTIM, Attack, Heard, Oracle, dictionary, guessing
from tests.fuzz.canary import Canaries
from tests.fuzz.grounds import Ground, ground
from tests.fuzz.test_canary import sown
from tests.fuzz.twins import CONFIGS
from tests.fuzz.whole import Whole

GUESSES = "SELECT mail FROM care.member WHERE id < 12 ORDER BY id DESC"
ALL = (*ATTACKERS, "a token's dictionary", "a guessed value")


@final
class Raw:
    """The database without a gateway, as its owner."""

    def __init__(self, owner: Any) -> None:
        self._owner = owner

    async def query(self, text: str) -> Heard:
        began = time.monotonic()
        try:
            async with self._owner.transaction():
                found = await self._owner.fetch(text)
        except asyncpg.PostgresError as error:
            return Heard((), str(error), time.monotonic() - began, str(error))
        rows = tuple(tuple(map(plain, row.values())) for row in found)
        return Heard(rows, "", time.monotonic() - began, repr(rows))

    async def execute(self, text: str) -> Heard:
        if "RETURNING" in text:
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
async def canaries(place: Ground) -> Canaries:
    return await sown(place)


async def attacker(place: Ground, name: str) -> Attack:
    candidates = tuple([row[0] for row in await place.owners[0].fetch(GUESSES)])
    more = {"a token's dictionary": dictionary(candidates), "a guessed value": guessing(candidates)}
    return {**ATTACKERS, **more}[name]


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


async def test_the_line_answers_the_attackers_plain_questions(place: Ground) -> None:
    """So that nobody wins because everything is refused."""
    line = Whole(place.twins.one.connector)
    assert (await line.query(f"SELECT plan FROM care.member WHERE id = {VICTIM}")).value == "a"
    done = await line.execute(f"UPDATE care.visit SET memo = 'x' WHERE id = {VICTIM}")
    assert '"affected":1' in done.text
