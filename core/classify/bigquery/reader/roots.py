"""What each root does to which things; a root that is in no table is unreadable.

https://cloud.google.com/bigquery/docs/reference/standard-sql/dml-syntax
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, final

from sqlglot import exp

from .doubted import Node, unknown
from .heads import TEMPORARY, Pair
from .scope import VIEWS, Named, Scope, Sight, fold, identifiers, path, ranges
from .shape import children, walk

KINDS: Final[Mapping[str, tuple[str, frozenset[str]]]] = MappingProxyType(
    {
        "TABLE": ("table", frozenset()),
        "VIEW": ("view", frozenset()),
        "MODEL": ("model", frozenset({"unregistered_code"})),
        "FUNCTION": ("function", frozenset({"unregistered_code", "replaces_code"})),
    }
)
# statementType of what is made with a query in it, by the tree's word for it.
MADE: Final = MappingProxyType(
    {"TABLE": "CREATE_TABLE_AS_SELECT", "VIEW": "CREATE_VIEW", "MODEL": "CREATE_MODEL", "FUNCTION": "CREATE_FUNCTION"}
)
SECURABLES: Final = MappingProxyType({"TABLE": "table", "VIEW": "view", "SCHEMA": "schema"})


@final
@dataclass(slots=True, kw_only=True)
class Act:
    """What one tree does."""

    scope: Scope
    kind: str = "SELECT"  # the service's statementType
    pairs: list[Pair] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)
    targets: list[Named] = field(default_factory=list)

    @property
    def named(self) -> list[Named]:
        """All tables that a column could belong to."""
        return [*self.scope.tables, *self.targets]

    def target(self, node: Node | None, *verbs: str) -> Sight:
        """Note the table that a statement changes; give what its clauses see.

        Raises: Doubted.
        """
        if isinstance(node, exp.Schema):
            node = node.this
        if not isinstance(node, exp.Table) or isinstance(node.this, exp.Func):
            raise unknown("A target of this form")
        name = path(node)
        kind = "catalog" if VIEWS in f".{name.upper()}" else "table"
        alias = fold(node.alias) or fold(identifiers(node)[-1].name)
        self.targets.append(Named(kind=kind, name=name, alias=alias, node=node))
        self.pairs.extend((kind, name, verb) for verb in verbs)
        return Sight(ranges=frozenset({alias}))

    def rest(self, node: Node, sight: Sight, *, without: frozenset[str]) -> None:
        """Walk all fields but those looked at already.

        Raises: Doubted.
        """
        for name, value in node.args.items():
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, Node) and name not in without:
                    self.scope.expression(child, sight)


def act(root: Node, *, unnested: int) -> Act:
    """Read a tree of closed shape; `unnested` is how often the text itself says UNNEST.

    Raises: Doubted.
    """
    implicit = sum(isinstance(node, exp.Unnest) for node in walk(root)) > unnested
    made = Act(scope=Scope(implicit=implicit))
    READERS[type(root).__name__](root, made)
    made.pairs.extend((table.kind, table.name, "read") for table in made.scope.tables)
    made.facts |= {"as_it_was"} if made.scope.past else set()
    return made


def query(root: Node, made: Act) -> None:
    """Read SELECT, set operations, WITH, pipes."""
    made.scope.query(root, Sight())


def insert(root: Node, made: Act) -> None:
    """Read INSERT; the query sees nothing of the target."""
    made.kind = "INSERT"
    made.target(root.this, "insert")
    made.rest(root, Sight(), without=frozenset({"this"}))


def update(root: Node, made: Act) -> None:
    """Read UPDATE; its FROM sees nothing of the target."""
    made.kind = "UPDATE"
    target = made.target(root.this, "update")
    source = made.scope.sources(ranges(root), Sight(), Sight())
    made.rest(root, target.beside(source), without=frozenset({"this", "from_"}))
    condition(root, made)


def delete(root: Node, made: Act) -> None:
    """Read DELETE, with or without the word FROM."""
    made.kind = "DELETE"
    targets = root.args.get("tables") or [root.this]
    if len(targets) != 1:
        raise unknown("DELETE of several tables")
    sight = made.target(targets[0], "delete")
    made.rest(root, sight, without=frozenset({"this", "tables"}))
    condition(root, made)


def condition(root: Node, made: Act) -> None:
    """Note a missing WHERE, and one that is always true."""
    where = root.args.get("where")
    if where is None:
        made.facts.add("no_where")
    elif isinstance(where.this, exp.Boolean) and where.this.this:
        made.facts.add("all_rows")


def merge(root: Node, made: Act) -> None:
    """Read MERGE: its verbs are those of its branches; its source sees nothing of the target."""
    made.kind = "MERGE"
    verbs: set[str] = set()
    for when in root.args["whens"].expressions:
        then = when.args.get("then")
        if isinstance(then, exp.Insert):
            verbs.add("insert")
        elif isinstance(then, exp.Update):
            verbs.add("update")
        elif isinstance(then, exp.Var) and then.name.upper() == "DELETE":
            verbs.add("delete")
        else:
            raise unknown("A branch of MERGE of this form")
    target = made.target(root.this, *sorted(verbs))
    source = made.scope.source(root.args["using"], Sight(), Sight())
    made.rest(root, target.beside(source), without=frozenset({"this", "using"}))


def create(root: Node, made: Act) -> None:
    """Read definitions that hold a query."""
    kind, facts = KINDS.get(str(root.args.get("kind")), ("", frozenset()))
    target = root.this.this if isinstance(root.this, exp.UserDefinedFunction | exp.Schema) else root.this
    if not kind or not isinstance(target, exp.Table):
        raise unknown("A definition of this form")
    made.kind = making(root)
    made.pairs.append((kind, path(target), "define"))
    made.facts |= facts
    made.rest(root, Sight(), without=frozenset({"this"}))
    for child in children(root.this):
        if child is not target and not isinstance(child, exp.Identifier):
            made.scope.expression(child, Sight())


def making(root: Node) -> str:
    """Name the statementType of a definition that holds a query."""
    if root.find(exp.TemporaryProperty):
        return TEMPORARY
    kind = MADE[str(root.args["kind"])]
    return kind.replace("_VIEW", "_MATERIALIZED_VIEW") if root.find(exp.MaterializedProperty) else kind


def grant(root: Node, made: Act) -> None:
    """Read GRANT and REVOKE."""
    kind = SECURABLES.get(str(root.args.get("kind")).upper())
    securable = root.args.get("securable")
    if kind is None or not isinstance(securable, exp.Table):
        raise unknown("GRANT on this kind of thing")
    made.kind = type(root).__name__.upper()
    made.pairs.append((kind, path(securable), "grant"))


def export(root: Node, made: Act) -> None:
    """Read EXPORT DATA: rows leave the warehouse."""
    made.kind = "EXPORT_DATA"
    made.pairs.append(("statement", "EXPORT DATA", "run"))
    made.scope.expression(root.this, Sight())


READERS: Final[Mapping[str, Callable[[Node, Act], None]]] = MappingProxyType(
    {
        "Select": query, "Union": query, "Intersect": query, "Except": query, "Subquery": query,
        "Insert": insert, "Update": update, "Delete": delete, "Merge": merge,
        "Create": create, "Grant": grant, "Revoke": grant, "Export": export,
    }
)  # fmt: skip
