"""Which stored relations a text names: the server's own walk of the tree, and their places in DuckDB.

https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical#table_names
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, final

from sqlglot import exp

from demo.bigquery.faults import Wrong

BOUND: Final = "bound"  # mark of a table that the walk passes over
CATALOG: Final = "INFORMATION_SCHEMA"
PARTS: Final = 3
INVALID: Final = "invalidQuery"


@final
@dataclass(slots=True)
class Names:
    """The relations of one text."""

    project: str
    default: str  # a dataset, "" for none
    known: Callable[[str], bool]
    found: dict[str, None] = field(default_factory=dict)  # canonical names, in order

    def bind(self, root: exp.Expr) -> None:
        """Point every table of a tree at its place in DuckDB; note which relations they are.

        Raises: Wrong.
        """
        for table in [*root.find_all(exp.Table)]:
            if table.meta.get(BOUND):
                continue
            if isinstance(table.this, exp.Func):
                raise Wrong("notImplemented", "Table functions are not available here.")
            names = [part.name for part in table.parts]
            if len(names) == 1 and names[0].casefold() in ctes(table):
                continue
            if len(names) > 1 and names[0].casefold() in ranges(table):
                unnest(table)
                continue
            canonical = self.canonical(names)
            self.found[canonical] = None
            place(table, canonical)

    def canonical(self, names: list[str]) -> str:
        """Give `project.dataset.table`.

        Raises: Wrong.
        """
        if len(names) == 1 and self.default:
            names = [self.default, *names]
        if len(names) == PARTS - 1:
            names = [self.project, *names]
        if len(names) != PARTS:
            raise Wrong("invalid", f"Table {'.'.join(names)!r} must be qualified with a dataset (e.g. dataset.table).")
        canonical = ".".join(names)
        if not self.known(canonical):
            raise Wrong("notFound", f"Not found: Table {names[0]}:{names[1]}.{names[2]} was not found in location EU")
        return canonical


def place(table: exp.Table, canonical: str) -> None:
    """Write a relation as DuckDB knows it; what it was called stays its alias."""
    project, dataset, name = canonical.split(".", 2)
    called = table.alias or name
    table.set("catalog", None)
    table.set("db", exp.to_identifier(f"{project}:{dataset}", quoted=True))
    table.set("this", exp.to_identifier(name, quoted=True))
    if not table.args.get("alias") and readable(table):
        table.set("alias", exp.TableAlias(this=exp.to_identifier(called, quoted=True)))


def readable(table: exp.Table) -> bool:
    """Whether it stands where an alias may: not as the target of a statement."""
    return isinstance(table.parent, exp.From | exp.Join) or (
        isinstance(table.parent, exp.Merge | exp.Update) and table.arg_key in {"this", "using"}
    )


def unnest(table: exp.Table) -> None:
    """Rewrite a path over a range variable, `FROM t AS o, o.items AS i`, as what it means."""
    parts = [part.copy() for part in table.parts]
    path: exp.Expr = exp.Column(this=parts[1], table=parts[0])
    for part in parts[2:]:
        path = exp.Dot(this=path, expression=part)
    alias = table.args.get("alias")
    held = alias.this if isinstance(alias, exp.TableAlias) else parts[-1]
    made = exp.Unnest(expressions=[path], alias=exp.TableAlias(columns=[held.copy()]))
    table.replace(made)


def ctes(node: exp.Expr) -> set[str]:
    """Names of the common table expressions that a node sees: those of enclosing WITHs, before its own."""
    return set(_ctes(node))


def _ctes(node: exp.Expr) -> Iterator[str]:
    within: exp.Expr = node
    while within.parent is not None:
        above = within.parent
        if isinstance(above, exp.With):
            every = [one.alias.casefold() for one in above.expressions]
            yield from every if above.recursive else every[: above.expressions.index(within)]
        held = above.args.get("with_")
        if isinstance(held, exp.With) and held is not within:
            yield from (one.alias.casefold() for one in held.expressions)
        within = above


def ranges(node: exp.Expr) -> set[str]:
    """Range variables that a FROM clause's item may begin with: items before it, and those of enclosing queries."""
    found: set[str] = set()
    within: exp.Expr = node
    while within.parent is not None:
        above = within.parent
        if isinstance(above, exp.Select):
            items = [above.args.get("from_"), *above.args.get("joins", [])]
            for item in items:
                if item is within:
                    break
                if item is not None:
                    found.add(str(item.this.alias_or_name).casefold())
        within = above
    return found - {""}
