"""Fixtures that make tests real: an embedded PostgreSQL per worker, a fresh database per test."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import asyncpg
import pytest

from demo.postgres import Postgres, PostgresUnavailable

NUMBER = itertools.count()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Unit and property tests open no sockets but the event loop's own pair."""
    for item in items:
        if item.path.parent.name in {"unit", "property"}:
            item.add_marker(pytest.mark.disable_socket)


@pytest.fixture(scope="session")
def clusters() -> Iterator[Callable[[int], Postgres]]:
    """Give the embedded PostgreSQL of a major version, started once a run."""
    running: dict[int, Postgres] = {}

    def cluster(version: int = 18) -> Postgres:
        if version not in running:
            try:
                running[version] = Postgres.start(version)
            except PostgresUnavailable as missing:
                pytest.skip(str(missing))
        return running[version]

    yield cluster
    for server in running.values():
        server.close()


@pytest.fixture(scope="session")
def durable() -> Iterator[Callable[[], Postgres]]:
    """Give an embedded PostgreSQL whose commits are durable, as a store wants it; started once a run, when asked."""
    running: list[Postgres] = []

    def cluster() -> Postgres:
        if not running:
            try:
                running.append(Postgres.start(18, settings=("fsync=on",)))
            except PostgresUnavailable as missing:
                pytest.skip(str(missing))
        return running[0]

    yield cluster
    for server in running:
        server.close()


@pytest.fixture
async def database(clusters: Callable[[int], Postgres]) -> AsyncIterator[Callable[..., Coroutine[Any, Any, str]]]:
    """Give a function that makes a fresh database from SQL and returns its owner's URL."""
    made: list[tuple[Postgres, str]] = []

    async def make(sql: str = "", *, version: int = 18) -> str:
        server = await asyncio.to_thread(clusters, version)
        name = f"t{next(NUMBER)}"
        owner = await asyncpg.connect(server.url())
        await owner.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
        await owner.close()
        made.append((server, name))
        if sql:
            fresh = await asyncpg.connect(server.url(name))
            await fresh.execute(sql)
            await fresh.close()
        return server.url(name)

    yield make
    for server, name in made:
        owner = await asyncpg.connect(server.url())
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await owner.close()
