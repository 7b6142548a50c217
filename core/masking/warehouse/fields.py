"""Tags of a BigQuery Source bound to fields: what each table hides, and which tables nobody may read for a lost tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Final, final

from core.errors import SettingsError
from core.masking import names
from core.masking.declared import kind
from core.masking.warehouse import googlesql
from core.masking.warehouse.fence import KEPT, fenced, unfenced
from core.masking.warehouse.googlesql import KEYED, Shade
from core.masking.warehouse.keysets import Keyset
from core.model import Column, Mask
from core.warehouse import STRUCT, Fence, Field, Guard, Guarded, Path, Registered, Relation, Warehouse

ANY: Final = "*"
LEAST: Final = 2  # dataset and table
LOST: Final = "A tag of this table names no field of it; an operator has to look."
GONE: Final = "A tag names a table of this dataset that is not there; an operator has to look."
COPIED: Final = "This is a copy of a protected table and is not tagged itself; ask for it to be tagged."
UNKEYED: Final = (
    "[mask] {}: BigQuery has no keyed hash, so that tokens need the Source's token_key and token_keyset;"
    " or use hide, last4, year or bucket"
)
BARE: Final = "This view is trusted with protected columns and carries no tags of its own; an operator has to look."
UNKNOWN: Final = "A column of this table has a type that no mask is known for."


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is configured of a Source's protection: tags by name, the mask of each, and what tokens are made with."""

    tags: Mapping[str, str]
    masks: Mapping[str, str]
    keyset: Keyset | None = None
    routines: Mapping[str, Registered] = field(default_factory=dict)  # as `dataset.routine`, likewise
    trusted: frozenset[str] = frozenset()  # views, as `dataset.view`, with a project before it or without

    def __post_init__(self) -> None:
        """Raises: SettingsError for a mask that does not exist, or not here."""
        kinds = {tag: kind(tag, self.masks) for tag in sorted(set(self.tags.values()))}
        tokens = [tag for tag, name in kinds.items() if name == KEYED]
        if tokens and self.keyset is None:
            raise SettingsError(UNKEYED.format(tokens[0]))

    def shade(self, tag: str) -> Shade:
        """Say how a tag is masked."""
        return Shade(kind=kind(tag, self.masks), tag=tag, keyset=self.keyset)


def guard(warehouse: Warehouse, wanted: Wanted, fence: Fence | None = None) -> Guard:
    """Bind `dataset.table.column.field`, `dataset.table.*`, `dataset.*`, each with a project before it or without.

    A tag that names nothing is never dropped: after a rename that would be an unmasking. With a `fence` tables are
    shown by its masking views, and one whose view does not stand by nobody.
    """
    bound: dict[str, dict[Path, str]] = {}
    closed: dict[str, str] = {}
    patterns: list[str] = []
    for name, tag in sorted(wanted.tags.items(), key=lambda item: (ANY not in item[0], item[0])):
        project, rest = owner(warehouse, names.parts(name) or ())
        patterns.append(".".join((project, *rest[:LEAST])))
        hits = list(_hits(warehouse, project, rest))
        for relation, paths in hits:
            bound.setdefault(relation.name, {}).update(dict.fromkeys(paths, tag))
            if not paths:
                closed[relation.name] = LOST
        if not hits:
            closed[".".join((project, *rest[:1]))] = GONE
    tables = {name: guarded(warehouse.relations[name], paths, wanted) for name, paths in bound.items() if paths}
    closed |= {
        one.name: COPIED for one in warehouse.relations.values() if one.base in tables and one.name not in tables
    }
    for name in trusted(warehouse, wanted):
        if name in tables and warehouse.relations[name].views:
            tables[name] = replace(tables[name], trusted=True)
        else:
            closed[name] = BARE
    if fence is not None:
        tables = {name: fenced(one, fence) for name, one in tables.items()}
        closed |= {name: why for name, one in tables.items() if (why := unfenced(one, fence))}
        closed[fence.dataset] = KEPT
    closed |= {name: UNKNOWN for name, one in tables.items() if not all(each.known for each in one.relation.fields)}
    return Guard(tables=MappingProxyType(tables), closed=MappingProxyType(closed), patterns=tuple(patterns))


def trusted(warehouse: Warehouse, wanted: Wanted) -> Iterator[str]:
    """Yield the canonical names of views that may read protected tables."""
    for name in sorted(wanted.trusted):
        project, rest = owner(warehouse, (*name.split("."), ""))
        yield ".".join((project, *rest[:-1]))


def owner(warehouse: Warehouse, parts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Split a tag's name into its project and the rest; what begins with a dataset of ours needs none."""
    mine = {relation.dataset for relation in warehouse.relations.values()}
    if len(parts) > LEAST and f"{parts[0]}.{parts[1]}" in mine and f"{warehouse.project}.{parts[0]}" not in mine:
        return parts[0], parts[1:]
    if len(parts) > LEAST and parts[0] == warehouse.project:
        return parts[0], parts[1:]
    return warehouse.project, parts


def _hits(warehouse: Warehouse, project: str, rest: tuple[str, ...]) -> Iterator[tuple[Relation, list[Path]]]:
    """Yield the tables that a tag names, each with the fields that it names there."""
    for relation in warehouse.relations.values():
        dataset, table = relation.name.split(".")[-2:]
        if relation.dataset != f"{project}.{dataset}" or rest[:1] != (dataset,):
            continue
        if rest[1:] == (ANY,):
            yield relation, [(one.name,) for one in relation.fields]
        elif rest[1:2] == (table,):
            yield relation, [path for path in _paths(relation) if _fits(path, rest[LEAST:])]


def _paths(relation: Relation) -> Iterator[Path]:
    for one in relation.fields:
        yield from one.leaves()


def _fits(path: Path, wanted: tuple[str, ...]) -> bool:
    """Whether a field is one that a tag names: column names are not case-sensitive."""
    return len(path) == len(wanted) and all(
        fnmatchcase(step.casefold(), pattern.casefold()) for step, pattern in zip(path, wanted, strict=True)
    )


def guarded(relation: Relation, tags: Mapping[Path, str], wanted: Wanted) -> Guarded:
    """Say what a table hides, and write its subqueries."""
    kinds = {path: wanted.shade(tag) for path, tag in tags.items()}
    found = frozenset(_masks(relation, relation.fields, (), tags, kinds))
    body = googlesql.template(relation, kinds)
    return Guarded(
        relation=relation,
        tags=MappingProxyType(dict(tags)),
        masks=found,
        masked=body,
        body=body,
        hollow=googlesql.hollow(relation),
    )


def _masks(
    relation: Relation, fields: tuple[Field, ...], above: Path, tags: Mapping[Path, str], kinds: Mapping[Path, Shade]
) -> Iterator[Mask]:
    for one in fields:
        here = (*above, one.name)
        nearest = next((here[:n] for n in range(len(here), 0, -1) if here[:n] in tags), None)
        if one.type == STRUCT:
            yield from _masks(relation, one.fields, here, tags, kinds)
        elif nearest is not None:
            column = Column(relation=relation.name, name=".".join(here))
            yield Mask(column=column, tag=tags[nearest], kind=googlesql.effective(kinds[nearest].kind, one.type))
