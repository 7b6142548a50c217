"""Own functions in reads: bodies that only compute, functions that an operator registered, code that runs at Parse."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from core.connectors.postgres.connection.pool import Bounds
from core.connectors.postgres.connector import Options, PostgresConnector
from core.model import Dialect, Doubt, Reading, Source
from core.ports import Statement
from tests.integration.connecting import READER, SHOP, Now, as_role, query, refusal, untagged

Database = Callable[..., Coroutine[Any, Any, str]]

FUNCTIONS = (
    SHOP
    + """
CREATE FUNCTION public.twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x * 2';
CREATE FUNCTION public.four(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT public.twice(public.twice($1))';
CREATE FUNCTION public.named(first text, "Last" text) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN upper(first) || ' ' || "Last";
CREATE FUNCTION public.block(x date) RETURNS int LANGUAGE sql IMMUTABLE
  BEGIN ATOMIC SELECT (extract(year FROM block.x) / 10)::int * 10; END;
CREATE FUNCTION public.longest(text[]) RETURNS text LANGUAGE sql IMMUTABLE
  AS 'SELECT w FROM unnest($1) w ORDER BY length(w) DESC LIMIT 1 -- the first';
CREATE FUNCTION public.sum_sfunc(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT coalesce($1, 0) + $2';
CREATE AGGREGATE public.total(int) (SFUNC = public.sum_sfunc, STYPE = int);
CREATE FUNCTION public.near(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 2';
CREATE OPERATOR public.=~= (LEFTARG = int, RIGHTARG = int, FUNCTION = public.near);
CREATE FUNCTION public.stable(x int) RETURNS int LANGUAGE sql STABLE AS 'SELECT x * 2';
CREATE FUNCTION public.hidden(x int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT name FROM customers WHERE id = $1';
CREATE FUNCTION public.setting() RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT current_setting(''x.y'', true)';
CREATE FUNCTION public.definer(x int) RETURNS int LANGUAGE sql IMMUTABLE SECURITY DEFINER AS 'SELECT x';
CREATE FUNCTION public.path(x int) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = x AS 'SELECT x';
CREATE FUNCTION public.writes(x int) RETURNS int LANGUAGE sql IMMUTABLE
  AS 'UPDATE customers SET name = name WHERE id = x RETURNING id';
CREATE FUNCTION public.two(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1; SELECT x';
CREATE FUNCTION public.plain(x int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN x; END';
CREATE FUNCTION public.over_plain(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT plain(x)';
CREATE FUNCTION public.ping(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION public.pong(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT ping(x)';
CREATE OR REPLACE FUNCTION public.ping(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT pong(x)';
CREATE FUNCTION public.plain2(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $2; END';
CREATE AGGREGATE public.odd(int) (SFUNC = public.plain2, STYPE = int);
CREATE FUNCTION public.named_table() RETURNS regclass LANGUAGE sql IMMUTABLE AS 'SELECT ''customers''::regclass';
CREATE FUNCTION public.poly(anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION public.odd_near(int, int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END';
CREATE OPERATOR public.=!= (LEFTARG = int, RIGHTARG = int, FUNCTION = public.odd_near);
CREATE TYPE public.pt AS (a int);
CREATE FUNCTION public.pt_is(public.pt, public.pt) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END';
CREATE FUNCTION public.pt_cmp(public.pt, public.pt) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 0; END';
CREATE OPERATOR public.<# (LEFTARG = public.pt, RIGHTARG = public.pt, FUNCTION = public.pt_is);
CREATE OPERATOR public.<=# (LEFTARG = public.pt, RIGHTARG = public.pt, FUNCTION = public.pt_is);
CREATE OPERATOR public.=# (LEFTARG = public.pt, RIGHTARG = public.pt, FUNCTION = public.pt_is);
CREATE OPERATOR public.>=# (LEFTARG = public.pt, RIGHTARG = public.pt, FUNCTION = public.pt_is);
CREATE OPERATOR public.># (LEFTARG = public.pt, RIGHTARG = public.pt, FUNCTION = public.pt_is);
CREATE OPERATOR CLASS public.pt_ops DEFAULT FOR TYPE public.pt USING btree AS OPERATOR 1 public.<#,
  OPERATOR 2 public.<=#, OPERATOR 3 public.=#, OPERATOR 4 public.>=#, OPERATOR 5 public.>#, FUNCTION 1 public.pt_cmp;
CREATE DOMAIN public.checked AS int CHECK (public.plain(VALUE) > 0);
CREATE TYPE public.held AS (id int, inner_one public.checked);
"""
)
VERSIONS = pytest.mark.parametrize("version", [15, 16, 17, 18])


@asynccontextmanager
async def registering(url: str, functions: Mapping[str, str] | None = None) -> AsyncIterator[PostgresConnector]:
    connector = PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags={}, enforced=True),
        read_url=as_role(url, READER),
        write_url=None,
        masks={},
        clock=Now(),
        options=Options(bounds=Bounds(connections=2, waiting=2), functions=functions or {}),
        protect=untagged,
    )
    await connector.open()
    try:
        yield connector
    finally:
        await connector.close()


@VERSIONS
async def test_a_body_that_only_computes_is_called_in_a_read(database: Database, version: int) -> None:
    async with registering(await database(FUNCTIONS, version=version)) as connector:
        for text, answer in (
            ("SELECT twice(4)", 8),
            ("SELECT four(id) FROM customers WHERE id = 7", 28),
            ("SELECT named('ada', 'b')", "ADA b"),
            ("SELECT block(date '1987-05-05')", 1990),
            ("SELECT longest(ARRAY['a', 'bbb', 'cc'])", "bbb"),
            ("SELECT total(id) FROM customers WHERE id < 4", None),
            ("SELECT count(*) FROM customers WHERE id =~= 5", 3),
        ):
            rows = (await query(connector, text)).rows
            assert answer is None or rows == ((answer,),), text


@VERSIONS
async def test_any_other_own_function_is_refused_by_name(database: Database, version: int) -> None:
    async with registering(await database(FUNCTIONS, version=version)) as connector:
        for call, named in (
            ("stable(1)", "stable(integer)"),
            ("hidden(1)", "hidden(integer)"),
            ("setting()", "setting()"),
            ("definer(1)", "definer(integer)"),
            ("path(1)", "path(integer)"),
            ("writes(1)", "writes(integer)"),
            ("two(1)", "two(integer)"),
            ("plain(1)", "plain(integer)"),
            ("over_plain(1)", "over_plain(integer)"),
            ("ping(1)", "ping(integer)"),
            ("pong(1)", "pong(integer)"),
            ("odd(1)", "plain2(integer, integer)"),
            ("named_table()", "named_table()"),
            ("poly(1)", "poly(anyelement)"),
            ("1 =!= 2", "odd_near(integer, integer)"),
            ("x FROM (VALUES (ROW(1)::pt)) AS v(x) ORDER BY x", "pt_is(public.pt, public.pt)"),
            ("NULL::checked", "plain(integer)"),
            ("NULL::held[]", "plain(integer)"),
            ("x FROM jsonb_to_record('{}') AS x(a int, b held[])", "plain(integer)"),
        ):
            found = await refusal(connector, f"SELECT {call}")
            assert found.doubt is Doubt.FUNCTION
            assert f"public.{named}" in found.sentence, found


async def test_a_registered_function_runs_until_its_body_is_another(database: Database) -> None:
    url = await database(FUNCTIONS)
    owner = await asyncpg.connect(url)
    body = await owner.fetchval("SELECT md5(prosrc) FROM pg_proc WHERE proname = 'plain'")
    async with registering(url, {"public.plain(integer)": body, "public.gone()": body}) as connector:
        assert (await query(connector, "SELECT plain(3), over_plain(4)")).rows == ((3, 4),)
        await owner.execute(
            "CREATE OR REPLACE FUNCTION public.plain(x int) RETURNS int LANGUAGE plpgsql IMMUTABLE"
            " AS 'BEGIN RETURN 0; END'"
        )
        found = await refusal(connector, "SELECT plain(3)")
        assert "is not the one that was registered" in found.sentence
        assert found.doubt is Doubt.FUNCTION
        assert "over_plain" in (await refusal(connector, "SELECT over_plain(4)")).sentence
        lines = [finding.line for finding in await connector.findings() if finding.name == "functions-registered"]
        now = await owner.fetchval("SELECT md5(prosrc) FROM pg_proc WHERE proname = 'plain'")
        assert lines
        assert f"public.plain(integer): pure:{now}" in lines[0]
        assert "public.gone(): not there" in lines[0]
    await owner.close()


async def test_a_registration_lifts_no_function_of_the_server_and_no_owners_rights(database: Database) -> None:
    url = await database(FUNCTIONS)
    owner = await asyncpg.connect(url)
    body = await owner.fetchval("SELECT md5(prosrc) FROM pg_proc WHERE proname = 'definer'")
    functions = {
        "public.definer(integer)": body,
        "pg_catalog.pg_sleep(double precision)": "",
        "public.plain(integer)": "",
    }
    async with registering(url, functions) as connector:
        for text in ("SELECT definer(1)", "SELECT pg_sleep(0)", "SELECT plain(1)"):
            assert (await refusal(connector, text)).doubt is Doubt.FUNCTION
    await owner.close()


@pytest.mark.parametrize(
    "act",
    [
        "CREATE OR REPLACE FUNCTION public.twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x * 3'",
        "CREATE FUNCTION public.abs(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 0; END'",
        """CREATE FUNCTION public.f(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE OPERATOR public.* (LEFTARG = int, RIGHTARG = int, FUNCTION = public.f)""",
        "CREATE DOMAIN public.other AS int",
        "CREATE SCHEMA other",
    ],
)
async def test_a_body_is_read_again_when_its_words_may_mean_something_else(database: Database, act: str) -> None:
    """The text of `four` stays as it is; what it calls, or what its names could mean, does not."""
    url = await database(FUNCTIONS)
    owner = await asyncpg.connect(url)
    async with registering(url) as connector:
        known = await connector.known()
        statement = Statement(text="SELECT four(1)")
        async with connector.visit(statement, name="assent:read:0") as visit:
            before = await visit.read()
        await owner.execute(act)
        async with connector.visit(statement, name="assent:read:1") as visit:
            after = await visit.read()
        assert isinstance(before, Reading)
        assert isinstance(after, Reading)
        assert before.tree != after.tree
        assert (await connector.known()).serial != known.serial
    await owner.close()


@VERSIONS
async def test_code_that_runs_at_parse_closes_the_source_naming_type_and_function(
    database: Database, version: int
) -> None:
    url = await database(
        FUNCTIONS
        + """
        CREATE DOMAIN public.small AS int CHECK (public.twice(VALUE) < 100);
        CREATE DOMAIN public.word AS text CHECK (public.plain(length(VALUE)) > 0);
        CREATE DOMAIN public.told AS text CHECK (current_setting('x.y', true) IS DISTINCT FROM VALUE);
        CREATE TYPE public.span AS RANGE (SUBTYPE = int, SUBTYPE_DIFF = public.gap);
        """.replace(
            "CREATE TYPE",
            "CREATE FUNCTION public.gap(int, int) RETURNS float8 LANGUAGE plpgsql IMMUTABLE"
            " AS 'BEGIN RETURN $1 - $2; END'; CREATE TYPE",
        ),
        version=version,
    )
    async with registering(url) as connector:
        (line,) = [one.line for one in await connector.findings() if one.name == "functions-at-parse"]
        assert "public.word calls public.plain(integer)" in line
        assert "public.told calls pg_catalog.current_setting" in line
        assert "public.span calls public.gap(integer, integer)" in line
        assert "public.small" not in line
        assert (await query(connector, "SELECT 7::small")).rows == ((7,),)
    owner = await asyncpg.connect(url)
    await owner.execute("REVOKE EXECUTE ON FUNCTION plain(int), gap(int, int) FROM PUBLIC; DROP DOMAIN told")
    async with registering(url) as connector:
        assert [one.line for one in await connector.findings() if one.name == "functions-at-parse"] == []
    await owner.close()
