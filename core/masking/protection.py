"""Protection: effective tags over one snapshot, and what takes each tainted relation's place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from core.catalog import Index, Oid, Protection, Relation, Snapshot
from core.errors import UnsafeStart
from core.masking import aggregates, names
from core.masking.declared import Accepted
from core.masking.lookups import opened
from core.masking.replacement import body, mirror, select, text_keys, topological
from core.masking.shared import Shared
from core.masking.spread import SYSTEM_SCHEMAS, Spread, spread
from core.model import Aggregation

VIEW_DEPTH: Final = 8  # views inlined in one another
HARDEN: Final = "an operator runs assent harden"


def protect(
    snapshot: Snapshot,
    tags: Mapping[str, str],
    masks: Mapping[str, str],
    *,
    enforced: bool,
    accepted: Accepted | None = None,
    shared: Shared | None = None,
    looked_up: frozenset[str] = frozenset(),
    aggregated: Mapping[str, Aggregation] | None = None,
) -> Protection:
    """Bind tags to a snapshot, spread them, and name what replaces each tainted relation.

    `tags` are one Source's, `shared` those of others that reach this database, or may. Enforced: replacements are
    names of masking views that are there and complete, and whatever is not granted as it should be is closed. Spliced:
    masked subqueries in parentheses, whose keys are placeholders (`replacement.text_keys`).

    Raises: SettingsError for a mask that does not exist.
    """
    found = spread(snapshot, tags, masks, accepted, shared)
    closed = dict(found.closed)
    if enforced:
        closed |= {oid: reason for oid, reason in _unready(snapshot, found).items() if oid not in closed}
        plain = {oid: names.dotted(names.masked(snapshot.relations[oid])) for oid in found.tainted}
        only = {oid: _only(snapshot, snapshot.relations[oid]) for oid in found.tainted}
    else:
        plain, only, deep = _subqueries(snapshot, found)
        closed |= {oid: reason for oid, reason in deep.items() if oid not in closed}
    looks, unfit, lost = opened(snapshot, found, looked_up)
    told, wrong, gone = aggregates.opened(snapshot, found, aggregated or {})
    closed |= {oid: reason for oid, reason in {**wrong, **unfit}.items() if oid not in closed}
    open_ = found.tainted - closed.keys()
    return Protection(
        tags=found.tags,
        tainted=found.tainted,
        closed=closed,
        shut=found.shut or lost or gone,
        replacement={oid: text for oid, text in plain.items() if oid in open_},
        replacement_only={oid: text for oid, text in only.items() if oid in open_},
        raw_views=found.raw_views,
        policied=found.policied,
        enforced=enforced,
        index_order=index_order(snapshot, found),
        looked_up=looks,
        aggregated=told,
        version=version(snapshot, found, enforced=enforced),
    )


def version(snapshot: Snapshot, found: Spread, *, enforced: bool) -> str:
    """Hash the effective tags and masks: SHA-256 over canonical JSON."""
    content = {
        "system": snapshot.system,
        "database": snapshot.database,
        "enforced": enforced,
        "shut": found.shut,
        "tags": [
            [oid, number, tagged.tag, tagged.mask]
            for oid, columns in sorted(found.tags.items())
            for number, tagged in sorted(columns.items())
        ],
        "tainted": sorted(found.tainted),
        "raw_views": sorted(found.raw_views),
        "closed": sorted(found.closed),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def index_order(snapshot: Snapshot, found: Spread) -> frozenset[Oid]:
    """Relations whose rows may come in the order of a protected column through an index that holds others as well.

    An index scan over (income) INCLUDE (id) answers SELECT id in the order of income; parents and views pass it on.
    """
    hot = {
        oid
        for oid in found.tainted
        if any(tells_order(index, found.masked(oid)) for index in snapshot.relations[oid].indexes)
    }
    moved = True
    while moved:
        above = {
            relation.oid
            for relation in snapshot.relations.values()
            if relation.oid not in hot and (hot & relation.children or hot & relation.depends)
        }
        hot |= above
        moved = bool(above)
    return frozenset(hot)


def tells_order(index: Index, masked: frozenset[int]) -> bool:
    """Whether rows that a statement finds without a protected column may come in an index's order of one.

    A partial index is scanned for its predicate alone, whatever its keys: (income) WHERE plan = 'gold' answers
    SELECT id … WHERE plan = 'gold' LIMIT 3 with the three lowest incomes (measured 16, 18).
    """
    if index.within(masked):
        return True
    return index.holds(masked) and (bool(index.predicate) or not index.keys <= masked)


# ---------------------------------------------------------------- enforced


def _only(snapshot: Snapshot, relation: Relation) -> str:
    """Name what stands for ONLY: without children there is no difference."""
    name = names.only(relation) if relation.children else names.masked(relation)
    return names.dotted(name) if name[0] in snapshot.owned_schemas else names.dotted(names.masked(relation))


def _unready(snapshot: Snapshot, found: Spread) -> Mapping[Oid, str]:
    """Close what the database does not hold as `assent harden` would leave it, by what this role may see."""
    closed: dict[Oid, str] = {}
    for relation in snapshot.relations.values():
        if relation.kind not in {"r", "p", "v", "m", "f"} or relation.schema in SYSTEM_SCHEMAS | snapshot.owned_schemas:
            continue
        reason = _missing(snapshot, found, relation)
        if reason:
            closed[relation.oid] = f"{reason}: {HARDEN}."
    return closed


def _missing(snapshot: Snapshot, found: Spread, relation: Relation) -> str:
    masked = found.masked(relation.oid)
    withheld = relation.kind == "v" or relation.oid in found.policied
    for attribute in relation.attributes.values():
        if attribute.number in masked and attribute.granted:
            return f"{relation.qualified}.{attribute.name} is protected and still granted to the read role"
    if relation.oid not in found.tainted or not withheld:
        for attribute in relation.attributes.values():
            if attribute.number not in masked and not attribute.granted:
                return f"{relation.qualified}.{attribute.name} is new or not granted"
    if relation.oid not in found.tainted:
        return ""
    wanted = [names.masked(relation)]
    if relation.children:
        wanted.append(names.only(relation))
    return next((reason for name in wanted if (reason := _view(snapshot, relation, name))), "")


def _view(snapshot: Snapshot, relation: Relation, name: tuple[str, str]) -> str:
    """Say what is wrong with a masking view: owner, columns or right."""
    view = snapshot.find(*name)
    if view is None or name[0] not in snapshot.owned_schemas or view.kind != "v":
        return f"{relation.qualified} has no masking view"
    base = [relation.attributes[number].name for number in sorted(relation.attributes)]
    shown = [view.attributes[number].name for number in sorted(view.attributes)]
    if base != shown:
        return f"{relation.qualified} has other columns than its masking view"
    if not all(attribute.granted for attribute in view.attributes.values()):
        return f"the masking view of {relation.qualified} is not granted to the read role"
    return ""


# ---------------------------------------------------------------- spliced


def _subqueries(snapshot: Snapshot, found: Spread) -> tuple[dict[Oid, str], dict[Oid, str], dict[Oid, str]]:
    """Write a masked subquery for each tainted relation: plain, under ONLY, and what is too deep or unclear."""
    plain: dict[Oid, str] = {}
    only: dict[Oid, str] = {}
    closed: dict[Oid, str] = {}
    depth: dict[Oid, int] = {}
    for oid in topological(found.tainted, snapshot):
        relation = snapshot.relations[oid]
        tags = found.tags.get(oid, {})
        if relation.kind != "v" or oid in found.raw_views:
            plain[oid] = f"({select(relation, snapshot, tags, text_keys)})"
            only[oid] = f"({select(relation, snapshot, tags, text_keys, only=relation.kind != 'v')})"
            continue
        depth[oid] = 1 + max((depth.get(below, 0) for below in relation.depends), default=0)
        if depth[oid] > VIEW_DEPTH:
            closed[oid] = f"{relation.qualified} stands on more than {VIEW_DEPTH} views; name its tables instead."
            continue
        try:
            inner = body(relation, {_pair(snapshot, below): (plain[below], only[below]) for below in plain})
        except UnsafeStart:
            closed[oid] = f"{relation.qualified} cannot be masked in a statement; name its tables instead."
            continue
        plain[oid] = only[oid] = f"({mirror(relation, snapshot, tags, inner, text_keys)})"
    return plain, only, closed


def _pair(snapshot: Snapshot, oid: Oid) -> tuple[str, str]:
    relation = snapshot.relations[oid]
    return relation.schema, relation.name
