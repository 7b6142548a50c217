"""Untrusted text as people and agents may see it: what is invisible becomes visible, before any cutting."""

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


def line(text: str) -> str:
    """Make one visible line of it: line ends and tabs become single spaces."""
    return reveal(" ".join(text.split())).text
