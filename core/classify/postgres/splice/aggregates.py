"""Aggregates of a protected number over many people: each call is wrapped, so that a group of few people shows nothing.

Only the plainest statement has this form: one table, no join, no subquery, the column nowhere but as the one argument
of an allowed function in the SELECT list, no other protected column. A join could count one person's row a million
times; a FILTER, an ORDER or a HAVING would ask about single values. Any other statement sees the column's mask.

A least number of people does not stop "all, minus all but one": results are rounded, and a day's statements counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from core.catalog import Aggregable, Protection, Relation, Snapshot
from core.classify.postgres.nouns import Fields, Named, Node, Parsed, Told
from core.classify.postgres.splice.splice import quoted
from core.classify.postgres.text.parse import parse, select
from core.classify.postgres.text.scope import offset, words
from core.classify.postgres.text.shape import children, stripped, unfold
from core.classify.postgres.tree.agree import disagree
from core.classify.postgres.tree.read import Tree
from core.model import FREE_TEXT, Unreadable

Call: TypeAlias = tuple[Fields, Fields, bool]  # the call, its argument, whether it is all of an entry without a name

# What a statement of this form may not hold anywhere.
BARRED: Final = frozenset(
    {"SubLink", "RangeSubselect", "RangeFunction", "RangeTableFunc", "RangeTableSample", "JoinExpr", "WithClause",
     "CommonTableExpr", "WindowDef", "GroupingSet", "JsonTable", "LockingClause", "IntoClause"}
)  # fmt: skip
CLAUSES: Final = frozenset(
    {"targetList", "fromClause", "whereClause", "groupClause", "havingClause", "sortClause", "limitCount",
     "limitOffset", "limitOption", "op"}
)  # fmt: skip
PLAIN: Final = frozenset({"funcname", "args", "funcformat", "location"})
SPACE: Final = r"[ \t\n\r\f\v]*"
WORD: Final = r'(?:"(?:[^"]|"")+"|[A-Za-z_\x80-\xff][A-Za-z0-9_$\x80-\xff]*)'
DOTTED: Final = rf"{WORD}(?:{SPACE}\.{SPACE}{WORD}){{0,2}}"
CALL: Final = re.compile(rf"{DOTTED}{SPACE}\({SPACE}{DOTTED}{SPACE}\)".encode("latin-1"))
SUBQUERY, GROUPS = 1, 9  # rtekinds


# ---------------------------------------------------------------- the text


def told(parsed: Parsed, snapshot: Snapshot, protection: Protection) -> Parsed:
    """Mark the calls of a statement that asks nothing but aggregates of protected numbers; else give it as it came."""
    relation = only(parsed, snapshot)
    if relation is None or relation.oid in protection.closed:
        return parsed
    opened = {
        relation.attributes[number].name: each
        for (oid, number), each in protection.aggregated.items()
        if oid == relation.oid and number in relation.attributes
    }
    calls = [call for target in targets(parsed.tree) for call in within(target, opened)]
    if not calls or strange(parsed, calls, relation, protection):
        return parsed
    marks = [marked(parsed, call, opened, relation) for call in calls]
    told_of = tuple(mark for mark in marks if mark is not None)
    return parsed if None in marks else replace(parsed, told=told_of, like=None)


def only(parsed: Parsed, snapshot: Snapshot) -> Relation | None:
    """Give the one table of a plain select; None where it is anything else."""
    if parsed.root != "SelectStmt" or len(parsed.names) != 1 or parsed.looked is not None:
        return None
    named = parsed.names[0]
    return snapshot.find(named.schema, named.name) if plainly(named, parsed.tree) else None


def plainly(named: Named, tree: Fields) -> bool:
    """Whether a select has the plain form, looking at no expression."""
    if named.columns or named.sampled or named.only or not tree.keys() <= CLAUSES:
        return False
    stack: list[tuple[str, Fields]] = [("SelectStmt", tree)]
    while stack:
        name, fields = stack.pop()
        if name in BARRED or (name == "SelectStmt" and fields is not tree):
            return False
        stack.extend((kind, below) for _, kind, below in children(name, fields))
    return tree.get("op", "SETOP_NONE") == "SETOP_NONE"


def targets(tree: Fields) -> Iterator[Fields]:
    """Yield the entries of the SELECT list."""
    for field, name, fields in children("SelectStmt", tree):
        if field == "targetList" and name == "ResTarget":
            yield fields


def within(target: Fields, opened: Mapping[str, Aggregable]) -> Iterator[Call]:
    """Yield the allowed calls in one entry of the SELECT list."""
    whole = unfold("Node", target["val"]) if "val" in target else None
    stack: list[tuple[str, Fields]] = [("ResTarget", target)]
    while stack:
        name, fields = stack.pop()
        argument = asked(fields, opened) if name == "FuncCall" else None
        if argument is None:
            stack.extend((kind, below) for _, kind, below in children(name, fields))
        else:
            yield fields, argument, whole is not None and whole[1] is fields and "name" not in target


def asked(call: Fields, opened: Mapping[str, Aggregable]) -> Fields | None:
    """Give the column that an allowed call is about: its one argument, and nothing else written; else None."""
    listed = call.get("args")
    node = unfold("Node", listed[0]) if isinstance(listed, list) and len(listed) == 1 else None
    function = words(call.get("funcname"))
    if node is None or node[0] != "ColumnRef" or not call.keys() <= PLAIN or function[:-1] not in {(), ("pg_catalog",)}:
        return None
    column = opened.get(words(node[1].get("fields"))[-1])
    return node[1] if column is not None and function[-1] in column.word.functions else None


def strange(parsed: Parsed, calls: list[Call], relation: Relation, protection: Protection) -> bool:
    """Whether a protected column, or a whole row, stands anywhere but in these calls."""
    inside = {offset(argument) for _, argument, _ in calls}
    masked = {
        relation.attributes[number].name
        for number, tagged in protection.tags.get(relation.oid, {}).items()
        if tagged.mask != FREE_TEXT and number in relation.attributes
    }
    barred = masked | {"*", title(parsed)}
    return any(at not in inside and parts[-1] in barred for at, parts in parsed.references)


def title(parsed: Parsed) -> str:
    """Give the name under which the statement knows its one table."""
    return parsed.names[0].alias or parsed.names[0].name


def marked(parsed: Parsed, call: Call, opened: Mapping[str, Aggregable], relation: Relation) -> Told | None:
    """Find a call's bytes and word what stands instead; None where it is written in a way that is not looked for."""
    fields, argument, alone = call
    found = CALL.match(parsed.text.encode(), offset(fields))
    if found is None:
        return None
    function, column = words(fields.get("funcname"))[-1], words(argument.get("fields"))[-1]
    text = wrapped(function, column, opened[column], relation, quoted(title(parsed)))
    return Told(start=found.start(), end=found.end(), column=column, text=text, name=function if alone else None)


