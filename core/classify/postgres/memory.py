"""What was read before, from the second time on: a pure function's answer for the very same bytes, in bounded memory.

Nothing of the database is remembered: the server analyses each text anew, and what it says is compared with every octet
of the dump that was read then. Never by a fingerprint of libpg_query's, which two texts with swapped aliases share.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Final, Generic, TypeAlias, TypeVar, final

from core.catalog import Protection, Snapshot
from core.classify.postgres.nouns import Access, Parsed, Witnessed
from core.classify.postgres.text.parse import parse
from core.classify.postgres.witness import witness
from core.model import Parameters, Unreadable

Witness: TypeAlias = Callable[[Parsed, str, Snapshot, Protection], Witnessed | Unreadable]
Value = TypeVar("Value")

# Octets of memory for one of a text, and of a dump (measured: 13.8 kB for a text of 88, 12 kB for a dump of 3.3 kB).
TEXT: Final = 160
DUMP: Final = 4
MEMORY: Final = 8 << 20  # octets of memory for what is kept of texts, and as much for what is kept of dumps
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

    def keep(self, key: Hashable, value: Value, octets: int) -> None:
        """Keep an answer that was to be kept before; those used longest ago go."""
        if octets > self._largest:
            return
        with self._lock:
            if not self._again(hash(key)):
                return
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

    def clear(self) -> None:
        """Forget every answer."""
        with self._lock:
            self._left += sum(octets for _, octets in self._found.values())
            self._found.clear()


@final
class Memory:
    """The reading room for one Source, with a memory of its own."""

    def __init__(self, witness: Witness = witness) -> None:
        self._witness: Final = witness
        self._texts: Final = Kept[Parsed](MEMORY)
        self._readings: Final = Kept[tuple[Parsed, Snapshot, Protection, Witnessed]](MEMORY)
        self._ground: tuple[Snapshot, Protection] | None = None

    def parse(self, text: str, parameters: Parameters = ()) -> Parsed | Unreadable:
        """Read one statement's shape and scope: `text.parse`; values to be looked up are not kept."""
        key = (text, len(parameters), isinstance(parameters, Mapping))
        known = self._texts.get(key)
        if known is not None:
            return known
        parsed = parse(text, parameters)
        if isinstance(parsed, Parsed) and parsed.looked is None:
            self._texts.keep(key, parsed, TEXT * len(text))
        return parsed

    def witness(self, parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
        """Read the server's dump: `core.classify.postgres.witness`; a write is read anew each time.

        Role, search path and stamp are the Snapshot's, tags and masks the Protection's: all else is read anew.
        """
        if parsed.access is not Access.READ:
            return self._witness(parsed, dump, snapshot, protection)
        self._stand(snapshot, protection)
        key = (parsed.text, parsed.parameters, dump)
        known = self._readings.get(key)
        if known is not None and known[0] is parsed and known[1] is snapshot and known[2] is protection:
            return known[3]
        found = self._witness(parsed, dump, snapshot, protection)
        if isinstance(found, Witnessed):
            self._readings.keep(key, (parsed, snapshot, protection, found), DUMP * len(dump) + len(parsed.text))
        return found

    def _stand(self, snapshot: Snapshot, protection: Protection) -> None:
        """Let go of what was read against an earlier load: it would not be believed, only kept."""
        ground = self._ground
        if ground is None or ground[0] is not snapshot or ground[1] is not protection:
            self._readings.clear()
            self._ground = (snapshot, protection)
