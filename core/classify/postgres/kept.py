"""Answers that are kept from the second time on that they are wanted, in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Final, Generic, TypeVar, final

Value = TypeVar("Value")

LARGEST: Final = 8  # of a part's octets that one entry may take: one eighth
ONCE: Final = 1_024  # keys that came once and are remembered as such


@final
class Kept(Generic[Value]):
    """The answers used last, until their octets are too many; what agents write comes but once, and takes no room."""

    def __init__(self, octets: int) -> None:
        self._left = octets
        self._once: Final[OrderedDict[int, None]] = OrderedDict()
        self._largest: Final = octets // LARGEST
        self._found: Final[OrderedDict[Hashable, tuple[Value, int]]] = OrderedDict()
        self._lock: Final = Lock()  # long dumps are read in threads

    def get(self, key: Hashable) -> Value | None:
        """Give what was kept."""
        with self._lock:
            found = self._found.get(key)
            if found is None:
                return None
            self._found.move_to_end(key)
            return found[0]

    def wanted(self, key: Hashable) -> bool:
        """Say that there is an answer, and whether to keep it: it was said before."""
        with self._lock:
            return self._again(hash(key))

    def keep(self, key: Hashable, value: Value, octets: int) -> None:
        """Keep an answer that is wanted."""
        if octets <= self._largest and self.wanted(key):
            self.put(key, value, octets)

    def put(self, key: Hashable, value: Value, octets: int) -> None:
        """Keep an answer; those used longest ago go."""
        if octets > self._largest:
            return
        with self._lock:
            self._left += self._found.pop(key, (value, 0))[1] - octets
            self._found[key] = (value, octets)
            while self._left < 0:
                _, (_, freed) = self._found.popitem(last=False)
                self._left += freed

    def _again(self, key: int) -> bool:
        """Whether a key came before; a number that two keys share keeps one of them early."""
        if key in self._once:
            del self._once[key]
            return True
        self._once[key] = None
        if len(self._once) > ONCE:
            self._once.popitem(last=False)
        return False

    def forget(self, key: Hashable) -> None:
        """Forget one answer."""
        with self._lock:
            if (found := self._found.pop(key, None)) is not None:
                self._left += found[1]

    def clear(self) -> None:
        """Forget every answer."""
        with self._lock:
            self._left += sum(octets for _, octets in self._found.values())
            self._found.clear()
