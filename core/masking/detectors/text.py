"""Text as detectors read it: one form for look-alikes and invisible characters, with the way back to the original."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate
from typing import Final

KEPT: Final = 65_536  # characters remembered: most of what people write; more would be memory for a stranger to fill
# Invisible though letters by category (Unicode, Default_Ignorable_Code_Point): Hangul fillers.
FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
UNUSUAL: Final = re.compile(r"[^\t\n\r\x20-\x7e]")
DROPPED: Final = frozenset({"Cf", "Cc", "Mn", "Me", "Mc"})  # formats, controls, combining marks
SPACES: Final = frozenset({"Zs", "Zl", "Zp"})
STOPS: Final = str.maketrans({"\u3002": ".", "\u2024": ".", "\u2800": " "})  # RFC 3490 3.1; braille blank


class _Plain(dict[int, str]):
    """What each code point reads as; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        read = _read(chr(code))
        if len(self) < KEPT:
            self[code] = read
        return read


def plain(text: str) -> str:
    """Normalise for matching, character by character.

    NFKC (Unicode TR15), digits of every script as ASCII, dashes and spaces as one each; format characters such as
    zero-width joiners, control characters but for line ends and tabs, and combining marks are left out.
    """
    return text.translate(_PLAIN) if UNUSUAL.search(text) else text


def original(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Carry spans of `plain(text)` back to `text`: a character read as several is covered whole."""
    if not UNUSUAL.search(text):
        return spans
    ends = list(accumulate(len(_PLAIN[ord(character)]) for character in text))
    origin = [at for at, (end, before) in enumerate(zip(ends, [0, *ends], strict=False)) for _ in range(end - before)]
    return [(origin[start], origin[end - 1] + 1) for start, end in spans]


def _read(character: str) -> str:
    if character in "\t\n\r":
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    read = "".join(map(_one, unicodedata.normalize("NFKC", character)))
    return read.translate(STOPS)


def _one(character: str) -> str:
    category = unicodedata.category(character)
    if category in DROPPED or character in FILLERS:
        return ""
    if category in SPACES:
        return " "
    if category == "Pd" or character == "\u2212":
        return "-"
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


_PLAIN: Final = _Plain()
