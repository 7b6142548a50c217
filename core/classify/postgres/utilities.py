"""Definitions, rights and runs: read by the parser's words and the Snapshot, for the server shows no tree of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from core.catalog import Oid, Protection, Relation, Snapshot
from core.classify.postgres.agree import kin, reach, system
from core.classify.postgres.functions import harmless
from core.classify.postgres.nouns import Doubted, Node, Parsed, Witnessed
from core.classify.postgres.protected import hidden
from core.classify.postgres.shape import children, stripped
from core.classify.postgres.tree import digest
from core.classify.postgres.utility import targets
from core.model import Dialect, Doubt, Fact, Json, Pair, Reading, Thing, Verb

# What makes a copy, or code that could make one.
COPIES: Final = frozenset(
    {"CreateTableAsStmt", "SelectStmt", "RefreshMatViewStmt", "RuleStmt", "CreateTrigStmt", "CreateFunctionStmt",
     "CreatePolicyStmt", "AlterPolicyStmt"}
)  # fmt: skip
MAKES: Final = frozenset(
    {"CreateStmt", "CreateTableAsStmt", "SelectStmt", "ViewStmt", "CreateSeqStmt", "CompositeTypeStmt"}
)
RELATIONS: Final = frozenset({"table", "view", "index", "sequence", "object"})
PARTS: Final = frozenset({"trigger", "rule", "policy"})  # named by their table and their own name
INNER: Final = frozenset({"OBJECT_COLUMN", "OBJECT_TABCONSTRAINT"})
SEQUENCES: Final = frozenset({"nextval", "currval"})
COPY: Final = "This would copy protected columns to where they carry no tag; leave them out."
CASCADE: Final = "CASCADE reaches what the statement does not name; name every object, without CASCADE."


def define(parsed: Parsed, snapshot: Snapshot, protection: Protection) -> Witnessed:
    """Read a statement that has no analysed tree.

    Raises: Doubted.
    """
    opaque(parsed)
    if protection.shut:
        raise Doubted(Doubt.CLOSED, protection.shut)
    if parsed.verbs == {Verb.CONTROL}:
        return made(parsed, parsed.pairs, parsed.facts, frozenset(), snapshot, protection)
    things, acted = aims(parsed, snapshot)
    read = sources(parsed, snapshot, protection, acted)
    launders(parsed, snapshot, protection, acted, read)
    verb = next(iter(parsed.verbs))
    pairs = {Pair(thing=thing, verb=verb) for thing in things}
    pairs |= {Pair(thing=named(relation), verb=Verb.READ) for relation in read}
    pairs |= {Pair(thing=Thing(kind="function", name=name), verb=Verb.RUN) for name in called(parsed)}
    facts = set(parsed.facts)
    if any(hidden(relation.oid, protection) for relation in (*acted, *read)):
        facts.add(Fact.TAGS_MUST_BE_REVIEWED)
    if parsed.root == "TruncateStmt" and any(relation.triggers for relation in acted):
        facts |= {Fact.FIRES_TRIGGERS, Fact.UNREGISTERED_CODE}
    closure = kin((relation.oid for relation in (*acted, *read)), snapshot)
    return made(parsed, frozenset(pairs), frozenset(facts), closure, snapshot, protection)


def opaque(parsed: Parsed) -> None:
    """Refuse what cannot be read at all.

    Raises: Doubted.
    """
    if parsed.root == "ExplainStmt":
        raise Doubted(Doubt.UNKNOWN, "EXPLAIN is not answered as a statement; ask `check` for the plan of a query.")
    if parsed.root == "CallStmt":
        name = ".".join(targets("CallStmt", parsed.tree)[0])
        raise Doubted(Doubt.FUNCTION, f"The procedure {name} is not registered. An operator can register it.")
    if parsed.tree.get("behavior") == "DROP_CASCADE" or "DROP_CASCADE" in flatten(parsed.tree.get("cmds")):
        raise Doubted(Doubt.UNKNOWN, CASCADE)


def flatten(value: Node) -> Iterable[Node]:
    """Yield every plain value below."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from flatten(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from flatten(inner)
    else:
        yield value


def aims(parsed: Parsed, snapshot: Snapshot) -> tuple[list[Thing], list[Relation]]:
    """Resolve what a statement acts on: things, and those of them that are relations already.

    Raises: Doubted for one that is not there, and for the server's own.
    """
    root = "IntoClause" if parsed.root == "SelectStmt" else parsed.root
    kind = next(iter(pair.thing.kind for pair in parsed.pairs), "")
    things, acted = [], []
    for parts in targets(root, parsed.tree):
        whole = parts[:-1] if kind in PARTS or inner(parsed) else parts
        if kind not in RELATIONS | PARTS:
            things.append(Thing(kind=kind, name=".".join(parts)))
            continue
        relation = snapshot.find(whole[0] if len(whole) > 1 else None, whole[-1]) if whole else None
        if relation is None:
            things.append(absent(parsed, kind, whole, snapshot))
            continue
        if system(relation) or relation.schema in snapshot.owned_schemas:
            raise Doubted(Doubt.CATALOG, f"{'.'.join(whole)} is not changed by statements.")
        things.append(named(relation))
        acted.append(relation)
    return things, acted


