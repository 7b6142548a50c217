"""The query inside a definition, cut out of the text and proved: what the server shows no tree of is witnessed alone.

PostgreSQL 15 prints no tree of the query that CREATE TABLE AS or CREATE VIEW holds. So a piece of the agent's own bytes
is taken, and only where its tree equals the one inside the whole, locations left out, is it that query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from core.classify.postgres.nouns import Doubted, Fields, Node, Parsed
from core.classify.postgres.text.scope import words
from core.classify.postgres.text.shape import stripped
from core.model import Doubt

QUERIES: Final = frozenset({"CreateTableAsStmt", "ViewStmt", "SelectStmt"})
# Words where such a query may begin or end; a wrong place is a piece with another tree, or with none.
BEGINS: Final = re.compile(rb"\bas\b", re.IGNORECASE)
ENDS: Final = re.compile(rb"\bwith\b|;", re.IGNORECASE)
RECURSIVE: Final = re.compile(rb"\brecursive\s+view\b", re.IGNORECASE)
INTO: Final = re.compile(rb"\binto\b", re.IGNORECASE)
NAME: Final = re.compile(rb'"(?:[^"]|"")*"|[A-Za-z_\x80-\xff][A-Za-z0-9_$\x80-\xff]*')
TRIES: Final = 64
UNCUT: Final = "The query inside could not be told apart; write it plainly, as CREATE TABLE name AS SELECT …."

Read: TypeAlias = Callable[[str], Parsed | None]


def inside_of(parsed: Parsed, read: Read) -> Parsed:
    """Cut the query out of a definition.

    Raises: Doubted where no piece of the text has its tree.
    """
    wanted = query_of(parsed)
    for number, piece in enumerate(pieces(parsed)):
        if number == TRIES:
            break
        found = read(piece)
        if found is not None and plain(found.tree) == wanted:
            return found
    raise Doubted(Doubt.UNKNOWN, UNCUT)


def query_of(parsed: Parsed) -> Node:
    """Give the tree of the query inside, without locations."""
    if parsed.root == "SelectStmt":
        return plain({name: value for name, value in parsed.tree.items() if name != "intoClause"})
    query = parsed.tree.get("query")
    inner = query.get("SelectStmt") if isinstance(query, dict) else None
    return plain(inner) if isinstance(inner, dict) else None


def plain(fields: Fields) -> Node:
    """Leave locations out."""
    return stripped(dict(fields), {})


def pieces(parsed: Parsed) -> Iterator[str]:
    """Yield the pieces of the text that may be the query, the likeliest first."""
    text = parsed.text.encode()
    if parsed.root == "SelectStmt":
        yield from (piece.decode() for piece in without(text))
        return
    ends = [len(text), *(found.start() for found in ENDS.finditer(text))]
    before, after = around(parsed)
    for begin in BEGINS.finditer(text):
        yield from (f"{before}{text[begin.end() : end].decode()}{after}" for end in ends if end > begin.end())


def around(parsed: Parsed) -> tuple[str, str]:
    """Write what gram.y puts around the query of CREATE RECURSIVE VIEW (makeRecursiveViewSelect)."""
    if parsed.root != "ViewStmt" or not RECURSIVE.search(parsed.text.encode()):
        return "", ""
    view, aliases = parsed.tree.get("view"), parsed.tree.get("aliases")
    name = quoted(str(view.get("relname", ""))) if isinstance(view, Mapping) else ""
    columns = ", ".join(map(quoted, words(aliases)))
    return f"WITH RECURSIVE {name} ({columns}) AS (", f"\n) SELECT {columns} FROM {name}"


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def without(text: bytes) -> Iterator[bytes]:
    """Yield a text without one INTO and the name behind it; TABLE and UNLOGGED are words of the clause."""
    for word in INTO.finditer(text):
        ends = [found.end() for found in NAME.finditer(text, word.end())][:5]
        yield from (text[: word.start()] + b" " + text[end:] for end in ends)
