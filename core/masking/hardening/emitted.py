"""The masking views that a database should hold for a snapshot and its effective tags."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import final

from core.catalog import Oid, Relation, Snapshot
from core.masking import names
from core.masking.replacement import body, mirror, select, topological, view_keys
from core.masking.spread import Spread


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Emitted:
    """One masking view as `assent harden` would make it now."""

    schema: str
    name: str
    relation: Oid
    select: str
    invoker: bool  # a mirror checks its reader's rights, so that a raw name left in it ends in 42501
    why: str

    @property
    def hash(self) -> str:
        """SHA-256 of the text, kept in the view's comment."""
        return hashlib.sha256(f"{self.invoker} {self.select}".encode()).hexdigest()


def emitted(snapshot: Snapshot, found: Spread) -> tuple[Emitted, ...]:
    """List the masking views of all tainted relations that are not closed, each after those it reads."""
    views: list[Emitted] = []
    open_ = frozenset(found.tainted - found.closed.keys())
    for oid in topological(open_, snapshot):
        relation = snapshot.relations[oid]
        if relation.kind == "v" and oid not in found.raw_views:
            views.append(_mirror(snapshot, found, relation, open_))
            continue
        views.append(_masking(snapshot, found, relation, only=False))
        if relation.children:
            views.append(_masking(snapshot, found, relation, only=True))
    return tuple(views)


def _masking(snapshot: Snapshot, found: Spread, relation: Relation, *, only: bool) -> Emitted:
    schema, name = names.only(relation) if only else names.masked(relation)
    tags = found.tags.get(relation.oid, {})
    return Emitted(
        schema=schema,
        name=name,
        relation=relation.oid,
        select=select(relation, snapshot, tags, view_keys, only=only),
        invoker=False,
        why=f"{relation.qualified} with its protected columns masked",
    )


def _mirror(snapshot: Snapshot, found: Spread, view: Relation, masked: frozenset[Oid]) -> Emitted:
    schema, name = names.masked(view)
    named = {
        (below.schema, below.name): (
            names.dotted(names.masked(below)),
            names.dotted(names.only(below) if below.children else names.masked(below)),
        )
        for oid in masked
        if (below := snapshot.relations[oid]).oid != view.oid
    }
    inner = body(view, named)
    return Emitted(
        schema=schema,
        name=name,
        relation=view.oid,
        select=mirror(view, snapshot, found.tags.get(view.oid, {}), inner, view_keys),
        invoker=True,
        why=f"the view {view.qualified} over masked tables",
    )
