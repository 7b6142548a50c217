"""A Session's manifest: the root over its Entries' leaf hashes, which proves that none of them is missing. Pure.

Members are `session.open` and every Entry of the Session's Calls and of their Reviews, by sequence number. The root is
RFC 6962's over their leaf hashes used as they are, not hashed again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, final

from core.audit.body import Body
from core.audit.transparency.tree import EMPTY, node
from core.model import Entry, EntryKind, Json

Member: TypeAlias = tuple[int, bytes]  # sequence number, leaf hash


@final
@dataclass(slots=True)
class Growing:
    """A Session's root as its Entries come: a few hashes, however many they are."""

    first: int = 0
    count: int = 0
    last: int = -1
    subtrees: list[tuple[int, bytes]] = field(default_factory=list)  # leaves, hash

    def add(self, sequence: int, leaf: bytes) -> None:
        """Take the next member in."""
        self.first = self.first if self.count else sequence
        self.count, self.last = self.count + 1, sequence
        self.subtrees.append((1, leaf))
        while len(self.subtrees) > 1 and self.subtrees[-1][0] == self.subtrees[-2][0]:
            (_, right), (size, left) = self.subtrees.pop(), self.subtrees.pop()
            self.subtrees.append((2 * size, node(left, right)))

    @classmethod
    def over(cls, members: Iterable[Member]) -> Growing:
        """Take in members, in sequence order."""
        grown = cls()
        for sequence, leaf in members:
            grown.add(sequence, leaf)
        return grown

    def root(self) -> bytes:
        """Return the root over what was taken in."""
        if not self.subtrees:
            return EMPTY
        joined = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            joined = node(left, joined)
        return joined

    def pack(self) -> str:
        """Encode it, so that the next manifest reads only what came since."""
        held = [[size, hashed.hex()] for size, hashed in self.subtrees]
        return json.dumps([self.first, self.count, self.last, held])

    @classmethod
    def unpack(cls, text: str) -> Growing:
        """Decode what `pack` encoded; "": nothing yet."""
        if not text:
            return cls()
        first, count, last, held = json.loads(text)
        return cls(first, count, last, [(size, bytes.fromhex(hashed)) for size, hashed in held])


def manifest(session: str, grown: Growing) -> Entry:
    """Return the manifest of a Session's Entries so far."""
    body: dict[str, Json] = {
        "session": session,
        "n": grown.count,
        "first_seq": grown.first,
        "last_seq": grown.last,
        "root": grown.root().hex(),
    }
    return Entry(kind=EntryKind.SESSION_MANIFEST, body=body)


@final
@dataclass(slots=True)
class _Waiting:
    """A Session as a reader of the log sees it: what manifests covered, and what none has covered yet."""

    grown: Growing = field(default_factory=Growing)
    members: list[Member] = field(default_factory=list)

    def cover(self, last: int) -> None:
        """Take in what stands at or before a sequence number."""
        covered = [one for one in self.members if one[0] <= last]
        self.members = self.members[len(covered) :]
        for sequence, leaf in covered:
            self.grown.add(sequence, leaf)


@final
class Manifests:
    """Reads Entries in order and holds every manifest against what it read."""

    def __init__(self, *, whole: bool = True) -> None:
        """Begin; not `whole`: Sessions that began before the first Entry read are not judged."""
        self._whole = whole
        self._sessions: dict[str, _Waiting] = {}
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
        self._sessions.setdefault(session, _Waiting()).members.append((sequence, leaf))

    def _check(self, body: Body) -> Iterator[tuple[str, str]]:
        session, last = str(body["session"]), body["last_seq"]
        waiting = self._sessions.get(session)
        if self._closing == (body["unit"], session):
            self._closing = None
        if waiting is None:
            if self._whole:
                yield "manifest", f"{session} was never opened"
            return
        waiting.cover(last if isinstance(last, int) else -1)
        grown, said = waiting.grown, (body["n"], body["first_seq"], last, body["root"])
        if said != (grown.count, grown.first, grown.last, grown.root().hex()):
            yield "manifest", f"{session}: not its Entries"
