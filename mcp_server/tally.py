"""Counts what this door refuses before there is a Call, by reason; the line journals the sums, once a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import final

from core.errors import Busy


@final
class Tally:
    """Sums by reason ("unauthenticated", "insufficient_scope", "bad_call", "busy" …); never who or what.

    `deny` is told of each refusal that belongs into the Journal's sums: all but "busy", which is only counted.
    """

    def __init__(self, deny: Callable[[str], None] = lambda _: None) -> None:
        self._deny = deny
        self._sums: Counter[str] = Counter()

    def add(self, reason: str) -> None:
        """Count one refusal."""
        self._sums[reason] += 1
        if reason != Busy.code:
            self._deny(reason)

    @property
    def sums(self) -> Mapping[str, int]:
        """What was counted since the last `take`."""
        return dict(self._sums)

    def take(self) -> Mapping[str, int]:
        """Return the sums and begin again at zero."""
        taken, self._sums = self._sums, Counter()
        return dict(taken)
