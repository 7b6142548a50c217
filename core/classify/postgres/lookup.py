"""`column = assent_token('…')`: the value stays here, a parameter that holds its token stands in the text instead.

The server never sees the value. Nothing else in the statement uses what is looked up by: a column of the same tag
anywhere but in such a comparison refuses, so an answer says which rows have the value and shows no token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, final

from core.catalog import Oid, Protection, Snapshot, Tagged
from core.classify.postgres.lineage import Base, Lineage, Scope, queries
from core.classify.postgres.nouns import Access, Doubted, Fields, Looked, Lookup, Node, Parsed
from core.classify.postgres.scope import offset, words
from core.classify.postgres.shape import children, stripped, unfold
from core.classify.postgres.tree import Tree
from core.model import Column, Doubt

NAME: Final = "assent_token"
CALL: Final = re.compile(rb"assent_token[ \t\n\r\f\v]*\([ \t\n\r\f\v]*'((?:[^']|'')*)'[ \t\n\r\f\v]*\)", re.IGNORECASE)
EQUAL: Final = frozenset({Oid(67), Oid(467), Oid(2956)})  # texteq, int8eq, uuid_eq: pg_proc.dat
PLACE: Final = (
    "assent_token('…') stands in WHERE of a query only, as column = assent_token('…') or "
    "column IN (assent_token('…'), …), joined by AND or OR."
)
STRUCTURE: Final = frozenset({"joinaliasvars"})  # names every column of a join, used or not


@final
@dataclass(frozen=True, slots=True)
class Look:
    """One call: its bytes in the text, and the value."""

    start: int
    end: int
    value: str


# ---------------------------------------------------------------- the text


def looked(parsed: Parsed) -> tuple[str, tuple[str, ...]] | None:
    """Give the text with parameters in place of look-ups, and the values; None where there is none.

    Raises: Doubted for one that stands anywhere but in a comparison of WHERE.
    """
    called = [at for at, name in every(parsed.root, parsed.tree) if name[-1:] == (NAME,)]
    if not called:
        return None
    source = parsed.text.encode()
    looks = [spelled(source, at) for at in sorted(placed(parsed.root, parsed.tree))]
    starts = [one.start for one in looks]
    if parsed.access is not Access.READ or parsed.root != "SelectStmt" or sorted(called) != starts:
        raise Doubted(Doubt.FUNCTION, PLACE)
    for place in range(len(looks), 0, -1):
        one = looks[place - 1]
        source = source[: one.start] + f" ${parsed.parameters + place} ".encode() + source[one.end :]
    return source.decode(), tuple(one.value for one in looks)


def every(root: str, fields: Fields) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each function call with its offset."""
    stack = [(root, fields)]
    while stack:
        name, inner = stack.pop()
        if name == "FuncCall":
            yield offset(inner), words(inner.get("funcname"))
        stack.extend((kind, below) for _, kind, below in children(name, inner))


def placed(root: str, fields: Fields) -> Iterator[int]:
    """Yield the offsets of calls that stand where they may: compared with a column, in WHERE."""
    stack = [(root, fields)]
    while stack:
        name, inner = stack.pop()
        if name == "SelectStmt":
            yield from compared(inner.get("whereClause"))
        stack.extend((kind, below) for _, kind, below in children(name, inner))


def compared(condition: Node) -> Iterator[int]:
    """Yield the calls of a condition's own comparisons, behind AND and OR."""
    node = None if condition is None else unfold("Node", condition)
    if node is None:
        return
    name, fields = node
    if name == "BoolExpr" and fields.get("boolop") in {"AND_EXPR", "OR_EXPR"}:
        for arm in flat(fields.get("args")):
            yield from compared(arm)
    elif name == "A_Expr" and words(fields.get("name")) == ("=",):
        yield from sides(fields)


