"""What detectors saw in untagged text: counted by column, one alert a day for each, for an operator to tag it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Final, TypeAlias, final

from core.errors import StoreError
from core.model import Entry, EntryKind
from core.ports import Clock, Journal, Unit

SECONDS: Final = 60.0  # between two looks at what was counted
AGAIN: Final = timedelta(days=1)  # between two alerts of one column and detector; all cells between are in the second
KEPT: Final = 1_024  # columns and detectors counted at a time; schemas are ours to read, and yet no agent fills memory
AT_ONCE: Final = 64  # alerts of one unit

Seen: TypeAlias = tuple[str, str, str]  # source, column, detector


@final
class Findings:
    """Counts cells, from any thread; an alert says where, what and how often, never a value."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._counts: Counter[Seen] = Counter()
        self._lock = threading.Lock()
        self._told: dict[Seen, datetime] = {}

    def count(self, source: str, column: str, detector: str, cells: int) -> None:
        """Count cells of a column in which a detector saw something."""
        seen = (source, column, detector)
        with self._lock:
            if seen in self._counts or len(self._counts) < KEPT:
                self._counts[seen] += cells

    async def flush(self) -> None:
        """Raise the alerts that are due."""
        now = self._clock.now()
        self._told = {seen: at for seen, at in self._told.items() if now < at + AGAIN}
        with self._lock:
            due = {seen: n for seen, n in self._counts.items() if seen not in self._told}
        due = dict(itertools.islice(due.items(), AT_ONCE))
        if due:
            await self._journal.commit(Unit(entries=tuple(itertools.starmap(alert, due.items()))))
        with self._lock:
            for seen in due:
                self._told[seen] = now
                del self._counts[seen]

    async def serve(self) -> None:
        """Flush once a minute until cancelled."""
        while True:
            await asyncio.sleep(SECONDS)
            with contextlib.suppress(StoreError):  # told the next time
                await self.flush()


def alert(seen: Seen, cells: int) -> Entry:
    """Word one finding."""
    source, column, detector = seen
    body = {"alert": "personal_data", "source": source, "column": column, "holds": detector}
    return Entry(kind=EntryKind.ALERT, body={**body, "cells": cells})
