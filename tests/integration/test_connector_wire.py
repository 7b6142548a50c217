"""Several questions in one round trip, over a server that answers otherwise than asked, and callers who go away."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

import asyncpg
import pytest

from core.connectors.postgres import PostgresConnector
from core.connectors.postgres.connection import pool, waiting, wire
from core.connectors.postgres.visit import PostgresVisit
from core.errors import GatewayError, OutcomeUnknown, StatementFailed
from core.model import Reading, Unreadable
from core.ports import Statement
from tests.integration.connecting import SHOP, change, connected, permit, query, told, until
from tests.integration.silence import Spoils, relayed

Database = Callable[..., Coroutine[Any, Any, str]]
READ = "SELECT id FROM customers WHERE id = 7"
WRITE = "UPDATE customers SET name = 'x{}' WHERE id = 7"
NAME = "SELECT name FROM customers WHERE id = 7"
ERROR = b"SERROR\0VERROR\0C22012\0M?\0\0"
STRANGE: Final = tuple(
    letter.encode() + (len(body) + 4).to_bytes(4) + body
    for letter, body in (("1", b""), ("C", b"COMMIT\0"), ("E", ERROR), ("G", b"\0\0\0"), ("Z", b"I"), ("Z", b"T"))
)
OPERATIONS: Final = ("drop", "twice", "swap", "strange", "short", "cut")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the deadlines: what is left out is waited for."""
    monkeypatch.setattr(waiting, "ANSWER", timedelta(seconds=0.5))
    monkeypatch.setattr(waiting, "MARGIN", timedelta(seconds=0.1))
    monkeypatch.setattr(pool, "RELEASE_SECONDS", 0.5)
    monkeypatch.setattr("core.connectors.postgres.visit.COMMIT_SECONDS", 0.5)


def spoiled(operation: str, place: int, strange: bytes) -> Spoils:
    """Change one message of the server's, rows left alone: which rows there are only the server knows."""
    kept: list[bytes] = []

    def spoils(number: int, message: bytes) -> list[bytes]:
        after = [kept.pop()] if kept else []
        if number != place or message[:1] == b"D":
            return [message, *after]
        match operation:
            case "drop":
                return []
            case "twice":
                return [message, message]
            case "swap":
                kept.append(message)
                return []
            case "strange":
                return [strange, message]
            case "short":
                return [message[:1] + (3).to_bytes(4) + message[5:]]
            case _:
                return [message[:1], message[1:-1], message[-1:]]

    return spoils


async def answered(connector: PostgresConnector, text: str) -> object:
    """Rows, or None where it was refused or failed in a way that the line knows."""
    async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
        try:
            reading = await visit.read()
            if isinstance(reading, Unreadable):
                return None
            return (await visit.run(permit(reading, seconds=0.5))).rows
        except GatewayError:
            return None


@pytest.mark.parametrize("word", [b"begin isolation", b"'debug_print_rewritten'", b"rollback; close all"])
async def test_a_server_that_answers_otherwise_than_asked_is_never_believed(database: Database, word: bytes) -> None:
    """A message lost, doubled, delayed, foreign, or cut: the rows of the statement or none, and a sound next call."""
    url, chance = await database(SHOP), random.Random(word)  # noqa: S311 - a seed, so that a failure comes again
    refused = 0
    async with relayed(url) as (through, relay):
        for operation, place in ((each, place) for each in OPERATIONS for place in chance.sample(range(14), 2)):
            relay.spoils = spoiled(operation, place, chance.choice(STRANGE))
            async with connected(through, connections=1, writes=False) as connector, asyncio.timeout(15):
                relay.word = word
                found = await answered(connector, READ)
                assert found in (None, ((7,),)), (operation, place)
                refused += found is None
                relay.word = b""
                assert (await query(connector, NAME)).rows == (("name 7",),), (operation, place)
    assert refused > 3 or word.startswith(b"rollback")


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_the_answer_to_commit_is_taken_for_what_it_says_or_not_at_all(
    database: Database, operation: str, place: int
) -> None:
    url = await database(SHOP)
    async with relayed(url) as (through, relay), connected(through, connections=1) as connector:
        for number, strange in enumerate(STRANGE if operation == "strange" else STRANGE[:1]):
            relay.spoils, text = spoiled(operation, place, strange), WRITE.format(number)
            async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
                reading = await visit.read()
                assert isinstance(reading, Reading)
                await visit.run(permit(reading))
                relay.word = b"commit\0"
                said = "committed"
                try:
                    await visit.commit()
                except OutcomeUnknown:
                    said = "unknown"
                except StatementFailed:
                    said = "rolled back"
            relay.word = b""
            if (operation, place, strange) == ("strange", 0, STRANGE[2]):
                assert said == "unknown"  # an error, and the tag as well
            changed = (await told(url, NAME))[0][0] == f"x{number}"
            assert said in ({"committed", "unknown"} if changed else {"rolled back", "unknown"})
            assert (await query(connector, READ)).rows == ((7,),)


