"""Code that no statement names: operator classes' own functions, and what CHECKs, indexes and defaults call."""

from __future__ import annotations

import asyncpg
import pytest

from core.connectors.postgres.rooms import remembering
from core.model import Doubt, Fact
from tests.databases import Make
from tests.integration.connecting import READER, SHOP, WRITER, connected, done, query, read, refusal
from tests.integration.test_connector_functions import registering

VERSIONS = pytest.mark.parametrize("version", [15, 18])
OPAQUE = "LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN"
# Each operator's own function is one that computes and nothing else; what compares and hashes is not.
CLASSES = (
    SHOP
    + f"""
CREATE TYPE pt AS (a int);
CREATE FUNCTION pt_lt(pt, pt) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a < ($2).a';
CREATE FUNCTION pt_eq(pt, pt) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a = ($2).a';
CREATE FUNCTION pt_cmp(pt, pt) RETURNS int {OPAQUE} CASE WHEN ($1).a < ($2).a THEN -1 ELSE 1 END; END';
CREATE FUNCTION pt_hash(pt) RETURNS int {OPAQUE} 7; END';
CREATE OPERATOR <# (LEFTARG = pt, RIGHTARG = pt, FUNCTION = pt_lt, COMMUTATOR = >#);
CREATE OPERATOR ># (LEFTARG = pt, RIGHTARG = pt, FUNCTION = pt_lt, COMMUTATOR = <#);
CREATE OPERATOR <=# (LEFTARG = pt, RIGHTARG = pt, FUNCTION = pt_lt);
CREATE OPERATOR >=# (LEFTARG = pt, RIGHTARG = pt, FUNCTION = pt_lt);
CREATE OPERATOR =# (LEFTARG = pt, RIGHTARG = pt, FUNCTION = pt_eq, HASHES, MERGES, COMMUTATOR = =#);
CREATE OPERATOR CLASS pt_ops DEFAULT FOR TYPE pt USING btree AS OPERATOR 1 <#, OPERATOR 2 <=#, OPERATOR 3 =#,
  OPERATOR 4 >=#, OPERATOR 5 >#, FUNCTION 1 pt_cmp(pt, pt);
CREATE OPERATOR CLASS pt_hash_ops DEFAULT FOR TYPE pt USING hash AS OPERATOR 1 =#, FUNCTION 1 pt_hash(pt);
CREATE TYPE two AS (one pt, other int);
CREATE TABLE places (id int, at pt);
CREATE TABLE paired (id int, at two, more pt[]);
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER};
"""
)


# Built-in operators in a family of somebody else: nobody can tell which of the two a sort takes.
ODD = (
    SHOP
    + f"""
CREATE FUNCTION odd_cmp(int, int) RETURNS int {OPAQUE} CASE WHEN $1 < $2 THEN -1 WHEN $1 > $2 THEN 1 ELSE 0 END; END';
CREATE OPERATOR CLASS odd_ops FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=,
  OPERATOR 5 >, FUNCTION 1 odd_cmp(int, int);
CREATE TABLE sorted (id int, size int);
CREATE INDEX ON sorted (size odd_ops);
CREATE TABLE grown (id int) PARTITION BY RANGE (id);
CREATE TABLE grown_1 PARTITION OF grown FOR VALUES FROM (0) TO (100);
CREATE INDEX ON grown_1 (id odd_ops);
CREATE TABLE routed (id int) PARTITION BY RANGE (id odd_ops);
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER};
"""
)


@VERSIONS
async def test_no_function_of_an_operator_class_runs_that_nobody_looked_at(database: Make, version: int) -> None:
    async with registering(await database(CLASSES, version=version)) as connector:
        for text, named in (
            ("SELECT id FROM places ORDER BY at USING <#", "pt_cmp"),
            ("SELECT id FROM places WHERE at =# ROW(1)::pt", "pt_cmp"),
            ("SELECT count(DISTINCT at) FROM places", "pt_cmp"),
            ("SELECT at FROM places GROUP BY at", "pt_cmp"),
            ("SELECT greatest(at, ROW(1)::pt) FROM places", "pt_cmp"),
            ("SELECT id FROM paired ORDER BY at", "pt_cmp"),
            ("SELECT id FROM places WHERE ROW(at, 1) < ROW(at, 2)", "pt_cmp"),
            ("SELECT array_position(more, ROW(1)::pt) FROM paired", "pt_cmp"),
            ("SELECT a.id FROM paired a JOIN paired b ON a.more = b.more", "pt_cmp"),
        ):
            found = await refusal(connector, text)
            assert found.doubt is Doubt.FUNCTION, text
            assert named in found.sentence or "pt_hash" in found.sentence, (text, found.sentence)
        assert (await query(connector, "SELECT (at).a FROM places")).rows == ()
        assert (await query(connector, "SELECT count(*) FROM customers WHERE id > 40")).rows == ((60,),)


