"""What the two roles of enforced masking should hold: exactly this, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import final

from core.catalog import Oid, Relation, Snapshot
from core.masking.declared import Accepted
from core.masking.hardening.emitted import Emitted
from core.masking.hardening.rights import Grant, revealing
from core.masking.masks import FREE_TEXT
from core.masking.names import CHECK_SCHEMA, KEY_SCHEMA, VIEWS_ROLE, dotted, qualified, quote
from core.masking.shared import Shared
from core.masking.spread import SYSTEM_SCHEMAS, Spread, option, spread


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the operator wants of one database: tags of every Source that reaches it, masks, and the two roles.

    `tags` are one Source's, whose roles these are; `shared` says what the others' add.
    """

    tags: Mapping[str, str]
    masks: Mapping[str, str]
    read_role: str
    write_role: str | None = None
    unmask_role: str | None = None  # runs reviewed unmaskings
    owned: frozenset[str] = frozenset()  # tags that have an owner: only they can be unmasked
    accepted: Accepted = field(default_factory=Accepted)
    shared: Shared = field(default_factory=Shared)
    functions: Mapping[str, str] = field(default_factory=dict)  # registered as pure: identity -> md5 of the body
    search_path: tuple[str, ...] = ("public",)  # by which names in bodies are looked up

    def over(self, snapshot: Snapshot) -> Spread:
        """Give the effective tags.

        Raises: SettingsError for a mask that does not exist.
        """
        return spread(snapshot, self.tags, self.masks, self.accepted, self.shared)


def bindings(snapshot: Snapshot, found: Spread) -> Mapping[tuple[Oid, int], tuple[str, str]]:
    """Give each masked column by number: its name today, and its tag."""
    return {
        (oid, number): (f"{relation.qualified}.{relation.attributes[number].name}", tagged.tag)
        for oid, columns in found.tags.items()
        for relation in [snapshot.relations[oid]]
        for number, tagged in columns.items()
        if tagged.mask != FREE_TEXT
    }


def moved(
    snapshot: Snapshot, found: Spread, recorded: Mapping[tuple[Oid, int], tuple[str, str]]
) -> Iterator[tuple[str, Oid]]:
    """Say which column lost its tag because a name moved: granting by name would then show it raw."""
    for (oid, number), (name, tag) in recorded.items():
        relation = snapshot.relations.get(oid)
        attribute = relation.attributes.get(number) if relation is not None else None
        if relation is None or attribute is None or number in found.tags.get(oid, {}):
            continue
        now = f"{relation.qualified}.{attribute.name}"
        if now != name:
            yield f"{name} was tagged {tag} and is now called {now}", oid


def applications(snapshot: Snapshot) -> Iterator[Relation]:
    """Relations of applications: no catalogs, nothing of ours."""
    ours = snapshot.owned_schemas | {KEY_SCHEMA, CHECK_SCHEMA}
    for relation in sorted(snapshot.relations.values(), key=lambda r: (r.schema, r.name)):
        if relation.kind in {"r", "p", "v", "m", "f"} and relation.schema not in SYSTEM_SCHEMAS | ours:
            yield relation


def wanted(snapshot: Snapshot, found: Spread, views: tuple[Emitted, ...], read_role: str) -> frozenset[Grant]:
    """Say exactly what the read role may read."""
    grants: set[Grant] = set()
    for relation in applications(snapshot):
        if relation.oid in found.closed or relation.oid in found.policied or revealing(snapshot, relation.oid):
            continue
        target = qualified(relation)
        if relation.oid not in found.tainted:
            grants.add(Grant(kind="TABLE", target=target, privilege="SELECT", grantee=read_role))
        elif relation.kind != "v":
            masked = found.masked(relation.oid)
            grants |= {
                Grant(kind="TABLE", target=target, privilege="SELECT", grantee=read_role, column=quote(column.name))
                for column in relation.attributes.values()
                if column.number not in masked
            }
    ours = {(view.schema, view.name) for view in views} | {(CHECK_SCHEMA, "token"), (CHECK_SCHEMA, "binding")}
    grants |= {Grant(kind="TABLE", target=dotted(pair), privilege="SELECT", grantee=read_role) for pair in ours}
    spaces = {relation.schema for relation in applications(snapshot)} | {schema for schema, _ in ours}
    return frozenset(
        grants | {Grant(kind="SCHEMA", target=quote(s), privilege="USAGE", grantee=read_role) for s in spaces}
    )


def needed(snapshot: Snapshot, found: Spread) -> frozenset[Grant]:
    """Say what the owner of the masking views must read: tainted tables, raw views, and what their policies read."""
    oids: set[Oid] = set()
    for oid in found.tainted - found.closed.keys():
        relation = snapshot.relations[oid]
        if relation.kind != "v" or oid in found.raw_views:
            oids |= {oid} | (
                set(relation.depends) if relation.kind != "v" or option(relation, "security_invoker") else set()
            )
    relations = [snapshot.relations[oid] for oid in oids if oid in snapshot.relations]
    relations = [relation for relation in relations if relation.schema not in SYSTEM_SCHEMAS]
    tables = {Grant(kind="TABLE", target=qualified(r), privilege="SELECT", grantee=VIEWS_ROLE) for r in relations}
    spaces = {Grant(kind="SCHEMA", target=quote(r.schema), privilege="USAGE", grantee=VIEWS_ROLE) for r in relations}
    return frozenset(tables | spaces)
