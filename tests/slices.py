"""Which part of a long list the suite takes today: others each day, all of it where ASSENT_WHOLE is set."""

from __future__ import annotations

import datetime as dt
import os
import zlib
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import pytest

Item = TypeVar("Item")


NEWEST: Final = 18
OLDER: Final = (15, 16, 17)
ASKED: Final = frozenset({"version", "ground", "shop", "place", "there", "major"})  # parameters that name a server


def number() -> int:
    """Number the day, UTC."""
    return dt.datetime.now(dt.UTC).date().toordinal()


def whole() -> bool:
    """Whether nothing is to be left for another day: ASSENT_WHOLE=1 make test, and `make faults` says so itself."""
    return bool(os.environ.get("ASSENT_WHOLE"))


def versions() -> list[int]:
    """Take the newest server version and one of the older ones, where all of them would take too long."""
    return [*(OLDER if whole() else (OLDER[number() % len(OLDER)],)), NEWEST]


def version() -> int:
    """Take one server version, where one is enough for a day; the newest where nothing is left for another day."""
    every = (*OLDER, NEWEST)
    return NEWEST if whole() else every[number() % len(every)]


def postponed(item: pytest.Item) -> bool:
    """Whether a test asks a real server of an older version than today's."""
    if item.path.parent.name in {"unit", "property"}:
        return False
    parameters: dict[str, object] = item.callspec.params if hasattr(item, "callspec") else {}
    asked = {value for name, value in parameters.items() if name in ASKED and value in OLDER}
    return not asked <= set(versions())


def today(items: Iterable[Item], key: Callable[[Item], str], parts: int) -> list[Item]:
    """Take today's part of so many, by a digest of each item's key: a new item moves no other."""
    if whole():
        return list(items)
    day = number() % parts
    return [item for item in items if zlib.crc32(key(item).encode("utf-8", "surrogatepass")) % parts == day]
