"""The parser's account held against the service's own: what both say becomes a Reading, any difference a refusal.

A list of referenced tables is a set: a second reference that the parser missed would leave it as it is. So a masked
text is also dry-run hollow, with no tagged table left outside the replaced names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, final

from core.classify.bigquery.nouns import Account, Reference, Spliced
from core.model import Column, Digest, Doubt, Fact, Mask, Pair, Reading, Thing, Unreadable, Verb
from core.warehouse import Dry, Field, Guard, Guarded, Warehouse

DISAGREE: Final = (
    "The database reads this statement otherwise than we do, so it does not run; write it in a simpler way."
)
VIEW: Final = "This view reads protected columns and is not tagged itself; ask for it to be tagged."
SPELLING: Final = "Write the table's name as it is."
WILD: Final = "A wildcard could meet protected tables; name the tables."
ARRAY: Final = "Read the array of a protected table by an alias: FROM the table AS t, UNNEST(t.the_array)."
CODE: Final = "This statement runs code that nobody registered."
UNMASKED: Final = "A function in this statement is not registered for protected tables."
CONSTANTS: Final = Pair(thing=Thing(kind="expression", name="constants"), verb=Verb.READ)
HIDDEN: Final = "Datasets whose names begin with _ hold results of others; they are not read."
CATALOG: Final = (
    "Of INFORMATION_SCHEMA one reads TABLES, COLUMNS and COLUMN_FIELD_PATHS of one dataset, by named columns."
)
META: Final = "__"  # of a dataset's own tables, `__TABLES__`: names and numbers of rows, for any reader of it
DECORATED: Final = re.compile(r"[$@]")  # a partition, or a time
VIEWS: Final = frozenset({"TABLES", "COLUMNS", "COLUMN_FIELD_PATHS"})
SCHEMA: Final = "INFORMATION_SCHEMA"
READS: Final = frozenset({"SELECT"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What both witnesses are held against."""

    warehouse: Warehouse
    guard: Guard


def disagree(detail: str) -> Unreadable:
    """Refuse: two witnesses differ."""
    return Unreadable(doubt=Doubt.DISAGREE, sentence=DISAGREE, detail=detail)


def protected(sentence: str, detail: str = "") -> Unreadable:
    """Refuse what no mask can hide."""
    return Unreadable(doubt=Doubt.PROTECTED, sentence=sentence, detail=detail)


def registered(account: Account, ground: Ground) -> Account:
    """Take code that is registered, and still what it was, for the built-in that a read may call."""
    calls = {
        pair: ground.warehouse.canonical(pair.thing.name)
        for pair in account.reading.pairs
        if (pair.thing.kind, pair.verb) == ("function", Verb.RUN)
    }
    mine = {pair: name for pair, name in calls.items() if name in ground.guard.routines}
    if not mine or account.reading.verbs - {Verb.READ, Verb.RUN}:
        return account
    pairs = account.reading.pairs - mine.keys() or frozenset({CONSTANTS})
    return replace(account, reading=replace(account.reading, pairs=pairs), routines=frozenset(mine.values()))


def allowed(account: Account, ground: Ground) -> Unreadable | None:
    """Look at the names of a text before anything is sent; None: nothing speaks against it."""
    code = [ground.guard.routines.get(name) for name in account.routines]
    tagged = any(one.canonical(ground.warehouse) in ground.guard.tables for one in account.references)
    if not all(one is not None and (one.masked or not tagged) for one in code):
        return Unreadable(doubt=Doubt.FUNCTION, sentence=UNMASKED if all(code) else CODE)
    return next((found for one in account.references if (found := named(one, account.marks, ground)) is not None), None)


