"""A configured database, and the run of Calls that belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, final

from core.model.ids import SessionId

WEAKER: Final = "masks are put into the text: the database would show raw values if our reading were wrong"
TIB: Final = 2**40  # bytes


class Dialect(StrEnum):
    """The SQL that a Source speaks."""

    POSTGRES = "postgres"
    BIGQUERY = "bigquery"


JOBS: Final = frozenset({Dialect.BIGQUERY})  # what runs there is a job, which commits by itself and costs


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregation:
    """How a protected number may be told over many people; an operator's word per column."""

    people: int  # least number of distinct subjects in each group
    functions: frozenset[str]  # of count, avg, sum
    subject: str  # column of the same table that tells people apart
    round: int  # avg and sum are rounded to multiples of this; counts down to multiples of `people`
    per_day: int  # statements of one Caller


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A configured database, without its secrets. Made only by `core.settings`."""

    name: str
    dialect: Dialect
    tags: Mapping[str, str]  # "schema.table.column" or "schema.table.*" -> tag
    enforced: bool  # masks by the database itself; False is the acknowledged weaker form
    description: str = ""
    looked_up: frozenset[str] = frozenset()  # columns open to look-ups by token
    looks_per_day: int = 0  # values that one Caller may look up in a day, found or not
    phone_regions: tuple[str, ...] = ("US", "GB", "DE", "FR")  # whose numbers its free text may hold without "+"
    findings: bool = False  # whether detectors look at untagged text and tell an operator
    aggregated: Mapping[str, Aggregation] = field(default_factory=dict)  # columns open to aggregates over many people
    price_per_tib: Decimal | None = None  # of what it bills by the byte; None: it does not, or nobody said
    currency: str = "USD"
    channel: str | None = None  # conversation of its cards, where no rule names another

    def price(self, billed: int | None) -> Decimal | None:
        """What so many bytes cost; None: nobody can tell."""
        return None if billed is None or self.price_per_tib is None else self.price_per_tib * billed / TIB


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The run of Calls by one Caller and one agent client that belong together."""

    id: SessionId
    principal: tuple[str, str, str]
    began_at: datetime
