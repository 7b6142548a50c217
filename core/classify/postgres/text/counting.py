"""The rows a change would touch, as a question: `SELECT count(*)` over slices of the agent's own bytes.

The slices are found by looking for keywords, which proves nothing; the proof is that the parser reads each slice of
the question as the very tree that it reads in the statement. A statement of another form has no question.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, final

from core.classify.postgres.nouns import Access, Fields, Node, Parsed
from core.classify.postgres.text.parse import parse
from core.classify.postgres.text.scope import offset
from core.classify.postgres.text.shape import stripped
from core.model import Unreadable

TRIES: Final = 64  # keywords stand in strings and subqueries as well; a text with more is not worth the time
SOURCES: Final[Mapping[str, tuple[str, bytes]]] = {
    "UpdateStmt": ("fromClause", rb"from"),
    "DeleteStmt": ("usingClause", rb"using"),
}
SELECT: Final[Fields] = {"limitOption": "LIMIT_OPTION_DEFAULT", "op": "SETOP_NONE"}
STAR: Final[Fields] = {
    "funcname": [{"String": {"sval": "count"}}], "agg_star": True, "funcformat": "COERCE_EXPLICIT_CALL"
}  # fmt: skip
COUNT: Final[Fields] = {"targetList": [{"ResTarget": {"val": {"FuncCall": STAR}}}], **SELECT}
WHERE: Final = rb"where"
END: Final = rb"returning"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """A question of ours over the agent's bytes, and which of the statement's parameters it takes, in its order."""

    text: str = field(repr=False)
    parameters: tuple[int, ...]


def counting(parsed: Parsed) -> Counting | None:
    """Give the question how many rows an UPDATE, DELETE or INSERT … SELECT would touch; None for any other form."""
    if parsed.access is not Access.WRITE or parsed.tree.get("withClause") is not None:
        return None
    source = parsed.text.encode()
    asked = inserted if parsed.root == "InsertStmt" else touched if parsed.root in SOURCES else None
    if asked is None:
        return None
    for text in itertools.islice(asked(source, parsed), TRIES):
        found = proven(text, parsed)
        if found is not None:
            return found
    return None


def touched(source: bytes, parsed: Parsed) -> Iterator[tuple[bytes, int]]:
    """Yield questions about the target of an UPDATE or DELETE: (text, offset that its first slice had)."""
    clause, word = SOURCES[parsed.root]
    target = parsed.tree.get("relation")
    if not isinstance(target, Mapping) or parsed.tree.get("whereClause") is None:
        yield from whole(source, parsed)
        return
    start = offset(target)
    only = b"" if target.get("inh") else b"ONLY "
    for condition in places(WHERE, source, start):
        for end in (*places(END, source, condition), len(source)):
            where = source[condition + len(WHERE) : end]
            if clause not in parsed.tree:
                for stop in stops(source, start, condition, parsed):
                    yield b"SELECT count(*) FROM " + only + source[start:stop] + b" WHERE " + where, start
                continue
            for begin in places(word, source, start, condition):
                others = source[begin + len(word) : condition]
                for stop in stops(source, start, begin, parsed):
                    inner = b" WHERE EXISTS (SELECT FROM " + others + b" WHERE " + where + b"\n)"
                    yield b"SELECT count(*) FROM " + only + source[start:stop] + inner, start


def whole(source: bytes, parsed: Parsed) -> Iterator[tuple[bytes, int]]:
    """Yield the question about a target without any condition."""
    target = parsed.tree.get("relation")
    if isinstance(target, Mapping) and SOURCES[parsed.root][0] not in parsed.tree:
        start = offset(target)
        only = b"" if target.get("inh") else b"ONLY "
        for stop in (*stops(source, start, len(source), parsed), *places(END, source, start), len(source)):
            yield b"SELECT count(*) FROM " + only + source[start:stop], start


def stops(source: bytes, start: int, end: int, parsed: Parsed) -> Iterator[int]:
    """Yield where the target's own words may end: before SET of an UPDATE, else at the next clause."""
    if parsed.root == "UpdateStmt":
        yield from places(rb"set", source, start, end)
    else:
        yield end