def named(one: Reference, marks: frozenset[str], ground: Ground) -> Unreadable | None:
    """Look at one name: closed, spelled otherwise, hidden, or meeting what is tagged by a pattern."""
    name = one.canonical(ground.warehouse)
    parts = name.split(".")
    if one.kind == "catalog":
        return catalogued(name, marks)
    trouble = internal(one, parts)
    if trouble is not None or one.kind in {"schema", "function"}:
        return trouble
    if DECORATED.search(parts[-1]):
        return protected(SPELLING)
    if one.wild:
        return protected(WILD) if any(meets(hidden, name) for hidden in ground.guard.hidden) else None
    if name not in ground.warehouse.relations and ground.warehouse.like(name) is not None:
        return protected(SPELLING)
    if any(within(parts, tagged) for tagged in ground.guard.tables):
        return protected(ARRAY)
    reason = ground.guard.reason(name)
    return Unreadable(doubt=Doubt.CLOSED, sentence=reason) if reason else None


def internal(one: Reference, parts: list[str]) -> Unreadable | None:
    """Refuse what the service keeps for itself: hidden datasets, and a dataset's tables about its tables."""
    if any(part.startswith("_") for part in (parts[1:] if one.kind == "schema" else parts[1:-1])):
        return Unreadable(doubt=Doubt.CLOSED, sentence=HIDDEN)
    return Unreadable(doubt=Doubt.CATALOG, sentence=CATALOG) if parts[-1].startswith(META) else None


def catalogued(name: str, marks: frozenset[str]) -> Unreadable | None:
    """Allow the closed list of the catalogue's views, each bound to one dataset; `ddl` quotes the bodies of views."""
    above, _, view = name.upper().rpartition(f".{SCHEMA}.")
    bound = bool(above) and "REGION-" not in above and view in VIEWS and not marks & {"star", "row", "ddl"}
    return None if bound else Unreadable(doubt=Doubt.CATALOG, sentence=CATALOG)


def meets(pattern: str, wild: str) -> bool:
    """Whether a wildcard and a tagged name could be about one table; compared without case."""
    start, tagged = wild[:-1].casefold(), pattern.casefold().rstrip("*")
    return tagged.startswith(start) or (pattern.endswith("*") and start.startswith(tagged))


def within(parts: list[str], tagged: str) -> bool:
    """Whether a path goes on below a tagged table: `dataset.table.array`, read without its project."""
    folded = [part.casefold() for part in parts]
    own = tagged.casefold().split(".")
    return any(len(folded) > len(own[n:]) and folded[: len(own[n:])] == own[n:] for n in range(len(own) - 1))


def worded(account: Account, ground: Ground) -> Reading:
    """Make the Reading of what the text alone says, names and tags as they are known; no Source has confirmed it."""
    canonical = {one.name: one.canonical(ground.warehouse) for one in account.references}
    pairs = frozenset(
        Pair(thing=Thing(kind=pair.thing.kind, name=canonical.get(pair.thing.name, pair.thing.name)), verb=pair.verb)
        for pair in account.reading.pairs
    )
    tagged = (ground.guard.tables[name] for name in sorted(set(canonical.values()) & ground.guard.tables.keys()))
    tags = {one.relation.name: frozenset(one.tags.values()) for one in tagged}
    return replace(account.reading, pairs=pairs, tags=tags)


# ---------------------------------------------------------------- the dry run of the agent's own text


def agree(account: Account, dry: Dry, ground: Ground) -> Reading | Unreadable:
    """Make a Reading of a statement that both read alike; it stands for the agent's own text."""
    trouble = next(differences(account, dry, ground), None)
    return trouble if trouble is not None else witnessed(account, dry, ground)


