"""CALL: a procedure that an operator registered runs as one thing that people approve, and hands nothing back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import pytest

from core.connectors.postgres import Options, PostgresConnector
from core.errors import CapExceeded, Drifted, StatementFailed
from core.masking.net import finish
from core.model import Dialect, Doubt, Pair, Reading, Source, Thing, Verb
from core.ports import Statement
from tests.databases import Make
from tests.integration.connecting import (
    READER,
    SHOP,
    WRITER,
    Now,
    as_role,
    change,
    done,
    permit,
    read,
    refusal,
    told,
    untagged,
)

VERSIONS: Final = pytest.mark.parametrize("version", [15, 16, 17, 18])
PROCEDURES: Final = (
    SHOP
    + """
CREATE PROCEDURE tidy(keep int, what text DEFAULT 'tidied') LANGUAGE plpgsql AS
  $$ BEGIN DELETE FROM orders WHERE id > keep; INSERT INTO log VALUES (what); END $$;
CREATE PROCEDURE several(int) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE several(text) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE tells(INOUT x int) LANGUAGE plpgsql AS 'BEGIN x := 1; END';
CREATE PROCEDURE withheld() LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON PROCEDURE withheld() FROM PUBLIC;
CREATE PROCEDURE unknown() LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE ends() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES ('x'); COMMIT; END $$;
CREATE PROCEDURE goes_back() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES ('x'); ROLLBACK; END $$;
CREATE PROCEDURE empties() LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN TRUNCATE log; END $$;
CREATE PROCEDURE makes() LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE FUNCTION made() RETURNS int RETURN 1'; END $$;
CREATE FUNCTION plain(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE mood AS ENUM ('good');
"""
)


async def bodies(url: str) -> Mapping[str, str]:
    rows = await told(
        url,
        """SELECT n.nspname || '.' || p.proname || '(' || array_to_string(ARRAY(SELECT format_type(a, NULL)
             FROM unnest(p.proargtypes) a), ', ') || ')' AS name, md5(prosrc) AS body
             FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
            WHERE p.oid >= 16384 AND proname <> 'unknown'""",
    )
    return {row["name"]: row["body"] for row in rows}


@asynccontextmanager
async def calling(url: str, procedures: Mapping[str, str]) -> AsyncIterator[PostgresConnector]:
    connector = PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags={}, enforced=True),
        read_url=as_role(url, READER),
        write_url=as_role(url, WRITER),
        masks={},
        clock=Now(),
        options=Options(procedures=procedures),
        protect=untagged,
    )
    await connector.open()
    try:
        yield connector
    finally:
        await connector.close()


@VERSIONS
async def test_a_registered_procedure_runs_as_what_it_is(database: Make, version: int) -> None:
    url = await database(PROCEDURES, version=version)
    async with calling(url, await bodies(url)) as connector:
        text = "CALL public.tidy(keep => 290, what => 'it''s'::text)"
        reading = await read(connector, text)
        thing = Thing(kind="function", name="public.tidy")
        assert reading.pairs == {Pair(thing=thing, verb=Verb.RUN)}
        assert reading.also == ("runs public.tidy(integer, text) (plpgsql)",)
        rows = await change(connector, text, affected_rows=11)
        assert rows.rows == ()
        assert rows.work is not None
        assert rows.work.affected == 11  # ten orders and a line of the log
        assert (await told(url, "SELECT what FROM log"))[0][0] == "it's"
        assert finish(rows, reading).affected is None  # what it looked at nobody read: no number of it is told
        with pytest.raises(CapExceeded):
            await change(connector, "CALL tidy(200)", affected_rows=5)
        assert (await told(url, "SELECT count(*) FROM orders"))[0][0] == 290


@VERSIONS
async def test_any_other_call_is_refused_saying_why(database: Make, version: int) -> None:
    url = await database(PROCEDURES, version=version)
    async with calling(url, await bodies(url)) as connector:
        for text, said in (
            ("CALL unknown()", "unknown is not registered"),
            ("CALL several(1)", "several routines"),
            ("CALL several('a')", "several routines"),
            ("CALL tells(1)", "hands values back"),
            ("CALL withheld()", "may not call"),
            ("CALL plain(1)", "plain(integer) is not the one that was registered"),
            ("CALL pg_catalog.initcap('a')", "initcap is not registered"),
            ("CALL nothing()", "nothing is not registered"),
            ("CALL elsewhere.tidy(1)", "elsewhere.tidy is not registered"),
            ("CALL tidy(plain(1))", "plain values"),
            ("CALL tidy(1 + 1)", "plain values"),
            ("CALL tidy((SELECT 1))", "plain values"),
            ("CALL tidy(1, 'good'::mood)", "plain values"),
            ("CALL tidy(VARIADIC ARRAY[1])", "plain values"),
        ):
            found = await refusal(connector, text)
            assert said in found.sentence, (text, found)
    async with calling(url, {"public.tidy(integer, text)": "0" * 32}) as connector:
        found = await refusal(connector, "CALL tidy(1)")
        assert found.doubt is Doubt.FUNCTION
        assert "not the one that was registered" in found.sentence


@pytest.mark.parametrize("name", ["ends", "goes_back"])
async def test_a_procedure_that_ends_transactions_changes_nothing_and_is_told_why(database: Make, name: str) -> None:
    url = await database(PROCEDURES)
    async with calling(url, await bodies(url)) as connector:
        with pytest.raises(StatementFailed) as caught:
            await change(connector, f"CALL {name}()")
        assert caught.value.sqlstate == "2D000"
        assert "ends transactions itself" in caught.value.public
        assert (await told(url, "SELECT count(*) FROM log"))[0][0] == 0


async def test_what_a_procedure_empties_is_rolled_back_under_a_cap(database: Make) -> None:
    url = await database(PROCEDURES + "INSERT INTO log VALUES ('a');")
    async with calling(url, await bodies(url)) as connector:
        with pytest.raises(CapExceeded):
            await change(connector, "CALL empties()", affected_rows=100)
        assert (await told(url, "SELECT count(*) FROM log"))[0][0] == 1


@pytest.mark.parametrize(
    "act",
    [
        "CREATE OR REPLACE PROCEDURE tidy(keep int, what text) LANGUAGE plpgsql AS 'BEGIN DELETE FROM orders; END'",
        "CREATE PROCEDURE tidy(keep bigint) LANGUAGE sql AS 'DELETE FROM orders'",
        "ALTER PROCEDURE tidy(int, text) SECURITY DEFINER",
    ],
)
async def test_another_body_or_another_of_its_name_is_another_question(database: Make, act: str) -> None:
    url = await database(PROCEDURES.replace(" DEFAULT 'tidied'", ""))
    text = "CALL tidy(290, 'x')"
    async with calling(url, await bodies(url)) as connector:
        before = await read(connector, text)
        await done(url, act)
        async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
            rows = None
            with pytest.raises(Drifted):
                rows = await visit.run(permit(before))
            assert rows is None
        assert (await told(url, "SELECT count(*) FROM orders"))[0][0] == 300


async def test_a_procedure_that_changes_what_names_mean_is_not_committed(database: Make) -> None:
    url = await database(PROCEDURES)
    async with calling(url, await bodies(url)) as connector:
        assert isinstance(await read(connector, "CALL makes()"), Reading)
        with pytest.raises(Drifted):
            await change(connector, "CALL makes()")
        assert await told(url, "SELECT 1 FROM pg_proc WHERE proname = 'made'") == []


async def test_an_operator_is_told_of_a_registered_procedure_that_is_another(database: Make) -> None:
    url = await database(PROCEDURES)
    wanted = {"public.tidy(integer, text)": "0" * 32, "public.plain(integer)": "0" * 32}
    async with calling(url, wanted) as connector:
        (line,) = [one.line for one in await connector.findings() if one.name == "functions-registered"]
        assert f"public.tidy(integer, text): procedure:{(await bodies(url))['public.tidy(integer, text)']}" in line
        assert "public.plain(integer): no such procedure" in line
