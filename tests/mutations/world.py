"""What is altered: a log with every witness that an auditor may have, its proofs, and the same judgement of each."""

from __future__ import annotations

import base64
import binascii
import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final, Protocol, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.entry import policy_change, session_open
from core.audit.transparency import checkpoint, note, proofs
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import COSIGNATURE, VerifierKey
from core.audit.transparency.tree import Edge, edge_root, grow, leaf
from core.audit.transparency.trust import Pin, Trust
from core.audit.verification import verify_proof
from core.audit.verification.keys import key_revoke, key_rotate
from core.audit.verification.log import StoredCheckpoint
from core.audit.verification.manifest import Growing, manifest
from core.audit.verification.verify import Asked
from core.model import EntryKind, Json, Outcome
from tests import entries
from tests.doubles import ORIGIN, ManualClock
from tests.logs import KEY, MemoryLog, report

NEXT: Final = Ed25519PrivateKey.from_private_bytes(b"n" * 32)
STRANGER: Final = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
WITNESS: Final = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESSED: Final = VerifierKey(name="witness.example/w1", kind=COSIGNATURE, key=WITNESS.public_key().public_bytes_raw())
KNOWN: Final = (note.public(ORIGIN, KEY), note.public(ORIGIN, NEXT), WITNESSED)
CALLS: Final = 8  # between two checkpoints
CHECKPOINTS: Final = 4
RETIRED: Final = 2  # the checkpoint from which on the first key signs no more


class Said(Enum):
    """What became of one alteration."""

    FOUND = "found"
    SAME = "says the same"
    MISSED = "MISSED"


@dataclass(frozen=True)
class Proof:
    """A proof as an auditor holds it: an Entry's bytes and the file beside it."""

    entry: bytes
    raw: bytes


class Judged(Protocol):
    """Files of a store, for kinds that alter files."""

    @property
    def evidence(self) -> tuple[Path, ...]:
        """What holds evidence."""
        ...

    def judged(self) -> Said:
        """Verify them as they stand."""
        ...


@dataclass
class World:
    """A log under two keys in turn, cosigned by a witness whose copies were kept, with proofs of its Entries."""

    log: MemoryLog
    trust: Trust
    copies: tuple[bytes, ...]
    proofs: list[Proof] = field(default_factory=list)
    files: Judged | None = None  # a real store's files
    signers: dict[int, tuple[Ed25519PrivateKey, ...]] = field(default_factory=dict)  # size -> who signed then

    @property
    def sizes(self) -> list[int]:
        """Of its checkpoints."""
        return [one.size for one in self.log.notes]

    @property
    def asked(self) -> Asked:
        """What an auditor asks who kept what a witness signed."""
        return Asked(trust=self.trust, copies=self.copies)

    def altered(self) -> MemoryLog:
        """A log of one's own to alter."""
        made = copy.copy(self.log)
        made.rows, made.notes = list(made.rows), list(made.notes)
        made.tiles, made.held = dict(made.tiles), dict(made.held)
        return made

    def judged(self, log: MemoryLog, *, copies: bool = True) -> Said:
        """Verify an altered log; one that says the same as before needs no finding."""
        asked = self.asked if copies else replace(self.asked, copies=())
        if report(log, asked).findings:
            return Said.FOUND
        told = len(log.notes) == len(self.log.notes) and all(map(_told, self.log.notes, log.notes))
        return Said.SAME if told and _view(log) == _view(self.log) else Said.MISSED

    def proven(self, proof: Proof, entry: bytes, raw: bytes) -> Said:
        """Check an altered proof with the gateway's verifier and with the stand-alone one: neither may take it."""
        if not (_taken(self, entry, raw) or _taken_alone(self, entry, raw)):
            return Said.FOUND
        return Said.SAME if entry == proof.entry and same(proof.raw, raw) else Said.MISSED


Kind: TypeAlias = Callable[[Random, World], Said]


def _view(log: MemoryLog) -> tuple[object, ...]:
    return log.rows, log.held, log.origin, log.integrated, log.tiles


def _taken(world: World, entry: bytes, raw: bytes) -> bool:
    try:
        checkpoint.prove(entry, raw, world.trust.pins[-1].key, world.trust.witnesses)
    except ValueError:
        return False
    return True


