"""Payloads that are gone: lawfully where an Entry says that their data key ended, a finding where none does. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from core.audit.body import Body
from core.model import EntryKind


@final
class Erased:
    """Gathers what is missing by its data key, and the keys that Entries say were shredded."""

    def __init__(self) -> None:
        self._missing: dict[int, tuple[int, str]] = {}  # data key -> first Entry and payload
        self._shredded: set[int] = set()

    def take(self, body: Body) -> None:
        """Read one Entry."""
        if body["kind"] == EntryKind.SHRED:
            named = body["deks"]
            self._shredded.update(one for one in named if type(one) is int) if isinstance(named, list) else None

    def missing(self, sequence: int, named: Body) -> bool:
        """Note a payload that is gone; False when no key's end could ever excuse it."""
        key = named.get("dek")
        if type(key) is not int:
            return False
        self._missing.setdefault(key, (sequence, str(named.get("id"))))
        return True

    @property
    def open(self) -> bool:
        """Something is missing and not excused yet."""
        return not self._missing.keys() <= self._shredded

    def left(self) -> Iterator[tuple[int, str]]:
        """Give what nothing excuses: of each data key the first Entry that names a missing payload."""
        for key, first in self._missing.items():
            if key not in self._shredded:
                yield first
