"""What a change tells besides what it changes: by keys and checks that compare protected values, by sequences.

23505 says that another row has the value, 23503 that a row has or has none, 23514 on which side of a bound it lies; a
cascade counts those that have it. Nothing of that stands in the statement: it follows from the catalogs alone. And a
sequence keeps its count whatever becomes of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from core.catalog import Oid, Protection, Reference, Relation, Snapshot
from core.classify.postgres.tree.checks import INSERT
from core.classify.postgres.tree.functions import SEQUENCES
from core.classify.postgres.tree.read import Tree
from core.model import Verb

Columns: TypeAlias = "frozenset[int] | None"  # attnums that a change sets; None: any of them
WHOLE: Final = 0  # attnum of the whole row
VALUES: Final = frozenset({"targetList", "rtable"})  # of an INSERT: where its defaults stand


def tells(
    changes: Mapping[tuple[Oid, Verb], Columns], snapshot: Snapshot, protection: Protection
) -> Mapping[Oid, frozenset[int]]:
    """Give the protected columns that decide whether these changes succeed, and how far they are carried."""
    found: dict[Oid, frozenset[int]] = {}
    for (oid, verb), columns in changes.items():
        for other, compared in comparisons(snapshot.relations[oid], verb, columns, snapshot):
            touched = frozenset(protection.touched(other, compared))
            if touched:
                found[other] = found.get(other, frozenset()) | touched
    return found


def comparisons(
    relation: Relation, verb: Verb, columns: Columns, snapshot: Snapshot
) -> Iterator[tuple[Oid, frozenset[int]]]:
    """Yield what the server compares when it changes a relation: columns of it, and of what its keys lead to."""
    if verb is not Verb.DELETE:
        yield from arriving(relation, None if verb is Verb.INSERT else columns)
    if verb is not Verb.INSERT:
        yield from leaving(relation, None if verb is Verb.DELETE else columns, snapshot)
    if verb is Verb.UPDATE:  # a new row's CHECK sees what the statement itself gives
        yield from ((relation.oid, check) for check in relation.checks if meets(columns, check))


def arriving(relation: Relation, columns: Columns) -> Iterator[tuple[Oid, frozenset[int]]]:
    """Yield what a row with new values is compared by: unique and exclusion keys, and the keys that it refers to."""
    for index in relation.indexes:
        if index.unique and meets(columns, index.keys | index.predicate):
            yield relation.oid, index.keys | index.predicate
    for link in relation.links:
        if meets(columns, frozenset(link.columns)):
            yield relation.oid, frozenset(link.columns)
            yield link.target, frozenset(link.target_columns)


def leaving(relation: Relation, columns: Columns, snapshot: Snapshot) -> Iterator[tuple[Oid, frozenset[int]]]:
    """Yield what a row whose values go is compared by: the keys that refer to it."""
    for reference in relation.references:
        if meets(columns, reference.columns):
            yield relation.oid, reference.columns
            yield reference.child, referring(reference, snapshot)


def meets(columns: Columns, compared: frozenset[int]) -> bool:
    """Whether a change of these columns has the server compare those."""
    return columns is None or WHOLE in compared or bool(columns & compared)


def referring(reference: Reference, snapshot: Snapshot) -> frozenset[int]:
    """Give the columns by which a child refers; any of them where its key is not known."""
    child = snapshot.relations.get(reference.child)
    links = () if child is None else child.links
    return next((frozenset(link.columns) for link in links if link.name == reference.name), frozenset({WHOLE}))


def draws(query: Tree) -> bool:
    """Whether a query's own expressions call upon a sequence; the defaults of a new row do so for each that comes."""
    waiting = list(expressions(query))
    while waiting:
        node = waiting.pop()
        if node.name == "QUERY":
            continue
        if node.name == "NEXTVALUEEXPR" or Oid(node.number("funcid")) in SEQUENCES:
            return True
        waiting.extend(expressions(node))
    return False


def expressions(node: Tree) -> Iterator[Tree]:
    """Yield what stands below a node, but for the values of a new row."""
    new = node.name in {"QUERY", "MERGEACTION"} and node.number("commandType") == INSERT
    return (below for name, below in node.below() if not (new and name in VALUES))
