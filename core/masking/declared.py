"""What the operator declared: tag names bound to the columns of one snapshot, and the mask of each tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import final

from core.catalog import Oid, Relation, Snapshot
from core.errors import SettingsError
from core.masking import documents, names
from core.masking.masks import FREE_TEXT, KINDS, PLAIN


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What an operator accepts by name, all of it weaker than the default; qualified names of relations or columns."""

    trusted: frozenset[str] = frozenset()  # views that keep their own body raw; they carry tags of their own
    untagged: frozenset[str] = frozenset()  # materialised views and foreign tables declared free of tags
    policies: frozenset[str] = frozenset()  # tables whose row policies read tagged columns
    grains: frozenset[str] = frozenset()  # tables partitioned by a tagged column
    hide_null: frozenset[str] = frozenset()  # columns whose `hide` shows which values are NULL


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Tags by (relation, attnum); `lost` tables have a tag that names no column, `shut` says that a table is gone."""

    tags: Mapping[Oid, Mapping[int, str]]
    lost: Mapping[Oid, str] = field(default_factory=dict)
    shut: str = ""
    conflicts: tuple[str, ...] = ()  # columns that two Sources tag differently; each shuts the Source as well


def kind(tag: str, masks: Mapping[str, str]) -> str:
    """Find a tag's mask: its own name, else the longest pattern; a tag without a mask is hidden.

    Raises: SettingsError for a mask that does not exist.
    """
    patterns = sorted((p for p in masks if p == tag or fnmatchcase(tag, p)), key=lambda p: (p == tag, len(p), p))
    found = masks[patterns[-1]] if patterns else FREE_TEXT if tag == FREE_TEXT else "hide"
    try:
        known = found in PLAIN or documents.read(found) is not None
    except ValueError:
        known = False
    if not known:
        raise SettingsError(f'[mask] "{patterns[-1]}" = "{found}": masks are {", ".join(KINDS)}')
    return found


def bind(snapshot: Snapshot, tags: Mapping[str, str]) -> Bound:
    """Bind `schema.table.column` and `schema.table.pattern` to columns; an exact name wins over a pattern.

    A tag that names nothing is never dropped: after a rename that would be an unmasking.
    """
    found: dict[Oid, dict[int, tuple[bool, str]]] = {}
    lost: dict[Oid, str] = {}
    shut = ""
    for name, tag in sorted(tags.items(), key=lambda item: (_pattern(item[0]), item[0])):
        split = names.parts(name)
        relation = _table(snapshot, split)
        if split is None or relation is None:
            shut = shut or f"A tag names {name}, which is not there; an operator corrects the tag."
            continue
        trouble = _place(found.setdefault(relation.oid, {}), relation, split[-1], (_pattern(name), tag))
        if trouble:
            lost[relation.oid] = f"{trouble}: {name}. An operator corrects the tag."
    bound = {oid: {number: tag for number, (_, tag) in placed.items()} for oid, placed in found.items()}
    return Bound(tags=bound, lost=lost, shut=shut)


def _table(snapshot: Snapshot, split: tuple[str, ...] | None) -> Relation | None:
    match split:
        case (schema, table, _):
            return snapshot.find(schema, table)
        case _:
            return None


def _place(placed: dict[int, tuple[bool, str]], relation: Relation, column: str, wanted: tuple[bool, str]) -> str:
    """Tag the columns that a name or pattern hits; the answer says what is wrong, or nothing."""
    pattern, tag = wanted
    hits = [
        attribute.number
        for attribute in relation.attributes.values()
        if attribute.name == column or (pattern and fnmatchcase(attribute.name, column))
    ]
    trouble = "" if hits else "A tag names a column that is not there"
    for number in hits:
        before = placed.setdefault(number, wanted)
        # An exact name was bound first and wins over a pattern; two names, or two patterns, have no order.
        if before[0] == pattern and before[1] != tag:
            trouble = "Two tags name one column"
    return trouble


def _pattern(name: str) -> bool:
    split = names.parts(name)
    return split is not None and any(mark in split[-1] for mark in "*?[")
