"""Our own texts about the catalogs: constants that no caller's word enters; they answer in JSON."""

from typing import Final, LiteralString

from core.connectors.postgres.catalog.stamps import ALL, worded

# Stored expressions (pg_node_tree) are read for numbers only: the server escapes blanks inside names with a
# backslash (src/backend/nodes/outfuncs.c, outToken), so ":relid 5" cannot come from a name. pg_depend alone does not
# do: dependencies on pinned objects, the system catalogs, are not recorded (PostgreSQL docs, 53.18 pg_depend).

IDENTITY: Final[LiteralString] = """
SELECT pg_catalog.json_build_object(
  'system', (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
  'database', pg_catalog.current_database(),
  'version', pg_catalog.current_setting('server_version_num')::int,
  'role', current_user,
  'schemas', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(n.oid::int8, n.nspname,
      pg_catalog.pg_get_userbyid(n.nspowner),
      pg_catalog.has_schema_privilege(r.reader, n.oid, 'USAGE'),
      pg_catalog.has_schema_privilege(r.writer, n.oid, 'USAGE'))) FROM pg_catalog.pg_namespace n),
"""

RELATIONS: Final[LiteralString] = """
  'relations', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind::text,
      'owner', pg_catalog.pg_get_userbyid(c.relowner),
      'granted', pg_catalog.has_table_privilege(r.reader, c.oid, 'SELECT'),
      'granted_writer', pg_catalog.has_table_privilege(r.writer, c.oid, 'SELECT'),
      'row_security', c.relrowsecurity, 'options', c.reloptions,
      'natts', c.relnatts,
      'rule', (SELECT pg_catalog.length(w.ev_action::text) FROM pg_catalog.pg_rewrite w
                WHERE w.ev_class = c.oid AND w.rulename = '_RETURN' AND c.relkind IN ('v', 'm')),
      'rules', EXISTS (SELECT FROM pg_catalog.pg_rewrite w
                WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN' AND w.ev_enabled <> 'D'),
      'definition', CASE WHEN c.oid >= 16384 AND c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END,
      'partition_key', (SELECT pg_catalog.json_build_array(pg_catalog.to_json(p.partattrs::int2[]::int[]),
                p.partexprs::text) FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = c.oid),
      'comment', CASE WHEN c.oid >= 16384 THEN pg_catalog.obj_description(c.oid, 'pg_class') END))
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND c.relpersistence <> 't'),
  'attributes', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      a.attrelid::int8, a.attnum, a.attname, a.atttypid::int8, a.atttypmod,
      pg_catalog.format_type(a.atttypid, a.atttypmod), a.attgenerated <> '',
      pg_catalog.has_column_privilege(r.reader, a.attrelid, a.attnum, 'SELECT'),
      pg_catalog.has_column_privilege(r.writer, a.attrelid, a.attnum, 'SELECT'),
      CASE WHEN a.attrelid >= 16384 THEN pg_catalog.col_description(a.attrelid, a.attnum) END,
      CASE WHEN a.attgenerated <> '' THEN d.adbin::text END) ORDER BY a.attrelid, a.attnum)
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')),
"""

