"""Fixtures that make tests real: an embedded PostgreSQL per worker, a fresh database per test, a browser per module."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from demo.postgres import Postgres, PostgresUnavailable
from tests.browser import chromium
from tests.databases import Make, fresh
from tests.slices import postponed

if TYPE_CHECKING:
    from playwright.async_api import Browser

# Files of half a minute and more begin first, so that no worker ends alone with one of them.
DEAR = frozenset(
    {
        "test_harden_checks.py", "test_races.py", "test_canary.py", "test_harden_shop.py", "test_bench_smoke.py",
        "test_connector_demo.py", "test_recovery.py", "test_cli_serve.py", "test_demo.py", "test_torture.py",
        "test_replicas.py", "test_roles_apart.py", "test_corpus.py", "test_unmask.py", "test_migrations.py",
    }
)  # fmt: skip


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Unit and property tests open no sockets but the event loop's own pair; each older server version has its day.

    Dear files come first: `make test` keeps that order.
    """
    config.hook.pytest_deselected(items=[item for item in items if postponed(item)])
    items[:] = sorted((item for item in items if not postponed(item)), key=lambda item: item.path.name not in DEAR)
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
async def database(clusters: Callable[[int], Postgres]) -> AsyncIterator[Make]:
    """Give a function that makes a fresh database from SQL and returns its owner's URL."""
    async with fresh(clusters) as make:
        yield make


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Give Debian's Chromium, started once a module; a test opens a `tests.browser.tab` of it."""
    async with chromium() as running:
        yield running
