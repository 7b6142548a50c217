"""Masks in GoogleSQL: what each kind is per type, records rebuilt field by field, and the subquery of a masked table.

https://cloud.google.com/bigquery/docs/reference/standard-sql/functions-all
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, final

from core.masking import documents
from core.masking.masks import FREE_TEXT, HIDDEN
from core.masking.warehouse.keysets import Keyset
from core.warehouse import STRUCT, Field, Path, Relation, quoted

HIDE: Final = "hide"
KEYED: Final = "token"
TOKENS: Final = frozenset({"STRING", "INT64"})  # types that have one of their own type
ROW: Final = "_assent"  # the masked table's own range variable; no column may have this name
STARS: Final = f"'{HIDDEN}'"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """How a field is masked: its kind, and of a token what it is made with; equal values of one tag have one token."""

    kind: str = ""
    tag: str = ""
    keyset: Keyset | None = None


def template(relation: Relation, kinds: Mapping[Path, Shade]) -> str:
    """Write the SELECT that shows a table masked: every column by name, in the schema's order."""
    listed = ", ".join(
        f"{shown(one, f'{ROW}.{quoted(one.name)}', (), kinds)} AS {quoted(one.name)}" for one in relation.fields
    )
    return f"SELECT {listed} FROM {relation.path} AS {ROW}"


def hollow(relation: Relation) -> str:
    """Write the SELECT of the same names and types that names no table."""
    listed = ", ".join(f"CAST(NULL AS {one.written}) AS {quoted(one.name)}" for one in relation.fields)
    return f"SELECT {listed} LIMIT 0"


def shown(field: Field, value: str, above: Path, kinds: Mapping[Path, Shade], depth: int = 0) -> str:
    """Write a field as it may be seen: itself where nothing below is tagged."""
    here = (*above, field.name)
    if not any(path[: len(here)] == here or here[: len(path)] == path for path in kinds):
        return value
    shade = next((kinds[here[:n]] for n in range(len(here), 0, -1) if here[:n] in kinds), Shade())
    kind = shade.kind
    if kind == FREE_TEXT:
        return value
    if kind == HIDE and field.repeated:
        return f"CAST(NULL AS {field.written})"  # its length is hidden too, and a NULL element is an error in a result
    if field.repeated:
        return _array(field, value, above, kinds, depth)
    if field.type == STRUCT:
        made = _record(field, value, above, kinds, depth)
        return made if kind == HIDE else f"IF({value} IS NULL, NULL, {made})"  # else NULL becomes a record of NULLs
    return mask(shade, field, value)


def _record(field: Field, value: str, above: Path, kinds: Mapping[Path, Shade], depth: int) -> str:
    """Rebuild a record, all of its fields in order."""
    here = (*above, field.name)
    parts = ", ".join(
        f"{shown(one, f'{value}.{quoted(one.name)}', here, kinds, depth)} AS {quoted(one.name)}" for one in field.fields
    )
    return f"STRUCT({parts})"


def _array(field: Field, value: str, above: Path, kinds: Mapping[Path, Shade], depth: int) -> str:
    """Mask each element, in order; a NULL element stays one."""
    element, place = f"e{depth}", f"o{depth}"
    single = Field(name=field.name, type=field.type, fields=field.fields)
    inner = shown(single, element, above, kinds, depth + 1)
    if field.type != STRUCT:
        if inner == f"CAST(NULL AS {single.written})":  # a kind that has no form for this type
            return f"CAST(NULL AS {field.written})"
        inner = f"IF({element} IS NULL, NULL, {inner})"
    rows = f"FROM UNNEST({value}) AS {element} WITH OFFSET AS {place} ORDER BY {place}"
    return f"IF({value} IS NULL, NULL, ARRAY(SELECT {inner} {rows}))"


def effective(kind: str, type_: str) -> str:
    """Give the kind that a field of this type really gets: `hide` where the asked one has no total form."""
    if kind == FREE_TEXT or type_ == STRUCT:
        return kind
    if documents.read(kind) is not None:
        return kind if type_ == "JSON" else HIDE
    return kind if (kind, type_) in FORMS or (kind == KEYED and type_ in TOKENS) else HIDE


def mask(shade: Shade, field: Field, value: str) -> str:
    """Write the mask of one scalar; total for every legal value."""
    real = effective(shade.kind, field.type)
    if real == KEYED and shade.keyset is not None:
        return _token(value, field.type, shade.keyset, shade.tag)
    paths = documents.read(real)
    if paths is not None:
        return _json(value, paths)
    if real == HIDE:
        return STARS if field.type == "STRING" else f"CAST(NULL AS {field.written})"
    form = FORMS.get((real, field.type))
    return form(value) if form is not None else f"CAST(NULL AS {field.written})"


