"""A hunting ground: twins with all that a hunt needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, final

import asyncpg

from core.connectors.postgres import Rooms
from core.connectors.postgres.rooms import ROOMS
from tests.fuzz.hunt import Hunt, Pair, Sieve
from tests.fuzz.observe import Watched
from tests.fuzz.plans import Plans
from tests.fuzz.twins import PATH, Config, Twins, twins
from tests.fuzz.whole import Whole
from tests.fuzz.words import words
from tests.fuzz.workshop import Workshop


@final
@dataclass(frozen=True, slots=True)
class Ground:
    """Twins with all that a hunt needs."""

    twins: Twins
    pair: Pair
    line: Pair  # the same over the whole line
    workshop: Workshop
    owners: tuple[Any, Any]  # connections as each twin's owner

    def hunt(self, seed: int, seeds: list[str], pair: Pair | None = None) -> Hunt:
        """Begin a hunt."""
        pairs = (pair or self.pair, self.line)
        return Hunt(pairs, self.workshop, Sieve(self.owners[0], Random(seed)), seeds, seed=seed)


@asynccontextmanager
async def ground(config: Config, version: int, *, rooms: Rooms = ROOMS) -> AsyncIterator[Ground]:
    """Make twins and what a hunt needs; all of it ends with the context."""
    async with twins(config, version, rooms=rooms) as made:
        plans = await Plans.over(made)
        owners = (await owner(made.one.url), await owner(made.two.url))
        workshop = Workshop(words(await made.one.connector.known()))
        excuse = plans.excuse if config.kept else None  # hidden columns are constants: no plan follows them
        pair = Pair(Watched(made.one.connector), Watched(made.two.connector), excuse)
        try:
            line = Pair(Whole(made.one.connector), Whole(made.two.connector), excuse)
            yield Ground(made, pair, line, workshop, owners)
        finally:
            workshop.close()
            for connection in owners:
                connection.terminate()
            plans.close()


async def owner(url: str) -> Any:
    """Connect as a twin's owner, with the agents' search path."""
    connection = await asyncpg.connect(url, statement_cache_size=0)
    await connection.execute(f"SET search_path = {', '.join(PATH)}; SET statement_timeout = '2s'")
    return connection
