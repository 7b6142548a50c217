"""What `assent doctor` says: a line for each thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import final


class State(StrEnum):
    """How bad a line is."""

    OK = "ok"
    WARNS = "warns"
    CLOSES = "closes"  # a table; the source serves the others
    REFUSES = "refuses"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was looked at, what was found, and what to do about it."""

    area: str
    state: State
    says: str
    remedy: str = ""
