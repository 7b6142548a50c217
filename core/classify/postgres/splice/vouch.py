"""The tree of a text in which masking views stand: what each permission record may name (masking 4).

Nothing of a call waits for this: while one runs, the database's own rights are the proof. Tests and `assent doctor`
hold the second tree against the tags all the same, since rights that were granted by mistake refuse nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from core.catalog import Oid, Protection, Snapshot
from core.classify.postgres.nouns import Doubted, Parsed
from core.classify.postgres.splice.proof import placed
from core.classify.postgres.tree.agree import agree, disagree, listed, reach
from core.classify.postgres.tree.census import Record, count
from core.classify.postgres.tree.read import read
from core.model import Unreadable


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Lenders:
    """Roles whose rights a record may use: names by oid, and the owner of the masking views among them."""

    names: Mapping[int, str]
    views: str


def vouch(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection, lenders: Lenders) -> Unreadable | None:
    """Hold every permission record of the permitted text's tree against the tags; None: it names nothing it may not."""
    try:
        census = count(read(dump, snapshot.version), snapshot, listed(snapshot))
        pairs = placed(parsed, snapshot)
        agree(pairs, census, snapshot)
        ours = (relation.oid for _, relation in pairs if relation.schema in snapshot.owned_schemas)
        behind = reach(ours, snapshot)
        for record in census.records:
            trouble = wrong(record, lent(record.relation, behind, snapshot, protection, lenders), snapshot, protection)
            if trouble:
                raise disagree(f"{snapshot.relations[record.relation].qualified}: {trouble}")
    except Doubted as doubted:
        return doubted.unreadable
    return None


def wrong(record: Record, lent: frozenset[int], snapshot: Snapshot, protection: Protection) -> str:
    """Say what a record of a tagged relation names that it may not, or nothing."""
    masked = frozenset(protection.touched(record.relation, frozenset({0})))
    if not masked:
        return ""
    if record.as_user:
        return "" if record.as_user in lent else "read by the rights of another owner"
    known = frozenset(snapshot.relations[record.relation].attributes) - masked
    return "" if record.used <= known else "a protected column, or the whole row, by the caller's own rights"


def lent(
    relation: Oid, behind: frozenset[Oid], snapshot: Snapshot, protection: Protection, lenders: Lenders
) -> frozenset[int]:
    """Name whose rights may read a relation behind the masking views that a text names.

    The owner of the masking views, and of a view that keeps its own body raw under tags of its own, that view's owner.
    """
    views = [snapshot.relations[oid] for oid in behind if relation in snapshot.relations[oid].depends]
    owners = {lenders.views for view in views if view.schema in snapshot.owned_schemas}
    owners |= {view.owner for view in views if view.oid in reach(protection.raw_views, snapshot)}
    return frozenset(oid for oid, name in lenders.names.items() if name in owners)
