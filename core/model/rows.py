"""What a source returned, and what of it may be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias, final

Cell: TypeAlias = "None | bool | int | float | str | tuple[Cell, ...]"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ResultColumn:
    """Name and type of a result column, by position: two may carry one name."""

    name: str
    type: str


class Cut(StrEnum):
    """Why a result holds less than there is."""

    ROWS = "rows"
    BYTES = "bytes"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A transaction or job in the target: what recovery asks for. All as decimal or plain text."""

    xid: str
    system: str  # system_identifier; BigQuery: project
    timeline: str
    backend: str
    affected: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a job was billed, as its Source says once it is over."""

    bytes: int
    slot_milliseconds: int = 0
    cached: bool = False  # the answer was kept from before, and cost nothing


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the source returned; never leaves `core`. Made only by a connector."""

    columns: tuple[ResultColumn, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)
    cut: Cut | None = None
    work: Work | None = None  # of a write: not committed yet
    elapsed: timedelta = timedelta(0)
    bill: Bill | None = None  # of a job; None: its Source has not said


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedColumn:
    """A result column as the agent sees it; `mask` names the kind, None: as the source has it."""

    name: str
    type: str
    mask: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """The only rows a door can render. Made only by `core.masking`."""

    columns: tuple[MaskedColumn, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)
    cut: Cut | None = None
    affected: int | None = None
    hidden: int = 0  # cells that the second net changed
    notes: tuple[str, ...] = ()
