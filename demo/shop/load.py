"""Loading the shop into a fresh database as its owner."""

from __future__ import annotations

from importlib.resources import files

import asyncpg

from demo.shop.rows import Shop


async def load(url: str) -> int:
    """Create the schema and its rows in one transaction; return the number of rows."""
    connection = await asyncpg.connect(url)
    count = 0
    try:
        async with connection.transaction():
            await connection.execute(files("demo.shop").joinpath("schema.sql").read_text())
            for schema, table, rows in Shop().tables():
                await connection.copy_records_to_table(table, schema_name=schema, records=rows)
                count += len(rows)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    return count
