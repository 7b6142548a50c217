"""Masked subselects as text: mask keys as numbered parameters, and the model that each occurrence must equal.

Keys are never literals: a text reaches logs, plans and error messages. `core.masking.replacement` leaves placeholders
in what replaces a relation; here they become $n, after the Call's own parameters, per tag in byte order of its name,
inner pad then outer pad.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from core.classify.postgres.nouns import Model, Pad

KEY: Final = re.compile("\0([io])([^\0]*)\0")


def order(texts: Iterable[str]) -> tuple[Pad, ...]:
    """Give the mask keys that texts need, in the order in which they are bound."""
    tags = sorted({found[2] for text in texts for found in KEY.finditer(text)}, key=str.encode)
    return tuple(Pad(tag=tag, outer=outer) for tag in tags for outer in (False, True))


def numbered(text: str, pads: tuple[Pad, ...], above: int) -> str:
    """Write each key of a text as a parameter; `above` parameters come before."""
    numbers = {pad: above + place for place, pad in enumerate(pads, start=1)}
    return KEY.sub(lambda found: f"${numbers[Pad(tag=found[2], outer=found[1] == 'o')]}::pg_catalog.bytea", text)


def model(text: str) -> Model:
    """Make what the server is asked to analyse alone for a masked subquery in parentheses."""
    pads = order((text,))
    return Model(text=numbered(text.removeprefix("(").removesuffix(")"), pads, 0), pads=pads)
