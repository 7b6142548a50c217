"""A server that lets in no further connection: callers wait for those that the pool has, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import asyncpg
import pytest

from core.connectors.postgres.connection import pool
from core.errors import Away, SourceUnavailable
from core.ports import Statement
from tests.integration.connecting import READER, SHOP, as_role, connected, done, query, told, until

Database = Callable[..., Coroutine[Any, Any, str]]
LONG: Final = timedelta(hours=1)
LOOKS: Final = 1  # the connection that only reads the catalogs
THERE: Final = f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{READER}'"


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the SQLSTATEs with which the server turned connections away; a place that it refused stays shut."""
    states: list[str] = []
    connect = asyncpg.connect

    async def counted(*words: Any, **settings: Any) -> Any:
        try:
            return await connect(*words, **settings)
        except asyncpg.PostgresError as error:
            if error.sqlstate != "57P03":  # of a server that starts, before any of this
                states.append(error.sqlstate or "")
            raise

    monkeypatch.setattr(asyncpg, "connect", counted)
    monkeypatch.setattr(pool, "SHUT_SECONDS", LONG.total_seconds())
    return states


@asynccontextmanager
async def room(url: str, connections: int) -> AsyncIterator[None]:
    """Let the read role in so often, beside the connection for looks."""
    await done(url, f"ALTER ROLE {READER} CONNECTION LIMIT {connections + LOOKS}")
    try:
        yield
    finally:
        await done(url, f"ALTER ROLE {READER} CONNECTION LIMIT -1")


async def test_where_a_role_has_room_for_two_its_callers_share_two(database: Database, refused: list[str]) -> None:
    url = await database(SHOP)
    async with connected(url, connections=4, writes=False, patience=LONG) as connector, room(url, 2):
        asked = [query(connector, f"SELECT pg_sleep(0.1), {n}") for n in range(4)]
        answers = await asyncio.wait_for(asyncio.gather(*asked), 60)
        assert [answer.rows[0][1] for answer in answers] == [0, 1, 2, 3]
        assert refused == ["53300"] * 2  # of two places once each, not of each Call
        assert (await told(url, THERE))[0][0] == 2 + LOOKS


async def test_a_caller_of_a_full_server_waits_no_longer_than_for_any_connection(
    database: Database, refused: list[str]
) -> None:
    url = await database(SHOP)
    async with (
        connected(url, connections=4, writes=False, patience=timedelta(seconds=0.3)) as connector,
        room(url, 1),
    ):
        async with connector.visit(Statement(text="SELECT 1"), name="assent:test:1"):
            with pytest.raises(SourceUnavailable) as caught:
                await asyncio.wait_for(query(connector, "SELECT 1"), 60)
            assert caught.value.cause is Away.CROWDED
        assert (await query(connector, "SELECT 1")).rows == ((1,),)
        assert refused == ["53300"] * 3  # one of each place


async def test_a_pool_without_a_connection_does_not_wait_for_a_full_server(
    database: Database, refused: list[str]
) -> None:
    url = await database(SHOP)
    async with connected(url, connections=4, writes=False, patience=LONG) as connector, room(url, 0):
        await done(url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{READER}'")

        async def gone() -> bool:
            return bool((await told(url, THERE))[0][0] == 0)

        assert await until(gone)
        blocker = await asyncpg.connect(as_role(url, READER))
        try:
            with pytest.raises(SourceUnavailable) as caught:
                await asyncio.wait_for(query(connector, "SELECT 1"), 60)
        finally:
            await blocker.close()
        assert caught.value.cause is Away.CROWDED
