"""`column = assent_token('…')` in the server's tree: which column each parameter looks up by.

Nothing else in the statement uses what is looked up by: a column of the same tag anywhere but in such a comparison
refuses, so an answer says which rows have the value and shows no token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from core.catalog import Oid, Protection, Snapshot, Tagged
from core.classify.postgres.nouns import Doubted, Lookup, Parsed
from core.classify.postgres.text.lookup import PLACE
from core.classify.postgres.tree.lineage import Base, Lineage, Scope, queries
from core.classify.postgres.tree.read import Tree
from core.model import Column, Doubt

EQUAL: Final = frozenset({Oid(67), Oid(467), Oid(2956)})  # texteq, int8eq, uuid_eq: pg_proc.dat
STRUCTURE: Final = frozenset({"joinaliasvars"})  # names every column of a join, used or not


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
    return Lookup(column=column, base=type_, tag=tagged.tag)


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
