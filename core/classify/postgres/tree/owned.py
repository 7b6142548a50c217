"""Rights that a definition needs of the role it runs as: who owns what it changes, where it may make something new.

PostgreSQL docs: the page of each command says "you must own", "you must have … privilege"; of TRUNCATE and its children
src/backend/commands/tablecmds.c, ExecuteTruncate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from core.catalog import Relation, Snapshot
from core.classify.postgres.nouns import Fallen, Fields, Need, Parsed, Right
from core.classify.postgres.text.scope import words
from core.classify.postgres.text.shape import children
from core.classify.postgres.text.utility import kind_of, parts
from core.classify.postgres.tree.aims import aimed_names, named_so
from core.classify.postgres.tree.formed import entered, formed, taken
from core.classify.postgres.tree.handed import handed
from core.classify.postgres.tree.routines import first

MAINTAIN: Final = 17  # from this major version on a right by itself, beside owning
OWNED: Final = frozenset(
    {
        "AlterTableStmt", "IndexStmt", "RuleStmt", "CreatePolicyStmt", "AlterPolicyStmt", "AlterSeqStmt", "CommentStmt",
        "RenameStmt", "AlterObjectSchemaStmt", "ViewStmt", "RefreshMatViewStmt", "AlterStatsStmt",
    }
)  # fmt: skip
MADE: Final = frozenset(
    {
        "CreateStmt", "CreateTableAsStmt", "SelectStmt", "ViewStmt", "CreateSeqStmt", "CompositeTypeStmt",
        "CreateDomainStmt", "CreateEnumStmt", "CreateRangeStmt", "CreateStatsStmt", "CreateFunctionStmt",
    }
)  # fmt: skip
TYPES: Final = frozenset({"AlterDomainStmt", "AlterEnumStmt"})
RIGHTS: Final[Mapping[str, str]] = MappingProxyType({"TruncateStmt": "TRUNCATE", "CreateTrigStmt": "TRIGGER"})
RENAMED: Final = frozenset({"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_INDEX", "OBJECT_SEQUENCE"})
# Where a definition names a relation that it must own besides: a parent, a partition, the table of statistics.
HEIRS: Final = frozenset({"inhRelations", "def", "name", "relations"})
NAMING: Final = frozenset({"CreateStmt", "AlterTableStmt", "CreateStatsStmt"})
OWNERS: Final[Mapping[str, Right]] = MappingProxyType(
    {
        "function": Right.ROUTINE_OWNER, "procedure": Right.ROUTINE_OWNER, "aggregate": Right.ROUTINE_OWNER,
        "type": Right.TYPE_OWNER, "domain": Right.TYPE_OWNER, "statistics object": Right.STATISTICS_OWNER,
        "schema": Right.SCHEMA_OWNER,
    }
)  # fmt: skip


def definition(parsed: Parsed, acted: Iterable[Relation], snapshot: Snapshot) -> frozenset[Need]:
    """Give what a definition needs, by its own words; `acted` are the relations that it names as its aim."""
    known = tuple(acted)
    beside = (*_beside(parsed, snapshot), *_made(parsed, snapshot), *formed(parsed, snapshot))
    return frozenset((*_aimed(parsed, known, snapshot), *beside, *_entering(parsed, known, snapshot)))


def _aimed(parsed: Parsed, acted: tuple[Relation, ...], snapshot: Snapshot) -> Iterator[Need]:
    """Give what it needs of its aims."""
    for relation in acted:
        yield from _of(relation, parsed, snapshot)
    if parsed.root == "GrantStmt":
        yield from handed(parsed, acted, snapshot)
    kind = next((pair.thing.kind for pair in parsed.pairs), "")
    for name in aimed_names(parsed) if parsed.root in OWNED | TYPES else ():
        if kind == "schema":
            yield Need(right=Right.SCHEMA_OWNER, on=name[0], what=f"change the schema {name[0]}, which it does not own")
        if kind == "type":
            yield from typed(name, snapshot)
        if kind == "statistics":
            what = f"change the statistics {'.'.join(name)}, which it does not own"
            yield Need(right=Right.STATISTICS_OWNER, on=".".join(name), what=what)


def _entering(parsed: Parsed, acted: tuple[Relation, ...], snapshot: Snapshot) -> Iterator[Need]:
    """Give the schemas that it must be able to look into: of each relation that it names."""
    named = (snapshot.find(each.schema, each.name) for each in parsed.names)
    for relation in (*acted, *(each for each in named if each is not None)):
        yield entered(relation.schema)
    if parsed.tree.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA":
        yield from (entered(name[0]) for name in aimed_names(parsed))


def _of(relation: Relation, parsed: Parsed, snapshot: Snapshot) -> Iterator[Need]:
    """Give what it needs of one relation that it is about."""
    if parsed.root in OWNED:
        yield owner(relation, "MAINTAIN" if parsed.root == "RefreshMatViewStmt" and recent(snapshot) else "")
    if parsed.root == "IndexStmt" or parsed.tree.get("renameType") in RENAMED:
        yield inside(relation.schema)
    if parsed.root in RIGHTS:
        yield table(relation, RIGHTS[parsed.root])


def _beside(parsed: Parsed, snapshot: Snapshot) -> Iterator[Need]:
    """Give what it needs of other relations that it names: parents, partitions, models, keys."""
    for part, root, fields in below(parsed.root, parsed.tree) if parsed.root in NAMING else ():
        if root == "Constraint" and "pktable" in fields:
            yield from referenced(fields, snapshot)
        if root == "TableLikeClause" and (model := found(fields.get("relation"), snapshot)) is not None:
            yield table(model, "SELECT")
            yield from taken(model, snapshot)
        other = found(fields, snapshot) if root == "RangeVar" and part in HEIRS else None
        if other is not None:
            yield owner(other)
    if parsed.root == "CreateTrigStmt":
        name = words(parsed.tree.get("funcname"))
        for routine in snapshot.routines.values():
            schemas = name[:-1] or snapshot.search_path
            if (routine.name, len(routine.types)) == (name[-1], 1) and routine.schema in schemas:
                what = f"use the function {routine.identity}"
                yield Need(right=Right.ROUTINE, on=routine.oid, privilege="EXECUTE", what=what)
                yield entered(routine.schema)


def _made(parsed: Parsed, snapshot: Snapshot) -> Iterator[Need]:
    """Give where it makes something new, or moves it to."""
    if parsed.root == "CreateSchemaStmt" or (
        parsed.root == "RenameStmt" and kind_of(parsed.tree, "object") == "schema"
    ):
        yield Need(right=Right.DATABASE, on="", privilege="CREATE", what="make schemas")
    if parsed.root == "AlterObjectSchemaStmt":
        yield inside(str(parsed.tree.get("newschema", "")))
    if parsed.root in MADE:
        for name in aimed_names(parsed):  # also of what is there already: the server asks before it looks
            yield inside(name[-2] if len(name) > 1 else first(snapshot))


def emptied(tables: Iterable[Relation], sequences: Iterable[Relation]) -> frozenset[Need]:
    """Give what TRUNCATE needs beyond what it names: of tables that CASCADE reaches, of sequences that begin again.

    Of children the server asks nothing.
    """
    reached = {Need(right=Right.TABLE, on=each.oid, privilege="TRUNCATE", what="TRUNCATE a table that CASCADE reaches")
               for each in tables}  # fmt: skip
    return frozenset(reached | {owner(each) for each in sequences})


def falling(listed: Iterable[Fallen], snapshot: Snapshot) -> frozenset[Need]:
    """Give what a DROP needs of what it names itself: to own it, or the schema that it stands in."""
    needs = set()
    for each in listed:
        relation = snapshot.relations.get(each.relation)
        if not each.named:
            continue
        if relation is not None:
            right, on, drops = Right.RELATION_OWNER, relation.oid, not each.part
        elif each.kind in OWNERS:
            right, on, drops = OWNERS[each.kind], each.oid, True
        else:
            continue
        needs.add(Need(right=right, on=on, drops=drops, what=f"drop {each.identity}, which it does not own"))
    return frozenset(needs)


# ---------------------------------------------------------------- words


def owner(relation: Relation, also: str = "") -> Need:
    """Ask who owns a relation."""
    what = f"change {relation.qualified}, which it does not own"
    return Need(right=Right.RELATION_OWNER, on=relation.oid, privilege=also, what=what)


def table(relation: Relation, privilege: str) -> Need:
    """Ask for a right on a whole table."""
    what = f"{privilege} {relation.qualified}"
    return Need(right=Right.TABLE, on=relation.oid, privilege=privilege, what=what)


def inside(schema: str) -> Need:
    """Ask for room in a schema."""
    return Need(right=Right.SCHEMA, on=schema, privilege="CREATE", what=f"make anything in the schema {schema}")


def typed(name: tuple[str, ...], snapshot: Snapshot) -> Iterator[Need]:
    """Ask who owns a type; of one name in several schemas nothing is known."""
    types = [each for each in snapshot.types.values() if named_so(each, name) and each.element is None]
    for each in types if len(types) == 1 else ():
        yield Need(right=Right.TYPE_OWNER, on=each.oid, what=f"change the type {each.label}, which it does not own")


def referenced(fields: Fields, snapshot: Snapshot) -> Iterator[Need]:
    """Ask for REFERENCES of the columns that a new key points to."""
    target = found(fields.get("pktable"), snapshot)
    if target is None:
        return
    named = words(fields.get("pk_attrs"))
    numbers = tuple(target.column[name].number for name in named if name in target.column) or target.key
    what = f"REFERENCES {target.qualified}"
    yield Need(right=Right.COLUMNS, on=target.oid, privilege="REFERENCES", columns=tuple(sorted(numbers)), what=what)


def found(node: object, snapshot: Snapshot) -> Relation | None:
    """Resolve a range variable of a definition."""
    name = parts(node) if isinstance(node, Mapping) else ()
    return snapshot.find(name[0] if len(name) > 1 else None, name[-1]) if name else None


def below(root: str, fields: Fields, part: str = "") -> Iterator[tuple[str, str, Fields]]:
    """Yield a node and all below it, each with the field that holds it."""
    yield part, root, fields
    for field, name, inner in children(root, fields):
        yield from below(name, inner, field)


def recent(snapshot: Snapshot) -> bool:
    """Whether MAINTAIN is a right of its own."""
    return snapshot.version // 10_000 >= MAINTAIN
