"""What a write changes, by the server's tree and the catalogs: targets, cascades, triggers, protected columns.

Writes run as the agent wrote them, unmasked: a protected value may decide which rows change, may be set, may be set
from itself; it goes nowhere else (a copy would carry no tag), RETURNING does not show it, and no row comes back that it
chose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, final

from core.catalog import Oid, Protection, Relation, Snapshot
from core.classify.postgres.nouns import IDLE, Doubted
from core.classify.postgres.tree import beside
from core.classify.postgres.tree.agree import system
from core.classify.postgres.tree.amount import follows
from core.classify.postgres.tree.census import Census
from core.classify.postgres.tree.checks import DELETE, INSERT, MERGE, SELECT, UPDATE
from core.classify.postgres.tree.echo import echoed, texts
from core.classify.postgres.tree.functions import Judge
from core.classify.postgres.tree.lineage import Base, Lineage, Scope, queries
from core.classify.postgres.tree.protected import Used
from core.classify.postgres.tree.read import Tree
from core.classify.postgres.tree.returned import conflicts, unchosen
from core.classify.postgres.tree.telling import draws, tells
from core.classify.postgres.tree.ties import tied
from core.model import FREE_TEXT, Column, Copy, Doubt, Fact, Pair, Thing, Verb

VERBS: Final = {UPDATE: Verb.UPDATE, INSERT: Verb.INSERT, DELETE: Verb.DELETE}
EVENTS: Final = {Verb.INSERT: 4, Verb.DELETE: 8, Verb.UPDATE: 16}  # pg_trigger.tgtype
BEFORE: Final = 2
CASCADE: Final = "c"
SETS: Final = frozenset("nd")  # set null, set default
DO_UPDATE: Final = 2  # OnConflictAction
LAUNDERS: Final = "A protected column would be copied to where it carries no tag; leave it out."
COPIES: Final = (
    "A value that is compared with a protected one would be written elsewhere: that copies it; leave it out."
)
DRAWS: Final = "A sequence would count rows by protected values; leave nextval out."
FOLLOWS: Final = (
    "How many rows are written, or in which order, would follow protected values: that copies them; use them in plain "
    "conditions only."
)
RETURNS: Final = "RETURNING may name unprotected columns only; leave the protected ones out."


@final
@dataclass(frozen=True, slots=True)
class Written:
    """What a write does."""

    pairs: frozenset[Pair]
    changed: frozenset[Oid]  # relations that are targets and nothing else
    facts: frozenset[Fact]
    masks: frozenset[str]  # kinds of mask of protected columns that are assigned
    also: frozenset[str] = frozenset()  # what happens besides, by name
    tells: Mapping[Oid, frozenset[int]] = field(default_factory=dict)  # protected columns that decide its success
    copies: frozenset[Copy] = frozenset()
    seen: frozenset[Oid] = frozenset()  # every relation that the change reaches by itself


@final
@dataclass
class Effects:
    """What follows from changing relations: collected over the catalogs, transitively."""

    snapshot: Snapshot
    pairs: set[Pair] = field(default_factory=set)
    facts: set[Fact] = field(default_factory=set)
    also: set[str] = field(default_factory=set)
    seen: dict[tuple[Oid, Verb], frozenset[int] | None] = field(default_factory=dict)

    @cached_property
    def judge(self) -> Judge:
        """What knows which own functions compute and nothing else."""
        return Judge(self.snapshot, None, writes=True)

    def change(self, oid: Oid, verb: Verb, columns: frozenset[int] | None) -> None:
        """Note a change of a relation and what it sets off; `columns` None: any of them."""
        relation = self.snapshot.relations.get(oid)
        if relation is None or covered(self.seen, oid, verb, columns):
            return
        before = self.seen.get((oid, verb), frozenset())
        columns = None if columns is None or before is None else touched(relation, columns | before)
        self.seen[(oid, verb)] = columns
        self.pairs.add(
            Pair(thing=Thing(kind="view" if relation.kind == "v" else "table", name=relation.qualified), verb=verb)
        )
        self._besides(relation, verb)
        self._attached(relation, verb)
        if relation.row_security:
            self.facts.add(Fact.ROW_POLICY)
        for child in sorted(relation.children):
            self.change(child, verb, below(relation, self.snapshot.relations.get(child), columns))
        if verb is Verb.UPDATE and (columns is None or columns & relation.partition_key):
            self._moves(relation)
        self._cascade(relation, verb, columns)

    def _besides(self, relation: Relation, verb: Verb) -> None:
        """Note by name what runs with a change of a relation, and where it goes."""
        fired = [trigger for trigger in relation.triggers if trigger.events & EVENTS[verb]]
        if fired:
            self.facts |= {Fact.FIRES_TRIGGERS, Fact.UNREGISTERED_CODE}
        if relation.rules:
            self.facts.add(Fact.FIRES_RULES)
        self.also |= {beside.trigger(relation, trigger, self.snapshot) for trigger in fired}
        self.also |= {beside.rules(relation)} if relation.rules else set()
        self.also.update(beside.published(relation))

    def _attached(self, relation: Relation, verb: Verb) -> None:
        """Note code that the server runs on the rows themselves: CHECKs, defaults, indexes, keys that are checked."""
        keys = {relation.oid, *(link.target for link in relation.links)}
        own = relation.code | {code for key in keys for code in self.snapshot.methods.get(key, ())}
        unread = [oid for oid in sorted(own) if verb is not Verb.DELETE and not self.judge.runs(oid)]
        if unread:
            self.facts.add(Fact.UNREGISTERED_CODE)
        self.also |= {beside.attached(relation, oid, self.snapshot) for oid in unread}

    def _moves(self, relation: Relation) -> None:
        """A row that changes its partition is deleted from one and inserted into another: their triggers fire."""
        for oid in sorted(relation.children):
            for verb in (Verb.INSERT, Verb.DELETE):
                self.change(oid, verb, None)

    def _cascade(self, relation: Relation, verb: Verb, columns: frozenset[int] | None) -> None:
        """Follow foreign keys that point here."""
        for reference in relation.references:
            action = {Verb.DELETE: reference.on_delete, Verb.UPDATE: reference.on_update}.get(verb, "")
            if verb is Verb.UPDATE and columns is not None and not columns & reference.columns:
                continue
            if action == CASCADE or action in SETS:
                self.facts.add(Fact.CASCADES)
                also = Verb.DELETE if action == CASCADE and verb is Verb.DELETE else Verb.UPDATE
                self.also.add(beside.carried(reference, also, self.snapshot))
                self.change(reference.child, also, None)


def covered(
    seen: dict[tuple[Oid, Verb], frozenset[int] | None], oid: Oid, verb: Verb, columns: frozenset[int] | None
) -> bool:
    """Whether a change of these columns, or of more of them, is noted already."""
    if (oid, verb) not in seen:
        return False
    before = seen[oid, verb]
    return before is None or (columns is not None and columns <= before)


def touched(relation: Relation, columns: frozenset[int]) -> frozenset[int] | None:
    """Add the generated columns that follow; None: a BEFORE trigger may change any column of the row."""
    if any(trigger.events & BEFORE and trigger.events & EVENTS[Verb.UPDATE] for trigger in relation.triggers):
        return None
    return columns | {made for made, sources in relation.generated_from.items() if sources & columns}


def below(relation: Relation, child: Relation | None, columns: frozenset[int] | None) -> frozenset[int] | None:
    """Number a relation's columns as a child or partition does: by their names."""
    if columns is None or child is None:
        return None
    names = {relation.attributes[number].name for number in columns if number in relation.attributes}
    return frozenset(attribute.number for attribute in child.attributes.values() if attribute.name in names)


