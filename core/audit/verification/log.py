"""A log as its verifier reads it, wherever it stands: rows, tiles, checkpoints, payloads. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, final


class Stored(NamedTuple):
    """An Entry's row: its bytes, and the columns that are copies of what they say."""

    sequence: int
    ts_ms: int
    kind: str
    scope: str | None
    attempt: int | None
    slot: int | None
    body: bytes


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCheckpoint:
    """A checkpoint's row; `cosignatures` are witnesses' lines."""

    size: int
    root: bytes
    note: bytes
    cosignatures: tuple[bytes, ...] = ()


class Log(Protocol):
    """A log that stands still while it is read."""

    @property
    def origin(self) -> str:
        """The name under which it goes on."""
        ...

    @property
    def integrated(self) -> int:
        """How many Entries its tiles hold."""
        ...

    def entries(self, start: int = 0) -> Iterable[Stored]:
        """All Entries from a sequence number on."""
        ...

    def tile(self, level: int, index: int) -> bytes:
        """A stored tile, empty when there is none."""
        ...

    def checkpoints(self) -> Iterable[StoredCheckpoint]:
        """All checkpoints by size."""
        ...

    def payloads(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Stored bytes (nonce and ciphertext) of those payloads that are there."""
        ...
