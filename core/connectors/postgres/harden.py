"""`assent harden` at a database: load what is there as the DBA, show what differs, apply it in one transaction."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, LiteralString, TypeAlias

import asyncpg

from core.catalog import Oid, Snapshot
from core.connectors.postgres.catalog import queries, snapshot
from core.connectors.postgres.catalog.bodies import expressions
from core.connectors.postgres.connection import sqlstates
from core.connectors.postgres.connection.away import cause
from core.connectors.postgres.connection.link import Link
from core.connectors.postgres.connection.meter import WITHOUT
from core.errors import SourceError, SourceUnavailable, UnsafeStart
from core.masking.hardening.harden import Step, plan
from core.masking.hardening.rights import Default, Grant, MaskView, Rights, RoleFacts
from core.masking.hardening.wanted import Wish
from core.masking.keys import pads, tokened
from core.masking.names import CHECK_SCHEMA, KEY_SCHEMA, VIEWS_ROLE

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

Pure: TypeAlias = Mapping[Oid, frozenset[Oid]]  # own functions that only compute -> what they stand on

CONNECT_SECONDS: Final = 10.0
PLAIN: Final[LiteralString] = "SET LOCAL search_path = ''; SET LOCAL quote_all_identifiers = off"
LOCK: Final = 0x617373656E74  # "assent": two runs of harden wait for one another

ROLES: Final[LiteralString] = """
SELECT r.rolname::text AS name,
  ARRAY(SELECT a FROM (VALUES ('SUPERUSER', r.rolsuper), ('BYPASSRLS', r.rolbypassrls), ('CREATEROLE', r.rolcreaterole),
    ('CREATEDB', r.rolcreatedb), ('REPLICATION', r.rolreplication), ('INHERIT', r.rolinherit),
    ('LOGIN', r.rolcanlogin)) AS v(a, held) WHERE held) AS attributes,
  ARRAY(SELECT g.rolname::text FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
         WHERE m.member = r.oid) AS member_of,
  ARRAY(SELECT g.rolname::text FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.member
         WHERE m.roleid = r.oid) AS members,
  COALESCE(r.rolconfig, '{}') AS settings
FROM pg_catalog.pg_roles r
"""

# Every right in the database but those on the server's own objects; a NULL ACL means the built-in defaults.
GRANTS: Final[LiteralString] = """
WITH space AS (
  SELECT oid, nspname, nspowner, nspacl FROM pg_catalog.pg_namespace
   WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\\_%'),
held(kind, target, owner, acl, "column") AS (
  SELECT 'DATABASE', datname::text, datdba,
         COALESCE(datacl, pg_catalog.acldefault('d', datdba)), NULL::text
    FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
  UNION ALL SELECT 'SCHEMA', nspname, nspowner, COALESCE(nspacl, pg_catalog.acldefault('n', nspowner)), NULL FROM space
  UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
      pg_catalog.json_build_array(s.nspname, c.relname)::text, c.relowner, c.relacl, NULL
    FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relacl IS NOT NULL
  UNION ALL SELECT 'TABLE', pg_catalog.json_build_array(s.nspname, c.relname)::text, c.relowner, a.attacl, a.attname
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN space s ON s.oid = c.relnamespace WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
  UNION ALL SELECT 'ROUTINE', p.oid::pg_catalog.regprocedure::text, p.proowner,
      COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner)), NULL
    FROM pg_catalog.pg_proc p JOIN space s ON s.oid = p.pronamespace)
SELECT h.kind, h.target, h."column", e.privilege_type AS privilege,
       CASE WHEN e.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(e.grantee)::text END AS grantee,
       CASE WHEN e.grantor <> h.owner THEN pg_catalog.pg_get_userbyid(e.grantor)::text END AS grantor
  FROM held h CROSS JOIN LATERAL pg_catalog.aclexplode(h.acl) e WHERE e.grantee <> h.owner
"""

OURS: Final[LiteralString] = """
SELECT n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
       pg_catalog.pg_get_userbyid(c.relowner)::text AS owner,
       COALESCE(pg_catalog.obj_description(c.oid, 'pg_class'), '') AS comment,
       CASE WHEN c.relkind = 'v' THEN pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat(
         pg_catalog.pg_get_viewdef(c.oid), c.reloptions::text), 'SQL_ASCII')), 'hex') ELSE '' END AS now
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'v') AND pg_catalog.pg_get_userbyid(n.nspowner) = $1
"""

DEFAULTS: Final[LiteralString] = """
SELECT pg_catalog.pg_get_userbyid(d.defaclrole)::text AS maker, COALESCE(n.nspname::text, '') AS schema,
       CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
         WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS kind, e.privilege_type AS privilege,
       CASE WHEN e.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(e.grantee)::text END AS grantee
  FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
 CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) e WHERE e.grantee <> d.defaclrole
