"""Every mask of BigQuery by Google's own evaluator, over the ends of each type: it has a value, of the column's type.

The local server lacks types and functions that the service has; this holds what is written for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, final

from core.masking.warehouse.googlesql import HIDE, Shade, effective, shown
from core.warehouse import Field

KINDS: Final = ("hide", "hide_null", "last4", "network", "year", "bucket", 'json without ["a.b"]', 'json only ["a.c"]')
ENDS: Final[dict[str, tuple[str, ...]]] = {
    "STRING": (
        *("''", "'canary'", "'4111111111111111'", "'\\U0001F600'", "'a\\u0000b'", "REPEAT('é', 100000)"),
        *("'10.1.2.3'", "'2001:db8:1:2:3:4:5:6'", "'::ffff:10.1.2.3'", "'10.1.2.3/8'", "'::'", "CAST(NULL AS STRING)"),
    ),
    "INT64": ("-9223372036854775808", "9223372036854775807", "-1", "0", "999", "CAST(NULL AS INT64)"),
    "NUMERIC": (
        *("NUMERIC '-99999999999999999999999999999.999999999'", "NUMERIC '99999999999999999999999999999.999999999'"),
        *("NUMERIC '0.000000001'", "CAST(NULL AS NUMERIC)"),
    ),
    "BIGNUMERIC": (
        "BIGNUMERIC '-578960446186580977117854925043439539266.34992332820282019728792003956564819968'",
        "BIGNUMERIC '578960446186580977117854925043439539266.34992332820282019728792003956564819967'",
        "CAST(NULL AS BIGNUMERIC)",
    ),
    "FLOAT64": (
        *("CAST('nan' AS FLOAT64)", "CAST('inf' AS FLOAT64)", "CAST('-inf' AS FLOAT64)", "1.7976931348623157e308"),
        *("-1.7976931348623157e308", "5e-324", "-0.0", "CAST(NULL AS FLOAT64)"),
    ),
    "BOOL": ("TRUE", "FALSE", "CAST(NULL AS BOOL)"),
    "BYTES": ("b''", "b'\\x00\\xff'", "CAST(NULL AS BYTES)"),
    "DATE": ("DATE '0001-01-01'", "DATE '9999-12-31'", "CAST(NULL AS DATE)"),
    "TIME": ("TIME '00:00:00'", "TIME '23:59:59.999999'", "CAST(NULL AS TIME)"),
    "DATETIME": ("DATETIME '0001-01-01 00:00:00'", "DATETIME '9999-12-31 23:59:59.999999'", "CAST(NULL AS DATETIME)"),
    "TIMESTAMP": (
        *("TIMESTAMP '0001-01-01 00:00:00+00'", "TIMESTAMP '9999-12-31 23:59:59.999999+00'"),
        "CAST(NULL AS TIMESTAMP)",
    ),
    "INTERVAL": ("INTERVAL 1 DAY", "CAST(NULL AS INTERVAL)"),
    "GEOGRAPHY": ("CAST(NULL AS GEOGRAPHY)",),
    "JSON": (
        *("JSON '{}'", "JSON 'null'", "JSON '[]'", "JSON '1'", """JSON '{"a": {"b": "canary", "c": 1}}'"""),
        *("""JSON '{"a": [{"b": "canary"}]}'""", """JSON '[{"a": {"b": "canary"}}]'""", "CAST(NULL AS JSON)"),
    ),
}  # fmt: skip


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One value under one mask."""

    kind: str
    field: Field
    value: str

    @property
    def text(self) -> str:
        """Write the mask over the value."""
        return shown(self.field, f"({self.value})", (), {(self.field.name,): Shade(kind=self.kind, tag="t")})


def cases() -> Iterator[Case]:
    """Give each kind over each value, alone and as an element of an array."""
    for type_, values in ENDS.items():
        for kind in KINDS:
            for value in values:
                yield Case(kind=kind, field=Field(name="x", type=type_), value=value)
            listed = f"[{', '.join(values)}]"
            yield Case(kind=kind, field=Field(name="x", type=type_, repeated=True), value=listed)


def wrong(case: Case, raw: dict[str, Any], made: dict[str, Any]) -> str:
    """Say what may not be; "" where nothing is wrong."""
    if made["error"] is not None:
        return f"no value: {made['error']}"
    if made["type"] != raw["type"]:
        return f"{made['type']} of {raw['type']}"
    hidden = effective(case.kind, case.field.type) == HIDE
    if hidden and made["value"] not in {"null", '"***"', "[]"} and set(made["value"]) - set('[]",*nul'):
        return f"hidden, and {made['value'][:80]}"
    return "a value of its own" if "canary" in (made["value"] or "") else ""
