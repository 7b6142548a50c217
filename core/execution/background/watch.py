"""Background work under watch: no exception ends a loop, and none goes unseen; one alert a minute of each kind."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Final, final

from core.errors import StoreError
from core.model import Entry, EntryKind, Json
from core.ports import Clock, Journal, Unit

PERIOD: Final = timedelta(minutes=1)  # between two alerts of one kind; what is held back is counted in the next


@final
class Watch:
    """Runs what nobody waits for."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._last: dict[str, datetime] = {}
        self._held: Counter[str] = Counter()

    async def over(self, name: str, work: Awaitable[None]) -> None:
        """Await background work; what it raises becomes an alert, never this loop's end. Cancelling cancels it."""
        (raised,) = await asyncio.gather(work, return_exceptions=True)
        if isinstance(raised, BaseException) and not isinstance(raised, asyncio.CancelledError):
            await self.alert(f"{name}_failed", error=type(raised).__name__)

    async def alert(self, name: str, **more: Json) -> None:
        """Record that an operator must look; a record that cannot be written now is counted for the next one."""
        now, last = self._clock.now(), self._last.get(name)
        if last is not None and now < last + PERIOD:
            self._held[name] += 1
            return
        body: dict[str, Json] = {"alert": name, "held_back": self._held[name], **more}
        try:
            await self._journal.commit(Unit(entries=(Entry(kind=EntryKind.ALERT, body=body),)))
        except StoreError:
            self._held[name] += 1
            return
        self._last[name], self._held[name] = now, 0
