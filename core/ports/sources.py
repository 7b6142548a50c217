"""A Source: its catalogue as a Call sees it, what a statement would do there, how it runs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias, final

from core.model import Bill, Parameters, Permit, Reading, Rows, Sample, Source, Unreadable, Work

Bars: TypeAlias = Callable[[Reading], bool]  # whether policy refuses what a text says, whatever else is found


class Visit(Protocol):
    """One transaction at a Source, as the role the statement needs; it ends in ROLLBACK but for `commit`."""

    async def read(self, bars: Bars | None = None) -> Reading | Unreadable:
        """Read the statement by both witnesses; runs nothing of it.

        Where asking the second one costs or tells something, what `bars` refuses is given as the text alone says it.
        """
        ...

    async def run(self, permit: Permit) -> Rows:
        """Run `permit.text` within its limits and take the last look; a write stays uncommitted.

        Raises: Drifted, StatementFailed, DeniedByEngine, TimedOut, CapExceeded, SourceUnavailable.
        """
        ...

    async def plan(self) -> str | None:
        """Show the planner's plan of a read in our own form; None where a tagged relation is named or it is no read."""
        ...

    async def commit(self) -> None:
        """COMMIT a write whose PREPARED is durable.

        Raises: StatementFailed when the engine proves that it rolled back, OutcomeUnknown when no reply came.
        """
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A text and its parameters, as the connector reads them."""

    text: str = field(repr=False)
    parameters: Parameters = field(default=(), repr=False)
    unmask: frozenset[str] = frozenset()  # columns (`Mask.name`) to be shown as they are, if people approve


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column as `describe_table` shows it; `tag` and `mask` say what will be masked."""

    name: str
    type: str
    comment: str = ""
    tag: str | None = None
    mask: str | None = None
    looked_up: bool = False  # rows may be found by `assent_token('…')`


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table or view as the catalogue tools show it."""

    name: str  # qualified
    kind: str
    fields: tuple[Field, ...]
    comment: str = ""
    closed: str = ""  # why reads of it are refused
    keys: tuple[str, ...] = ()  # primary key columns
    references: tuple[str, ...] = ()  # "customer_id -> public.customers.id"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A Source as `list_sources` shows it; `masking` says which form holds, `note` why it is the weaker one."""

    name: str
    dialect: str
    description: str
    masking: str  # enforced, spliced
    tables: int
    note: str = ""


class Fate(StrEnum):
    """What a Source says became of prepared work."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    IN_PROGRESS = "in_progress"
    UNKNOWN = "unknown"  # it can never tell any more: another cluster, too old
    SILENT = "silent"  # unreachable now; ask again


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Rows a write would touch: counted, or estimated by the planner; neither when it cannot be said."""

    counted: int | None = None
    estimated: int | None = None
    sample: Sample | None = None
    costs: int | None = None  # bytes that it would be billed at most to count; None: nothing, or nobody can count
    bill: Bill | None = None  # what it was billed; None: nothing was begun, or nobody can tell


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Outlay:
    """What may be spent to count: on record, and taken of budgets, before the Source is asked."""

    name: str  # of what is begun there: that of an attempt which no Call has
    bytes: int  # billed at most


class Connector(Protocol):
    """One configured Source."""

    @property
    def source(self) -> Source:
        """The Source without its secrets."""
        ...

    @property
    def role(self) -> tuple[str, ...]:
        """Names of the read role, the write role, and the role of reviewed unmasks ("" when there is none)."""
        ...

    def job(self, permit: Permit) -> Work | None:
        """Name the job that a Permit starts, where running it commits; None: nothing lasts before COMMIT."""
        ...

    def visit(self, statement: Statement, *, name: str) -> AbstractAsyncContextManager[Visit]:
        """Open one transaction; `name` is shown in the database ("assent:<call>:<attempt>", at most 63 bytes).

        Raises: SourceUnavailable, Busy.
        """
        ...

    async def tables(self) -> tuple[Table, ...]:
        """Everything a statement may name, with effective tags; the policy narrows it per Caller."""
        ...

    async def fate(self, work: Work) -> Fate:
        """Ask what became of prepared work; ends its backend first when it still runs past its deadline."""
        ...

    async def bill(self, work: Work) -> Bill | None:
        """Ask what a job was billed that is over or never began; None: nothing is billed here, or nobody can tell."""
        ...

    async def end(self, names: frozenset[str]) -> None:
        """End our own transactions of these names, if any is left: they were given up, and only hold locks."""
        ...

    async def impact(self, statement: Statement, outlay: Outlay | None = None) -> Impact:
        """Count what a write would touch, where cheap and no protected column is read; free unless under an outlay."""
        ...

    async def sample(self, statement: Statement) -> Sample | None:
        """Show a few rows of an UPDATE before and after, through the masks; None where it cannot be told truly."""
        ...


def acting(connector: Connector, reading: Reading) -> str:
    """Name the role that a Reading runs as."""
    return connector.role[2 if reading.unmasked or reading.aggregated else int(reading.writes)]
