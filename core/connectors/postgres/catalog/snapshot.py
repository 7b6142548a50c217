"""Catalog rows -> Snapshot: one transaction's answer to `queries.SNAPSHOT`, seen by the read and by the write role."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, TypeAlias, final

import asyncpg

from core.catalog import Attribute, Hook, Oid, Relation, Routine, Snapshot, Type
from core.connectors.postgres.catalog.edges import Document, Edges, variables
from core.connectors.postgres.catalog.stamps import ALL
from core.errors import Away, SourceUnavailable

Routines: TypeAlias = Mapping[Oid, Routine]

FIRST_USER: Final = 16_384  # FirstNormalObjectId (src/include/access/transam.h): smaller oids are the server's own
PROCEDURE: Final = "p"  # prokind
NAMED: Final = tuple(kind.value for kind in ALL)
ATTRIBUTE_OCTETS: Final = 400  # a column of a range variable in a dump, measured 15-18
CALLED: Final = re.compile(r":(?:funcid|opfuncid|aggfnoid|winfnoid|hashfuncid) ([0-9]+)", re.ASCII)
OPERATOR: Final = re.compile(r":opno ([0-9]+)", re.ASCII)
OPERATORS: Final = re.compile(r":opnos \(o([0-9 ]+)\)", re.ASCII)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the configuration says about how names resolve and which schemas are ours."""

    search_path: tuple[str, ...]
    reader: str
    writer: str
    views_role: str  # owner of the masking schemas
    functions: Mapping[str, str] = field(default_factory=dict)  # registered as pure: identity -> md5 of the body
    procedures: Mapping[str, str] = field(default_factory=dict)  # registered for CALL, likewise


def read(answer: asyncpg.Record | None) -> Document:
    """Read an answer to `queries.SNAPSHOT`: of the database's own objects, and of the server's own routines.

    Raises: SourceUnavailable where there is none.
    """
    if answer is None:
        raise SourceUnavailable("the catalogs answered nothing", Away.FAULT)
    return {**json.loads(answer["own"]), "server": servers(answer["server"])}


@lru_cache(maxsize=4)
def servers(text: str) -> tuple[Routines, Routines]:
    """Make the routines of the server's own, as the read and as the write role may run them.

    Nothing but these bytes is read here, so that equal bytes may be remembered: of one version they are mostly the
    same in all databases, and whoever replaces a built-in function or its rights changes them.
    """
    document = json.loads(text)
    reads = routines_of(document)
    differ = {Oid(row[0]): row[14] for row in document["routines"] if row[13] != row[14]}
    return reads, {**reads, **{oid: replace(reads[oid], executable=may) for oid, may in differ.items()}}


def build(document: Document, shape: Shape, *, writer: bool = False) -> Snapshot:
    """Make the Snapshot of one of the two roles from one answer."""
    role = shape.writer if writer else shape.reader
    operators = {Oid(oid): Oid(code) for oid, code in document["operators"]}
    relations = relations_of(document, writer=writer)
    routines = {**document["server"][writer], **routines_of(document, writer=writer)}
    pure, changed = registered(routines, shape.functions)
    called, others = callable_ones(routines, shape.procedures)
    return Snapshot(
        system=document["system"],
        database=document["database"],
        version=document["version"],
        role=role,
        search_path=effective_path(document, shape.search_path, writer=writer),
        relations=relations,
        routines=routines,
        operators=operators,
        types=types_of(document, operators),
        stamp=stamps_of(document["stamp"]),
        owned_schemas=frozenset(name for _, name, owner, *_ in document["schemas"] if owner == shape.views_role),
        names={(relation.schema, relation.name): oid for oid, relation in relations.items()},
        roles=frozenset({shape.reader, shape.writer, shape.views_role}),
        pure=pure,
        methods=methods_of(document),
        hooks=tuple(Hook(name=name, event=event, function=Oid(code)) for name, event, code in document["hooks"] or ()),
        callable=called,
        changed=changed | others,
    )


def registered(
    routines: Mapping[Oid, Routine], functions: Mapping[str, str]
) -> tuple[dict[Oid, frozenset[Oid]], dict[str, str]]:
    """Routines that still have the body an operator looked at, and what became of those that have not."""
    there = {routine.identity: routine for oid, routine in routines.items() if oid >= FIRST_USER}
    pure: dict[Oid, frozenset[Oid]] = {}
    changed: dict[str, str] = {}
    for identity, body in functions.items():
        routine = there.get(identity)
        if routine is None or routine.kind == PROCEDURE:
            changed[identity] = "not there"
        elif routine.definer:
            changed[identity] = "SECURITY DEFINER"
        elif routine.source == body:
            pure[routine.oid] = frozenset({routine.oid})
        else:
            changed[identity] = f"pure:{routine.source}"
    return pure, changed


