"""What catalog rows a reading stands on, each object's rows as one digest; and the texts of the last look."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, LiteralString, final


@final
class Kind(Enum):
    """In which catalog an id counts: they give the same ids independently of each other."""

    RELATIONS = "relations"  # pg_class
    ROUTINES = "routines"  # pg_proc
    TYPES = "types"  # pg_type
    CATALOGS = "catalogs"  # pg_class: a catalog whose rows count as a whole


ALL: Final = tuple(Kind)
# What is never asked is started as well, so that most looks take the shortest that will do.
COMBINED: Final = ((Kind.RELATIONS,), (Kind.RELATIONS, Kind.ROUTINES, Kind.TYPES), ALL)


@final
class Locks(Enum):
    """What a look says of the relations that this backend holds locks on; catalogs are left out."""

    UNASKED = "unasked"
    HELD = "held"  # as they are held
    TRACED = "traced"  # an index and a TOAST table as the table that they belong to


# What a row of the catalogs stands on: pg_class by value (its statistics change all the time), xmin of the other rows,
# so that each new row version, child, column, index, trigger, policy or body gives another digest. By their own oids,
# pg_proc, pg_operator, pg_cast, pg_type (rows of tables left out) and pg_namespace as a whole: a new overload, type or
# right on a schema gives what an unchanged SQL body says another meaning. Likewise pg_amop, pg_amproc and
# pg_opclass (what sorting and scanning run), and what else happens with a change: pg_event_trigger, pg_publication with
# its tables and schemas, pg_subscription (by what any role may read of it).
RELATION: Final[LiteralString] = """
   'c', (SELECT pg_catalog.json_build_array(c.relname, c.relnamespace::int8, c.relkind::text, c.relowner::int8,
             c.relacl::text, c.reloptions, c.relrowsecurity, c.relforcerowsecurity)
           FROM pg_catalog.pg_class c WHERE c.oid = s.id),
   'a', (SELECT pg_catalog.string_agg(pg_catalog.concat(a.attnum, ':', a.xmin), ',' ORDER BY a.attnum)
           FROM pg_catalog.pg_attribute a WHERE a.attrelid = s.id),
   'h', (SELECT pg_catalog.string_agg(pg_catalog.concat(i.inhparent, ':', i.xmin), ',' ORDER BY i.inhparent)
           FROM pg_catalog.pg_inherits i WHERE i.inhrelid = s.id),
   'k', (SELECT pg_catalog.string_agg(pg_catalog.concat(i.inhrelid, ':', i.xmin), ',' ORDER BY i.inhrelid)
           FROM pg_catalog.pg_inherits i WHERE i.inhparent = s.id),
   'i', (SELECT pg_catalog.string_agg(pg_catalog.concat(x.indexrelid, ':', x.xmin), ',' ORDER BY x.indexrelid)
           FROM pg_catalog.pg_index x WHERE x.indrelid = s.id),
   'r', (SELECT pg_catalog.string_agg(pg_catalog.concat(w.oid, ':', w.xmin), ',' ORDER BY w.oid)
           FROM pg_catalog.pg_rewrite w WHERE w.ev_class = s.id),
   'p', (SELECT pg_catalog.string_agg(pg_catalog.concat(y.oid, ':', y.xmin), ',' ORDER BY y.oid)
           FROM pg_catalog.pg_policy y WHERE y.polrelid = s.id),
   'g', (SELECT pg_catalog.string_agg(pg_catalog.concat(g.oid, ':', g.xmin), ',' ORDER BY g.oid)
           FROM pg_catalog.pg_trigger g WHERE g.tgrelid = s.id),
   'q', (SELECT pg_catalog.string_agg(pg_catalog.concat(k.oid, ':', k.xmin), ',' ORDER BY k.oid)
           FROM pg_catalog.pg_constraint k WHERE k.conrelid = s.id)"""

ROUTINE: Final[LiteralString] = """
   'f', (SELECT f.xmin::text FROM pg_catalog.pg_proc f WHERE f.oid = s.id)"""

TYPE: Final[LiteralString] = """
   'u', (SELECT pg_catalog.string_agg(pg_catalog.concat(a.attnum, ':', a.xmin), ',' ORDER BY a.attnum)
           FROM pg_catalog.pg_type t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid WHERE t.oid = s.id),
   't', (SELECT t.xmin::text FROM pg_catalog.pg_type t WHERE t.oid = s.id),
   'd', (SELECT pg_catalog.string_agg(pg_catalog.concat(k.oid, ':', k.xmin), ',' ORDER BY k.oid)
           FROM pg_catalog.pg_constraint k WHERE k.contypid = s.id)"""

CATALOG: Final[LiteralString] = """
   'n', CASE s.id
     WHEN 1255 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_proc n WHERE n.oid >= 16384)
     WHEN 2617 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_operator n WHERE n.oid >= 16384)
     WHEN 2605 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_cast n WHERE n.oid >= 16384)
     WHEN 1247 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_type n WHERE n.oid >= 16384 AND n.typrelid = 0 AND n.typcategory <> 'A')
     WHEN 2615 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_(toast_)?temp_')
     WHEN 2602 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_amop n WHERE n.oid >= 16384)
     WHEN 2603 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_amproc n WHERE n.oid >= 16384)
     WHEN 2616 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_opclass n WHERE n.oid >= 16384)
     WHEN 3466 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_event_trigger n)
     WHEN 6104 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_publication n)
     WHEN 6106 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_publication_rel n)
     WHEN 6237 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.xmin), ',' ORDER BY n.oid)
                       FROM pg_catalog.pg_publication_namespace n)
     WHEN 6100 THEN (SELECT pg_catalog.string_agg(pg_catalog.concat(n.oid, ':', n.subname, n.subenabled), ','
                            ORDER BY n.oid) FROM pg_catalog.pg_subscription n) END"""

ROWS: Final[Mapping[Kind, LiteralString]] = MappingProxyType(
    {Kind.RELATIONS: RELATION, Kind.ROUTINES: ROUTINE, Kind.TYPES: TYPE, Kind.CATALOGS: CATALOG}
)
HELD: Final[LiteralString] = """
  'locked', (SELECT pg_catalog.json_agg(l.relation::int8) FROM pg_catalog.pg_locks l
    WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.relation >= 16384),