def _json(value: str, paths: documents.Paths) -> str:
    """Keep named paths, or take them out where each step above is an object: what moved would stay."""
    if any(mark in key for path in paths.paths for key in path for mark in '"\\'):
        return "CAST(NULL AS JSON)"  # no way to write such a key was tried
    if not paths.hides:
        return f"IF({value} IS NULL, NULL, {_built(value, paths.paths, ())})"
    above = dict.fromkeys(path[:depth] for path in paths.paths for depth in range(1, len(path)))
    inner = [f"IFNULL(JSON_TYPE({_below(value, path)}), 'object') = 'object'" for path in above]
    tests = " AND ".join((f"JSON_TYPE({value}) = 'object'", *inner))
    taken = ", ".join(literal(_steps(path)) for path in paths.paths)
    return f"IF({tests}, JSON_REMOVE({value}, {taken}), CAST(NULL AS JSON))"


def _built(value: str, paths: tuple[Path, ...], at: Path) -> str:
    """Build what is below one path; of `paths` all begin with it."""
    if at in paths:
        return _below(value, at)
    depth = len(at)
    pairs = []
    for key in dict.fromkeys(path[depth] for path in paths):
        below = tuple(path for path in paths if path[depth] == key)
        pairs.append(f"{literal(key)}, {_built(value, below, (*at, key))}")
    return f"JSON_OBJECT({', '.join(pairs)})"


def _below(value: str, path: Path) -> str:
    return f"JSON_QUERY({value}, {literal(_steps(path))})"


def _steps(path: Path) -> str:
    return "$" + "".join(f'."{key}"' for key in path)


def literal(text: str) -> str:
    """Quote a string."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _token(value: str, type_: str, keyset: Keyset, tag: str) -> str:
    """Encrypt, so that only who has the key could, and hash, so that not even they undo it; its type stays.

    Deterministic: equal values of one tag, and of no other, have one token, wherever they stand in this project.
    """
    plain = value if type_ == "STRING" else f"CAST({value} AS STRING)"
    sealed = f"DETERMINISTIC_ENCRYPT({keyset.chain}, {plain}, {literal(tag)})"
    hexed = f"TO_HEX(SHA256({sealed}))"
    text, number = f"SUBSTR({hexed}, 1, 20)", f"CAST(CONCAT('0x', SUBSTR({hexed}, 1, 15)) AS INT64)"
    return f"IF({value} IS NULL, NULL, {text if type_ == 'STRING' else number})"


def _hide_null(value: str) -> str:
    return f"IF({value} IS NULL, NULL, {STARS})"


def _last4(value: str) -> str:
    tail = f"IF(CHAR_LENGTH({value}) < 8, {STARS}, CONCAT({STARS}, SUBSTR({value}, -4)))"
    return f"IF({value} IS NULL, NULL, {tail})"


def _network(value: str) -> str:
    read = f"SELECT NET.SAFE_IP_FROM_STRING({value}) AS b"
    cut = "NET.IP_TO_STRING(NET.IP_TRUNC(b, IF(BYTE_LENGTH(b) = 4, 24, 48)))"
    return f"(SELECT IF(b IS NULL, IF({value} IS NULL, NULL, {STARS}), {cut}) FROM ({read}))"


# (kind, type) -> its form. FLOOR(x / 1000) * 1000 raises at the ends of INT64 and NUMERIC; another zone than UTC at
# year 1: both were run on Google's evaluator.
FORMS: Final[Mapping[tuple[str, str], Callable[[str], str]]] = MappingProxyType(
    {
        ("hide_null", "STRING"): _hide_null,
        ("last4", "STRING"): _last4,
        ("network", "STRING"): _network,
        ("year", "DATE"): "DATE_TRUNC({}, YEAR)".format,
        ("year", "DATETIME"): "DATETIME_TRUNC({}, YEAR)".format,
        ("year", "TIMESTAMP"): "TIMESTAMP_TRUNC({}, YEAR, 'UTC')".format,
        ("bucket", "INT64"): lambda value: f"{value} - MOD({value}, 1000)",
        ("bucket", "NUMERIC"): "TRUNC({}, -3)".format,
        ("bucket", "BIGNUMERIC"): "TRUNC({}, -3)".format,
        ("bucket", "FLOAT64"): "TRUNC({} / 1000) * 1000".format,
    }
)