def wrapped(function: str, column: str, opened: Aggregable, relation: Relation, owner: str) -> str:
    """Word a call so that a group of few people shows NULL, and a number is rounded."""
    subject, word = relation.attributes[opened.subject].name, opened.word
    raw = f"pg_catalog.{function}({owner}.{quoted(column)})"
    people = f"pg_catalog.count(DISTINCT {owner}.{quoted(subject)})"
    if function == "count":
        step = f"{word.people}::pg_catalog.int8"
        shown = f"({raw} OPERATOR(pg_catalog./) {step}) OPERATOR(pg_catalog.*) {step}"
    else:
        step = f"{word.round}::pg_catalog.numeric"
        shares = f"pg_catalog.round({raw}::pg_catalog.numeric OPERATOR(pg_catalog./) {step})"
        shown = f"{shares} OPERATOR(pg_catalog.*) {step}"
    return f"(CASE WHEN {people} OPERATOR(pg_catalog.>=) {word.people}::pg_catalog.int8 THEN {shown} END)"


def wrap(parsed: Parsed) -> Parsed:
    """Put what is told in place of the calls; the parser must read exactly that.

    Raises: Doubted.
    """
    source = parsed.text.encode()
    for mark in sorted(parsed.told, key=lambda mark: mark.start, reverse=True):
        named = "" if mark.name is None else f" AS {quoted(mark.name)}"
        source = source[: mark.start] + f"{mark.text}{named}".encode() + source[mark.end :]
    again = parse(source.decode(), (None,) * parsed.parameters)
    if isinstance(again, Unreadable) or stripped(dict(parsed.tree), rules(parsed)) != stripped(dict(again.tree), {}):
        raise disagree("the text with wrapped aggregates reads differently")
    return again


