"""What leaves the store of a checkpoint, and where it was taken. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import orjson


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The last checkpoint: when it was signed, or said to stand still, and what witnesses signed of it."""

    size: int
    at_ms: int
    note: bytes
    lines: tuple[str, ...] = ()

    @property
    def whole(self) -> bytes:
        """The note with the witnesses' lines."""
        return self.note + "".join(self.lines).encode()

    @property
    def content(self) -> bytes:
        """As an anchor keeps it: `assent audit verify --copy` takes a file of such lines."""
        return orjson.dumps({"at": self.at_ms, "size": self.size, "checkpoint": self.whole.decode()})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What a place took last (ms, 0: never), and what keeps it ("": nothing)."""

    name: str
    size: int
    at_ms: int
    trouble: str
