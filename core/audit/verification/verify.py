"""Verification of a log through a reader: every byte, every hash, every signature, every shape. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from itertools import chain, islice
from typing import Final, TypeAlias, final

from core.audit.body import Body, objects, part, stamp
from core.audit.protocol.shapes import Shapes
from core.audit.transparency import checkpoint
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import BadNote
from core.audit.transparency.origins import Names, within
from core.audit.transparency.tree import LEVEL_BITS, TILE, WIDTH, Edge, edge, edge_root, grow
from core.audit.transparency.trust import OutOfRange, Trust
from core.audit.verification.erased import Erased
from core.audit.verification.keys import Announced
from core.audit.verification.log import Log, Stored, StoredCheckpoint
from core.audit.verification.look import Looks, hashed, read
from core.audit.verification.manifest import Manifests
from core.model import EntryKind

TOLD: Final = 100  # findings of one rule; the rest are counted
RESTORED: Final = EntryKind.RESTORED.value
KEYED: Final = frozenset({EntryKind.KEY_ROTATE.value, EntryKind.KEY_REVOKE.value})
MARKS: Final = KEYED | {RESTORED, EntryKind.CLOCK_SKEW.value, EntryKind.SHRED.value}
POLICED: Final = frozenset({EntryKind.INTENT.value, EntryKind.POLICY_CHANGE.value})
Seen: TypeAlias = tuple[Stored, bytes, bool]  # leaf hash, whether it is known to be in order by itself


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken rule; `sequence` names the Entry where there is one."""

    rule: str
    detail: str
    sequence: int | None = None


class Result(IntEnum):
    """What verification came to, as exit codes."""

    OK = 0
    FINDINGS = 1
    SELF_CONSISTENT = 3  # no key was pinned: whoever held the database and any key could have made it


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found; of each rule at most `TOLD` findings, and how many there were."""

    findings: tuple[Finding, ...]
    entries: int
    checkpoints: int
    signed: int  # Entries under the last good checkpoint
    pinned: bool
    witnessed: int = 0  # Entries under the last checkpoint that a pinned witness signed
    counts: Mapping[str, int] = field(default_factory=dict)  # rule -> findings

    @property
    def result(self) -> Result:
        """The exit code."""
        if self.findings:
            return Result.FINDINGS
        return Result.OK if self.pinned else Result.SELF_CONSISTENT


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to verify: a range of Entries, and copies of checkpoints that were kept elsewhere.

    A range reaches to the first checkpoint at or past `end`; what began before it is not judged by the shapes of slots.
    """

    trust: Trust | None = None  # without it a whole forgery would pass
    start: int = 0
    end: int | None = None
    copies: tuple[bytes, ...] = ()


