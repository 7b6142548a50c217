"""Counts what is refused before there is a Call, by reason; the caller journals the sums, once a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import final


@final
class Tally:
    """Sums by reason ("unauthenticated", "insufficient_scope", "bad_call", "busy" …); never who or what."""

    def __init__(self) -> None:
        self._sums: Counter[str] = Counter()

    def add(self, reason: str) -> None:
        """Count one refusal."""
        self._sums[reason] += 1

    @property
    def sums(self) -> Mapping[str, int]:
        """What was counted since the last `take`."""
        return dict(self._sums)

    def take(self) -> Mapping[str, int]:
        """Return the sums and begin again at zero."""
        taken, self._sums = self._sums, Counter()
        return dict(taken)
