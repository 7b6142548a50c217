"""What a job would cost, in words: for the card, for `check`, for whoever is allowed."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Final

from core.model import JOBS, Limits, Reason, Source
from core.policy.conditions.situation import Situation

SIZES: Final = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))
CENT: Final = Decimal("0.01")
MILLIONTH: Final = Decimal("0.000001")


def bill(asked: Situation, source: Source, limits: Limits) -> tuple[Reason, ...]:
    """Say what a job would cost, as its Source bills it: whole columns, so that it tells nothing of rows or values."""
    if source.dialect not in JOBS or asked.bytes == 0:
        return ()
    bound = "" if limits.billed_bytes is None else f" Beyond {size(limits.billed_bytes)} its Source ends it unbilled."
    if asked.bytes is None:
        return (Reason(rule="", sentence=f"Its Source cannot say beforehand what it would be billed for.{bound}"),)
    cost = "" if asked.price is None else f", {source.currency} {money(asked.price)}"
    return (Reason(rule="", sentence=f"It would be billed for {size(asked.bytes)}{cost}.{bound}"),)


def size(octets: int) -> str:
    """Write bytes for people, rounded up to a tenth of the largest unit that fits."""
    unit, name = next(((unit, name) for unit, name in SIZES if octets >= unit), (1, "bytes"))
    tenths = -(-octets * 10 // unit)
    return f"{tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''} {name}"


def money(price: Decimal) -> str:
    """Write a price, rounded up to a cent, or to the millionth that it is less than one."""
    digits = CENT if price >= CENT else MILLIONTH
    return f"{price.quantize(digits, rounding=ROUND_CEILING):f}"
