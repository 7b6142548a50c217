"""What the tree of a read, and of a write, may hold: PostgreSQL's own numbers, checked one by one."""

from __future__ import annotations

from typing import Final

from core.catalog import Snapshot
from core.classify.postgres.nouns import Access, Doubted, Parsed
from core.classify.postgres.tree.agree import disagree, shown, system
from core.classify.postgres.tree.census import Census
from core.classify.postgres.tree.read import Tree
from core.model import Doubt

# nodes/nodes.h: CmdType
SELECT: Final = 1
UPDATE: Final = 2
INSERT: Final = 3
DELETE: Final = 4
MERGE: Final = 5
# nodes/parsenodes.h: AclMode
NEEDS_SELECT: Final = 2
NEEDS_WRITE: Final = 1 | 4 | 8

WRITING: Final = frozenset(
    {
        "NEXTVALUEEXPR", "SETTODEFAULT", "MERGEACTION", "MERGESUPPORTFUNC", "ONCONFLICTEXPR", "INFERENCEELEM",
        "RETURNINGEXPR", "ROWMARKCLAUSE", "WITHCHECKOPTION", "FIELDSTORE",
    }
)  # fmt: skip
KINDS: Final = frozenset("rpvmf")  # relations that a statement may name


def check(queries: list[Tree], census: Census, parsed: Parsed, snapshot: Snapshot) -> None:
    """Check a tree before anything is concluded from it.

    Raises: Doubted.
    """
    if any(query.node("utilityStmt") is not None for query, _ in census.queries) or census.nodes["TUPLESTORE"]:
        raise disagree("a utility or a transition table inside")
    if parsed.access is Access.READ:
        reads(queries, census)
    elif not changes(census) and not locks(census):
        raise disagree("the parser says write, the server read")
    kinds(census, snapshot)
    numbered(census, parsed)
    for record in census.catalogs:
        if record.needs & NEEDS_WRITE:
            raise Doubted(
                Doubt.CATALOG,
                "System catalogs are not changed row by row; use the statement made for it, such as ALTER or COMMENT.",
            )
    shown((record for record in census.catalogs if record.relation in snapshot.relations), snapshot)


def kinds(census: Census, snapshot: Snapshot) -> None:
    """Check that every relation is a table or a view.

    Raises: Doubted.
    """
    for oid in {*census.entries, *(record.relation for record in census.records)}:
        relation = snapshot.relations.get(oid)
        if relation is not None and relation.kind not in KINDS:
            raise Doubted(Doubt.UNKNOWN, f"{relation.name} is no table or view; name one.", relation.qualified)


def reads(queries: list[Tree], census: Census) -> None:
    """Check that the server calls it a read, at every depth.

    Raises: Doubted.
    """
    if len(queries) != 1:
        raise disagree(f"{len(queries)} queries")
    for query, _ in census.queries:
        if query.number("commandType") != SELECT or query.number("resultRelation"):
            raise disagree("a command inside")
        if query.flag("hasModifyingCTE") or query.flag("hasForUpdate") or query.nodes("rowMarks"):
            raise disagree("changes or locks inside")
    if any(record.needs & NEEDS_WRITE for record in census.records):
        raise disagree("more than SELECT needed")
    barred = sorted(WRITING & census.nodes.keys())
    if barred:
        raise disagree(f"node {barred[0]}")


def changes(census: Census) -> bool:
    """Whether a query in the tree changes rows."""
    return any(query.number("commandType") in {UPDATE, INSERT, DELETE, MERGE} for query, _ in census.queries)


def locks(census: Census) -> bool:
    """Whether a query in the tree locks rows."""
    return any(query.flag("hasForUpdate") for query, _ in census.queries)


def numbered(census: Census, parsed: Parsed) -> None:
    """Check that no parameter but the Call's own stands in the tree: `SELECT $3` would print a key.

    Raises: Doubted.
    """
    for kind, number in census.parameters:
        if kind == 0 and not 1 <= number <= parsed.parameters:
            raise disagree("a parameter that the text does not have")
        if kind == 1:
            raise disagree("a planned parameter")


def through(census: Census, snapshot: Snapshot) -> bool:
    """Whether the statement reaches tables through a view."""
    return any(
        snapshot.relations[oid].kind == "v" and not system(snapshot.relations[oid])
        for oid in census.entries
        if oid in snapshot.relations
    )
