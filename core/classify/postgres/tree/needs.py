"""Rights that a change needs of the role it runs as: asked of the server before people are asked to decide.

PostgreSQL docs 5.8 (privileges) and each command's own page; src/backend/executor/execMain.c, ExecCheckOneRelPerms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.catalog import Oid, Relation, Snapshot
from core.classify.postgres.nouns import Need, Parsed, Right
from core.classify.postgres.tree.census import Census, Record, constant
from core.classify.postgres.tree.functions import CURRVAL, NEXTVAL

INSERT, SELECT, UPDATE, DELETE = 1, 2, 4, 8  # requiredPerms (parsenodes.h)
DRAWS: Final = {NEXTVAL: "USAGE, UPDATE", CURRVAL: "USAGE, SELECT"}  # either does


def rows(census: Census, parsed: Parsed, snapshot: Snapshot) -> frozenset[Need]:
    """Give what a change of rows needs: what the server will check of each relation and sequence as it runs."""
    found: set[Need] = set()
    for record in census.records:
        relation = snapshot.relations.get(record.relation)
        if relation is not None:
            found.update(recorded(record, relation, spoken(relation, parsed, snapshot)))
            found.update(checked(relation, snapshot) if record.needs & (INSERT | UPDATE) else ())
    for call in census.invoked:
        privilege = DRAWS.get(Oid(call.number("funcid")))
        for oid in map(constant, call.nodes("args")) if privilege else ():
            what = f"draw from {snapshot.relations[oid].qualified}" if oid in snapshot.relations else "draw"
            found.add(Need(right=Right.SEQUENCE, on=oid, privilege=str(privilege), what=what))
    return frozenset(found)


def recorded(record: Record, relation: Relation, name: str) -> Iterator[Need]:
    """Give what one permission record asks."""
    role = Oid(record.as_user) if record.as_user else None
    for bit, privilege, used in (
        (INSERT, "INSERT", record.inserted),
        (SELECT, "SELECT", record.selected),
        (UPDATE, "UPDATE", record.updated),
    ):
        if record.needs & bit:
            numbers = tuple(sorted(relation.attributes if 0 in used else used))
            right = Right.COLUMNS if numbers else Right.ANY
            what = f"{privilege} {worded(relation, numbers, name)}"
            yield Need(right=right, on=relation.oid, privilege=privilege, columns=numbers, role=role, what=what)
    if record.needs & DELETE:
        yield Need(right=Right.TABLE, on=relation.oid, privilege="DELETE", role=role, what=f"DELETE {name}")


def checked(relation: Relation, snapshot: Snapshot) -> Iterator[Need]:
    """Give the functions that its CHECKs, indexes and keys call: as whoever changes rows, with their right to call."""
    for oid in sorted(relation.code.union(*(each.code for each in heirs(relation, snapshot)))):
        what = f"call a function that {relation.qualified} is held by"
        yield Need(right=Right.ROUTINE, on=oid, privilege="EXECUTE", what=what)


def heirs(relation: Relation, snapshot: Snapshot) -> Iterator[Relation]:
    """Yield its children and partitions, however far below."""
    for oid in sorted(relation.children & snapshot.relations.keys()):
        yield snapshot.relations[oid]
        yield from heirs(snapshot.relations[oid], snapshot)


def worded(relation: Relation, numbers: tuple[int, ...], name: str) -> str:
    """Name the columns of a right, where they are few and the agent's own words."""
    named = [relation.attributes[number].name for number in numbers if number in relation.attributes]
    whole = len(named) in {0, len(relation.attributes)} or name != relation.qualified
    return name if whole else f"{name} ({', '.join(named)})"


def spoken(relation: Relation, parsed: Parsed, snapshot: Snapshot) -> str:
    """Name a relation that the text names itself; of others nothing is told."""
    own = any(snapshot.find(each.schema, each.name) is relation for each in parsed.names)
    return relation.qualified if own else "a table that it reaches"
