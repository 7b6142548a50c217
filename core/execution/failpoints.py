"""Named places between two durable steps, where a test may end the process; nothing is armed in the product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

POINTS: Final = (
    "before_intent",
    "after_intent",
    "before_claim",
    "after_claim",
    "before_run",
    "after_run",
    "before_prepared",
    "after_prepared",
    "before_commit",
    "after_commit",
    "before_outcome",
    "after_outcome",
    "before_recovery",
    "after_recovery",
    "before_next",
    "after_next",
)

_ARMED: Final[list[Callable[[str], None]]] = []


def failpoint(name: str) -> None:
    """Tell whoever armed it that the process is here; without one it does nothing."""
    for armed in _ARMED:
        armed(name)


def arm(told: Callable[[str], None]) -> None:
    """Be told of every point that is passed from now on; only a test does this."""
    _ARMED.append(told)


def disarm() -> None:
    """Tell nobody any more."""
    _ARMED.clear()
