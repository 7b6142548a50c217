"""Untrusted text made safe to show: what is invisible becomes visible, what imitates is named, what is cut says so."""

from __future__ import annotations

import unicodedata
from typing import Final

from core.revealing import reveal

NAMED: Final = 5  # look-alikes spelled out in the warning; the rest are counted
ESCAPES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))  # docs.slack.dev, "Escaping text": these three


def lookalikes(statement: str) -> tuple[str, ...]:
    """Name the letters, marks and digits outside ASCII that stand outside plain string literals ("е U+0435").

    Quotes are followed only where nothing can make them ambiguous; otherwise the whole text counts as outside,
    which can only warn too often.
    """
    if statement.isascii():
        return ()
    followed = not any(mark in statement for mark in ("\\", "$", '"', "--", "/*"))
    found: dict[str, None] = {}
    quoted = False
    for character in statement:
        if character == "'":
            quoted = followed and not quoted
        elif not quoted and not character.isascii() and unicodedata.category(character)[0] in "LMN":
            found.setdefault(character)
    return tuple(f"{character} U+{ord(character):04X}" for character in found)


def warnings(statement: str) -> tuple[str, ...]:
    """Give the sentences that warn of a statement's characters; empty when there is nothing to warn of."""
    said: list[str] = []
    if count := reveal(statement).invisible:
        said.append(f"⚠️ {count} invisible {'character' if count == 1 else 'characters'}, shown as ⟨U+…⟩")
    if names := lookalikes(statement):
        rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        said.append(f"⚠️ look-alike: {', '.join(reveal(name).text for name in names[:NAMED])}{rest}")
    return tuple(said)


def clip(text: str, most: int) -> str:
    """Cut to at most `most` characters and say how many are missing; never silent."""
    if len(text) <= most:
        return text
    room = most - len(f" … (+{len(text)} characters)")
    return f"{text[:room]} … (+{len(text) - room} characters)"


def pieces(text: str, size: int) -> tuple[str, ...]:
    """Split by characters, never bytes, into pieces that join to the same text; an empty text has none."""
    return tuple(text[start : start + size] for start in range(0, len(text), size))


def escape(text: str) -> str:
    """Escape what Slack's mrkdwn reads as control sequences: mentions, links, dates, commands."""
    for raw, safe in ESCAPES:
        text = text.replace(raw, safe)
    return text


def unescape(text: str) -> str:
    """Undo `escape`: how Slack hands plain text back in payloads."""
    for raw, safe in reversed(ESCAPES):
        text = text.replace(safe, raw)
    return text


def count(number: int) -> str:
    """Write a number with separators of thousands."""
    return f"{number:,}"
