"""What a text would do, told without running it: kind, relations, columns of its result, bytes; and DuckDB's text.

https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, final

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.tokenizer_core import TokenType

from demo.bigquery import catalogue
from demo.bigquery.faults import Wrong
from demo.bigquery.names import BOUND, CATALOG, INVALID, Names, place
from demo.bigquery.types import Field, field, quoted
from demo.bigquery.values import Parameter, bound
from demo.bigquery.world import Relation, World, coded

KINDS: Final[Mapping[type[exp.Expr], str]] = {
    exp.Query: "SELECT",
    exp.Insert: "INSERT",
    exp.Update: "UPDATE",
    exp.Delete: "DELETE",
    exp.Merge: "MERGE",
    exp.TruncateTable: "TRUNCATE_TABLE",
}
DML: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE_TABLE"})
LISTED: Final = 50  # referenced tables are cut after so many
WIDTHS: Final = {"BOOLEAN": 1, "BOOL": 1, "NUMERIC": 16, "BIGNUMERIC": 32}
MIB: Final = 1 << 20
LEAST: Final = 10 * MIB
PRECISE, UPPER, LOWER = "PRECISE", "UPPER_BOUND", "LOWER_BOUND"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One statement, understood."""

    kind: str
    text: str = ""  # for DuckDB
    tables: tuple[str, ...] = ()  # canonical, views and what is below them
    target: str = ""
    query: str = ""  # of a view that is made
    made: tuple[Field, ...] = ()  # columns of a table that is made without a query
    fields: tuple[Field, ...] | None = None  # of the result; None: there is none
    bytes: int = 0
    accuracy: str = PRECISE
    undeclared: tuple[str, ...] = ()
    exists: bool = False  # IF [NOT] EXISTS
    routines: tuple[str, ...] = ()

    @property
    def billed(self) -> int:
        """Bytes as they are billed: whole MiB, at least ten."""
        return max(LEAST, -(-self.bytes // MIB) * MIB) if self.bytes else 0

    @property
    def statistics(self) -> dict[str, Any]:
        """What a dry run says (JobStatistics2)."""
        said: dict[str, Any] = {
            "statementType": self.kind,
            "totalBytesProcessed": str(self.bytes),
            "totalBytesProcessedAccuracy": self.accuracy,
            "referencedTables": [reference(name) for name in self.tables[:LISTED]],
        }
        if self.fields is not None:
            said["schema"] = {"fields": list(self.fields)}
        if self.routines:
            keys = ("projectId", "datasetId", "routineId")
            said["referencedRoutines"] = [dict(zip(keys, one.split("."), strict=True)) for one in self.routines]
        if self.undeclared:
            said["undeclaredQueryParameters"] = [{"name": name} for name in self.undeclared]
        if self.kind.startswith(("CREATE", "DROP", "ALTER")):
            said["ddlTargetTable"] = reference(self.target)
            said["ddlOperationPerformed"] = self.kind.split("_", 1)[0]
        return said


def reference(name: str) -> dict[str, str]:
    """Write a canonical name as a TableReference."""
    project, dataset, table = name.split(".", 2)
    return {"projectId": project, "datasetId": dataset, "tableId": table}


def analyse(world: World, text: str, parameters: Mapping[str, Parameter], default: str, who: str) -> Plan:
    """Understand a statement as somebody who may see some datasets.

    Raises: Wrong.
    """
    root = parsed(text)
    if root is None:
        return Plan(kind="SCRIPT", accuracy=LOWER)
    names = Names(project=world.project, default=default, known=world.known)
    target, making = targeted(root, names)
    query = body(text) if isinstance(root, exp.Create) and root.expression else ""
    root, routines = coding(world, root)
    for one in [*root.find_all(exp.JSONType)]:
        one.replace(exp.Lower(this=one.copy()))  # DuckDB's names of JSON's types are in upper case
    names.bind(root)
    reads = tuple(spread(world, names.found))
    tables = tuple(dict.fromkeys(name for name, _ in reads))
    for name, view in (*reads, *([(target, "")] if target else [])):
        if not world.allowed(who, name) and not (view and world.through(view, name)):
            raise Wrong("accessDenied", f"Access Denied: Table {name}: User does not have permission to query it")
    if kind(root) != "SELECT" and who in world.viewers:
        raise Wrong("accessDenied", f"Access Denied: Table {target}: User does not have permission to change it")
    undeclared = bound(root, parameters)
    size, accuracy = weight(world, root, tables)
    catalogue.fill(world, root, who)
    return Plan(
        kind=kind(root),
        text=root.sql("duckdb"),
        tables=tables,
        target=target,
        query=query,
        made=making,
        fields=result(world, root),
        bytes=size,
        accuracy=accuracy,
        undeclared=undeclared,
        routines=routines,
        exists=bool(root.args.get("exists")),
    )


def coding(world: World, root: exp.Expr) -> tuple[exp.Expr, tuple[str, ...]]:
    """Have calls of routines be calls of what stands for them; give the tree and which they are."""
    found: dict[str, None] = {}
    for call in [*root.find_all(exp.Anonymous)]:
        outer: exp.Expr = call
        while isinstance(outer.parent, exp.Dot) and outer.arg_key == "expression":
            outer = outer.parent
        before = outer.this.sql("bigquery").replace("`", "") if isinstance(outer, exp.Dot) else ""
        name = f"{before}.{call.name}".lstrip(".")
        canonical = name if name.count(".") > 1 else f"{world.project}.{name}"
        if canonical in world.routines:
            found[canonical] = None
            outer.replace(exp.Anonymous(this=coded(canonical), expressions=[one.copy() for one in call.expressions]))
    return root, tuple(found)


def body(text: str) -> str:
    """Give the query of a definition as it was written: behind the first AS that stands in no parenthesis."""
    depth = 0
    for token in sqlglot.tokenize(text, read="bigquery"):
        depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
        if token.token_type is TokenType.ALIAS and depth == 0:
            return text[token.end + 1 :].strip().rstrip(";")
    return ""


def parsed(text: str) -> exp.Expr | None:
    """Parse one statement; None for a script.

    Raises: Wrong.
    """
    try:
        found = [one for one in sqlglot.parse(text, read="bigquery") if one and not isinstance(one, exp.Semicolon)]
    except (SqlglotError, RecursionError):
        raise Wrong(INVALID, "Syntax error: Unexpected input at [1:1]", "query") from None
    if not found:
        raise Wrong(INVALID, "Syntax error: Unexpected end of statement at [1:1]", "query")
    return None if len(found) > 1 else found[0]


def kind(root: exp.Expr) -> str:
    """Tell the statementType.

    Raises: Wrong for what this server does not do.
    """
    for kinds, name in KINDS.items():
        if isinstance(root, kinds):
            return name
    what = "MATERIALIZED_VIEW" if root.find(exp.MaterializedProperty) else str(root.args.get("kind", "")).upper()
    if what in {"TABLE", "VIEW", "MATERIALIZED_VIEW"}:
        match root:
            case exp.Create():
                return f"CREATE_{what}_AS_SELECT" if what == "TABLE" and root.expression else f"CREATE_{what}"
            case exp.Drop():
                return f"DROP_{what}"
            case exp.Alter():
                return f"ALTER_{what}"
            case _:
                pass
    raise Wrong("notImplemented", "This kind of statement is not available here.")


def targeted(root: exp.Expr, names: Names) -> tuple[str, tuple[Field, ...]]:
    """Bind what DDL makes, drops or alters, which need not be there; give its name, and columns that it declares.

    Raises: Wrong.
    """
    if not isinstance(root, exp.Create | exp.Drop | exp.Alter):
        return "", ()
    node = root.args["tables"][0] if isinstance(root, exp.Drop) else root.this
    schema = node if isinstance(node, exp.Schema) else None
    table = node.this if schema else node
    if not isinstance(table, exp.Table):
        raise Wrong("notImplemented", "This target is not available here.")
    anew = Names(project=names.project, default=names.default, known=lambda _: True)
    canonical = anew.canonical([part.name for part in table.parts])
    missing = not names.known(canonical) and not isinstance(root, exp.Create) and not root.args.get("exists")
    if missing:
        names.canonical(canonical.split("."))
    place(table, canonical)
    table.meta[BOUND] = True
    return canonical, tuple(declared(one) for one in schema.expressions) if schema else ()


def declared(column: exp.Expr) -> Field:
    """Describe a column of CREATE TABLE.

    Raises: Wrong.
    """
    wanted = column.args.get("kind")
    if not isinstance(column, exp.ColumnDef) or not isinstance(wanted, exp.DataType):
        raise Wrong("notImplemented", "This column is not available here.")
    return typed(column.name, wanted)


def typed(name: str, wanted: exp.DataType) -> Field:
    """Describe a field of a declared type."""
    if wanted.this is exp.DataType.Type.ARRAY:
        return {**typed(name, wanted.expressions[0]), "mode": "REPEATED"}
    if wanted.this is exp.DataType.Type.STRUCT:
        inner = [typed(one.name, one.args["kind"]) for one in wanted.expressions]
        return {"name": name, "type": "RECORD", "mode": "NULLABLE", "fields": inner}
    return {"name": name, "type": wanted.sql("bigquery").split("(")[0].upper(), "mode": "NULLABLE"}


def spread(world: World, names: Iterable[str], view: str = "") -> Iterable[tuple[str, str]]:
    """Yield relations and all that is below views, each with the view that reads it; of a wildcard the members."""
    for name in names:
        if name.endswith("*"):
            yield from ((one.name, view) for one in world.members(name))
        elif CATALOG not in name.upper():
            yield name, view
            query = world.relations[name].query
            if query:
                below = Names(project=name.split(".")[0], default=name.split(".")[1], known=world.known)
                below.bind(sqlglot.parse_one(query, read="bigquery"))
                yield from spread(world, below.found, name)


def result(world: World, root: exp.Expr) -> tuple[Field, ...] | None:
    """Describe the columns of a query.

    Raises: Wrong.
    """
    if not isinstance(root, exp.Query):
        return None
    try:
        found = world.cursor().sql(root.sql("duckdb"))
    except duckdb.Error as error:
        raise Wrong(INVALID, f"{error} at [1:8]", "query") from None
    return tuple(field(name, kind) for name, kind in zip(found.columns, found.types, strict=True))


def weight(world: World, root: exp.Expr, tables: tuple[str, ...]) -> tuple[int, str]:
    """Tell how many bytes a statement reads: whole columns of those that it uses, or all where that is not known."""
    stored = [world.relations[name] for name in tables if not world.relations[name].query]
    used, accuracy = columns(root, stored)
    return sum(size(world, one, used) for one in stored), accuracy


def columns(root: exp.Expr, stored: list[Relation]) -> tuple[set[tuple[str, str]] | None, str]:
    """Tell which columns of stored tables are used, as (table's name, column); None: all."""
    if not isinstance(root, exp.Query) or whole(root):
        return None, UPPER
    shape: dict[str, Any] = {}
    for one in stored:
        project, dataset, name = one.parts
        held = {str(column["name"]): "STRING" for column in one.fields}
        shape.setdefault(f"{project}:{dataset}", {})[name] = held
    try:
        plain = qualify(root.copy(), schema=shape, dialect="bigquery", validate_qualify_columns=True)
        found = {
            (f"{source.db.replace(':', '.')}.{source.name}", column.name.casefold())
            for scope in traverse_scope(plain)
            for column in scope.columns
            if isinstance(source := scope.sources.get(column.table), exp.Table)
        }
    except (SqlglotError, RecursionError, AttributeError, KeyError):
        return None, UPPER
    return found, PRECISE


def whole(root: exp.Expr) -> bool:
    """Whether a range variable stands as a value somewhere, or a wildcard's tables are read: then all columns are."""
    tables = [*root.find_all(exp.Table)]
    called = {table.alias_or_name.casefold() for table in tables}
    alone = {column.name.casefold() for column in root.find_all(exp.Column) if not column.table}
    return bool(called & alone) or any(table.name.endswith("*") for table in tables)


def size(world: World, one: Relation, used: set[tuple[str, str]] | None) -> int:
    """Tell the bytes of the columns of a table that are used."""
    parts = [
        f"coalesce(sum({width(column)}), 0)"
        for column in one.fields
        if used is None or (one.name, str(column["name"]).casefold()) in used
    ]
    if not parts:
        return 0
    found = world.cursor().execute(f"SELECT CAST({' + '.join(parts)} AS BIGINT) FROM {one.place}").fetchone()
    return int(found[0] if found else 0) * world.scale.get(one.name, 1)


def width(column: Field) -> str:
    """Write the bytes of a cell as an expression: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes."""
    name = quoted(str(column["name"]))
    kind = str(column["type"])
    if column.get("mode") == "REPEATED" or kind in {"RECORD", "STRING", "BYTES", "JSON", "GEOGRAPHY"}:
        return f"CASE WHEN {name} IS NULL THEN 0 ELSE 2 + strlen(CAST({name} AS VARCHAR)) END"
    return f"CASE WHEN {name} IS NULL THEN 0 ELSE {WIDTHS.get(kind, 8)} END"
