"""A few rows of an UPDATE before and after, as a question: keys, old columns, new expressions, from the agent's bytes.

As in `counting`, slices prove nothing: the question counts only where the parser reads each part of it as the very tree
that it reads in the statement.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, final

from core.classify.postgres.nouns import Access, Fields, Node, Parsed
from core.classify.postgres.text.counting import END, WHERE, places, renumbered
from core.classify.postgres.text.parse import parse
from core.classify.postgres.text.scope import offset
from core.classify.postgres.text.shape import stripped
from core.model import Unreadable

ROWS: Final = 5
TRIES: Final = 64
LIMIT: Final[Fields] = {"A_Const": {"ival": {"ival": ROWS}}}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """A question of ours; its result columns are the keys, then each assigned column before, then each after."""

    text: str = field(repr=False)
    parameters: tuple[int, ...]
    keys: tuple[str, ...]
    columns: tuple[str, ...]


def sampling(parsed: Parsed, keys: tuple[str, ...], closed: frozenset[str]) -> Sampling | None:
    """Give the question about an UPDATE; `closed` columns are not asked for afterwards. None for any other form."""
    targets = assigned(parsed)
    shown = [(name, value) for name, value in targets if name not in closed]
    target = parsed.tree.get("relation")
    if not keys or not shown or not isinstance(target, Mapping) or parsed.tree.get("fromClause") is not None:
        return None
    for text in itertools.islice(asked(parsed, target, keys, [name for name, _ in shown], targets), TRIES):
        found = proven(text, parsed, keys, shown)
        if found is not None:
            return found
    return None


def assigned(parsed: Parsed) -> list[tuple[str, Node]]:
    """Give the plain assignments of an UPDATE; []: it has others as well, or is none."""
    if parsed.root != "UpdateStmt" or parsed.access is not Access.WRITE or parsed.tree.get("withClause") is not None:
        return []
    listed = parsed.tree.get("targetList")
    found: list[tuple[str, Node]] = []
    for item in listed if isinstance(listed, list) else ():
        target = item.get("ResTarget") if isinstance(item, Mapping) else None
        if not isinstance(target, Mapping) or "indirection" in target:
            return []
        value = target.get("val")
        if not isinstance(value, Mapping) or value.keys() & {"SetToDefault", "MultiAssignRef"}:
            return []
        found.append((str(target.get("name", "")), value))
    return found


def asked(
    parsed: Parsed, target: Fields, keys: tuple[str, ...], shown: list[str], targets: list[tuple[str, Node]]
) -> Iterator[str]:
    """Yield questions: target, SET list and condition cut at keywords, the list at commas."""
    source, start = parsed.text.encode(), offset(target)
    alias = title(target)
    columns = ", ".join(f"{quoted(alias)}.{quoted(name)}" for name in (*keys, *shown))
    only = "" if target.get("inh") else "ONLY "
    for begin in places(rb"set", source, start):
        for end in (*places(WHERE, source, begin), *places(END, source, begin), len(source)):
            values = pieces(source[begin + 3 : end], len(targets))
            if values is None:
                continue
            new = ", ".join(value for (name, _), value in zip(targets, values, strict=True) if name in shown)
            for stop in (*places(END, source, end), len(source)):
                where = source[end:stop].decode(errors="replace")
                named = source[start:begin].decode(errors="replace")
                yield f"SELECT {columns}, {new}\n FROM {only}{named} {where}\n LIMIT {ROWS}"


def pieces(clause: bytes, count: int) -> list[str] | None:
    """Part a SET list at its commas outside parentheses and quotes, and give what stands behind each first `=`."""
    parts, depth, start, quote = [], 0, 0, ""
    text = clause.decode(errors="replace")
    for at, letter in enumerate(text):
        if letter in "'\"" and quote in {"", letter}:
            quote = "" if quote else letter
        depth += 0 if quote else (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0 and not quote:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    if len(parts) != count or any("=" not in part for part in parts):
        return None
    return [part.partition("=")[2].strip() for part in parts]


def proven(text: str, parsed: Parsed, keys: tuple[str, ...], shown: list[tuple[str, Node]]) -> Sampling | None:
    """Keep a question whose parts the parser reads as the statement's own."""
    numbered, used = renumbered(text, parsed.parameters)
    found = parse(numbered, (None,) * len(used))
    if isinstance(found, Unreadable) or found.access is not Access.READ:
        return None
    if wanted(parsed, used, keys, shown) != stripped(dict(found.tree), {}):
        return None
    return Sampling(text=numbered, parameters=used, keys=keys, columns=tuple(name for name, _ in shown))


def wanted(parsed: Parsed, used: tuple[int, ...], keys: tuple[str, ...], shown: list[tuple[str, Node]]) -> Node:
    """Give the tree that the question must have."""

    def parameter(fields: Fields) -> Node:
        number = fields.get("number", 0)
        return {"ParamRef": {"number": used.index(number) + 1 if number in used else -1}}

    target = parsed.tree.get("relation")
    alias = title(target) if isinstance(target, Mapping) else ""
    named: list[Node] = [
        {"ResTarget": {"val": {"ColumnRef": {"fields": [string(alias), string(name)]}}}}
        for name in (*keys, *(name for name, _ in shown))
    ]
    new: list[Node] = [{"ResTarget": {"val": stripped(value, {"ParamRef": parameter})}} for _, value in shown]
    where = parsed.tree.get("whereClause")
    tree: dict[str, Node] = {
        "targetList": named + new,
        "fromClause": [{"RangeVar": stripped(target, {})}],
        "limitCount": LIMIT,
        "limitOption": "LIMIT_OPTION_COUNT",
        "op": "SETOP_NONE",
    }
    if where is not None:
        tree["whereClause"] = stripped(where, {"ParamRef": parameter})
    return tree


def title(target: Fields) -> str:
    """Give the name by which a target's columns are qualified."""
    alias = target.get("alias")
    named = alias.get("aliasname") if isinstance(alias, Mapping) else None
    return str(named or target.get("relname", ""))


def string(text: str) -> Node:
    """Make a name part of the parser's tree."""
    return {"String": {"sval": text}}


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'