def inserted(source: bytes, parsed: Parsed) -> Iterator[tuple[bytes, int]]:
    """Yield the question about the rows of an INSERT … SELECT."""
    query = parsed.tree.get("selectStmt")
    select = query.get("SelectStmt") if isinstance(query, Mapping) else None
    if not isinstance(select, Mapping) or "valuesLists" in select:
        return
    heads = {at for word in (rb"select", rb"with", rb"table") for at in places(word, source)}
    heads |= {
        opened for at in heads if (opened := source.rfind(b"(", 0, at)) >= 0 and not source[opened + 1 : at].strip()
    }
    for start in sorted(heads):
        for end in (*places(END, source, start), *places(rb"on", source, start), len(source)):
            yield b"SELECT count(*) FROM (" + source[start:end] + b"\n) AS counted", start


def places(word: bytes, source: bytes, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Yield the offsets of a keyword."""
    pattern = re.compile(rb"(?<![A-Za-z0-9_$\x80-\xff])" + word + rb"(?![A-Za-z0-9_$\x80-\xff])", re.IGNORECASE)
    found = pattern.finditer(source, start, len(source) if end is None else end)
    return (match.start() for match in found)


def proven(asked: tuple[bytes, int], parsed: Parsed) -> Counting | None:
    """Keep a question whose parts the parser reads as the statement's own."""
    try:
        text = asked[0].decode()
    except UnicodeDecodeError:
        return None
    numbered, used = renumbered(text, parsed.parameters)
    found = parse(numbered, (None,) * len(used))
    if isinstance(found, Unreadable) or found.access is not Access.READ:
        return None
    if wanted(parsed, used) != stripped(dict(found.tree), {}):
        return None
    return Counting(text=numbered, parameters=used)


def renumbered(text: str, parameters: int) -> tuple[str, tuple[int, ...]]:
    """Number the parameters that a question still has from $1 on; a `$2` inside a string comes out as another tree."""
    used: list[int] = []
    for found in re.finditer(r"\$([0-9]+)", text, re.ASCII):
        number = int(found[1])
        if number not in used and 1 <= number <= parameters:
            used.append(number)
    return re.sub(
        r"\$([0-9]+)",
        lambda found: f"${used.index(int(found[1])) + 1}" if int(found[1]) in used else found[0],
        text,
        flags=re.ASCII,
    ), tuple(used)


def wanted(parsed: Parsed, used: tuple[int, ...]) -> Node:
    """Give the tree that the question must have: `count(*)` over the statement's own target, sources and condition."""

    def parameter(fields: Fields) -> Node:
        number = fields.get("number", 0)
        return {"ParamRef": {"number": used.index(number) + 1 if number in used else -1}}

    own = {name: stripped(value, {"ParamRef": parameter}) for name, value in parsed.tree.items()}
    if parsed.root == "InsertStmt":
        return asking(COUNT, [subselect(own.get("selectStmt"))], None)
    where, sources = own.get("whereClause"), own.get(SOURCES[parsed.root][0])
    if sources is not None:
        inner: Node = {"SelectStmt": asking(SELECT, sources, where)}
        where = {"SubLink": {"subLinkType": "EXISTS_SUBLINK", "subselect": inner}}
    return asking(COUNT, [{"RangeVar": own.get("relation")}], where)


def asking(select: Fields, sources: Node, where: Node) -> Fields:
    """Give a select over sources under a condition."""
    return {**select, "fromClause": sources, **({} if where is None else {"whereClause": where})}


def subselect(query: Node) -> Node:
    """Give a subquery in FROM under our own alias."""
    return {"RangeSubselect": {"subquery": query, "alias": {"aliasname": "counted"}}}
