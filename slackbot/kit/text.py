"""Words of others on a card: cut aloud, escaped for Slack."""

from __future__ import annotations

from typing import Final

ESCAPES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))  # docs.slack.dev, "Escaping text": these three


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


def tally(number: int, said: str = "") -> str:
    """Write a number of rows, and what became of them: "1 row", "1,204 rows changed"."""
    return f"{count(number)} row{'' if number == 1 else 's'}{f' {said}' if said else ''}"


def count(number: int) -> str:
    """Write a number with separators of thousands."""
    return f"{number:,}"
