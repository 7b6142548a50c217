"""Verification of a whole log through a reader: every byte, every hash, every signature, every shape. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Protocol, final

from core.audit import checkpoint
from core.audit.entry import CAP, FORMS, STAMPED, Malformed, validate
from core.audit.note import BadNote, VerifierKey
from core.audit.shapes import Shapes, stamp
from core.audit.tree import EMPTY, HASH, LEVEL_BITS, WIDTH, Edge, edge_root, grow, leaf
from core.model import Entry, EntryKind, Json, Slot


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
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
    """A checkpoint's row."""

    size: int
    root: bytes
    note: bytes


class Log(Protocol):
    """A log that stands still while it is read."""

    @property
    def origin(self) -> str:
        """The name it was made under."""
        ...

    @property
    def integrated(self) -> int:
        """How many Entries its tiles hold."""
        ...

    def entries(self) -> Iterable[Stored]:
        """All Entries by sequence number."""
        ...

    def tile(self, level: int, index: int) -> bytes:
        """A stored tile, empty when there is none."""
        ...

    def checkpoints(self) -> Iterable[StoredCheckpoint]:
        """All checkpoints by size."""
        ...

    def payload(self, name: str) -> bytes | None:
        """A payload's stored bytes, None when they are gone."""
        ...


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
    """What was found."""

    findings: tuple[Finding, ...]
    entries: int
    checkpoints: int
    signed: int  # Entries under the last good checkpoint
    pinned: bool

    @property
    def result(self) -> Result:
        """The exit code."""
        if self.findings:
            return Result.FINDINGS
        return Result.OK if self.pinned else Result.SELF_CONSISTENT


def verify(log: Log, key: VerifierKey | None) -> Report:
    """Check everything; `key` pins who signed, without it a whole forgery would pass."""
    return _Run(log, key).report()


