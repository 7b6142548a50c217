"""Columns opened to look-ups by token: which may be, and the token that a value has in them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Final

from core.catalog import Attribute, Oid, Snapshot
from core.masking import names
from core.masking.keys import token
from core.masking.masks import INT8, TEXT, UUID, VARCHAR, shape
from core.masking.spread import Spread

# Types whose values cannot be tried one by one. Never bool, dates, smaller integers: a day's budget finds their owners.
TYPES: Final = frozenset({TEXT, VARCHAR, UUID, INT8})
WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
HEADER: Final = 4  # VARHDRSZ: atttypmod of varchar(n) is n + 4
DIGITS: Final = 20  # of a text's token: 80 bits


def opened(
    snapshot: Snapshot, found: Spread, columns: frozenset[str]
) -> tuple[frozenset[tuple[Oid, int]], Mapping[Oid, str], str]:
    """Bind columns that an operator opened to look-ups: those that may be, tables that this closes, why it shuts all.

    A column needs a token mask, and a type of many values.
    """
    bound: set[tuple[Oid, int]] = set()
    closed: dict[Oid, str] = {}
    for name in sorted(columns):
        split = names.parts(name)
        relation = snapshot.find(split[0], split[1]) if split is not None and len(split) == len("stc") else None
        if relation is None or split is None:
            return frozenset(), {}, f"Look-ups are opened on {name}, which is not there; an operator corrects it."
        attribute = relation.column.get(split[2])
        tagged = None if attribute is None else found.tags.get(relation.oid, {}).get(attribute.number)
        if attribute is None or tagged is None or tagged.mask != "token":
            closed[relation.oid] = f"Look-ups are opened on {name}, which has no token mask; an operator corrects it."
        elif few(attribute, shape(attribute, snapshot.types).base):
            closed[relation.oid] = (
                f"Look-ups are opened on {name}, whose type has too few values; an operator closes it."
            )
        else:
            bound.add((relation.oid, attribute.number))
    return frozenset(bound), closed, ""


def few(attribute: Attribute, base: Oid) -> bool:
    """Whether a column's type has too few values, or cuts its tokens: then many values would share one."""
    short = base == VARCHAR and HEADER < attribute.modifier < HEADER + DIGITS
    return short or base not in TYPES


def sought(pads: tuple[bytes, bytes], value: str, base: Oid) -> str:
    """Make the token that a masked column shows for a value, as text for its type.

    Raises: ValueError for a text that is no value of the type.
    """
    if base == UUID:
        return str(token(pads, str(uuid.UUID(value)), base))
    if base == INT8:
        if WHOLE.fullmatch(value) is None:
            raise ValueError("not a whole number")
        return str(token(pads, str(int(value)), base))
    return str(token(pads, value, base))