def differences(account: Account, dry: Dry, ground: Ground) -> Iterator[Unreadable]:
    """Yield what speaks against it, the first of which is told."""
    reads = account.reading.verbs == {Verb.READ}
    if reads != (dry.kind in READS):
        yield disagree(f"the text is {sorted(account.reading.verbs)}, the dry run {dry.kind}")
    if dry.undeclared:
        yield Unreadable(doubt=Doubt.PARAMETERS, sentence="The statement uses parameters that were not given.")
    if not dry.whole:
        yield disagree("the dry run does not list all tables")
    names = {one.canonical(ground.warehouse): one for one in account.references if one.kind == "table"}
    missing = {name for name, one in names.items() if not one.wild and name not in dry.tables}
    if missing:
        yield disagree(f"not in the dry run: {sorted(missing)}")
    yield from unknown(dry, ground)
    explained = bool(account.routines) or any(viewed(name, ground) for name in names)
    yield from beyond(names, dry, ground, explained=explained, trusted=any(trusts(name, ground) for name in names))
    yield from called(account, dry, ground, behind=any(viewed(name, ground) for name in names))
    yield from shaped(account, dry)


def called(account: Account, dry: Dry, ground: Ground, *, behind: bool) -> Iterator[Unreadable]:
    """Yield code that nobody registered, and code that only one of both sees; views and code may call more."""
    strange = dry.routines - ground.guard.routines.keys()
    if strange:
        yield Unreadable(doubt=Doubt.FUNCTION, sentence=CODE, detail=f"routines: {sorted(strange)}")
    if not account.routines <= dry.routines or (dry.routines and not account.routines and not behind):
        yield disagree(f"routines of the text {sorted(account.routines)}, of the dry run {sorted(dry.routines)}")


def viewed(name: str, ground: Ground) -> bool:
    """Whether this is a view."""
    return name in ground.warehouse.relations and ground.warehouse.relations[name].views


def unknown(dry: Dry, ground: Ground) -> Iterator[Unreadable]:
    """Yield tables that are newer than our catalogue where a tag may be meant for them."""
    new = dry.tables - ground.warehouse.relations.keys()
    meant = sorted(name for name in new if any(meets(pattern, f"{name}*") for pattern in ground.guard.patterns))
    if meant:
        yield disagree(f"not in the catalogue: {meant}")


def trusts(name: str, ground: Ground) -> bool:
    """Whether this is a view that may read protected tables; its own tags say what of them is hidden."""
    return name in ground.guard.tables and ground.guard.tables[name].trusted


def beyond(
    names: Mapping[str, Reference], dry: Dry, ground: Ground, *, explained: bool, trusted: bool = False
) -> Iterator[Unreadable]:
    """Yield tables of the dry run that the text does not name and nothing in it explains, and protected ones behind it.

    With a view that is `trusted` these may be its own: the hollow run, where it stands no more, lists them otherwise.
    """
    extra = dry.tables - names.keys()
    met = members(names.values(), extra, ground)
    if extra - met and not explained:
        yield disagree(f"only in the dry run: {sorted(extra - met)}")
    tagged = extra & ground.guard.tables.keys()
    hidden = {name for name in extra if ground.guard.reason(name)} | (tagged & met if trusted else tagged)
    if hidden:
        yield protected(WILD if hidden & met else VIEW, f"behind a view or a wildcard: {sorted(hidden)}")


def members(references: Iterable[Reference], among: Iterable[str], ground: Ground) -> frozenset[str]:
    """Give those of some tables that the wildcards of a text stand for."""
    starts = tuple(one.canonical(ground.warehouse)[:-1] for one in references if one.wild)
    return frozenset(name for name in among if name.startswith(starts))


def shaped(account: Account, dry: Dry) -> Iterator[Unreadable]:
    """Yield a result of other columns than the text says."""
    if dry.fields is None:
        yield disagree("the dry run says no columns")
    elif account.outputs is not None:
        said = [one.name for one in dry.fields]
        fits = len(said) == len(account.outputs) and all(
            not wanted or wanted == name for wanted, name in zip(account.outputs, said, strict=False)
        )
        if not fits:
            yield disagree(f"columns of the text {account.outputs}, of the dry run {said}")


