"""A statement's shape: its keywords and the names that the schema has; every other word, and every value, is gone.

People hide values in literals, comments, aliases and quoted names; what stands here may be kept for ever and searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from core.classify.postgres.text.library import COMMENTS, IDENT, VALUES, Lexeme, NoLexemes, scan
from core.model import Reading, Verb

LONGEST: Final = 1000  # characters; an Entry holds at most 8 KiB
VALUE: Final = "?"
UNKNOWN: Final = "_"  # a name that the schema does not have
OPERATOR: Final = 8  # characters of the longest operator that is shown

STORED: Final = frozenset({Verb.READ, Verb.INSERT, Verb.UPDATE, Verb.DELETE})  # what they name is there already
TYPES: Final = frozenset(
    {
        "bool", "bytea", "date", "float4", "float8", "inet", "int2", "int4", "int8", "json", "jsonb", "money", "name",
        "oid", "regclass", "timestamptz", "timetz", "uuid",
    }
)  # fmt: skip


def outline(text: str, reading: Reading) -> str:
    """Return the shape of a text that a witness has read: only names of the Reading's own things stay in it.

    Whatever cannot be cut into tokens has none: "".
    """
    try:
        octets = text.encode()
        tokens = scan(octets)
    except (NoLexemes, UnicodeEncodeError):
        return ""
    shown = " ".join(_folded(_words(octets, tokens, known(reading))))
    for wide, close in ((" . ", "."), (" , ", ", "), ("( ", "("), (" )", ")")):
        shown = shown.replace(wide, close)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def known(reading: Reading) -> frozenset[str]:
    """Return the names that the schema itself has: parts of relations, columns and functions the witness found."""
    stored = {pair.thing.name for pair in reading.pairs if pair.verb in STORED}
    called = {name.partition("(")[0] for name in reading.functions if "(" in name}
    relations = {column.relation for column in reading.columns}
    parts = {part for name in stored | called | relations for part in name.split(".")}
    return frozenset(parts | {column.name for column in reading.columns} | TYPES)


def _words(text: bytes, tokens: Iterable[Lexeme], names: frozenset[str]) -> Iterator[str]:
    for token in tokens:
        if token.token not in COMMENTS:
            yield VALUE if token.token in VALUES else _word(text[token.start : token.end].decode(), token, names)


def _word(raw: str, token: Lexeme, names: frozenset[str]) -> str:
    """Keep a name of the schema, a keyword, a sign."""
    if token.token == IDENT:
        name = raw[1:-1].replace('""', '"') if raw.startswith('"') else raw.lower()
        return name if name in names else UNKNOWN
    keyword = token.keyword != 0
    return raw.lower() if keyword or (len(raw) <= OPERATOR and raw.isascii() and not raw[0].isalnum()) else UNKNOWN


def _folded(words: Iterable[str]) -> list[str]:
    """Fold a list of values into one, so that a longer list is no other shape."""
    kept: list[str] = []
    for word in words:
        kept.append(word)
        if kept[-3:] == [VALUE, ",", VALUE]:
            del kept[-2:]
        elif kept[-7:] == ["(", VALUE, ")", ",", "(", VALUE, ")"]:
            del kept[-4:]
    return kept
