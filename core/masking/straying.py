"""A tag stays with its column: names that change places take no tag away as long as this process knows the column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from core.catalog import Oid, Protection, Snapshot

Kept: TypeAlias = Mapping[tuple[Oid, int], str]  # a column by number -> its tag


def bound(protection: Protection) -> Kept:
    """Give each tagged column by number."""
    return {(oid, number): tagged.tag for oid, columns in protection.tags.items() for number, tagged in columns.items()}


def strays(kept: Kept, snapshot: Snapshot, protection: Protection) -> Kept:
    """Name the columns that are still there and carry their tag no more (masking 1): renamed, swapped, detached."""
    now = bound(protection)
    return {
        (oid, number): tag
        for (oid, number), tag in kept.items()
        if (oid, number) not in now and number in attributes(snapshot, oid)
    }


def attributes(snapshot: Snapshot, oid: Oid) -> frozenset[int]:
    """Give the numbers of a relation's columns; none where it is gone."""
    relation = snapshot.relations.get(oid)
    return frozenset() if relation is None else frozenset(relation.attributes)
