"""Start-up checks at a database: load the facts over the role's own connection and run the table of checks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, LiteralString

import asyncpg

from core.catalog import Oid, Snapshot
from core.classify.postgres import at_parse
from core.connectors.postgres.catalog.bodies import expressions
from core.connectors.postgres.harden import PLAIN, bound, rights_of, schema_of
from core.masking.hardening.checks import Finding, RoleKind, Severity, close, findings
from core.masking.hardening.emitted import emitted
from core.masking.hardening.looks import Facts, Subject
from core.masking.hardening.wanted import Wish, moved
from core.masking.keys import WORD, pads, token, tokened
from core.masking.names import CHECK_SCHEMA, VIEWS_ROLE

if TYPE_CHECKING:
    from core.catalog import Protection
    from core.connectors.postgres.catalog.known import Inspect, Known
    from core.connectors.postgres.catalog.places import Place
    from core.connectors.postgres.connection.link import Link
    from core.connectors.postgres.harden import Connection

__all__ = ["Finding", "RoleKind", "Severity", "check", "inspector"]


def inspector(
    wish: Wish,
    *,
    source: str,
    acknowledged: frozenset[str],
    enforced: bool = True,
    secret: bytes | None = None,
    place: Place | None = None,
) -> Inspect:
    """Make what a connector runs over each load of the catalogs: the read role's checks, and what they close.

    So a masking view that was changed, or a right that was granted, closes its table or the Source at the next load.
    `place` is asked each time: tags of another Source may have come to hold here.
    """

    async def inspect(connection: Link, known: Known) -> Protection:
        wanted = wish if place is None else place.wish(wish)
        found = await check(connection, known.read, wanted, enforced=enforced, secret=secret)
        return close(known.protection, found, source=source, acknowledged=acknowledged)

    return inspect


async def check(
    connection: Connection,
    snapshot: Snapshot,
    wish: Wish,
    *,
    kind: RoleKind = RoleKind.READ,
    enforced: bool = True,
    secret: bytes | None = None,
) -> tuple[Finding, ...]:
    """Run every check that the role and the mode need, over the connection that this role would work on.

    Empty: all holds. `secret` is `[keys] mask`; without it the keys in the database are not compared.

    Raises: what asyncpg raises; the caller translates.
    """
    async with connection.transaction():
        await connection.execute(PLAIN)
        facts = await _facts(connection, snapshot, wish, kind=kind, enforced=enforced, secret=secret)
    return findings(facts, kind)


async def unmasking(connection: Link, wish: Wish) -> tuple[Finding, ...]:
    """Run the checks of the role of reviewed unmasks, over its own connection and with the schema as it sees it.

    Raises: what asyncpg raises; the caller translates.
    """
    async with connection.transaction():
        await connection.execute(PLAIN)
        snapshot = await schema_of(connection, wish.functions)
    snapshot = replace(snapshot, pure=await expressions(connection, snapshot, wish.search_path))
    return await check(connection, snapshot, wish, kind=RoleKind.UNMASK)


# ---------------------------------------------------------------- what only SQL can tell

SESSION: Final[LiteralString] = """
SELECT name, pg_catalog.current_setting(name) AS value FROM (VALUES ('standard_conforming_strings'), ('row_security'),
  ('client_encoding'), ('track_counts'), ('log_min_messages'), ('log_parameter_max_length'), ('statement_timeout'),
  ('lock_timeout'), ('idle_in_transaction_session_timeout'), ('temp_file_limit'), ('log_parameter_max_length_on_error'))
  AS v(name)