def sides(fields: Fields) -> Iterator[int]:
    """Yield the calls of `column = call`, `call = column` and `column IN (call, …)`."""
    left, right = (unfold("Node", fields[side]) if side in fields else None for side in ("lexpr", "rexpr"))
    if left is None or right is None:
        return
    match fields.get("kind"), left, right:
        case "AEXPR_OP", ("ColumnRef", _), ("FuncCall", call):
            yield from plain(call)
        case "AEXPR_OP", ("FuncCall", call), ("ColumnRef", _):
            yield from plain(call)
        case "AEXPR_IN", ("ColumnRef", _), ("List", listed):
            items = [unfold("Node", item) for item in flat(listed.get("items"))]
            if all(item is not None and item[0] == "FuncCall" for item in items):
                yield from (at for item in items if item is not None for at in plain(item[1]))
        case _:
            return


def flat(value: Node) -> list[Node]:
    """Give a list's items; none of anything else."""
    return value if isinstance(value, list) else []


def plain(call: Fields) -> Iterator[int]:
    """Yield the offset of `assent_token('…')`: that name alone, one string, nothing else."""
    arguments = flat(call.get("args"))
    if call.keys() > {"funcname", "args", "funcformat", "location"} or words(call.get("funcname")) != (NAME,):
        return
    node = unfold("Node", arguments[0]) if len(arguments) == 1 else None
    if node is not None and node[0] == "A_Const" and "sval" in node[1]:
        yield offset(call)


def spelled(source: bytes, at: int) -> Look:
    """Find a call's bytes and its value.

    Raises: Doubted for a string that is written in another way than '…'.
    """
    found = CALL.match(source, at)
    if found is None:
        raise Doubted(Doubt.FUNCTION, "Write the value of assent_token as one plain string: assent_token('…').")
    return Look(at, found.end(), found[1].decode().replace("''", "'"))


def replaced(before: Parsed, after: Parsed, values: tuple[str, ...]) -> Parsed:
    """Take the text with parameters for the agent's, where it is that text with exactly the calls replaced.

    Raises: Doubted.
    """
    starts = {at: place for place, at in enumerate(sorted(placed(before.root, before.tree)), start=1)}

    def parameter(fields: Mapping[str, Node]) -> Node:
        at = offset(fields)
        return {"ParamRef": {"number": before.parameters + starts[at]}} if at in starts else None

    if stripped(dict(before.tree), {"FuncCall": parameter}) != stripped(dict(after.tree), {}):
        raise Doubted(Doubt.DISAGREE, PLACE, "the text with parameters reads differently")
    return replace(after, looked=Looked(text=before.text, values=values))


# ---------------------------------------------------------------- the tree


def lookups(trees: list[Tree], parsed: Parsed, snapshot: Snapshot, protection: Protection) -> tuple[Lookup, ...]:
    """Give the columns that the look-ups' parameters are compared with, in the text's order.

    Raises: Doubted for a column that no operator opened to look-ups, for a parameter that does anything else, and for
    any other use of a column with the same tag.
    """
    if parsed.looked is None:
        return ()
    first = parsed.parameters - len(parsed.looked.values) + 1
    scopes = [scope for tree in trees for scope in queries(tree)]
    found: dict[int, Base] = {}
    spent: set[int] = set()
    for scope in scopes:
        for node in conditions(scope.query):
            for number, var in comparison(node, first):
                found[number] = stored(var, scope)
                spent.add(id(var))
    asked = sorted(node.number("paramid") for scope in scopes for node in own(scope.query) if bound(node, first))
    if asked != list(range(first, parsed.parameters + 1)) or set(asked) != found.keys():
        raise Doubted(Doubt.DISAGREE, PLACE, "a look-up's parameter stands elsewhere in the server's tree")
    looks = tuple(looked_by(found[number], snapshot, protection) for number in asked)
    tags = frozenset(look.tag for look in looks)
    unshown(scopes, spent, tags, snapshot, protection)
    return looks


def looked_by(base: Base, snapshot: Snapshot, protection: Protection) -> Lookup:
    """Look at one column that is looked up by.

    Raises: Doubted where it is not opened to look-ups.
    """
    relation = snapshot.relations.get(base[0])
    attribute = None if relation is None else relation.attributes.get(base[1])
    tagged = protection.tags.get(base[0], {}).get(base[1])
    if relation is None or attribute is None or tagged is None or base not in protection.looked_up:
        name = "This column" if relation is None or attribute is None else f"{relation.qualified}.{attribute.name}"
        raise Doubted(Doubt.PROTECTED, f"{name} is not open to look-ups by token; an operator can open it.")
    type_ = attribute.type
    while (known := snapshot.types.get(type_)) is not None and known.base is not None:
        type_ = known.base
    column = Column(relation=relation.qualified, name=attribute.name)
    return Lookup(column=column, base=type_, modifier=attribute.modifier, tag=tagged.tag)