"""

ROUTINES: Final[LiteralString] = """
SELECT p.oid::int8 AS oid, p.oid::pg_catalog.regprocedure::text AS name FROM pg_catalog.pg_proc p WHERE p.oid >= 16384
"""
SCHEMAS: Final[LiteralString] = """
SELECT nspname::text AS name, pg_catalog.pg_get_userbyid(nspowner)::text AS owner FROM pg_catalog.pg_namespace
"""
UNTRUSTED: Final[LiteralString] = "SELECT lanname::text AS name FROM pg_catalog.pg_language WHERE NOT lanpltrusted"
SEQUENCES: Final[LiteralString] = """
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'S' AND c.oid >= 16384 ORDER BY 1
"""


async def show(url: str, wish: Wish, secret: bytes | None = None) -> tuple[Step, ...]:
    """Say what a DBA would have to run now; nothing when the database stands as it should.

    `url` is a DBA's. With the mask secret the keys are compared as well.

    Raises: SourceUnavailable, SettingsError, UnsafeStart.
    """
    async with _session(url) as connection:
        pure = await expressions_of(connection, wish)
        return await _show(connection, wish, secret, pure)


async def _show(connection: Connection, wish: Wish, secret: bytes | None, pure: Pure) -> tuple[Step, ...]:
    async with connection.transaction(readonly=True):
        await connection.execute(PLAIN)
        schema, rights = await look(connection, pure)
        steps = plan(schema, rights, wish)
        if secret is not None and await _keys(connection, schema, rights, wish, secret) is not None:
            said = "-- the mask keys are missing or others; assent harden --apply fills them, no text ever holds them"
            steps = (*steps, Step(said, "tokens are made with keys that only the views' owner reads"))
        return steps


async def apply(url: str, wish: Wish, secret: bytes) -> tuple[Step, ...]:
    """Run what `show` says and fill the keys, all in one transaction; the answer is what was run.

    Raises: SourceUnavailable, SettingsError, UnsafeStart, SourceError when the database refused a step.
    """
    async with _session(url) as connection:
        pure = await expressions_of(connection, wish)
        return await _apply(connection, wish, secret, pure)


async def _apply(connection: Connection, wish: Wish, secret: bytes, pure: Pure) -> tuple[Step, ...]:
    async with connection.transaction():
        await connection.execute(PLAIN)
        await connection.execute("SELECT pg_catalog.pg_advisory_xact_lock($1)", LOCK)
        schema, rights = await look(connection, pure)
        steps = plan(schema, rights, wish)
        done = [step for step in steps if await _run(connection, step)]
        schema, rights = await look(connection, pure)
        keys = await _keys(connection, schema, rights, wish, secret)
        if keys is not None:
            await connection.execute(f"DELETE FROM {KEY_SCHEMA}.key")
            await connection.copy_records_to_table("key", schema_name=KEY_SCHEMA, records=keys)
        left = [step for step in plan(schema, rights, wish)[1:] if not step.optional]
        if left:
            raise UnsafeStart(f"after all steps the database still differs: {left[0].why}: {left[0].sql}")
        return tuple(done)


async def _run(connection: Connection, step: Step) -> bool:
    """Run one step; an optional one that the server refuses is undone and stays to be shown."""
    try:
        async with connection.transaction():
            await connection.execute(step.sql)
    except asyncpg.PostgresError as error:
        if step.optional:
            return False
        if error.sqlstate == sqlstates.DENIED:
            raise SourceError(
                f"nothing was changed: this login lacks the right {_lacking(step.sql)}; a superuser has it, the "
                f"administrator of a managed database may have it: {step.sql}"
            ) from error
        raise SourceError(f"sqlstate {error.sqlstate} at: {step.sql}") from error
    return True


def _lacking(sql: str) -> str:
    """Name the right that the server missed, by the step alone: its own words are never shown."""
    match sql.split()[:2]:
        case ["CREATE", "ROLE"]:
            return "to make roles"
        case ["ALTER", "ROLE"]:
            return "to change that role, or what is set in it"
        case ["CREATE", "SCHEMA"]:
            return "to make a schema that another role owns"
        case _:
            return "to change what others own"


async def look(connection: Connection, pure: Pure) -> tuple[Snapshot, Rights]:
    """Load schema and rights as the DBA sees them; the connection's search path must be empty."""
    return replace(await schema_of(connection), pure=pure), await rights_of(connection)


async def expressions_of(connection: Link, wish: Wish) -> Pure:
    """Tell which own functions only compute, registered ones among them: each body Parsed, none run."""
    async with connection.transaction(readonly=True):
        await connection.execute(PLAIN)
        schema = await schema_of(connection, wish.functions)
    try:
        return await expressions(connection, schema, wish.search_path)
    finally:
        connection.allow(WITHOUT)


async def schema_of(connection: Connection, functions: Mapping[str, str] | None = None) -> Snapshot:
    """Load the schema as the connected role sees it; its search path must be empty."""
    me = str(await connection.fetchval("SELECT current_user"))
    document = snapshot.read(await connection.fetchrow(queries.SNAPSHOT, me, me))
    shape = snapshot.Shape(search_path=(), reader=me, writer=me, views_role=VIEWS_ROLE, functions=functions or {})
    return snapshot.build(document, shape)