"""

EXTRA: Final[LiteralString] = """
WITH me AS (SELECT oid, rolname FROM pg_catalog.pg_roles WHERE rolname = current_user),
space AS (SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(toast|temp)')
SELECT 'owns' AS name, 'object ' || d.classid::pg_catalog.regclass::text || ' ' || d.objid AS subject, NULL::int8 AS oid
  FROM pg_catalog.pg_shdepend d JOIN me ON me.oid = d.refobjid WHERE d.deptype = 'o'
UNION ALL SELECT 'writes', 'CREATE on schema ' || nspname, NULL FROM space
 WHERE pg_catalog.has_schema_privilege(oid, 'CREATE')
UNION ALL SELECT 'writes', p || ' on the database', NULL FROM (VALUES ('CREATE'), ('TEMPORARY')) AS v(p)
 WHERE pg_catalog.has_database_privilege(pg_catalog.current_database(), p)
UNION ALL SELECT 'writes', p || ' on ' || s.nspname || '.' || c.relname, c.oid::int8
  FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace,
  (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) AS v(p)
 WHERE c.relkind IN ('r', 'p', 'v', 'f') AND NOT (s.nspname = 'pg_catalog' AND c.relname = 'pg_settings')
   AND (pg_catalog.has_table_privilege(c.oid, p)
        OR (p IN ('INSERT', 'UPDATE', 'REFERENCES') AND pg_catalog.has_any_column_privilege(c.oid, p)))
UNION ALL SELECT 'writes', 'MAINTAIN on ' || s.nspname || '.' || c.relname, c.oid::int8
  FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'm') AND CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 170000
   THEN pg_catalog.has_table_privilege(c.oid, 'MAINTAIN') ELSE false END
UNION ALL SELECT 'writes', 'sequence ' || s.nspname || '.' || c.relname, c.oid::int8
  FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace
 WHERE c.relkind = 'S' AND (pg_catalog.has_sequence_privilege(c.oid, 'USAGE')
                            OR pg_catalog.has_sequence_privilege(c.oid, 'UPDATE'))
UNION ALL SELECT 'server', p.oid::pg_catalog.regprocedure::text, NULL FROM pg_catalog.pg_proc p, me,
  LATERAL pg_catalog.aclexplode(p.proacl) e WHERE p.oid < 16384 AND e.grantee = me.oid
UNION ALL SELECT 'server', p.oid::pg_catalog.regprocedure::text || ' through PUBLIC', NULL FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_init_privs i ON i.classoid = 'pg_catalog.pg_proc'::regclass AND i.objoid = p.oid,
  LATERAL pg_catalog.aclexplode(p.proacl) e WHERE p.oid < 16384 AND e.grantee = 0
   AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(i.initprivs) f WHERE f.grantee = 0)
UNION ALL SELECT 'server', e.privilege_type || ' on ' || c.relname, NULL FROM pg_catalog.pg_class c, me,
  LATERAL (SELECT a.attacl AS acl FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid
            UNION ALL SELECT c.relacl) held, LATERAL pg_catalog.aclexplode(held.acl) e
 WHERE c.oid < 16384 AND (e.grantee = me.oid OR (
   e.grantee = 0 AND c.relnamespace = 'pg_catalog'::regnamespace AND NOT EXISTS (
   SELECT FROM pg_catalog.pg_init_privs i, LATERAL pg_catalog.aclexplode(i.initprivs) f
    WHERE i.classoid = 'pg_catalog.pg_class'::regclass AND i.objoid = c.oid AND f.grantee = 0
      AND f.privilege_type = e.privilege_type)))
UNION ALL SELECT 'server', 'parameter ' || a.parname, NULL FROM pg_catalog.pg_parameter_acl a, me,
  LATERAL pg_catalog.aclexplode(a.paracl) e WHERE e.grantee IN (0, me.oid)
UNION ALL SELECT 'outside', 'foreign server ' || srvname, NULL FROM pg_catalog.pg_foreign_server
 WHERE pg_catalog.has_server_privilege(oid, 'USAGE')
UNION ALL SELECT 'outside', 'foreign data wrapper ' || fdwname, NULL FROM pg_catalog.pg_foreign_data_wrapper
 WHERE pg_catalog.has_foreign_data_wrapper_privilege(oid, 'USAGE')
UNION ALL SELECT 'defaults', 'new objects of ' || pg_catalog.pg_get_userbyid(d.defaclrole), NULL
  FROM pg_catalog.pg_default_acl d, me, LATERAL pg_catalog.aclexplode(d.defaclacl) e
 WHERE e.grantee <> d.defaclrole AND (e.grantee = me.oid OR (e.grantee = 0 AND d.defaclobjtype NOT IN ('f', 'T')))
UNION ALL SELECT 'outside', 'large objects of everyone: lo_compat_privileges is on', NULL
 WHERE pg_catalog.current_setting('lo_compat_privileges') = 'on'
