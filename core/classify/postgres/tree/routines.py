"""Functions and types by the names a definition writes, resolved over the Snapshot as the server would.

PostgreSQL docs 10.3 and 5.10.3; src/backend/parser/parse_func.c, LookupFuncWithArgs; parse_type.c, LookupTypeName.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from core.catalog import Oid, Routine, Snapshot, Type
from core.classify.postgres.nouns import Fields, Parsed
from core.classify.postgres.text.scope import words
from core.classify.postgres.text.shape import children

RESULTS: Final = frozenset({"FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"})  # no part of which function it is
ARRAY: Final = "A"  # typcategory


def of_name(name: tuple[str, ...], snapshot: Snapshot) -> list[Routine]:
    """Find the routines of a name."""
    schemas = name[:-1] or snapshot.search_path
    return [each for each in snapshot.routines.values() if each.name == name[-1] and each.schema in schemas]


def meant(fields: Fields, snapshot: Snapshot) -> Routine | None:
    """Give the routine that a name with argument types, or a name alone, stands for; None: none, or not plainly one."""
    named = of_name(words(fields.get("objname")), snapshot)
    if fields.get("args_unspecified"):
        return named[0] if len(named) == 1 else None
    listed = [below for part, _, below in children("ObjectWithArgs", fields) if part == "objargs"]
    found = exactly(listed, named, snapshot)
    if found is not None:
        return found
    full = [below for part, _, below in children("ObjectWithArgs", fields) if part == "objfuncargs"]
    return exactly(typed(full), named, snapshot)  # of a procedure: its OUT arguments may be written as well


def replaced(parsed: Parsed, snapshot: Snapshot) -> Routine | None:
    """Give the routine that CREATE OR REPLACE would replace."""
    name = words(parsed.tree.get("funcname"))
    if not parsed.tree.get("replace") or not name:
        return None
    schema = name[-2] if len(name) > 1 else first(snapshot)
    below = [fields for part, _, fields in children(parsed.root, parsed.tree) if part == "parameters"]
    return exactly(typed(below), of_name((schema, name[-1]), snapshot), snapshot)


def exactly(written: Iterable[Fields], named: Iterable[Routine], snapshot: Snapshot) -> Routine | None:
    """Choose by argument types; the first schema of the path that has one comes first."""
    types = tuple(type_oid(fields, snapshot) for fields in written)
    found = [each for each in named if each.types[:-1] == types]
    path = snapshot.search_path
    return min(found, key=lambda each: path.index(each.schema) if each.schema in path else len(path), default=None)


def typed(parameters: Iterable[Fields]) -> Iterator[Fields]:
    """Give the types of the parameters that say which function it is."""
    for each in parameters:
        held = [below for part, _, below in children("FunctionParameter", each) if part == "argType"]
        if each.get("mode") not in RESULTS:
            yield from held


def type_oid(fields: Fields, snapshot: Snapshot) -> Oid | None:
    """Resolve a type's name, or the type of a column; None: not known."""
    name = words(fields.get("names"))
    if fields.get("pct_type"):
        *table, own = name
        relation = snapshot.find(table[0] if table[1:] else None, table[-1]) if table else None
        column = relation.column.get(own) if relation is not None else None
        return None if column is None else column.type
    found = type_of(name, snapshot)
    if found is None or "arrayBounds" not in fields:
        return None if found is None else found.oid
    arrays = (each.oid for each in snapshot.types.values() if (each.element, each.category) == (found.oid, ARRAY))
    return next(arrays, None)


def type_of(name: tuple[str, ...], snapshot: Snapshot) -> Type | None:
    """Find a type by its name, along the path where it has no schema."""
    named = {each.schema: each for each in snapshot.types.values() if name and each.name == name[-1]}
    return next((named[schema] for schema in name[-2:-1] or snapshot.search_path if schema in named), None)


def first(snapshot: Snapshot) -> str:
    """Name the schema where a bare name is made."""
    return next((name for name in snapshot.search_path if name != "pg_catalog"), "public")
