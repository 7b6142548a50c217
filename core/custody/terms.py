"""How long words and results are kept, by Source: in days, where 0 is for ever. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.ports import KeyKind, LiveKey

FOR_EVER: Final = 0
AGED: Final = (KeyKind.SESSION, KeyKind.CALL)  # kinds of data keys that go by age


def named(purpose: str, source: str) -> str:
    """Name the term of one purpose at one Source; of all Sources where none is named."""
    return f"{purpose} {source}".strip()


def term(terms: Mapping[str, int], name: str) -> int:
    """Return the days of a term: its own, or those of its purpose at every Source."""
    return terms.get(name, terms.get(name.partition(" ")[0], FOR_EVER))


def longer(configured: Mapping[str, int], held: Mapping[str, int] | None) -> Mapping[str, int]:
    """Give of each term the longer: a configuration alone shortens nothing that is in force."""
    if held is None:
        return dict(configured)
    names = {*configured, *held}
    pairs = {name: (term(configured, name), term(held, name)) for name in names}
    return {name: FOR_EVER if FOR_EVER in pair else max(pair) for name, pair in pairs.items()}


def aged(key: LiveKey, terms: Mapping[str, int], today: int) -> bool:
    """Say whether everything under a key is as old as its term: counted from the end of the key's day."""
    days = term(terms, named(key.scope.purpose, key.scope.source))
    return key.scope.kind in AGED and days != FOR_EVER and today > key.scope.day + days
