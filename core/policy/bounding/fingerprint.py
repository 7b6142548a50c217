"""By what a grant knows a statement: a keyed MAC of its shape, and of each bound value that belongs to the shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from core.model import Fact, Form, Json, Likeness, Parameters, Reading, Scalar
from core.policy.digest import scalar
from core.ports import Macs

LABEL: Final = "grant"
# What a protected value decides is asked about each time: the answer to many such questions is the value.
NEVER: Final = frozenset(
    {
        Fact.PREDICATE_ON_PROTECTED, Fact.TELLS_OF_PROTECTED, Fact.ASSIGNS_PROTECTED, Fact.COPIES_PROTECTED,
        Fact.LOOKS_UP,
    }
)  # fmt: skip


def fingerprint(macs: Macs, source: str, reading: Reading, parameters: Parameters) -> str | None:
    """Return what two statements of one shape at one Source have in common, 64 hex digits; None: no grant holds for it.

    Statements of one fingerprint differ only in values compared for equality with a column at the top of their
    condition; such a value may match many rows: whoever grants must cap rows. Caller, agent, role: not in it.
    """
    alike = reading.likeness
    barred = reading.facts & NEVER or reading.unmasked or reading.aggregated or reading.form is not Form.ROWS
    if alike is None or not reading.witnessed or barred or isinstance(parameters, Mapping):
        return None
    words: dict[str, Json] = {
        "dialect": reading.dialect.value,
        "source": source,
        "shape": alike.shape,
        "values": [[number, *scalar(parameters[number - 1])] for number in alike.values],
        "opened": _opened(alike, parameters),
    }
    content = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return macs.mac(LABEL, content.encode("utf-8", "surrogatepass"))


def _opened(alike: Likeness, parameters: tuple[Scalar, ...]) -> list[Json]:
    """Name the type of each place that stands open; where bound values of several types meet, they count themselves."""
    found: list[Json] = []
    for place in alike.opened:
        bound = [scalar(parameters[number - 1]) for number in place if isinstance(number, int)]
        types = {name for name in place if isinstance(name, str)} | {name for name, _ in bound}
        found.append(next(iter(types)) if len(types) == 1 else [list(value) for value in bound])
    return found