@VERSIONS
async def test_nor_by_an_index_or_a_partition_key_or_beside_a_built_in_class(database: Make, version: int) -> None:
    async with registering(await database(ODD, version=version)) as connector:
        for text in (
            "SELECT size FROM sorted",
            "SELECT count(*) FROM grown",
            "SELECT count(*) FROM routed",
            "SELECT name FROM customers ORDER BY id",
        ):
            found = await refusal(connector, text)
            assert "odd_cmp" in found.sentence, (text, found.sentence)
        assert (await query(connector, "SELECT count(name) FROM customers")).rows == ((100,),)


async def test_a_member_that_was_looked_at_runs_until_another_joins_the_family(database: Make) -> None:
    url = await database(CLASSES)
    owner = await asyncpg.connect(url)
    await owner.execute("SET search_path = ''")
    bodies = await owner.fetch(
        "SELECT oid::regprocedure::text AS name, md5(prosrc) AS body FROM pg_proc WHERE oid >= 16384"
    )
    registered = {row["name"].replace(",", ", "): row["body"] for row in bodies if ".pt_" in row["name"]}
    async with registering(url, registered) as connector:
        text = "SELECT (at).a FROM places ORDER BY at"
        await query(connector, text)
        await owner.execute(
            f"SET search_path = public; CREATE FUNCTION late(pt, pt, int, bool, bool) RETURNS bool {OPAQUE} true; END';"
            " ALTER OPERATOR FAMILY pt_ops USING btree ADD FUNCTION 3 (pt, int) late(pt, pt, int, bool, bool)"
        )
        assert "late" in (await refusal(connector, text)).sentence
    await owner.close()


# What the server runs on the rows of a table, though no statement and no trigger names it.
ATTACHED = (
    SHOP
    + f"""
CREATE FUNCTION checked(int) RETURNS bool {OPAQUE} $1 < 1000; END';
CREATE FUNCTION keyed(int) RETURNS int {OPAQUE} $1; END';
CREATE FUNCTION chosen(int) RETURNS bool {OPAQUE} true; END';
CREATE FUNCTION stood() RETURNS int {OPAQUE} 7; END';
CREATE FUNCTION whenever(int) RETURNS bool {OPAQUE} true; END';
CREATE FUNCTION harmless(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE with_check (id int CHECK (checked(id)));
CREATE TABLE with_index (id int); CREATE INDEX ON with_index (keyed(id));
CREATE TABLE with_where (id int); CREATE INDEX ON with_where (id) WHERE chosen(id);
CREATE TABLE with_default (id int PRIMARY KEY DEFAULT stood());
CREATE TABLE with_made (id int, made int GENERATED ALWAYS AS (keyed(id)) STORED);
CREATE TABLE with_when (id int);
CREATE TRIGGER t BEFORE UPDATE ON with_when FOR EACH ROW WHEN (whenever(NEW.id)) EXECUTE FUNCTION noted();
CREATE TABLE with_parts (id int) PARTITION BY RANGE ((keyed(id)));
CREATE TABLE with_parts_1 PARTITION OF with_parts FOR VALUES FROM (0) TO (1000);
CREATE TABLE with_none (id int CHECK (harmless(id) > 0 AND lower('A') = 'a'));
CREATE TABLE far (id int REFERENCES with_default ON DELETE SET DEFAULT DEFAULT stood());
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}, {WRITER};
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WRITER};
"""
)


@VERSIONS
async def test_code_that_rows_run_without_a_trigger_is_named(database: Make, version: int) -> None:
    async with connected(await database(ATTACHED, version=version), rooms=remembering()) as connector:
        for text, named in (
            ("INSERT INTO with_check VALUES (1)", "rows of public.with_check run public.checked(integer) (plpgsql)"),
            ("UPDATE with_check SET id = 2", "rows of public.with_check run public.checked(integer) (plpgsql)"),
            ("INSERT INTO with_index VALUES (1)", "rows of public.with_index run public.keyed(integer) (plpgsql)"),
            ("INSERT INTO with_where VALUES (1)", "rows of public.with_where run public.chosen(integer) (plpgsql)"),
            ("INSERT INTO with_made VALUES (1)", "rows of public.with_made run public.keyed(integer) (plpgsql)"),
            ("UPDATE with_when SET id = 1", "rows of public.with_when run public.whenever(integer) (plpgsql)"),
            ("INSERT INTO with_parts VALUES (1)", "rows of public.with_parts run public.keyed(integer) (plpgsql)"),
            ("DELETE FROM with_default", "rows of public.far run public.stood() (plpgsql)"),
        ):
            reading = await read(connector, text)
            assert named in reading.also, (text, reading.also)
            assert Fact.UNREGISTERED_CODE in reading.facts
        for text in ("INSERT INTO with_none VALUES (1)", "DELETE FROM with_check", "INSERT INTO log VALUES ('x')"):
            reading = await read(connector, text)
            assert not reading.also
            assert Fact.UNREGISTERED_CODE not in reading.facts


async def test_a_check_that_came_since_makes_it_another_question(database: Make) -> None:
    url = await database(ATTACHED)
    async with connected(url, rooms=remembering()) as connector:
        before = await read(connector, "INSERT INTO log VALUES ('x')")
        await done(url, "ALTER TABLE log ADD CHECK (checked(length(what)))")
        after = await read(connector, "INSERT INTO log VALUES ('x')")
        assert before.tree != after.tree
        assert any("public.checked" in said for said in after.also)
