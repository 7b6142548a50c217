"""What a unit changes of answers that one person gave alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias, final

from core.model import Person, ReviewId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """Remember that somebody answered alone, until another has looked at it; `Lost` while one of theirs is overdue."""

    review: ReviewId
    person: Person
    until: timedelta  # from the store's own now on: then it is overdue


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CloseGlass:
    """Somebody else has looked at it; a second time, or before it is over, the unit is `Lost`. Queues a redraw."""

    review: ReviewId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TellGlass:
    """What is overdue was told; a second time, or before it is, the unit is `Lost`."""

    review: ReviewId


Broken: TypeAlias = BreakGlass | CloseGlass | TellGlass
