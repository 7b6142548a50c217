"""Check digits, each by its standard: pure functions of a compact code, upper case, whose form is known already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

# Dihedral group D5 (J. Verhoeff, "Error Detecting Decimal Codes", 1969): multiplication and permutation.
MULTIPLY: Final = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
PERMUTE: Final = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def luhn(digits: str) -> bool:
    """Check the last digit by ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)  # noqa: PLR2004 - the sum of a product's digits
    return total % 10 == 0


def mod97(code: str) -> bool:
    """Check an IBAN's two check digits by ISO/IEC 7064 MOD 97-10."""
    moved = code[4:] + code[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def mod11_10(digits: str) -> bool:
    """Check the last digit by ISO/IEC 7064 MOD 11,10."""
    product = 10
    for digit in digits[:-1]:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return (11 - product) % 10 == int(digits[-1])


def verhoeff(digits: str) -> bool:
    """Check the last digit by Verhoeff's method."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = int(MULTIPLY[check][int(PERMUTE[place % 8][int(digit)])])
    return check == 0


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Sum the products of leading digits and weights."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def born(digits: str, *, order: str = "ymd", century: int | None = None) -> bool:
    """Whether six digits are a date of any century (or of the one given), by the places of year, month and day."""
    part = {name: int(digits[2 * at : 2 * at + 2]) for at, name in enumerate(order)}
    return any(
        _exists(year + part["y"], part["m"], part["d"]) for year in ((century,) if century else (1800, 1900, 2000))
    )


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def varied(digits: str) -> bool:
    """Whether they are not all the same: such fillers pass most checks."""
    return len(set(digits)) > 1
