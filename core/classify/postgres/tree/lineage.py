"""Which stored columns a result column, or a condition, derives from: Vars resolved through the server's tree.

Masking does not depend on it: it feeds the Answer's marks and `predicate_on_protected`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias, final

from core.catalog import Oid
from core.classify.postgres.tree.census import OFFSET
from core.classify.postgres.tree.read import Tree, Value, flat

Base: TypeAlias = "tuple[Oid, int]"  # relation and attnum
NOTHING: Final[frozenset[Base]] = frozenset()
WHOLE: Final = {3: "functions", 4: "tablefunc", 5: "values_lists"}  # by rtekind: one source for all columns
LISTED: Final = {2: "joinaliasvars", 9: "groupexprs"}  # one expression per column
COMMON: Final = 6
VALUES: Final = 5
GROUPED: Final = frozenset({"WINDOWFUNC", "AGGREF"})
MERGE: Final = 5  # nodes/nodes.h: CmdType
KEYS: Final = -1  # beside a query's id: what decides which rows it counts
WHOLE_QUERY: Final = -2  # beside a query's id: all it depends on
RECORDS: Final = frozenset({"RTEPERMISSIONINFO", "RANGETBLENTRY"})
CONDITIONS: Final = ("havingQual", "limitOffset", "limitCount")


@final
@dataclass(frozen=True, slots=True)
class Scope:
    """A query and the queries around it, innermost first."""

    query: Tree
    outer: Scope | None = None

    def up(self, levels: int) -> Scope | None:
        """Go out by a number of query levels."""
        scope: Scope | None = self
        for _ in range(levels):
            scope = None if scope is None else scope.outer
        return scope


@final
@dataclass(slots=True)
class Lineage:
    """Resolves expressions of one tree; remembers what it resolved.

    `strict` also follows what a value only depends on: the keys and conditions of what is grouped, counted or ranked.
    A write needs that, since a rank or a count would carry a protected order into a column without a tag.
    """

    strict: bool = False
    _known: dict[tuple[int, int], frozenset[Base]] = field(default_factory=dict)
    _shown: dict[int, tuple[frozenset[Base], ...]] = field(default_factory=dict)  # by query: asked for once a column
    _open: set[tuple[int, int]] = field(default_factory=set)  # recursion of a CTE into itself

    def outputs(self, query: Tree, outer: Scope | None = None) -> tuple[frozenset[Base], ...]:
        """Give the stored columns behind each result column; of a write: of each column it returns."""
        if id(query) not in self._shown:
            self._shown[id(query)] = self._output(query, outer)
        return self._shown[id(query)]

    def _output(self, query: Tree, outer: Scope | None) -> tuple[frozenset[Base], ...]:
        scope = Scope(query, outer)
        listed = "targetList" if query.number("commandType") == 1 else "returningList"
        shown = [target for target in query.nodes(listed) if not target.flag("resjunk")]
        arms = tuple(leaves(query.node("setOperations")))
        return tuple(
            self._arms(scope, arms, place) if arms else self.of(target.fields.get("expr", []), scope)
            for place, target in enumerate(shown, start=1)
        )

    def conditions(self, query: Tree, outer: Scope | None = None) -> frozenset[Base]:
        """Give the stored columns that decide which rows come, in which order and group, in this query alone."""
        scope = Scope(query, outer)
        found = self._chosen(scope)
        for name in CONDITIONS:
            found |= self.of(query.fields.get(name, []), scope)
        return found

    def of(self, value: Value, scope: Scope) -> frozenset[Base]:
        """Give the stored columns that an expression holds, sub-selects whole."""
        found = NOTHING
        for node in flat(value):
            if node.name == "VAR":
                found |= self._variable(node, scope)
            elif node.name == "QUERY":
                found |= self._whole(node, scope)
            elif node.name == "MERGESUPPORTFUNC":
                found |= self._matched(scope)
            else:
                if self.strict and node.name in GROUPED:
                    found |= self._counted(scope.up(node.number("agglevelsup")) or scope)
                for _, below in node.below():
                    found |= self.of(below, scope)
        return found

    def _matched(self, scope: Scope) -> frozenset[Base]:
        """Give what `merge_action()` tells of: which rows matched, by the conditions of the MERGE around it."""
        at: Scope | None = scope
        while at is not None and at.query.number("commandType") != MERGE:
            at = at.outer
        if at is None:
            return NOTHING
        found = self.conditions(at.query, at.outer) | self.of(at.query.fields.get("mergeJoinCondition", []), at)
        for action in at.query.nodes("mergeActionList"):
            found |= self.of(action.fields.get("qual", []), at)
        return found

    def _counted(self, scope: Scope) -> frozenset[Base]:
        """Give what decides which rows are counted, and apart from which others: keys, WHERE, all inside."""
        key = (id(scope.query), KEYS)
        if key in self._known or key in self._open:
            return self._known.get(key, NOTHING)
        self._open.add(key)
        found = self._chosen(scope)
        for _, below in scope.query.below():
            for inside in inner(below, scope):
                found |= self.conditions(inside.query, inside.outer)
        self._open.discard(key)
        self._known[key] = found
        return found

    def _chosen(self, scope: Scope) -> frozenset[Base]:
        """Give what a query's rows are chosen, sorted and grouped by, before HAVING and LIMIT."""
        found = NOTHING
        for node in within(scope.query.node("jointree")):
            found |= self.of(node.fields.get("quals", []), scope)
        for target in scope.query.nodes("targetList"):
            if target.number("ressortgroupref"):
                found |= self.of(target.fields.get("expr", []), scope)
        return found

    def _whole(self, query: Tree, outer: Scope) -> frozenset[Base]:
        """Give all that a query's result depends on, how many rows it has included; queries in its FROM as well."""
        key = (id(query), WHOLE_QUERY)
        if key in self._known or key in self._open:
            return self._known.get(key, NOTHING)
        self._open.add(key)
        found = NOTHING
        for output in self.outputs(query, outer):
            found |= output
        for scope in queries(query, outer):
            found |= self.conditions(scope.query, scope.outer) | self._rows(scope)
        self._open.discard(key)
        self._known[key] = found
        return found

    def _rows(self, scope: Scope) -> frozenset[Base]:
        """Give what decides how many rows the CTEs have that a query names."""
        found = NOTHING
        for place, entry in enumerate(scope.query.nodes("rtable"), start=1):
            if entry.number("rtekind") == COMMON:
                found |= self._entry(scope, place, 0)
        return found

    def _arms(self, scope: Scope, arms: tuple[int, ...], place: int) -> frozenset[Base]:
        """Give what the arms of a UNION show; which arm a row came from tells what that arm chose it by."""
        found = self._counted(scope) if self.strict else NOTHING
        for arm in arms:
            found |= self._entry(scope, arm, place)
        return found

    def _variable(self, var: Tree, scope: Scope) -> frozenset[Base]:
        at = scope.up(var.number("varlevelsup"))
        return NOTHING if at is None else self._entry(at, var.number("varno"), var.number("varattno"))

    def _entry(self, scope: Scope, number: int, column: int) -> frozenset[Base]:
        entries = scope.query.nodes("rtable")
        if not 0 < number <= len(entries):
            return NOTHING
        entry = entries[number - 1]
        key = (id(entry), column)
        if key in self._known or key in self._open:
            return self._known.get(key, NOTHING)
        self._open.add(key)
        self._known[key] = self._column(entry, column, scope)
        self._open.discard(key)
        return self._known[key]

    def _column(self, entry: Tree, column: int, scope: Scope) -> frozenset[Base]:
        """Resolve one column of a range table entry by the entry's kind."""
        kind = entry.number("rtekind")
        if kind in WHOLE:
            return self.of(entry.fields.get(WHOLE[kind], []), scope) | self._made(entry, column)
        if kind in LISTED:
            return self._nth(entry.fields.get(LISTED[kind], []), column, scope)
        match kind:
            case 0:
                return frozenset({(Oid(entry.number("relid")), column)})
            case 1:
                return self._subquery(entry, column, scope)
            case 6:
                return self._common(entry, column, scope)
            case _:
                return NOTHING

    def _made(self, entry: Tree, column: int) -> frozenset[Base]:
        """Name a value that the statement itself makes, as a relation of its own: a write must know it again."""
        of = column if entry.number("rtekind") == VALUES else 0
        return frozenset({(Oid(-id(entry)), of)}) if self.strict else NOTHING

    def _nth(self, value: Value, column: int, scope: Scope) -> frozenset[Base]:
        if not isinstance(value, list) or column > len(value):
            return NOTHING
        return self.of(value[column - 1] if column > 0 else value, scope)

    def _subquery(self, entry: Tree, column: int, scope: Scope) -> frozenset[Base]:
        """Resolve through a subquery; an expanded view's own column counts as well (from 16 on it is named)."""
        query = entry.node("subquery")
        found = NOTHING if query is None else pick(self.outputs(query, scope), column)
        view = Oid(entry.number("relid"))
        return found | {(view, column)} if view else found

    def _common(self, entry: Tree, column: int, scope: Scope) -> frozenset[Base]:
        at = scope.up(entry.number("ctelevelsup"))
        for table in at.query.nodes("cteList") if at is not None else ():
            query = table.node("ctequery")
            if table.plain("ctename") != entry.plain("ctename") or query is None or at is None:
                continue
            if table.flag("cterecursive"):  # its columns feed each other: any may hold whatever the whole reads
                return reads(query) | self._made(table, 0)
            found = NOTHING if column else self._conditions_within(query, at)
            return found | pick(self.outputs(query, at), column)
        return NOTHING

    def _conditions_within(self, query: Tree, outer: Scope) -> frozenset[Base]:
        found = NOTHING
        for scope in queries(query, outer):
            found |= self.conditions(scope.query, scope.outer)
        return found


