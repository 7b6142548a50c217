"""Write core/classify/postgres/data/functions.<major>.txt and harmless.txt from pg_proc of live servers.

One line per built-in function that a read may use: `oid class identity`; what is missing refuses. Classes: d anywhere,
t of TABLESAMPLE, s a size function, c `current_setting`. Left out besides hazards: what has an argument or result
`internal`, `cstring` or a handler, for no statement calls it. Objects from 10000 on get their oid at initdb: "0",
known by name. harmless.txt: names whose every
built-in form is of class d in every version, for reading without a database.
"""

# ruff: noqa: SIM905 - a table of names reads as one

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import asyncpg

from demo.postgres import Postgres

TARGET = Path(__file__).parents[2] / "core/classify/postgres/data"
QUERY = """
SELECT p.oid::int AS oid, n.nspname AS schema, p.proname AS name, p.provolatile::text AS volatility,
       n.nspname || '.' || p.proname || '(' ||
       array_to_string(ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) AS t), ', ') || ')' AS identity,
       p.prorettype::int = ANY ($1::int[]) OR EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) AS t
           WHERE t::int = ANY ($1::int[])) AS inner_only
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid < 16384 ORDER BY p.oid, identity
"""
# cstring, internal, trigger, event_trigger, language, fdw, index_am, table_am, tsm handlers, pg_ddl_command
PSEUDO = [2275, 2281, 2279, 3838, 2280, 3115, 325, 269, 3310, 32]
HAZARD = re.compile(
    r"""pg_.* | lo_.* | loread | lowrite | (query|cursor|table|schema|database)_to_xml.* | ts_stat | ts_rewrite
      | set_config | current_setting | has_parameter_privilege | setseed | nextval | setval | currval | lastval
      | current_query | binary_upgrade.* | txid_.* | inet_(server|client)_.* | .*_validator | currtid.* | brin_.*ize.*
      | gin_clean.* | amvalidate | plpgsql_.* | .*_trigger | fmgr_.*""",
    re.VERBOSE,
)
# Volatile, and harmless: they change nothing and show nothing of the server.
VOLATILE = set(
    "random random_normal array_sample array_shuffle clock_timestamp timeofday gen_random_uuid uuidv4 uuidv7".split()
)
# pg_*: what the listed catalogs call or people use beside them.
LISTED = re.compile(
    r"""pg_(typeof|size_pretty|size_bytes|column_size|.*_is_visible|get_expr|get_constraintdef|get_indexdef|has_role
      |get_userbyid|relation_is_updatable|column_is_updatable|sequence_last_value|my_temp_schema|is_other_temp_schema
      |encoding_to_char|char_to_encoding|client_encoding|collation_for|basetype|lsn(_(cmp|eq|ge|gt|hash|hash_extended
      |larger|le|lt|mi|mii|ne|pli|smaller))?|wal_lsn_diff)""",
    re.VERBOSE,
)
REWRITE_TREE = "pg_catalog.ts_rewrite(tsquery, tsquery, tsquery)"  # the other form takes SQL text
SPECIAL = {"current_setting": "c", "bernoulli": "t", "system": "t"}
SIZES = re.compile(r"pg_(relation|table|indexes|total_relation|database|tablespace)_size")


def classify(row: Any) -> str | None:
    """Tell the class of a function; None: no read may use it."""
    name = str(row["name"])
    if row["schema"] == "information_schema":
        return "d" if name.startswith("_pg_") else None
    if SIZES.fullmatch(name):
        return "s"
    if name in SPECIAL:
        return SPECIAL[name]
    safe = LISTED.fullmatch(name) or name in VOLATILE or row["identity"] == REWRITE_TREE
    if not safe and (HAZARD.fullmatch(name) or row["volatility"] == "v"):
        return None
    return None if row["inner_only"] else "d"


async def rows(version: int) -> list[Any]:
    """Ask one live server."""
    server = await asyncio.to_thread(Postgres.start, version)
    try:
        connection = await asyncpg.connect(server.url())
        found = await connection.fetch(QUERY, PSEUDO)
        await connection.close()
    finally:
        await asyncio.to_thread(server.close)
    return list(found)


async def main() -> None:
    safe: set[str] | None = None
    unsafe: set[str] = set()
    for version in (15, 16, 17, 18):
        lines: list[str] = []
        names: set[str] = set()
        for row in await rows(version):
            made = classify(row)
            (names if made == "d" else unsafe).add(str(row["name"]))
            if made is not None:
                lines.append(f"{row['oid'] if row['oid'] < 10000 else 0} {made} {row['identity']}")
        (TARGET / f"functions.{version}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        safe = names if safe is None else safe & names
    (TARGET / "harmless.txt").write_text("\n".join(sorted((safe or set()) - unsafe)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