UNION ALL SELECT 'outside', 'user mapping on ' || u.srvname, NULL FROM pg_catalog.pg_user_mappings u, me
 WHERE u.umuser IN (0, me.oid)
UNION ALL SELECT 'outside', 'large object ' || l.oid, NULL FROM pg_catalog.pg_largeobject_metadata l, me
 WHERE l.lomowner = me.oid
    OR EXISTS (SELECT FROM pg_catalog.aclexplode(l.lomacl) e WHERE e.grantee IN (0, me.oid))
UNION ALL SELECT 'policies', p.polname::text, p.polrelid::int8 FROM pg_catalog.pg_policy p, me
 WHERE (p.polroles && ARRAY[0::oid, me.oid]) <> (p.polroles && ARRAY(
   SELECT 0::oid UNION ALL SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = $1))
UNION ALL SELECT 'default', pg_catalog.format('%s %s', d.adrelid, d.adnum), d.adrelid::int8
  FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
 WHERE a.attgenerated = '' AND d.adrelid >= 16384
UNION ALL SELECT 'standby', 'reads run on the primary', NULL
 WHERE NOT pg_catalog.pg_is_in_recovery() AND EXISTS (SELECT FROM pg_catalog.pg_stat_replication)
"""

TOKENS: Final[LiteralString] = "SELECT tag, answer FROM assent_check.token"


async def _facts(
    connection: Connection, snapshot: Snapshot, wish: Wish, *, kind: RoleKind, enforced: bool, secret: bytes | None
) -> Facts:
    found = wish.over(snapshot)
    rights = await rights_of(connection, bindings=False)
    extra: dict[str, list[Subject]] = {}
    for row in await connection.fetch(EXTRA, VIEWS_ROLE):
        extra.setdefault(row["name"], []).append((row["subject"], Oid(row["oid"]) if row["oid"] else None))
    extra["at-parse"] = [(f"{kind} calls {function}", None) for kind, function in at_parse(snapshot)]
    extra["registered"] = [(f"{name}: {now}", None) for name, now in sorted(snapshot.changed.items())]
    expected = None
    if enforced and kind is RoleKind.READ:
        extra |= {"bindings": [], "moved": [], "keys": []}
        if await _readable(connection, "binding"):
            recorded = await bound(connection, f"{CHECK_SCHEMA}.binding")
            extra["moved"] = list(moved(snapshot, found, recorded))
        else:
            extra["bindings"] = [(f"{CHECK_SCHEMA}.binding cannot be read", None)]
        if secret is not None:
            expected = {
                tag: str(token(pads(secret, tag, snapshot.system, snapshot.database), WORD)) for tag in tokened(found)
            }
            there = await _tokens(connection)
            extra["keys"] = [(tag, None) for tag, answer in expected.items() if there.get(tag) != answer]
    return Facts(
        snapshot=snapshot,
        rights=rights,
        found=found,
        views=emitted(snapshot, found),
        wish=wish,
        role=rights.roles[str(await connection.fetchval("SELECT current_user"))],
        enforced=enforced,
        session={row["name"]: row["value"] for row in await connection.fetch(SESSION)},
        extra={name: tuple(subjects) for name, subjects in extra.items()},
        expected=expected,
    )


async def _tokens(connection: Connection) -> dict[str, str]:
    """Read what the database makes of the fixed word; nothing when its view is gone or has lost its rights."""
    if not await _readable(connection, "token"):
        return {}
    try:
        async with connection.transaction():
            rows = await connection.fetch(TOKENS)
    except asyncpg.InsufficientPrivilegeError:
        return {}
    return {row["tag"]: row["answer"] for row in rows}


async def _readable(connection: Connection, view: str) -> bool:
    """Whether a view of the checking schema is there and granted; to_regclass answers NULL for what is not."""
    text = "SELECT coalesce(pg_catalog.has_table_privilege(pg_catalog.to_regclass($1)::oid, 'SELECT'), false)"
    usable = "SELECT coalesce(pg_catalog.has_schema_privilege(pg_catalog.to_regnamespace($1)::oid, 'USAGE'), false)"
    if not await connection.fetchval(usable, CHECK_SCHEMA):
        return False
    return bool(await connection.fetchval(text, f"{CHECK_SCHEMA}.{view}"))
