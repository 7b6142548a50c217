"""Statements that the server shows no analysed tree of: what each root does to which things, by its own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from core.classify.postgres.nouns import Doubted, Fields, Node
from core.classify.postgres.text.roots import (
    ALTERS,
    CODE,
    CODED,
    CONTROL,
    LASTING,
    LOCKING,
    OBJECTS,
    PARTS,
    TABLE,
)
from core.classify.postgres.text.scope import Found, words
from core.classify.postgres.text.shape import children, grammar, unfold
from core.model import Doubt, Fact, Pair, Thing, Verb

KINDS: Final = ("removeType", "renameType", "objectType", "objtype", "kind")  # fields that say what kind of object
PLURAL: Final = frozenset(
    {"objects", "relations", "rels", "roles", "constraints", "granted_roles", "grantee_roles"}
)  # fields that list things


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Utility:
    """Verbs, things and facts that a statement's own words show."""

    verbs: frozenset[Verb]
    pairs: frozenset[Pair]
    facts: frozenset[Fact]


def utility(root: str, fields: Fields, found: Found) -> Utility:
    """Read a utility statement's own words.

    Raises: Doubted for a root that is in no table.
    """
    if root == "VariableShowStmt":
        return made(Verb.READ, [Thing(kind="setting", name=str(fields.get("name", "")).lower())])
    if root in CONTROL or (root in TABLE and controls(root, fields)):
        return controlled(root, fields)
    if root == "CreateSchemaStmt" and fields.get("schemaElts"):
        raise Doubted(Doubt.UNKNOWN, "Make the schema alone; what stands in it comes as statements of its own.")
    if root not in TABLE or root not in grammar():
        raise Doubted(
            Doubt.UNKNOWN, "Statements of this kind are not read; send a query, a change of rows or a definition.", root
        )
    verb, kind, _ = TABLE[root]
    what = "schema" if fields.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA" else kind_of(fields, kind)
    things = [Thing(kind=what, name=".".join(name)) for name in targets(root, fields)]
    if not things:
        raise Doubted(
            Doubt.UNKNOWN, f"It could not be told what this {title(root)} names; name one thing plainly.", root
        )
    return made(verb, things, facts(root, fields, found))


def made(verb: Verb, things: list[Thing], shown: frozenset[Fact] = frozenset()) -> Utility:
    """Put a reading of words together."""
    pairs = frozenset(Pair(thing=thing, verb=verb) for thing in things)
    return Utility(verbs=frozenset({verb}), pairs=pairs, facts=shown)


def controlled(root: str, fields: Fields) -> Utility:
    """Read what is refused whatever a policy says: the statement, and the things that it names."""
    kind, named = CONTROL[root] if root in CONTROL else TABLE[root][1:]
    if kind == "object":
        kind = next((worded(str(fields[name])) for name in KINDS if name in fields), kind)
    names = [name for field in (*named.split(), "subname") if field in fields for name in spelled(field, fields[field])]
    things = [Thing(kind=kind, name=".".join(name)) for name in names if name and all(name) and "*" not in name]
    lasting = root in LASTING or bool(fields.get("concurrent")) or writes_file(root, fields)
    return made(
        Verb.CONTROL,
        [Thing(kind="statement", name=title(root)), *things],
        frozenset({Fact.NOT_TRANSACTIONAL} if lasting else ()),
    )


def worded(kind: str) -> str:
    """Name a kind of object that only administrators have, as people do."""
    return OBJECTS.get(kind) or kind.removeprefix("OBJECT_").lower().replace("_", " ")


def writes_file(root: str, fields: Fields) -> bool:
    """Whether COPY leaves a file, or runs a program: no rollback takes that back."""
    outwards = "filename" in fields and not fields.get("is_from")
    return root == "CopyStmt" and bool(fields.get("is_program") or outwards)


