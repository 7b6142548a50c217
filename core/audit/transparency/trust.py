"""Whose signatures count, and for which sizes of the log: what an auditor pins, apart from the log itself.

A trust file holds one key a line, `VKEY [FROM [TO]]`: it counts for checkpoints of FROM <= size < TO, without numbers
for all. Lines that begin with `#` are comments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from core.audit.transparency import checkpoint, note
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import COSIGNATURE, ED25519, BadNote, VerifierKey
from core.audit.transparency.origins import within

CLAIMED: Final = 3  # ids that a message names, of as many as a note may bear


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A log's key and the sizes of checkpoints that it may sign."""

    key: VerifierKey
    start: int = 0
    end: int | None = None

    def covers(self, size: int) -> bool:
        """Whether a checkpoint of this size is one of its own."""
        return self.start <= size and (self.end is None or size < self.end)


class OutOfRange(BadNote):
    """A pinned key signed a checkpoint of a size that is not its own; `keys`: their ids, where a pin says so."""

    def __init__(self, detail: str, keys: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.keys = tuple(keys)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Pinned keys of one log, under each of its names, and of witnesses."""

    pins: tuple[Pin, ...]
    witnesses: tuple[VerifierKey, ...] = ()

    @property
    def origins(self) -> frozenset[str]:
        """The names of the log that the pins are for."""
        return frozenset(pin.key.name for pin in self.pins)

    def first(self, origin: str) -> VerifierKey | None:
        """Return the first key of a name."""
        return next((pin.key for pin in self.pins if pin.key.name == origin), None)

    def read(self, raw: bytes) -> tuple[Checkpoint, frozenset[VerifierKey]]:
        """Read a checkpoint that this log signed; return who of all known keys did.

        Raises: OutOfRange for a key before or past its time (systemd-journal CVE-2023-31439: a seal that was not tied
        to its own key's epoch), BadNote.
        """
        said = checkpoint.read(raw)
        if said.origin not in self.origins:
            raise BadNote("another origin")
        keys = tuple(pin.key for pin in self.pins if pin.key.name == said.origin)
        parsed = note.parse(raw)
        signed = note.check(parsed, (*keys, *self.witnesses))
        late = [pin.key.id.hex() for pin in self.pins if pin.key in signed and not pin.covers(said.size)]
        if late:
            raise OutOfRange(f"signed by {', '.join(late)}, which is not for a log of {said.size}", late)
        if signed.isdisjoint(keys):
            raise BadNote(f"signed by no pinned key{_claimed(parsed, said.origin)}")
        return said, signed


def _claimed(parsed: note.Note, origin: str) -> str:
    """Word the ids of keys that a note says the log signed it by; none of them was checked."""
    ids = sorted({one.id.hex() for one in parsed.signatures if one.name == origin})
    return f" but, as it says itself, by {', '.join(f'{origin}+{each}' for each in ids[:CLAIMED])}" if ids else ""


def only(key: VerifierKey) -> Trust:
    """Trust one key, for every size."""
    return Trust(pins=(Pin(key=key),))


def pinned(text: str, witnesses: Sequence[str] = ()) -> Trust:
    """Read a trust file, or one key alone, and witnesses' keys.

    Raises: BadNote for what is no key of a log, or keys of several logs.
    """
    lines = [line.split() for line in text.split("\n") if line.strip() and not line.startswith("#")]
    pins = tuple(_pin(words) for words in lines)
    names = {pin.key.name for pin in pins}
    if not pins or not all(within(name, min(names, key=len)) for name in names):
        raise BadNote("not the keys of one log")
    known = tuple(note.verifier(one) for one in witnesses)
    if any(key.kind != COSIGNATURE for key in known):
        raise BadNote("not a witness's key")
    return Trust(pins=pins, witnesses=known)


def _pin(words: Sequence[str]) -> Pin:
    if len(words) > 3:  # noqa: PLR2004 - key, from, to
        raise BadNote("not a pinned key")
    key = note.verifier(words[0])
    if key.kind != ED25519:
        raise BadNote("not a log's key")
    start, end, *_ = (*(note.number(word) for word in words[1:]), None, None)
    return Pin(key=key, start=start or 0, end=end)