def reads(query: Tree) -> frozenset[Base]:
    """Give every stored column that a query needs to read, at any depth, by its permission records."""
    found: set[Base] = set()
    waiting = [query]
    while waiting:
        tree = waiting.pop()
        relation = Oid(tree.number("relid")) if tree.name in RECORDS else Oid(0)
        if relation:
            found |= {(relation, member - OFFSET) for member in tree.members("selectedCols")}
        waiting.extend(below for _, below in tree.below())
    return frozenset(found)


def pick(outputs: tuple[frozenset[Base], ...], column: int) -> frozenset[Base]:
    """Take one column, or all where the column is the whole row or one that SEARCH or CYCLE made."""
    if 0 < column <= len(outputs):
        return outputs[column - 1]
    return NOTHING.union(*outputs)


def leaves(node: Tree | None) -> Iterator[int]:
    """Yield the range table indexes of a set operation's arms."""
    if node is None:
        return
    if node.name == "RANGETBLREF":
        yield node.number("rtindex")
        return
    for side in ("larg", "rarg"):
        yield from leaves(node.node(side))


def within(tree: Tree | None) -> Iterator[Tree]:
    """Yield a join tree's own nodes."""
    if tree is None:
        return
    yield tree
    for name, below in tree.below():
        if name != "quals":
            yield from within(below)


def queries(query: Tree, outer: Scope | None = None) -> Iterator[Scope]:
    """Yield every query of a tree with the queries around it."""
    scope = Scope(query, outer)
    yield scope
    for _, below in query.below():
        yield from inner(below, scope)


def inner(tree: Tree, scope: Scope) -> Iterator[Scope]:
    """Yield the queries below a node that is no query."""
    if tree.name == "QUERY":
        yield from queries(tree, scope)
        return
    for _, below in tree.below():
        yield from inner(below, scope)
