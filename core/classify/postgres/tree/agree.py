"""Agreement of the two witnesses: the relations that the parser resolved and those that the server's tree holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from core.catalog import Oid, Relation, Snapshot
from core.classify.postgres.nouns import Doubted, Named, Parsed
from core.classify.postgres.tree.census import FIRST_OWN, SYSTEM, Census, Record
from core.model import Doubt

DIFFER: Final = (
    "Two readings of this statement differ; write it more plainly (usual causes: quoted names, Unicode spaces, "
    "CTEs named like tables)."
)
INSTEAD: Final = (
    "nor is a view that reads it; search_schema and describe_table tell of tables, as do "
    "information_schema.columns, pg_class, pg_attribute, pg_index and pg_constraint."
)
VIEW: Final = "v"


def disagree(detail: str) -> Doubted:
    """Make the refusal of a disagreement, with both accounts for operators."""
    return Doubted(Doubt.DISAGREE, DIFFER, detail)


def system(relation: Relation) -> bool:
    """Whether a relation is the server's own."""
    return relation.schema in SYSTEM or relation.oid < FIRST_OWN


@cache
def catalogs(major: int) -> dict[str, frozenset[str]]:
    """Load which system relations may be named, and with which columns."""
    text = files("core.classify.postgres").joinpath(f"data/catalogs.{major}.txt").read_text("utf-8")
    return {line.split(" ")[0]: frozenset(line.split(" ")[1:]) for line in text.splitlines()}


