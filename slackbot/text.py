"""Untrusted text made safe to show: what is invisible becomes visible, what imitates is named, what is cut says so."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, final

# Unicode categories without a mark of their own on the screen (Unicode 15, table 4-4): shown as ⟨U+202E⟩.
UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
KEPT: Final = frozenset({"\n", "\t", " "})
SEEN: Final = re.compile(r"[\n\t -~]*", re.ASCII)  # what most text is made of; nothing of it is hidden
# Letters, marks and symbols that draw nothing though their category says otherwise (Default_Ignorable_Code_Point of
# DerivedCoreProperties.txt beyond Cf, and the blank Braille pattern).
BLANK: Final = (
    frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
    | frozenset(map(chr, range(0xFE00, 0xFE10)))
    | frozenset(map(chr, range(0xE0100, 0xE01F0)))
)
NAMED: Final = 5  # look-alikes spelled out in the warning; the rest are counted
ESCAPES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))  # docs.slack.dev, "Escaping text": these three


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A text as people may see it: `text` without anything invisible, and how much there was of it."""

    text: str
    invisible: int


def hidden(character: str) -> bool:
    """Say whether a character would not be seen for what it is: controls, bidi marks, odd spaces, blank letters."""
    if character in KEPT:
        return False
    category = unicodedata.category(character)
    return category in UNSEEN or category == "Zs" or character in BLANK


def reveal(text: str) -> Seen:
    """Replace each invisible character by its code point in mathematical angle brackets, before any cutting."""
    if SEEN.fullmatch(text):
        return Seen(text=text, invisible=0)
    marks = {ord(character): f"⟨U+{ord(character):04X}⟩" for character in set(text) if hidden(character)}
    return Seen(text=text.translate(marks), invisible=sum(map(text.count, map(chr, marks))))


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


def line(text: str) -> str:
    """Make one visible line of it: line ends and tabs become single spaces."""
    return reveal(" ".join(text.split())).text


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
