"""INFORMATION_SCHEMA and wildcards: what a text reads that is no single table, as queries over the world.

https://cloud.google.com/bigquery/docs/information-schema-intro
"""

from __future__ import annotations

from typing import Final

import sqlglot
from sqlglot import exp

from demo.bigquery.faults import Wrong
from demo.bigquery.names import CATALOG
from demo.bigquery.types import Field
from demo.bigquery.world import World

VIEWS: Final = {
    "SCHEMATA": ("catalog_name", "schema_name", "location"),
    "TABLES": ("table_catalog", "table_schema", "table_name", "table_type", "ddl"),
    "COLUMNS": ("table_catalog", "table_schema", "table_name", "column_name", "ordinal_position", "data_type"),
}


def fill(world: World, root: exp.Expr, who: str) -> None:
    """Replace wildcards and views of the catalogue by queries.

    Raises: Wrong.
    """
    for table in [*root.find_all(exp.Table)]:
        last = table.this.name if isinstance(table.this, exp.Identifier) else ""
        if last.endswith("*"):
            put(table, wildcard(world, table))
        elif last.upper().startswith(f"{CATALOG}."):
            put(table, view(world, table, last.split(".", 1)[1].upper(), who))


def put(table: exp.Table, query: str) -> None:
    """Put a query of ours where a table stood."""
    alias = table.alias or table.this.name
    made = exp.Subquery(
        this=sqlglot.parse_one(query, read="duckdb"),
        alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)),
    )
    table.replace(made)


def wildcard(world: World, table: exp.Table) -> str:
    """Unite the tables whose names begin alike."""
    pattern = f"{table.db.replace(':', '.')}.{table.name}"
    parts = [
        f"SELECT *, '{one.name.removeprefix(pattern[:-1])}' AS _TABLE_SUFFIX FROM {one.place}"
        for one in world.members(pattern)
    ]
    return " UNION ALL BY NAME ".join(parts)


def view(world: World, table: exp.Table, wanted: str, who: str) -> str:
    """Answer a view of the catalogue, bound to one dataset.

    Raises: Wrong.
    """
    if wanted not in VIEWS:
        raise Wrong("notImplemented", f"INFORMATION_SCHEMA.{wanted} is not available here.")
    dataset = table.db.replace(":", ".")
    if not world.allowed(who, dataset):
        raise Wrong("accessDenied", f"Access Denied: Dataset {dataset}")
    rows = list(listed(world, dataset, wanted))
    named = ", ".join(VIEWS[wanted])
    if not rows:
        return f"SELECT {', '.join(f'NULL::VARCHAR AS {one}' for one in VIEWS[wanted])} WHERE FALSE"
    values = ", ".join(f"({', '.join(written(cell) for cell in row)})" for row in rows)
    return f"SELECT * FROM (VALUES {values}) AS v({named})"


def listed(world: World, dataset: str, wanted: str) -> list[tuple[str | int, ...]]:
    """Give the rows of a view."""
    project, name = dataset.split(".")
    if wanted == "SCHEMATA":
        return [(project, name, world.location)]
    mine = [one for one in world.relations.values() if one.name.startswith(f"{dataset}.")]
    if wanted == "TABLES":
        kinds = {"TABLE": "BASE TABLE"}
        return [(project, name, one.parts[2], kinds.get(one.kind, one.kind), f"CREATE … {one.query}") for one in mine]
    return [
        (project, name, one.parts[2], str(column["name"]), place, shown(column))
        for one in mine
        for place, column in enumerate(one.fields, 1)
    ]


def shown(column: Field) -> str:
    """Write a type as GoogleSQL does."""
    names = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL"}
    kind = str(column["type"])
    if kind == "RECORD":
        inner = ", ".join(f"{one['name']} {shown(one)}" for one in column["fields"])
        kind = f"STRUCT<{inner}>"
    kind = names.get(kind, kind)
    return f"ARRAY<{kind}>" if column.get("mode") == "REPEATED" else kind


def written(cell: str | int) -> str:
    """Write a literal."""
    return str(cell) if isinstance(cell, int) else "'" + cell.replace("'", "''") + "'"