def listed(snapshot: Snapshot) -> frozenset[Oid]:
    """Give the system views that may be named: their bodies may read what no statement may."""
    names = catalogs(snapshot.version // 10_000)
    found = (snapshot.find(*name.split(".", 1)) for name in names)
    return frozenset(relation.oid for relation in found if relation is not None and relation.kind == VIEW)


def resolved(parsed: Parsed, snapshot: Snapshot) -> tuple[tuple[Named, Relation], ...]:
    """Resolve the parser's names as the server does.

    Raises: Doubted for one that is not there, or that `assent harden` made.
    """
    return tuple((named, place(named, snapshot)) for named in parsed.names)


def place(named: Named, snapshot: Snapshot) -> Relation:
    """Resolve one name.

    Raises: Doubted.
    """
    relation = snapshot.find(named.schema, named.name)
    written = named.name if named.schema is None else f"{named.schema}.{named.name}"
    if relation is None:
        raise Doubted(
            Doubt.MISSING, f"There is no table or view {written} here, or it is not for this role; ask search_schema."
        )
    if relation.schema in snapshot.owned_schemas:
        raise Doubted(Doubt.CLOSED, f"{written} belongs to the gateway; name the table or view that it stands for.")
    return relation


def agree(pairs: tuple[tuple[Named, Relation], ...], census: Census, snapshot: Snapshot) -> None:
    """Hold the parser's relations (P) against the tree's (E), with counts.

    Raises: Doubted.
    """
    seen = set(census.entries) | {record.relation for record in census.records} | census.origins
    unknown = {oid for oid in seen if oid not in snapshot.relations}
    if unknown:
        raise Doubted(Doubt.MISSING, "A relation that this statement reads is new; ask again.", f"{sorted(unknown)}")
    wanted = Counter(relation.oid for named, relation in pairs if not named.target)
    for oid, times in wanted.items():
        if census.entries[oid] < times:
            raise disagree(f"parser {times}, server {census.entries[oid]}: {snapshot.relations[oid].qualified}")
    for named, relation in pairs:
        if named.target and relation.oid not in seen:
            raise disagree(f"the server does not change {relation.qualified}")
    ruled = any(named.target and (relation.rules or relation.kind == VIEW) for named, relation in pairs)
    closure = reach((relation.oid for _, relation in pairs), snapshot)
    beyond = sorted(snapshot.relations[oid].qualified for oid in seen - closure)
    if beyond and not ruled:
        raise disagree(f"the server reads what nobody wrote: {', '.join(beyond)}")


def reach(oids: Iterable[Oid], snapshot: Snapshot) -> frozenset[Oid]:
    """Close relations over what their view rules and row-security policies read."""
    return spread(oids, snapshot, lambda relation: relation.depends)


def below(oids: Iterable[Oid], snapshot: Snapshot) -> frozenset[Oid]:
    """Give relations and their children: rows of a parent lie in its partitions."""
    return spread(oids, snapshot, lambda relation: relation.children)


def spread(oids: Iterable[Oid], snapshot: Snapshot, onward: Callable[[Relation], frozenset[Oid]]) -> frozenset[Oid]:
    """Close relations over where each leads; what the catalogs do not know leads nowhere."""
    found: set[Oid] = set()
    waiting = list(oids)
    while waiting:
        oid = waiting.pop()
        if oid not in found and oid in snapshot.relations:
            found.add(oid)
            waiting += onward(snapshot.relations[oid])
    return frozenset(found)


def kin(oids: Iterable[Oid], snapshot: Snapshot) -> frozenset[Oid]:
    """Close relations over what they read, their parents, children and partitions: what the stamp stands on."""
    found: set[Oid] = set()
    waiting = list(oids)
    while waiting:
        oid = waiting.pop()
        relation = snapshot.relations.get(oid)
        if oid in found or relation is None or system(relation):
            continue
        found.add(oid)
        waiting += relation.depends | relation.children | relation.parents
    return frozenset(found)


def closure(
    census: Census, pairs: Iterable[tuple[Named, Relation]], types: Iterable[Oid], snapshot: Snapshot
) -> frozenset[Oid]:
    """Collect the relations, functions and types of a tree that the stamp must cover."""
    relations = {*census.entries, *(record.relation for record in census.records)}
    relations |= {relation.oid for _, relation in pairs}
    codes = {snapshot.operators.get(operator, operator) for operator in census.operators}
    for oid in list(codes | census.called):
        routine = snapshot.routines.get(oid)
        codes |= routine.support if routine is not None else frozenset()
    checks = {code for oid in types for code in snapshot.types[oid].functions}
    owned = {oid for oid in codes | census.called | checks if oid >= FIRST_OWN}
    owned |= {below for oid in owned for below in snapshot.pure.get(oid, ())}
    relations |= census.sequences | looked(census, snapshot)
    return kin(relations, snapshot) | owned | frozenset(types)


def objects(census: Census, snapshot: Snapshot) -> frozenset[Oid]:
    """Collect each object that a tree holds, the server's own too; operators by their code."""
    codes = {snapshot.operators.get(operator, operator) for operator in census.operators}
    relations = {*census.entries, *census.inner, *(record.relation for record in census.records)}
    return frozenset(relations | census.called | codes | census.types | census.coerced | census.samplers)


def looked(census: Census, snapshot: Snapshot) -> frozenset[Oid]:
    """Give the sequences that a read locks by itself: `pg_sequences` looks into each."""
    names = (snapshot.relations[oid].qualified for oid in census.entries if oid in snapshot.relations)
    if "pg_catalog.pg_sequences" not in names:
        return frozenset()
    return frozenset(relation.oid for relation in snapshot.relations.values() if relation.kind == "S")


def shown(records: Iterable[Record], snapshot: Snapshot) -> None:
    """Check the columns of system relations against the closed list.

    Raises: Doubted.
    """
    names = catalogs(snapshot.version // 10_000)
    for record in records:
        relation = snapshot.relations[record.relation]
        allowed = names.get(relation.qualified)
        if allowed is None or record.inserted or record.updated:
            raise Doubted(Doubt.CATALOG, f"{relation.name} is not shown, {INSTEAD}", relation.qualified)
        used = set(relation.attributes) if 0 in record.selected else set(record.selected)
        for number in sorted(used):
            attribute = relation.attributes.get(number)
            if attribute is None or attribute.name not in allowed:
                title = "A system column" if attribute is None else f"{relation.name}.{attribute.name}"
                raise Doubted(Doubt.CATALOG, f"{title} is not shown; leave it out.", relation.qualified)
