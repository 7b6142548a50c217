"""Signing keys as the log itself tells of them: each after the first is announced, one that is revoked ends. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, final

from core.audit.body import Body
from core.audit.transparency.note import ED25519, VerifierKey
from core.audit.transparency.trust import OutOfRange
from core.model import Entry, EntryKind, Json

SIGNING: Final = "signing"


def key_rotate(old: VerifierKey, new: VerifierKey, *, size: int) -> Entry:
    """Announce the key that signs checkpoints from a size on."""
    body: dict[str, Json] = {
        "purpose": SIGNING,
        "old_id": old.id.hex(),
        "new_id": new.id.hex(),
        "new_vkey": str(new),
        "from_size": size,
    }
    return Entry(kind=EntryKind.KEY_ROTATE, body=body)


def key_revoke(key: VerifierKey, *, size: int, reason: str) -> Entry:
    """Say that a key signs no checkpoint of this size or above: its overlap is over, or it is no longer secret."""
    body: dict[str, Json] = {"purpose": SIGNING, "id": key.id.hex(), "to_size": size, "reason": reason}
    return Entry(kind=EntryKind.KEY_REVOKE, body=body)


@final
@dataclass(frozen=True, slots=True)
class _Told:
    """A key that the log announced."""

    sequence: int
    vkey: str
    start: int


@final
@dataclass(frozen=True, slots=True)
class _Late:
    """A checkpoint that a pinned key signed out of its range."""

    size: int
    keys: tuple[str, ...]
    detail: str


@final
class Announced:
    """Reads Entries in order; `check` holds the signers of a checkpoint to what was said of them."""

    def __init__(self, *, whole: bool = True) -> None:
        """Begin; not `whole`: what was announced before the first Entry read is not known, and not judged."""
        self._whole = whole
        self._told: list[_Told] = []
        self._ends: dict[str, int] = {}  # key id -> first size that it does not sign
        self._said: dict[str, int] = {}  # key id -> the Entry that says so first
        self._late: list[_Late] = []

    def take(self, sequence: int, body: Body) -> Iterator[tuple[str, str]]:
        """Take what an Entry says of a signing key."""
        if body["kind"] == EntryKind.KEY_ROTATE and body["purpose"] == SIGNING:
            vkey, start = body.get("new_vkey"), body.get("from_size")
            if isinstance(vkey, str) and isinstance(start, int):
                self._told.append(_Told(sequence, vkey, start))
            else:
                yield "body", "a key was announced without its bytes or its beginning"
        elif body["kind"] == EntryKind.KEY_REVOKE and body["purpose"] == SIGNING:
            end = body.get("to_size")
            if isinstance(end, int):
                self._ends[str(body["id"])] = min(end, self._ends.get(str(body["id"]), end))
                self._said.setdefault(str(body["id"]), sequence)
            else:
                yield "body", "a key was revoked without its end"

    def check(self, size: int, signers: frozenset[VerifierKey], first: VerifierKey | None) -> None:
        """Check that keys sign what is theirs.

        Raises: OutOfRange.
        """
        for key in signers:
            if key.kind != ED25519 or not self._whole:
                continue
            if size >= self._ends.get(key.id.hex(), size + 1):
                raise OutOfRange(f"signed by {key.id.hex()}, which was revoked from {self._ends[key.id.hex()]} on")
            told = any(one.vkey == str(key) and one.start <= size and one.sequence < size for one in self._told)
            if key != first and not told:
                raise OutOfRange(f"signed by {key.id.hex()}, which the log does not announce before")

    def late(self, size: int, keys: Sequence[str], detail: str) -> None:
        """Set a checkpoint aside that a pinned key signed past its range: it vouches for nothing."""
        self._late.append(_Late(size, tuple(keys), detail))

    def left(self, signed: int) -> Iterator[str]:
        """Tell those that nothing explains; `signed`: how far a key in its range vouches.

        A key that was lost ends where a witness saw the log last, but signed on until operators knew. What it signed
        between is no finding where the log says both, and the key in its place signed further.
        """
        for one in self._late:
            revoked = all(self._ends.get(key, one.size + 1) <= one.size <= self._said[key] for key in one.keys)
            if not one.keys or not revoked or signed <= one.size:
                yield one.detail

    def hint(self) -> str:
        """Name the key that the log announced last, for an auditor who does not pin it."""
        if not self._told:
            return ""
        last = self._told[-1]
        return f"; Entry {last.sequence} announces {last.vkey} from {last.start} on: pin it if its owner confirms it"
