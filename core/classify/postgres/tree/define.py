"""Definitions, rights and runs: read by the parser's words and the Snapshot, for the server shows no tree of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, final

from core.catalog import MEANINGS, Oid, Protection, Relation, Snapshot
from core.classify.postgres.nouns import Doubted, Need, Node, Parsed, Reaches, Witnessed
from core.classify.postgres.text.shape import children, stripped
from core.classify.postgres.tree import beside
from core.classify.postgres.tree.agree import kin, reach
from core.classify.postgres.tree.aims import aims, holders, named, open_to, ours, sources
from core.classify.postgres.tree.call import procedure
from core.classify.postgres.tree.census import FIRST_OWN
from core.classify.postgres.tree.extent import reaches
from core.classify.postgres.tree.functions import harmless
from core.classify.postgres.tree.owned import definition, emptied
from core.classify.postgres.tree.protected import hidden
from core.classify.postgres.tree.read import digest
from core.model import Dialect, Doubt, Fact, Json, Pair, Reading, Thing, Verb

# What makes a copy, or code that could make one.
COPIES: Final = frozenset(
    {"CreateTableAsStmt", "SelectStmt", "RefreshMatViewStmt", "RuleStmt", "CreateTrigStmt", "CreateFunctionStmt",
     "CreatePolicyStmt", "AlterPolicyStmt"}
)  # fmt: skip
# A definition of these kinds looks at the rows there are: whether it succeeds tells something of them.
LOOKS: Final = frozenset({"AlterTableStmt", "IndexStmt", "CreateStmt", "AlterDomainStmt"})
LEAVES: Final = frozenset({"AT_DetachPartition", "AT_DropInherit"})
TRUNCATES: Final = 32  # pg_trigger.tgtype
INHERITED: Final = "inherited with"
LEFT: Final = "Its protected columns would lose the tags that they have through the other table; tag them first."
SEQUENCES: Final = frozenset({"nextval", "currval"})
COPY: Final = "This would copy protected columns to where they carry no tag; leave them out."


def define(parsed: Parsed, snapshot: Snapshot, protection: Protection, inner: Witnessed | None = None) -> Witnessed:
    """Read a statement that has no analysed tree; `inner` is the query inside it, read by both witnesses.

    Raises: Doubted.
    """
    opaque(parsed)
    if protection.shut:
        raise Doubted(Doubt.CLOSED, protection.shut)
    if parsed.root == "CallStmt":
        return run(parsed, snapshot, protection)
    if parsed.verbs == {Verb.CONTROL}:
        return made(parsed, parsed.pairs, parsed.facts, frozenset(), snapshot, protection)
    things, acted = aims(parsed, snapshot, protection)
    needs = definition(parsed, acted, snapshot)
    things, acted = within(parsed, things, acted, snapshot, protection)
    read = [*sources(parsed, snapshot, protection, acted), *holders(parsed, snapshot)]
    grants(parsed, snapshot)
    launders(parsed, snapshot, protection, acted, read, inner)
    if inner is None:
        calls(parsed, snapshot)
    verb = next(iter(parsed.verbs))
    pairs = {Pair(thing=thing, verb=verb) for thing in things}
    pairs |= {Pair(thing=named(relation), verb=Verb.READ) for relation in read}
    facts = set(parsed.facts)
    tagged = tags(protection, (*acted, *read), inner)
    if any(hidden(relation.oid, protection) for relation in (*acted, *read)):
        facts.add(Fact.TAGS_MUST_BE_REVIEWED)
        facts |= {Fact.PREDICATE_ON_PROTECTED} if parsed.root in LOOKS else set()
    empties = None
    if parsed.root == "TruncateStmt":
        empties = truncated(parsed, snapshot, acted)
        facts |= empties.facts
        pairs |= empties.pairs
        acted += empties.also
        needs |= empties.needs
    closure = kin((relation.oid for relation in (*acted, *read)), snapshot)
    defined = made(parsed, frozenset(pairs), frozenset(facts), closure, snapshot, protection, tagged, inner)
    also = frozenset(empties.also_runs if empties is not None else ())
    defined = replace(
        besides(defined, also, snapshot), needs=needs | (inner.needs if inner is not None else frozenset())
    )
    return owing(defined, reaches(parsed, snapshot))


def besides(defined: Witnessed, also: frozenset[str], snapshot: Snapshot) -> Witnessed:
    """Add what runs with it by name: triggers, and the event triggers of the database, which nobody has read."""
    reading = defined.reading
    hooks = snapshot.hooks if reading.verbs & {Verb.DEFINE, Verb.GRANT} else ()
    also |= {beside.hooked(hook, snapshot) for hook in hooks}
    facts = reading.facts | ({Fact.FIRES_TRIGGERS, Fact.UNREGISTERED_CODE} if hooks else frozenset())
    names: Json = sorted(also)
    return replace(
        defined,
        closure=defined.closure | {hook.function for hook in hooks},
        reading=replace(
            reading,
            facts=facts,
            also=tuple(sorted(also)),
            tree=digest({"tree": reading.tree, "also": names}) if also else reading.tree,
        ),
    )


def run(parsed: Parsed, snapshot: Snapshot, protection: Protection) -> Witnessed:
    """Read a CALL of a procedure that an operator registered.

    Raises: Doubted.
    """
    called = procedure(parsed, snapshot)
    pair = Pair(thing=Thing(kind="function", name=f"{called.schema}.{called.name}"), verb=Verb.RUN)
    closure = MEANINGS | {called.oid}
    defined = made(parsed, frozenset({pair}), parsed.facts, closure, snapshot, protection)
    return besides(defined, frozenset({f"runs {beside.code(called.oid, snapshot)}"}), snapshot)


def owing(defined: Witnessed, asked: Reaches | None) -> Witnessed:
    """Leave unwitnessed what reaches further than it says: the catalogs are still to be asked."""
    if asked is None:
        return defined
    return replace(defined, reaches=asked, reading=replace(defined.reading, witnessed=False))


def opaque(parsed: Parsed) -> None:
    """Refuse what cannot be read at all.

    Raises: Doubted.
    """
    if parsed.root == "ExplainStmt":
        raise Doubted(
            Doubt.UNKNOWN, "Only a query that reads is explained: send EXPLAIN SELECT …, or `check` a change."
        )


def within(
    parsed: Parsed, things: list[Thing], acted: list[Relation], snapshot: Snapshot, protection: Protection
) -> tuple[list[Thing], list[Relation]]:
    """Add what lies in a schema that is renamed: each of its relations gets another name.

    Raises: Doubted for a move into the server's schemas, or into those of the masks.
    """
    if parsed.root == "AlterObjectSchemaStmt":
        ours((str(parsed.tree.get("newschema", "")),), "schema", snapshot)
    if parsed.root != "RenameStmt":
        return things, acted
    names = {each.name for each in things if each.kind == "schema"}
    moved = [each for each in snapshot.relations.values() if each.schema in names and each.kind != "c"]
    for relation in moved:
        open_to(relation, relation.qualified, snapshot, protection)
    return [*things, *map(named, moved)], [*acted, *moved]


def grants(parsed: Parsed, snapshot: Snapshot) -> None:
    """Refuse to change the rights of the roles that Assent itself works as: they are what masks stand on.

    Raises: Doubted.
    """
    for part, _, role in children(parsed.root, parsed.tree) if parsed.root == "GrantStmt" else ():
        if part != "grantees" or role.get("roletype") == "ROLESPEC_PUBLIC":
            continue  # PUBLIC is control
        if role.get("roletype") != "ROLESPEC_CSTRING" or role.get("rolename") in snapshot.roles:
            raise Doubted(
                Doubt.UNKNOWN,
                "Rights of the roles that Assent works as are not changed through it; an operator changes them.",
            )


def launders(
    parsed: Parsed,
    snapshot: Snapshot,
    protection: Protection,
    acted: list[Relation],
    read: list[Relation],
    inner: Witnessed | None,
) -> None:
    """Refuse copies of protected columns, and what would leave protected values in a column without a tag.

    Raises: Doubted.
    """
    if parsed.root in COPIES:
        reached = reach((relation.oid for relation in (*acted, *read)), snapshot)
        if (
            copied(inner, snapshot, protection)
            if inner is not None
            else any(hidden(oid, protection) for oid in reached)
        ):
            raise Doubted(Doubt.LAUNDERS, COPY)
    if parsed.root == "AlterTableStmt":
        for command in commands(parsed):
            altered(command, protection, acted, read)


def copied(inner: Witnessed, snapshot: Snapshot, protection: Protection) -> bool:
    """Whether the query inside uses a protected column, or rows that a policy chooses by one."""
    policed = any(snapshot.relations[oid].policies for oid in inner.closure if oid in protection.tainted)
    return policed or inner.reading.protected


def commands(parsed: Parsed) -> Iterator[Mapping[str, Node]]:
    """Yield the commands of ALTER TABLE."""
    for part, _, command in children(parsed.root, parsed.tree):
        if part == "cmds":
            yield command


def altered(command: Mapping[str, Node], protection: Protection, acted: list[Relation], read: list[Relation]) -> None:
    """Check one command of ALTER TABLE.

    Raises: Doubted.
    """
    what = command.get("subtype")
    rewrites = what == "AT_AlterColumnType" and "raw_default" in str(command)
    if rewrites and any(hidden(relation.oid, protection) for relation in acted):
        raise Doubted(Doubt.LAUNDERS, COPY)
    if what == "AT_DropExpression":  # a generated column would keep the values and lose the tag that it inherits
        for relation in acted:
            column = relation.column.get(str(command.get("name", "")))
            if column is None or column.number in protection.tags.get(relation.oid, {}):
                raise Doubted(Doubt.LAUNDERS, COPY)
    if what in LEAVES and any(inherited(relation.oid, protection) for relation in (*acted, *read)):
        raise Doubted(Doubt.LAUNDERS, LEFT)


def inherited(oid: Oid, protection: Protection) -> bool:
    """Whether a relation has a tag only because it belongs to another."""
    return any(tagged.why.startswith(INHERITED) for tagged in protection.tags.get(oid, {}).values())


def tags(protection: Protection, relations: Iterable[Relation], inner: Witnessed | None) -> dict[str, frozenset[str]]:
    """Give the tags of what is defined or rewritten; of the query inside, those of the columns that it uses."""
    found = {} if inner is None else dict(inner.reading.tags)
    for relation in relations if inner is None else ():
        names = frozenset(tagged.tag for tagged in protection.tags.get(relation.oid, {}).values())
        if names:
            found[relation.qualified] = names
    return found


@final
@dataclass(frozen=True, slots=True)
class Emptied:
    """What TRUNCATE empties besides what it names."""

    also: list[Relation]
    pairs: frozenset[Pair]
    facts: frozenset[Fact]
    also_runs: frozenset[str]
    needs: frozenset[Need]


def truncated(parsed: Parsed, snapshot: Snapshot, acted: list[Relation]) -> Emptied:
    """Follow TRUNCATE into children, and with CASCADE to every table whose foreign keys point there."""
    cascades = parsed.tree.get("behavior") == "DROP_CASCADE"
    found = {relation.oid: relation for relation in acted}
    named_ones, far = frozenset(found), set[Oid]()
    waiting = list(acted)
    while waiting:
        relation = waiting.pop()
        keys = frozenset(reference.child for reference in relation.references) if cascades else frozenset()
        for oid in (relation.children | keys) - found.keys():
            far |= {oid} & keys
            found[oid] = snapshot.relations[oid]
            waiting.append(found[oid])
    facts = {Fact.CASCADES} if far else set()
    fired = {
        beside.trigger(relation, trigger, snapshot)
        for relation in found.values()
        for trigger in relation.triggers
        if trigger.events & TRUNCATES
    }
    facts |= {Fact.FIRES_TRIGGERS, Fact.UNREGISTERED_CODE} if fired else set()
    pairs = {Pair(thing=named(relation), verb=Verb.DELETE) for relation in found.values()}
    restarts = bool(parsed.tree.get("restart_seqs"))
    owned = [snapshot.relations[oid] for each in found.values() for oid in sorted(each.sequences) if restarts]
    pairs |= {Pair(thing=named(sequence), verb=Verb.UPDATE) for sequence in owned}
    also = [found[oid] for oid in sorted(found.keys() - named_ones)]
    left = {said for relation in found.values() for said in beside.published(relation)}
    needs = emptied((found[oid] for oid in far), owned)
    return Emptied(also, frozenset(pairs), frozenset(facts), frozenset(fired | left), needs)


def calls(parsed: Parsed, snapshot: Snapshot) -> None:
    """Refuse functions that are not known to be harmless: what a definition calls, runs, and no tree shows which.

    Raises: Doubted.
    """
    own = overloads(snapshot)
    for name in parsed.functions:
        if not known(name) or (name[-1] in own and len(name) == 1):
            raise Doubted(Doubt.FUNCTION, f"The function {'.'.join(name)} is not called from definitions.")


def overloads(snapshot: Snapshot) -> frozenset[str]:
    """Name own functions that a call without a schema may choose: pg_catalog comes first, so not those of its forms."""
    routines = snapshot.routines.values()
    builtin = {(each.name, each.types[:-1]) for each in routines if each.oid < FIRST_OWN}
    return frozenset(
        each.name
        for each in routines
        if each.oid >= FIRST_OWN and each.extension is None and each.schema in snapshot.search_path
        if (each.name, each.types[:-1]) not in builtin
    )


def known(name: tuple[str, ...]) -> bool:
    """Whether a function is harmless by its name, or the usual default of a key."""
    plain = len(name) == 1 or name[0] == "pg_catalog"
    return plain and (name[-1] in harmless() or name[-1] in SEQUENCES)


def made(
    parsed: Parsed,
    pairs: frozenset[Pair],
    facts: frozenset[Fact],
    closure: frozenset[Oid],
    snapshot: Snapshot,
    protection: Protection,
    tagged: Mapping[str, frozenset[str]] | None = None,
    inner: Witnessed | None = None,
) -> Witnessed:
    """Put the Reading together; its digest stands on the parser's tree, the inner query's, the stamp and the tags."""
    if inner is not None:
        closure |= inner.closure
        facts |= inner.reading.facts
        pairs |= {pair for pair in inner.reading.pairs if pair.thing.kind != "expression"}
    stamp: dict[str, Json] = {str(oid): snapshot.stamp.get(oid, "") for oid in sorted(closure)}
    tree = digest(
        {
            "text": repr(stripped(dict(parsed.tree), {})),
            "inside": "" if inner is None else inner.reading.tree,
            "stamp": stamp,
            "tags": protection.version,
        }
    )
    written = frozenset(".".join(name) for name in parsed.functions)
    reading = Reading(
        dialect=Dialect.POSTGRES,
        statement=parsed.text,
        text=parsed.text,
        pairs=pairs,
        facts=facts,
        columns=frozenset() if inner is None else inner.reading.columns,
        functions=written if inner is None else inner.reading.functions,
        tags=tagged or {},
        tree=tree,
        witnessed=True,
    )
    return Witnessed(reading=reading, closure=closure, index_scans_off=inner is not None and inner.index_scans_off)
