"""What was read before, from the second time on: a pure function's answer for the very same bytes, in bounded memory.

Nothing of the database is remembered: the server analyses each text anew, and what it says is compared with every octet
of the dump that was read then; of a text that is fresh, with every octet but those of constants (`agreed`). Never by a
fingerprint of libpg_query's, which two texts with swapped aliases share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias, final

from core.catalog import Protection, Snapshot
from core.classify.postgres.agreed import Agreed, Likes
from core.classify.postgres.kept import Kept
from core.classify.postgres.nouns import Access, Like, Parsed, Witnessed
from core.classify.postgres.text.alike import Cut, Skeletons, alike, opened
from core.classify.postgres.text.parse import parse
from core.classify.postgres.weigh import weigh
from core.classify.postgres.witness import witness
from core.model import Parameters, Unreadable

Witness: TypeAlias = Callable[[Parsed, str, Snapshot, Protection], Witnessed | Unreadable]

# Octets of memory for one of a text, and of a dump (measured: 13.8 kB for a text of 88, 12 kB for a dump of 3.3 kB).
TEXT: Final = 160
DUMP: Final = 4
WEIGHT: Final = 1_000  # octets of memory for what is kept of one text's weight
MEMORY: Final = 8 << 20  # octets of memory for what is kept of texts, and as much for what is kept of dumps
ALIKE: Final = 4 << 20  # octets of memory for trees of dumps, and as much for texts that stand for their like


@final
class Memory:
    """The reading room for one Source, with a memory of its own."""

    def __init__(self, witness: Witness | None = None) -> None:
        """`witness`: another than the second witness itself."""
        self._likes: Final = Likes(Kept[Agreed](ALIKE))
        self._witness: Final = witness or self._read
        self._texts: Final = Kept[Parsed](MEMORY)
        self._skeletons: Final = Skeletons()
        self._alike: Final = Kept[Parsed](ALIKE)
        self._readings: Final = Kept[tuple[Parsed, Snapshot, Protection, Witnessed]](MEMORY)
        self._weights: Final = Kept[tuple[Snapshot, Unreadable | None]](MEMORY)
        self._ground: tuple[Snapshot, Protection] | None = None

    def parse(self, text: str, parameters: Parameters = ()) -> Parsed | Unreadable:
        """Read one statement's shape and scope: `text.parse`; values to be looked up are not kept."""
        key = (text, len(parameters), isinstance(parameters, Mapping))
        known = self._texts.get(key)
        if known is not None:
            return known
        part = None if isinstance(parameters, Mapping) else self._skeletons.of(text)
        like = None if part is None else self._alike.get((part.answer, part.rest, len(parameters)))
        if part is not None and like is not None:
            parsed: Parsed | Unreadable = alike(like, text, part.constants)
        else:
            parsed = parse(text, parameters)
            self._learn(parsed, part, len(parameters))
        if isinstance(parsed, Parsed) and parsed.looked is None:
            self._texts.keep(key, parsed, TEXT * len(text))
        return parsed

    def _learn(self, parsed: Parsed | Unreadable, part: Cut | None, parameters: int) -> None:
        """Keep what texts like this one are read as, once such a text came again and it is shown of each constant."""
        if part is None or isinstance(parsed, Unreadable):
            return
        key = (part.answer, part.rest, parameters)
        if self._alike.wanted(key) and opened(parsed, self._skeletons.spans(part.answer)) is not None:
            self._alike.put(key, replace(parsed, like=Like()), TEXT * len(parsed.text))

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

    def weigh(self, parsed: Parsed, snapshot: Snapshot) -> Unreadable | None:
        """Weigh a text: `core.classify.postgres.weigh`, which looks at the names in it alone."""
        known = None if parsed.like is None else self._weights.get(parsed.like)
        if known is not None and known[0] is snapshot:
            return known[1]
        found = weigh(parsed, snapshot)
        if parsed.like is not None:
            self._weights.keep(parsed.like, (snapshot, found), WEIGHT)
        return found

    def _read(self, parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
        return witness(parsed, dump, snapshot, protection, self._likes)

    def _stand(self, snapshot: Snapshot, protection: Protection) -> None:
        """Let go of what was read against an earlier load: it would not be believed, only kept."""
        ground = self._ground
        if ground is None or ground[0] is not snapshot or ground[1] is not protection:
            self._readings.clear()
            self._likes.clear()
            self._weights.clear()
            self._ground = (snapshot, protection)
