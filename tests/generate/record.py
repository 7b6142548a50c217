"""Record the dumps of a live server for a file of statements, one a line: the raw material of `fields.py 15`."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import asyncpg

from demo.postgres import Postgres

NUMBER = itertools.count()
ROOT = Path(__file__).parents[2]
BEGIN = (
    "begin isolation level read committed read only; set local search_path = pg_catalog, {path}, pg_temp; "
    "set local standard_conforming_strings = on; set local client_min_messages = log; "
    "set local debug_print_rewritten = on; set local debug_pretty_print = off"
)


async def dump(connection: Any, text: str, path: str = "care, public") -> str | None:
    """Give the server's rewritten tree of a text; None when it has none or refuses the text."""
    heard: list[Any] = []

    def listen(_: Any, message: Any) -> None:
        heard.append(message)

    connection.add_log_listener(listen)
    await connection.execute(BEGIN.format(path=path))
    await asyncio.sleep(0)
    heard.clear()
    try:
        await connection.prepare(text, name=f"s{next(NUMBER)}")
    except asyncpg.exceptions.PostgresError:
        return None
    except asyncpg.exceptions.InternalClientError:
        pass
    except asyncpg.exceptions.UnsupportedClientFeatureError:
        pass  # the client cannot decode some composites; the tree was heard all the same
    finally:
        await asyncio.sleep(0)
        connection.remove_log_listener(listen)
        await connection.execute("rollback")
    mine = [m for m in heard if m.query == text and m.message == "rewritten parse tree:" and not m.context]
    return str(mine[0].detail) if len(mine) == 1 else None


async def record(version: int, schema: str, lines: list[str]) -> str:
    """Record one version: JSON of statement -> dump."""
    server = await asyncio.to_thread(Postgres.start, version)
    try:
        connection = await asyncpg.connect(server.url(), statement_cache_size=0)
        await connection.execute(schema)
        dumps = {}
        for line in lines:
            dumps[line] = await dump(connection, line)
        written = json.dumps(dumps)
        await connection.close()
    finally:
        await asyncio.to_thread(server.close)
    return written


if __name__ == "__main__":
    folder = ROOT / "tests/security"
    statements = (folder / "postgres_nodes.sql").read_text("utf-8").splitlines()
    found = asyncio.run(record(int(sys.argv[1]), (folder / "postgres_schema.sql").read_text("utf-8"), statements))
    Path(sys.argv[2]).write_text(found, encoding="utf-8")