def rules(parsed: Parsed) -> Mapping[str, Callable[[Mapping[str, Node]], Node]]:
    """Give what each told call must have become, and the name of its column."""
    marks = {mark.start: mark for mark in parsed.told}

    def shown(mark: Told) -> Node:
        listed = select(f"SELECT {mark.text}").get("targetList")
        entry = listed[0] if isinstance(listed, list) else None
        fields = entry.get("ResTarget") if isinstance(entry, Mapping) else None
        return fields.get("val") if isinstance(fields, Mapping) else None

    def call(fields: Mapping[str, Node]) -> Node:
        mark = marks.get(offset(fields))
        return None if mark is None else shown(mark)

    def target(fields: Mapping[str, Node]) -> Node:
        value = fields.get("val")
        inner = value.get("FuncCall") if isinstance(value, Mapping) else None
        mark = marks.get(offset(inner)) if isinstance(inner, Mapping) else None
        return None if mark is None or mark.name is None else {"ResTarget": {"name": mark.name, "val": shown(mark)}}

    return {"FuncCall": call, "ResTarget": target}


# ---------------------------------------------------------------- the tree


def enclosed(queries: list[Tree], uses: int, relation: Relation, protection: Protection) -> None:
    """Require that raw numbers go nowhere but into aggregates that stand behind the count of their people.

    The one entry of the one query is the raw relation's template, whose columns stand in the order of their numbers.

    Raises: Doubted.
    """
    order = sorted(relation.attributes)
    raw = {order.index(number) + 1: protection.aggregated.get((oid, number)) for oid, number in protection.lifted}
    entries = [entry.number("rtekind") for entry in queries[0].nodes("rtable")]
    if len(queries) != 1 or [kind for kind in entries if kind != GROUPS] != [SUBQUERY] or None in raw.values():
        raise disagree("an aggregate of a protected number over more than its one table")
    subjects = {order.index(each.subject) + 1 for each in raw.values() if each is not None}
    found = list(numbers(queries[0], frozenset(raw), frozenset(subjects)))
    if not all(found) or len(found) != uses:
        raise disagree(f"{found}: a protected number outside of its aggregate")


def numbers(query: Tree, raw: frozenset[int], subjects: frozenset[int]) -> Iterator[bool]:
    """Yield each use of a raw column: whether it is an aggregate's, in the branch behind the count of people."""
    waiting: list[tuple[Tree, bool, bool]] = [(query, False, False)]
    while waiting:
        node, counted, gathered = waiting.pop()
        if node.name == "VAR" and node.number("varno") == 1 and node.number("varattno") in raw | {0}:
            yield counted and gathered
        gathered = gathered or node.name == "AGGREF"
        for field, below in node.below():
            if below.name != "QUERY":
                behind = node.name == "CASEWHEN" and field == "result" and enough(node, subjects)
                waiting.append((below, counted or behind, gathered))


def enough(when: Tree, subjects: frozenset[int]) -> bool:
    """Whether a condition compares a count of distinct people."""
    condition = when.node("expr")
    for node in condition.nodes("args") if condition is not None and condition.name == "OPEXPR" else ():
        if node.name == "AGGREF" and node.nodes("aggdistinct"):
            people = [target.node("expr") for target in node.nodes("args")]
            return all(each is not None and each.number("varattno") in subjects for each in people)
    return False
