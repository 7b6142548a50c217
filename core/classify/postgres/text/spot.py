"""Where in the agent's own text a mistake stands: line, column and the word there; nothing else is quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

NAME: Final = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
WORD: Final = re.compile(rf"{NAME}(?:\.{NAME})*|[0-9]+|[^\s\w]")
PARTS: Final = re.compile(NAME)
SHOWN: Final = 63  # characters of a word: as many as a name has


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in a text."""

    line: int  # from 1 on
    column: int  # from 1 on, in characters
    offset: int  # in characters from the text's beginning
    word: str  # as written; "" at the end

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of a dotted name as the server reads them."""
        found = PARTS.findall(self.word)
        return tuple(part[1:-1].replace('""', '"') if part.startswith('"') else fold(part) for part in found)

    def __str__(self) -> str:
        at = f", at “{self.word[:SHOWN]}”" if self.word.isprintable() and self.word else ""
        return f"line {self.line}, column {self.column}{at}"


def fold(name: str) -> str:
    """Fold an unquoted name as the server does: ASCII letters alone."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def spot(text: str, position: int) -> Spot | None:
    """Find a place by its position in characters from 1 on; None where there is no such place."""
    if not 1 <= position <= len(text) + 1:
        return None
    before = text[: position - 1]
    word = WORD.match(text, position - 1)
    return Spot(
        line=before.count("\n") + 1,
        column=position - 1 - before.rfind("\n"),
        offset=position - 1,
        word=word.group() if word else "",
    )
