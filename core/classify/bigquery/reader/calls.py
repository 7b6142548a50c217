"""What a text calls, by its tokens: every name before a parenthesis is a built-in of the closed list, or it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, final

from sqlglot.tokenizer_core import Token, TokenType

from .words import WORD

DATA: Final = Path(__file__).parent / "data"
SAFE: Final = "SAFE."  # a prefix that turns errors into NULL
STEP: Final = 2  # a part of a name and the dot or dash after it
WORDLIKE: Final = frozenset({TokenType.VAR, TokenType.IDENTIFIER})


@cache
def builtin() -> frozenset[str]:
    """Names of pure built-in functions, upper case: they read their arguments, the clock or chance, and nothing else.

    https://cloud.google.com/bigquery/docs/reference/standard-sql/functions-all
    """
    return frozenset((DATA / "functions.txt").read_text("utf-8").split())


@cache
def structural() -> frozenset[str]:
    """Words that may stand before a parenthesis and call nothing."""
    return frozenset((DATA / "words.txt").read_text("utf-8").split())


def known(name: str) -> bool:
    """Whether a name as written is a pure built-in."""
    return canonical(name) in builtin()


def canonical(name: str) -> str:
    """Fold a built-in's name: they are case-insensitive and may carry the prefix SAFE."""
    return name.upper().removeprefix(SAFE)


@final
class Invocation(NamedTuple):
    """A name before a parenthesis, as written, and the offset where it begins."""

    name: str
    start: int
    builtin: bool  # a pure function of the closed list


def called(found: Sequence[Token]) -> Iterator[Invocation]:
    """Yield what a text calls."""
    for place in range(1, len(found)):
        if found[place].token_type is not TokenType.L_PAREN:
            continue
        first = begin(found, place - 1)
        if first is None:
            continue
        name = "".join(token.text for token in found[first:place])
        if first == place - 1 and plain(found, first):
            continue
        whole = any(token.token_type is TokenType.IDENTIFIER and "." in token.text for token in found[first:place])
        builtin = known(name) and not whole  # `net.host` in backticks is a routine's path
        yield Invocation(name, found[first].start, builtin)


def begin(found: Sequence[Token], last: int) -> int | None:
    """Find where the dotted name that ends at a place begins; None when no name ends there."""
    if not part(found[last]):
        return None
    first = last
    while first >= STEP and found[first - 1].token_type is TokenType.DOT and part(found[first - STEP]):
        first -= STEP
    while first != last and first >= STEP and dash(found, first):
        first -= STEP
    return first


def dash(found: Sequence[Token], first: int) -> bool:
    """Whether a dashed project's name goes on before this place: in a name of three parts or more."""
    left, middle, right = found[first - 2 : first + 1]
    touching = left.end + 1 == middle.start and middle.end + 1 == right.start
    return middle.token_type is TokenType.DASH and touching and left.token_type is TokenType.VAR


def part(token: Token) -> bool:
    """Whether a token may be a part of a function's name."""
    return token.token_type in WORDLIKE or bool(WORD.fullmatch(token.text) and not token.text[0].isdigit())


def plain(found: Sequence[Token], place: int) -> bool:
    """Whether a word is one of the grammar's own: `IN (`, `OVER (`, `* REPLACE (`."""
    token = found[place]
    if token.token_type is TokenType.IDENTIFIER:
        return False
    word = token.text.upper().split()[-1]
    after_star = place > 0 and found[place - 1].token_type in {TokenType.STAR, TokenType.R_PAREN}
    return word in structural() or (word == "REPLACE" and after_star)
