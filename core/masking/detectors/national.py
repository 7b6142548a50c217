"""National ids: how each is written, its check, and where that is said; found by the shape of what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import Final

from core.masking.detectors.registry import REGISTRY, National
from core.masking.detectors.search import Hit, Search, nearby

GROUP: Final = re.compile(r"[0-9A-Za-z]+")
DIGIT: Final = re.compile(r"[0-9]")
SHAPE: Final = str.maketrans(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "9" * 10 + "A" * 52
)  # a digit, a letter
BETWEEN: Final = frozenset(" .-/")
LONGEST: Final = 20  # characters of one group: what is longer is no id
LEAD: Final = 3  # letters before the first digit, where a blank may follow them: "AB 12 34 56 C"
EFFORT: Final = 4  # of looking a shape up
CHECKED: Final = 40  # … and of one check


def national(text: str, search: Search) -> Iterator[Hit]:
    """Find national ids: a form of the registry, its check, and where the form alone is too common, its name before."""
    if not DIGIT.search(text):
        return
    groups = [match.span() for match in GROUP.finditer(text)]
    shapes = [text[start:end].translate(SHAPE) if end - start <= LONGEST else "" for start, end in groups]
    for first, shape in enumerate(shapes):
        if "9" not in shape and (not shape or len(shape) > LEAD):
            continue
        if search.spent():
            return
        found = _longest(text, groups, shapes, first, search)
        if found is not None:
            yield found


def _longest(text: str, groups: list[tuple[int, int]], shapes: list[str], first: int, search: Search) -> Hit | None:
    """Read on from one group while some form begins like it."""
    start, shape, found = groups[first][0], "", None
    for at in range(first, len(groups)):
        if at > first:
            gap = text[groups[at - 1][1] : groups[at][0]]
            if gap not in BETWEEN:
                break
            shape += gap
        shape += shapes[at]
        if shape not in BEGINNINGS or not search.spend(EFFORT):
            break
        end = groups[at][1]
        for row, alone in FORMS.get(shape, ()):
            if _whole(text, start, end) and _holds(text, start, end, row, alone, search):
                found = Hit(f"national id ({row.country} {row.name})", start, end)
                break
    return found


def _holds(text: str, start: int, end: int, row: National, alone: bool, search: Search) -> bool:  # noqa: FBT001
    if not search.spend(CHECKED):
        return False
    code = re.sub(r"[ ./-]", "", text[start:end]).upper()
    return row.check(code) and (alone or _named(row.words).search(nearby(text, start)) is not None)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether it is not a part of something longer that hangs together by a mark."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return not (
        (len(before) > 1 and before[1] in "./-_" and before[0].isalnum())
        or (len(after) > 1 and after[0] in "./-_" and after[1].isalnum())
    )


@cache
def _named(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")


def _forms() -> Mapping[str, tuple[tuple[National, bool], ...]]:
    """Written form -> who writes so, and whether that form counts without a name before it."""
    found: dict[str, list[tuple[National, bool]]] = {}
    for row in REGISTRY:
        for form, alone in (*((one, True) for one in row.alone), *((one, False) for one in row.named)):
            for shape in map("".join, product(*("9A" if one == "x" else one for one in form))):
                found.setdefault(shape, []).append((row, alone))
    return MappingProxyType({form: tuple(sorted(rows, key=lambda one: not one[1])) for form, rows in found.items()})


FORMS: Final = _forms()
BEGINNINGS: Final = frozenset(
    form[:at] for form in FORMS for at in range(1, len(form) + 1) if at == len(form) or form[at] in BETWEEN
)
