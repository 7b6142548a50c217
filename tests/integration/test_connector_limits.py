"""Time, cancellation, bounds and hygiene: what one caller leaves, another never finds."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import anyio
import asyncpg
import pytest

from core.connectors.postgres.connection.link import Link
from core.connectors.postgres.connection.pool import loopback, verified
from core.connectors.postgres.connection.session import Prepared, Session, begin
from core.errors import (
    Away,
    Busy,
    DeniedByEngine,
    SettingsError,
    SourceUnavailable,
    StatementFailed,
    TimedOut,
    UnsafeStart,
)
from core.ports import Statement
from tests.integration.connecting import (
    SECRET,
    SHOP,
    WRITER,
    as_role,
    change,
    connected,
    done,
    permit,
    query,
    read,
    told,
    until,
)

Database = Callable[..., Coroutine[Any, Any, str]]

RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'shop_%' AND state = 'active'"


async def test_the_database_itself_ends_a_runaway(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url) as connector:
        with pytest.raises(TimedOut) as caught:
            await query(connector, "SELECT pg_sleep(30)", seconds=0.3)
        assert "statement_timeout" in str(caught.value)  # and not the client's later deadline
        assert (await told(url, RUNNING))[0][0] == 0


async def test_many_short_fetches_meet_the_clients_deadline(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url) as connector:
        text = "SELECT pg_sleep(0.02) FROM generate_series(1, 100000)"
        with pytest.raises(TimedOut):
            await query(connector, text, seconds=0.8, returned_rows=100_000, returned_bytes=10**7)
        assert await until(lambda: idle(url))


async def idle(url: str) -> bool:
    return int((await told(url, RUNNING))[0][0]) == 0


@pytest.mark.parametrize("kind", ["task", "scope"])
async def test_a_cancelled_caller_leaves_no_statement_behind(database: Database, kind: str) -> None:
    url = await database(SHOP)
    async with connected(url, connections=1) as connector:

        async def busy() -> bool:
            return not await idle(url)

        async def ask() -> None:
            await query(connector, "SELECT pg_sleep(30)")

        if kind == "task":
            task = asyncio.ensure_future(ask())
            assert await until(busy, 5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            async with anyio.create_task_group() as group:
                group.start_soon(ask)
                assert await until(busy, 5)
                group.cancel_scope.cancel()
        assert await until(lambda: idle(url))
        assert (await query(connector, "SELECT 1")).rows == ((1,),)


GATEWAY = """
import asyncio, sys
from tests.integration.connecting import connected, query

async def main():
    async with connected(sys.argv[1]) as connector:
        await query(connector, "SELECT pg_sleep(60)")

