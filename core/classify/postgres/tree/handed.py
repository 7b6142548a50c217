"""Rights that GRANT and REVOKE need: to own what they are about, or a grant option; else the server does less.

PostgreSQL docs, GRANT; src/backend/catalog/aclchk.c, restrict_and_check_grant. An owner holds every grant option.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from core.catalog import Oid, Relation, Routine, Snapshot
from core.classify.postgres.nouns import Fallen, Need, Parsed, Right
from core.classify.postgres.text.scope import words
from core.classify.postgres.text.shape import children
from core.classify.postgres.text.utility import kind_of
from core.classify.postgres.tree.aims import aimed_names, named_so
from core.classify.postgres.tree.routines import meant

OPTION: Final = "WITH GRANT OPTION"
# What ALL stands for: src/include/utils/acl.h, ACL_ALL_RIGHTS_*
ALL: Final[Mapping[Right, tuple[str, ...]]] = MappingProxyType(
    {
        Right.TABLE: ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"),
        Right.SEQUENCE: ("USAGE", "SELECT", "UPDATE"), Right.SCHEMA: ("USAGE", "CREATE"),
        Right.TYPE: ("USAGE",), Right.ROUTINE: ("EXECUTE",),
    }
)  # fmt: skip


def handed(parsed: Parsed, acted: Iterable[Relation], snapshot: Snapshot) -> Iterator[Need]:
    """Give what handing on rights, or taking them, needs of each thing that is named."""
    for relation in acted:
        yield from of_relation(relation, privileges(parsed))
    kind = kind_of(parsed.tree, "object")
    every = parsed.tree.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA"
    for name in aimed_names(parsed) if not every else ():
        if kind == "schema":
            yield from each_of(Right.SCHEMA, name[0], f"the schema {name[0]}", names(parsed))
        types = [each for each in snapshot.types.values() if named_so(each, name) and each.element is None]
        if kind == "type" and len(types) == 1:
            yield from each_of(Right.TYPE, types[0].oid, f"the type {types[0].label}", names(parsed))
    for _, root, fields in children(parsed.root, parsed.tree):
        routine = meant(fields, snapshot) if root == "ObjectWithArgs" else None
        if routine is not None:
            yield from of_routine(routine, names(parsed))


def every_one(listed: Iterable[Fallen], rights: tuple[str, ...], snapshot: Snapshot) -> frozenset[Need]:
    """Give what handing on rights of all that a schema holds needs of each."""
    found = set[Need]()
    for each in listed:
        relation, routine = snapshot.relations.get(each.relation), snapshot.routines.get(each.oid)
        if relation is not None:
            found.update(of_relation(relation, [(right, ()) for right in rights]))
        elif routine is not None:
            found.update(of_routine(routine, rights))
    return frozenset(found)


def of_relation(relation: Relation, written: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Need]:
    """Ask for the grant option of each right on a relation, or on columns of it."""
    right = Right.SEQUENCE if relation.kind == "S" else Right.TABLE
    for privilege, columns in written or [(each, ()) for each in ALL[right]]:
        numbers = tuple(sorted(relation.column[name].number for name in columns if name in relation.column))
        yield Need(
            right=Right.COLUMNS if numbers else right,
            on=relation.oid,
            privilege=f"{privilege} {OPTION}",
            columns=numbers,
            what=f"hand on {privilege} of {relation.qualified}",
        )


def of_routine(routine: Routine, rights: tuple[str, ...]) -> Iterator[Need]:
    """Ask for the grant option of EXECUTE."""
    return each_of(Right.ROUTINE, routine.oid, f"the function {routine.identity}", rights)


def each_of(right: Right, on: Oid | str, said: str, rights: tuple[str, ...]) -> Iterator[Need]:
    """Ask for the grant option of each right on one thing; none is written where ALL is."""
    for privilege in rights or ALL[right]:
        yield Need(right=right, on=on, privilege=f"{privilege} {OPTION}", what=f"hand on {privilege} of {said}")


def privileges(parsed: Parsed) -> list[tuple[str, tuple[str, ...]]]:
    """Give each right that is written, and the columns it is for; none: ALL."""
    listed = [fields for part, _, fields in children(parsed.root, parsed.tree) if part == "privileges"]
    return [(str(fields.get("priv_name", "")).upper(), words(fields.get("cols"))) for fields in listed]


def names(parsed: Parsed) -> tuple[str, ...]:
    """Give the rights alone."""
    return tuple(privilege for privilege, _ in privileges(parsed))
