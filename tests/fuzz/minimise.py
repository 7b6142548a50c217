"""The smallest statement that still differs: tokens are left out as long as the twins' answers go on differing."""

from __future__ import annotations

from typing import Final

from tests.fuzz.hunt import Difference, Pair
from tests.fuzz.texts import tokens

QUESTIONS: Final = 300


async def minimise(pair: Pair, found: Difference) -> Difference:
    """Leave out ever smaller runs of tokens (delta debugging, Zeller and Hildebrandt 2002)."""
    pieces, size, left = tokens(found.text), len(tokens(found.text)) // 2, QUESTIONS
    while size and left > 0:
        at = 0
        while at < len(pieces) and left > 0:
            shorter = pieces[:at] + pieces[at + size :]
            left -= 1
            _, smaller = await pair.compare("".join(shorter))
            if smaller is not None and smaller.channels & found.channels:
                pieces, found = shorter, smaller
            else:
                at += size
        size //= 2
    return found
