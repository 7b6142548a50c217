"""Arrays: whatever array_out prints is read back, at any depth, with any characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.connectors.postgres.connection.values import array, plain
from core.model import Cell

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
ROWS = st.lists(st.none() | TEXT, min_size=1, max_size=4)


def printed(value: object) -> str:
    """Print as array_out does (PostgreSQL docs 8.15.6)."""
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return "{" + ",".join(printed(part) for part in value) + "}"
    text = str(value)
    quoted = not text or text.upper() == "NULL" or any(sign in text for sign in '{},"\\') or text.split() != [text]
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' if quoted else text


def frozen(value: object) -> Cell:
    return tuple(frozen(part) for part in value) if isinstance(value, list) else None if value is None else str(value)


@given(ROWS)
def test_an_array_is_read_back(row: list[str | None]) -> None:
    assert array(printed(row), decode=plain, delimiter=",") == frozen(row)


@given(st.lists(ROWS, min_size=1, max_size=3))
def test_a_nested_array_is_read_back(rows: list[list[str | None]]) -> None:
    assert array(printed(rows), decode=plain, delimiter=",") == frozen(rows)
