"""How far the sinks are that retention waits for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, final

from core.audit.export.event import number
from core.ports import Cursors, Tail

DAY: Final = 86_400_000  # ms


@final
class Required:
    """The port Waited."""

    def __init__(self, sinks: Sequence[str], cursors: Cursors, tail: Tail) -> None:
        self._sinks = tuple(sinks)
        self._cursors = cursors
        self._tail = tail

    async def day(self) -> int | None:
        """The day of the first Entry that one of them has not taken, days since the epoch; None: they have all.

        Raises: StoreError.
        """
        if not self._sinks:
            return None
        least = min([(await self._cursors.cursor(name)).next for name in self._sinks])
        waiting = await self._tail.tail(least, 1)
        return (number(waiting[0].body, "ts") or 0) // DAY if waiting else None
