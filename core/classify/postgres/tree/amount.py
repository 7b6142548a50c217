"""How many rows an INSERT writes, and in which order: neither may follow protected values.

A plain condition tells which rows come, the bit that people decide on (masking.md 9). A LIMIT, a series or a sort tells
more: `… FROM generate_series(1, income)` writes the income as a count, `… ORDER BY income` every rank as a serial key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from core.classify.postgres.tree.checks import INSERT, MERGE
from core.classify.postgres.tree.lineage import WHOLE, Base, Lineage, Scope
from core.classify.postgres.tree.read import Tree, Value

FUNCTIONS: Final = frozenset({"functions", "tablefunc"})
LIMITS: Final = ("limitOffset", "limitCount")


def follows(trees: Iterable[Tree], lineage: Lineage, hot: frozenset[Base], tied: frozenset[Base]) -> bool:
    """Whether rows that are inserted come as often, or in the order, that protected values say.

    `tied` are values that conditions compare with protected ones: a series among them is counted out by them.
    """
    scopes = [scope for tree in trees for scope in sources(Scope(tree))]
    if not any(inserts(scope.query) for scope in scopes):
        return False
    series = any(oid < 0 and not column for oid, column in tied)
    return series or any(lineage.of(value, scope) & hot for scope in scopes for value in amounts(scope.query))


def sources(scope: Scope) -> Iterator[Scope]:
    """Yield a query and those whose rows it takes; not those that a condition asks."""
    yield scope
    for entry in scope.query.nodes("rtable"):
        below = entry.node("subquery")
        if below is not None:
            yield from sources(Scope(below, scope))
    for table in scope.query.nodes("cteList"):
        below = table.node("ctequery")
        if below is not None:
            yield from sources(Scope(below, scope))


def inserts(query: Tree) -> bool:
    """Whether a query makes new rows."""
    command = query.number("commandType")
    actions = query.nodes("mergeActionList") if command == MERGE else ()
    return command == INSERT or any(action.number("commandType") == INSERT for action in actions)


def amounts(query: Tree) -> Iterator[Value]:
    """Yield what sorts, groups or cuts rows off, and what functions make rows of."""
    for target in query.nodes("targetList"):
        if target.number("ressortgroupref"):
            yield target.fields.get("expr", [])
    yield from repeats(query)


def repeats(query: Tree) -> Iterator[Value]:
    """Yield what cuts rows off by their number, and what functions make rows of, among results as well."""
    for name in LIMITS:
        yield query.fields.get(name, [])
    for target in query.nodes("targetList") if query.flag("hasTargetSRFs") else ():
        if any(node.flag("funcretset") for node in calls(target)):
            yield target.fields.get("expr", [])
    for entry in query.nodes("rtable"):
        field = WHOLE.get(entry.number("rtekind"), "")
        if field in FUNCTIONS:
            yield entry.fields.get(field, [])


def calls(tree: Tree) -> Iterator[Tree]:
    """Yield the calls of functions in an expression, at any depth; a query inside is another's."""
    if tree.name == "FUNCEXPR":
        yield tree
    for _, below in tree.below():
        if below.name != "QUERY":
            yield from calls(below)