asyncio.run(main())
"""


async def test_the_statement_of_a_killed_gateway_ends_by_itself(database: Database) -> None:
    url = await database(SHOP)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", GATEWAY, url)

    async def busy() -> bool:
        named = await told(
            url, "SELECT FROM pg_stat_activity WHERE application_name = 'assent:test:1' AND state = 'active'"
        )
        return bool(named)

    assert await until(busy, 20)
    process.kill()
    await process.wait()
    assert await until(lambda: idle(url), 4)


LEFT = {
    "a setting": ("SELECT set_config('app.x', 'canary', false)", "SELECT current_setting('app.x', true)", None),
    "a lock": (
        "SELECT pg_advisory_lock(42)::text",
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
        0,
    ),
    "a text": (
        "SELECT 'canary-text'",
        "SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'canary-[t]ext'",
        0,
    ),
    "a role": ("SELECT set_config('role', 'none', false)", "SELECT current_user::text", "shop_read"),
    "a path": ("SELECT set_config('search_path', 'x', false)", "SELECT current_setting('datestyle')", "ISO, YMD"),
}


@pytest.mark.parametrize(("left", "asked", "found"), LEFT.values(), ids=LEFT.keys())
async def test_nothing_is_left_for_the_next_caller(database: Database, left: str, asked: str, found: object) -> None:
    async with connected(await database(SHOP), connections=1) as connector:
        await query(connector, left)
        rows = await query(connector, asked)
        assert rows.rows[0][0] in {found, "" if found is None else found}


async def test_a_failed_call_leaves_a_working_connection(database: Database) -> None:
    async with connected(await database(SHOP), connections=1) as connector:
        for _ in range(3):
            with pytest.raises(StatementFailed):
                await query(connector, "SELECT 1 / (id - id) FROM customers")
        assert (await query(connector, "SELECT 1")).rows == ((1,),)


async def test_an_ended_backend_costs_one_call_only(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url, connections=1) as connector:
        await query(connector, "SELECT 1")
        await done(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop_read'")
        with contextlib.suppress(SourceUnavailable):  # the pool may have noticed already
            await query(connector, "SELECT 1")
        assert (await query(connector, "SELECT 1")).rows == ((1,),)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT email::int FROM customers",
        "SELECT email::date FROM customers",
        "SELECT ('{' || email)::json FROM customers",
        "SELECT to_tsquery(email || ' & & (') FROM customers",
        "SELECT 1 / (length(email) - length(email)) FROM customers",
    ],
)
async def test_errors_say_no_word_of_the_database(database: Database, text: str) -> None:
    async with connected(await database(SHOP)) as connector:
        with pytest.raises(StatementFailed) as caught:
            await query(connector, text)
        for told_ in (str(caught.value), caught.value.public, repr(caught.value)):
            assert SECRET not in told_
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


async def test_what_the_engine_denies_after_a_permit_is_its_own_error(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url) as connector:
        await done(url, "REVOKE ALL ON customers FROM shop_read")
        await connector.renew()
        with pytest.raises(DeniedByEngine):
            await query(connector, "SELECT email FROM customers")


async def test_callers_beyond_the_queue_are_told_to_come_back(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url, connections=1, patience=timedelta(seconds=0.3)) as connector:
        async with connector.visit(Statement(text="SELECT 1"), name="assent:test:1"):
            waiting = [asyncio.ensure_future(query(connector, "SELECT 1")) for _ in range(4)]
            results = await asyncio.gather(*waiting, return_exceptions=True)
            assert all(isinstance(result, Busy) for result in results)
        assert (await query(connector, "SELECT 1")).rows == ((1,),)


async def test_a_lone_connection_can_reload_the_catalogs(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url, connections=1) as connector:
        await read(connector, "SELECT name FROM names")
        await done(url, "CREATE OR REPLACE VIEW names AS SELECT id, email AS name FROM customers")
        assert (await query(connector, "SELECT name FROM names LIMIT 1")).rows == ((SECRET,),)


async def test_a_wide_result_is_cut_before_it_is_all_here(database: Database) -> None:
    async with connected(await database(SHOP)) as connector:
        rows = await query(connector, "SELECT repeat('x', 1000000) FROM generate_series(1, 2000)")
        assert rows.rows == ()
        assert rows.cut is not None


LARGE = """
import asyncio, resource, sys
from core.errors import StatementFailed
from tests.integration.connecting import connected, query