def _taken_alone(world: World, entry: bytes, raw: bytes) -> bool:
    try:
        verify_proof.prove(str(world.trust.pins[-1].key), entry, raw, [str(one) for one in world.trust.witnesses])
    except (verify_proof.Bad, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    return True


def _told(old: StoredCheckpoint, new: StoredCheckpoint) -> bool:
    return (old.size, old.root) == (new.size, new.root) and same(old.note, new.note)


def same(old: bytes, new: bytes) -> bool:
    """Whether a proof says the same: its text, byte for byte, and of each known key only what was there."""
    (before, known), (after, lines) = _parted(old), _parted(new)
    return before == after and all(line in known for line in lines if _known(line))


def _parted(raw: bytes) -> tuple[bytes, list[bytes]]:
    lines = raw.split(b"\n")
    at = next((number for number, line in enumerate(lines) if line.startswith("— ".encode())), len(lines))
    return b"\n".join(lines[:at]), lines[at:]


def _known(line: bytes) -> bool:
    """Whether a line is one of a key that is pinned, however it is spelled: its name and its id."""
    said, _, encoded = line.rpartition(b" ")
    try:
        raw = base64.b64decode(encoded + b"===")
    except (binascii.Error, ValueError):
        return False
    return any((said.split()[-1:], raw[:4]) == ([one.name.encode()], one.id) for one in KNOWN)


# ---------------------------------------------------------------- how it is made


def made(calls: int = CALLS) -> World:
    """Make one, with so many reads in each Session, payloads, a Review, a key that follows another, cosignatures."""
    log, first, second = MemoryLog(), note.public(ORIGIN, KEY), note.public(ORIGIN, NEXT)
    world = World(log=log, trust=Trust(pins=(Pin(key=first),)), copies=())
    log.append([(policy_change("p1", at="start"),)])
    for number in range(CHECKPOINTS):
        _session(log, f"ses_{number}", calls)
        if number == RETIRED - 1:
            log.append([(key_rotate(first, second, size=log.edge.size + 1),)])
        keys = (KEY,) if number < RETIRED else (NEXT,)
        if number == RETIRED:
            log.append([(key_revoke(first, size=log.edge.size + 1, reason="overlap"),)])
        sign(world, keys)
    end = world.sizes[RETIRED]
    pins = (Pin(key=first, end=end), Pin(key=second, start=end))
    world.trust = Trust(pins=pins, witnesses=(WITNESSED,))
    world.copies = tuple(one.note + b"".join(one.cosignatures) for one in log.notes)
    last = log.notes[-1]
    world.proofs = [
        Proof(
            row.body,
            checkpoint.proof(
                row.sequence,
                proofs.inclusion(log.tile, row.sequence, last.size),
                last.note + b"".join(last.cosignatures),
            ),
        )
        for row in log.rows[:: max(1, len(log.rows) // 40)]
    ]
    return world


def sign(world: World, keys: Sequence[Ed25519PrivateKey]) -> None:
    """Sign what is there, and have it witnessed."""
    log = world.log
    raw = log.sign(*keys)
    world.signers[log.edge.size] = tuple(keys)
    log.notes[-1] = replace(log.notes[-1], cosignatures=(cosigned(raw),))


def cosigned(raw: bytes) -> bytes:
    """Return a witness's line."""
    text = note.parse(raw).text
    stamp = (1_790_000_000).to_bytes(8, "big")
    signature = WITNESS.sign(b"cosignature/v1\ntime 1790000000\n" + text.encode())
    return note.line(WITNESSED.name, WITNESSED.id + stamp + signature).encode()


def resigned(log: MemoryLog, *, sizes: dict[int, tuple[Ed25519PrivateKey, ...]]) -> None:
    """Make tiles and checkpoints anew over the rows as they are, as who holds these keys can."""
    bodies = [row.body for row in log.rows]
    log.notes = []
    for size in sorted(size for size in sizes if size <= len(bodies)):
        edge, _ = grow(Edge(), map(leaf, bodies[:size]))
        said = Checkpoint(origin=log.origin, size=size, root=edge_root(edge))
        log.notes.append(StoredCheckpoint(size=size, root=said.root, note=checkpoint.signed(said, *sizes[size])))
    log.edge, log.tiles = grow(Edge(), map(leaf, bodies))
    log.integrated = log.edge.size


def _session(log: MemoryLog, session: str, calls: int) -> None:
    """Append a Session: reads with payloads, a change that was asked, approved and committed, the manifest."""
    began = len(log.rows)
    log.append([(session_open(session, {"ps": "u1"}, person="person-ann"),)])
    for number in range(calls):
        call = entries.call_id()
        name, content = f"pay_{session}_{number}", sha256(f"{session} {number}".encode()).digest() * 2
        log.held[name] = content
        said: list[Json] = [{"id": name, "role": "statement", "ct_sha256": sha256(content).hexdigest()}]
        log.append([(entries.intent(call, session=session, payloads=said), entries.outcome(call))])
    clock = ManualClock()
    asked = entries.review(clock.now())
    opened = entries.of_review(EntryKind.OPENED, asked, digest=asked.digest)
    log.append([(entries.intent(asked.call, action="ask", verbs=("update",), session=session), opened)])
    vote = entries.casting(asked, entries.vote(asked, clock.now()), leaf=leaf(log.rows[-2].body).hex())
    log.append([vote.entries, (entries.claimed(asked),), (entries.prepared(asked.call),)])
    log.append([(entries.outcome(asked.call, Outcome.COMMITTED),)])
    grown = Growing.over((row.sequence, leaf(row.body)) for row in log.rows[began:])
    log.append([(manifest(session, grown),)])
