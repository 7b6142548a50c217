"""Text -> tokens that sqlglot and GoogleSQL cannot read differently: closed lexical forms, no hidden white space.

https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from sqlglot.dialects.bigquery import BigQuery
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from .doubted import SYNTAX, Doubted, unknown

SPACE: Final = r"[ \t\r\n\f\v]"
# What may stand between two tokens. Comments do not nest in GoogleSQL (in sqlglot they do); other white space refuses.
GAP: Final = re.compile(rf"(?>{SPACE}+|--[^\r\n]*|\#[^\r\n]*|/\*.*?\*/)*+", re.DOTALL)
COMMENT: Final = re.compile(r"(?>--[^\r\n]*|\#[^\r\n]*|/\*.*?\*/)", re.DOTALL)
WORD: Final = re.compile(rf"[A-Za-z0-9_]+(?:{SPACE}+[A-Za-z0-9_]+)*")
QUOTED: Final = re.compile(r"`[^`\\\x00-\x1f\x7f]+`")
STRING: Final = re.compile(r"[rRbB]{0,2}['\"]")
NUMBER: Final = re.compile(r"[0-9.][0-9A-Za-z.]*(?:[eE][+-]?[0-9]+)?")
LITERALS: Final = frozenset(
    {TokenType.STRING, TokenType.RAW_STRING, TokenType.BYTE_STRING, TokenType.NUMBER, TokenType.HEX_STRING}
)
MARKS: Final = frozenset("( ) [ ] , . - + * / & | ^ ~ < > <= >= = != <> || << >> => -> @ ? ; |>".split())  # noqa: SIM905 - a table
MODES: Final = frozenset({"legacysql", "standardsql"})  # as a comment they choose the dialect on the server
INTERNAL: Final = "__tmp"  # sqlglot's own names for the steps of pipe syntax


class Lexer(BigQuery.Tokenizer):
    """BigQuery's tokenizer, without the commands after which sqlglot leaves the rest of a statement unread."""

    COMMANDS: ClassVar[set[TokenType]] = set()


def tokens(text: str) -> list[Token]:
    """Split a text.

    Raises: Doubted where the two lexers could differ.
    """
    if re.search(r"\r(?!\n)", text):
        raise unknown("A carriage return without a line feed")
    try:
        found = list(Lexer(dialect=BigQuery()).tokenize(text))
    except SqlglotError:
        raise Doubted("syntax", SYNTAX) from None
    end = 0
    for token in found:
        gap(text[end : token.start])
        lexeme(token, text[token.start : token.end + 1])
        end = token.end + 1
    gap(text[end:])
    return found


def gap(text: str) -> None:
    """Require white space and comments only.

    Raises: Doubted.
    """
    if not GAP.fullmatch(text):
        raise unknown("White space or a comment of this form")
    for comment in COMMENT.findall(text):
        if comment.strip("-#/* \t\r\n\f\v").casefold() in MODES:
            raise unknown("A comment that chooses the SQL dialect")


def lexeme(token: Token, raw: str) -> None:
    """Require a word, a literal, a mark or a quoted name without escapes.

    Raises: Doubted.
    """
    if raw in MARKS:
        return
    if token.token_type in LITERALS:
        fits = bool(STRING.match(raw)) or bool(NUMBER.fullmatch(raw))
    elif token.token_type is TokenType.IDENTIFIER:
        fits = bool(QUOTED.fullmatch(raw)) and raw == f"`{token.text}`" and raw.isprintable()
    else:
        fits = bool(WORD.fullmatch(raw))
    if not fits:
        raise unknown("A name or sign of this form")
    if raw.strip("`").casefold().startswith(INTERNAL):
        raise unknown("A name that begins with __tmp")


def single(found: Sequence[Token]) -> list[Token]:
    """Give the tokens of the only statement; a procedure's body may hold semicolons of its own.

    Raises: Doubted when there is none, or more than one.
    """
    left = list(found)
    while left and left[-1].token_type is TokenType.SEMICOLON:
        left.pop()
    if not left:
        raise Doubted("syntax", "There is no statement.")
    if any(token.token_type is TokenType.SEMICOLON for token in left) and not procedure(left):
        raise Doubted("several", "These are several statements; scripts are not read.")
    return left


def procedure(found: Sequence[Token]) -> bool:
    """Whether this creates one procedure: its body's END is the only END that ends a statement, and the last word."""
    said = [word for _, word in spread(found)]
    if said[:2] != ["CREATE", "PROCEDURE"] and said[:4] != ["CREATE", "OR", "REPLACE", "PROCEDURE"]:
        return False
    ends = [n for n, word in enumerate(said) if word == "END" and said[n + 1 : n + 2] in ([], [";"])]
    return ends == [len(said) - 1]


def spread(found: Sequence[Token]) -> list[tuple[Token, str]]:
    """Pair each word in upper case with its token, words of one keyword apart; quoted names and literals are ""."""
    return list(_words(found))


def _words(found: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    for token in found:
        if token.token_type is TokenType.IDENTIFIER or token.token_type in LITERALS:
            yield token, ""
        else:
            for word in token.text.upper().split():
                yield token, word


def path(found: Sequence[Token], start: int) -> tuple[str, int]:
    """Read a dotted name from a place on; give it as written without quotes, and the place after it.

    Raises: Doubted when no name stands there.
    """
    made, place = name(found, start)
    while place < len(found) and found[place].token_type is TokenType.DOT:
        part, place = name(found, place + 1)
        made = f"{made}.{part}"
    return made, place


def name(found: Sequence[Token], place: int) -> tuple[str, int]:
    """Read one part of a dotted name; unquoted parts may hold dashes between touching words.

    Raises: Doubted.
    """
    if place >= len(found) or not named(found[place]):
        raise Doubted("syntax", SYNTAX)
    made, place = found[place].text, place + 1
    while place + 1 < len(found) and dashed(found[place - 1 : place + 2]):
        made, place = f"{made}-{found[place + 1].text}", place + 2
    return made, place


def dashed(three: Sequence[Token]) -> bool:
    """Whether three tokens are one dashed name: nothing stands between them."""
    left, dash, right = three
    touching = left.end + 1 == dash.start and dash.end + 1 == right.start
    plain = left.token_type is not TokenType.IDENTIFIER and right.token_type is not TokenType.IDENTIFIER
    return dash.token_type is TokenType.DASH and touching and plain and bool(WORD.fullmatch(right.text))


def named(token: Token) -> bool:
    """Whether a token can be a part of a name."""
    return token.token_type is TokenType.IDENTIFIER or (
        token.token_type not in LITERALS and bool(WORD.fullmatch(token.text)) and " " not in token.text
    )
