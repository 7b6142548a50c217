"""What a definition acts on and what else it names, resolved over the Snapshot: there, closed, or absent."""

from __future__ import annotations

from typing import Final

from core.catalog import Protection, Relation, Snapshot, Type
from core.classify.postgres.nouns import Doubted, Parsed
from core.classify.postgres.text.roots import PARTS
from core.classify.postgres.text.shape import children
from core.classify.postgres.text.utility import targets
from core.classify.postgres.tree import methods
from core.classify.postgres.tree.agree import system
from core.classify.postgres.tree.routines import first
from core.model import Doubt, Thing

MAKES: Final = frozenset(
    {"CreateStmt", "CreateTableAsStmt", "SelectStmt", "ViewStmt", "CreateSeqStmt", "CompositeTypeStmt"}
)
RELATIONS: Final = frozenset({"table", "view", "index", "sequence", "object"})
LOOKING: Final = frozenset("CVO")  # ALTER DOMAIN: add a constraint, validate one, SET NOT NULL (parsenodes.h)
STORED: Final = frozenset("rpm")
INNER: Final = frozenset({"OBJECT_COLUMN", "OBJECT_TABCONSTRAINT"})


def aims(parsed: Parsed, snapshot: Snapshot, protection: Protection) -> tuple[list[Thing], list[Relation]]:
    """Resolve what a statement acts on: things, and those of them that are relations already.

    Raises: Doubted for one that is not there, and for the server's own.
    """
    kind = next(iter(pair.thing.kind for pair in parsed.pairs), "")
    things, acted = [], []
    for parts in aimed_names(parsed):
        whole = parts[:-1] if kind in PARTS or inner(parsed) else parts
        if kind not in RELATIONS | PARTS:
            ours(parts, kind, snapshot)
            things.append(Thing(kind=kind, name=".".join(parts)))
            continue
        if kind == "index":
            things.append(Thing(kind=kind, name=place(parts, snapshot)))
            whole = indexed(parts, snapshot)
            if not whole:
                continue
        relation = snapshot.find(whole[0] if len(whole) > 1 else None, whole[-1]) if whole else None
        if relation is None:
            things.append(absent(parsed, kind, whole, snapshot))
            continue
        things.append(named(open_to(relation, ".".join(whole), snapshot, protection)))
        acted.append(relation)
    return things, acted


def open_to(relation: Relation, written: str, snapshot: Snapshot, protection: Protection) -> Relation:
    """Give a relation that statements may define anew.

    Raises: Doubted for the server's and our own, and for one that is closed.
    """
    if system(relation) or relation.schema in snapshot.owned_schemas:
        raise Doubted(Doubt.CATALOG, f"{written} is not changed by statements; leave it out.")
    if relation.oid in protection.closed:
        raise Doubted(Doubt.CLOSED, protection.closed[relation.oid])  # a second rename would unmask a column
    return relation


def ours(parts: tuple[str, ...], kind: str, snapshot: Snapshot) -> None:
    """Refuse what lies in the server's schemas or in those of the masks.

    Raises: Doubted.
    """
    schema = parts[0] if kind == "schema" or len(parts) > 1 else ""
    if schema in snapshot.owned_schemas or schema.startswith("pg_") or schema == "information_schema":
        raise Doubted(Doubt.CATALOG, f"{'.'.join(parts)} is not changed by statements; leave it out.")


def indexed(parts: tuple[str, ...], snapshot: Snapshot) -> tuple[str, ...]:
    """Name the table that an index stands on, as schema and name; (): there is no such index."""
    for schema in parts[:-1] or snapshot.search_path:
        for relation in snapshot.relations.values():
            if relation.schema == schema and any(index.name == parts[-1] for index in relation.indexes):
                return relation.schema, relation.name
    return ()


def inner(parsed: Parsed) -> bool:
    """Whether a name ends with a part of a relation: a column or a constraint."""
    return parsed.root == "CommentStmt" and parsed.tree.get("objtype") in INNER


def absent(parsed: Parsed, kind: str, parts: tuple[str, ...], snapshot: Snapshot) -> Thing:
    """Name what does not exist yet, in the schema where it would be made, or what IF EXISTS passes over.

    Raises: Doubted when it should exist.
    """
    if parsed.root not in MAKES and not parsed.tree.get("missing_ok"):
        raise Doubted(
            Doubt.MISSING, f"There is no {'.'.join(parts)} here, or it is not for this role; ask search_schema."
        )
    return Thing(kind=kind, name=place(parts, snapshot))


def place(parts: tuple[str, ...], snapshot: Snapshot) -> str:
    """Write a name with the schema where it would be made."""
    if len(parts) > 1:
        return ".".join(parts)
    return f"{first(snapshot)}.{parts[-1]}"


def sources(parsed: Parsed, snapshot: Snapshot, protection: Protection, acted: list[Relation]) -> list[Relation]:
    """Resolve the other relations that a statement names: those of its query, of LIKE, INHERITS, foreign keys.

    Raises: Doubted.
    """
    found = {}
    aimed = {(parts[0] if len(parts) > 1 else None, parts[-1]) for parts in aimed_names(parsed)}
    for name in parsed.names:
        relation = snapshot.find(name.schema, name.name)
        if relation is None and ((name.schema, name.name) in aimed or parsed.tree.get("missing_ok")):
            continue
        if relation is None:
            raise Doubted(
                Doubt.MISSING,
                f"There is no table or view {name.name} here, or it is not for this role; ask search_schema.",
            )
        if relation.oid in protection.closed:
            raise Doubted(Doubt.CLOSED, protection.closed[relation.oid])
        if system(relation) or relation.schema in snapshot.owned_schemas:
            raise Doubted(Doubt.CATALOG, f"{name.name} is not named in definitions; leave it out.")
        found[relation.oid] = relation
    return [relation for relation in found.values() if relation not in acted]


def holders(parsed: Parsed, snapshot: Snapshot) -> list[Relation]:
    """Give the relations whose rows a new constraint of a domain is held against: those that have it anywhere in them.

    PostgreSQL docs, ALTER DOMAIN: ADD, VALIDATE CONSTRAINT and SET NOT NULL look at every stored value.
    """
    if parsed.root != "AlterDomainStmt" or parsed.tree.get("subtype") not in LOOKING:
        return []
    if any(below.get("skip_validation") for part, _, below in children(parsed.root, parsed.tree) if part == "def"):
        return []  # NOT VALID
    name = next(iter(aimed_names(parsed)), ())
    domains = {each.oid for each in snapshot.types.values() if name and named_so(each, name)}
    return [
        relation
        for relation in snapshot.relations.values()
        if any(methods.parts((each.type,), snapshot) & domains for each in relation.attributes.values())
        and relation.kind in STORED
    ]


def named_so(type_: Type, name: tuple[str, ...]) -> bool:
    """Whether a name may mean a type; without a schema, in any."""
    return type_.name == name[-1] and (len(name) == 1 or type_.schema == name[-2])


def aimed_names(parsed: Parsed) -> list[tuple[str, ...]]:
    """Give the names of what a statement acts on."""
    return targets("IntoClause" if parsed.root == "SelectStmt" else parsed.root, parsed.tree)


def named(relation: Relation) -> Thing:
    """Name a relation as a policy does."""
    kinds = {"v": "view", "m": "view", "S": "sequence", "i": "index", "I": "index", "c": "type"}
    return Thing(kind=kinds.get(relation.kind, "table"), name=relation.qualified)
