"""How many rows a write would touch: counted by a question of ours, else guessed by the planner and said to be that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from core.errors import BadCall, Busy, SourceError
from core.model import Sample
from core.ports import Impact

if TYPE_CHECKING:
    from core.classify.postgres import Sampling
    from core.connectors.postgres.visit import PostgresVisit
    from core.model import Cell

WIDTH: Final = 80  # characters of a sample's cell
COUNTING: Final = timedelta(milliseconds=500)  # beyond, the planner's guess serves as well


async def count(visit: PostgresVisit) -> int | None:
    """Count as the read role, READ ONLY, under both witnesses, within half a second; None when that cannot be."""
    try:
        return await visit.counted(COUNTING)
    except (SourceError, BadCall, Busy):
        return None


def told(question: Sampling, rows: tuple[tuple[Cell, ...], ...]) -> Sample:
    """Word a sample: keys, then each column before and after."""
    keys, columns = len(question.keys), len(question.columns)
    named = [f"{name} {when}" for name in question.columns for when in ("before", "after")]
    return Sample(
        columns=(*question.keys, *named),
        rows=tuple(
            tuple(
                worded(cell)
                for cell in (
                    *row[:keys],
                    *(row[keys + one + half] for one in range(columns) for half in (0, columns)),
                )
            )
            for row in rows
        ),
    )


def worded(cell: Cell) -> str:
    """Write one cell, cut where it is long."""
    text = "NULL" if cell is None else str(cell)
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"


async def estimate(visit: PostgresVisit) -> Impact:
    """Plan the witnessed statement inside READ ONLY; planning runs no plan."""
    drawn = await visit.planned()
    if drawn is None or drawn.get("Node Type") != "ModifyTable":
        return Impact()
    rows = [int(child["Plan Rows"]) for child in drawn.get("Plans", ()) if child.get("Parent Relationship") == "Outer"]
    return Impact(estimated=sum(rows)) if rows else Impact()
