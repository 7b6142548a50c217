"""The body of an SQL function that comes as a string: read by the same grammar, so that what it names is known.

PostgreSQL docs, CREATE FUNCTION: a body is one string, or one in the SQL-standard form, which stands in the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from core.classify.postgres.nouns import TREES, Doubted, Fields, Node, Parsed
from core.classify.postgres.text.scope import resolve, words
from core.classify.postgres.text.shape import Level, check, children, unfold, walk
from core.classify.postgres.text.statement import bounded
from core.model import Doubt

SQL: Final = "sql"
UNREAD: Final = "The body of this function is not SQL that can be read; write queries and changes of rows, no more."


def coded(parsed: Parsed, parser: Callable[[str], list[Node]]) -> Parsed:
    """Add what the body of an SQL function names and calls to what the text does.

    Raises: Doubted for a body that cannot be read, or that does more than query and change rows; RecursionError.
    """
    for text in bodies(parsed.tree):
        for root, fields in statements(text, parser):
            nodes = walk(root, fields)
            check(nodes, Level.ALL)
            found = resolve(root, fields, nodes, utility=False)
            bounded(found)
            if root not in TREES or "IntoClause" in found.nodes:
                raise Doubted(Doubt.UNKNOWN, UNREAD, root)
            called = tuple(name for _, name in sorted(found.functions))
            parsed = replace(
                parsed, names=(*parsed.names, *found.names.values()), functions=(*parsed.functions, *called)
            )
    return parsed


def bodies(fields: Fields) -> Iterator[str]:
    """Yield the strings of CREATE FUNCTION … LANGUAGE sql AS."""
    said = {
        str(option.get("defname")): option.get("arg")
        for part, _, option in children("CreateFunctionStmt", fields)
        if part == "options"
    }
    language, body = (unfold("Node", said[name]) if said.get(name) else None for name in ("language", "as"))
    if language is not None and body is not None and language[1].get("sval") == SQL:
        yield from words(body[1].get("items"))


def statements(text: str, parser: Callable[[str], list[Node]]) -> Iterator[tuple[str, Fields]]:
    """Yield the statements of a body.

    Raises: Doubted.
    """
    try:
        parsed = parser(text)
    except Doubted as doubted:
        raise Doubted(Doubt.UNKNOWN, UNREAD, doubted.unreadable.sentence) from None
    for raw in parsed:
        node = unfold("Node", raw.get("stmt", {})) if isinstance(raw, Mapping) else None
        if node is not None:
            yield node
