"""Named places between two durable steps, where a test may end the process; nothing is armed in the product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

POINTS: Final = (
    "before_intent",
    "after_intent",
    "after_claim",
    "in_transaction",
    "after_prepared",
    "after_commit",
    "after_outcome",
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