def controls(root: str, fields: Fields) -> bool:
    """Whether a root that may be asked for has a form that never is."""
    if temporary("SelectStmt" if root == "IntoClause" else root, fields) or (
        root == "CreateSchemaStmt" and "authrole" in fields
    ):
        return True
    if fields.get("concurrent"):
        return root in {"IndexStmt", "DropStmt"}
    match root:
        case "AlterTableStmt":
            return any(
                below.get("subtype", "AT_AddColumn") not in ALTERS or "concurrent" in str(below.get("def", ""))
                for part, _, below in children(root, fields)
                if part == "cmds"
            )
        case "GrantStmt":
            public = any(
                below.get("roletype") == "ROLESPEC_PUBLIC"
                for part, _, below in children(root, fields)
                if part == "grantees"
            )
            return public or fields.get("objtype") not in OBJECTS or fields.get("targtype") == "ACL_TARGET_DEFAULTS"
        case "CreateTableAsStmt":  # of EXECUTE: what it would run stands in the session
            return any(name == "ExecuteStmt" for _, name, _ in children(root, fields))
        case "DropStmt" | "RenameStmt" | "AlterObjectSchemaStmt" | "CommentStmt":
            return kind_of(fields, "") not in set(OBJECTS.values())
        case _:
            return False


def temporary(root: str, fields: Fields) -> bool:
    """Whether a statement makes something for this session only: it would stand before others' names."""
    return any(
        below.get("relpersistence") == "t" or temporary(name, below)
        for _, name, below in children(root, fields)
        if name in {"RangeVar", "IntoClause"}
    )


def kind_of(fields: Fields, kind: str) -> str:
    """Name the kind of object of a statement that says it in a field."""
    for field in KINDS:
        named = fields.get(field)
        if isinstance(named, str) and kind in {"object", ""}:
            return OBJECTS.get(named, "")
    return kind


def facts(root: str, fields: Fields, found: Found) -> frozenset[Fact]:
    """Tell what the words show besides things."""
    shown: set[Fact] = set()
    if root in LOCKING:
        shown.add(Fact.LOCKS_TABLE)
    if root == "TruncateStmt":
        shown |= {Fact.NO_WHERE, Fact.UNCOUNTED}
    if root in CODE or kind_of(fields, "object") in CODED or "CreateFunctionStmt" in found.nodes:
        shown.add(Fact.REPLACES_CODE)
    return frozenset(shown)


def targets(root: str, fields: Fields) -> list[tuple[str, ...]]:
    """Give the name parts of each thing that a statement acts on."""
    known = grammar()[root if root != "IntoClause" else "SelectStmt"]
    named: list[tuple[str, ...]] = []
    for field in TABLE[root][2].split():
        if field in known and field in fields:
            named += spelled(field, fields[field])
    if root == "CreateSchemaStmt" and not fields.get("schemaname"):
        return []
    if root == "RenameStmt" and named_apart(fields):
        named = [(*name, str(fields.get("subname", ""))) for name in named] or [(str(fields.get("subname", "")),)]
    return [name for name in named if name and all(name)]


def named_apart(fields: Fields) -> bool:
    """Whether RENAME names its thing in a field of its own: a schema, or what stands on a table."""
    kind = kind_of(fields, "object")
    return kind in PARTS or kind == "schema"


def spelled(field: str, value: Node) -> list[tuple[str, ...]]:
    """Read a field's names: of each thing of a list, or of the one thing that it names."""
    if field in PLURAL:
        return [parts(item) for item in value] if isinstance(value, list) else []
    return [parts(value)]


def parts(value: Node) -> tuple[str, ...]:
    """Read a name wherever the grammar puts it: a string, a list of strings, or a node that holds either."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return words(value)
    if not isinstance(value, Mapping):
        return ()
    for field in ("relname", "sval", "rolename", "priv_name", "name"):
        if field in value:
            return tuple(str(value[part]) for part in ("schemaname", field) if part in value)
    for field in ("rel", "relation", "objname", "names", "items", "funcname"):
        if field in value:
            return parts(value[field])
    node = unfold("Node", value) if len(value) == 1 else None
    return parts(node[1]) if node is not None else ()


def title(root: str) -> str:
    """Name a root for people: its node name without the grammar's suffix."""
    return root.removesuffix("Stmt")
