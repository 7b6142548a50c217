"""Fresh databases in the clusters that run, gone when whoever asked for them is done."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import asyncpg

from demo.postgres import Postgres

Make: TypeAlias = Callable[..., Coroutine[Any, Any, str]]
NUMBER: Final = itertools.count()


@asynccontextmanager
async def fresh(clusters: Callable[[int], Postgres]) -> AsyncIterator[Make]:
    """Give a function that makes a database from SQL and returns its owner's URL."""
    made: list[tuple[Postgres, str]] = []

    async def make(sql: str = "", *, version: int = 18) -> str:
        server = await asyncio.to_thread(clusters, version)
        name = f"t{next(NUMBER)}"
        owner = await asyncpg.connect(server.url())
        await owner.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
        await owner.close()
        made.append((server, name))
        if sql:
            new = await asyncpg.connect(server.url(name))
            await new.execute(sql)
            await new.close()
        return server.url(name)

    yield make
    for server, name in made:
        owner = await asyncpg.connect(server.url())
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await owner.close()
