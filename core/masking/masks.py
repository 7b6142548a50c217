"""What each kind of mask is in SQL, per type: total forms, so that no legal value makes a mask raise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, final

from core.catalog import Attribute, Oid, Type
from core.masking import documents

HIDDEN: Final = "***"
FREE_TEXT: Final = "free_text"
PLAIN: Final = ("hide", "hide_null", "last4", "token", "year", "bucket", "network", FREE_TEXT)
JSON: Final = "json"  # with paths: `core.masking.documents`
KINDS: Final = (*PLAIN, JSON)

# OIDs of src/include/catalog/pg_type.dat, which never change.
TEXT, NAME, BPCHAR, VARCHAR = Oid(25), Oid(19), Oid(1042), Oid(1043)
INT2, INT4, INT8, NUMERIC = Oid(21), Oid(23), Oid(20), Oid(1700)
DATE, TIMESTAMP, TIMESTAMPTZ = Oid(1082), Oid(1114), Oid(1184)
UUID, INET, CIDR, JSONB = Oid(2950), Oid(869), Oid(650), Oid(3802)

TEXTS: Final = frozenset({TEXT, NAME, BPCHAR, VARCHAR})

# Which base types each kind has a total form for; on any other type the kind becomes `hide`.
FORMS: Final[Mapping[str, frozenset[Oid]]] = MappingProxyType(
    {
        "hide_null": TEXTS,
        "last4": TEXTS,
        "token": TEXTS | {UUID, INT8, INT4},
        "year": frozenset({DATE, TIMESTAMP, TIMESTAMPTZ}),
        "bucket": frozenset({INT2, INT4, INT8, NUMERIC}),
        "network": frozenset({INET, CIDR}),
        JSON: frozenset({JSONB}),  # json holds what jsonb refuses: a cast could raise
    }
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A column's type as masks see it: a domain counts as its base type, without a modifier of its own."""

    base: Oid
    sql: str  # to cast to


def shape(attribute: Attribute, types: Mapping[Oid, Type]) -> Shape:
    """Look through domains; `sql` is the type with its modifier as `format_type` prints it under an empty path."""
    kind = types.get(attribute.type)
    if kind is None or kind.kind != "d":
        return Shape(base=attribute.type, sql=attribute.type_name)
    while kind.kind == "d" and kind.base is not None and kind.base in types:
        kind = types[kind.base]
    schema, name = (part.replace('"', '""') for part in (kind.schema, kind.name))
    return Shape(base=kind.oid, sql=f'"{schema}"."{name}"')


def effective(kind: str, base: Oid) -> str:
    """Give the kind that a column of this type really gets: `hide` where the asked one has no total form."""
    if kind == FREE_TEXT:
        return kind
    return kind if base in FORMS.get(JSON if documents.read(kind) else kind, frozenset()) else "hide"


def expression(kind: str, column: str, shape: Shape, keys: tuple[str, str] | None = None) -> str:
    """Write the mask of one column as SQL text.

    `column` is SQL that names it, `keys` is SQL for the tag's inner and outer pad (bytea), needed by `token` only.
    Functions and operators are qualified: what a search path holds does not matter (CVE-2018-1058).
    """
    real = effective(kind, shape.base)
    if real == FREE_TEXT:
        return column
    if real == "token" and keys is not None:
        return _token(column, shape, keys)
    if real in WRITTEN:
        return WRITTEN[real](column, shape)
    paths = documents.read(real)
    return hidden(shape) if paths is None else f"{documents.expression(column, paths)}::{shape.sql}"


def hidden(shape: Shape) -> str:
    """Write the mask that tells nothing: a constant."""
    return f"'{HIDDEN}'::{shape.sql}" if shape.base in TEXTS else f"NULL::{shape.sql}"


def digest(value: str, keys: tuple[str, str]) -> str:
    """Write HMAC-SHA256 (RFC 2104) of a text in core functions, as hex.

    convert_to(…, 'SQL_ASCII') copies octets and never raises, whatever the database's encoding.
    """
    inner, outer = keys
    join = "OPERATOR(pg_catalog.||)"
    octets = f"pg_catalog.convert_to({value}, 'SQL_ASCII')"
    return f"pg_catalog.encode(pg_catalog.sha256({outer} {join} pg_catalog.sha256({inner} {join} {octets})), 'hex')"


