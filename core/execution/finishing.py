"""Rows -> Masked beside the event loop where that may take long: the second net looks at every character.

A large result goes to one of a few threads of its own; who waits can be cancelled, what runs ends by its own effort's
bound, and a small result costs no thread.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final, final

from core.model import Cell, Masked, Reading, Rows
from core.ports import Masker

LARGE: Final = (
    16_384  # characters of text; the net takes about a millisecond for as many (docs/explanation/performance)
)
AT_ONCE: Final = 2  # results that are looked at beside the loop; others wait their turn


@final
class Finishing:
    """The line's Masker as its attempts wait for it."""

    def __init__(self, masker: Masker) -> None:
        self._masker: Final = masker
        self._threads: Final = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="assent-net")

    async def finish(self, rows: Rows, reading: Reading, source: str) -> Masked:
        """Label what was masked at the source and run the second net.

        Raises: what the Masker raises.
        """
        if not large(rows):
            return self._masker.finish(rows, reading, source)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._masker.finish, rows, reading, source)


def large(rows: Rows) -> bool:
    """Whether there is more text than may be looked at on the loop; counts no further than that."""
    left = LARGE
    for row in rows.rows:
        left -= sum(map(characters, row))
        if left < 0:
            return True
    return False


def characters(cell: Cell) -> int:
    """Count a cell's text, that of lists included."""
    match cell:
        case str():
            return len(cell)
        case tuple():
            return sum(map(characters, cell))
        case _:
            return 0
