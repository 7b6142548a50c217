"""42501 after a permit: an alert where the reading was wrong, and none that an agent can raise at will."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg

from core.classify.postgres.tree.denials import RESOLVERS
from core.classify.postgres.tree.functions import builtin
from core.connectors.postgres.rooms import ROOMS
from core.model import Answer, Failed
from tests.integration.shop import Make
from tests.integration.test_blind import Ground, blind, ground
from tests.slices import versions

SECRET = """
CREATE SCHEMA secret; CREATE TABLE secret.t (a int);
CREATE FUNCTION secret.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
"""
WORDS = """
CREATE TYPE care.named AS (place regclass);
CREATE FUNCTION care.loud(text) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN RAISE 'permission denied for table member' USING ERRCODE = '42501'; END $$;
"""
# Values for arguments of each type: a name in a schema that is not for the role, wherever a name could stand.
SAMPLES = {
    "text": ("'secret.t'", "'secret.f(int)'", "'SELECT'"),
    "name": ("current_user", "'secret.t'"),
    "_text": ("ARRAY['secret.t']",),
    "any": ("'secret.t'::text",),
    "anyelement": ("'secret.t'::text",),
    "int2": ("1::int2",),
    "int4": ("1",),
    "int8": ("1",),
    "oid": ("10::oid",),
    "bool": ("true",),
    "json": ("'{}'",),
    "jsonb": ("'{}'",),
    "float8": ("1",),
    "numeric": ("1",),
}
LISTED = """
SELECT p.oid::int8 AS oid, p.proname AS name, ARRAY(SELECT t.typname::text
  FROM unnest(p.proargtypes) WITH ORDINALITY a(o, n) JOIN pg_type t ON t.oid = a.o ORDER BY a.n) AS types FROM pg_proc p
 WHERE p.oid < 16384 AND p.prokind = 'f' AND p.pronamespace = 'pg_catalog'::regnamespace
"""
LOOKS = (
    "SELECT to_regclass('secret.' || plan) FROM care.member",
    "SELECT ('secret.' || plan)::regclass FROM care.member",
    "SELECT ('secret.' || plan)::regtype FROM care.member",
    "SELECT ARRAY['secret.' || plan]::regclass[] FROM care.member",
    "SELECT x FROM care.member, json_to_record(json_build_object('x', 'secret.' || plan)) AS t(x regclass)",
    "SELECT has_table_privilege('secret.' || plan, 'SELECT') FROM care.member",
    "SELECT id FROM care.visit WHERE id::oid = to_regclass('secret' || '.t')",
    "SELECT json_populate_record(NULL::care.named, json_build_object('place', 'secret.' || plan)) FROM care.member",
)
WRONG = (
    "SELECT passport FROM care.member",
    "SELECT to_regclass('care.' || plan), passport FROM care.member",
    "SELECT passport FROM care.member WHERE to_regclass('secret' || '.t') IS NULL",
    "SELECT passport, care.loud(plan) FROM care.member",
)


def calls(name: str, types: list[str]) -> Iterator[str]:
    """Word a few calls of a function."""
    for values in itertools.islice(itertools.product(*(SAMPLES.get(kind, (f"NULL::{kind}",)) for kind in types)), 9):
        yield f'SELECT pg_catalog."{name}"({", ".join(values)})'


async def denied(reader: asyncpg.Connection, text: str) -> bool:
    try:
        await reader.execute(text, timeout=5)
    except asyncpg.InsufficientPrivilegeError:
        return True
    except (asyncpg.PostgresError, TimeoutError):
        return False
    return False


async def test_every_function_that_answers_so_for_a_name_is_known_by_its_id(database: Make) -> None:
    for version in versions():
        owner = await asyncpg.connect(await database(SECRET, version=version))
        await owner.execute("CREATE ROLE asker; SET ROLE asker")
        known, found = builtin(version).known, set()
        for row in await owner.fetch(LISTED):
            if known.get(row["oid"], ("", ""))[0] == "d" and {"text", "_text", "any", "anyelement"} & set(row["types"]):
                for text in calls(row["name"], row["types"]):
                    if await denied(owner, text):
                        found.add(row["oid"])
                        break
        await owner.execute("RESET ROLE; DROP ROLE asker")
        await owner.close()
        assert len(found) > 15, version
        assert found <= RESOLVERS, (version, found - RESOLVERS)


@asynccontextmanager
async def here(database: Make, *, seeing: bool) -> AsyncIterator[Ground]:
    rooms = ROOMS if seeing else replace(ROOMS, witness=blind)
    async with ground(database, 18, rooms, more=SECRET + WORDS) as made:
        await made.database.dba.execute(f"REVOKE USAGE ON SCHEMA secret FROM {made.database.wish.read_role}")
        await made.connector.renew()
        yield made


def code(answer: Answer) -> str:
    return answer.code if isinstance(answer, Failed) else type(answer).__name__


async def test_a_name_that_is_not_for_the_role_is_no_alert(database: Make) -> None:
    async with here(database, seeing=True) as made:
        for text in LOOKS:
            answer = await made.ask(text)
            assert isinstance(answer, Failed), (text, answer)
            assert "does not let this role" in answer.sentence, text
        assert made.line.alerts() == []


async def test_a_wrong_reading_is_an_alert_whatever_names_are_looked_up_beside_it(database: Make) -> None:
    async with here(database, seeing=False) as made:
        said = [code(await made.ask(text)) for text in WRONG[:3]]
        assert said == ["denied_by_engine"] * 3
        assert made.line.alerts() == said
