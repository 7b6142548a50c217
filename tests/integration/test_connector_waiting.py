"""A server that falls silent, and trees that a client cannot decode: every wait ends, and the next caller is served."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from core.connectors.postgres import PostgresConnector
from core.connectors.postgres.connection import pool, waiting
from core.connectors.postgres.rooms import ROOMS
from core.errors import OutcomeUnknown, SourceUnavailable, TimedOut
from core.model import Doubt, Unreadable
from core.ports import Fate, Statement
from tests.integration.connecting import SHOP, change, connected, permit, query, read, told, until
from tests.integration.silence import relayed

Database = Callable[..., Coroutine[Any, Any, str]]
BOUND = 15.0  # seconds; far above the shortened deadlines, far below for ever
READ = "SELECT id FROM customers WHERE id = 7"
WRITE = "UPDATE customers SET name = 'x' WHERE id = 7"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the deadlines, so that silence is noticed within a test's time."""
    monkeypatch.setattr(waiting, "ANSWER", timedelta(seconds=0.5))
    monkeypatch.setattr(pool, "RELEASE_SECONDS", 0.5)
    monkeypatch.setattr("core.connectors.postgres.visit.COMMIT_SECONDS", 0.5)


async def asked(connector: PostgresConnector, text: str, *, writes: bool) -> None:
    async with asyncio.timeout(BOUND):
        await (change(connector, text) if writes else query(connector, text, seconds=0.5))


@pytest.mark.parametrize(
    ("word", "writes"),
    [
        (b"begin isolation", False),
        (b"SELECT id FROM customers", False),
        (b"statement_timeout", False),
        (b"'debug_print_rewritten'", False),
        (b"pg_locks", False),
        (b"begin isolation level read committed read write", True),
        (b"UPDATE customers", True),
        (b"pg_current_xact_id()", True),
        (b"pg_current_xact_id_if_assigned", True),
        (b"rollback; close all", False),
    ],
)
async def test_silence_at_any_word_ends_and_the_next_caller_is_served(
    database: Database, word: bytes, *, writes: bool
) -> None:
    url = await database(SHOP)
    async with relayed(url) as (through, relay), connected(through, connections=1) as connector:
        relay.word = word
        if word == b"rollback; close all":
            await asked(connector, READ, writes=writes)  # the answer is there; only the connection is lost
        else:
            with pytest.raises((SourceUnavailable, TimedOut)):
                await asked(connector, WRITE if writes else READ, writes=writes)

        async def silenced() -> bool:
            return relay.silenced > 0

        assert await until(silenced)
        relay.word = b""
        async with asyncio.timeout(BOUND):
            assert (await query(connector, READ)).rows == ((7,),)
        assert (await told(url, "SELECT name FROM customers WHERE id = 7"))[0][0] == "name 7"


async def test_silence_after_commit_is_an_unknown_outcome(database: Database) -> None:
    url = await database(SHOP)
    async with relayed(url) as (through, relay), connected(through, connections=1) as connector:
        relay.word = b"commit\0"
        with pytest.raises(OutcomeUnknown):
            await asked(connector, WRITE, writes=True)


async def test_a_silent_source_says_nothing_of_a_fate(database: Database) -> None:
    url = await database(SHOP)
    async with relayed(url) as (through, relay), connected(through) as connector:
        work = (await change(connector, WRITE)).work
        assert work is not None
        assert await connector.fate(work) is Fate.COMMITTED
        relay.word = b"pg_control_checkpoint"
        async with asyncio.timeout(BOUND):
            assert await connector.fate(work) is Fate.SILENT


async def test_silence_during_an_estimate_or_a_plan_ends(database: Database) -> None:
    url = await database(SHOP)
    async with relayed(url) as (through, relay), connected(through, connections=1) as connector:
        relay.word = b"EXPLAIN"
        async with asyncio.timeout(BOUND):
            assert (await connector.impact(Statement(text=WRITE))).estimated is None
            async with connector.visit(Statement(text=READ), name="assent:plan:0") as visit:
                await visit.read()
                with pytest.raises((SourceUnavailable, TimedOut)):
                    await visit.plan()
        relay.word = b""
        assert (await query(connector, READ)).rows == ((7,),)


async def test_a_tree_folded_inside_a_character_is_no_second_reading(database: Database) -> None:
    aliases = ["".join(("a" * shift, "é(" * 20))[:40] for shift in range(4)]
    views = ";".join(
        f'CREATE VIEW folded_{n} AS SELECT "{alias}".id FROM customers "{alias}"' for n, alias in enumerate(aliases)
    )
    url = await database(SHOP + views + "; GRANT SELECT ON ALL TABLES IN SCHEMA public TO shop_read")
    refused = 0
    async with connected(url, connections=1, rooms=ROOMS) as connector:
        for n in range(len(aliases)):
            async with asyncio.timeout(BOUND):
                async with connector.visit(Statement(text=f"SELECT id FROM folded_{n}"), name="assent:fold:0") as visit:
                    found = await visit.read()
            refused += isinstance(found, Unreadable) and found.detail == "a tree that is no UTF-8"
        assert refused  # the server folded at least one of them inside a character
        assert (await query(connector, READ)).rows == ((7,),)


async def test_stored_names_that_the_fold_would_cut_are_refused_before_the_server_is_asked(database: Database) -> None:
    column = "é(" * 21
    url = await database(
        SHOP + f'CREATE TABLE odd (id int, "{column}" int); CREATE VIEW over_odd AS SELECT * FROM odd;'
        "GRANT SELECT ON odd, over_odd TO shop_read"
    )
    async with connected(url, rooms=ROOMS) as connector:
        for name in ("odd", "over_odd"):
            async with connector.visit(Statement(text=f"SELECT id FROM {name}"), name="assent:odd:0") as visit:
                found = await visit.read()
            assert isinstance(found, Unreadable)
            assert found.doubt is Doubt.LIMITS


async def test_views_too_heavy_for_a_tree_are_refused_before_the_server_is_asked(database: Database) -> None:
    doubled = ";".join(f"CREATE VIEW v{n + 1} AS SELECT a.id FROM v{n} a, v{n} b" for n in range(12))
    url = await database(
        SHOP + f"CREATE VIEW v0 AS SELECT id FROM customers;{doubled};"
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO shop_read"
    )
    async with connected(url, rooms=ROOMS) as connector:
        assert (await query(connector, "SELECT id FROM v1 LIMIT 1")).rows
        async with connector.visit(
            Statement(text="SELECT 1 FROM " + ", ".join(f"v12 t{n}" for n in range(30))), name="assent:w:0"
        ) as visit:
            found = await visit.read()
        assert isinstance(found, Unreadable)
        assert found.doubt is Doubt.LIMITS


async def test_a_permit_for_another_form_is_another_statement(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url) as connector:
        reading = await read(connector, READ)
        async with connector.visit(Statement(text=f"EXPLAIN {READ}"), name="assent:f:0") as visit:
            await visit.read()
            with pytest.raises(Exception, match="another statement"):
                await visit.run(permit(reading))
