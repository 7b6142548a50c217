"""The stages of a Call as one table; the diagram in the docs is drawn from it."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Stage(StrEnum):
    """Where a Call is on the line; the last five are ends."""

    ARRIVED = "arrived"
    IDENTIFIED = "identified"
    READ = "read"
    DECIDED = "decided"
    WAITING = "waiting"
    PERMITTED = "permitted"
    RAN = "ran"
    MASKED = "masked"
    ANSWERED = "answered"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


NEXT: Final[Mapping[Stage, frozenset[Stage]]] = MappingProxyType(
    {
        Stage.ARRIVED: frozenset({Stage.IDENTIFIED, Stage.REFUSED}),
        Stage.IDENTIFIED: frozenset({Stage.READ, Stage.REFUSED, Stage.FAILED, Stage.CANCELLED}),
        Stage.READ: frozenset({Stage.DECIDED, Stage.FAILED, Stage.CANCELLED}),
        Stage.DECIDED: frozenset({Stage.PERMITTED, Stage.WAITING, Stage.REFUSED, Stage.FAILED, Stage.CANCELLED}),
        Stage.WAITING: frozenset({Stage.PERMITTED, Stage.REFUSED, Stage.FAILED, Stage.CANCELLED}),
        Stage.PERMITTED: frozenset({Stage.RAN, Stage.FAILED, Stage.CANCELLED, Stage.UNKNOWN}),
        Stage.RAN: frozenset({Stage.MASKED, Stage.FAILED, Stage.CANCELLED, Stage.UNKNOWN}),
        Stage.MASKED: frozenset({Stage.ANSWERED, Stage.FAILED}),
        Stage.ANSWERED: frozenset(),
        Stage.REFUSED: frozenset(),
        Stage.FAILED: frozenset(),
        Stage.CANCELLED: frozenset(),
        Stage.UNKNOWN: frozenset({Stage.ANSWERED, Stage.FAILED}),
    }
)