@final
class _Run:
    def __init__(self, log: Log, key: VerifierKey | None) -> None:
        self._log = log
        self._key = key
        self._shapes = Shapes()
        self._edge = Edge()
        self._pending = sorted(log.checkpoints(), key=lambda one: one.size)
        self._number = len(self._pending)
        self._signed = 0
        self._last = 0
        self._skewed = False

    def report(self) -> Report:
        findings = [*self._entries(), *self._end()]
        return Report(
            findings=tuple(findings),
            entries=self._edge.size,
            checkpoints=self._number,
            signed=self._signed,
            pinned=self._key is not None,
        )

    def _entries(self) -> Iterator[Finding]:
        if self._key is not None and self._key.name != self._log.origin:
            yield Finding(rule="origin", detail=f"the key is of {self._key.name}, the log of {self._log.origin}")
        yield from self._reached()
        for row in self._log.entries():
            yield from self._entry(row)

    def _entry(self, row: Stored) -> Iterator[Finding]:
        here = self._edge.size
        if row.sequence != here:
            yield Finding(rule="gap", detail=f"{row.sequence} stands where {here} belongs", sequence=row.sequence)
        hashed = leaf(row.body)
        for rule, detail in self._body(row, hashed):
            yield Finding(rule=rule, detail=detail, sequence=row.sequence)
        self._edge, changed = grow(self._edge, (hashed,))
        for place, held in changed.items():
            if len(held) == WIDTH * HASH and self._edge.size <= self._log.integrated:
                yield from self._tile(*place, held)
        yield from self._reached()

    def _tile(self, level: int, index: int, held: bytes) -> Iterator[Finding]:
        if self._log.tile(level, index) != held:
            yield Finding(rule="tile", detail=f"tile {level}/{index}", sequence=self._edge.size - 1)

    def _body(self, row: Stored, hashed: bytes) -> Iterator[tuple[str, str]]:
        try:
            body = parse(row.body)
            entry = _entry(body)
            validate(entry)
        except (ValueError, KeyError, TypeError) as error:
            yield "body", str(error)
            return
        columns = (row.ts_ms, row.kind, row.scope, row.attempt, row.slot)
        said = (body.get("ts"), body.get("kind"), entry.scope, entry.attempt, entry.slot)
        if columns != said:
            yield "columns", f"{columns} is not {said}"
        if body.get("log") != self._log.origin:
            yield "origin", str(body.get("log"))
        yield from self._time(body, entry.kind)
        yield from self._shapes.take(body, hashed.hex())
        yield from self._payloads(body)

    def _time(self, body: Mapping[str, Json], kind: EntryKind) -> Iterator[tuple[str, str]]:
        at = stamp(body)
        if at < self._last and not self._skewed and kind is not EntryKind.CLOCK_SKEW:
            yield "time", f"{at} after {self._last}"
        self._skewed = kind is EntryKind.CLOCK_SKEW
        self._last = max(self._last, at)

    def _payloads(self, body: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
        named = body.get("payloads")
        for one in named if isinstance(named, Sequence) and not isinstance(named, str) else ():
            if isinstance(one, Mapping):
                held = self._log.payload(str(one.get("id")))
                if held is None:
                    yield "payload_missing", str(one.get("id"))
                elif sha256(held).hexdigest() != one.get("ct_sha256"):
                    yield "payload", str(one.get("id"))

    def _reached(self) -> Iterator[Finding]:
        """Check the checkpoints, and the tiles' right edge, of the size that the log has reached."""
        if self._edge.size == self._log.integrated:
            for level, held in enumerate(self._edge.partial):
                if held:
                    yield from self._tile(level, (self._edge.size >> (LEVEL_BITS * level)) // WIDTH, held)
        while self._pending and self._pending[0].size <= self._edge.size:
            yield from self._checkpoint(self._pending.pop(0))

    def _checkpoint(self, row: StoredCheckpoint) -> Iterator[Finding]:
        where = f"checkpoint of {row.size}"
        try:
            said = checkpoint.read(row.note) if self._key is None else checkpoint.trusted(row.note, self._key)
        except BadNote as error:
            yield Finding(rule="signature", detail=f"{where}: {error}")
            return
        root = edge_root(self._edge) if row.size else EMPTY
        if (said.origin, said.size) != (self._log.origin, row.size) or said.size != self._edge.size:
            yield Finding(rule="checkpoint", detail=where)
        elif said.root != root or row.root != root:
            yield Finding(rule="root", detail=where)
        else:
            self._signed = said.size

    def _end(self) -> Iterator[Finding]:
        for row in self._pending:
            yield Finding(
                rule="truncated", detail=f"a checkpoint covers {row.size} Entries, {self._edge.size} are here"
            )
        if self._log.integrated > self._edge.size:
            yield Finding(
                rule="truncated", detail=f"{self._log.integrated} were integrated, {self._edge.size} are here"
            )
        for rule, detail in self._shapes.end(self._last):
            yield Finding(rule=rule, detail=detail)


def _entry(body: Mapping[str, Json]) -> Entry:
    """Return the Entry that a body says it was."""
    kind = EntryKind(str(body["kind"]))
    scope, attempt, slot = body.get(FORMS[kind].scope or ""), body.get("attempt"), body.get("slot")
    made = {key: value for key, value in body.items() if key not in STAMPED and key != FORMS[kind].scope}
    if not isinstance(attempt, int | None) or not isinstance(slot, int | None) or not isinstance(scope, str | None):
        raise Malformed("scope, attempt or slot")
    return Entry(kind=kind, scope=scope, attempt=attempt, slot=None if slot is None else Slot(slot), body=made)


def parse(raw: bytes) -> Mapping[str, Json]:
    """Read a body as strictly as it is hashed: no second key of one name, else two readers see two stories.

    Raises: ValueError.
    """
    if len(raw) > CAP:
        raise ValueError("too long")
    body = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
    if not isinstance(body, dict):
        raise ValueError("not an object")  # noqa: TRY004  # of the input, not of a caller
    return body


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


def _refuse(text: str) -> Json:
    raise ValueError(f"{text} is no number of ours")
