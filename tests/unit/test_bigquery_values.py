"""Cells of BigQuery as its REST interface writes them: what no local server sends is held here."""

from __future__ import annotations

from typing import Any

import pytest

from core.classify.bigquery import Account, account
from core.connectors.bigquery import values
from core.masking.warehouse.googlesql import Shade, mask
from core.model import Verb
from core.warehouse import Field

POINT = Field(name="v", type="GEOGRAPHY")


@pytest.mark.parametrize(
    ("type_", "sent", "seen"),
    [
        ("GEOGRAPHY", "POINT(13.4 52.5)", "POINT(13.4 52.5)"),
        ("INTERVAL", "0-0 1 0:0:0", "0-0 1 0:0:0"),
        ("BIGNUMERIC", "578960446186580977117854925043439539266.3", "578960446186580977117854925043439539266.3"),
        ("INT64", "9007199254740993", "9007199254740993"),
        ("FLOAT64", "NaN", "NaN"),
        ("TIMESTAMP", "-62135596800000000", "0001-01-01T00:00:00Z"),
        ("TIMESTAMP", "253402300799999999", "9999-12-31T23:59:59.999999Z"),
        ("BYTES", "AP8=", "00ff"),
        ("GEOGRAPHY", None, None),
    ],
)
def test_a_cell_is_exact_text_where_json_has_no_such_value(type_: str, sent: Any, seen: object) -> None:
    assert values.cell(sent, Field(name="v", type=type_)) == seen


def test_a_list_of_places_is_a_list_and_a_schema_names_its_type() -> None:
    listed = values.field({"name": "v", "type": "GEOGRAPHY", "mode": "REPEATED"})
    assert values.cell([{"v": "POINT(1 2)"}, {"v": "POINT(3 4)"}], listed) == ("POINT(1 2)", "POINT(3 4)")
    assert values.columns([POINT])[0].type == "GEOGRAPHY"


def test_a_place_is_read_by_its_own_functions_and_hidden_as_nothing_of_its_type() -> None:
    found = account("SELECT ST_ASTEXT(v) FROM d.t WHERE ST_DWITHIN(v, ST_GEOGPOINT(13, 52), 100)", ())
    assert isinstance(found, Account)
    assert found.reading.verbs == {Verb.READ}
    assert mask(Shade(kind="last4"), POINT, "v") == "CAST(NULL AS GEOGRAPHY)"
