"""Tags of several Sources over one database: each bound by itself, then joined; what nobody knows yet closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import reduce
from typing import TypeAlias, final

from core.catalog import Oid, Snapshot
from core.masking import names
from core.masking.declared import Accepted, Bound, bind
from core.masking.straying import Kept

Tags: TypeAlias = Mapping[str, str]  # "schema.table.column" or a pattern -> tag


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Tags of other Sources by name: of those that reach this database, and of those of which nobody knows yet."""

    here: Mapping[str, Tags] = field(default_factory=dict)
    unread: Mapping[str, Tags] = field(default_factory=dict)
    strays: Kept = field(default_factory=dict)  # columns whose tag names something else now


def join(snapshot: Snapshot, tags: Tags, shared: Shared) -> Bound:
    """Bind each Source's tags and unite them; a column that two of them tag differently is a conflict.

    An unread Source may be this very database: what its tags would protect beyond the others' is lost to reading.
    """
    bounds = [bind(snapshot, each) for each in (tags, *shared.here.values())]
    united: dict[Oid, dict[int, str]] = {}
    conflicts: list[str] = []
    for bound in bounds:
        for oid, columns in bound.tags.items():
            for number, tag in columns.items():
                if united.setdefault(oid, {}).setdefault(number, tag) != tag:
                    relation = snapshot.relations[oid]
                    name = f"{relation.qualified}.{relation.attributes[number].name}"
                    conflicts.append(f"{name} is tagged {united[oid][number]} and {tag}; an operator decides.")
    lost = {oid: sentence for bound in reversed(bounds) for oid, sentence in bound.lost.items()}
    for source, theirs in shared.unread.items():
        for oid, columns in bind(snapshot, there(snapshot, theirs)).tags.items():
            if columns.keys() - united.get(oid, {}).keys():
                name = snapshot.relations[oid].qualified
                lost.setdefault(oid, f"{name} may be what source {source} tags, which was not reached yet.")
    lost = {**stray(snapshot, united, shared.strays), **lost}
    shut = next((bound.shut for bound in bounds if bound.shut), "") or next(iter(conflicts), "")
    return Bound(tags=united, lost=lost, shut=shut, conflicts=tuple(conflicts))


def stray(snapshot: Snapshot, united: dict[Oid, dict[int, str]], strays: Kept) -> dict[Oid, str]:
    """Tag what lost its tag to a change of names, and close its table until an operator has looked."""
    closed = {}
    for (oid, number), tag in strays.items():
        united.setdefault(oid, {})[number] = tag
        name = snapshot.relations[oid].qualified
        closed[oid] = f"{name} holds a column that was tagged {tag} under another name; an operator tags it."
    return closed


def there(snapshot: Snapshot, tags: Tags) -> Tags:
    """Leave out the tags of tables that are not here."""
    found = {}
    for name, tag in tags.items():
        split = names.parts(name)
        if split is not None and len(split) == len(("schema", "table", "column")) and snapshot.find(*split[:2]):
            found[name] = tag
    return found


def accepted(all_of: tuple[Accepted, ...]) -> Accepted:
    """Accept what every Source of a database accepts: the masking views are one set for all of them."""
    return reduce(_both, all_of) if all_of else Accepted()


def _both(one: Accepted, other: Accepted) -> Accepted:
    return Accepted(**{each.name: getattr(one, each.name) & getattr(other, each.name) for each in fields(Accepted)})
