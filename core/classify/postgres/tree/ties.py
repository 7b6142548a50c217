"""Values that a condition ties to protected ones: to write or return such a value is to copy by a join.

`… FROM generate_series(1, 99) g JOIN care.member m ON g = m.income`: `g` holds the income, though no expression that is
written names it. A condition between a protected column and constants ties nothing: which rows change is the bit that
people decide on (masking.md 9).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from core.classify.postgres.tree.lineage import NOTHING, Base, Lineage, Scope, within
from core.classify.postgres.tree.read import Tree, Value, flat

EXISTS: Final = 0  # nodes/primnodes.h: SubLinkType
LIMITS: Final = ("limitOffset", "limitCount")
OWN: Final = ("havingQual", "mergeJoinCondition", "withCheckOptions")
ACTIONS: Final = ("qual", "onConflictWhere", "arbiterWhere", "arbiterElems")


def tied(scopes: Iterable[Scope], lineage: Lineage, hot: frozenset[Base]) -> frozenset[Base]:
    """Give what conditions compare with protected columns, and what others compare with that in turn."""
    sets = [found for scope in scopes for found in compared(scope, lineage, hot)]
    bound, before = hot, NOTHING
    while bound != before:
        before = bound
        bound = bound.union(*(one for one in sets if one & before))
    return bound - hot


def compared(scope: Scope, lineage: Lineage, hot: frozenset[Base]) -> Iterator[frozenset[Base]]:
    """Yield what each condition of one query compares; a number of rows is compared with all that the rows show."""
    for condition in conditions(scope.query):
        yield operands(condition, scope, lineage)
    for name in LIMITS:
        limit = operands(scope.query.fields.get(name, []), scope, lineage)
        if limit & hot:
            yield limit.union(*lineage.outputs(scope.query, scope.outer))


def conditions(query: Tree) -> Iterator[Tree]:
    """Yield the conditions of a query, joined by AND taken apart; what rows are sorted or grouped by are some."""
    values = [query.fields.get(name, []) for name in OWN]
    values += [node.fields.get("quals", []) for node in within(query.node("jointree"))]
    for node in (*query.nodes("mergeActionList"), *flat(query.fields.get("onConflict", []))):
        values += [node.fields.get(name, []) for name in ACTIONS]
    values += [entry.fields.get("expr", []) for entry in query.nodes("targetList") if entry.number("ressortgroupref")]
    for value in values:
        for node in flat(value):
            yield from parts(node)


def parts(node: Tree) -> Iterator[Tree]:
    """Take a condition apart where AND joins it."""
    if node.name == "BOOLEXPR" and node.plain("boolop") == "and":
        for part in node.nodes("args"):
            yield from parts(part)
    else:
        yield node


def operands(value: Value, scope: Scope, lineage: Lineage) -> frozenset[Base]:
    """Give what an expression compares: of a query inside its result; its own conditions are looked at as its own."""
    found = NOTHING
    for node in flat(value):
        if node.name == "QUERY":
            found = found.union(*lineage.outputs(node, scope))
        elif node.name == "VAR":
            found |= lineage.of(node, scope)
        elif node.name != "SUBLINK" or node.number("subLinkType") != EXISTS:
            for _, below in node.below():
                found |= operands(below, scope, lineage)
    return found
