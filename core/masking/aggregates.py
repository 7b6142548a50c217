"""Columns opened to aggregates over many people: which may be, and what tells the people apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.catalog import Aggregable, Attribute, Oid, Relation, Snapshot
from core.masking import names
from core.masking.masks import INT2, INT4, INT8, NUMERIC, shape
from core.masking.spread import Spread
from core.model import Aggregation

NUMBERS: Final = frozenset({INT2, INT4, INT8, NUMERIC})

Bound = tuple[Mapping[tuple[Oid, int], Aggregable], Mapping[Oid, str], str]


def opened(snapshot: Snapshot, found: Spread, wanted: Mapping[str, Aggregation]) -> Bound:
    """Bind columns that an operator opened to aggregates: those that may be, tables that this closes, why it shuts all.

    The column holds whole or exact numbers under a mask, in a table without children; its subject carries no tag, so
    that people are told apart by what everybody sees.
    """
    bound: dict[tuple[Oid, int], Aggregable] = {}
    closed: dict[Oid, str] = {}
    for name, word in sorted(wanted.items()):
        split = names.parts(name)
        relation = snapshot.find(split[0], split[1]) if split is not None and len(split) == len("stc") else None
        if relation is None or split is None:
            return {}, {}, f"Aggregates are opened on {name}, which is not there; an operator corrects it."
        attribute, subject = relation.column.get(split[2]), relation.column.get(word.subject)
        why = unfit(relation, attribute, subject, snapshot, found)
        if why or attribute is None or subject is None:
            closed[relation.oid] = f"Aggregates are opened on {name}, {why}; an operator corrects it."
        else:
            bound[relation.oid, attribute.number] = Aggregable(word=word, subject=subject.number)
    return bound, closed, ""


def unfit(
    relation: Relation, attribute: Attribute | None, subject: Attribute | None, snapshot: Snapshot, found: Spread
) -> str:
    """Say why a column cannot be aggregated; "" when it can."""
    masked = found.masked(relation.oid)
    if attribute is None or attribute.number not in masked:
        return "which carries no mask"
    if shape(attribute, snapshot.types).base not in NUMBERS:
        return "which holds no exact numbers"
    if relation.kind != "r" or relation.children or relation.parents:
        return "which is no plain table's"
    if subject is None or subject.number in masked:
        return "whose subject is not there or carries a tag"
    return ""
