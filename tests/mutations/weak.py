"""Weak verifiers: each lacks one check, and the kind named beside it must then be taken, or it proves nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson

from core.audit import body
from core.audit.body import conform, parse
from core.audit.transparency import checkpoint, note, proofs, trust
from core.audit.transparency.note import Note, VerifierKey
from core.audit.verification import look, verify, verify_proof
from core.audit.verification.keys import Announced
from core.audit.verification.log import Stored

Put = tuple[object, str, Callable[..., Any]]  # where, which name, what instead


@dataclass(frozen=True)
class Weak:
    """What is put in the place of a check, and the kind that shows it."""

    kind: str
    puts: tuple[Put, ...]

    @contextmanager
    def put(self) -> Iterator[None]:
        """Weaken, and mend."""
        kept = [(place, name, getattr(place, name)) for place, name, _ in self.puts]
        for place, name, what in self.puts:
            setattr(place, name, what)
        try:
            yield
        finally:
            for place, name, what in kept:
                setattr(place, name, what)


def lax(text: str) -> bytes:
    """Decode base64 in every spelling."""
    return base64.b64decode(text)


def shorter(index: int, size: int, hashed: bytes, path: Sequence[bytes]) -> bytes:
    """Take from a path what is needed and leave the rest."""
    for many in range(len(path) + 1):
        try:
            return _climb(index, size, hashed, path[:many])
        except ValueError:
            continue
    raise ValueError("too short")


_climb = proofs.inclusion_root


def skipping(of: Note, keys: Sequence[VerifierKey]) -> frozenset[VerifierKey]:
    """Pass over a known key's signature that fails."""
    good = set[VerifierKey]()
    for one in of.signatures:
        alone = Note(text=of.text, signatures=(one,))
        try:
            good |= _check(alone, keys)
        except note.BadNote:
            continue
    return frozenset(good)


_check = note.check


def anywhere(raw: bytes, key: VerifierKey, witnesses: Sequence[VerifierKey] = ()) -> checkpoint.Checkpoint:
    """Take a checkpoint of any log that this key signed."""
    said = checkpoint.read(raw)
    if key not in note.check(note.parse(raw), (key, *witnesses)):
        raise note.BadNote("not signed by this key")
    return said


def nothing(*_: object) -> Iterator[Any]:
    """Find nothing."""
    yield from ()


def last_wins(raw: bytes) -> body.Body:
    """Let the last of two keys count."""
    said: body.Body = orjson.loads(raw)
    return said


def always(*_: object) -> bool:
    """Say yes."""
    return True


def columnless(self: verify._Run, seen: verify.Seen, *rest: Any) -> Iterator[tuple[str, str]]:
    """Believe a row's columns."""
    row, leaf, sound = seen
    try:
        said = parse(row.body)
        copied = (said["ts"], said["kind"], conform(said), said.get("attempt"), said.get("slot"))
    except ValueError:
        copied = row[1:6]
    yield from _entry(self, (Stored._make((row.sequence, *copied, row.body)), leaf, sound), *rest)


_entry = verify._Run._entry


def void(*_: object) -> None:
    """Refuse nothing."""


def ended(self: verify._Run) -> Iterator[verify.Finding]:
    """Look at no copy that was kept elsewhere."""
    self._copies.clear()
    yield from _end(self)


_end = verify._Run._end


def unlooked(self: verify._Run) -> Iterator[verify.Finding]:
    """Reach a size without its copies."""
    self._copies.clear()
    yield from _reached(self)


_reached = verify._Run._reached

_Run = verify._Run
WEAK: Final[dict[str, Weak]] = {
    "base64_in_every_spelling": Weak("proof.spellings", ((note, "unbase64", lax),)),
    "numbers_as_int_takes_them": Weak("proof.spellings", ((note, "number", int),)),
    "paths_of_any_length": Weak("proof.paths", ((checkpoint, "inclusion_root", shorter),)),
    "checkpoints_of_any_log": Weak("proof.keys", ((checkpoint, "trusted", anywhere),)),
    "failing_signatures_passed_over": Weak("proof.keys", ((note, "check", skipping),)),
    "alone_base64_in_every_spelling": Weak("proof.spellings", ((verify_proof, "unbase64", lax),)),
    "alone_numbers_as_int_takes_them": Weak("proof.spellings", ((verify_proof, "number", int),)),
    "alone_any_signature": Weak("proof.bits", ((verify_proof, "signed", always),)),
    "consistency_unchecked": Weak("proof.consistency", ((proofs, "_leads", always),)),
    "keys_for_ever": Weak("log.retired", ((trust.Pin, "covers", always), (Announced, "check", void))),
    "no_copies": Weak("log.resigned_now", ((_Run, "_end", ended), (_Run, "_reached", unlooked))),
    "keys_that_stand_twice": Weak("log.two_stories", ((look, "parse", last_wins),)),
    "payloads_unchecked": Weak("log.payload", ((_Run, "_payloads", nothing),)),
    "checkpoints_unchecked": Weak(
        "log.checkpoint_bytes", ((_Run, "_checkpoint", nothing), (_Run, "_unsigned", nothing))
    ),
    "unsigned_logs": Weak("log.unsigned", ((_Run, "_unsigned", nothing),)),
    "tiles_unchecked": Weak("log.tile", ((_Run, "_tile", nothing),)),
    "columns_unchecked": Weak("log.column", ((_Run, "_entry", columnless),)),
}
