"""Refusals without a Caller: counted by reason and journalled once a minute, so that strangers cannot fill the log."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from typing import Final, final

from core.errors import StoreError
from core.model import Entry, EntryKind
from core.ports import Journal, Unit

PERIOD: Final = 60.0  # seconds
REASONS: Final = 32  # distinct ones in one Entry; reasons are our own words, so more would be a fault of ours


@final
class Denials:
    """Counts, and one Entry a minute while there is something to count."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._counts: Counter[str] = Counter()

    def count(self, reason: str) -> None:
        """Count one refusal by its rule's name."""
        self._counts[reason if reason in self._counts or len(self._counts) < REASONS else "other"] += 1

    async def flush(self) -> None:
        """Journal what was counted since the last time."""
        counts, self._counts = self._counts, Counter()
        if counts:
            entry = Entry(kind=EntryKind.AUTH_DENY, body={"counts": dict(counts), "total": counts.total()})
            try:
                await self._journal.commit(Unit(entries=(entry,)))
            except BaseException:
                self._counts += counts  # told the next time
                raise

    async def serve(self) -> None:
        """Flush once a minute until cancelled."""
        while True:
            await asyncio.sleep(PERIOD)
            with contextlib.suppress(StoreError):  # a store that cannot write is everyone's alarm already
                await self.flush()
