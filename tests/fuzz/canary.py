"""Canaries: unique words in tagged columns, and a search that finds them however an output disguises them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias, final

from core.model import Cell
from tests.fuzz.observe import Seen

PART: Final = 6  # letters of a canary that are recognisable: of 16 letters, one text in 16 million holds them by chance
NUMBERS: Final = re.compile(r"\d+")
ESCAPES: Final = re.compile(
    r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})|&#(\d{1,7});|&#x([0-9a-fA-F]{1,6});|\\([0-3][0-7]{2})|\\\+([0-9a-fA-F]{6})|\\([0-9a-fA-F]{4})"
)
OCTAL: Final = 6
DECIMAL: Final = 4
Rows: TypeAlias = "tuple[tuple[Cell, ...], ...]"


def flat(cell: Cell) -> Iterator[str]:
    """Give the texts in a cell, elements one by one."""
    if isinstance(cell, tuple):
        for item in cell:
            yield from flat(item)
    elif cell is not None:
        yield str(cell)


def layouts(rows: Rows) -> Iterator[list[str]]:
    """Give the pieces of an answer by row, by column, and each of both backwards."""
    by_row = [text for row in rows for cell in row for text in flat(cell)]
    by_column = [text for column in zip(*rows, strict=True) for cell in column for text in flat(cell)]
    yield from (by_row, by_column, by_row[::-1], by_column[::-1])


def unescaped(text: str) -> str:
    """Undo escapes of JSON, Unicode identifiers, C, URLs, XML and bytea."""

    def letter(match: re.Match[str]) -> str:
        number = match.lastindex or 1
        base = 8 if number == OCTAL else 10 if number == DECIMAL else 16
        code = int(match.group(number), base)
        return chr(code) if code < 0x110000 else ""

    return ESCAPES.sub(letter, text)


def spelled(pieces: Sequence[str]) -> str:
    """Read numbers as character codes."""
    codes = [int(number) for piece in pieces for number in NUMBERS.findall(piece[:4000])]
    return "".join(chr(code) if 32 <= code < 0x3000 else "\0" for code in codes)


def unhexed(text: str) -> Iterator[str]:
    """Read runs of hexadecimal digits, from both offsets."""
    for run in re.findall(r"(?:[0-9a-fA-F]{2}){6,}[0-9a-fA-F]?", text):
        for digits in (run, run[1:]):
            yield bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("latin-1")


def unbased(text: str) -> Iterator[str]:
    """Read runs of base64 digits, from each of the four offsets."""
    joined = re.sub(r"\s", "", text).replace("-", "+").replace("_", "/")
    for run in re.findall(r"[A-Za-z0-9+/]{8,}", joined):
        for start in range(4):
            digits = run[start : start + (len(run) - start) // 4 * 4]
            yield base64.b64decode(digits).decode("latin-1")


READERS: Final[tuple[Callable[[str], Iterable[str]], ...]] = (
    lambda text: (text,),
    lambda text: (unescaped(text),),
    unhexed,
    unbased,
)


@final
class Canaries:
    """A set of unique words; of each, parts of so many letters are recognised."""

    def __init__(self, values: Iterable[str], part: int = PART) -> None:
        self._part: Final = part
        self._parts: Final = {
            part: value
            for value in values
            for written in (value.casefold(), value.casefold()[::-1])
            for part in (written[at : at + self._part] for at in range(len(written) - self._part + 1))
        }

    def inside(self, text: str) -> str | None:
        """Find a recognisable part of a canary in a text as it stands."""
        plain = text.casefold()
        for at in range(len(plain) - self._part + 1):
            if plain[at : at + self._part] in self._parts:
                return self._parts[plain[at : at + self._part]]
        return None

    def read(self, text: str) -> str | None:
        """Find one in a text by each way of reading it."""
        for reader in READERS:
            for said in reader(text):
                found = self.inside(said)
                if found is not None:
                    return found
        return None

    def found(self, seen: Seen) -> str | None:
        """Find one in anything that was shown: each channel, each cell, cells joined, cells as character codes."""
        for text in (*seen.channels.values(), *seen.extra.values()):
            if (hit := self.read(text)) is not None:
                return hit
        return self.among(seen.rows)

    def among(self, rows: Rows) -> str | None:
        """Find one in rows."""
        pieces = [text for row in rows for cell in row for text in flat(cell)]
        for text in (*pieces, *("".join(layout) for layout in layouts(rows)), *map(spelled, layouts(rows))):
            if (hit := self.read(text)) is not None:
                return hit
        return None
