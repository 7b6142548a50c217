"""How many rows a change would touch, as a question of its own: made of the change's own bytes, or not at all.

A count is of the moment that it is made; nothing holds the rows until the change runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from .doubted import Node, Plain
from .heads import Head

COUNT: Final = "SELECT COUNT(*) AS n FROM "
OPENING: Final = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET})
CLOSING: Final = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET})


def counting(root: Node, text: str, found: Sequence[Token]) -> Plain:
    """Give [text, how many positional parameters it leaves out], or a number of rows; None where nobody can say."""
    if isinstance(root, exp.Insert):
        return inserted(root, text, found)
    if isinstance(root, exp.Update) and root.args.get("from_") is None:
        return chosen(text, found, word(found, "SET"), begin=1)
    if isinstance(root, exp.Delete):
        where = word(found, "WHERE")
        return chosen(text, found, where, begin=2 if found[1].token_type is TokenType.FROM else 1)
    return None


def emptied(head: Head, text: str, found: Sequence[Token]) -> Plain:
    """Count a table that is truncated."""
    if head.kind != "TRUNCATE_TABLE":
        return None
    names = [token for token in found if token.text.upper() not in {"TRUNCATE", "TABLE", "TRUNCATE TABLE"}]
    return [f"{COUNT}{text[names[0].start : found[-1].end + 1]}", 0]


def inserted(root: exp.Insert, text: str, found: Sequence[Token]) -> Plain:
    """Count what is inserted: rows that are written out, or those of a query."""
    if isinstance(root.expression, exp.Values):
        return len(root.expression.expressions)
    begins = next((n for n in outer(found) if n and found[n].token_type in {TokenType.SELECT, TokenType.WITH}), None)
    if begins is None:
        return None
    return [f"{COUNT}(\n{text[found[begins].start : found[-1].end + 1]}\n)", placed(found[:begins])]


def chosen(text: str, found: Sequence[Token], until: int | None, *, begin: int) -> Plain:
    """Count the rows of a target that a WHERE chooses; `until`: the word after the target and its alias."""
    where = word(found, "WHERE")
    if until is None or where is None:
        return None
    target = text[found[begin].start : found[until].start]
    return [f"{COUNT}{target}\n{text[found[where].start : found[-1].end + 1]}", placed(found[:where])]


def word(found: Sequence[Token], wanted: str) -> int | None:
    """Find a word that stands in no parenthesis; None where there is not exactly one."""
    places = [n for n in outer(found) if found[n].text.upper() == wanted and found[n].token_type.name == wanted]
    return places[0] if len(places) == 1 else None


def outer(found: Sequence[Token]) -> list[int]:
    """Give the places of tokens that stand in no parenthesis."""
    depth, places = 0, []
    for n, token in enumerate(found):
        depth -= token.token_type in CLOSING
        if depth == 0:
            places.append(n)
        depth += token.token_type in OPENING
    return places


def placed(found: Sequence[Token]) -> int:
    """Count positional parameters."""
    return sum(token.token_type is TokenType.PLACEHOLDER for token in found)