def callable_ones(
    routines: Mapping[Oid, Routine], procedures: Mapping[str, str]
) -> tuple[frozenset[Oid], dict[str, str]]:
    """Procedures that still have the body an operator looked at, and what became of those that have not."""
    there = {each.identity: each for oid, each in routines.items() if oid >= FIRST_USER and each.kind == PROCEDURE}
    found: set[Oid] = set()
    changed: dict[str, str] = {}
    for identity, body in procedures.items():
        routine = there.get(identity)
        if routine is None:
            changed[identity] = "no such procedure"
        elif routine.source == body:
            found.add(routine.oid)
        else:
            changed[identity] = f"procedure:{routine.source}"
    return frozenset(found), changed


def stamps_of(document: Mapping[str, Iterable[tuple[int, str]] | None]) -> dict[Oid, str]:
    """Oid -> digests of its catalog rows, each behind the kind of object that it is of."""
    found: dict[Oid, str] = {}
    for kind in NAMED:
        for oid, digest in document.get(kind) or ():
            before = found.get(Oid(oid))
            found[Oid(oid)] = f"{kind}:{digest}" if before is None else f"{before} {kind}:{digest}"
    return found


def effective_path(document: Document, path: tuple[str, ...], *, writer: bool) -> tuple[str, ...]:
    """Schemas that are searched: the server skips those that are missing or closed to the role (docs 5.10.3)."""
    usable = {row[1] for row in document["schemas"] if row[4 if writer else 3]}
    return ("pg_catalog", *(name for name in path if name in usable and name != "pg_catalog"))


# ---------------------------------------------------------------- relations


def relations_of(document: Document, *, writer: bool) -> dict[Oid, Relation]:
    """Every relation that a statement can name, the server's own included."""
    attributes = attributes_of(document["attributes"], writer=writer)
    generated = generated_of(document["attributes"])
    children, parents = pairs(document["inherits"])
    edges = Edges.of(document)
    grants = "granted_writer" if writer else "granted"
    found: dict[Oid, Relation] = {}
    for row in document["relations"]:
        oid = Oid(row["oid"])
        found[oid] = Relation(
            oid=oid,
            schema=row["schema"],
            name=row["name"],
            kind=row["kind"],
            owner=row["owner"],
            attributes=attributes.get(oid, {}),
            granted=row[grants],
            children=frozenset(children.get(oid, ())),
            parents=frozenset(parents.get(oid, ())),
            depends=frozenset(edges.reads.get(oid, ())) - {oid},
            named=edges.named.get(oid, {}),
            depends_columns=frozenset(edges.columns.get(oid, ())),
            policies=frozenset(edges.policies.get(oid, ())),
            row_security=row["row_security"],
            rules=row["rules"],
            triggers=tuple(edges.triggers.get(oid, ())),
            references=tuple(edges.references.get(oid, ())),
            links=tuple(edges.links.get(oid, ())),
            key=edges.keys.get(oid, ()),
            sequences=frozenset(edges.sequences.get(oid, ())),
            numbered=frozenset(edges.numbered.get(oid, ())),
            indexes=tuple(edges.indexes.get(oid, ())),
            checks=tuple(edges.checks.get(oid, ())),
            partition_key=partition_key(row["partition_key"]),
            published=tuple(edges.published.get(oid, ())),
            code=frozenset(edges.code.get(oid, ())),
            options=frozenset(row["options"] or ()),
            generated_from=generated.get(oid, {}),
            definition=row["definition"] or "",
            weight=ATTRIBUTE_OCTETS * row["natts"] + (row["rule"] or 0) + edges.octets.get(oid, 0),
            comment=row["comment"] or "",
        )
    return found


def attributes_of(rows: Iterable[list[Any]], *, writer: bool) -> dict[Oid, dict[int, Attribute]]:
    """Columns by relation and number."""
    found: dict[Oid, dict[int, Attribute]] = defaultdict(dict)
    for relation, number, name, type_, modifier, type_name, generated, reader_may, writer_may, comment, _ in rows:
        found[Oid(relation)][number] = Attribute(
            number=number,
            name=name,
            type=Oid(type_),
            modifier=modifier,
            type_name=type_name,
            generated=generated,
            granted=writer_may if writer else reader_may,
            comment=comment or "",
        )
    return found


