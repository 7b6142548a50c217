"""EXPLAIN of a read: the inner text is cut out, and read as a statement of its own.

No EXPLAIN of an agent runs: ANALYZE of CREATE TABLE AS creates the table even inside READ ONLY (measured 15-18).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from core.classify.postgres.nouns import Doubted, Explained, Fields, Node, Parsed
from core.classify.postgres.text.shape import unfold
from core.model import Doubt

# White space of PostgreSQL's lexer, ASCII only; a comment before the inner text is not looked for and so refuses.
LISTED: Final = re.compile(rb"[ \t\n\r\f]*explain[ \t\n\r\f]*\([^()]*\)[ \t\n\r\f]*", re.IGNORECASE)
BARE: Final = re.compile(
    rb"[ \t\n\r\f]*explain(?:[ \t\n\r\f]+analy[sz]e)?(?:[ \t\n\r\f]+verbose)?[ \t\n\r\f]*", re.IGNORECASE
)
# PostgreSQL docs, EXPLAIN: every option of 15-18. Only ANALYZE changes what happens here.
OPTIONS: Final = frozenset(
    {
        "analyze", "verbose", "costs", "settings", "generic_plan", "buffers", "serialize", "wal", "timing", "summary",
        "memory", "format",
    }
)  # fmt: skip
ON: Final = frozenset({"on", "true", "1", ""})
OFF: Final = frozenset({"off", "false", "0"})
PLACES: Final = frozenset(
    {"location", "stmt_location", "stmt_len", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end"}
)


def analyze(fields: Fields) -> bool:
    """Tell whether ANALYZE is on; PostgreSQL takes the last of several.

    Raises: Doubted for an option or a value that is not known.
    """
    wanted = False
    for name, value in options(fields):
        if name not in OPTIONS:
            raise Doubted(Doubt.UNKNOWN, "EXPLAIN takes no other option than ANALYZE here.", name)
        if name == "analyze":
            if value not in ON | OFF:
                raise Doubted(Doubt.UNKNOWN, "ANALYZE of EXPLAIN is on or off.")
            wanted = value in ON
    return wanted


def options(fields: Fields) -> list[tuple[str, str]]:
    """List the options with their values in lower case; "" where none is written.

    Raises: Doubted.
    """
    listed = fields.get("options", [])
    found = []
    for item in listed if isinstance(listed, list) else []:
        node = unfold("Node", item)
        name = "" if node is None else str(node[1].get("defname", "")).lower()
        found.append((name, "" if node is None else said(node[1].get("arg"))))
    return found


def said(value: Node) -> str:
    """Read an option's value."""
    node = None if value is None else unfold("Node", value)
    if node is None:
        return ""
    name, fields = node
    match name:
        case "String":
            return str(fields.get("sval", "")).lower() or "?"
        case "Integer":
            return str(fields.get("ival", 0))
        case "Boolean":
            return "true" if fields.get("boolval") else "false"
        case _:
            return "?"


def cut(text: str, fields: Fields) -> tuple[str, int] | None:
    """Give the inner text and its offset in bytes; None where it does not stand right behind EXPLAIN's options."""
    encoded = text.encode()
    found = (LISTED.match(encoded) if options(fields) else None) or BARE.match(encoded)
    if found is None:
        return None
    return encoded[found.end() :].decode(), found.end()


def same(outer: Node, inner: Node, shift: int) -> bool:
    """Whether two raw trees are equal, locations shifted; zero is left out of the JSON, -1 is no place."""
    if isinstance(outer, Mapping) and isinstance(inner, Mapping):
        return all(
            placed(outer.get(key, 0), inner.get(key, 0), shift)
            if key in PLACES
            else key in outer and key in inner and same(outer[key], inner[key], shift)
            for key in {*outer, *inner}
        )
    if isinstance(outer, list) and isinstance(inner, list):
        return len(outer) == len(inner) and all(
            same(one, other, shift) for one, other in zip(outer, inner, strict=True)
        )
    return type(outer) is type(inner) and outer == inner


def placed(outer: Node, inner: Node, shift: int) -> bool:
    """Whether two places are the same place, or none."""
    if not isinstance(outer, int) or not isinstance(inner, int):
        return False
    return outer == inner + shift or (outer == inner and outer in {0, -1})


def opened(outer: Parsed, inner: Parsed, shift: int) -> Parsed:
    """Read an EXPLAIN as what it explains.

    Raises: Doubted where the two readings of the inner text differ, and for unknown options.
    """
    if not same(outer.tree.get("query"), {inner.root: inner.tree}, shift):
        raise Doubted(Doubt.DISAGREE, "What EXPLAIN explains could not be told apart; write EXPLAIN without comments.")
    wanted = analyze(outer.tree)
    ignored = any(name != "analyze" for name, _ in options(outer.tree))
    explained = Explained(inner=inner, analyze=wanted, ignored=ignored)
    return replace(inner, text=outer.text, root=outer.root, tree=outer.tree, explains=explained)
