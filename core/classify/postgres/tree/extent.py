"""What a definition reaches by the catalogs' word: everything a DROP takes along, everything that a schema holds.

PostgreSQL docs 5.15 (dependency tracking). The connector asks in the statement's own transaction, and again when it
runs; what was listed is part of the Reading's digest, and nothing else may have gone when it commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from core.catalog import Protection, Relation, Snapshot
from core.classify.postgres.nouns import Doubted, Fallen, Fields, Need, Node, Parsed, Reach, Reaches, Witnessed
from core.classify.postgres.text.roots import PARTS
from core.classify.postgres.text.scope import words
from core.classify.postgres.text.shape import children
from core.classify.postgres.text.utility import kind_of, targets
from core.classify.postgres.tree import beside
from core.classify.postgres.tree.agree import kin
from core.classify.postgres.tree.aims import named, open_to
from core.classify.postgres.tree.handed import every_one, names
from core.classify.postgres.tree.locks import ALL, DEFINERS, worded
from core.classify.postgres.tree.owned import falling
from core.classify.postgres.tree.protected import hidden
from core.classify.postgres.tree.read import digest
from core.classify.postgres.tree.routines import of_name
from core.model import Doubt, Fact, Json, Pair, Thing, Unreadable

MOST: Final = 50  # objects that one statement may take along (sql.md 12): more than people can look at
# removeType -> the type's name as pg_get_object_address takes it
DROPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "OBJECT_TABLE": "table", "OBJECT_VIEW": "view", "OBJECT_MATVIEW": "materialized view", "OBJECT_INDEX": "index",
        "OBJECT_SEQUENCE": "sequence", "OBJECT_SCHEMA": "schema", "OBJECT_TYPE": "type", "OBJECT_DOMAIN": "type",
        "OBJECT_STATISTIC_EXT": "statistics object", "OBJECT_FUNCTION": "function", "OBJECT_PROCEDURE": "procedure",
        "OBJECT_ROUTINE": "routine", "OBJECT_TRIGGER": "trigger", "OBJECT_RULE": "rule", "OBJECT_POLICY": "policy",
    }
)  # fmt: skip
COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {"AT_DropColumn": "table column", "AT_DropConstraint": "table constraint"}
)
HOLDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "OBJECT_TABLE": "table", "OBJECT_SEQUENCE": "sequence", "OBJECT_FUNCTION": "function",
        "OBJECT_PROCEDURE": "procedure", "OBJECT_ROUTINE": "routine",
    }
)  # fmt: skip
CALLABLE: Final = frozenset({"function", "procedure", "routine"})
# pg_identify_object's types as policies name things; others keep their own names, and no policy lets them be defined
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "materialized view": "view", "foreign table": "table", "statistics object": "statistics",
        "procedure": "function", "aggregate": "function", "composite type": "type", "domain": "type",
        "toast table": "table", "partitioned table": "table",
    }
)  # fmt: skip
CASCADE: Final = "This CASCADE is not read; name every object, without CASCADE."
MANY: Final = f"It would take more than {MOST} other objects along; drop them in smaller steps."
PLAIN: Final = "Name the function with its argument types, each a plain type."


def reaches(parsed: Parsed, snapshot: Snapshot) -> Reaches | None:
    """Say what must be asked of the catalogs; None: the statement touches what it names.

    Raises: Doubted for a CASCADE of another kind.
    """
    tree = parsed.tree
    if parsed.root == "GrantStmt" and tree.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA":
        kind = HOLDS[str(tree.get("objtype"))]
        held = tuple((kind, name, ()) for name in targets(parsed.root, tree))
        return Reaches(kind=Reach.SCHEMA, objects=held, rights=names(parsed))
    if parsed.root == "DropStmt":
        dropped = tuple(addresses(parsed, snapshot))
        cascades = tree.get("behavior") == "DROP_CASCADE"
        return Reaches(kind=Reach.FALLS, objects=dropped, optional=bool(tree.get("missing_ok")), cascades=cascades)
    if parsed.root == "AlterTableStmt":
        cut = tuple(commanded(parsed, snapshot))
        return Reaches(kind=Reach.FALLS, objects=cut, optional=True, cascades=True) if cut else None
    if parsed.root != "TruncateStmt" and tree.get("behavior") == "DROP_CASCADE":
        raise Doubted(Doubt.UNKNOWN, CASCADE)
    return None


def addresses(parsed: Parsed, snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield the objects of a DROP as `pg_get_object_address` takes them.

    Raises: Doubted.
    """
    kind = DROPS[str(parsed.tree.get("removeType"))]
    objects = parsed.tree.get("objects")
    for name, node in zip(targets(parsed.root, parsed.tree), objects if isinstance(objects, list) else (), strict=True):
        if kind_of(parsed.tree, "object") in PARTS:
            *schema, title, own = name
            table = snapshot.find(schema[0] if schema else None, title)
            yield kind, (name if table is None else (table.schema, table.name, own)), ()
        elif kind == "type":
            yield kind, (".".join(map(quoted, name)),), ()
        elif kind in CALLABLE:
            yield callable_kind(kind, name, snapshot), name, arguments(node, name, snapshot)
        else:
            yield kind, name, ()


