"""One search of one result: how much of its effort is left, and where numbers without a country are dialled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

# Effort of one result, in characters read once by every detector; what costs more is counted as more. A unit takes a
# third of a microsecond to one (`make bench ARGS=--detectors`): this is a time budget that masks alike on any machine.
EFFORT: Final = 2_000_000
REGIONS: Final = ("US", "GB", "DE", "FR")  # ISO 3166-1 alpha-2; `[source.NAME] phone_regions` names others


@final
@dataclass(frozen=True, slots=True)
class Hit:
    """What was found where, in `plain` text: `kind` is the detector's name, or a narrower one."""

    kind: str
    start: int
    end: int


@final
@dataclass(slots=True)
class Search:
    """The budget of one result; deterministic, so that the same rows are always masked alike."""

    regions: tuple[str, ...] = REGIONS
    left: int = EFFORT

    def spend(self, effort: int) -> bool:
        """Pay for work about to be done; False once nothing is left, and then it must not be done."""
        self.left -= effort
        return self.left >= 0

    def spent(self) -> bool:
        """Whether something was left undone: what was searched then must not be shown."""
        return self.left < 0


def nearby(text: str, start: int, reach: int = 48) -> str:
    """Return what stands before a place, in lower case: words there say what a number is."""
    return text[max(0, start - reach) : start].lower()
