"""What could mislead people in the words of others: named wherever they decide."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from core.revealing import reveal

NAMED: Final = 5  # look-alikes spelled out in the warning; the rest are counted
UNCLEAR: Final = ("\\", "$", '"', "--", "/*", "'''")  # with any of these quotes are not followed
LITERAL: Final = re.compile(r"'[^']*'")
COMMENTS: Final = ("--", "/*", "#")  # of PostgreSQL and of GoogleSQL
COMMENTED: Final = (
    "⚠ comments, or what looks like them: words of whoever asks, which nobody checked and no database follows"
)


def lookalikes(statement: str) -> tuple[str, ...]:
    """Name the letters, marks and digits outside ASCII that stand outside plain string literals ("е U+0435").

    Quotes are followed only where nothing can make them ambiguous; otherwise the whole text counts as outside,
    which can only warn too often.
    """
    if statement.isascii():
        return ()
    followed = not any(mark in statement for mark in UNCLEAR)
    found: dict[str, None] = {}
    quoted = False
    for character in statement:
        if character == "'":
            quoted = followed and not quoted
        elif not quoted and not character.isascii() and unicodedata.category(character)[0] in "LMN":
            found.setdefault(character)
    return tuple(f"{character} U+{ord(character):04X}" for character in found)


def commented(statement: str) -> bool:
    """Say whether it has comments, or what could be one: in plain string literals alone nothing is."""
    clear = not any(mark in statement for mark in UNCLEAR)
    words = LITERAL.sub("''", statement) if clear else statement
    return any(mark in words for mark in COMMENTS)


def warnings(statement: str) -> tuple[str, ...]:
    """Give the sentences that warn of a statement's characters and comments; empty when there is nothing to warn of."""
    said: list[str] = []
    if count := reveal(statement).invisible:
        said.append(f"⚠ {count} invisible {'character' if count == 1 else 'characters'}, shown as ⟨U+…⟩")
    if names := lookalikes(statement):
        rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        said.append(f"⚠ look-alike: {', '.join(reveal(name).text for name in names[:NAMED])}{rest}")
    if commented(statement):
        said.append(COMMENTED)
    return tuple(said)