def inner(parsed: Parsed) -> bool:
    """Whether a name ends with a part of a relation: a column or a constraint."""
    return parsed.root == "CommentStmt" and parsed.tree.get("objtype") in INNER


def absent(parsed: Parsed, kind: str, parts: tuple[str, ...], snapshot: Snapshot) -> Thing:
    """Name what does not exist yet, in the schema where it would be made.

    Raises: Doubted when it should exist.
    """
    if parsed.root not in MAKES and kind != "index":
        raise Doubted(Doubt.MISSING, f"There is no {'.'.join(parts)} here, or it is not for this role.")
    if len(parts) > 1:
        return Thing(kind=kind, name=".".join(parts))
    schema = next((name for name in snapshot.search_path if name != "pg_catalog"), "public")
    return Thing(kind=kind, name=f"{schema}.{parts[-1]}")


def sources(parsed: Parsed, snapshot: Snapshot, protection: Protection, acted: list[Relation]) -> list[Relation]:
    """Resolve the other relations that a statement names: those of its query, of LIKE, INHERITS, foreign keys.

    Raises: Doubted.
    """
    found = {}
    aimed = {(parts[0] if len(parts) > 1 else None, parts[-1]) for parts in aimed_names(parsed)}
    for name in parsed.names:
        relation = snapshot.find(name.schema, name.name)
        if relation is None and (name.schema, name.name) in aimed:
            continue
        if relation is None:
            raise Doubted(Doubt.MISSING, f"There is no table or view {name.name} here, or it is not for this role.")
        if relation.oid in protection.closed:
            raise Doubted(Doubt.CLOSED, protection.closed[relation.oid])
        if system(relation) or relation.schema in snapshot.owned_schemas:
            raise Doubted(Doubt.CATALOG, f"{name.name} is not named in definitions.")
        found[relation.oid] = relation
    return [relation for relation in found.values() if relation not in acted]


def aimed_names(parsed: Parsed) -> list[tuple[str, ...]]:
    """Give the names of what a statement acts on."""
    return targets("IntoClause" if parsed.root == "SelectStmt" else parsed.root, parsed.tree)


def launders(
    parsed: Parsed, snapshot: Snapshot, protection: Protection, acted: list[Relation], read: list[Relation]
) -> None:
    """Refuse copies of protected columns.

    Raises: Doubted.
    """
    if parsed.root in COPIES:
        looked = (*acted, *read) if parsed.root != "SelectStmt" else read
        if any(hidden(oid, protection) for oid in reach((relation.oid for relation in looked), snapshot)):
            raise Doubted(Doubt.LAUNDERS, COPY)
    if parsed.root == "AlterTableStmt" and any(hidden(relation.oid, protection) for relation in acted):
        for part, _, command in children("AlterTableStmt", parsed.tree):
            if part == "cmds" and command.get("subtype") == "AT_AlterColumnType" and "raw_default" in str(command):
                raise Doubted(Doubt.LAUNDERS, COPY)


def called(parsed: Parsed) -> list[str]:
    """Name functions that are not known to be harmless: they run."""
    return sorted({".".join(name) for name in parsed.functions if not known(name)})


def known(name: tuple[str, ...]) -> bool:
    """Whether a function is harmless by its name, or the usual default of a key."""
    plain = len(name) == 1 or name[0] == "pg_catalog"
    return plain and (name[-1] in harmless() or name[-1] in SEQUENCES)


def named(relation: Relation) -> Thing:
    """Name a relation as a policy does."""
    kinds = {"v": "view", "m": "view", "S": "sequence", "i": "index", "I": "index"}
    return Thing(kind=kinds.get(relation.kind, "table"), name=relation.qualified)


def made(
    parsed: Parsed,
    pairs: frozenset[Pair],
    facts: frozenset[Fact],
    closure: frozenset[Oid],
    snapshot: Snapshot,
    protection: Protection,
) -> Witnessed:
    """Put the Reading together; its digest stands on the parser's tree, the stamp and the tags."""
    stamp: dict[str, Json] = {str(oid): snapshot.stamp.get(oid, "") for oid in sorted(closure)}
    tree = digest({"text": repr(stripped(dict(parsed.tree), {})), "stamp": stamp, "tags": protection.version})
    functions = frozenset(".".join(name) for name in parsed.functions)
    reading = Reading(
        dialect=Dialect.POSTGRES, statement=parsed.text, text=parsed.text, pairs=pairs, facts=facts,
        functions=functions, tree=tree, witnessed=True,
    )  # fmt: skip
    return Witnessed(reading=reading, closure=closure, index_scans_off=False)
