"""A permit is changed after it was made."""

from core.model import Permit


def widen(permit: Permit) -> None:
    permit.text = "DROP TABLE customers"
