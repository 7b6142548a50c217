"""Masked text that would be written back over what it masks: recognised by its form, and refused.

What can be told for sure is the form of two masks: `***`, alone or before four characters, and the twenty hexadecimal
digits of a token. Masks that look like values (a year, a bucket, a network, a number's or uuid's token, NULL) cannot be
told from values: those people must see on the card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from core.classify.postgres.tree.constants import Constant
from core.classify.postgres.tree.read import Tree
from core.model import Doubt, Parameters, Unreadable

STARS: Final = re.compile(r"\*{3}.{0,4}", re.DOTALL)
TOKEN: Final = re.compile(r"[0-9a-f]{20}", re.ASCII)
TOKENS: Final = frozenset({"token"})
HEADER: Final = 4  # octets before the text of a variable-length value
ECHO: Final = (
    "This would write a mask over the value that it stands for; leave the column out, or write the value itself."
)


def echoed(masks: frozenset[str], values: Iterable[object]) -> Unreadable | None:
    """Refuse values in the form of a mask, where columns under these kinds of mask are written; None: there is none."""
    forms = (*((STARS,) if masks else ()), *((TOKEN,) if masks & TOKENS else ()))
    texts = (value.strip() for value in values if isinstance(value, str))
    if any(form.fullmatch(text) for text in texts for form in forms):
        return Unreadable(doubt=Doubt.PROTECTED, sentence=ECHO)
    return None


def given(parameters: Parameters) -> tuple[object, ...]:
    """Give the values that a Call binds."""
    return tuple(parameters.values()) if isinstance(parameters, Mapping) else tuple(parameters)


def texts(trees: Iterable[Tree]) -> Iterable[str]:
    """Yield the constants of a statement that may be text."""
    waiting = list(trees)
    while waiting:
        node = waiting.pop()
        waiting.extend(below for _, below in node.below())
        value = node.fields.get("constvalue") if node.name == "CONST" else None
        if isinstance(value, Constant) and node.number("constlen") == -1:
            octets = bytes(octet & 0xFF for octet in value.octets())
            yield octets[HEADER:].decode("utf-8", "replace")