def write(trees: list[Tree], census: Census, used: Used, snapshot: Snapshot, protection: Protection) -> Written:
    """Read what a tree changes.

    Raises: Doubted for protected values that would leave their columns.
    """
    effects = Effects(snapshot)
    lineage = Lineage(strict=True)
    flow = Flow(lineage, used, protection)
    flow.tie(scope for tree in trees for scope in queries(tree))
    for tree in trees:
        for scope in queries(tree):
            if scope.query.number("commandType") != SELECT:
                for verb in verbs(scope.query):
                    effects.change(target(scope.query), verb, updated(census, target(scope.query)))
            flow.query(scope)
    flow.settled(trees, census)
    entries = census.entries
    changed = {oid for oid in census.targets if entries[oid] <= 1 and not shown(trees, oid)}
    for oid in census.targets:
        relation = snapshot.relations.get(oid)
        if relation is not None and system(relation):
            raise Doubted(
                Doubt.CATALOG,
                "System catalogs are not changed row by row; use the statement made for it, such as ALTER or COMMENT.",
            )
    told = tells(effects.seen, snapshot, protection)
    unchosen(trees, chooses=flow.chooses, told=bool(told))
    facts = effects.facts | flow.facts | ({Fact.TELLS_OF_PROTECTED} if told else set())
    masks = frozenset(flow.masks)
    echo = echoed(masks, texts(trees))
    if echo is not None:
        raise Doubted(echo.doubt, echo.sentence)
    copies = frozenset(flow.copied(snapshot))
    also = frozenset(effects.also | {f"copies protected values {copy.name}" for copy in copies})
    seen = frozenset(oid for oid, _ in effects.seen)
    return Written(frozenset(effects.pairs), frozenset(changed), frozenset(facts), masks, also, told, copies, seen)


