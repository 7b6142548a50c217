"""What is kept of the server's own routines: equal bytes mean the same, and what a superuser does changes them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

import asyncpg

from core.catalog import Oid, Snapshot
from core.connectors.postgres.catalog import queries, snapshot
from tests.integration.connecting import READER, SHOP, WRITER

Database = Callable[..., Coroutine[Any, Any, str]]
SHAPE: Final = snapshot.Shape(search_path=("public",), reader=READER, writer=WRITER, views_role="assent_views")
UPPER: Final = "pg_catalog.upper(text)"
BODY: Final = "AS 'SELECT pg_catalog.lower($1)'"

ACTS: Final = {
    "a body in another language": f"CREATE OR REPLACE FUNCTION {UPPER} RETURNS text LANGUAGE sql {BODY}",
    "its owner's rights": f"ALTER FUNCTION {UPPER} SECURITY DEFINER",
    "another volatility": f"ALTER FUNCTION {UPPER} VOLATILE",
    "settings of its own": f"ALTER FUNCTION {UPPER} SET work_mem = '1MB'",
    "another owner": f"ALTER FUNCTION {UPPER} OWNER TO {READER}",
    "another name": f"ALTER FUNCTION {UPPER} RENAME TO upper_",
    "another schema": f"ALTER FUNCTION {UPPER} SET SCHEMA public",
    "no right for anybody": f"REVOKE EXECUTE ON FUNCTION {UPPER} FROM PUBLIC",
    "a right for the reader alone": f"REVOKE EXECUTE ON FUNCTION {UPPER} FROM PUBLIC; "
    f"GRANT EXECUTE ON FUNCTION {UPPER} TO {READER}",
    "another result": f"UPDATE pg_proc SET prorettype = 'name'::regtype WHERE oid = '{UPPER}'::regprocedure",
    "another step of an aggregate": "UPDATE pg_aggregate SET aggtransfn = 'pg_catalog.int4_sum'::regproc "
    "WHERE aggfnoid = 'pg_catalog.sum(int2)'::regprocedure",
    "a new overload among the built-in ones": "CREATE FUNCTION pg_catalog.upper(int) RETURNS int LANGUAGE sql "
    "AS 'SELECT $1'",
}


async def asked(owner: asyncpg.Connection[asyncpg.Record]) -> asyncpg.Record | None:
    return await owner.fetchrow(queries.SNAPSHOT, READER, WRITER)


async def seen(owner: asyncpg.Connection[asyncpg.Record]) -> tuple[Snapshot, Snapshot]:
    document = snapshot.read(await asked(owner))
    return snapshot.build(document, SHAPE), snapshot.build(document, SHAPE, writer=True)


async def test_whatever_becomes_of_a_built_in_routine_is_seen_by_the_next_load(database: Database) -> None:
    owner = await asyncpg.connect(await database(SHOP))
    try:
        before = snapshot.read(await asked(owner))["server"]
        for name, act in ACTS.items():
            transaction = owner.transaction()
            await transaction.start()
            await owner.execute(act)
            answer = await asked(owner)
            await transaction.rollback()
            assert answer is not None
            kept, own = (found := snapshot.read(answer))["server"], found["routines"] or ()
            assert kept == snapshot.servers.__wrapped__(answer["server"]), name
            assert kept != before or any(row[2] == "upper" for row in own), name
        assert snapshot.read(await asked(owner))["server"] == before
    finally:
        await owner.close()


async def test_each_role_has_its_own_right_to_a_built_in_function(database: Database) -> None:
    owner = await asyncpg.connect(await database(SHOP))
    try:
        transaction = owner.transaction()
        await transaction.start()
        oid = Oid(await owner.fetchval(f"SELECT '{UPPER}'::regprocedure::oid::int8"))
        assert [one.routines[oid].executable for one in await seen(owner)] == [True, True]
        await owner.execute(ACTS["a right for the reader alone"])
        assert [one.routines[oid].executable for one in await seen(owner)] == [True, False]
        await owner.execute(f"GRANT {READER} TO {WRITER}; ALTER ROLE {WRITER} INHERIT; GRANT {READER} TO {WRITER}")
        granted = await owner.fetchval("SELECT has_function_privilege($1::text, $2::oid, 'EXECUTE')", WRITER, oid)
        assert [one.routines[oid].executable for one in await seen(owner)] == [True, granted]
        await transaction.rollback()
        assert [one.routines[oid].executable for one in await seen(owner)] == [True, True]
    finally:
        await owner.close()


async def test_databases_of_one_server_share_what_is_the_same(database: Database) -> None:
    found = []
    for _ in range(2):
        owner = await asyncpg.connect(await database(SHOP))
        found.append((await seen(owner))[0].routines)
        await owner.close()
    first, second = found
    built_in = [oid for oid in first if oid < snapshot.FIRST_USER]
    assert len(built_in) > 3_000
    assert all(first[oid] is second[oid] for oid in built_in)
