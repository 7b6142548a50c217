"""What a definition reaches beyond what it names, by the catalogs' own word: what falls with it, what a schema holds.

PostgreSQL docs 53.18 (pg_depend) and 5.15; src/backend/catalog/dependency.c, findDependentObjects.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, LiteralString

import asyncpg

from core.catalog import Oid
from core.classify.postgres import Fallen, Reach, Reaches
from core.connectors.postgres.connection.waiting import answered
from core.model import Doubt, Unreadable

if TYPE_CHECKING:
    from core.connectors.postgres.connection.link import Link

MISSING: Final = Unreadable(
    doubt=Doubt.MISSING, sentence="Something that this names is not there, or not for this role; name what exists."
)
NAMED: Final[LiteralString] = """
SELECT a.classid, a.objid, a.objsubid
  FROM pg_catalog.json_array_elements($1::text::json) AS o(one)
 CROSS JOIN LATERAL pg_catalog.pg_get_object_address(o.one->>0,
   ARRAY(SELECT pg_catalog.json_array_elements_text(o.one->1)),
   ARRAY(SELECT pg_catalog.json_array_elements_text(o.one->2))) AS a
"""
THERE: Final[LiteralString] = "SELECT pg_catalog.max(n.objid::pg_catalog.int8)::text FROM (" + NAMED + ") AS n"
# All that would fall with the named objects, in both directions: what depends on them (columns: on that column), and
# the owner of an internal part that falls (a view falls with its rule). `how` tells parts that fall silently
# (automatic, internal and partition dependencies) from objects that only CASCADE takes along.
FALLS: Final[LiteralString] = (
    """
WITH RECURSIVE named AS ("""
    + NAMED
    + """), falls(classid, objid, objsubid, how) AS (
  SELECT n.classid, n.objid, n.objsubid, 'named'::text FROM named n
  UNION
  SELECT d.* FROM falls f CROSS JOIN LATERAL (
    SELECT d.classid, d.objid, d.objsubid, CASE WHEN d.deptype IN ('n', 'x') THEN 'cascade' ELSE 'part' END
      FROM pg_catalog.pg_depend d
     WHERE d.refclassid = f.classid AND d.refobjid = f.objid AND (f.objsubid = 0 OR d.refobjsubid = f.objsubid)
       AND NOT (d.classid = f.classid AND d.objid = f.objid AND d.objsubid = f.objsubid)
    UNION ALL
    SELECT d.refclassid, d.refobjid, d.refobjsubid, 'cascade' FROM pg_catalog.pg_depend d
     WHERE d.classid = f.classid AND d.objid = f.objid AND d.objsubid = f.objsubid AND d.deptype IN ('i', 'e')
       AND f.how <> 'named') AS d
), fallen AS (
  SELECT f.classid, f.objid, f.objsubid, pg_catalog.bool_or(f.how = 'named') AS named,
         pg_catalog.bool_and(f.how <> 'part') AS apart
    FROM falls f GROUP BY 1, 2, 3
)
SELECT pg_catalog.json_agg(pg_catalog.json_build_array(i.type, i.identity, CASE f.classid
    WHEN 'pg_catalog.pg_class'::regclass THEN (SELECT CASE WHEN c.relkind = 't' THEN 0 ELSE c.oid END
      FROM pg_catalog.pg_class c WHERE c.oid = COALESCE(
        (SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = f.objid), f.objid))
    WHEN 'pg_catalog.pg_constraint'::regclass THEN (SELECT c.conrelid FROM pg_catalog.pg_constraint c
      WHERE c.oid = f.objid)
    WHEN 'pg_catalog.pg_trigger'::regclass THEN (SELECT t.tgrelid FROM pg_catalog.pg_trigger t WHERE t.oid = f.objid)
    WHEN 'pg_catalog.pg_rewrite'::regclass THEN (SELECT w.ev_class FROM pg_catalog.pg_rewrite w WHERE w.oid = f.objid)
    WHEN 'pg_catalog.pg_policy'::regclass THEN (SELECT p.polrelid FROM pg_catalog.pg_policy p WHERE p.oid = f.objid)
    WHEN 'pg_catalog.pg_attrdef'::regclass THEN (SELECT a.adrelid FROM pg_catalog.pg_attrdef a WHERE a.oid = f.objid)
    ELSE 0 END::int8, f.objid::int8, f.named,
      f.apart AND (f.objsubid = 0 OR NOT EXISTS (SELECT FROM fallen w
        WHERE w.classid = f.classid AND w.objid = f.objid AND w.objsubid = 0)), f.objsubid,
      COALESCE((SELECT s.stxrelid FROM pg_catalog.pg_statistic_ext s
        WHERE s.oid = f.objid AND f.classid = 'pg_catalog.pg_statistic_ext'::regclass), 0)::int8)
    ORDER BY i.type, i.identity)::text
  FROM fallen f CROSS JOIN LATERAL pg_catalog.pg_identify_object(f.classid, f.objid, f.objsubid) AS i
