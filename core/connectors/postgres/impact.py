"""How many rows a write would touch, as the planner guesses: for reviewers, and said to be an estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ports import Impact

if TYPE_CHECKING:
    from core.connectors.postgres.visit import PostgresVisit


async def estimate(visit: PostgresVisit) -> Impact:
    """Plan the witnessed statement inside READ ONLY; planning runs no plan."""
    drawn = await visit.planned()
    if drawn is None or drawn.get("Node Type") != "ModifyTable":
        return Impact()
    rows = [int(child["Plan Rows"]) for child in drawn.get("Plans", ()) if child.get("Parent Relationship") == "Outer"]
    return Impact(estimated=sum(rows)) if rows else Impact()