def generated_of(rows: Iterable[list[Any]]) -> dict[Oid, dict[int, frozenset[int]]]:
    """Generated column -> the columns its expression reads."""
    found: dict[Oid, dict[int, frozenset[int]]] = defaultdict(dict)
    for row in rows:
        if row[6]:
            found[Oid(row[0])][row[1]] = variables(row[10])
    return found


def partition_key(row: tuple[list[int], str | None] | None) -> frozenset[int]:
    """Key columns of a partitioned table, those inside expressions included."""
    if row is None:
        return frozenset()
    numbers, expressions = row
    return frozenset(number for number in numbers if number) | variables(expressions)


def pairs(rows: Iterable[tuple[int, int]] | None) -> tuple[dict[Oid, set[Oid]], dict[Oid, set[Oid]]]:
    """(child, parent) rows -> children by parent, parents by child."""
    children: dict[Oid, set[Oid]] = defaultdict(set)
    parents: dict[Oid, set[Oid]] = defaultdict(set)
    for child, parent in rows or ():
        children[Oid(parent)].add(Oid(child))
        parents[Oid(child)].add(Oid(parent))
    return children, parents


# ---------------------------------------------------------------- code and types


def routines_of(document: Document, *, writer: bool = False) -> dict[Oid, Routine]:
    """Routines, with what aggregates among them are made of."""
    support = {oid: frozenset(Oid(part) for part in parts if part) for oid, parts in document["aggregates"] or ()}
    found: dict[Oid, Routine] = {}
    for row in document["routines"] or ():
        oid = Oid(row[0])
        found[oid] = Routine(
            oid=oid,
            schema=row[1],
            name=row[2],
            arguments=row[3] or "",
            kind=row[4],
            volatility=row[5],
            language=row[6],
            definer=row[7],
            extension=row[8],
            owner=row[9],
            source=row[10],
            types=(*(Oid(argument) for argument in row[11] or ()), Oid(row[12])),
            support=support.get(oid, frozenset()),
            executable=row[14 if writer else 13],
            body=row[15] or "",
            names=tuple(row[16] or ()),
            scalar=row[17],
            silent=row[18],
        )
    return found


def methods_of(document: Document) -> dict[Oid, frozenset[Oid]]:
    """Own functions of operator families, by each operator, type and table that leads to the family."""
    found: dict[Oid, frozenset[Oid]] = {}
    for own, leads in document["families"] or ():
        for oid in map(Oid, leads):
            found[oid] = found.get(oid, frozenset()) | frozenset(map(Oid, own))
    return found


def types_of(document: Document, operators: Mapping[Oid, Oid]) -> dict[Oid, Type]:
    """Every type, with what its CHECKs and its range support functions call."""
    functions: dict[Oid, set[Oid]] = defaultdict(set)
    subtype: dict[Oid, Oid] = {}
    for domain, _, expression in document["checks"] or ():
        if domain:
            functions[Oid(domain)] |= called(expression, operators)
    for range_, multirange, inner, canonical, difference, support in document["ranges"] or ():
        for oid in (range_, multirange):
            functions[Oid(oid)].update(Oid(part) for part in (canonical, difference, *(support or ())) if part)
        subtype[Oid(range_)] = Oid(inner)
        subtype[Oid(multirange)] = Oid(range_)
    fields: dict[int, list[Oid]] = defaultdict(list)
    for row in document["attributes"]:
        fields[row[0]].append(Oid(row[3]))
    found: dict[Oid, Type] = {}
    for number, schema, name, kind, category, element, base, relation, extension, label in document["types"]:
        oid = Oid(number)
        inner = subtype.get(oid) if kind in {"r", "m"} else element
        found[oid] = Type(
            oid=oid,
            schema=schema,
            name=name,
            kind=kind,
            category=category,
            element=None if inner is None else Oid(inner),
            base=None if base is None else Oid(base),
            fields=tuple(fields[relation]) if kind == "c" else (),
            functions=frozenset(functions.get(oid, ())),
            extension=extension,
            relation=None if relation is None else Oid(relation),
            label=label,
        )
    return found


def called(expression: str, operators: Mapping[Oid, Oid]) -> set[Oid]:
    """Functions that a stored expression calls, operators through their own function."""
    named = {Oid(int(number)) for number in CALLED.findall(expression)}
    used = [int(number) for number in OPERATOR.findall(expression)]
    used += [int(number) for listed in OPERATORS.findall(expression) for number in listed.split()]
    named |= {operators.get(Oid(number), Oid(0)) for number in used}
    return {oid for oid in named if oid}
