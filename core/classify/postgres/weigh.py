"""What a text will cost before the server is asked: views that make a tree too large, names that cut it in two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.catalog import Oid, Relation, Snapshot
from core.classify.postgres.nouns import Parsed
from core.classify.postgres.text.statement import NAME_BYTES, longest
from core.classify.postgres.tree.agree import reach
from core.model import Doubt, Unreadable

HEAVIEST: Final = 1 << 20  # octets of one tree; 19.7 kB of text named views of 127 MB (measured, PostgreSQL 18)
HEAVY: Final = "This names too many or too large views; ask for less at once."


def weigh(parsed: Parsed, snapshot: Snapshot) -> Unreadable | None:
    """Refuse a text whose tree would be too large or could not be decoded; None: the server may be asked."""
    named = [found for each in parsed.names if (found := snapshot.find(each.schema, each.name)) is not None]
    known: dict[Oid, int] = {}
    try:
        heavy = sum(weight(relation.oid, snapshot, known) for relation in named) > HEAVIEST
    except RecursionError:
        heavy = True  # views nested as deep as that
    if heavy:
        return Unreadable(doubt=Doubt.LIMITS, sentence=HEAVY, detail="weight")
    closure = reach((relation.oid for relation in named), snapshot)
    long = next((oid for oid in sorted(closure) if cuttable(snapshot.relations[oid])), None)
    if long is None:
        return None
    return Unreadable(
        doubt=Doubt.LIMITS,
        sentence="A column read here has a name with special characters that is too long to be read safely.",
        detail=f"names of relation {long}",
    )


def weight(oid: Oid, snapshot: Snapshot, known: dict[Oid, int]) -> int:
    """Sum what a relation adds to a tree, views expanded as often as they are named."""
    relation = snapshot.relations.get(oid)
    if relation is None:
        return 0
    if oid not in known:
        known[oid] = relation.weight  # a policy may read its own table
        known[oid] += sum(
            relation.named.get(each, 1) * weight(each, snapshot, known) for each in relation.depends if each != oid
        )
    return known[oid]


def cuttable(relation: Relation) -> bool:
    """Whether the server's fold could cut one of a relation's names inside a character."""
    return any(not name.isascii() and longest(name) > NAME_BYTES for name in names(relation))


def names(relation: Relation) -> Iterable[str]:
    """Yield a relation's own name and its columns'."""
    yield relation.name
    for attribute in relation.attributes.values():
        yield attribute.name
