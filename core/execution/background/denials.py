"""Refusals without a Caller: counted by reason and journalled once a minute, so that strangers cannot fill the log."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final, final

from core.errors import StoreError
from core.model import Entry, EntryKind
from core.ports import Journal, Unit

PERIOD: Final = 60.0  # seconds
REASONS: Final = 32  # distinct ones in one Entry; reasons are our own words, so more would be a fault of ours


@final
class Denials:
    """Counts, and one Entry a minute for each issuer while there is something to count."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._counts = _none()

    def count(self, reason: str, issuer: str = "") -> None:
        """Count one refusal by its rule's name; `issuer` is one of the configuration, or none."""
        of = self._counts[issuer]
        of[reason if reason in of or len(of) < REASONS else "other"] += 1

    async def flush(self) -> None:
        """Journal what was counted since the last time."""
        counts, self._counts = self._counts, _none()
        entries = tuple(_entry(issuer, of) for issuer, of in sorted(counts.items()))
        if entries:
            try:
                await self._journal.commit(Unit(entries=entries))
            except BaseException:
                for issuer, of in counts.items():
                    self._counts[issuer] += of  # told the next time
                raise

    async def serve(self) -> None:
        """Flush once a minute until cancelled."""
        while True:
            await asyncio.sleep(PERIOD)
            with contextlib.suppress(StoreError):  # a store that cannot write is everyone's alarm already
                await self.flush()


def _none() -> defaultdict[str, Counter[str]]:
    return defaultdict(Counter)


def _entry(issuer: str, counts: Mapping[str, int]) -> Entry:
    whose = {"issuer": issuer} if issuer else {}
    return Entry(kind=EntryKind.AUTH_DENY, body={"counts": dict(counts), "total": sum(counts.values()), **whose})