def witnessed(account: Account, dry: Dry, ground: Ground) -> Reading:
    """Make the Reading: names with their projects, tables behind views as pairs of their own, tags by table."""
    canonical = {one.name: one.canonical(ground.warehouse) for one in account.references}
    pairs = set(worded(account, ground).pairs)
    named_ = {pair.thing.name for pair in pairs}
    met = members(account.references, dry.tables | ground.warehouse.relations.keys(), ground)
    behind = dry.tables - named_ - met
    pairs |= {Pair(thing=Thing(kind="table", name=name), verb=Verb.READ) for name in behind | met}
    used = [ground.guard.tables[name] for name in sorted(named_ & ground.guard.tables.keys())]
    masks = frozenset[Mask]().union(*(one.masks for one in used))
    return replace(
        account.reading,
        pairs=frozenset(pairs),
        columns=frozenset(
            replace(column, relation=canonical.get(column.relation, column.relation))
            for column in account.reading.columns
        )
        | {mask.column for mask in masks},
        facts=account.reading.facts | ({Fact.VIA_VIEW} if behind else frozenset()),
        masks=masks,
        tags={one.relation.name: frozenset(one.tags.values()) for one in used},
        outputs=origins(dry.fields or (), used, masks),
        tree=tree(account.reading.text, dry),
        witnessed=True,
        bytes=dry.billed,
    )


def origins(
    result: tuple[Field, ...], used: Sequence[Guarded], masks: frozenset[Mask]
) -> tuple[frozenset[Column], ...]:
    """Say which masked fields a result column may show: those of its own name, where a table has that name; else all.

    Only labels follow from it; with free text among the tags nothing is said, and every column is looked at.
    """
    if not all(mask.at_source for mask in masks):
        return ()
    every = frozenset(mask.column for mask in masks)
    own = {one.name.casefold() for table in used for one in table.relation.fields}
    return tuple(
        frozenset(column for column in every if column.name.split(".")[0].casefold() == one.name.casefold())
        if one.name.casefold() in own
        else every
        for one in result
    )


# ---------------------------------------------------------------- the dry runs of a masked text


def masked(reading: Reading, raw: Dry, hollow: Dry, dry: Dry, new: Spliced, ground: Ground) -> Reading | Unreadable:
    """Hold the dry runs of the hollow and the masked text against the agent's own; give the Reading of what runs.

    Raises nothing: each difference is a refusal.
    """
    untagged = raw.tables - ground.guard.tables.keys()
    tagged = [ground.guard.tables[name] for name in raw.tables - untagged]
    views = {one.view for one in tagged} - {""}
    left = below(hollow.tables, new.plain, untagged) if any(one.relation.views for one in tagged) else untagged
    for name, found, tables in (("hollow", hollow, left), ("masked", dry, raw.tables | views)):
        trouble = other(raw, found, tables)
        if trouble:
            return disagree(f"{name}: {trouble}")
    return replace(reading, text=new.text, tree=tree(new.text, dry), bytes=dry.billed)


def below(found: frozenset[str], least: frozenset[str], most: frozenset[str]) -> frozenset[str]:
    """Give the tables that a hollow text may list where a view was taken out: what was below it alone is gone."""
    return found if least <= found <= most else most


def other(raw: Dry, found: Dry, tables: frozenset[str]) -> str:
    """Say where a dry run differs from the agent's own; "" where it does not."""
    if found.kind != raw.kind:
        return f"kind {found.kind}"
    if found.tables != tables or not found.whole:
        return f"tables {sorted(found.tables ^ tables)}"
    if found.fields != raw.fields:
        return f"columns {[one.name for one in found.fields or ()]}"
    if found.routines != raw.routines or found.undeclared:
        return "routines or parameters"
    return ""


def tree(text: str, dry: Dry) -> Digest:
    """Hash what the service said of a text: what may not change before it runs."""
    said = (text, dry.kind, *sorted(dry.tables), *sorted(dry.routines), *map(column, dry.fields or ()))
    return Digest(sha256("\0".join(said).encode()).hexdigest())


def column(field: Field) -> str:
    """Write a column with its type."""
    return f"{field.name} {field.written}"
