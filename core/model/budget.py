"""What budgets count, for how long, and of whom."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Final

MILLIONTHS: Final = 10**6  # of a price: the unit in which budgets count it


class Measure(StrEnum):
    """What a budget counts; of each a whole number of the unit that stands behind it."""

    ROWS = "rows"  # shown or changed, whichever is more
    RETURNED_BYTES = "returned_bytes"  # of the answer's JSON text
    BYTES = "bytes"  # billed by the Source
    PRICE = "price"  # millionths of the Source's currency
    TIME = "time"  # milliseconds that the Source took
    LOOKUPS = "lookups"  # values looked up by their token
    AGGREGATES = "aggregates"  # statements of totals over protected columns


def millionths(price: Decimal) -> int:
    """Count a price in whole millionths, rounded up."""
    return int((price * MILLIONTHS).to_integral_value(rounding=ROUND_CEILING))


class Period(StrEnum):
    """For how long a budget is: from each full hour, or from each midnight, UTC."""

    HOUR = "hour"
    DAY = "day"


class Per(StrEnum):
    """Who has one account of a budget, apart from all others."""

    CALLER = "caller"  # a person, through whatever agent; a machine by itself
    GROUP = "group"
    AGENT = "agent"
    SOURCE = "source"
