"""What changes something: which kinds run at all, what becomes of protected values, and both witnesses' agreement.

The service says nothing of columns, so protected ones are looked for by name, anywhere in a part of the text. No mask
is put into a change: a protected value stays where it is, chooses rows, or the change is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, final

from core.classify.bigquery.agree import CODE, Ground, beyond, disagree, unknown, viewed, witnessed
from core.classify.bigquery.nouns import Account, Change
from core.model import Column, Doubt, Fact, Mask, Reading, Unreadable, Verb
from core.warehouse import Dry, Guarded

READ: Final = "SELECT"
ROWS: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE_TABLE"})
INSERTING: Final = "INSERT"
INDEXING: Final = "CREATE_SEARCH_INDEX"  # keeps a copy of the words that it is made over
LATER: Final = frozenset({"CREATE_VIEW", "CREATE_MATERIALIZED_VIEW", "CREATE_FUNCTION"})  # keep a text that reads
DEFINITIONS: Final = LATER | {
    "ALTER_MATERIALIZED_VIEW",
    "ALTER_SCHEMA",
    "ALTER_TABLE",
    "ALTER_VIEW",
    "CREATE_SCHEMA",
    "CREATE_SEARCH_INDEX",
    "CREATE_SNAPSHOT_TABLE",
    "CREATE_TABLE",
    "CREATE_TABLE_AS_SELECT",
    "DROP_EXTERNAL_TABLE",
    "DROP_FUNCTION",
    "DROP_MATERIALIZED_VIEW",
    "DROP_PROCEDURE",
    "DROP_SCHEMA",
    "DROP_SEARCH_INDEX",
    "DROP_SNAPSHOT_TABLE",
    "DROP_TABLE",
    "DROP_TABLE_FUNCTION",
    "DROP_VIEW",
}
RUNS: Final = ROWS | DEFINITIONS
# What does not run here whatever a rule says, by its statementType, or by our name for what has none.
CLOSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CALL": "Procedures are not called here: nobody can say what their bodies do.",
        "CLONE_TABLE": "Tables are not cloned here; create one with a query, or a snapshot.",
        "COPY_TABLE": "Tables are not copied here; create one with a query.",
        "CREATE_EXTERNAL_TABLE": "External tables read files of the statement's choice; an administrator makes them.",
        "CREATE_MODEL": "Models are not made here: their training keeps what it reads.",
        "CREATE_PROCEDURE": "Procedures are not made here: nobody can say what their bodies do.",
        "CREATE_ROW_ACCESS_POLICY": "Row access policies are an administrator's.",
        "DROP_ROW_ACCESS_POLICY": "Row access policies are an administrator's.",
        "EXPORT_DATA": "Rows do not leave the warehouse by a statement; ask with query.",
        "EXPORT_MODEL": "Models do not leave the warehouse by a statement.",
        "GRANT": "Rights are given by an administrator.",
        "LIKE_TABLE": "Name the columns of the new table instead of LIKE.",
        "LOAD_DATA": "Files are not loaded here: they are of the statement's choice; use INSERT.",
        "REVOKE": "Rights are taken by an administrator.",
        "TEMPORARY": "Temporary objects end with their statement; use WITH.",
    }
)
OTHER: Final = "This kind of statement does not run here, whatever a rule says."
LAUNDERS: Final = (
    "It would copy protected values to where they are not protected. Leave their columns out by naming the others."
)
UNCOUNTED: Final = "How many rows it changes cannot be counted beforehand: where a rule caps them, it does not run."
MANY: Final = "A change names one table; a wildcard names many."
WHOLE: Final = "*"


def closed(account: Account) -> Unreadable | None:
    """Refuse what never runs here: a kind outside the closed list, and code that nobody registered."""
    reading = account.reading
    if account.kind not in RUNS | {READ}:
        return Unreadable(doubt=Doubt.CLOSED, sentence=CLOSED.get(account.kind, OTHER))
    if (account.kind == READ) != (reading.verbs <= {Verb.READ, Verb.RUN}):
        return disagree(f"the text is a {account.kind} that would {sorted(reading.verbs)}")
    if Verb.RUN in reading.verbs:
        return Unreadable(doubt=Doubt.FUNCTION, sentence=CODE)
    return None


# ---------------------------------------------------------------- protected values


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a change does with protected fields."""

    tags: Mapping[str, frozenset[str]]  # of tables with a field that is assigned or compared
    columns: frozenset[Column]
    facts: frozenset[Fact]


