"""What a tree holds: one walk over every node, sets derived from the kinds that the field table gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, final

from core.catalog import Oid, Snapshot
from core.classify.postgres.tree.constants import Constant
from core.classify.postgres.tree.read import Tree

LAST_VALUE: Final = 4032  # pg_proc.dat: pg_sequence_last_value(regclass)
SYSTEM: Final = ("pg_catalog", "information_schema")
FIRST_OWN: Final = 16_384  # FirstNormalObjectId: below are the server's own objects
OFFSET: Final = 7  # bitmaps hold attnum - FirstLowInvalidHeapAttributeNumber
RELATION: Final = 0  # rtekinds
ORIGINS: Final = frozenset({"resorigtbl"})
REGCLASS: Final = 2205
TUPLESTORE: Final = 7  # a trigger's transition table: no statement of an agent sees one
RECORDS: Final = 16  # from this major version on, permissions stand in records of their own


@final
@dataclass(frozen=True, slots=True)
class Record:
    """A permission record: what a query needs of one relation."""

    relation: Oid
    needs: int  # 1 insert, 2 select, 4 update and row locks, 8 delete
    as_user: int  # 0: the caller; else the owner of the view that was expanded
    selected: frozenset[int]  # attnums; 0: the whole row
    inserted: frozenset[int]
    updated: frozenset[int]

    @property
    def used(self) -> frozenset[int]:
        """Every column the query reads, sets or inserts."""
        return self.selected | self.inserted | self.updated


@final
@dataclass(frozen=True, slots=True)
class Place:
    """Where the walk stands."""

    trusted: bool = False  # in the body of a system view that may be read
    policy: bool = False  # in a row-security policy
    view: Oid | None = None  # in the body of this user's view


@final
@dataclass(slots=True)
class Census:
    """What one walk finds; nothing of it is judged here."""

    nodes: Counter[str] = field(default_factory=Counter)
    entries: Counter[Oid] = field(default_factory=Counter)  # range table entries by relation
    inner: set[Oid] = field(default_factory=set)  # relations in bodies of system views
    records: list[Record] = field(default_factory=list)
    catalogs: list[Record] = field(default_factory=list)  # of system relations outside such bodies
    origins: set[Oid] = field(default_factory=set)  # of result columns
    called: set[Oid] = field(default_factory=set)
    invoked: list[Tree] = field(default_factory=list)  # calls by name
    settings: list[Tree] = field(default_factory=list)  # calls inside policies
    counted: bool = False  # whether the last value of a sequence is asked for by a call
    operators: set[Oid] = field(default_factory=set)
    types: set[Oid] = field(default_factory=set)
    coerced: set[Oid] = field(default_factory=set)  # domains whose CHECKs run
    queries: list[tuple[Tree, Place]] = field(default_factory=list)
    parameters: set[tuple[int, int]] = field(default_factory=set)
    samplers: set[Oid] = field(default_factory=set)
    sampled: set[Oid] = field(default_factory=set)
    targets: set[Oid] = field(default_factory=set)
    sequences: set[Oid] = field(default_factory=set)  # relations that constants name, where the snapshot has them


def count(queries: list[Tree], snapshot: Snapshot, listed: frozenset[Oid]) -> Census:
    """Walk every query; `listed` are the system views whose bodies are trusted."""
    census = Census()
    walk = Walk(census, snapshot, listed)
    for query in queries:
        walk.visit(query, Place())
    return census


@final
class Walk:
    """The walk, with what it needs to know."""

    def __init__(self, census: Census, snapshot: Snapshot, listed: frozenset[Oid]) -> None:
        self._found: Final = census
        self._snapshot: Final = snapshot
        self._listed: Final = listed
        self._old: Final = snapshot.version // 10_000 < RECORDS

    def visit(self, tree: Tree, place: Place) -> None:
        """Visit a node and all below it."""
        self._found.nodes[tree.name] += 1
        at = place
        if tree.name == "QUERY":
            at = self._query(tree, place)
        elif tree.name == "RANGETBLENTRY":
            self._entry(tree, place)
        elif tree.name == "RTEPERMISSIONINFO":
            self._record(tree, place)
        else:
            self._leaf(tree)
        self._ids(tree, at)
        for name, below in tree.below():
            inner = at
            if name == "securityQuals":
                inner = Place(trusted=at.trusted, policy=True, view=at.view)
            elif name == "subquery":
                inner = self._expanded(tree, at)
            self.visit(below, inner)

    def _leaf(self, tree: Tree) -> None:
        """Note a parameter, or a domain whose CHECKs run."""
        if tree.name == "PARAM":
            self._found.parameters.add((tree.number("paramkind"), tree.number("paramid")))
        elif tree.name == "COERCETODOMAIN":
            self._found.coerced.add(Oid(tree.number("resulttype")))

    def _query(self, tree: Tree, place: Place) -> Place:
        """Note a query; on 15 an expanded view is known by its OLD and NEW entries."""
        entries = tree.nodes("rtable")
        at = place
        if self._old and len(entries) > 1 and all(ruled(entry) for entry in entries[:2]):
            at = self._inside(Oid(entries[0].number("relid")), place)
        self._found.queries.append((tree, at))
        target = tree.number("resultRelation")
        if 0 < target <= len(entries):
            self._found.targets.add(Oid(entries[target - 1].number("relid")))
        return at

    def _expanded(self, entry: Tree, place: Place) -> Place:
        """From 16 on, the entry of an expanded view names it."""
        relation = Oid(entry.number("relid"))
        return self._inside(relation, place) if relation else place

    def _inside(self, view: Oid, place: Place) -> Place:
        if view in self._listed:
            return Place(trusted=True, policy=place.policy, view=place.view)
        return Place(trusted=place.trusted, policy=place.policy, view=place.view or view)

    def _entry(self, tree: Tree, place: Place) -> None:
        relation = Oid(tree.number("relid"))
        if tree.number("rtekind") == TUPLESTORE:
            self._found.nodes["TUPLESTORE"] += 1
        if not relation:
            return
        if place.trusted and not (ruled(tree) and relation in self._listed):
            self._found.inner.add(relation)
            return
        if self._old and ruled(tree):
            if tree.number("requiredPerms"):
                self._found.entries[relation] += 1  # OLD; NEW needs nothing
        else:
            self._found.entries[relation] += 1
        if tree.node("tablesample") is not None:
            self._found.sampled.add(relation)
        if self._old:
            self._note(tree)

    def _record(self, tree: Tree, place: Place) -> None:
        if not place.trusted:
            self._note(tree)

    def _note(self, tree: Tree) -> None:
        """Note what an entry (15) or a record (16 and later) needs."""
        relation = Oid(tree.number("relid"))
        record = Record(
            relation,
            tree.number("requiredPerms"),
            tree.number("checkAsUser"),
            *(columns(tree.members(name)) for name in ("selectedCols", "insertedCols", "updatedCols")),
        )
        self._found.records.append(record)
        known = self._snapshot.relations.get(relation)
        if relation < FIRST_OWN or (known is not None and known.schema in SYSTEM):
            self._found.catalogs.append(record)

    def _call(self, tree: Tree, place: Place) -> bool:
        """Note a call; whether that was all of it."""
        self._found.invoked.append(tree)
        self._found.counted |= tree.number("funcid") == LAST_VALUE and not place.trusted
        return self._setting(tree, place)

    def _setting(self, tree: Tree, place: Place) -> bool:
        """Whether this is a policy's look at a setting by a constant name: the usual tenant policy."""
        arguments = tree.nodes("args")
        routine = self._snapshot.routines.get(Oid(tree.number("funcid")))
        if not place.policy or routine is None or (routine.schema, routine.name) != ("pg_catalog", "current_setting"):
            return False
        if not arguments or any(argument.name != "CONST" for argument in arguments):
            return False
        self._found.settings.append(tree)
        return True

    def _ids(self, tree: Tree, place: Place) -> None:
        """Note every object id that the field table says a node holds."""
        if tree.name == "RTEPERMISSIONINFO" or (tree.name == "FUNCEXPR" and self._call(tree, place)):
            return
        if tree.name in {"CONST", "NEXTVALUEEXPR"}:
            self._found.sequences |= {constant(tree)} & self._snapshot.relations.keys()
        for name, kind in tree.layout.ids:
            numbers = ids(tree, name, kind)
            if not numbers:
                continue
            if kind == "r" and name in ORIGINS and not place.trusted:
                self._found.origins |= numbers
            elif kind == "f" and tree.name == "TABLESAMPLECLAUSE":
                self._found.samplers |= numbers
            elif kind in "foOtT":
                {"f": self._found.called, "o": self._found.operators, "t": self._found.types}[kind.lower()].update(
                    numbers
                )


