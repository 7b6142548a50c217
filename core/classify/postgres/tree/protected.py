"""What a tree touches under effective tags: columns, tags, masks, and what no mask can hide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, final

from core.catalog import Oid, Protection, Relation, Snapshot, Tagged
from core.classify.postgres.nouns import Doubted
from core.classify.postgres.tree.agree import below, reach, system
from core.classify.postgres.tree.census import Census, Record
from core.model import FREE_TEXT, Column, Doubt, Mask

SYSTEM_COLUMNS: Final = {-1: "ctid", -2: "xmin", -3: "cmin", -4: "xmax", -5: "cmax", -6: "tableoid"}


@final
@dataclass(slots=True)
class Used:
    """Columns in use, by relation, and those of them whose values must not come out raw."""

    numbers: dict[Oid, set[int]] = field(default_factory=lambda: defaultdict(set))
    touched: dict[Oid, Mapping[int, Tagged]] = field(default_factory=dict)

    def has(self, oid: Oid, number: int) -> bool:
        """Whether a column is in use; the whole row is every column."""
        return bool(self.numbers.get(oid, set()) & {0, number})

    def also(self, more: Mapping[Oid, frozenset[int]]) -> Used:
        """Count further columns as in use: what the server compares by itself."""
        numbers = defaultdict(set, {oid: set(found) for oid, found in self.numbers.items()})
        for oid, columns in more.items():
            numbers[oid] |= columns
        return Used(numbers, self.touched)

    def columns(self, snapshot: Snapshot) -> frozenset[Column]:
        """Name every column in use; a whole row is every column."""
        return frozenset(
            Column(relation=snapshot.relations[oid].qualified, name=attribute.name)
            for oid, numbers in self.numbers.items()
            for attribute in snapshot.relations[oid].attributes.values()
            if 0 in numbers or attribute.number in numbers
        )


def use(census: Census, snapshot: Snapshot, protection: Protection) -> Used:
    """Collect what every permission record uses.

    Raises: Doubted for a column that the snapshot does not know, and for a relation or Source that is closed.
    """
    if protection.shut:
        raise Doubted(Doubt.CLOSED, protection.shut)
    used = Used()
    for oid in sorted({*census.entries, *(record.relation for record in census.records)}):
        if oid in protection.closed:
            raise Doubted(Doubt.CLOSED, protection.closed[oid])
        used.numbers[oid].update()
    for record in census.records:
        known = snapshot.relations[record.relation].attributes
        if any(number > 0 and number not in known for number in record.used):
            raise Doubted(Doubt.MISSING, "A column that this statement uses is new; ask again.", "attnum")
        used.numbers[record.relation] |= record.used
    for oid, numbers in used.numbers.items():
        touched = protection.touched(oid, frozenset(numbers))
        if touched:
            used.touched[oid] = touched
    return used


def unseen(census: Census, used: Used, snapshot: Snapshot, protection: Protection) -> None:
    """Refuse what shows the storage of a relation with protected columns, or the last number of such a column.

    Raises: Doubted.
    """
    latest(census, snapshot, protection)
    for oid, numbers in used.numbers.items():
        relation = snapshot.relations[oid]
        if not any(hidden(each, protection) for each in below({oid}, snapshot)):
            continue
        number = min((number for number in numbers if number < 0), default=None)
        if number is not None:
            name = SYSTEM_COLUMNS.get(number, "A system column")
            raise Doubted(
                Doubt.PROTECTED,
                f"{name} of {relation.name} is not shown: its layout follows protected values; leave it out.",
            )
        if oid in census.sampled:
            raise Doubted(
                Doubt.PROTECTED,
                f"{relation.name} is not sampled: its layout follows protected values; leave TABLESAMPLE out.",
            )


def latest(census: Census, snapshot: Snapshot, protection: Protection) -> None:
    """Refuse the last values of sequences where one numbers protected values: it is the newest of them.

    Raises: Doubted.
    """
    if not (census.counted or any(last(record, snapshot) for record in census.catalogs)):
        return
    for oid, columns in protection.tags.items():
        numbered = snapshot.relations[oid].numbered if oid in snapshot.relations else frozenset[int]()
        if any(tagged.mask != FREE_TEXT and number in numbered for number, tagged in columns.items()):
            raise Doubted(
                Doubt.PROTECTED,
                "The last value of a sequence is not shown: one of this source numbers protected values; leave it out.",
            )


def last(record: Record, snapshot: Snapshot) -> bool:
    """Whether a record asks `pg_sequences` for the last values."""
    relation = snapshot.relations.get(record.relation)
    if relation is None or relation.qualified != "pg_catalog.pg_sequences":
        return False
    shown = relation.column.get("last_value")
    return shown is None or bool(record.selected & {0, shown.number})


def hidden(oid: Oid, protection: Protection) -> bool:
    """Whether a relation has protected columns, of its own or behind it."""
    masked = any(tagged.mask != FREE_TEXT for tagged in protection.tags.get(oid, {}).values())
    return masked or oid in protection.tainted


def tags(used: Used, snapshot: Snapshot, protection: Protection) -> Mapping[str, frozenset[str]]:
    """Give each thing's tags among its used columns, free text included."""
    found = {}
    for oid, numbers in used.numbers.items():
        names = frozenset(
            tagged.tag for number, tagged in protection.tags.get(oid, {}).items() if 0 in numbers or number in numbers
        )
        if names:
            found[snapshot.relations[oid].qualified] = names
    return found


def masks(used: Used, replaced: Iterable[Oid], snapshot: Snapshot, protection: Protection) -> frozenset[Mask]:
    """Give every protected column of the replaced relations and of what a replaced view reads, and free text in use."""
    covered = {relation.oid for relation in within(replaced, snapshot)}
    return frozenset(
        Mask(
            column=Column(relation=relation.qualified, name=relation.attributes[number].name),
            tag=tagged.tag,
            kind=tagged.mask,
        )
        for relation in (snapshot.relations[oid] for oid in sorted(covered | used.numbers.keys()))
        for number, tagged in protection.tags.get(relation.oid, {}).items()
        if number in relation.attributes and (relation.oid, number) not in protection.lifted
        if (relation.oid in covered if tagged.mask != FREE_TEXT else used.has(relation.oid, number))
    )


def unmasked(used: Used, snapshot: Snapshot, protection: Protection) -> frozenset[Mask]:
    """Give the columns in use that an unmasking shows as they are."""
    return frozenset(
        Mask(
            column=Column(relation=relation.qualified, name=relation.attributes[number].name),
            tag=protection.tags[oid][number].tag,
            kind=protection.tags[oid][number].mask,
        )
        for oid, number in protection.lifted
        for relation in [snapshot.relations[oid]]
        if oid in used.numbers and used.has(oid, number)
    )


def within(oids: Iterable[Oid], snapshot: Snapshot) -> list[Relation]:
    """Give relations and all that their views read, without system relations."""
    return [snapshot.relations[oid] for oid in sorted(reach(oids, snapshot)) if not system(snapshot.relations[oid])]
