"""How much is asked for: one row, a page, and as many as one answer may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Rows that follow each other, all six columns of each."""

    name: str
    rows: int


POINT: Final = Shape(name="point", rows=1)
PAGE: Final = Shape(name="100 rows", rows=100)
BULK: Final = Shape(name="5,000 rows", rows=5_000)
SHAPES: Final = (POINT, PAGE, BULK)
