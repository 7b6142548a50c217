"""What the catalogue tools may show: relations that this Source answers for, with their effective tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.ports import Field, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.catalog import Attribute, Protection, Relation, Snapshot

KINDS: Final = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialised view",
    "f": "foreign table",
}
OURS: Final = frozenset({"pg_catalog", "information_schema", "pg_toast"})


def tables(snapshot: Snapshot, protection: Protection) -> tuple[Table, ...]:
    """List by name what is granted, or replaced, or closed with a reason; never the masking schemas themselves."""
    if protection.shut:
        return ()
    shown = [shape(relation, snapshot, protection) for relation in candidates(snapshot, protection)]
    return tuple(sorted(shown, key=lambda table: table.name))


def candidates(snapshot: Snapshot, protection: Protection) -> Iterator[Relation]:
    """Relations of users' schemas that the read role reaches, itself or through a replacement."""
    hidden = OURS | snapshot.owned_schemas
    for relation in snapshot.relations.values():
        if relation.kind not in KINDS or relation.schema in hidden or relation.schema.startswith("pg_"):
            continue
        granted = any(attribute.granted for attribute in relation.attributes.values())
        if granted or relation.oid in protection.replacement:
            yield relation


def shape(relation: Relation, snapshot: Snapshot, protection: Protection) -> Table:
    """Describe one relation."""
    return Table(
        name=relation.qualified,
        kind=KINDS[relation.kind],
        fields=tuple(column(relation, attribute, protection) for _, attribute in sorted(relation.attributes.items())),
        comment=relation.comment,
        closed=protection.closed.get(relation.oid, ""),
        keys=tuple(relation.attributes[number].name for number in relation.key if number in relation.attributes),
        references=tuple(references(relation, snapshot)),
    )


def column(relation: Relation, attribute: Attribute, protection: Protection) -> Field:
    """Describe one column, with what will be masked."""
    tagged = protection.tags.get(relation.oid, {}).get(attribute.number)
    return Field(
        name=attribute.name,
        type=attribute.type_name,
        comment=attribute.comment,
        tag=tagged.tag if tagged else None,
        mask=tagged.mask if tagged else None,
        looked_up=(relation.oid, attribute.number) in protection.looked_up,
    )


def references(relation: Relation, snapshot: Snapshot) -> Iterator[str]:
    """Word foreign keys: "customer_id -> public.customers.id"."""
    for link in relation.links:
        target = snapshot.relations.get(link.target)
        if target is None:
            continue
        own = ", ".join(relation.attributes[number].name for number in link.columns)
        theirs = ", ".join(target.attributes[number].name for number in link.target_columns)
        yield (
            f"{own} -> {target.qualified}.{theirs}"
            if len(link.columns) == 1
            else (f"({own}) -> {target.qualified} ({theirs})")
        )