async def rights_of(connection: Connection, *, bindings: bool = True) -> Rights:
    """Load roles, rights and our own objects; bindings only for who may read the table."""
    ours = await connection.fetch(OURS, VIEWS_ROLE)
    relations = {(row["schema"], row["name"]): row["owner"] for row in ours}
    read = bindings and (KEY_SCHEMA, "binding") in relations
    grants = await connection.fetch(GRANTS)
    given: dict[Grant, set[str]] = {}
    for row in grants:
        if row["grantor"] is not None:
            given.setdefault(_grant(row), set()).add(row["grantor"])
    return Rights(
        roles={
            row["name"]: RoleFacts(
                name=row["name"],
                attributes=frozenset(row["attributes"]),
                member_of=frozenset(row["member_of"]),
                members=frozenset(row["members"]),
                settings=frozenset(row["settings"]),
            )
            for row in await connection.fetch(ROLES)
        },
        schemas={row["name"]: row["owner"] for row in await connection.fetch(SCHEMAS)},
        grants=frozenset(map(_grant, grants)),
        grantors={grant: frozenset(grantors) for grant, grantors in given.items()},
        defaults=frozenset(Default(**row) for row in await connection.fetch(DEFAULTS)),
        routines={Oid(row["oid"]): row["name"] for row in await connection.fetch(ROUTINES)},
        untrusted=frozenset(row["name"] for row in await connection.fetch(UNTRUSTED)),
        views=tuple(mask_view(row) for row in ours if row["kind"] == "v" and row["schema"] != KEY_SCHEMA),
        relations=relations,
        bindings=await bound(connection, f"{KEY_SCHEMA}.binding") if read else {},
        sequences=tuple(row["name"] for row in await connection.fetch(SEQUENCES)),
    )


async def bound(connection: Connection, table: str) -> dict[tuple[Oid, int], tuple[str, str]]:
    """Read which column each tag was bound to, from the table or from the view that start-up may read."""
    if table not in {f"{KEY_SCHEMA}.binding", f"{CHECK_SCHEMA}.binding"}:
        raise UnsafeStart("bindings stand in two places only")
    rows = await connection.fetch(f"SELECT relation::int8, number, name, tag FROM {table}")
    return {(Oid(row["relation"]), row["number"]): (row["name"], row["tag"]) for row in rows}


def mask_view(row: asyncpg.Record) -> MaskView:
    """A row of OURS, its comment split into its two hashes."""
    mark, emitted, made = ([*row["comment"].split(" "), "", "", ""])[:3]
    known = mark == "assent"
    return MaskView(
        schema=row["schema"],
        name=row["name"],
        owner=row["owner"],
        emitted=emitted if known else "",
        made=made if known else "",
        now=row["now"],
    )


def _grant(row: asyncpg.Record) -> Grant:
    def quoted(name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    target = row["target"]
    match row["kind"]:
        case "TABLE" | "SEQUENCE":
            target = ".".join(quoted(part) for part in json.loads(target))
        case "SCHEMA" | "DATABASE":
            target = quoted(target)
        case _:
            pass
    return Grant(
        kind=row["kind"],
        target=target,
        privilege=row["privilege"],
        grantee=row["grantee"],
        column=quoted(row["column"]) if row["column"] is not None else "",
    )


async def _keys(
    connection: Connection, schema: Snapshot, rights: Rights, wish: Wish, secret: bytes
) -> list[tuple[str, bytes, bytes]] | None:
    """Say which keys the table should hold; None when it holds exactly these."""
    found = wish.over(schema)
    wanted = [(tag, *pads(secret, tag, schema.system, schema.database)) for tag in sorted(tokened(found))]
    if (KEY_SCHEMA, "key") not in rights.relations:
        return wanted
    rows = await connection.fetch(f'SELECT tag, ipad, opad FROM {KEY_SCHEMA}.key ORDER BY tag COLLATE "C"')
    return None if [tuple(row) for row in rows] == wanted else wanted


@contextlib.asynccontextmanager
async def _session(url: str) -> AsyncIterator[Link]:
    """One connection of the DBA's, closed whatever happens."""
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS, statement_cache_size=0, connection_class=Link)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        raise SourceUnavailable(
            f"the database cannot be reached as its DBA: {type(error).__name__}", cause(error)
        ) from error
    try:
        yield connection
    except asyncpg.PostgresError as error:  # of a look, or of the keys; a step's own is told by `_run`
        lacking = ": this login lacks a right there, a superuser has it" if error.sqlstate == sqlstates.DENIED else ""
        raise SourceError(
            f"nothing was changed: sqlstate {error.sqlstate} where schema, rights or mask keys are looked at{lacking}"
        ) from error
    except (OSError, asyncpg.InterfaceError, TimeoutError) as error:
        raise SourceUnavailable(f"the database went away: {type(error).__name__}", cause(error)) from error
    finally:
        await connection.close()
