"""Samples of text columns for `assent scan` and `init`: few rows, READ ONLY, timed; values stay in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, LiteralString, TypeAlias

import asyncpg

from core.catalog import Oid, Relation, Snapshot
from core.masking.evidence import Sample
from core.masking.masks import TEXTS, shape
from core.masking.names import qualified, quote
from core.masking.propose import written
from core.masking.wanted import applications

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

ROWS: Final = 200  # of each table
WIDTH: Final = 2_000  # characters of each value
SAMPLED: Final = TEXTS | {Oid(114), Oid(3802), Oid(869)}  # json, jsonb, inet
# With row_security off a table whose policies would apply refuses, so that no function of a policy runs as a DBA.
LIMITS: Final[LiteralString] = """
SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '200ms'; SET LOCAL row_security = off
"""


async def sampled(connection: Connection, snapshot: Snapshot) -> tuple[dict[str, Sample], tuple[str, ...]]:
    """Take the first rows of each table's text columns, and name the tables that gave none; within READ ONLY."""
    await connection.execute(LIMITS)
    samples: dict[str, Sample] = {}
    refused: list[str] = []
    for relation in applications(snapshot):
        columns = [one for one in sorted(relation.attributes) if _text(relation, one, snapshot)]
        if relation.kind not in {"r", "p", "m"} or relation.parents or not columns:
            continue
        try:
            async with connection.transaction():  # a savepoint: a table that refuses ends no other's look
                rows = await connection.fetch(_statement(relation, columns))
        except asyncpg.PostgresError as error:
            refused.append(f"{relation.qualified} ({type(error).__name__})")
            continue
        for at, number in enumerate(columns):
            values = tuple(row[at] for row in rows if row[at])
            name = written((relation.schema, relation.name, relation.attributes[number].name))
            samples[name] = Sample(values=values, rows=len(rows))
    return samples, tuple(refused)


def _text(relation: Relation, number: int, snapshot: Snapshot) -> bool:
    return shape(relation.attributes[number], snapshot.types).base in SAMPLED


def _statement(relation: Relation, columns: list[int]) -> str:
    """Word the sample: quoted names of the catalog, constants of ours."""
    cells = ", ".join(
        f"pg_catalog.left({quote(relation.attributes[number].name)}::pg_catalog.text, {WIDTH})" for number in columns
    )
    return f"SELECT {cells} FROM {qualified(relation)} LIMIT {ROWS}"
