"""Which locks a change takes, and whom they keep waiting: PostgreSQL's own table, by kind of statement and target.

https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES, and the commands' own pages. Where a command
takes one of several, the strongest is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from core.catalog import Relation, Snapshot
from core.classify.postgres.nouns import Parsed
from core.classify.postgres.text.shape import children
from core.model import Fact, Pair, Verb

ALL: Final = "ACCESS EXCLUSIVE"
WRITERS: Final = "SHARE ROW EXCLUSIVE"
SHARED: Final = "SHARE"
DEFINERS: Final = "SHARE UPDATE EXCLUSIVE"
ROWS: Final = "ROW EXCLUSIVE"
KEPT: Final = "ROW SHARE"
# Weakest first, each with what others may still do meanwhile.
LEVELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        KEPT: "others may read it and change other rows",
        ROWS: "others may read it and change other rows",
        DEFINERS: "others may read and change it, not define it anew",
        SHARED: "others may read it, but nobody may change it meanwhile",
        WRITERS: "others may read it, but nobody may change it meanwhile",
        ALL: "nobody may read or change it meanwhile",
    }
)
ORDER: Final = tuple(LEVELS)
CHANGES: Final = frozenset({Verb.INSERT, Verb.UPDATE, Verb.DELETE})
RELATIONS: Final = frozenset({"table", "view"})
# root -> lock on what it acts on; what is made anew is nobody else's yet
OWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AlterTableStmt": ALL, "DropStmt": ALL, "RenameStmt": ALL, "AlterObjectSchemaStmt": ALL, "TruncateStmt": ALL,
        "RuleStmt": ALL, "CreatePolicyStmt": ALL, "AlterPolicyStmt": ALL, "RefreshMatViewStmt": ALL, "ViewStmt": ALL,
        "IndexStmt": SHARED, "CreateTrigStmt": WRITERS, "CommentStmt": DEFINERS,
    }
)  # fmt: skip
# commands of ALTER TABLE that take less than everything
LESS: Final[Mapping[str, str]] = MappingProxyType(
    {"AT_ValidateConstraint": DEFINERS, "AT_SetStatistics": DEFINERS, "AT_AttachPartition": DEFINERS}
)
# root -> lock on the other tables that it names: keys that are made, partitions that come or go, parents, what
# statistics are made of
OTHERS: Final[Mapping[str, str]] = MappingProxyType(
    {"AlterTableStmt": ALL, "CreateStmt": WRITERS, "CreateStatsStmt": DEFINERS}
)


def locks(parsed: Parsed, pairs: Iterable[Pair], facts: Iterable[Fact], snapshot: Snapshot) -> dict[str, str]:
    """Give the locks of a change: the strongest level of each relation, by name."""
    taken: dict[str, str] = {}
    for pair in pairs:
        level = level_of(parsed, pair, locked=Fact.LOCKS_ROWS in facts)
        if level is not None and pair.thing.kind in RELATIONS:
            for name in (pair.thing.name, *below(parsed, pair, snapshot)):
                taken[name] = max(level, taken.get(name, level), key=ORDER.index)
    return taken


def worded(taken: Mapping[str, str]) -> tuple[str, ...]:
    """Word locks, a relation each: name, level, and what others may do meanwhile."""
    return tuple(f"{name}: {level}, {LEVELS[level]}" for name, level in sorted(taken.items()))


def level_of(parsed: Parsed, pair: Pair, *, locked: bool) -> str | None:
    """Tell which lock a pair takes; None: one that keeps nobody waiting."""
    if pair.verb in CHANGES and parsed.root != "TruncateStmt":
        return KEPT if locked and parsed.root == "SelectStmt" else ROWS
    if pair.verb in {Verb.DEFINE, Verb.DELETE}:
        return weakest(parsed) if parsed.root == "AlterTableStmt" else OWN.get(parsed.root)
    if pair.verb is Verb.READ and parsed.root in OTHERS:
        return ALL if "partbound" in parsed.tree else OTHERS[parsed.root]
    return None


def weakest(parsed: Parsed) -> str:
    """Give the lock of ALTER TABLE: the strongest of its commands'."""
    found = [
        LESS.get(str(command.get("subtype")), ALL)
        for part, _, command in children(parsed.root, parsed.tree)
        if part == "cmds"
    ]
    return max(found, key=ORDER.index, default=ALL)


def below(parsed: Parsed, pair: Pair, snapshot: Snapshot) -> Iterable[str]:
    """Name the children that ALTER TABLE and RENAME reach as well."""
    if parsed.root not in {"AlterTableStmt", "RenameStmt"} or pair.verb is not Verb.DEFINE:
        return ()
    schema, _, name = pair.thing.name.partition(".")
    relation = snapshot.find(schema, name)
    return () if relation is None else [each.qualified for each in descendants(relation, snapshot)]


def descendants(relation: Relation, snapshot: Snapshot) -> Iterable[Relation]:
    """Yield children at any depth."""
    for oid in sorted(relation.children):
        if oid in snapshot.relations:
            yield snapshot.relations[oid]
            yield from descendants(snapshot.relations[oid], snapshot)