def _token(column: str, shape: Shape, keys: tuple[str, str]) -> str:
    hexed = digest(f"{column}::pg_catalog.text", keys)
    if shape.base == UUID:
        return f"pg_catalog.substr({hexed}, 1, 32)::{shape.sql}"
    if shape.base in TEXTS:
        return f"pg_catalog.substr({hexed}, 1, 20)::{shape.sql}"
    digits, bits = (15, 60) if shape.base == INT8 else (7, 28)
    prefixed = f"('x'::pg_catalog.text OPERATOR(pg_catalog.||) pg_catalog.substr({hexed}, 1, {digits}))"
    return f"{prefixed}::bit({bits})::{shape.sql}"


def _last4(column: str, shape: Shape) -> str:
    text = f"{column}::pg_catalog.text"
    short = f"pg_catalog.length({text}) OPERATOR(pg_catalog.<) 8"
    tail = f"'{HIDDEN}'::pg_catalog.text OPERATOR(pg_catalog.||) pg_catalog.right({text}, 4)"
    hidden = f"'{HIDDEN}'::pg_catalog.text"
    return f"(CASE WHEN {column} IS NULL THEN NULL WHEN {short} THEN {hidden} ELSE {tail} END)::{shape.sql}"


def _year(column: str, shape: Shape) -> str:
    """Truncate inside the years that `timestamp` holds whole; dates reach further, infinity has no year."""
    names = {DATE: "date", TIMESTAMP: "timestamp", TIMESTAMPTZ: "timestamptz"}
    name = f"pg_catalog.{names[shape.base]}"
    zone = "+00" if shape.base == TIMESTAMPTZ else ""
    least, most = f"{name} '4713-01-02{_clock(shape)}{zone} BC'", f"{name} '294275-12-30{_clock(shape)}{zone}'"
    value = f"{column}::{name}"
    within = f"{value} OPERATOR(pg_catalog.>=) {least} AND {value} OPERATOR(pg_catalog.<=) {most}"
    if shape.base == TIMESTAMPTZ:
        utc = f"pg_catalog.timezone('UTC'::pg_catalog.text, {value})"
        year = f"pg_catalog.timezone('UTC'::pg_catalog.text, pg_catalog.date_trunc('year'::pg_catalog.text, {utc}))"
    else:
        year = f"pg_catalog.date_trunc('year'::pg_catalog.text, {value}::pg_catalog.timestamp)"
    return f"(CASE WHEN {within} THEN {year} END)::{shape.sql}"


def _clock(shape: Shape) -> str:
    return "" if shape.base == DATE else " 00:00:00"


def _bucket(column: str, shape: Shape) -> str:
    """Cut to thousands; numeric by trunc(v, -3), which is exact where a division rounds up and may overflow."""
    if shape.base == NUMERIC:
        return f"pg_catalog.trunc({column}::pg_catalog.numeric, -3)::{shape.sql}"
    wide = f"({column}::pg_catalog.int8 OPERATOR(pg_catalog./) 1000::pg_catalog.int8)"
    return f"({wide} OPERATOR(pg_catalog.*) 1000::pg_catalog.int8)::{shape.sql}"


def _network(column: str, shape: Shape) -> str:
    value = f"{column}::pg_catalog.inet"
    length = f"(CASE pg_catalog.family({value}) WHEN 4 THEN 24 ELSE 48 END)"
    return f"pg_catalog.set_masklen({value}, {length})::pg_catalog.cidr::{shape.sql}"


def _hide_null(column: str, shape: Shape) -> str:
    return f"(CASE WHEN {column} IS NULL THEN NULL ELSE '{HIDDEN}' END)::{shape.sql}"


WRITTEN: Final[Mapping[str, Callable[[str, Shape], str]]] = MappingProxyType(
    {"last4": _last4, "year": _year, "bucket": _bucket, "network": _network, "hide_null": _hide_null}
)
