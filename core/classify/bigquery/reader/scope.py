"""Which tables a tree reads: names against CTEs, range variables and correlated arrays; in doubt, a table.

https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#from_clause
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, final

from sqlglot import exp

from .doubted import Node, unknown
from .shape import children

# Projects and datasets: letters, digits, dashes, underscores; tables also spaces, wildcard `*`, decorators `$` and `@`.
OUTER: Final = re.compile(r"[A-Za-z0-9_-]+")
INNER: Final = re.compile(r"[\w$@*-](?:[\w $@*-]*[\w$@*-])?")
VIEWS: Final = "INFORMATION_SCHEMA."
PARTS: Final = 3
# Table functions whose first argument is a model.
MODELED: Final = frozenset(
    {
        "GenerateBool",
        "GenerateDouble",
        "GenerateEmbedding",
        "GenerateInt",
        "GenerateTable",
        "GenerateText",
        "MLForecast",
        "Predict",
    }
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A table as the text names it."""

    kind: str  # table, catalog
    name: str
    alias: str  # folded; "" when the text fixes none
    node: exp.Table | None = None  # None: a path that may be an array, or may not


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a place sees: CTEs of the WITHs around it, and range variables, both folded."""

    ctes: frozenset[str] = frozenset()
    ranges: frozenset[str] = frozenset()

    def beside(self, other: Sight) -> Sight:
        """See both."""
        return Sight(ctes=self.ctes | other.ctes, ranges=self.ranges | other.ranges)


class Range(NamedTuple):
    """One item of a FROM clause and what follows it there."""

    item: Node
    join: Node | None


@final
@dataclass(slots=True, kw_only=True)
class Scope:
    """Walks a tree once and collects the tables it reads."""

    implicit: bool  # sqlglot turned a path of a FROM clause into an UNNEST
    tables: list[Named] = field(default_factory=list)
    functions: dict[str, int | None] = field(default_factory=dict)  # table functions and where their names begin
    derived: bool = False  # there are range variables that are no table
    past: bool = False  # rows of another time are read

    def expression(self, node: Node, sight: Sight) -> None:
        """Walk anything; a query inside begins a scope of its own.

        Raises: Doubted.
        """
        if isinstance(node, exp.Query):
            self.query(node, sight)
        elif isinstance(node, exp.Table):
            alone = replace(sight, ranges=frozenset())
            self.table(node, alone, alone)
        else:
            for child in children(node):
                self.expression(child, sight)

    def query(self, node: Node, sight: Sight) -> None:
        """Walk a query: its WITH first, then what may see it.

        Raises: Doubted.
        """
        inner = self.ctes(node, sight)
        if isinstance(node, exp.Select):
            self.select(node, inner)
            return
        for name, value in node.args.items():
            held = value if isinstance(value, list) else [value]
            for child in held:
                if isinstance(child, Node) and name != "with_":
                    self.expression(child, inner)

    def ctes(self, node: Node, sight: Sight) -> Sight:
        """Walk the WITH of a query; give what its body sees. Without RECURSIVE a CTE sees the earlier ones only."""
        clause = node.args.get("with_")
        if not isinstance(clause, exp.With):
            return sight
        self.derived = True
        seen = sight.ctes
        if clause.args.get("recursive"):
            seen |= {fold(cte.alias) for cte in clause.expressions}
        for cte in clause.expressions:
            self.expression(cte.this, Sight(ctes=seen))
            seen |= {fold(cte.alias)}
        return replace(sight, ctes=seen)

    def select(self, node: exp.Select, sight: Sight) -> None:
        """Walk FROM from left to right, each item seeing the earlier ones, then the rest, which sees all."""
        sight = self.sources(ranges(node), sight, sight)
        for name, value in node.args.items():
            held = value if isinstance(value, list) else [value]
            for child in held:
                if isinstance(child, Node) and name not in {"with_", "from_", "joins"}:
                    self.expression(child, sight)

    def sources(self, items: Iterator[Range], sight: Sight, outer: Sight) -> Sight:
        """Walk the items of a FROM clause; give what stands after it sees. Subqueries there see `outer` only."""
        for item, join in items:
            sight = self.source(item, sight, outer)
            if join is not None:
                for child in children(join):
                    if child is not item:
                        self.expression(child, sight)
        return sight

    def source(self, item: Node, sight: Sight, outer: Sight) -> Sight:
        """Walk one item; give what later ones see."""
        if isinstance(item, exp.Table):
            alias = self.table(item, sight, outer)
            sight = replace(sight, ranges=sight.ranges | ({alias} - {""}))
            for child in item.args.get("pivots") or []:
                self.expression(child, sight)
            return self.sources(joined(item), sight, outer)
        if isinstance(item, exp.Subquery) and isinstance(item.this, exp.Table):
            # What stands before the parenthesis may not be in sight inside it: in doubt, a table.
            return sight.beside(self.sources(iter([Range(item.this, None), *joined(item)]), outer, outer))
        self.derived = True
        if isinstance(item, exp.Unnest) and self.implicit:
            self.array(item, sight)
        self.expression(item, sight if isinstance(item, exp.Unnest) else outer)
        return replace(sight, ranges=sight.ranges | ({fold(item.alias)} - {""}))

    def array(self, item: exp.Unnest, sight: Sight) -> None:
        """Look at a path that may be an array of an earlier item; what is not surely one is a table as well."""
        for path in item.expressions:
            if not isinstance(path, exp.Column) or len(path.parts) == 1:
                continue
            head = path.parts[0]
            if head.args.get("quoted") or fold(head.name) not in sight.ranges:
                self.tables.append(Named(kind="table", name=canonical([part.name for part in path.parts]), alias=""))

    def table(self, table: exp.Table, sight: Sight, outer: Sight) -> str:
        """Note one Table node; give the range variable it makes, folded."""
        if isinstance(table.this, exp.Func):
            self.called(table, outer)
            return fold(table.alias)
        parts = identifiers(table)
        alias = fold(table.alias) or ("" if parts[-1].args.get("quoted") else fold(parts[-1].name))
        head = fold(parts[0].name)
        if len(parts) == 1 and head in sight.ctes:
            self.derived = True
            return alias or head
        if len(parts) > 1 and head in sight.ranges and not parts[0].args.get("quoted"):
            self.derived = True  # an array of a row that is in sight
            return alias
        name = path(table)
        kind = "catalog" if VIEWS in f".{name.upper()}" else "table"
        self.tables.append(Named(kind=kind, name=name, alias=alias or fold(parts[-1].name), node=table))
        self.past = self.past or table.args.get("version") is not None
        for extra in ("version", "sample"):
            if isinstance(below := table.args.get(extra), Node):
                self.expression(below, sight)
        return alias

    def called(self, table: exp.Table, sight: Sight) -> None:
        """Note a table function; tables, models and queries in its arguments are read."""
        self.derived = True
        this = table.this
        before = [part for part in (table.args.get("catalog"), table.args.get("db")) if part is not None]
        own = this.name if isinstance(this, exp.Anonymous) else this.sql_name()
        start = (before[0] if before else this).meta.get("start")
        self.functions[".".join([*(part.name for part in before), own])] = start
        for name, value in this.args.items():
            for child in value if isinstance(value, list) else [value]:
                if name == "this" and type(this).__name__ in MODELED and isinstance(child, exp.Table):
                    self.tables.append(Named(kind="model", name=path(child), alias=""))
                elif isinstance(child, Node):
                    self.expression(child, sight)


def path(table: exp.Table) -> str:
    """Give the canonical name of a Table node.

    Raises: Doubted.
    """
    return canonical([part.name for part in identifiers(table)])


def ranges(node: Node) -> Iterator[Range]:
    """Yield the items of a FROM clause in order."""
    clause = node.args.get("from_")
    if clause is not None:
        yield Range(clause.this, None)
    yield from joined(node)


def joined(node: Node) -> Iterator[Range]:
    """Yield what is joined to a node."""
    for join in node.args.get("joins") or []:
        yield Range(join.this, join)


def identifiers(table: exp.Table) -> list[exp.Identifier]:
    """Give the parts of a table's path, outermost first.

    Raises: Doubted.
    """
    tail: list[Node] = []
    this = table.this
    while isinstance(this, exp.Dot):
        tail.insert(0, this.expression)
        this = this.this
    parts = [part for part in (table.args.get("catalog"), table.args.get("db"), this, *tail) if part is not None]
    found = [part for part in parts if isinstance(part, exp.Identifier)]
    if not found or len(found) != len(parts):
        raise unknown("A table's name of this form")
    return found


def canonical(parts: list[str]) -> str:
    """Join a path as written: project.dataset.table, or ….INFORMATION_SCHEMA.VIEW.

    Raises: Doubted for characters that BigQuery gives no table, and for paths of other lengths.
    """
    views = [n for n, part in enumerate(parts) if part.upper().startswith(VIEWS)]
    if views:
        last = parts[-1].split(".")
        fits = views == [len(parts) - 1] and all(OUTER.fullmatch(part) for part in (*parts[:-1], *last))
    else:
        fits = bool(INNER.fullmatch(parts[-1])) and all(OUTER.fullmatch(part) for part in parts[:-1])
    if not fits or len(parts) > PARTS:
        raise unknown("A table's name of this form")
    return ".".join(parts)


def fold(name: str) -> str:
    """Fold a CTE's or range variable's name: they are case-insensitive."""
    return name.casefold()