def used(account: Account, ground: Ground) -> Used | Unreadable:
    """Say what a change does with protected fields; refuse where their values would go elsewhere."""
    named = {one.canonical(ground.warehouse): one for one in account.references}
    tagged = [one for name, one in sorted(ground.guard.tables.items()) if {name, one.relation.dataset} & named.keys()]
    if any(one.wild and aimed(account, one.name) for one in named.values()):
        return Unreadable(doubt=Doubt.CLOSED, sentence=MANY)
    read = {name for name, one in named.items() if reads(account, one.name)}
    aims = {name for name, one in named.items() if aimed(account, one.name)}
    sources = [one for one in tagged if account.kind not in {INSERTING, *DEFINITIONS} or one.relation.name in read]
    if copied(account, sources, read) or (account.kind == INDEXING and tagged):
        return Unreadable(doubt=Doubt.LAUNDERS, sentence=LAUNDERS)
    targets = [one for one in tagged if {one.relation.name, one.relation.dataset} & aims]
    facts = frozenset(said(account, targets, sources))
    touched = tagged if facts else []
    return Used(
        tags=MappingProxyType({one.relation.name: frozenset(one.tags.values()) for one in touched}),
        columns=frozenset(mask.column for one in touched for mask in one.masks),
        facts=facts,
    )


def reads(account: Account, name: str) -> bool:
    """Whether a text reads what it names so."""
    return any(pair.verb is Verb.READ and pair.thing.name == name for pair in account.reading.pairs)


def words(tables: list[Guarded]) -> frozenset[str]:
    """Give the names of protected fields and of the records that hold them, folded."""
    masks = frozenset[Mask]().union(*(one.masks for one in tables))
    return frozenset(part.casefold() for mask in masks for part in mask.column.name.split("."))


def copied(account: Account, sources: list[Guarded], read: set[str]) -> bool:
    """Whether a protected value may go elsewhere; what is read by its words alone, or later, has no parts to tell."""
    if not sources:
        return False
    change, kind = account.change, account.kind
    if any(one.relation.name in read for one in sources) and (change is None or kind in LATER or kind == "MERGE"):
        return True
    if change is None:
        return False
    hidden = words(sources) | {WHOLE}
    own = whole(sources[0]) if len(sources) == 1 and sources[0].relation.name not in read else frozenset[str]()
    return bool(change.copies & hidden) or any(
        right & hidden and not (left <= own and len(left) == 1 and right & hidden <= left)
        for left, right in change.sets
    )


def whole(table: Guarded) -> frozenset[str]:
    """Give the columns that are protected as a whole: what stays in one is not shown by that."""
    return frozenset(path[0].casefold() for path in table.tags if len(path) == 1)


def said(account: Account, targets: list[Guarded], sources: list[Guarded]) -> Iterator[Fact]:
    """Yield what people must know: protected fields choose rows, are written, or lose what binds their tags."""
    change = account.change
    if account.kind in DEFINITIONS and targets:
        yield Fact.TAGS_MUST_BE_REVIEWED
    if change is None:
        return
    if sources and change.compares & (words(sources) | {WHOLE}):
        yield Fact.PREDICATE_ON_PROTECTED
    if targets and assigned(change) & (words(targets) | {WHOLE}):
        yield Fact.ASSIGNS_PROTECTED


def assigned(change: Change) -> frozenset[str]:
    """Give the words of all that is assigned to."""
    return change.fills.union(*(left for left, _ in change.sets))


# ---------------------------------------------------------------- two witnesses


def changed(account: Account, dry: Dry, of: Used, ground: Ground) -> Reading | Unreadable:
    """Make a Reading of a change that both witnesses read alike."""
    trouble = next(differences(account, dry, ground), None)
    if trouble is not None:
        return trouble
    reading = witnessed(account, dry, ground)
    counted = account.kind not in ROWS or account.counting is not None
    return replace(
        reading,
        columns=account.reading.columns | of.columns,
        facts=(reading.facts | of.facts),
        masks=frozenset(),
        outputs=(),
        tags=of.tags,
        notes=() if counted else (UNCOUNTED,),
    )


def differences(account: Account, dry: Dry, ground: Ground) -> Iterator[Unreadable]:
    """Yield what speaks against it, the first of which is told."""
    if account.kind != dry.kind:
        yield disagree(f"the text is a {account.kind}, the dry run {dry.kind}")
    if dry.undeclared:
        yield Unreadable(doubt=Doubt.PARAMETERS, sentence="The statement uses parameters that were not given.")
    if not dry.whole:
        yield disagree("the dry run does not list all tables")
    named = {one.canonical(ground.warehouse): one for one in account.references if one.kind != "catalog"}
    aims = {name for name, one in named.items() if aimed(account, one.name)}
    missing = {name for name, one in named.items() if name not in aims and not one.wild and name not in dry.tables}
    if missing:
        yield disagree(f"not in the dry run: {sorted(missing)}")
    if not aims <= dry.tables | dry.targets or not dry.targets <= aims:
        yield disagree(f"it aims at {sorted(aims)}, by the dry run at {sorted(dry.targets)}")
    yield from unknown(replace(dry, tables=dry.tables - aims), ground)
    yield from beyond(named, dry, ground, explained=any(viewed(name, ground) for name in named))
    if dry.routines:
        yield Unreadable(doubt=Doubt.FUNCTION, sentence=CODE, detail=f"routines: {sorted(dry.routines)}")
    if dry.fields and account.kind in ROWS:
        yield disagree("the dry run gives columns to a change")


def aimed(account: Account, name: str) -> bool:
    """Whether a text changes what it names so."""
    return any(pair.verb is not Verb.READ and pair.thing.name == name for pair in account.reading.pairs)