def verbs(query: Tree) -> frozenset[Verb]:
    """Tell what a query does to its target."""
    command = query.number("commandType")
    if command == MERGE:
        actions = (action.number("commandType") for action in query.nodes("mergeActionList"))
        return frozenset(VERBS[action] for action in actions if action in VERBS) or IDLE
    made = {VERBS[command]} if command in VERBS else set()
    conflict = query.node("onConflict")
    if conflict is not None and conflict.number("action") == DO_UPDATE:
        made.add(Verb.UPDATE)
    return frozenset(made)


def target(query: Tree) -> Oid:
    """Give the relation that a query changes; 0: none."""
    entries = query.nodes("rtable")
    number = query.number("resultRelation")
    return Oid(entries[number - 1].number("relid")) if 0 < number <= len(entries) else Oid(0)


def updated(census: Census, oid: Oid) -> frozenset[int]:
    """Give the columns of a relation that are updated anywhere."""
    return frozenset(number for record in census.records if record.relation == oid for number in record.updated)


def shown(trees: list[Tree], oid: Oid) -> bool:
    """Whether rows of a target come back."""
    return any(
        target(scope.query) == oid and bool(scope.query.nodes("returningList"))
        for tree in trees
        for scope in queries(tree)
    )


@final
class Flow:
    """Where protected values go in a write."""

    def __init__(self, lineage: Lineage, used: Used, protection: Protection) -> None:
        self._lineage: Final = lineage
        self._protection: Final = protection
        self._hot: Final = frozenset((oid, number) for oid, columns in used.touched.items() for number in (0, *columns))
        self._tagged: Final = frozenset(
            (oid, number) for oid, columns in protection.tags.items() if columns for number in (0, *columns)
        )
        self._tied: frozenset[Base] = frozenset()  # values that conditions compare with protected ones
        self.masks: Final[set[str]] = set()  # kinds of those that stand before assigned columns
        self.copies: Final[set[tuple[Base, Base]]] = set()  # from one protected column into another of its tag
        self._settled: set[Base] = set()
        self.chooses = False  # protected values decide which rows change, or come back
        self.facts: Final[set[Fact]] = set()

    def tie(self, scopes: Iterable[Scope]) -> None:
        """Learn which values conditions tie to protected ones."""
        self._tied = tied(scopes, self._lineage, self._hot)

    def copied(self, snapshot: Snapshot) -> Iterator[Copy]:
        """Name what is copied into another column of the same tag."""
        for pair in self.copies:
            source, target = (
                Column(relation=relation.qualified, name=relation.attributes[number].name)
                for oid, number in pair
                for relation in [snapshot.relations[oid]]
            )
            yield Copy(source=source, target=target)

    def query(self, scope: Scope) -> None:
        """Follow one query's conditions, assignments and returned columns.

        Raises: Doubted.
        """
        query, read = scope.query, self._conditions(scope)
        if read & self._hot:
            self.chooses = True
            self.facts.add(Fact.PREDICATE_ON_PROTECTED)
        self._settled |= read
        for column, value in assignments(query):
            self._assign((target(query), column), self._lineage.of(value.fields.get("expr", []), scope))
        if query.number("commandType") != SELECT:
            for output in self._lineage.outputs(query, scope.outer):
                if output & (self._hot | self._tied):
                    raise Doubted(Doubt.PROTECTED, RETURNS)
                self._settled |= output

    def _conditions(self, scope: Scope) -> frozenset[Base]:
        """Give what decides which rows a query changes, returns or lets pass."""
        query = scope.query
        read = self._lineage.conditions(query, scope.outer)
        for node in (*query.nodes("mergeActionList"), *conflicts(query)):
            for name in ("qual", "onConflictWhere", "arbiterWhere", "arbiterElems"):
                read |= self._lineage.of(node.fields.get(name, []), scope)
        for name in ("mergeJoinCondition", "withCheckOptions"):
            read |= self._lineage.of(query.fields.get(name, []), scope)
        return read

    def _assign(self, to: Base, values: frozenset[Base]) -> None:
        hot, free = values & self._hot, values & (self._tagged - self._hot)
        copied = hot - {to}
        if (hot and not to[1]) or not all(self._alike(base, to) for base in copied):
            raise Doubted(Doubt.LAUNDERS, LAUNDERS, f"{sorted(hot)} into {to}")
        if copied:
            self.copies.update((base, to) for base in copied)
            self.facts.add(Fact.COPIES_PROTECTED)
            self._settled |= copied
        if free - {to} and to not in self._tagged:
            raise Doubted(Doubt.LAUNDERS, LAUNDERS, f"free text of {sorted(free)} into {to}")
        if to not in self._tagged and values & self._tied - {to}:
            raise Doubted(Doubt.LAUNDERS, COPIES, f"{sorted(values & self._tied)} into {to}")
        self._settled |= free
        if hot:
            self.facts.add(Fact.PREDICATE_ON_PROTECTED)
            self._settled.add(to)
        if to[1] and (touched := self._protection.touched(to[0], frozenset({to[1]}))):
            self.facts.add(Fact.ASSIGNS_PROTECTED)
            self.masks.update(tagged.mask for tagged in touched.values())

    def _alike(self, base: Base, to: Base) -> bool:
        """Whether both columns are masked under one tag: then people may decide on a copy (masking.md 9)."""
        source, target = (self._protection.tags.get(oid, {}).get(number) for oid, number in (base, to))
        if source is None or target is None or FREE_TEXT in {source.mask, target.mask}:
            return False
        return source.tag == target.tag

    def _counted(self, trees: list[Tree], scopes: list[Scope]) -> None:
        """Refuse what would keep count of protected values.

        Raises: Doubted.
        """
        if Fact.PREDICATE_ON_PROTECTED in self.facts and any(draws(scope.query) for scope in scopes):
            raise Doubted(Doubt.LAUNDERS, DRAWS)
        if follows(trees, self._lineage, self._hot, self._tied):
            raise Doubted(Doubt.LAUNDERS, FOLLOWS)

    def settled(self, trees: list[Tree], census: Census) -> None:
        """Refuse when a protected column is read and it is not known where it goes, or something keeps count of it.

        Raises: Doubted.
        """
        scopes = [scope for tree in trees for scope in queries(tree)]
        self._counted(trees, scopes)
        for tree in trees:
            outputs = self._lineage.outputs(tree) if tree.number("commandType") == SELECT else ()
            shown = frozenset[Base]().union(*outputs)
            if shown & (self._hot | self._tied):
                raise Doubted(
                    Doubt.PROTECTED,
                    "A statement that changes or locks rows shows no protected columns; query them apart.",
                )
            self._settled |= shown
        named = frozenset(base for scope in scopes for base in variables(scope))
        for record in census.records:
            through = bool(record.as_user) and record.relation in census.targets
            for number in record.selected:
                base = (record.relation, number)
                if through and base not in named:
                    continue  # a view that is written through asks for all its columns; no expression names this one
                if base in self._tagged and base not in self._settled:
                    raise Doubted(Doubt.LAUNDERS, LAUNDERS, f"{base} is read and not followed")


