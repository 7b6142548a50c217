"""C2SP tlog-witness: what a log asks of a witness, and when a witness may sign. Pure.

A witness signs a checkpoint only where it follows from the last one that it signed, so that a log cannot tell two
stories to those who ask the witness.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, final

from core.audit.transparency import checkpoint, note
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import BadNote
from core.audit.transparency.proofs import consistent
from core.audit.transparency.tree import EMPTY, HASH
from core.audit.transparency.trust import Trust

LINES: Final = 63  # hashes of a consistency proof: no log sends more
SIZE: Final = "text/x.tlog.size"
TEXT: Final = "text/plain; charset=utf-8"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A checkpoint to be signed, and the proof that it follows from one of `old` Entries."""

    old: int
    path: tuple[bytes, ...]
    note: bytes

    @property
    def body(self) -> bytes:
        """As it is sent to `add-checkpoint`."""
        lines = [f"old {self.old}", *(base64.b64encode(one).decode() for one in self.path), "", ""]
        return "\n".join(lines).encode() + self.note


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a witness answers."""

    status: int
    body: str
    kind: str = TEXT


def read(raw: bytes) -> Request:
    """Read a request, strictly.

    Raises: BadNote.
    """
    head, blank, rest = raw.partition(b"\n\n")
    lines = head.split(b"\n")
    if not blank or len(lines) > LINES + 1 or not lines[0].startswith(b"old "):
        raise BadNote("not a request")
    try:
        words = [line.decode("ascii") for line in lines]
    except UnicodeDecodeError as error:
        raise BadNote("not ASCII") from error
    path = tuple(note.unbase64(word) for word in words[1:])
    if any(len(one) != HASH for one in path):
        raise BadNote("not a hash")
    return Request(old=note.number(words[0].removeprefix("old ")), path=path, note=rest)


def judge(request: Request, logs: Sequence[Trust], last: Callable[[str], Checkpoint | None]) -> Checkpoint | Reply:
    """Say what may be signed, or why nothing is; `last` gives what was signed last of a log.

    The order is the standard's: origin, signature, sizes, proof. One size with two roots is 422 like a proof that does
    not hold (C2SP tlog-witness of July 2026; texts before it say 409 there, and the log's side understands both).
    Raises: BadNote.
    """
    said = checkpoint.read(request.note)
    trust = next((log for log in logs if said.origin in log.origins), None)
    if trust is None:
        return Reply(status=404, body="unknown log\n")
    try:
        trust.read(request.note)
    except BadNote:
        return Reply(status=403, body="not signed by a key that is trusted for this log\n")
    if request.old > said.size:
        return Reply(status=400, body="old lies beyond the checkpoint\n")
    held = last(said.origin)
    size = held.size if held else 0
    if request.old != size:
        return Reply(status=409, body=f"{size}\n", kind=SIZE)
    if not follows(held, said, request.path):
        return Reply(status=422, body="it does not follow from what was signed before\n")
    return said


def follows(held: Checkpoint | None, said: Checkpoint, path: Sequence[bytes]) -> bool:
    """Whether a checkpoint follows from the last one; from none everything does, with an empty proof."""
    if said.size == 0 and said.root != EMPTY:
        return False
    if held is None or held.size == 0:
        return not path
    return consistent(held.size, said.size, held.root, said.root, path)
