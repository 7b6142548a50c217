"""Types and cells: BigQuery's schema resource, DuckDB's types, and the strings that a result carries.

https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

import duckdb

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
Field = dict[str, Any]  # a TableFieldSchema

DUCK: Final = MappingProxyType(
    {
        "INTEGER": "BIGINT",
        "INT64": "BIGINT",
        "FLOAT": "DOUBLE",
        "FLOAT64": "DOUBLE",
        "NUMERIC": "DECIMAL(38,9)",
        "BIGNUMERIC": "DECIMAL(38,18)",
        "BOOLEAN": "BOOLEAN",
        "BOOL": "BOOLEAN",
        "STRING": "VARCHAR",
        "BYTES": "BLOB",
        "DATE": "DATE",
        "DATETIME": "TIMESTAMP",
        "TIME": "TIME",
        "TIMESTAMP": "TIMESTAMPTZ",
        "JSON": "JSON",
        "GEOGRAPHY": "VARCHAR",  # as its text
        "INTERVAL": "INTERVAL",
    }
)
SCALARS: Final = MappingProxyType(
    {
        "boolean": "BOOLEAN",
        "float": "FLOAT",
        "double": "FLOAT",
        "varchar": "STRING",
        "blob": "BYTES",
        "date": "DATE",
        "timestamp": "DATETIME",
        "time": "TIME",
        "timestamp with time zone": "TIMESTAMP",
        "interval": "INTERVAL",
    }
)
NUMERIC_SCALE: Final = 9
RECORD: Final = frozenset({"RECORD", "STRUCT"})
EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def duck(field: Field) -> str:
    """Write a field's type as DuckDB does."""
    kind = str(field["type"])
    if kind in RECORD:
        inner = ", ".join(f"{quoted(str(one['name']))} {duck(one)}" for one in field["fields"])
        made = f"STRUCT({inner})"
    else:
        made = DUCK[kind]
    return f"{made}[]" if field.get("mode") == "REPEATED" else made


def quoted(name: str) -> str:
    """Quote an identifier for DuckDB."""
    return '"' + name.replace('"', '""') + '"'


def field(name: str, kind: duckdb.sqltypes.DuckDBPyType) -> Field:
    """Describe a result column."""
    below: list[tuple[str, Any]] = [*kind.children] if kind.id in {"list", "struct"} else []
    if kind.id == "list":
        return {**field(name, dict(below)["child"]), "mode": "REPEATED"}
    if kind.id == "struct":
        return {"name": name, "type": "RECORD", "mode": "NULLABLE", "fields": [field(*one) for one in below]}
    return {"name": name, "type": scalar(kind), "mode": "NULLABLE"}


def scalar(kind: duckdb.sqltypes.DuckDBPyType) -> str:
    """Name a scalar type as the API does; whole numbers and what has no type are INTEGER."""
    if str(kind) == "JSON":
        return "JSON"
    if kind.id == "decimal":
        scale = int(str(dict(kind.children)["scale"]))
        return "NUMERIC" if scale <= NUMERIC_SCALE else "BIGNUMERIC"
    return SCALARS.get(kind.id, "INTEGER")


def cell(value: object, field: Field, *, micros: bool) -> Json:
    """Encode a cell: strings by position, lists for REPEATED, `f` and `v` for a RECORD; `micros`: int64 timestamps."""
    if field.get("mode") == "REPEATED":
        held: Sequence[object] = value if isinstance(value, list | tuple) else ()
        one = {**field, "mode": "NULLABLE"}
        return [{"v": cell(each, one, micros=micros)} for each in held]
    if value is None:
        return None
    if isinstance(value, Mapping):
        return {"f": [{"v": cell(value[one["name"]], one, micros=micros)} for one in field["fields"]]}
    return text(value, str(field["type"]), micros=micros)


def text(value: object, kind: str, *, micros: bool) -> str:
    """Write a scalar."""
    match value:
        case bool():
            return "true" if value else "false"
        case bytes():
            return base64.b64encode(value).decode()
        case datetime() if kind == "TIMESTAMP":
            since = (value - EPOCH) // timedelta(microseconds=1)
            return str(since) if micros else repr(since / 1e6)
        case date() | time():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case timedelta():
            seconds, rest = divmod(value.seconds, 60)
            return f"0-0 {value.days} {seconds // 60}:{seconds % 60}:{rest}"
        case float():
            return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(repr(value), repr(value))
        case _:
            return str(value)
