"""Catalog rows -> what hangs on each relation: keys, triggers, indexes, policies, publications, attached code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, final

from core.catalog import Index, Link, Oid, Reference, Trigger

Document: TypeAlias = Mapping[str, Any]  # what JSON gives; every field is read once, here and in `snapshot`

RECORDS: Final = 16  # from this major version on a rule names each relation twice: entry and permission record
VARIABLE: Final = re.compile(r":varattno (-?[0-9]+)", re.ASCII)
RELATION: Final = re.compile(r":relid ([0-9]+)", re.ASCII)


def variables(expression: str | None) -> frozenset[int]:
    """Attnums in a stored expression over one relation; 0 is the whole row."""
    return frozenset(int(number) for number in VARIABLE.findall(expression or ""))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """What hangs on each relation."""

    reads: Mapping[Oid, Collection[Oid]]
    named: Mapping[Oid, Mapping[Oid, int]]
    columns: Mapping[Oid, Collection[tuple[Oid, int]]]
    policies: Mapping[Oid, Collection[tuple[Oid, int]]]
    octets: Mapping[Oid, int]
    triggers: Mapping[Oid, list[Trigger]]
    references: Mapping[Oid, list[Reference]]
    links: Mapping[Oid, list[Link]]
    sequences: Mapping[Oid, Collection[Oid]]
    numbered: Mapping[Oid, Collection[int]]
    indexes: Mapping[Oid, list[Index]]
    checks: Mapping[Oid, list[frozenset[int]]]
    keys: Mapping[Oid, tuple[int, ...]]
    published: Mapping[Oid, list[str]]
    code: Mapping[Oid, Collection[Oid]]

    @classmethod
    def of(cls, document: Document) -> Edges:
        """Group the rows by relation."""
        reads: dict[Oid, set[Oid]] = defaultdict(set)
        columns: dict[Oid, set[tuple[Oid, int]]] = defaultdict(set)
        named: dict[Oid, dict[Oid, int]] = defaultdict(dict)
        twice = document["version"] // 10_000 >= RECORDS
        for view, relation, times in document["view_reads"] or ():
            if relation:
                reads[Oid(view)].add(Oid(relation))
                named[Oid(view)][Oid(relation)] = (times + 1) // 2 if twice else times
        for view, relation, number in document["view_columns"] or ():
            columns[Oid(view)].add((Oid(relation), number))
        policies, octets = policies_of(document["policies"], reads, columns)
        references, links = foreign_of(document["foreign"])
        indexes, keys = indexes_of(document["indexes"])
        sequences: dict[Oid, set[Oid]] = defaultdict(set)
        for table, sequence in document["owned"] or ():
            sequences[Oid(table)].add(Oid(sequence))
        numbered: dict[Oid, set[int]] = defaultdict(set)
        for table, number in document["numbered"] or ():
            numbered[Oid(table)].add(number)
        return cls(
            reads=reads,
            named=named,
            columns=columns,
            policies=policies,
            octets=octets,
            triggers=triggers_of(document["triggers"]),
            references=references,
            links=links,
            sequences=sequences,
            numbered=numbered,
            indexes=indexes,
            checks=checks_of(document["checks"]),
            keys=keys,
            published=published_of(document["published"]),
            code=attached_of(document),
        )


def policies_of(
    rows: Iterable[list[Any]] | None, reads: dict[Oid, set[Oid]], columns: dict[Oid, set[tuple[Oid, int]]]
) -> tuple[dict[Oid, set[tuple[Oid, int]]], dict[Oid, int]]:
    """Columns that row-security policies read, and the octets they add; their relations join `reads`, `columns`."""
    found: dict[Oid, set[tuple[Oid, int]]] = defaultdict(set)
    octets: dict[Oid, int] = defaultdict(int)
    for relation, using, check, used in rows or ():
        oid = Oid(relation)
        text = (using or "") + (check or "")
        octets[oid] += len(text)
        named = {Oid(int(number)) for number in RELATION.findall(text) if number != "0"}
        reads[oid].update(named)
        found[oid].update((Oid(table), number) for table, number in used or ())
        if 0 in variables(text):  # pg_depend has no row for a whole row; whose it is the text does not say plainly
            found[oid].update((table, 0) for table in {*named, oid})
        columns[oid].update((Oid(table), number) for table, number in used or () if table != relation)
    return found, octets


def triggers_of(rows: Iterable[list[Any]] | None) -> dict[Oid, list[Trigger]]:
    """Triggers that fire, by table."""
    found: dict[Oid, list[Trigger]] = defaultdict(list)
    for relation, name, function, definer, events in rows or ():
        found[Oid(relation)].append(Trigger(name=name, function=Oid(function), definer=definer, events=events))
    return found


def published_of(rows: Iterable[list[Any]] | None) -> dict[Oid, list[str]]:
    """Publications by table."""
    found: dict[Oid, list[str]] = defaultdict(list)
    for relation, name in rows or ():
        found[Oid(relation)].append(name)
    return found


def attached_of(document: Document) -> dict[Oid, set[Oid]]:
    """Own functions that stored expressions of each table call, operators through their own function."""
    operators = {Oid(oid): Oid(code) for oid, code in document["operators"]}
    found: dict[Oid, set[Oid]] = defaultdict(set)
    for relation, operator, number in document["attached"] or ():
        found[Oid(relation)].add(operators.get(Oid(number), Oid(number)) if operator else Oid(number))
    return found


def foreign_of(rows: Iterable[list[Any]] | None) -> tuple[dict[Oid, list[Reference]], dict[Oid, list[Link]]]:
    """Foreign keys from both ends."""
    references: dict[Oid, list[Reference]] = defaultdict(list)
    links: dict[Oid, list[Link]] = defaultdict(list)
    for child, parent, name, on_delete, on_update, own, theirs in rows or ():
        references[Oid(parent)].append(
            Reference(child=Oid(child), name=name, on_delete=on_delete, on_update=on_update, columns=frozenset(theirs))
        )
        links[Oid(child)].append(Link(name=name, columns=tuple(own), target=Oid(parent), target_columns=tuple(theirs)))
    return references, links


def indexes_of(rows: Iterable[list[Any]] | None) -> tuple[dict[Oid, list[Index]], dict[Oid, tuple[int, ...]]]:
    """Indexes and primary keys by table."""
    found: dict[Oid, list[Index]] = defaultdict(list)
    keys: dict[Oid, tuple[int, ...]] = {}
    for relation, oid, name, numbers, expressions, predicate, unique, clustered, primary in rows or ():
        columns = frozenset(number for number in numbers if number) | variables(expressions)
        found[Oid(relation)].append(
            Index(
                oid=Oid(oid),
                name=name,
                keys=columns,
                predicate=variables(predicate),
                unique=unique,
                clustered=clustered,
            )
        )
        if primary:
            keys[Oid(relation)] = tuple(numbers)
    return found, keys


def checks_of(rows: Iterable[list[Any]] | None) -> dict[Oid, list[frozenset[int]]]:
    """Columns of each CHECK, by table; those of domains have none."""
    found: dict[Oid, list[frozenset[int]]] = defaultdict(list)
    for _, relation, expression in rows or ():
        if relation:
            found[Oid(relation)].append(variables(expression))
    return found
