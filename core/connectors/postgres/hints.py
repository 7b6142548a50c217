"""What a name that is not there may have meant: made by us of the visible schema and the statement's own words.

Each hint names the table whose name or columns it tells, so that policy can keep it from a Caller who may not see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from core.classify.postgres import Spot, harmless
from core.connectors.postgres.catalog.tables import KINDS, candidates
from core.model import Hint

if TYPE_CHECKING:
    from core.catalog import Protection, Relation, Snapshot
    from core.classify.postgres import Named, Parsed

NO_TABLE: Final = "42P01"
NO_COLUMN: Final = "42703"
NO_FUNCTION: Final = "42883"
NO_OBJECT: Final = "42704"
NEAR: Final = 0.6
MOST: Final = 5  # tables; policy may keep some of them back
SEARCHED: Final = 4_000  # tables looked through: 30 ms


def hints(code: str, at: Spot | None, parsed: Parsed, snapshot: Snapshot, protection: Protection) -> tuple[Hint, ...]:
    """Guess what was meant at a place of the agent's text."""
    if at is None or not at.parts:
        return ()
    inner = parsed if parsed.explains is None else parsed.explains.inner
    if code == NO_COLUMN:
        return tuple(columns(at.parts, inner, snapshot, protection))
    if code == NO_TABLE and at.parts in inner.columns:
        return tuple(aliases(at.parts, inner))
    if code == NO_TABLE:
        return tuple(tables(at.parts, snapshot, protection))
    if code == NO_OBJECT:
        return tuple(types(at.parts, snapshot))
    return tuple(functions(at.parts)) if code == NO_FUNCTION else ()


def tables(parts: tuple[str, ...], snapshot: Snapshot, protection: Protection) -> Iterator[Hint]:
    """Guess a table: the same name in another schema, else a name like it."""
    found: dict[str, list[Relation]] = {}
    for _, relation in zip(range(SEARCHED), candidates(snapshot, protection), strict=False):
        found.setdefault(relation.name, []).append(relation)
    near = [parts[-1]] if parts[-1] in found else get_close_matches(parts[-1], found, MOST, NEAR)
    for relation in [relation for name in near for relation in found[name]][:MOST]:
        yield hint(relation, protection, f"Did you mean {relation.qualified}?")


def columns(parts: tuple[str, ...], parsed: Parsed, snapshot: Snapshot, protection: Protection) -> Iterator[Hint]:
    """Guess a column of the tables that the statement names, of the one that the reference names first."""
    named = [one for one in parsed.names if len(parts) == 1 or called(one) == parts[-2]] or list(parsed.names)
    for one in named:
        relation = snapshot.find(one.schema, one.name)
        if relation is None or relation.schema in snapshot.owned_schemas or relation.oid in protection.closed:
            continue
        replaced = relation.oid in protection.replacement
        shown = [attribute.name for attribute in relation.attributes.values() if attribute.granted or replaced]
        near = get_close_matches(parts[-1], shown, 1, NEAR)
        if near and near[0] != parts[-1]:
            sentence = f"{relation.qualified} has no column {parts[-1]}; did you mean {near[0]}?"
            yield hint(relation, protection, sentence)


def aliases(parts: tuple[str, ...], parsed: Parsed) -> Iterator[Hint]:
    """Guess what a column's qualifier meant, of the statement's own words."""
    near = get_close_matches(parts[0], [called(one) for one in parsed.names], 1, NEAR)
    if near and near[0] != parts[0]:
        yield Hint(sentence=f"FROM has no {parts[0]}; did you mean {near[0]}?")


def functions(parts: tuple[str, ...]) -> Iterator[Hint]:
    """Guess a built-in function, whose names are no secret."""
    near = get_close_matches(parts[-1], harmless(), 1, 0.75)
    if near and near[0] != parts[-1]:
        yield Hint(sentence=f"Did you mean the function {near[0]}?")


def types(parts: tuple[str, ...], snapshot: Snapshot) -> Iterator[Hint]:
    """Guess a built-in type; own ones are told by `describe_table` to who may see a column of theirs."""
    known = {one.name for one in snapshot.types.values() if one.schema == "pg_catalog" and one.kind in "brm"}
    shown = sorted(name for name in known if not name.startswith(("_", "pg_", "reg")))
    near = get_close_matches(parts[-1], shown, 1, 0.7)
    if near and near[0] != parts[-1]:
        yield Hint(sentence=f"Did you mean the type {near[0]}?")


def called(named: Named) -> str:
    """Give the name by which a statement refers to a table."""
    return named.alias or named.name


def hint(relation: Relation, protection: Protection, sentence: str) -> Hint:
    """Make a hint that only who may see the table is told."""
    tags = frozenset(tagged.tag for tagged in protection.tags.get(relation.oid, {}).values())
    return Hint(sentence=sentence, table=relation.qualified, kind=KINDS.get(relation.kind, "table"), tags=tags)
