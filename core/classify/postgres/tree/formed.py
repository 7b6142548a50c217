"""Rights that the parts of a definition need: the types and schemas it names, a function's language and settings.

PostgreSQL docs: CREATE FUNCTION, CREATE TABLE, CREATE DOMAIN ("you must have USAGE privilege"); 5.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from core.catalog import Oid, Relation, Snapshot
from core.classify.postgres.nouns import Fields, Need, Parsed, Right
from core.classify.postgres.text.scope import words
from core.classify.postgres.text.shape import children, walk
from core.classify.postgres.tree.census import FIRST_OWN
from core.classify.postgres.tree.routines import meant, replaced, type_oid

# Where a type that is stored, taken or given back is named; casts within expressions ask for no right.
TYPED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ColumnDef": "typeName", "FunctionParameter": "argType", "CreateFunctionStmt": "returnType",
        "CreateDomainStmt": "typeName",
    }
)  # fmt: skip
ABOUT: Final = frozenset({"AlterFunctionStmt", "RenameStmt", "AlterObjectSchemaStmt", "CommentStmt"})
CODE: Final = frozenset({"CreateFunctionStmt", "AlterFunctionStmt"})
SQL: Final = "sql"  # of a body that is written out, where no language is


def formed(parsed: Parsed, snapshot: Snapshot) -> Iterator[Need]:
    """Give what the parts of a definition need."""
    for root, fields, _, below in walk(parsed.root, parsed.tree):
        for part, _, held in below if root in TYPED else ():
            if part == TYPED[root]:
                yield from written(held, snapshot)
        if root == "ObjectWithArgs" and parsed.root in ABOUT and (routine := meant(fields, snapshot)) is not None:
            what = f"change the function {routine.identity}, which it does not own"
            yield Need(right=Right.ROUTINE_OWNER, on=routine.oid, what=what)
    if parsed.root in CODE:
        yield from coded(parsed)
    old = replaced(parsed, snapshot) if parsed.root == "CreateFunctionStmt" else None
    if old is not None:
        what = f"replace the function {old.identity}, which it does not own"
        yield Need(right=Right.ROUTINE_OWNER, on=old.oid, what=what)


def written(fields: Fields, snapshot: Snapshot) -> Iterator[Need]:
    """Ask for a type that is named."""
    oid = type_oid(fields, snapshot)
    if oid is not None:
        yield from used((oid,), snapshot)
        if len(words(fields.get("names"))) > 1:
            yield entered(snapshot.types[oid].schema)


def used(types: Iterable[Oid], snapshot: Snapshot) -> Iterator[Need]:
    """Ask for USAGE of types; the server's own are for everybody."""
    for oid in types:
        if oid >= FIRST_OWN and oid in snapshot.types:
            yield Need(right=Right.TYPE, on=oid, privilege="USAGE", what=f"use the type {snapshot.types[oid].label}")


def taken(relation: Relation, snapshot: Snapshot) -> Iterator[Need]:
    """Ask for the types of the columns that a new table takes over."""
    return used(sorted({each.type for each in relation.attributes.values()}), snapshot)


def entered(schema: str) -> Need:
    """Ask to name things in a schema."""
    return Need(right=Right.SCHEMA, on=schema, privilege="USAGE", what=f"name anything in the schema {schema}")


def coded(parsed: Parsed) -> Iterator[Need]:
    """Ask for a language, for settings, and for what only superusers say of a function."""
    options: dict[str, Fields] = {}
    for part, _, fields in children(parsed.root, parsed.tree):
        if part not in {"options", "actions"}:
            continue
        word = str(fields.get("defname", ""))
        options[word] = fields
        for _, root, held in children("DefElem", fields):
            if root == "VariableSetStmt" and held.get("name"):
                name = str(held["name"])
                yield Need(right=Right.SETTING, on=name.lower(), what=f"set {name} for a function")
            if root == "Boolean" and word == "leakproof" and held.get("boolval"):
                yield Need(right=Right.SUPERUSER, on="", what="declare a function LEAKPROOF")
    if "support" in options:
        yield Need(right=Right.SUPERUSER, on="", what="name a support function")
    if parsed.root == "CreateFunctionStmt":
        named = [held for _, root, held in children("DefElem", options.get("language", {})) if root == "String"]
        language = str(named[0].get("sval", SQL)) if named else SQL
        yield Need(right=Right.LANGUAGE, on=language, what=f"write functions in the language {language}")
