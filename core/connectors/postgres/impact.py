"""How many rows a write would touch: counted by a question of ours, else guessed by the planner and said to be that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from core.errors import BadCall, Busy, SourceError
from core.ports import Impact

if TYPE_CHECKING:
    from core.connectors.postgres.visit import PostgresVisit

COUNTING: Final = timedelta(milliseconds=500)  # beyond, the planner's guess serves as well


async def count(visit: PostgresVisit) -> int | None:
    """Count as the read role, READ ONLY, under both witnesses, within half a second; None when that cannot be."""
    try:
        return await visit.counted(COUNTING)
    except (SourceError, BadCall, Busy):
        return None


async def estimate(visit: PostgresVisit) -> Impact:
    """Plan the witnessed statement inside READ ONLY; planning runs no plan."""
    drawn = await visit.planned()
    if drawn is None or drawn.get("Node Type") != "ModifyTable":
        return Impact()
    rows = [int(child["Plan Rows"]) for child in drawn.get("Plans", ()) if child.get("Parent Relationship") == "Outer"]
    return Impact(estimated=sum(rows)) if rows else Impact()
