"""Which range variables are relations: CTE scope as PostgreSQL resolves it, from the raw tree alone.

Source: https://www.postgresql.org/docs/18/queries-with.html and the rules of parse analysis: without RECURSIVE a CTE
sees only the earlier ones of its list, with RECURSIVE all; a schema-qualified name is never a CTE; a DML target is
never one either; the arms of a set operation inherit the WITH of their parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, final

from core.classify.postgres.nouns import IDLE, Fields, Named, Node
from core.classify.postgres.text.shape import Child, Seen, children, unfold
from core.model import Verb

CTES: Final[frozenset[str]] = frozenset()
# Where a RangeVar names something that no FROM clause resolves: the target of a statement.
TARGETS: Final[Mapping[str, frozenset[Verb]]] = MappingProxyType(
    {
        "InsertStmt": frozenset({Verb.INSERT}),
        "UpdateStmt": frozenset({Verb.UPDATE}),
        "DeleteStmt": frozenset({Verb.DELETE}),
        "MergeStmt": frozenset(),
    }
)
QUERIES: Final = frozenset({"SelectStmt", *TARGETS})
ACTIONS: Final[Mapping[str, Verb]] = MappingProxyType(
    {"CMD_INSERT": Verb.INSERT, "CMD_UPDATE": Verb.UPDATE, "CMD_DELETE": Verb.DELETE}
)


@final
@dataclass(slots=True)
class Found:
    """What one walk collects."""

    names: dict[int, Named] = field(default_factory=dict)  # by offset: a MultiAssignRef repeats its source
    functions: dict[tuple[int, tuple[str, ...]], None] = field(default_factory=dict)
    columns: dict[tuple[str, ...], None] = field(default_factory=dict)
    references: dict[int, tuple[str, ...]] = field(default_factory=dict)  # column references by offset
    parameters: set[int] = field(default_factory=set)
    nodes: set[str] = field(default_factory=set)
    walked: Mapping[int, Seen] = field(default_factory=dict)  # nodes whose fields were looked at, by their dict's id

    def below(self, name: str, fields: Fields) -> list[Child]:
        """Give the nodes directly below one, as `children` does.

        Raises: Doubted.
        """
        seen = self.walked.get(id(fields))
        known = seen is not None and seen.fields is fields and seen.name == name
        return seen.below if seen is not None and known else children(name, fields)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where the walk stands."""

    ctes: frozenset[str] = CTES
    sampled: bool = False
    utility: bool = False  # range variables are resolved by a utility, never as CTEs


def resolve(root: str, fields: Fields, nodes: Iterable[Seen], *, utility: bool) -> Found:
    """Walk a whole statement, whose `nodes` a walk has given.

    Raises: Doubted; RecursionError for texts nested too deeply.
    """
    found = Found(walked={id(node.fields): node for node in nodes})
    visit(found, root, fields, Scope(utility=utility))
    return found


def visit(found: Found, name: str, fields: Fields, scope: Scope) -> None:
    """Visit one node with the CTEs in sight."""
    found.nodes.add(name)
    if name == "RangeVar":
        relation(found, fields, scope)
    elif name in QUERIES:
        statement(found, name, fields, scope)
    elif name == "LockingClause":
        return  # names aliases of the same FROM, no relation
    else:
        note(found, name, fields)
        inner = Scope(ctes=scope.ctes, sampled=True, utility=scope.utility) if name == "RangeTableSample" else scope
        for _, kind, below in found.below(name, fields):
            visit(found, kind, below, inner)


def statement(found: Found, name: str, fields: Fields, scope: Scope) -> None:
    """Visit a query or DML: first its WITH, then the rest under it."""
    inner, parts = Scope(ctes=scope.ctes), found.below(name, fields)
    for part, _, below in parts:
        if part == "withClause":
            inner = within(found, below, scope)
    for part, kind, below in parts:
        if part == "withClause":
            continue
        if part == "relation":
            target(found, below, verbs(name, fields))
        elif part == "intoClause":
            visit(found, kind, below, Scope(utility=True))
        else:
            visit(found, kind, below, inner)


def within(found: Found, clause: Fields, scope: Scope) -> Scope:
    """Visit the queries of a WITH clause and return the scope of what follows it."""
    entries = [below for part, _, below in found.below("WithClause", clause) if part == "ctes"]
    titles = [str(entry.get("ctename", "")) for entry in entries]
    seen = scope.ctes | (frozenset(titles) if clause.get("recursive") else CTES)
    for title, entry in zip(titles, entries, strict=True):
        for _, kind, below in found.below("CommonTableExpr", entry):
            visit(found, kind, below, Scope(ctes=seen))
        seen |= {title}
    return Scope(ctes=seen)


def verbs(name: str, fields: Fields) -> frozenset[Verb]:
    """Tell what a DML statement does to its target."""
    made = set(TARGETS[name])
    for part, _, below in children(name, fields):
        if part == "onConflictClause" and below.get("action") == "ONCONFLICT_UPDATE":
            made.add(Verb.UPDATE)
        if part == "mergeWhenClauses" and below.get("commandType") in ACTIONS:
            made.add(ACTIONS[str(below["commandType"])])
    return frozenset(made) or IDLE


def target(found: Found, fields: Fields, does: frozenset[Verb]) -> None:
    """Note the target of a DML statement."""
    named = describe(fields, Scope())
    found.names[named.start] = Named(
        schema=named.schema, name=named.name, alias=named.alias, start=named.start, only=named.only,
        columns=named.columns, target=True, verbs=does,
    )  # fmt: skip


def relation(found: Found, fields: Fields, scope: Scope) -> None:
    """Note a range variable unless a CTE in sight has its name."""
    named = describe(fields, scope)
    if scope.utility or named.schema is not None or named.name not in scope.ctes:
        found.names[named.start] = named


def describe(fields: Fields, scope: Scope) -> Named:
    """Read a RangeVar."""
    schema = fields.get("schemaname")
    alias = fields.get("alias")
    title = alias.get("aliasname") if isinstance(alias, Mapping) else None
    return Named(
        schema=None if schema is None else str(schema),
        name=str(fields.get("relname", "")),
        alias=None if title is None else str(title),
        start=offset(fields),
        only=not fields.get("inh", False),
        columns=isinstance(alias, Mapping) and bool(alias.get("colnames")),
        sampled=scope.sampled,
        verbs=frozenset() if scope.utility else frozenset({Verb.READ}),
    )


def note(found: Found, name: str, fields: Fields) -> None:
    """Note functions, column references and parameters."""
    if name == "FuncCall":
        found.functions[offset(fields), words(fields.get("funcname"))] = None
    elif name == "ColumnRef":
        parts = words(fields.get("fields"))
        found.columns[parts] = None
        found.references[offset(fields)] = parts
    elif name == "ParamRef":
        number = fields.get("number", 0)
        found.parameters.add(number if isinstance(number, int) else 0)


def words(value: Node) -> tuple[str, ...]:
    """Read a list of name parts; a star is "*"."""
    return tuple(spell(value)) if isinstance(value, list) else ()


def spell(value: list[Node]) -> Iterator[str]:
    """Yield name parts of a list of String and A_Star nodes."""
    for item in value:
        node = unfold("Node", item)
        if node is not None:
            yield str(node[1].get("sval", "")) if node[0] == "String" else "*"


def offset(fields: Fields) -> int:
    """Read a node's byte offset: zero is left out of the JSON, -1 is synthesised."""
    at = fields.get("location", 0)
    return at if isinstance(at, int) else -1
