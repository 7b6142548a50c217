"""Parameters as the service takes them, its schema and its cells as we have them."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from google.cloud.bigquery import ScalarQueryParameter

from core.model import Cell, Parameters, ResultColumn, Scalar
from core.warehouse import NAMES, STRUCT, Field

SAFE: Final = 2**53 - 1  # RFC 7493 section 2.2: integers beyond are rounded by IEEE 754 readers
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def parameters(given: Parameters) -> list[ScalarQueryParameter]:
    """Type the parameters: a string is a STRING, which GoogleSQL coerces where it is a literal's place."""
    if isinstance(given, Mapping):
        return [parameter(name, value) for name, value in given.items()]
    return [parameter(None, value) for value in given]


def parameter(name: str | None, value: Scalar) -> ScalarQueryParameter:
    """Type one parameter."""
    match value:
        case bool():
            return ScalarQueryParameter(name, "BOOL", value)
        case int():
            return ScalarQueryParameter(name, "INT64", value)
        case float():
            return ScalarQueryParameter(name, "FLOAT64", value)
        case _:
            return ScalarQueryParameter(name, "STRING", value)


# ---------------------------------------------------------------- schema


def fields(resource: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """Read a TableSchema's fields."""
    return tuple(field(one) for one in resource)


def field(one: Mapping[str, Any]) -> Field:
    """Read a TableFieldSchema; what a mask cannot change is left out: REQUIRED, lengths, collation."""
    kind = str(one.get("type", "")).upper()
    return Field(
        name=str(one.get("name", "")),
        type=NAMES.get(kind, kind),
        repeated=one.get("mode") == "REPEATED",
        fields=fields(one.get("fields", ())),
        comment=str(one.get("description", "")),
    )


def columns(of: Sequence[Field]) -> tuple[ResultColumn, ...]:
    """Name the columns of a result."""
    return tuple(ResultColumn(name=one.name, type=one.written.replace("`", "")) for one in of)


# ---------------------------------------------------------------- cells


def row(resource: Mapping[str, Any], of: Sequence[Field]) -> tuple[Cell, ...]:
    """Read a row by position: {"f": [{"v": …}]}."""
    return tuple(cell(one["v"], field) for one, field in zip(resource["f"], of, strict=True))


def cell(value: Any, of: Field) -> Cell:  # noqa: ANN401 - JSON as the service sends it
    """Read a cell: a list for REPEATED, a tuple of its fields for a record."""
    if of.repeated:
        one = Field(name=of.name, type=of.type, fields=of.fields)
        return tuple(cell(each["v"], one) for each in value or ())
    if value is None:
        return None
    if of.type == STRUCT:
        return tuple(cell(one["v"], field) for one, field in zip(value["f"], of.fields, strict=True))
    return DECODERS.get(of.type, str)(value)


def integer(text: str) -> Cell:
    """Keep digits that a JSON reader would round as text."""
    number = int(text)
    return number if -SAFE <= number <= SAFE else text


def real(text: str) -> Cell:
    """Keep Infinity and NaN, which JSON has not, as text."""
    number = float(text)
    return number if math.isfinite(number) else str(text)


def boolean(text: str) -> Cell:
    """Read a BOOL."""
    return str(text).lower() == "true"


def instant(text: str) -> Cell:
    """Read microseconds since the epoch (`useInt64Timestamp`) as RFC 3339, UTC."""
    return (EPOCH + timedelta(microseconds=int(text))).isoformat().replace("+00:00", "Z")


def octets(text: str) -> Cell:
    """Show bytes as hex."""
    return base64.b64decode(text).hex()


DECODERS: Final[Mapping[str, Callable[[str], Cell]]] = MappingProxyType(
    {"INT64": integer, "FLOAT64": real, "BOOL": boolean, "TIMESTAMP": instant, "BYTES": octets}
)