def variables(scope: Scope) -> Iterator[Base]:
    """Yield the stored columns that a query's own expressions name; those of queries inside are theirs."""
    waiting = [node for _, node in scope.query.below()]
    while waiting:
        node = waiting.pop()
        if node.name == "QUERY":
            continue
        waiting.extend(below for _, below in node.below())
        at = scope.up(node.number("varlevelsup")) if node.name == "VAR" else None
        entries = () if at is None else at.query.nodes("rtable")
        if 0 < node.number("varno") <= len(entries):
            yield (Oid(entries[node.number("varno") - 1].number("relid")), node.number("varattno"))


def assignments(query: Tree) -> Iterator[tuple[int, Tree]]:
    """Yield the columns that a query sets, with what it sets them to."""
    if query.number("commandType") in {UPDATE, INSERT}:
        yield from columns(query, "targetList")
    for conflict in conflicts(query):
        yield from columns(conflict, "onConflictSet")
    for action in query.nodes("mergeActionList"):
        yield from columns(action, "targetList")


def columns(tree: Tree, name: str) -> Iterator[tuple[int, Tree]]:
    """Yield target entries with the stored column they set; 0: the query of `(a, b) = (SELECT …)`."""
    for entry in tree.nodes(name):
        yield 0 if entry.flag("resjunk") else entry.number("resno"), entry