def ids(tree: Tree, name: str, kind: str) -> frozenset[Oid]:
    """Read the object ids of one field, zero left out."""
    if kind in {"O", "T"}:
        return frozenset(Oid(number) for number in tree.members(name) if number)
    if kind in {"f", "o", "t", "r"} and tree.number(name):
        return frozenset({Oid(tree.number(name))})
    return frozenset()


def constant(tree: Tree) -> Oid:
    """Read the relation that a constant of type regclass, or an identity column, names; 0: none."""
    if tree.name == "NEXTVALUEEXPR":
        return Oid(tree.number("seqid"))
    value = tree.fields["constvalue"]
    if tree.number("consttype") != REGCLASS or not isinstance(value, Constant):
        return Oid(0)
    return Oid(sum((octet & 0xFF) << (8 * place) for place, octet in enumerate(value.octets()[:4])))


def ruled(entry: Tree) -> bool:
    """Whether an entry is a view itself: OLD and NEW of an expanded view on 15."""
    return entry.name == "RANGETBLENTRY" and entry.number("rtekind") == RELATION and entry.plain("relkind") == "v"


def columns(members: tuple[int, ...]) -> frozenset[int]:
    """Turn a bitmap's members into attnums: 7 is the whole row, below are system columns."""
    return frozenset(member - OFFSET for member in members)