def callable_kind(kind: str, name: tuple[str, ...], snapshot: Snapshot) -> str:
    """Say which kind of routine ROUTINE means: the server is asked about a function or a procedure."""
    found = (each.kind for each in of_name(name, snapshot))
    return kind if kind != "routine" else "procedure" if next(found, "") == "p" else "function"


def arguments(node: Node, name: tuple[str, ...], snapshot: Snapshot) -> tuple[str, ...]:
    """Give the argument types of a function that is dropped.

    Raises: Doubted where the text does not say plainly which function it is.
    """
    (held,) = node.values() if isinstance(node, Mapping) and len(node) == 1 else ({},)
    fields = held if isinstance(held, Mapping) else {}
    if not fields.get("args_unspecified"):
        return tuple(type_of(below) for part, _, below in children("ObjectWithArgs", fields) if part == "objargs")
    found = of_name(name, snapshot)
    if len(found) != 1:
        raise Doubted(Doubt.UNKNOWN, PLAIN)
    return tuple(snapshot.types[oid].label for oid in found[0].types[:-1])


def type_of(fields: Fields) -> str:
    """Write a type's name as the server reads it.

    Raises: Doubted for more than a name.
    """
    if fields.keys() - {"names", "typemod", "location", "arrayBounds"}:
        raise Doubted(Doubt.UNKNOWN, PLAIN)
    return ".".join(map(quoted, words(fields.get("names")))) + ("[]" if "arrayBounds" in fields else "")


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def commanded(parsed: Parsed, snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield the columns and constraints that ALTER TABLE drops, if any of them with CASCADE.

    Raises: Doubted.
    """
    commands = [below for part, _, below in children(parsed.root, parsed.tree) if part == "cmds"]
    cascading = [command for command in commands if command.get("behavior") == "DROP_CASCADE"]
    if any(command.get("subtype") not in COMMANDS for command in cascading):
        raise Doubted(Doubt.UNKNOWN, CASCADE)
    for command in commands if cascading else ():
        kind = COMMANDS.get(str(command.get("subtype")))
        if kind is None:
            continue
        for name in targets(parsed.root, parsed.tree):
            table = snapshot.find(name[0] if len(name) > 1 else None, name[-1])
            if table is not None:
                yield kind, (table.schema, table.name, str(command.get("name", ""))), ()


def extend(
    witnessed: Witnessed, listed: tuple[Fallen, ...], snapshot: Snapshot, protection: Protection
) -> Witnessed | Unreadable:
    """Put what the catalogs listed into the Reading."""
    try:
        return extended(witnessed, listed, snapshot, protection)
    except Doubted as doubted:
        return doubted.unreadable


def extended(witnessed: Witnessed, listed: tuple[Fallen, ...], snapshot: Snapshot, protection: Protection) -> Witnessed:
    """Put what the catalogs listed into the Reading.

    Raises: Doubted for too much, and for what is not changed by statements.
    """
    reading, asked = witnessed.reading, witnessed.reaches
    cascades = asked is not None and (asked.kind is Reach.SCHEMA or asked.cascades)
    taken = tuple(each for each in listed if cascades or not each.apart or each.named)
    also = [each for each in taken if each.apart and not each.named]
    if len(also) > MOST:
        raise Doubted(Doubt.LIMITS, MANY)
    verb = next(pair.verb for pair in reading.pairs)
    shown = [each for each in taken if each.apart or each.named or (each.relation and not each.part)]
    touched = {each.relation: known(each, snapshot, protection) for each in shown if each.relation}
    pairs = {Pair(thing=thing(each, snapshot), verb=verb) for each in shown}
    facts = set(reading.facts) | ({Fact.CASCADES} if also else set())
    if any(hidden(oid, protection) for oid in touched):
        facts.add(Fact.TAGS_MUST_BE_REVIEWED)
    if any(pair.thing.kind in {"function", *PARTS} for pair in pairs) or any(each.kind in PARTS for each in also):
        facts.add(Fact.REPLACES_CODE)
    tree: Json = [reading.tree, [[each.kind, each.identity, each.named, each.apart] for each in listed]]
    return replace(
        witnessed,
        closure=witnessed.closure | kin(touched, snapshot),
        listed=listed,
        needs=witnessed.needs | (frozenset() if asked is None else needed(asked, listed, snapshot)),
        reading=replace(
            reading,
            pairs=reading.pairs | pairs,
            facts=frozenset(facts),
            tags={**tagged(touched.values(), protection), **reading.tags},
            also=(*reading.also, *(beside.fallen(taken) if asked is not None and asked.cascades else ())),
            locks=tuple(sorted({*reading.locks, *locked(touched.values(), taken, asked, snapshot)})),
            tree=digest({"reaches": tree}),
            witnessed=True,
        ),
    )


def needed(asked: Reaches, listed: tuple[Fallen, ...], snapshot: Snapshot) -> frozenset[Need]:
    """Give the rights that it takes of what the catalogs listed."""
    if asked.kind is Reach.SCHEMA:
        return every_one(listed, asked.rights, snapshot)
    return falling(listed, snapshot)


def locked(
    relations: Iterable[Relation], taken: Iterable[Fallen], asked: Reaches | None, snapshot: Snapshot
) -> tuple[str, ...]:
    """Word the locks of what falls: a drop waits for everybody, and everybody for it; statistics only for definers.

    src/backend/commands/statscmds.c, RemoveStatisticsById.
    """
    if asked is None or asked.kind is not Reach.FALLS:
        return ()
    described = (snapshot.relations.get(each.described) for each in taken)
    lesser = {relation.qualified: DEFINERS for relation in described if relation is not None}
    return worded({**lesser, **{each.qualified: ALL for each in relations}})


def known(each: Fallen, snapshot: Snapshot, protection: Protection) -> Relation:
    """Give the relation of something that goes.

    Raises: Doubted for one that is new, closed, or not changed by statements.
    """
    relation = snapshot.relations.get(each.relation)
    if relation is None:
        raise Doubted(Doubt.MISSING, "A relation that this reaches is new; ask again.", each.identity)
    return open_to(relation, "What it would take along", snapshot, protection)


def thing(each: Fallen, snapshot: Snapshot) -> Thing:
    """Name what goes as a policy does: a relation, or the one that a part belongs to; else by its own identity."""
    relation = snapshot.relations.get(each.relation)
    if relation is not None:
        return named(relation)
    name, _, _ = each.identity.partition("(")
    return Thing(kind=KINDS.get(each.kind, each.kind), name=name or each.identity)


def tagged(relations: Iterable[Relation], protection: Protection) -> dict[str, frozenset[str]]:
    """Give the tags of the columns of relations."""
    found = {
        relation.qualified: frozenset(each.tag for each in protection.tags.get(relation.oid, {}).values())
        for relation in relations
    }
    return {name: tags for name, tags in found.items() if tags}
