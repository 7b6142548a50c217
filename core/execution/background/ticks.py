"""The machine's clock beside the time that passed: a jump is an Entry and an alert; order never depends on it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final, final

from core.model import Entry, EntryKind
from core.ports import Clock, Journal, Unit

JUMP: Final = timedelta(seconds=5)  # more than NTP slews between two looks; approvals last minutes


@final
class Ticks:
    """Compares two looks."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._last: tuple[datetime, float] | None = None

    async def look(self) -> None:
        """Record it where the clock moved otherwise than time did since the last look.

        Time is read beside the clock: a loop's own stands still while it is busy (uv_now).
        """
        now, passed = self._clock.now(), time.monotonic()
        last, self._last = self._last, (now, passed)
        if last is None:
            return
        jumped = (now - last[0]) - timedelta(seconds=passed - last[1])
        if abs(jumped) > JUMP:
            body = {"by_ms": jumped // timedelta(milliseconds=1)}
            skew = Entry(kind=EntryKind.CLOCK_SKEW, body=body)
            alert = Entry(kind=EntryKind.ALERT, body={"alert": "clock_jumped", **body})
            await self._journal.commit(Unit(entries=(skew, alert)))