"""
)
# What GRANT … ON ALL … IN SCHEMA takes: PostgreSQL's own kinds (src/backend/catalog/aclchk.c, objectsInSchemaToOids).
HOLDS: Final[LiteralString] = """
SELECT pg_catalog.json_agg(pg_catalog.json_build_array(i.type, i.identity, h.relation::int8, h.id::int8, true, true,
    0, 0) ORDER BY i.type, i.identity)::text
  FROM pg_catalog.json_array_elements($1::text::json) AS o(one)
  JOIN pg_catalog.pg_namespace n ON n.nspname = o.one->1->>0
 CROSS JOIN LATERAL (
   SELECT 'pg_catalog.pg_class'::regclass, c.oid, c.oid FROM pg_catalog.pg_class c
    WHERE c.relnamespace = n.oid AND c.relkind = ANY (CASE o.one->>0 WHEN 'table' THEN '{r,v,m,f,p}'::"char"[]
      WHEN 'sequence' THEN '{S}' ELSE '{}' END)
   UNION ALL
   SELECT 'pg_catalog.pg_proc'::regclass, p.oid, 0 FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = n.oid AND p.prokind = ANY (CASE o.one->>0 WHEN 'routine' THEN '{f,a,w,p}'::"char"[]
      WHEN 'procedure' THEN '{p}' WHEN 'function' THEN '{f,a,w}' ELSE '{}' END)) AS h(class, id, relation)
 CROSS JOIN LATERAL pg_catalog.pg_identify_object(h.class, h.id, 0) AS i
"""
# A drop takes the strongest lock on each thing that goes (dependency.c, AcquireDeletionLock); a relation that is still
# there was only changed.
GONE: Final[LiteralString] = """
SELECT COALESCE(pg_catalog.json_agg(DISTINCT COALESCE(l.relation, l.objid)::int8), '[]')::text
  FROM pg_catalog.pg_locks l
 WHERE l.pid = pg_catalog.pg_backend_pid() AND l.mode = 'AccessExclusiveLock' AND (l.locktype = 'object' OR (
         l.locktype = 'relation' AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = l.relation)))
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
"""
SAVE: Final[LiteralString] = "savepoint reached"
BACK: Final[LiteralString] = "rollback to savepoint reached; release savepoint reached"
RELEASE: Final[LiteralString] = "release savepoint reached"
TEXTS: Final[dict[Reach, LiteralString]] = {Reach.FALLS: FALLS, Reach.SCHEMA: HOLDS}


async def reached(connection: Link, reaches: Reaches) -> tuple[Fallen, ...] | Unreadable:
    """Ask the catalogs, in the transaction at hand, what a definition reaches."""
    objects = reaches.objects
    if reaches.kind is Reach.FALLS:
        objects = tuple([each for each in objects if await _there(connection, each)])
    if len(objects) < len(reaches.objects) and not reaches.optional:
        return MISSING
    raw = await answered(connection, connection.ask(TEXTS[reaches.kind], json.dumps(objects)))
    return tuple(fallen(*row) for row in json.loads(raw or "[]"))


async def _there(connection: Link, named: tuple[str, tuple[str, ...], tuple[str, ...]]) -> bool:
    """Whether an object is there, by the server's own resolution of its name."""
    await answered(connection, connection.tell(SAVE))
    try:
        await answered(connection, connection.ask(THERE, json.dumps([named])))
    except asyncpg.PostgresError:
        await answered(connection, connection.tell(BACK))
        return False
    await answered(connection, connection.tell(RELEASE))
    return True


def fallen(kind: str, identity: str, relation: int, oid: int, *marks: int) -> Fallen:
    """Make the noun of one row."""
    named, apart, column, described = marks
    return Fallen(
        kind=kind,
        identity=identity,
        relation=Oid(relation),
        oid=Oid(oid),
        named=bool(named),
        apart=bool(apart),
        part=bool(column) or bool(relation and relation != oid),
        described=Oid(described),
    )


async def kept(connection: Link, reaches: Reaches, listed: tuple[Fallen, ...]) -> bool:
    """After the run, in its transaction: whether nothing went, or was given, but what was listed before."""
    if reaches.kind is Reach.SCHEMA:
        return await reached(connection, reaches) == listed
    gone = json.loads(str(await answered(connection, connection.ask(GONE))))
    known = {each.oid for each in listed if reaches.cascades or not each.apart or each.named}
    return {Oid(oid) for oid in gone} <= known
