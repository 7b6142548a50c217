"""A Session's manifest: the root over its Entries' leaf hashes, which proves that none of them is missing. Pure.

Members are `session.open` and every Entry of the Session's Calls and of their Reviews, by sequence number. The root is
RFC 6962's over their leaf hashes used as they are, not hashed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, final

from core.audit.body import Body
from core.audit.tree import EMPTY, node, root
from core.model import Entry, EntryKind, Json

Member: TypeAlias = tuple[int, bytes]  # sequence number, leaf hash


def manifest(session: str, members: Sequence[Member]) -> Entry:
    """Return the manifest of a Session's Entries so far, in sequence order."""
    body: dict[str, Json] = {
        "session": session,
        "n": len(members),
        "first_seq": members[0][0],
        "last_seq": members[-1][0],
        "root": root([leaf for _, leaf in members]).hex(),
    }
    return Entry(kind=EntryKind.SESSION_MANIFEST, body=body)


@final
@dataclass(slots=True)
class _Growing:
    """A Session's root as it grows, and the Entries that no manifest has covered yet."""

    first: int
    count: int = 0
    last: int = 0
    subtrees: list[tuple[int, bytes]] = field(default_factory=list)  # leaves, hash
    waiting: list[Member] = field(default_factory=list)

    def cover(self, last: int) -> None:
        """Take in what stands at or before a sequence number."""
        covered = [one for one in self.waiting if one[0] <= last]
        self.waiting = self.waiting[len(covered) :]
        for sequence, leaf in covered:
            self.count, self.last = self.count + 1, sequence
            self.subtrees.append((1, leaf))
            while len(self.subtrees) > 1 and self.subtrees[-1][0] == self.subtrees[-2][0]:
                (_, right), (size, left) = self.subtrees.pop(), self.subtrees.pop()
                self.subtrees.append((2 * size, node(left, right)))

    def root(self) -> bytes:
        """Return the root over what is covered."""
        if not self.subtrees:
            return EMPTY
        joined = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            joined = node(left, joined)
        return joined


@final
class Manifests:
    """Reads Entries in order and holds every manifest against what it read."""

    def __init__(self, *, whole: bool = True) -> None:
        """Begin; not `whole`: Sessions that began before the first Entry read are not judged."""
        self._whole = whole
        self._sessions: dict[str, _Growing] = {}
        self._closing: tuple[object, str] | None = None

    def take(self, sequence: int, body: Body, leaf: bytes, session: str | None) -> Iterator[tuple[str, str]]:
        """Take one Entry and the Session that it is one of."""
        if self._closing is not None and self._closing[0] != body["unit"]:
            yield "manifest_missing", f"{self._closing[1]} was closed without its manifest"
            self._closing = None
        kind = body["kind"]
        if kind == EntryKind.SESSION_MANIFEST:
            yield from self._check(body)
        elif kind == EntryKind.SESSION_CLOSE:
            self._closing = (body["unit"], str(body["session"]))
        if session is None or (session not in self._sessions and kind != EntryKind.SESSION_OPEN):
            return
        growing = self._sessions.setdefault(session, _Growing(sequence))
        growing.waiting.append((sequence, leaf))

    def _check(self, body: Body) -> Iterator[tuple[str, str]]:
        session, last = str(body["session"]), body["last_seq"]
        growing = self._sessions.get(session)
        if self._closing == (body["unit"], session):
            self._closing = None
        if growing is None:
            if self._whole:
                yield "manifest", f"{session} was never opened"
            return
        growing.cover(last if isinstance(last, int) else -1)
        said = (body["n"], body["first_seq"], last, body["root"])
        if said != (growing.count, growing.first, growing.last, growing.root().hex()):
            yield "manifest", f"{session}: not its Entries"