"""
TRACED: Final[LiteralString] = """
  'locked', (SELECT pg_catalog.json_agg(DISTINCT COALESCE(
      (SELECT o.oid FROM pg_catalog.pg_class o WHERE k.relkind = 't' AND o.reltoastrelid = k.oid), held.oid)::int8)
    FROM (SELECT COALESCE(i.indrelid, l.relation) AS oid
            FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = l.relation
           WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.relation >= 16384) AS held(oid)
    LEFT JOIN LATERAL (SELECT c.oid, c.relkind FROM pg_catalog.pg_class c WHERE c.oid = held.oid) AS k ON true),
"""
LOCKED: Final[Mapping[Locks, LiteralString]] = MappingProxyType(
    {Locks.UNASKED: "", Locks.HELD: HELD, Locks.TRACED: TRACED}
)


def worded(kinds: tuple[Kind, ...]) -> LiteralString:
    """Word the digests of the ids in tables of their kinds' names."""
    listed: LiteralString = ", ".join(
        f"'{kind.value}', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(s.id::int8, "
        f"pg_catalog.md5(pg_catalog.concat({ROWS[kind]})))) FROM {kind.value} s)"
        for kind in kinds
    )
    return f"'stamp', pg_catalog.json_build_object({listed})"


def look(kinds: tuple[Kind, ...], locks: Locks) -> LiteralString:
    """Word the last look at ids of these kinds: one parameter, commas between ids, semicolons between kinds.

    The inner SELECT hides the ids from the planner: each plan is as good as the general one, which is then kept (docs:
    PREPARE, Notes). Planning took more than twice what running takes.
    """
    given: LiteralString = ", ".join(
        f"{kind.value}(id) AS (SELECT pg_catalog.unnest(pg_catalog.string_to_array("
        f"pg_catalog.split_part((SELECT $1::text), ';', {place}), ','))::oid)"
        for place, kind in enumerate(kinds, 1)
    )
    return f"WITH {given} SELECT pg_catalog.json_build_object({LOCKED[locks]}{worded(kinds)})::text"


LOOKS: Final[Mapping[tuple[tuple[Kind, ...], Locks], LiteralString]] = MappingProxyType(
    {(kinds, locks): look(kinds, locks) for kinds in COMBINED for locks in Locks}
)
