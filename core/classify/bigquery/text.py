"""What a GoogleSQL text must be before any process sees it."""

from __future__ import annotations

from typing import Final

from core.model import STATEMENT_BYTES, Doubt, Unreadable

NUL: Final = Unreadable(doubt=Doubt.TEXT, sentence="The statement contains a NUL character; remove it.")
SURROGATE: Final = Unreadable(
    doubt=Doubt.TEXT, sentence="The statement contains half of a surrogate pair; send valid Unicode."
)
LARGE: Final = Unreadable(
    doubt=Doubt.LIMITS, sentence=f"The statement is longer than {STATEMENT_BYTES} bytes; ask for less at once."
)


def encode(text: str) -> bytes | Unreadable:
    """Give the UTF-8 bytes of a text within the caps."""
    if "\0" in text:
        return NUL
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:
        return SURROGATE
    return encoded if len(encoded) <= STATEMENT_BYTES else LARGE
