"""C2SP checkpoints and tlog-proofs: a signed (origin, size, root), and one Entry proven to stand under it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.transparency import note
from core.audit.transparency.note import BadNote, VerifierKey
from core.audit.transparency.proofs import inclusion_root
from core.audit.transparency.tree import HASH, leaf

PROOF: Final = "c2sp.org/tlog-proof@v1"
PATH: Final = 63  # hashes of the longest path


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a log: `origin` names it, `root` is over its first `size` Entries."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed (C2SP tlog-checkpoint)."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def signed(checkpoint: Checkpoint, *keys: Ed25519PrivateKey) -> bytes:
    """Sign as the log itself, with each key of an overlap: the key's name is the origin."""
    return note.sign(checkpoint.text, checkpoint.origin, *keys)


def read(raw: bytes) -> Checkpoint:
    """Read a checkpoint's text without looking at signatures.

    Raises: BadNote.
    """
    lines = note.parse(raw).text.split("\n")[:-1]
    if len(lines) != 3 or note.NAME.fullmatch(lines[0]) is None:  # noqa: PLR2004  # origin, size, root
        raise BadNote("not a checkpoint")
    root = note.unbase64(lines[2])
    if len(root) != HASH:
        raise BadNote("the root is not a hash")
    return Checkpoint(origin=lines[0], size=note.number(lines[1]), root=root)


def trusted(raw: bytes, key: VerifierKey, witnesses: Sequence[VerifierKey] = ()) -> Checkpoint:
    """Read a checkpoint that its own log signed; a known witness whose line fails rejects it.

    Raises: BadNote.
    """
    checkpoint = read(raw)
    if checkpoint.origin != key.name:
        raise BadNote("another origin")
    if key not in note.check(note.parse(raw), (key, *witnesses)):
        raise BadNote("not signed by this key")
    return checkpoint


def kept(raw: bytes) -> tuple[bytes, ...]:
    """Split a file of checkpoints that were kept elsewhere: one note, or JSON lines that hold a `checkpoint`.

    Raises: BadNote.
    """
    if not raw.startswith(b"{"):
        return (raw,)
    try:
        return tuple(str(json.loads(line)["checkpoint"]).encode() for line in raw.split(b"\n") if line)
    except (ValueError, KeyError, TypeError) as error:
        raise BadNote("not a file of checkpoints") from error


def proof(index: int, path: Sequence[bytes], checkpoint: bytes) -> bytes:
    """Write the proof of one Entry (C2SP tlog-proof): a file that stands alone."""
    lines = [PROOF, f"index {index}", *(base64.b64encode(one).decode() for one in path), "", ""]
    return "\n".join(lines).encode() + checkpoint


def prove(entry: bytes, raw: bytes, key: VerifierKey, witnesses: Sequence[VerifierKey] = ()) -> Checkpoint:
    """Check that exactly these bytes are an Entry of the log whose key this is.

    Raises: BadNote for a proof out of form or a signature that fails, ValueError for a path that does not lead there.
    """
    head, blank, rest = raw.partition(b"\n\n")
    lines = head.decode("ascii", "strict").split("\n")
    if not blank or lines[0] != PROOF or len(lines) < 2 or len(lines) > PATH + 2:  # noqa: PLR2004  # header, index
        raise BadNote("not a proof")
    word, space, digits = lines[1].partition(" ")
    if word != "index" or not space:
        raise BadNote("no index")
    checkpoint = trusted(rest, key, witnesses)
    path = [note.unbase64(line) for line in lines[2:]]
    if inclusion_root(note.number(digits), checkpoint.size, leaf(entry), path) != checkpoint.root:
        raise BadNote("the Entry does not stand in the log")
    return checkpoint
