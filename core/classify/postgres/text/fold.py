"""What a statement has in common with others of its shape: the parser's tree, with the values of plain equalities open.

Grants hold for one shape, so folding is narrow (measured on generous rules: `LIKE 'a@x'` met `LIKE '%'`, `id > 900` met
`id > 0`): only what stands opposite a column in `column = literal`, and an all-literal `column IN (…)` of one type, in
the AND-chain of the top WHERE. A bound parameter counts as the literal at its place. Comments are not in the tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from core.classify.postgres.nouns import Fields, Node, Parsed
from core.classify.postgres.text.shape import stripped

FOLDED: Final = frozenset({"SelectStmt", "UpdateStmt", "DeleteStmt"})  # roots whose WHERE says which rows
EQUALS: Final = [{"String": {"sval": "="}}]
WHERE: Final = "whereClause"
BOUND: Final = "bound"
TYPES: Final = {
    "ival": "integer", "fval": "number", "sval": "string", "boolval": "boolean", "bsval": "bits", "isnull": "null"
}  # fmt: skip

Opened: TypeAlias = tuple[str | int, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A tree without locations and without the values left open."""

    tree: Node
    values: tuple[int, ...]  # parameters that stand elsewhere: their values belong to the shape
    opened: tuple[Opened, ...]  # per place left open: the literals' type, or the parameters there
    chosen: bool  # its own WHERE says which rows


def fold(parsed: Parsed) -> Folded:
    """Fold a statement of one of the roots that the server shows a tree of."""
    opened: list[Opened] = []
    tree = dict(parsed.tree)
    chosen = parsed.root in FOLDED and WHERE in tree
    if chosen:
        tree[WHERE] = chain(tree[WHERE], opened)
    bare = stripped(tree, {})
    values = sorted(parameters(bare)) if parsed.parameters else ()
    return Folded(tree={parsed.root: bare}, values=tuple(values), opened=tuple(opened), chosen=chosen)


def chain(node: Node, opened: list[Opened]) -> Node:
    """Open the equalities of an AND-chain; what stands under OR, NOT or anything else stays as it is."""
    if not isinstance(node, Mapping):
        return node
    both, one = node.get("BoolExpr"), node.get("A_Expr")
    if isinstance(both, Mapping) and both.get("boolop") == "AND_EXPR" and isinstance(arms := both.get("args"), list):
        return {"BoolExpr": {**both, "args": [chain(arm, opened) for arm in arms]}}
    if isinstance(one, Mapping) and one.get("name") == EQUALS:
        return {"A_Expr": equality(one, opened)}
    return node


def equality(fields: Fields, opened: list[Opened]) -> Fields:
    """Open the side of an equality that is no column, where it is a value or a list of values of one type."""
    match fields.get("kind"), fields.get("lexpr"), fields.get("rexpr"):
        case "AEXPR_OP", {"ColumnRef": _}, {"A_Const": _} | {"ParamRef": _} as value:
            return {**fields, "rexpr": place([value], opened)}
        case "AEXPR_OP", {"A_Const": _} | {"ParamRef": _} as value, {"ColumnRef": _}:
            return {**fields, "lexpr": place([value], opened)}
        case "AEXPR_IN", {"ColumnRef": _}, {"List": {"items": list(values)}} if (
            len({kind(each) for each in values}) == 1
        ):
            return {**fields, "rexpr": place(values, opened)}
        case _:
            return fields


def place(values: list[Node], opened: list[Opened]) -> Node:
    """Put a mark where values of one kind stand; unless they are no values."""
    what = kind(values[0])
    if not what:
        return {"List": {"items": values}}
    opened.append((what,) if what != BOUND else tuple(sorted(parameters(values))))
    return {"open": len(opened)}


def kind(value: Node) -> str:
    """Name the type of a literal, or say that it is bound; "": neither."""
    match value:
        case {"A_Const": dict(fields)}:
            return next((TYPES[name] for name in fields if name in TYPES), "")
        case {"ParamRef": _}:
            return BOUND
        case _:
            return ""


def parameters(node: Node) -> frozenset[int]:
    """Number the parameters below a node."""
    if isinstance(node, list):
        return frozenset[int]().union(*map(parameters, node))
    if not isinstance(node, Mapping):
        return frozenset()
    match node:
        case {"ParamRef": {"number": int(number)}}:
            return frozenset({number})
        case _:
            return frozenset[int]().union(*map(parameters, node.values()))
