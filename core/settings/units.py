"""Durations, bytes and money as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final

DURATIONS: Final[Mapping[str, int]] = MappingProxyType({"s": 1, "min": 60, "h": 3_600, "d": 86_400})
SIZES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "B": 1,
        "kB": 10**3,
        "MB": 10**6,
        "GB": 10**9,
        "TB": 10**12,
        "KiB": 2**10,
        "MiB": 2**20,
        "GiB": 2**30,
        "TiB": 2**40,
    }
)
AGES: Final[Mapping[str, int]] = MappingProxyType({"d": 1, "y": 366})
OLDEST: Final = 30 * 366  # days
FORM: Final = re.compile(r"(\d{1,15}) ?([A-Za-z]+)", re.ASCII)
LONGEST: Final = timedelta(days=366)
LARGEST: Final = 2**60  # bytes
DEAREST: Final = Decimal(10) ** 9


class Unfit(ValueError):
    """A value that a setting cannot take; the text says what it can."""


def duration(value: object) -> timedelta:
    """Read "15 min", "30 s", "1 h", "1 d" or whole seconds.

    Raises: Unfit with a sentence.
    """
    seconds = _number(value, DURATIONS, '"15 min", "30 s", "1 h" or whole seconds')
    if not 0 < seconds <= LONGEST.total_seconds():
        raise Unfit("a duration is more than nothing and at most a year")
    return timedelta(seconds=seconds)


def age(value: object) -> int:
    """Read "90 d" or "2 y" as days; a year has 366, so that nothing ends early.

    Raises: Unfit with a sentence.
    """
    form = FORM.fullmatch(value) if isinstance(value, str) else None
    days = int(form[1]) * AGES[form[2]] if form is not None and form[2] in AGES else 0
    if not 0 < days <= OLDEST:
        raise Unfit('write "90 d" or "2 y", at most 30 years')
    return days


def size(value: object) -> int:
    """Read "20 GiB", "500 MB" or whole bytes.

    Raises: Unfit with a sentence.
    """
    octets = _number(value, SIZES, '"20 GiB", "500 MB" or whole bytes')
    if not 0 < octets <= LARGEST:
        raise Unfit("bytes are more than 0 and at most 1 EiB")
    return octets


def price(value: object) -> Decimal:
    """Read an amount of money, "2.50" or 3; binary fractions are not money.

    Raises: Unfit with a sentence.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise Unfit('money is written as text, "2.50", or as a whole number')
    try:
        amount = Decimal(value)
    except InvalidOperation as error:
        raise Unfit('money is written "2.50"') from error
    if not amount.is_finite() or not 0 <= amount <= DEAREST:
        raise Unfit("money is at least 0 and at most a thousand million")
    return amount


def _number(value: object, units: Mapping[str, int], forms: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    form = FORM.fullmatch(value) if isinstance(value, str) else None
    if form is None or form[2] not in units:
        raise Unfit(f"write {forms}")
    return int(form[1]) * units[form[2]]