def verify(
    log: Log, asked: Asked, *, looks: Looks | None = None, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Check everything that is asked; `progress` is told how many Entries were read.

    `looks`: the log's rows where somebody else looks at each of them alone.
    """
    run = _Run(log, asked, looks or (lambda start: hashed(log.entries(start))), progress)
    found, counts = list[Finding](), Counter[str]()
    for finding in run.findings():
        counts[finding.rule] += 1
        if counts[finding.rule] <= TOLD:
            found.append(finding)
    return run.report(found, counts)


@final
class _Run:
    def __init__(self, log: Log, asked: Asked, looks: Looks, progress: Callable[[int], None]) -> None:
        whole = asked.start == 0
        self._log = log
        self._looks = looks
        self._asked = asked
        self._progress = progress
        self._shapes = Shapes(whole=whole)
        self._manifests = Manifests(whole=whole)
        self._keys = Announced(whole=whole)
        self._names = Names()
        self._erased = Erased()
        self._policies = set[str]()
        self._edge = Edge()
        self._next = asked.start
        self._pending: list[StoredCheckpoint] = []
        self._copies: list[Checkpoint] = []
        self._checkpoints = self._signed = self._witnessed = self._last = 0
        self._skewed = self._waits = -1  # after which Entry; since when the oldest that is signed by nobody, ms

    def report(self, findings: Sequence[Finding], counts: Mapping[str, int]) -> Report:
        return Report(
            findings=tuple(findings),
            entries=self._edge.size - self._asked.start,
            checkpoints=self._checkpoints,
            signed=self._signed,
            pinned=self._asked.trust is not None,
            witnessed=self._witnessed,
            counts=dict(counts),
        )

    def findings(self) -> Iterator[Finding]:
        trust = self._asked.trust
        if trust is not None and self._log.origin not in trust.origins:
            pinned = " and ".join(sorted(trust.origins))
            detail = f"the key is of {pinned}, the log of {self._log.origin}"
            if any(within(self._log.origin, one) for one in trust.origins):
                detail += (
                    ", under which it goes on after a restore: ask its operators, then pin the key under that name"
                )
            yield Finding(rule="origin", detail=detail)
        yield from self._begin()
        yield from self._reached()
        looked = self._looks(self._asked.start)
        rows = chain.from_iterable(zip(one.rows, one.leaves, one.sound, strict=True) for one in looked)
        while not self._done() and (chunk := list(islice(rows, self._stride()))):
            yield from self._chunk(chunk)
            self._progress(self._edge.size - self._asked.start)
        yield from self._end()

    def _begin(self) -> Iterator[Finding]:
        """Take the tree as it is stored up to a range, and the checkpoints and copies that are due in it."""
        start = self._asked.start
        try:
            self._edge = edge(start, self._log.tile) if start else Edge()
        except ValueError as error:
            yield Finding(rule="tile", detail=str(error))
            self._edge = Edge(size=start)
        due = sorted(self._log.checkpoints(), key=lambda one: one.size)
        self._pending = [one for one in due if one.size >= start]
        for raw in self._asked.copies:
            try:
                said = checkpoint.read(raw) if self._asked.trust is None else self._asked.trust.read(raw)[0]
            except BadNote as error:
                yield Finding(rule="copy", detail=f"a kept checkpoint: {error}")
            else:
                self._copies += [said] if said.size >= start else []
        self._copies.sort(key=lambda one: one.size)

    def _done(self) -> bool:
        end = self._asked.end
        return end is not None and self._edge.size >= end and self._signed == self._edge.size

    def _stride(self) -> int:
        """Return how many Entries to read at once: to the next checkpoint, copy, full tile or end of the tiles."""
        here = self._edge.size
        stops = [WIDTH - here % WIDTH, self._log.integrated - here]
        stops += [one.size - here for one in self._pending[:1]] + [one.size - here for one in self._copies[:1]]
        return min(stop for stop in stops if stop > 0)

    # ------------------------------------------------------------ Entries

    def _chunk(self, chunk: Sequence[Seen]) -> Iterator[Finding]:
        hashes = [hashed for _, hashed, _ in chunk]
        payloads = list[tuple[int, Body]]()
        for at, seen in enumerate(chunk):
            row = seen[0]
            if row.sequence != self._next:
                detail = f"{row.sequence} stands where {self._next} belongs"
                yield Finding(rule="gap", detail=detail, sequence=row.sequence)
            self._next = row.sequence + 1
            before = edge_root(grow(self._edge, hashes[:at])[0]) if row.kind == RESTORED else b""
            for rule, detail in self._entry(seen, payloads, before):
                yield Finding(rule=rule, detail=detail, sequence=row.sequence)
        yield from self._payloads(payloads)
        self._edge, changed = grow(self._edge, hashes)
        for (level, index), held in changed.items():
            if len(held) == TILE and self._edge.size <= self._log.integrated:
                yield from self._tile(level, index, held)
        yield from self._reached()

    def _tile(self, level: int, index: int, held: bytes) -> Iterator[Finding]:
        if self._log.tile(level, index) != held:
            yield Finding(rule="tile", detail=f"tile {level}/{index}", sequence=self._edge.size - 1)

    def _entry(self, seen: Seen, payloads: list[tuple[int, Body]], before: bytes) -> Iterator[tuple[str, str]]:
        row, leaf, sound = seen
        body, faults = read(row, sound=sound)
        yield from faults
        if body is None:
            return
        kind, at = body["kind"], stamp(body)
        if kind in MARKS or body["log"] != self._names.now:
            yield from self._marked(row, body, before)
        elif at < self._last:
            yield from self._time(body)
        self._last = max(self._last, at)
        self._waits = at if self._waits < 0 else self._waits
        yield from self._shapes.take(body, leaf.hex())
        yield from self._manifests.take(row.sequence, body, leaf, self._shapes.session(body))
        if kind in POLICED:
            yield from self._policy(body)
        if body.get("payloads"):
            payloads += [(row.sequence, one) for one in objects(body, "payloads")]

    def _marked(self, row: Stored, body: Body, before: bytes) -> Iterator[tuple[str, str]]:
        """Take an Entry of the log itself: its name, its clock, its keys, what of its payloads has ended."""
        kind = body["kind"]
        if body["log"] != self._names.now or kind == RESTORED:
            yield from self._names.take(row.sequence, body, before)
        if stamp(body) < self._last or kind == EntryKind.CLOCK_SKEW:
            yield from self._time(body)
        if kind in KEYED:
            yield from self._keys.take(row.sequence, body)
        self._erased.take(body)

    def _time(self, body: Body) -> Iterator[tuple[str, str]]:
        """Let time go back right after an Entry that says so, and never otherwise."""
        if body["kind"] == EntryKind.CLOCK_SKEW:
            self._skewed = self._next
        elif self._skewed != self._next - 1:
            yield "time", f"{stamp(body)} after {self._last}"

    def _policy(self, body: Body) -> Iterator[tuple[str, str]]:
        """Hold each Verdict to a policy that the log says was in force, from the first such Entry on."""
        if body["kind"] == EntryKind.POLICY_CHANGE:
            self._policies.add(str(body["policy"]))
        elif self._policies and self._asked.start == 0:
            named = str(part(body, "verdict").get("policy"))
            if named not in self._policies:
                yield "policy", f"a Verdict by {named}, which was never in force"

    def _payloads(self, named: Sequence[tuple[int, Body]]) -> Iterator[Finding]:
        held = self._log.payloads([str(one.get("id")) for _, one in named]) if named else {}
        for sequence, one in named:
            name = str(one.get("id"))
            if name not in held:
                if not self._erased.missing(sequence, one):
                    yield Finding(rule="payload_missing", detail=name, sequence=sequence)
            elif sha256(held[name]).hexdigest() != one.get("ct_sha256"):
                yield Finding(rule="payload", detail=name, sequence=sequence)

    def _gone(self) -> Iterator[Finding]:
        """Excuse missing payloads by keys that ended, also behind a range: what erased them came later."""
        if self._asked.end is not None and self._erased.open:
            for row in self._log.entries(self._next):
                if row.kind == EntryKind.SHRED:
                    yield from self._ended(row)
        for sequence, name in self._erased.left():
            yield Finding(rule="payload_missing", detail=name, sequence=sequence)

    def _ended(self, row: Stored) -> Iterator[Finding]:
        """Take a shred from behind the range; one out of form excuses nothing."""
        body, faults = read(row, sound=False)
        yield from (Finding(rule=rule, detail=detail, sequence=row.sequence) for rule, detail in faults)
        if body is not None:
            self._erased.take(body)

    # ------------------------------------------------------------ checkpoints

    def _reached(self) -> Iterator[Finding]:
        """Check the checkpoints, the copies and the tiles' right edge of the size that was reached."""
        if self._edge.size == self._log.integrated:
            for level, held in enumerate(self._edge.partial):
                if held:
                    yield from self._tile(level, (self._edge.size >> (LEVEL_BITS * level)) // WIDTH, held)
        while self._pending and self._pending[0].size <= self._edge.size:
            yield from self._checkpoint(self._pending.pop(0))
        while self._copies and self._copies[0].size <= self._edge.size:
            kept = self._copies.pop(0)
            if kept.size == self._edge.size and kept.root != edge_root(self._edge):
                yield Finding(rule="forked", detail=f"a checkpoint of {kept.size} was kept elsewhere with another root")

    def _checkpoint(self, row: StoredCheckpoint) -> Iterator[Finding]:
        where, trust = f"checkpoint of {row.size}", self._asked.trust
        self._checkpoints += 1
        try:
            if trust is not None and self._former(checkpoint.read(row.note).origin):
                return  # the tree that is signed under the later name covers it
            said, signers = (checkpoint.read(row.note), frozenset()) if trust is None else trust.read(row.note)
            self._keys.check(said.size, signers, trust.first(said.origin) if trust else None)
        except OutOfRange as error:
            same = (self._edge.size, edge_root(self._edge)) == (row.size, checkpoint.read(row.note).root)
            self._keys.late(row.size, error.keys if same else (), f"{where}: {error}")
            return
        except BadNote as error:
            yield Finding(rule="signature", detail=f"{where}: {error}{self._keys.hint()}")
            return
        root = edge_root(self._edge)
        named = self._names.now or (said.origin if self._asked.start else self._log.origin)
        if (said.origin, said.size) != (named, row.size) or said.size != self._edge.size:
            yield Finding(rule="checkpoint", detail=where)
        elif said.root != root or row.root != root:
            yield Finding(rule="root", detail=where)
        else:
            self._signed, self._waits = said.size, -1
            yield from self._cosigned(row, where)

    def _former(self, origin: str) -> bool:
        """Whether a checkpoint is of an earlier name of this log, for which no key is pinned."""
        trust = self._asked.trust
        now = self._names.now or (origin if self._asked.start else "")  # before a range nothing is known of names
        return trust is not None and origin not in trust.origins and origin == now != self._log.origin

    def _cosigned(self, row: StoredCheckpoint, where: str) -> Iterator[Finding]:
        trust = self._asked.trust
        if trust is None or not row.cosignatures:
            return
        try:
            _, signers = trust.read(row.note + b"".join(row.cosignatures))
        except BadNote as error:
            yield Finding(rule="witness", detail=f"{where}: {error}")
            return
        if not signers.isdisjoint(trust.witnesses):
            self._witnessed = row.size

    def _end(self) -> Iterator[Finding]:
        yield from self._gone()
        for detail in self._keys.left(self._signed):
            yield Finding(rule="key_range", detail=detail)
        if self._done():
            return
        yield from self._short()
        yield from self._unsigned()
        for detail in self._names.end(self._log.origin):
            yield Finding(rule="origin", detail=detail)
        for rule, detail in self._shapes.end(self._last):
            yield Finding(rule=rule, detail=detail)

    def _short(self) -> Iterator[Finding]:
        """Say what reaches beyond the last Entry: a range that was asked for, checkpoints, copies, the tree."""
        asked = self._asked.end or (self._asked.start and self._asked.start + 1)
        if self._edge.size < asked:
            yield Finding(rule="truncated", detail=f"Entry {asked - 1} was asked for and is not here")
        here = f"{self._edge.size} are here"
        for row in self._pending:
            yield Finding(rule="truncated", detail=f"a checkpoint covers {row.size} Entries, {here}")
        for kept in self._copies:
            yield Finding(rule="rolled_back", detail=f"a checkpoint kept elsewhere covers {kept.size} Entries, {here}")
        if self._log.integrated > self._edge.size:
            yield Finding(rule="truncated", detail=f"{self._log.integrated} were integrated, {here}")

    def _unsigned(self) -> Iterator[Finding]:
        """Say what nothing vouches for: whoever has no key can take checkpoints away, then change what they held."""
        if self._asked.trust is not None and self._waits >= 0:
            first, behind = max(self._signed, self._asked.start), self._last - self._waits
            if self._signed == 0 or behind > 60_000:  # noqa: PLR2004 -- ms; a signer at work leaves a second
                yield Finding(rule="unsigned", detail=f"{self._edge.size - first} over {behind} ms", sequence=first)
