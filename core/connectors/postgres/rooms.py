"""What the connector takes from the reading room: the text's own shape, and the second witness."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from core.catalog import Protection, Snapshot
from core.classify import postgres
from core.classify.postgres import (
    Counting,
    Fallen,
    Lenders,
    Model,
    Parsed,
    Sampling,
    Tree,
    Witnessed,
)
from core.model import Parameters, Unreadable

LONG: Final = 4_096  # characters, of which each thousand takes up to 15 ms

Parse: TypeAlias = Callable[[str, Parameters], Parsed | Unreadable]
Weigh: TypeAlias = Callable[[Parsed, Snapshot], Unreadable | None]
Witness: TypeAlias = Callable[[Parsed, str, Snapshot, Protection], Witnessed | Unreadable]
Learn: TypeAlias = Callable[[str, Snapshot], Tree | Unreadable]
Vouch: TypeAlias = Callable[[Parsed, str, Snapshot, Protection, Lenders], Unreadable | None]
Extend: TypeAlias = Callable[[Witnessed, tuple[Fallen, ...], Snapshot, Protection], Witnessed | Unreadable]
Confirm: TypeAlias = Callable[[Witnessed, str, Mapping[Model, Tree], Snapshot, Protection], Witnessed | Unreadable]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Pure functions that judge a text; the connector itself judges none."""

    parse: Parse
    witness: Witness
    supported: Callable[[int], bool]
    weigh: Weigh = postgres.weigh
    learn: Learn = postgres.learn
    confirm: Confirm = postgres.confirm
    vouch: Vouch = postgres.vouch
    extend: Extend = postgres.extend
    told: Callable[[Parsed, Snapshot, Protection], Parsed] = postgres.told
    counting: Callable[[Parsed], Counting | None] = postgres.counting
    sampling: Callable[[Parsed, tuple[str, ...], frozenset[str]], Sampling | None] = postgres.sampling

    async def parsed(self, text: str, parameters: Parameters) -> Parsed | Unreadable:
        """Read a text's shape; a long one beside the event loop, which would stand still for up to a second."""
        if len(text) < LONG:
            return self.parse(text, parameters)
        return await asyncio.to_thread(self.parse, text, parameters)


def remembering() -> Rooms:
    """Give the rooms with a memory of their own: texts and dumps that come again, byte for byte, are not read again."""
    memory = postgres.Memory()
    return Rooms(parse=memory.parse, witness=memory.witness, weigh=memory.weigh, supported=postgres.supported)


ROOMS: Final = Rooms(parse=postgres.parse, witness=postgres.witness, supported=postgres.supported)
