"""The closed list of what a tree may hold: node classes with the fields that were reviewed, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlglot import exp

from .doubted import Node, unknown

DATA: Final = Path(__file__).parent / "data"


ROOT: Final = "^"  # the class may stand at the top only
BRANCH: Final = "+"  # at the top, or as a branch of MERGE


# What may stand in the fields that decide whether a text is a query at all: a bare word never does.
ITEM: Final = (exp.Table, exp.Subquery, exp.Unnest)
SLOTS: Final[Mapping[tuple[str, str], tuple[type[Node], ...]]] = MappingProxyType(
    {
        ("CTE", "this"): (exp.Query,),
        ("Except", "expression"): (exp.Query,),
        ("Except", "this"): (exp.Query,),
        ("Export", "this"): (exp.Query,),
        ("From", "this"): ITEM,
        ("Insert", "expression"): (exp.Query, exp.Values, exp.Tuple),
        ("Intersect", "expression"): (exp.Query,),
        ("Intersect", "this"): (exp.Query,),
        ("Join", "this"): ITEM,
        ("Merge", "using"): (exp.Table, exp.Subquery),
        ("Subquery", "this"): (exp.Query, exp.Table),
        ("Union", "expression"): (exp.Query,),
        ("Union", "this"): (exp.Query,),
    }
)


@cache
def listed() -> Mapping[str, frozenset[str]]:
    """Reviewed fields of each node class, after its mark; absent means refused."""
    lines = (DATA / "nodes.txt").read_text("utf-8").splitlines()
    return {name: frozenset(fields.split()) for name, _, fields in (line.partition(":") for line in lines)}


def check(root: Node) -> None:
    """Require every node and every field that says something to be listed.

    Raises: Doubted.
    """
    for node in walk(root):
        name = type(node).__name__
        fields = listed().get(mark(node, top=node is root) + name)
        if fields is None:
            raise unknown(f"{name} in this place")
        for field, value in node.args.items():
            if value not in (None, False, []):
                said(name, field, value, fields)


def said(name: str, field: str, value: object, fields: frozenset[str]) -> None:
    """Require one field that says something to be listed, and to hold what it may.

    Raises: Doubted.
    """
    if field not in fields:
        raise unknown(f"{field.strip('_')} of {name}")
    if not isinstance(value, SLOTS.get((name, field), object)):
        raise unknown(f"{type(value).__name__} as {field.strip('_')} of {name}")


def mark(node: Node, *, top: bool) -> str:
    """Tell which mark a node's line must carry here."""
    name = type(node).__name__
    if top and ROOT + name in listed():
        return ROOT
    if (top or isinstance(node.parent, exp.When)) and BRANCH + name in listed():
        return BRANCH
    return ""


def walk(root: Node) -> Iterator[Node]:
    """Yield every node beneath, itself first, without recursion."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children(node))


def children(node: Node) -> list[Node]:
    """Give the nodes in all fields of a node, in order."""
    found: list[Node] = []
    for value in node.args.values():
        held = value if isinstance(value, list) else [value]
        found.extend(each for each in held if isinstance(each, Node))
    return found
