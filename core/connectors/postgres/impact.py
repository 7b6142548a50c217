"""How many rows a write would touch: counted by a question of ours, else guessed by the planner and said to be that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from core.classify.postgres import Access, Parsed
from core.connectors.postgres.visit import PostgresVisit
from core.errors import BadCall, Busy, SourceError
from core.model import Sample, Unreadable
from core.ports import Impact, Statement

if TYPE_CHECKING:
    from core.classify.postgres import Sampling
    from core.connectors.postgres.catalog.known import Known
    from core.connectors.postgres.rooms import Rooms
    from core.model import Cell, Scalar

Visiting: TypeAlias = "Callable[[Parsed, Statement], AbstractAsyncContextManager[PostgresVisit]]"

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


def picked(parameters: tuple[Scalar, ...], numbers: tuple[int, ...]) -> tuple[Scalar, ...]:
    """Pick parameters by their numbers, from 1."""
    return tuple(parameters[number - 1] for number in numbers)


async def sampled(
    rooms: Rooms, known: Known, parsed: Parsed, statement: Statement, visiting: Visiting
) -> Sample | None:
    """Show a few rows of an UPDATE before and after; None where it cannot be asked in our form."""
    target = known.read.find(parsed.names[0].schema, parsed.names[0].name)
    if target is None or not parsed.names[0].target:
        return None
    protected = frozenset(target.attributes[one].name for one in known.protection.tags.get(target.oid, {}))
    question = rooms.sampling(parsed, tuple(target.attributes[one].name for one in target.key), protected)
    if question is None:
        return None
    ours = asked(rooms, statement, question.text, question.parameters)
    if ours is None:
        return None
    async with visiting(*ours) as visited:
        found = await visited.sampled(COUNTING)
    return None if found is None else told(question, found)


async def counted(rooms: Rooms, parsed: Parsed, statement: Statement, visiting: Visiting) -> int | None:
    """Count what a write would touch by a question of ours; None where it cannot be asked in this form."""
    question = rooms.counting(parsed)
    if question is None:
        return None
    ours = asked(rooms, statement, question.text, question.parameters)
    if ours is None:
        return None
    async with visiting(*ours) as visited:
        return await count(visited)


def asked(rooms: Rooms, statement: Statement, text: str, numbers: tuple[int, ...]) -> tuple[Parsed, Statement] | None:
    """Read a question of ours with the statement's own parameters by their numbers; None where it is no read."""
    if isinstance(statement.parameters, Mapping):
        return None
    ours = replace(statement, text=text, parameters=picked(statement.parameters, numbers))
    read = rooms.parse(ours.text, ours.parameters)
    return None if isinstance(read, Unreadable) or read.access is not Access.READ else (read, ours)
