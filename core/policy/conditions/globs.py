"""Patterns for qualified names and tags: `*` stands for any run of characters, everything else for itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

WILDCARD: Final = "*"
# Wildcards of other pattern languages: as literals they would make a refusing rule that never matches.
FOREIGN: Final = frozenset("?[]{}\\")


def matches(pattern: str, name: str) -> bool:
    """Tell whether the whole name fits; case counts; linear in the name for each `*`, so no pattern explodes."""
    head, *pieces = pattern.split(WILDCARD)
    if not pieces:
        return pattern == name
    if not name.startswith(head):
        return False
    tail = pieces.pop()
    place, end = len(head), len(name) - len(tail)
    if end < place or not name.endswith(tail):
        return False
    for piece in pieces:
        found = name.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def fits(patterns: Iterable[str], name: str) -> bool:
    """Tell whether any of the patterns matches."""
    return any(matches(pattern, name) for pattern in patterns)


def meets(pattern: str, wild: str) -> bool:
    """Tell whether a pattern may fit a name that begins as a wildcard, `events_*`, says; in doubt it may."""
    start, head = wild.removesuffix(WILDCARD), pattern.split(WILDCARD, maxsplit=1)[0]
    return head.startswith(start) or (WILDCARD in pattern and start.startswith(head))


def literal(pattern: str) -> bool:
    """Tell whether a pattern names exactly one thing."""
    return WILDCARD not in pattern