def conditions(query: Tree) -> Iterator[Tree]:
    """Yield the comparisons of a query's WHERE, behind AND and OR."""
    join = query.node("jointree")
    waiting = [] if join is None else [node for node in [join.node("quals")] if node is not None]
    while waiting:
        node = waiting.pop()
        if node.name == "BOOLEXPR" and node.plain("boolop") in {"and", "or"}:
            waiting.extend(node.nodes("args"))
        else:
            yield node


def comparison(node: Tree, first: int) -> Iterator[tuple[int, Tree]]:
    """Yield the look-ups of one comparison: parameter and column."""
    if node.name not in {"OPEXPR", "SCALARARRAYOPEXPR"} or Oid(node.number("opfuncid")) not in EQUAL:
        return
    sides_ = [bare(argument) for argument in node.nodes("args")]
    listed = [item for side in sides_ if side.name == "ARRAYEXPR" for item in map(bare, side.nodes("elements"))]
    variables = [side for side in sides_ if side.name == "VAR"]
    others = [side for side in (*sides_, *listed) if side.name not in {"VAR", "ARRAYEXPR"}]
    parameters = [side for side in others if bound(side, first)]
    if len(variables) == 1 and len(parameters) == len(others) and (node.name == "OPEXPR" or node.flag("useOr")):
        yield from ((parameter.number("paramid"), variables[0]) for parameter in parameters)


def bound(node: Tree, first: int) -> bool:
    """Whether a node is one of our parameters (PARAM_EXTERN; a sub-select's own output is another kind)."""
    return node.name == "PARAM" and not node.number("paramkind") and node.number("paramid") >= first


def bare(node: Tree) -> Tree:
    """Look behind a cast that changes nothing but the type's name."""
    while node.name == "RELABELTYPE" and (inner := node.node("arg")) is not None:
        node = inner
    return node


def stored(var: Tree, scope: Scope) -> Base:
    """Give the stored column that a variable names directly: not through a view, a subquery or a join's own column.

    Raises: Doubted.
    """
    entries = scope.query.nodes("rtable")
    number = var.number("varno")
    entry = entries[number - 1] if not var.number("varlevelsup") and 0 < number <= len(entries) else None
    if entry is None or entry.number("rtekind") or var.number("varattno") <= 0:
        raise Doubted(Doubt.PROTECTED, "A look-up by token names a column of a table directly; leave views out.")
    return Oid(entry.number("relid")), var.number("varattno")


def unshown(
    scopes: list[Scope], spent: set[int], tags: frozenset[str], snapshot: Snapshot, protection: Protection
) -> None:
    """Require that nothing else in the statement uses a column of these tags.

    Raises: Doubted.
    """
    lineage = Lineage()
    for scope in scopes:
        for node in own(scope.query):
            if node.name != "VAR" or id(node) in spent:
                continue
            for oid, number in lineage.of(node, scope):
                carried = protection.tags.get(oid, {})
                if any(tagged.tag in tags for n, tagged in carried.items() if number in {0, n}):
                    raise Doubted(Doubt.PROTECTED, shown(oid, carried, tags, snapshot))


def shown(oid: Oid, carried: Mapping[int, Tagged], tags: frozenset[str], snapshot: Snapshot) -> str:
    """Say which column must be left out."""
    attributes = snapshot.relations[oid].attributes
    names = sorted(attributes[number].name for number, tagged in carried.items() if tagged.tag in tags)
    return f"Beside a look-up by token the statement uses no column that it looks up by; leave out {', '.join(names)}."


def own(query: Tree) -> Iterator[Tree]:
    """Yield a query's own nodes: not those of queries inside, nor the columns that a join merely lists."""
    waiting = [query]
    while waiting:
        node = waiting.pop()
        for field, below in node.below():
            if below.name != "QUERY" and field not in STRUCTURE:
                yield below
                waiting.append(below)
