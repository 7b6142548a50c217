"""libpg_query's tree walked by type: every (node, field) stands in `data/grammar.txt`, or the text is unreadable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias, final

from core.classify.postgres.nouns import Doubted, Fields, Node
from core.model import Doubt

# What a write may hold beside a read: DML roots, their clauses, row locks.
WRITES: Final = frozenset(
    {
        "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "MergeWhenClause", "OnConflictClause", "InferClause",
        "IndexElem", "ReturningClause", "ReturningOption", "SetToDefault", "MultiAssignRef", "LockingClause",
        "MergeSupportFunc",
    }
)  # fmt: skip
LOCKING: Final = ("SelectStmt", "lockingClause")
CONSTANT: Final = "A_Const"
LOCATIONS: Final = frozenset(
    {"location", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end", "stmt_location", "stmt_len"}
)
# How to write without a construct, where that is not plain from its name.
PLAINER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "RangeVar.catalogname": "leave the database's name out: schema.table",
        "CurrentOfExpr": "name the rows by their key instead of CURRENT OF",
        "SelectStmt.intoClause": "leave INTO out",
    }
)


class Level(IntEnum):
    """How much of the grammar a text may use."""

    READ = 0
    WRITE = 1
    ALL = 2


@final
@dataclass(frozen=True, slots=True)
class Field:
    """What a field of a raw-tree node holds."""

    kind: str  # node name, "Node", "enum", "int", "bool" or "str"
    many: bool
    read: bool  # may stand in a read
    plain: type | None  # what a value is that is no node


Grammar: TypeAlias = Mapping[str, Mapping[str, Field]]
Child: TypeAlias = tuple[str, str, Fields]  # field, node name, fields

SCALAR: Final = frozenset({str, int, bool, float, type(None)})
SCALARS: Final[Mapping[str, type]] = MappingProxyType({"enum": str, "int": int, "bool": bool, "str": str})


@cache
def grammar() -> Grammar:
    """Load the table: node -> field -> what it holds."""
    table: dict[str, Mapping[str, Field]] = {}
    text = files("core.classify.postgres").joinpath("data/grammar.txt").read_text("utf-8")
    for line in text.splitlines():
        name, *words = line.split(" ")
        fields = {}
        for word in words:
            field, _, kind = word.lstrip("-").partition(":")
            bare = kind.rstrip("*")
            fields[field] = Field(bare, kind.endswith("*"), not word.startswith("-"), SCALARS.get(bare))
        table[name.lstrip("-")] = MappingProxyType(fields)
    return MappingProxyType(table)


def permitted(name: str, field: str, level: Level) -> bool:
    """Whether a field of a node may stand in a text of this level."""
    known = grammar()[name].get(field)
    if known is None:
        return False
    if known.read or level is Level.ALL:
        return True
    return level is Level.WRITE and (name in WRITES or (name, field) == LOCKING)


@cache
def listed(name: str, level: Level) -> frozenset[str]:
    """Give all fields of a node that may stand in a text of this level."""
    return frozenset(field for field in grammar()[name] if permitted(name, field, level))


def unfold(kind: str, value: Node) -> tuple[str, Fields] | None:
    """Give the name and fields of a node value; None for an absent list item.

    Raises: Doubted.
    """
    if not isinstance(value, dict):  # the parser's JSON has no other mapping, and asking an ABC costs five times more
        raise unknown(kind)
    if kind != "Node":
        return kind, value
    if not value:
        return None
    if len(value) != 1:
        raise unknown("node")
    ((name, fields),) = value.items()
    if not isinstance(fields, dict) or name not in grammar():
        raise unknown(name)
    return name, fields


def children(name: str, fields: Fields) -> list[Child]:
    """Give the nodes directly below, in the order of the tree.

    Raises: Doubted for a field that the grammar does not have, or that holds something else.
    """
    known = grammar()[name]
    found: list[Child] = []
    for field, value in fields.items():
        if field not in known:
            raise unknown(f"{name}.{field}")
        what = known[field]
        if what.plain is not None and not what.many:
            if type(value) is not what.plain:
                raise unknown(f"{name}.{field}")
        elif what.many:
            found += below(name, field, what, value)
        elif (child := unfold(what.kind, value)) is not None:
            found.append((field, *child))
    return found


def below(name: str, field: str, what: Field, items: Node) -> list[Child]:
    """Give the nodes of one field that holds a list.

    Raises: Doubted.
    """
    if not isinstance(items, list):
        raise unknown(f"{name}.{field}")
    if what.plain is None:
        return [(field, *child) for child in [unfold(what.kind, item) for item in items] if child is not None]
    if not all(type(item) is what.plain for item in items):
        raise unknown(f"{name}.{field}")
    return []


class Seen(NamedTuple):
    """A node of a walk, of which each text has many."""

    name: str
    fields: Fields
    constant: bool  # a constant, or below one
    below: list[Child]


def walk(root: str, fields: Fields) -> list[Seen]:
    """Give every node of a tree once: what is asked of all of them is asked of this.

    Raises: Doubted.
    """
    stack = [(root, fields, root == CONSTANT)]
    found: list[Seen] = []
    while stack:
        name, fields, constant = stack.pop()
        below = children(name, fields)
        found.append(Seen(name, fields, constant, below))
        for _, kind, inner in below:
            stack.append((kind, inner, constant or kind == CONSTANT))
    return found


def check(nodes: list[Seen], level: Level) -> None:
    """Check every node and field of a walk against the closed list of its level.

    Raises: Doubted.
    """
    for node in nodes:
        fields = listed(node.name, level)
        if not node.fields.keys() <= fields:
            raise unknown(f"{node.name}.{next(field for field in node.fields if field not in fields)}")
        if not (level is Level.ALL or allowed(node.name, level)):
            raise unknown(node.name)


@cache
def allowed(name: str, level: Level) -> bool:
    """Whether a node without any field may stand in a text of this level."""
    if level is Level.WRITE and name in WRITES:
        return True
    fields = grammar()[name]
    return any(field.read for field in fields.values()) or name == "A_Star"


def unknown(what: str) -> Doubted:
    """Make the refusal of a construct outside the closed list."""
    advice = PLAINER.get(what, "write the statement without it")
    return Doubted(Doubt.UNKNOWN, f"The construct {what} is not among those that can be read; {advice}.", what)


def stripped(value: Node, rules: Mapping[str, Callable[[Mapping[str, Node]], Node]]) -> Node:
    """Give a tree without locations, some nodes changed by rules."""
    if not rules:
        return bare(value)
    if isinstance(value, list):
        return [stripped(item, rules) for item in value]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        ((name, fields),) = value.items()
        changed = rules[name](fields) if name in rules and isinstance(fields, Mapping) else None
        if changed is not None:
            return stripped(changed, {})
    return {name: stripped(inner, rules) for name, inner in value.items() if name not in LOCATIONS}


def bare(value: Node) -> Node:
    """Give a tree without locations."""
    if isinstance(value, dict):
        return {
            name: inner if type(inner) in SCALAR else bare(inner)  # most values: a call costs more than the copy
            for name, inner in value.items()
            if name not in LOCATIONS
        }
    if isinstance(value, list):
        return [bare(item) for item in value]
    return bare(dict(value)) if isinstance(value, Mapping) else value
