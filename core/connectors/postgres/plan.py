"""A plan in our own form: nodes, relations, estimates, and what ANALYZE measured; one line each, nothing else of it.

No pages: those of catalogs follow what others did to them, and all of them what others have just read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from core.connectors.postgres.connection import values, wire
from core.connectors.postgres.connection.waiting import MARGIN
from core.errors import TimedOut
from core.model import Cell, Cut, Fact, Limits, Parameters, Reading, ResultColumn, Rows

if TYPE_CHECKING:
    from core.connectors.postgres.connection.session import Session

# Conditions quote the text of whoever wrote them: a view, a policy or a function's body, unless it is all the agent's.
CONDITIONS: Final = (
    "Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "Join Filter", "Filter", "One-Time Filter", "Sort Key",
    "Presorted Key", "Group Key",
)  # fmt: skip
REMOVED: Final = ("Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")
OTHERS: Final = frozenset({Fact.VIA_VIEW, Fact.ROW_POLICY})
PLAIN: Final = frozenset({"table", "expression"})


async def plan(session: Session, text: str, parameters: Parameters, limit: timedelta) -> Mapping[str, Any]:
    """Run an EXPLAIN (… FORMAT JSON) of ours and give its document.

    Raises: BadCall, TimedOut, asyncpg.PostgresError.
    """
    arguments = values.bound(parameters, len(parameters))
    prepared = session.prepare(text)
    await session.exchange(wire.sync())
    run = wire.execute("")
    steps = (wire.bind("", prepared.name, arguments), run, wire.sync())
    await session.exchange(*steps, limit=limit + MARGIN, failure=TimedOut)
    found: Mapping[str, Any] = json.loads(str(session.connection.answer(run)))[0]
    return found


def quotable(reading: Reading) -> bool:
    """Whether every condition of a plan is the agent's own: nothing was expanded into it."""
    own = all(name.startswith("pg_catalog.") for name in reading.functions)
    return own and not reading.facts & OTHERS and all(pair.thing.kind in PLAIN for pair in reading.pairs)


def table(document: Mapping[str, Any], reading: Reading, limits: Limits) -> Rows:
    """Draw a plan as rows of one text column, within the limits."""
    drawn = [*lines(document["Plan"], 0, conditions=quotable(reading)), *times(document)]
    rows: list[tuple[Cell, ...]] = []
    used, cut = 2, None
    for line in drawn:
        used += values.octets(((line,),))
        if len(rows) == limits.returned_rows or used > limits.returned_bytes:
            cut = Cut.ROWS if len(rows) == limits.returned_rows else Cut.BYTES
            break
        rows.append((line,))
    return Rows(columns=(ResultColumn(name="plan", type="text"),), rows=tuple(rows), cut=cut)


def lines(node: Mapping[str, Any], depth: int, *, conditions: bool = False) -> Iterator[str]:
    """Draw one line a node, children indented."""
    relation = node.get("Relation Name")
    where = f" on {relation}" if relation else ""
    indent = "  " * depth
    yield f"{indent}{node['Node Type']}{where} (rows {node['Plan Rows']}, cost {node['Total Cost']}){measured(node)}"
    for name in (*CONDITIONS, *REMOVED) if conditions else ():
        if name in node:
            yield f"{indent}  {name}: {worded(node[name])}"
    for child in node.get("Plans", ()):
        yield from lines(child, depth + 1, conditions=conditions)


def measured(node: Mapping[str, Any]) -> str:
    """Word what ANALYZE measured of a node."""
    if "Actual Rows" not in node:
        return ""
    said = [f"rows {node['Actual Rows']}", f"loops {node.get('Actual Loops', 1)}"]
    said += [f"{node['Actual Total Time']} ms"] if "Actual Total Time" in node else []
    return f" [actual: {', '.join(said)}]"


def times(document: Mapping[str, Any]) -> Iterator[str]:
    """Word the whole's times, where ANALYZE measured them."""
    if "Execution Time" in document:
        yield f"Planned in {document.get('Planning Time', 0)} ms, ran in {document['Execution Time']} ms"


def worded(value: object) -> str:
    """Word a condition, or a list of keys."""
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