async def main(url, text):
    async with connected(url, connections=1) as connector:
        await query(connector, "SELECT 1")
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + (400 << 20), used + (400 << 20)))
        try:
            rows = await query(connector, text, seconds=55)
            print(len(rows.rows), rows.cut)
        except StatementFailed as error:
            print(error.sqlstate, error.public)
        print((await query(connector, "SELECT 7")).rows)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "text",
    [
        "SELECT repeat('x', 300000000)",
        "SELECT array_fill(repeat('x', 1000), ARRAY[300000])",
        "SELECT n, repeat('x', CASE WHEN n = 40 THEN 300000000 END) FROM generate_series(1, 60) n",
        "SELECT repeat('x', 100000000) FROM generate_series(1, 1000)",
    ],
)
async def test_no_result_takes_more_memory_than_is_held_at_once(database: Database, text: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LARGE, await database(SHOP), text,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, failed = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, failed.decode()
    lines = said.decode().splitlines()
    assert lines[0].startswith("54000 Rows of this result are larger than the 32 MiB"), lines
    assert lines[1] == "((7,),)"


async def test_a_hidden_setting_of_the_role_does_not_change_what_is_printed(database: Database) -> None:
    url = await database(SHOP)
    await done(url, "ALTER ROLE shop_read SET datestyle = 'German'")
    try:
        async with connected(url) as connector:
            assert (await query(connector, "SELECT date '2026-01-31'")).rows == (("2026-01-31",),)
    finally:
        await done(url, "ALTER ROLE shop_read RESET datestyle")


async def test_literals_mean_the_same_to_both_readers_whatever_the_session_says(database: Database) -> None:
    """With standard_conforming_strings off a backslash moves text out of a literal: our BEGIN sets it."""
    connection = await asyncpg.connect(await database(SHOP), statement_cache_size=0, connection_class=Link)
    try:
        await connection.execute("SET standard_conforming_strings = off; SET escape_string_warning = off")
        session = Session(connection)
        session.begin(begin(path="public", name="assent:x:1", timeout=timedelta(seconds=5), writes=False))
        assert await connection.ask("SHOW standard_conforming_strings") == "on"
        found = await session.parse(r"SELECT '\'")
        assert isinstance(found, Prepared)
        await session.rollback()
    finally:
        await connection.close()


async def test_a_read_ends_in_rollback(database: Database) -> None:
    """Even a reading that was wrong leaves nothing: what a trusted function did inside READ ONLY is undone."""
    url = await database(
        SHOP
        + "CREATE FUNCTION loud() RETURNS int LANGUAGE sql VOLATILE AS $$SELECT pg_notify('assent', 'x'); SELECT 1$$"
    )
    heard: list[object] = []
    listener = await asyncpg.connect(url)
    try:
        await listener.add_listener("assent", lambda *message: heard.append(message))
        async with connected(url) as connector:
            assert (await query(connector, "SELECT loud()")).rows == ((1,),)
        await listener.fetchval("SELECT 1")
        assert not heard
    finally:
        await listener.close()


async def test_an_unreachable_source_says_so(database: Database) -> None:
    url = await database(SHOP)
    host, _, name = url.rpartition("@")[2].partition("/")
    with pytest.raises(SourceUnavailable) as caught:
        async with connected(url.replace(host, "127.0.0.1:9")):
            pass
    assert caught.value.cause is Away.REFUSED
    with pytest.raises(
        SettingsError, match=r"let '\w+' in: .*3D000; does the role exist .*\?$"
    ):  # a server that answers so does not change its mind by itself
        async with connected(url.replace(f"/{name}", f"/{name}_gone")):
            pass


async def test_a_source_off_loopback_needs_verified_tls(database: Database) -> None:
    with pytest.raises(UnsafeStart):
        async with connected("postgresql://x:y@192.0.2.1:5432/shop"):
            pass


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("postgresql://u:p@127.0.0.1:5432/d", True),
        ("postgresql://u:p@localhost/d", True),
        ("postgresql://u:p@[::1]:5432/d", True),
        ("postgresql://u:p@db.example.com:5432/d", False),
        ("postgresql://u:p@127.0.0.1/d?host=db.example.com", False),
        ("postgresql://u:p@127.0.0.1,db.example.com/d", False),
        ("postgresql://u:p@127.0.0.1.example.com/d", False),
    ],
)
async def test_loopback_is_every_host_of_the_url(url: str, near: bool) -> None:
    assert loopback(url) is near


async def test_a_url_without_a_host_is_refused() -> None:
    with pytest.raises(SettingsError):
        loopback("postgresql:///d")


async def test_only_verify_full_counts_as_verified() -> None:
    assert verified("postgresql://h/d?sslmode=verify-full")
    assert not verified("postgresql://h/d?sslmode=require")


async def test_the_write_role_cannot_be_used_by_a_read(database: Database) -> None:
    url = await database(SHOP)
    async with connected(url) as connector:
        assert (await query(connector, "SELECT current_user::text")).rows == (("shop_read",),)
        rows = await change(connector, "INSERT INTO log SELECT current_user RETURNING what")
        assert rows.rows == ((WRITER,),)
    owner = await asyncpg.connect(as_role(url, WRITER))
    await owner.close()


async def test_a_permit_past_its_deadline_runs_nothing(database: Database) -> None:
    from dataclasses import replace

    async with connected(await database(SHOP)) as connector:
        reading = await read(connector, "SELECT 1")
        late = permit(reading)
        async with connector.visit(Statement(text="SELECT 1"), name="assent:test:1") as visit:
            with pytest.raises(TimedOut):
                await visit.run(replace(late, deadline=late.call.received_at))