STOPS: Final = (*range(24), *(int(24 * 1.4**n) for n in range(12)))


@pytest.mark.parametrize("writes", [False, True])
async def test_a_caller_who_goes_away_at_any_await_leaves_a_clean_connection(
    database: Database, *, writes: bool
) -> None:
    url = await database(SHOP)
    async with connected(url, connections=1) as connector:
        for number, stops in enumerate(STOPS):
            work = change(connector, WRITE.format(number)) if writes else query(connector, NAME)
            task = asyncio.ensure_future(work)
            for _ in range(stops):
                await asyncio.sleep(0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            async with asyncio.timeout(15):
                assert (await query(connector, READ)).rows == ((7,),)
                await change(connector, WRITE.format("after"))
                assert (await query(connector, NAME)).rows == (("xafter",),)

        async def quiet() -> bool:
            open_ = "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'shop%' AND xact_start IS NOT NULL"
            return bool((await told(url, open_))[0][0] == 0)

        assert await until(quiet)


async def test_what_a_caller_who_went_away_asked_ends_and_the_connection_goes_on(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url, connections=1) as connector:
        mine = await query(connector, "SELECT pg_backend_pid()")
        task = asyncio.ensure_future(query(connector, "SELECT pg_sleep(30)"))

        async def asleep() -> bool:
            return bool((await told(url, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"))[0][0])

        assert await until(asleep)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert (await query(connector, "SELECT pg_backend_pid()")).rows == mine.rows


async def test_a_witnessed_text_runs_as_itself_whatever_was_analysed_since(database: Database) -> None:
    async with (
        connected(await database(SHOP), connections=1) as connector,
        connector.visit(Statement(text=READ), name="assent:test:1") as visit,
    ):
        reading = await visit.read()
        assert isinstance(reading, Reading)
        assert isinstance(visit, PostgresVisit)
        await visit._session.parse("SELECT 2 AS id")
        assert (await visit.run(permit(reading))).rows == ((7,),)


async def test_the_driver_asks_nothing_within_a_transaction_of_ours_nor_we_within_one_of_its(
    database: Database,
) -> None:
    async with (
        connected(await database(SHOP), connections=1) as connector,
        connector.visit(Statement(text=READ), name="assent:test:1") as visit,
    ):
        assert isinstance(visit, PostgresVisit)
        link = visit._session.connection
        await visit.read()
        for ask in (link.fetchval("SELECT 1"), link.execute("commit"), link.prepare("SELECT 1")):
            with pytest.raises(asyncpg.InterfaceError):
                await ask
        await link.tell("rollback")
        await link.execute("begin")
        with pytest.raises(asyncpg.InterfaceError):
            await link.ask("SELECT '1'")
        await link.execute("rollback")
        assert await link.ask("SELECT '1'") == "1"


async def test_a_driver_that_still_waits_is_waited_for(database: Database) -> None:
    async with connected(await database(SHOP), connections=1) as connector:
        async with connector.visit(Statement(text=READ), name="assent:test:1") as visit:
            assert isinstance(visit, PostgresVisit)
            link = visit._session.connection
            asked = asyncio.ensure_future(link.fetchval("SELECT pg_sleep(30)"))
            await asyncio.sleep(0)
            with pytest.raises(asyncpg.InterfaceError, match="still busy"):
                await link.ask("SELECT '1'")
            asked.cancel()
        assert (await query(connector, READ)).rows == ((7,),)


async def test_a_transaction_that_ends_by_itself_is_believed_no_more(database: Database) -> None:
    async with connected(await database(SHOP), connections=1) as connector:
        async with connector.visit(Statement(text=READ), name="assent:test:1") as visit:
            reading = await visit.read()
            assert isinstance(reading, Reading)
            assert isinstance(visit, PostgresVisit)
            link = visit._session.connection
            await link.tell("rollback")
            rows = await visit.run(permit(reading))  # begun again, and witnessed again
            assert rows.rows == ((7,),)
            await link.tell("rollback")
            with pytest.raises(wire.Deviation):
                await visit._session.exchange(wire.sync())
            assert link.is_closed()
        assert (await query(connector, READ)).rows == ((7,),)
