"""Alerts of the Slack door as Entries, at most one a minute of each kind: what is held back is counted in the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, final

from core.model import Entry, EntryKind, Json, ReviewId
from core.ports import Journal, Unit

MINUTE: Final = 60.0


@final
@dataclass(slots=True, kw_only=True)
class Alarms:
    """Writes alerts; a flood of forged clicks cannot flood the Journal."""

    journal: Journal
    now: Callable[[], float]  # seconds, monotonic
    tally: Counter[str]
    _last: dict[str, float] = field(default_factory=dict)
    _held: Counter[str] = field(default_factory=Counter)

    async def raised(self, alert: str, *, via: str, review: ReviewId | None = None) -> None:
        """Record an alert; durable when this returns, or counted for the next one.

        Raises: StoreError when it cannot be recorded.
        """
        self.tally[f"alert.{alert}"] += 1
        last = self._last.get(alert)
        if last is not None and self.now() < last + MINUTE:
            self._held[alert] += 1
            return
        body: dict[str, Json] = {"alert": alert, "via": via, "held_back": self._held[alert]}
        if review is not None:
            body["review"] = review
        await self.journal.commit(Unit(entries=(Entry(kind=EntryKind.ALERT, body=body),)))
        self._last[alert], self._held[alert] = self.now(), 0
