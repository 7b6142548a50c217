"""Write core/classify/postgres/data/catalogs.<major>.txt: system relations that a read may name, with their columns.

One line each: `schema.relation column column …`, from live servers without the columns that hold values, statistics or
storage of rows. A new column of a new version is refused until this is run again and reviewed.
"""

# ruff: noqa: SIM905 - a table of names reads as one

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg

from demo.postgres import Postgres

TARGET = Path(__file__).parents[2] / "core/classify/postgres/data"
LISTED = """
    information_schema.tables information_schema.columns information_schema.schemata
    information_schema.key_column_usage information_schema.table_constraints
    information_schema.referential_constraints
    pg_catalog.pg_class pg_catalog.pg_namespace pg_catalog.pg_attribute pg_catalog.pg_type pg_catalog.pg_index
    pg_catalog.pg_constraint pg_catalog.pg_description pg_catalog.pg_enum pg_catalog.pg_inherits pg_catalog.pg_tables
    pg_catalog.pg_indexes pg_catalog.pg_am pg_catalog.pg_collation pg_catalog.pg_range pg_catalog.pg_sequences
""".split()
HELD_BACK = {
    "pg_catalog.pg_attribute": {"attmissingval"},  # raw values of old rows
    "pg_catalog.pg_class": {
        "relpartbound", "reltuples", "relpages", "relallvisible", "relallfrozen", "relfilenode", "relfrozenxid",
        "relminmxid",
    },
}  # fmt: skip
QUERY = """
SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_catalog.pg_attribute
WHERE attrelid = $1::text::regclass AND NOT attisdropped AND attnum > 0 AND NOT attname = ANY ($2::text[])
"""


async def main() -> None:
    for version in (15, 16, 17, 18):
        server = await asyncio.to_thread(Postgres.start, version)
        try:
            connection = await asyncpg.connect(server.url())
            lines = [
                f"{name} {await connection.fetchval(QUERY, name, sorted(HELD_BACK.get(name, set())))}"
                for name in sorted(LISTED)
            ]
            await connection.close()
        finally:
            await asyncio.to_thread(server.close)
        (TARGET / f"catalogs.{version}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
