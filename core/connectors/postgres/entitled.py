"""Whether the role of changes may do what a change needs: asked of the server itself, in the change's own transaction.

PostgreSQL docs 9.27 (access privilege inquiry functions). What the role may not do is refused before anybody is
asked to decide on it; the server would refuse it only afterwards.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, LiteralString

from core.connectors.postgres.connection.waiting import answered
from core.model import Doubt, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.classify.postgres import Need
    from core.connectors.postgres.connection.link import Link

# Places of the needs that are not met; what is not there meets none. A right in an owner's place is one of the table.
UNMET: Final[LiteralString] = """
WITH needs AS MATERIALIZED (
  SELECT o.place, o.one->>0 AS kind, o.one->>1 AS name, CASE WHEN o.one->>0 IN
         ('schema', 'schema owner', 'database', 'language', 'setting', 'superuser', 'statistics owner')
         THEN NULL ELSE (o.one->>1)::oid END AS id, o.one->>2 AS privilege, o.one->3 AS columns,
         (o.one->>4)::bool AS drops, COALESCE((o.one->>5)::oid,
           (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user)) AS role
    FROM pg_catalog.json_array_elements($1::text::json) WITH ORDINALITY AS o(one, place)
), owned AS (
  SELECT n.place, o.owner, o.schema FROM needs n CROSS JOIN LATERAL (
    SELECT c.relowner, c.relnamespace FROM pg_catalog.pg_class c WHERE n.kind = 'owner' AND c.oid = n.id
    UNION ALL SELECT p.proowner, p.pronamespace FROM pg_catalog.pg_proc p
               WHERE n.kind = 'routine owner' AND p.oid = n.id
    UNION ALL SELECT t.typowner, t.typnamespace FROM pg_catalog.pg_type t WHERE n.kind = 'type owner' AND t.oid = n.id
    UNION ALL SELECT s.stxowner, s.stxnamespace FROM pg_catalog.pg_statistic_ext s
                JOIN pg_catalog.pg_namespace h ON h.oid = s.stxnamespace
               WHERE n.kind = 'statistics owner' AND (s.oid::text = n.name OR h.nspname || '.' || s.stxname = n.name
                 OR (s.stxname = n.name AND pg_catalog.pg_statistics_obj_is_visible(s.oid)))
    UNION ALL SELECT s.nspowner, NULL FROM pg_catalog.pg_namespace s
               WHERE n.kind = 'schema owner' AND (s.nspname = n.name OR s.oid::text = n.name)) AS o(owner, schema)
)
SELECT COALESCE(pg_catalog.json_agg(n.place - 1 ORDER BY n.place), '[]')::text
  FROM needs n LEFT JOIN owned o ON o.place = n.place
 WHERE CASE n.kind
   WHEN 'table' THEN pg_catalog.has_table_privilege(n.role, n.id, n.privilege)
   WHEN 'columns' THEN pg_catalog.has_table_privilege(n.role, n.id, n.privilege)
     OR (SELECT pg_catalog.bool_and(pg_catalog.has_column_privilege(n.role, n.id, c.number::int2, n.privilege))
           FROM pg_catalog.json_array_elements_text(n.columns) AS c(number))
   WHEN 'any' THEN pg_catalog.has_any_column_privilege(n.role, n.id, n.privilege)
   WHEN 'sequence' THEN pg_catalog.has_sequence_privilege(n.role, n.id, n.privilege)
   WHEN 'routine' THEN pg_catalog.has_function_privilege(n.role, n.id, n.privilege)
   WHEN 'type' THEN pg_catalog.has_type_privilege(n.role, n.id, n.privilege)
   WHEN 'language' THEN COALESCE((SELECT l.lanpltrusted AND pg_catalog.has_language_privilege(n.role, l.oid, 'USAGE')
     FROM pg_catalog.pg_language l WHERE l.lanname = n.name), true)
   WHEN 'setting' THEN pg_catalog.has_parameter_privilege(n.role, n.name, 'SET') OR COALESCE(
     (SELECT s.context = 'user' FROM pg_catalog.pg_settings s WHERE pg_catalog.lower(s.name) = n.name), true)
   WHEN 'superuser' THEN (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.oid = n.role)
   WHEN 'schema' THEN (SELECT pg_catalog.has_schema_privilege(n.role, s.oid, n.privilege)
     FROM pg_catalog.pg_namespace s WHERE s.nspname = n.name)
   WHEN 'database' THEN pg_catalog.has_database_privilege(n.role, pg_catalog.current_database(), n.privilege)
   ELSE pg_catalog.pg_has_role(n.role, o.owner, 'USAGE')
     OR (n.drops AND (SELECT pg_catalog.pg_has_role(n.role, s.nspowner, 'USAGE')
                        FROM pg_catalog.pg_namespace s WHERE s.oid = o.schema))
     OR (n.privilege <> '' AND pg_catalog.has_table_privilege(n.role, n.id, n.privilege))
 END IS NOT TRUE
"""


async def unmet(connection: Link, needs: Iterable[Need]) -> Unreadable | None:
    """Ask for all needs at once; None: the role may."""
    listed = sorted(needs, key=lambda need: (need.what, str(need.on), need.right, need.columns))
    if not listed:
        return None
    asked = json.dumps(
        [[each.right, str(each.on), each.privilege, each.columns, each.drops, each.role] for each in listed]
    )
    missing = json.loads(str(await answered(connection, connection.ask(UNMET, asked))))
    return None if not missing else lacking(listed[missing[0]])


def lacking(need: Need) -> Unreadable:
    """Say what is missing, and who can help."""
    who = "The role that makes changes here" if need.role is None else "The owner of a view that this goes through"
    return Unreadable(
        doubt=Doubt.CLOSED,
        sentence=f"{who} may not {need.what}; a DBA grants it that right, or makes the change.",
        detail=f"{need.right} {need.on} {need.privilege}",
    )
