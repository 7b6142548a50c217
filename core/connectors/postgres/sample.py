"""Samples of text columns for `assent scan` and `init`: few rows, READ ONLY, timed; values stay in this process.

Rows come from blocks all over a table, since its first are its oldest and rarely like the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString, TypeAlias, final

import asyncpg

from core.catalog import Oid, Relation, Snapshot
from core.connectors.postgres.connection.away import cause
from core.connectors.postgres.harden import schema_of
from core.errors import SourceUnavailable
from core.masking.hardening.wanted import applications
from core.masking.masks import TEXTS, shape
from core.masking.names import qualified, quote
from core.masking.proposing.evidence import Sample
from core.masking.proposing.propose import fresh, written

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

CONNECT_SECONDS: Final = 10.0
ROWS: Final = 200  # of each table: half from its first blocks, half from blocks all over it
BLOCKS: Final = 50  # read by TABLESAMPLE SYSTEM (PostgreSQL docs, SELECT), on average
SEED: Final = 1  # REPEATABLE: the same rows again while the table does not change
WIDTH: Final = 2_000  # characters of each value
# json, jsonb, inet, xml; text[], varchar[], json[], jsonb[]
SAMPLED: Final = TEXTS | {Oid(oid) for oid in (114, 3802, 869, 142, 1009, 1015, 199, 3807)}
# With row_security off a table whose policies would apply refuses, so that no function of a policy runs as a DBA.
LIMITS: Final[LiteralString] = """
SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '200ms'; SET LOCAL row_security = off
"""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one look at a database saw; `unread` names tables that gave no rows to this role."""

    snapshot: Snapshot
    samples: Mapping[str, Sample]
    unread: tuple[str, ...]


async def look(url: str) -> Looked:
    """Read schema and samples in one READ ONLY transaction over a connection of its own.

    Raises: SourceUnavailable.
    """
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS, statement_cache_size=0)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise SourceUnavailable(f"the database cannot be reached: {type(error).__name__}", cause(error)) from error
    try:
        async with connection.transaction(readonly=True):
            await connection.execute("SET LOCAL search_path = ''")
            snapshot = await schema_of(connection)
            samples, unread = await sampled(connection, snapshot)
    finally:
        await connection.close()
    return Looked(snapshot=snapshot, samples=samples, unread=unread)


async def sampled(connection: Connection, snapshot: Snapshot) -> tuple[dict[str, Sample], tuple[str, ...]]:
    """Take some rows of each table's text columns, and name the tables that gave none; within READ ONLY."""
    await connection.execute(LIMITS)
    samples: dict[str, Sample] = {}
    refused: list[str] = []
    for relation in applications(snapshot):
        columns = [one for one in fresh(relation, snapshot) if _text(relation, one, snapshot)]
        if relation.kind not in {"r", "p", "m"} or not columns:
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
    table = qualified(relation)
    pages = f"(SELECT sum(pg_catalog.pg_relation_size(relid)) / 8192 FROM {_parts(relation)})"
    first = f"LIMIT CASE WHEN {pages} > {BLOCKS} THEN {ROWS // 2} ELSE {ROWS} END"
    spread = f"TABLESAMPLE SYSTEM (least(100, 100.0 * {BLOCKS} / greatest(1, {pages}))) REPEATABLE ({SEED})"
    mixed = "ORDER BY pg_catalog.hashtext(tableoid::pg_catalog.text || ctid::pg_catalog.text)"  # else block by block
    return (
        f"(SELECT {cells} FROM {table} {first}) UNION ALL "
        f"(SELECT {cells} FROM {table} {spread} WHERE {pages} > {BLOCKS} {mixed} LIMIT {ROWS // 2})"
    )


def _parts(relation: Relation) -> str:
    """Name where a table's rows lie: its partitions, or itself (PostgreSQL docs, 9.28.7)."""
    if relation.kind == "p":
        return f"pg_catalog.pg_partition_tree({relation.oid})"
    return f"(VALUES ({relation.oid}::pg_catalog.oid)) AS itself(relid)"
