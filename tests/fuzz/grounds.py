"""A hunting ground: twins with all that a hunt needs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, Final, final

import asyncpg

from core.connectors.postgres import PostgresConnector, Rooms
from core.connectors.postgres.rooms import ROOMS
from tests.fuzz.excuses import Excuses
from tests.fuzz.hunt import Hunt, Pair, Sieve
from tests.fuzz.observe import Watch, Watched
from tests.fuzz.storage import Storage
from tests.fuzz.twins import PATH, Config, Twins, twins
from tests.fuzz.whole import Whole
from tests.fuzz.words import words
from tests.fuzz.workshop import Workshop

PATIENT: Final = 20.0  # seconds: many times what a mutant has


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
        sieve = Sieve(partial(owner, self.twins.one.url), Random(seed))
        return Hunt(pairs, self.workshop, sieve, seeds, seed=seed)


def pair(watch: Callable[..., Watch], links: tuple[PostgresConnector, PostgresConnector], storage: Storage) -> Pair:
    """Watch both connectors, and, where a time limit made the difference, with time enough."""
    one, two = (watch(link) for link in links)
    first, second = (watch(link, seconds=PATIENT) for link in links)
    return Pair(one, two, Excuses((one, two), (first, second), storage))


@asynccontextmanager
async def ground(config: Config, version: int, *, rooms: Rooms = ROOMS) -> AsyncIterator[Ground]:
    """Make twins and what a hunt needs; all of it ends with the context."""
    async with twins(config, version, rooms=rooms) as made:
        storage = Storage(made)
        owners = (await owner(made.one.url), await owner(made.two.url))
        workshop = Workshop(words(await made.one.connector.known()))
        links = (made.one.connector, made.two.connector)
        try:
            yield Ground(made, pair(Watched, links, storage), pair(Whole, links, storage), workshop, owners)
        finally:
            workshop.close()
            for connection in owners:
                connection.terminate()


async def owner(url: str) -> Any:
    """Connect as a twin's owner, with the agents' search path."""
    connection = await asyncpg.connect(url, statement_cache_size=0)
    await connection.execute(f"SET search_path = {', '.join(PATH)}; SET statement_timeout = '2s'")
    return connection
