"""A plan in our own form: node, relation, estimated rows and cost; never a condition, which would quote a view."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.connectors.postgres import values

if TYPE_CHECKING:
    from core.connectors.postgres.session import Session
    from core.ports import Statement


def drawing(node: Mapping[str, Any]) -> str:
    """Draw a plan, one line a node."""
    return "\n".join(lines(node, 0))


async def plan(session: Session, statement: Statement) -> Mapping[str, Any]:
    """Ask for the plan of one statement as the planner's JSON tree.

    Raises: BadCall, asyncpg.PostgresError.
    """
    prepared = await session.prepare("EXPLAIN (FORMAT JSON) " + statement.text)
    arguments = values.bound(statement.parameters, len(prepared.get_parameters()))
    cursor = await session.bind(prepared, arguments)
    rows = await cursor.fetch(1)
    found: Mapping[str, Any] = json.loads(str(rows[0][0]))[0]["Plan"]
    return found


def lines(node: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Draw one line a node, children indented."""
    relation = node.get("Relation Name")
    where = f" on {relation}" if relation else ""
    yield f"{'  ' * depth}{node['Node Type']}{where} (rows {node['Plan Rows']}, cost {node['Total Cost']})"
    for child in node.get("Plans", ()):
        yield from lines(child, depth + 1)