LINKS: Final[LiteralString] = """
  'inherits', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(i.inhrelid::int8, i.inhparent::int8))
    FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
   WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'),
  'indexes', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      i.indrelid::int8, i.indexrelid::int8, x.relname, pg_catalog.to_json(i.indkey::int2[]::int[]),
      i.indexprs::text, i.indpred::text, i.indisunique OR i.indisexclusion, i.indisclustered, i.indisprimary))
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid >= 16384),
  'triggers', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      t.tgrelid::int8, t.tgname, t.tgfoid::int8, p.prosecdef, t.tgtype))
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
   WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'),
  'hooks', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.evtname, e.evtevent, e.evtfoid::int8)
      ORDER BY e.evtname) FROM pg_catalog.pg_event_trigger e WHERE e.evtenabled <> 'D'),
  'published', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(p.relation, p.name) ORDER BY p.name) FROM (
      SELECT r.prrelid::int8, p.pubname FROM pg_catalog.pg_publication_rel r
        JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
      UNION SELECT c.oid::int8, p.pubname FROM pg_catalog.pg_publication_namespace n
        JOIN pg_catalog.pg_publication p ON p.oid = n.pnpubid
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.pnnspid AND c.relkind IN ('r', 'p')
      UNION SELECT c.oid::int8, p.pubname FROM pg_catalog.pg_publication p
        JOIN pg_catalog.pg_class c ON p.puballtables AND c.relkind IN ('r', 'p') AND c.oid >= 16384
    ) AS p(relation, name)),
  'attached', (SELECT pg_catalog.json_agg(DISTINCT pg_catalog.jsonb_build_array(
      x.relation, m.found[1] = 'opno', m.found[2]::int8)) FROM (
      SELECT d.adrelid::int8, d.adbin::text FROM pg_catalog.pg_attrdef d
      UNION ALL SELECT k.conrelid::int8, k.conbin::text FROM pg_catalog.pg_constraint k WHERE k.conrelid <> 0
      UNION ALL SELECT i.indrelid::int8, pg_catalog.concat(i.indexprs, ' ', i.indpred) FROM pg_catalog.pg_index i
      UNION ALL SELECT p.partrelid::int8, p.partexprs::text FROM pg_catalog.pg_partitioned_table p
      UNION ALL SELECT t.tgrelid::int8, t.tgqual::text FROM pg_catalog.pg_trigger t) AS x(relation, expression)
     CROSS JOIN LATERAL pg_catalog.regexp_matches(x.expression,
       ':(opno|funcid|opfuncid|aggfnoid|winfnoid|hashfuncid) ([0-9]+)', 'g') AS m(found)
   WHERE m.found[2]::int8 >= 16384),
  'foreign', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      c.conrelid::int8, c.confrelid::int8, c.conname, c.confdeltype::text, c.confupdtype::text,
      pg_catalog.to_json(c.conkey), pg_catalog.to_json(c.confkey)))
    FROM pg_catalog.pg_constraint c WHERE c.contype = 'f'),
  'owned', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(d.refobjid::int8, d.objid::int8))
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid
   WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
     AND d.deptype IN ('a', 'i') AND c.relkind = 'S'),
  'numbered', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(n.relation, n.number)) FROM (
    SELECT d.refobjid::int8, d.refobjsubid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid
     WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
       AND d.deptype IN ('a', 'i') AND c.relkind = 'S'
     UNION SELECT a.adrelid::int8, a.adnum FROM pg_catalog.pg_attrdef a
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = a.oid
       AND d.refclassid = 'pg_catalog.pg_class'::regclass
      JOIN pg_catalog.pg_class c ON c.oid = d.refobjid AND c.relkind = 'S') AS n(relation, number)),
  'view_reads', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(v.view, v.relation, v.times))
    FROM (SELECT w.ev_class::int8, m.found[1]::int8, pg_catalog.count(*)
            FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
           CROSS JOIN LATERAL pg_catalog.regexp_matches(w.ev_action::text, ':relid ([0-9]+)', 'g') AS m(found)
           WHERE w.rulename = '_RETURN' AND c.relkind IN ('v', 'm') GROUP BY 1, 2) AS v(view, relation, times)),
  'view_columns', (SELECT pg_catalog.json_agg(DISTINCT pg_catalog.jsonb_build_array(
      w.ev_class::int8, d.refobjid::int8, d.refobjsubid))
    FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
   WHERE w.rulename = '_RETURN' AND c.relkind IN ('v', 'm') AND d.deptype = 'n'
     AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> w.ev_class),
  'policies', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(p.polrelid::int8,
      p.polqual::text, p.polwithcheck::text,
      (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(d.refobjid::int8, d.refobjsubid))
         FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = p.oid AND d.deptype = 'n'
          AND d.refclassid = 'pg_catalog.pg_class'::regclass)))
    FROM pg_catalog.pg_policy p),
"""

# Routines, and what aggregates are made of, of those whose ids compare so with FirstNormalObjectId.
ROUTINES: Final[tuple[LiteralString, LiteralString, LiteralString]] = (
    """
  'routines', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      p.oid::int8, n.nspname, p.proname, pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.format_type(a.id, NULL)
        FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS a(id, place) ORDER BY a.place), ', '),
      p.prokind::text, p.provolatile::text, l.lanname, p.prosecdef, e.extname,
      pg_catalog.pg_get_userbyid(p.proowner),
      CASE WHEN p.oid < 16384 THEN '' ELSE
        pg_catalog.md5(p.prosrc || COALESCE(pg_catalog.pg_get_function_sqlbody(p.oid), '')) END,
      pg_catalog.to_json(p.proargtypes::oid[]::int8[]), p.prorettype::int8,
      pg_catalog.has_function_privilege(r.reader, p.oid, 'EXECUTE'),
      pg_catalog.has_function_privilege(r.writer, p.oid, 'EXECUTE'),
      CASE WHEN p.oid >= 16384 AND l.lanname = 'sql' THEN
        COALESCE(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) END,
      CASE WHEN p.oid >= 16384 THEN pg_catalog.to_json(p.proargnames) END,
      NOT p.proretset AND p.proallargtypes IS NULL AND p.proconfig IS NULL AND p.prokind = 'f',
      p.proallargtypes IS NULL))
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
         AND d.deptype = 'e'
    LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
   WHERE p.oid """,
    """ 16384),
  'aggregates', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.aggfnoid::oid::int8,
      pg_catalog.json_build_array(a.aggtransfn::oid::int8, a.aggfinalfn::oid::int8, a.aggcombinefn::oid::int8,
        a.aggserialfn::oid::int8, a.aggdeserialfn::oid::int8, a.aggmtransfn::oid::int8, a.aggminvtransfn::oid::int8,
        a.aggmfinalfn::oid::int8))) FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid::oid """,
    """ 16384)""",
)

