"""Every kind of mask on BigQuery by value, over each type's ends: it never raises, keeps the type, shows no value.

The local server has no NET.*, so `network` is not among them; `make oracle` holds each to Google's own evaluator.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from core.masking import documents
from demo.bigquery import BigQuery, World
from tests.integration.warehouses import opened, run

ENDS: Final = (-(2**63), 2**63 - 1, -1, 0, 999, None)
# kind, type, values -> what is shown, as cells of an answer
SHOWN: Final[tuple[tuple[str, str, tuple[Any, ...], tuple[Any, ...]], ...]] = (
    ("hide", "STRING", ("canary", "", None), ("***", "***", "***")),
    ("hide_null", "STRING", ("canary", "", None), ("***", "***", None)),
    ("last4", "STRING", ("canary-1234", "1234567", "", None), ("***1234", "***", "***", None)),
    ("last4", "INT64", (1234567890,), (None,)),
    ("hide", "INT64", ENDS, (None,) * 6),
    ("bucket", "INT64", ENDS, ("-9223372036854775000", "9223372036854775000", 0, 0, 0, None)),
    ("bucket", "FLOAT64", (1999.5, -1999.5, 1e300, None), (1000.0, -1000.0, 1e300, None)),
    ("bucket", "NUMERIC", (1999.5, None), ("1000", None)),
    ("year", "DATE", (date(1, 1, 1), date(2020, 2, 29), None), ("0001-01-01", "2020-01-01", None)),
    ("year", "TIMESTAMP", (datetime(2020, 6, 5, 4, tzinfo=UTC), None), ("2020-01-01T00:00:00Z", None)),
    ("year", "STRING", ("2020-02-03",), ("***",)),
    ("hide", "BYTES", (b"canary", None), (None, None)),
    ("hide", "BOOL", (True, None), (None, None)),
    ("hide", "JSON", ('{"a": "canary"}', None), (None, None)),
)  # fmt: skip


async def shown(kind: str, column: dict[str, Any], values: tuple[Any, ...]) -> tuple[list[str], list[Any]]:
    """Give the type and the cells of a masked column."""
    world = World()
    rows = [{"n": n, "v": value} for n, value in enumerate(values)]
    world.table("acme.d.t", [{"name": "n", "type": "INTEGER"}, {"name": "v"} | column], rows)
    async with (
        BigQuery.start(world) as service,
        opened(service, tags={"d.t.v": "tag"}, masks={"tag": kind}) as made,
    ):
        found = await run(made, "SELECT v FROM d.t ORDER BY n")
    return [one.type for one in found.columns], [row[0] for row in found.rows]


@pytest.mark.parametrize(("kind", "type_", "values", "wanted"), SHOWN)
async def test_a_mask_is_total_and_keeps_the_type(
    kind: str, type_: str, values: tuple[Any, ...], wanted: tuple[Any, ...]
) -> None:
    assert await shown(kind, {"type": type_}, values) == ([type_], list(wanted))


async def test_each_element_of_an_array_is_masked_in_its_place() -> None:
    column = {"type": "STRING", "mode": "REPEATED"}
    values: tuple[Any, ...] = (["canary-1234", "", "canary-9999"], [])
    assert await shown("last4", column, values) == (["ARRAY<STRING>"], [("***1234", "***", "***9999"), ()])
    assert await shown("hide", column, values) == (["ARRAY<STRING>"], [(), ()])


@pytest.mark.parametrize("hides", [True, False])
async def test_paths_of_a_document_are_taken_out_or_kept_alone(hides: bool) -> None:
    kind = documents.kind(["a.phone"] if hides else ["plan"], hides=hides)
    values = ('{"a": {"phone": "canary"}, "plan": "gold"}', '[{"a": {"phone": "canary"}}]', '"canary"', None)
    type_, cells = await shown(kind, {"type": "JSON"}, values)
    assert type_ == ["JSON"]
    assert "canary" not in repr(cells)  # what moved, an array at the root, is not passed on
    assert "gold" in repr(cells[0])
    assert cells[3] is None
