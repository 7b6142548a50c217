"""Small snapshots for tests of masking: tables by a few words."""

from __future__ import annotations

from collections.abc import Mapping

from core.catalog import Attribute, Index, Oid, Relation, Snapshot, Type

NAMES = {"int": 23, "text": 25, "date": 1082, "numeric": 1700, "float8": 701, "bool": 16, "bigint": 20}
TYPES = {
    Oid(oid): Type(
        oid=Oid(oid), schema="pg_catalog", name=name, kind="b", category="U", element=None, base=None, fields=(),
        functions=frozenset(), extension=None,
    )
    for name, oid in NAMES.items()
}  # fmt: skip


def table(
    oid: int,
    name: str,
    columns: str,
    *,
    kind: str = "r",
    children: tuple[int, ...] = (),
    parents: tuple[int, ...] = (),
    reads: tuple[tuple[int, int], ...] = (),
    generated: Mapping[int, frozenset[int]] | None = None,
    policies: tuple[tuple[int, int], ...] = (),
    options: tuple[str, ...] = (),
    indexes: tuple[Index, ...] = (),
    partition_key: tuple[int, ...] = (),
    definition: str = "",
    granted: bool = True,
    comments: Mapping[str, str] | None = None,
) -> Relation:
    """`columns` is "id int, email text"; `reads` are columns of other relations that a view reads."""
    attributes = {}
    for number, column in enumerate(columns.split(", "), 1):
        called, type_name = column.split(" ")
        attributes[number] = Attribute(
            number=number,
            name=called,
            type=Oid(NAMES[type_name]),
            modifier=-1,
            type_name=type_name,
            generated=number in (generated or {}),
            granted=granted,
            comment=(comments or {}).get(called, ""),
        )
    schema, _, short = name.partition(".")
    return Relation(
        oid=Oid(oid),
        schema=schema,
        name=short,
        kind=kind,
        owner="owner",
        attributes=attributes,
        granted=granted,
        children=frozenset(map(Oid, children)),
        parents=frozenset(map(Oid, parents)),
        depends=frozenset(Oid(other) for other, _ in reads),
        depends_columns=frozenset((Oid(other), number) for other, number in reads),
        generated_from=generated or {},
        policies=frozenset((Oid(other), number) for other, number in policies),
        row_security=bool(policies),
        options=frozenset(options),
        indexes=indexes,
        partition_key=frozenset(partition_key),
        definition=definition,
    )


def snapshot(*relations: Relation, owned: tuple[str, ...] = ()) -> Snapshot:
    return Snapshot(
        system="1",
        database="d",
        version=180004,
        role="r",
        search_path=("pg_catalog", "public"),
        relations={relation.oid: relation for relation in relations},
        routines={},
        operators={},
        types=TYPES,
        stamp={},
        owned_schemas=frozenset(owned),
        names={(relation.schema, relation.name): relation.oid for relation in relations},
    )