CODE: Final[LiteralString] = """
  'families', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(f.own, f.operators || f.types || f.tables)) FROM (
      SELECT ARRAY(SELECT a.amproc::oid::int8 FROM pg_catalog.pg_amproc a
                    WHERE a.amprocfamily = f.oid AND a.amproc::oid >= 16384
             UNION SELECT o.oprcode::oid::int8 FROM pg_catalog.pg_amop a
                     JOIN pg_catalog.pg_operator o ON o.oid = a.amopopr
                    WHERE a.amopfamily = f.oid AND o.oprcode::oid >= 16384) AS own,
             ARRAY(SELECT a.amopopr::int8 FROM pg_catalog.pg_amop a WHERE a.amopfamily = f.oid) AS operators,
             ARRAY(SELECT c.opcintype::int8 FROM pg_catalog.pg_opclass c
                    WHERE c.opcfamily = f.oid AND c.opcdefault) AS types,
             ARRAY(SELECT x.indrelid::int8 FROM pg_catalog.pg_index x
                     JOIN pg_catalog.pg_opclass c ON c.oid = ANY (x.indclass::oid[]) WHERE c.opcfamily = f.oid
             UNION SELECT x.partrelid::int8 FROM pg_catalog.pg_partitioned_table x
                     JOIN pg_catalog.pg_opclass c ON c.oid = ANY (x.partclass::oid[])
                    WHERE c.opcfamily = f.oid) AS tables
        FROM pg_catalog.pg_opfamily f) AS f WHERE pg_catalog.cardinality(f.own) > 0),
  'operators', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(o.oid::int8, o.oprcode::oid::int8))
    FROM pg_catalog.pg_operator o),
  'types', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      t.oid::int8, n.nspname, t.typname, t.typtype::text, t.typcategory::text,
      CASE WHEN t.typcategory = 'A' THEN NULLIF(t.typelem, 0)::int8 END,
      NULLIF(t.typbasetype, 0)::int8, NULLIF(t.typrelid, 0)::int8, e.extname,
      pg_catalog.format_type(t.oid, NULL)))
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid
         AND d.deptype = 'e'
    LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid),
  'checks', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      c.contypid::int8, c.conrelid::int8, c.conbin::text))
    FROM pg_catalog.pg_constraint c WHERE c.contype = 'c' AND c.conbin IS NOT NULL),
  'ranges', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      g.rngtypid::int8, g.rngmultitypid::int8, g.rngsubtype::int8,
      g.rngcanonical::oid::int8, g.rngsubdiff::oid::int8,
      (SELECT pg_catalog.json_agg(a.amproc::oid::int8) FROM pg_catalog.pg_opclass o
         JOIN pg_catalog.pg_amproc a ON a.amprocfamily = o.opcfamily AND a.amproclefttype = o.opcintype
          AND a.amprocrighttype = o.opcintype AND a.amprocnum = 1
        WHERE o.oid = g.rngsubopc))) FROM pg_catalog.pg_range g),
"""

SNAPSHOT: Final[LiteralString] = (
    "WITH r(reader, writer) AS MATERIALIZED (SELECT $1::text::name, $2::text::name), relations(id) AS MATERIALIZED ("
    "SELECT oid FROM pg_catalog.pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')), "
    "routines(id) AS MATERIALIZED (SELECT oid FROM pg_catalog.pg_proc WHERE oid >= 16384), "
    "types(id) AS MATERIALIZED (SELECT oid FROM pg_catalog.pg_type WHERE oid >= 16384), catalogs(id) AS MATERIALIZED ("
    "VALUES (1255::oid), (2617), (2605), (1247), (2615), (2602), (2603), (2616), (3466), (6104), (6106), (6237), "
    "(6100))" + IDENTITY + RELATIONS + LINKS + ">=".join(ROUTINES) + "," + CODE + worded(ALL) + ")::text AS own, "
    "pg_catalog.json_build_object(" + "<".join(ROUTINES) + ")::text AS server FROM r"
)
