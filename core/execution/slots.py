"""What became of a Call: a pure projection of its slots and its Review's; no row and no clock is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, final

from core.model import JOBS, EntryKind, Outcome, State, Verb
from core.ports import Sealed

ATTEMPTS: Final = 3  # of a write
READS: Final = 2  # attempts of a read: it may be repeated once
REPEATABLE: Final = frozenset({Outcome.NOT_EXECUTED, Outcome.ABORTED, Outcome.NOT_DELIVERED})

DECISIONS: Final = frozenset({EntryKind.DECIDED, EntryKind.REVIEW_EXPIRED, EntryKind.REVIEW_CANCELLED})
USES: Final = frozenset({EntryKind.CLAIMED, EntryKind.REVOKED, EntryKind.LAPSED, EntryKind.REVIEW_CANCELLED})

# What an OUTCOME (or RESOLVED) means for the Review that allowed it.
RESULT: Final = {
    Outcome.COMMITTED: State.EXECUTED,
    Outcome.DELIVERED: State.EXECUTED,
    Outcome.PARTLY_DELIVERED: State.EXECUTED,
    Outcome.ABORTED: State.FAILED,
    Outcome.ERROR: State.FAILED,
    Outcome.NOT_EXECUTED: State.FAILED,
    Outcome.NOT_DELIVERED: State.FAILED,
    Outcome.REFUSED: State.CANCELLED,
    Outcome.UNKNOWN: State.INDETERMINATE,
    Outcome.DENIED: State.DENIED,
    Outcome.EXPIRED: State.EXPIRED,
    Outcome.REVOKED: State.REVOKED,
    Outcome.CANCELLED: State.CANCELLED,
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Slots of one attempt; None is a free slot."""

    number: int
    intent: Sealed
    prepared: Sealed | None = None
    outcome: Sealed | None = None

    @property
    def result(self) -> Outcome | None:
        """The OUTCOME's word."""
        return None if self.outcome is None else Outcome(str(self.outcome.body["outcome"]))

    @property
    def abandoned(self) -> bool:
        """PREPARED was taken by who gives the attempt up."""
        return self.prepared is not None and self.prepared.body.get("prepared") == "abandoned"

    @property
    def owned(self) -> bool:
        """PREPARED was taken by who may COMMIT."""
        return self.prepared is not None and not self.abandoned


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """All slots of a Call and its Review."""

    attempts: tuple[Attempt, ...] = ()
    resolved: Sealed | None = None
    decision: Sealed | None = None
    use: Sealed | None = None

    @property
    def latest(self) -> Attempt:
        """The newest attempt; only of a Call that has one."""
        return self.attempts[-1]

    @property
    def asked(self) -> bool:
        """The first INTENT's verdict was Ask, and no grant let it run in people's place."""
        verdict = self.attempts[0].intent.body.get("verdict")
        return isinstance(verdict, Mapping) and verdict.get("action") == "ask" and "grant" not in verdict

    @property
    def decided(self) -> str | None:
        """The DECISION's word: approved, denied, expired, cancelled."""
        return None if self.decision is None else word(self.decision)

    @property
    def used(self) -> str | None:
        """The USE's word: claimed, revoked, cancelled, lapsed."""
        return None if self.use is None else word(self.use)

    @property
    def begun(self) -> bool:
        """An attempt may have run: an Allow begins with its INTENT, an Ask with its claim."""
        return bool(self.attempts) and (not self.asked or self.used == "claimed")

    @property
    def wrote(self) -> bool:
        """The Reading was more than a read: then PREPARED guards its COMMIT."""
        reading = self.attempts[0].intent.body.get("reading")
        verbs = reading.get("verbs") if isinstance(reading, Mapping) else None
        return verbs != [Verb.READ.value]

    @property
    def guarded(self) -> bool:
        """PREPARED stands before what lasts: a COMMIT, or a job, which commits by itself even where it only reads."""
        source = self.attempts[0].intent.body.get("source")
        return self.wrote or (isinstance(source, Mapping) and source.get("dialect") in JOBS)

    @property
    def begins(self) -> Sealed:
        """The Entry that began the newest attempt, with its deadline: its INTENT, of an Ask's first attempt the USE."""
        first = self.asked and self.latest.number == 1
        return self.use if first and self.use is not None else self.latest.intent

    @property
    def deadline(self) -> datetime | None:
        """Past it the newest attempt may be given up by whoever looks."""
        return _instant(self.begins, "deadline")

    @property
    def asked_at(self) -> datetime | None:
        """When the first INTENT was written."""
        return _instant(self.attempts[0].intent, "ts")

    @property
    def changed_at(self) -> datetime | None:
        """When the newest Entry that fills a slot was written."""
        last = self.latest
        filled = (last.intent, last.prepared, last.outcome, self.decision, self.use, self.resolved)
        return _instant(max((one for one in filled if one is not None), key=lambda sealed: sealed.sequence), "ts")

    @property
    def follows(self) -> bool:
        """The newest attempt proved to be without effect, and the requester's next request begins another."""
        last = self.latest.outcome if self.attempts else None
        return last is not None and last.body.get("final") is False

    @property
    def repeats(self) -> bool:
        """Under a claim another attempt may follow a proof that the newest has no effect."""
        return self.used == "claimed" and self.latest.number < (ATTEMPTS if self.wrote else READS)

    @property
    def ended(self) -> Outcome | None:
        """What the Call came to, None while an attempt is open or may follow."""
        last = self.latest
        if last.outcome is None or last.outcome.body.get("final") is False:
            return None
        if last.result is Outcome.UNKNOWN and self.resolved is not None:
            return Outcome(str(self.resolved.body["outcome"]))
        return last.result

    @property
    def state(self) -> State | None:
        """The Review's state; None when nobody was asked."""
        if not self.asked:
            return None
        if self.decided != "approved":
            return State(self.decided) if self.decided else State.PENDING
        if self.used != "claimed":
            return {None: State.APPROVED, "lapsed": State.EXPIRED}.get(self.used) or State(str(self.used))
        ended = self.ended
        return State.EXECUTING if ended is None else RESULT[ended]


def _instant(sealed: Sealed, field: str) -> datetime | None:
    stamp = sealed.body.get(field)
    return datetime.fromtimestamp(stamp / 1000, UTC) if isinstance(stamp, int) else None


def word(sealed: Sealed) -> str:
    """Return what a DECISION or USE Entry says: its kind, or of `review.decided` its decision."""
    kind = EntryKind(str(sealed.body["kind"]))
    if kind is EntryKind.DECIDED:
        return str(sealed.body["decision"])
    return kind.value.removeprefix("review.")


def project(entries: Iterable[Sealed]) -> Slots:
    """Fold Entries of one Call and its Review, in sequence order, into their slots."""
    slots = Slots()
    for entry in sorted(entries, key=lambda sealed: sealed.sequence):
        slots = fold(slots, entry)
    return slots


def fold(slots: Slots, entry: Sealed) -> Slots:
    """Put one Entry into its slot; Entries without one change nothing."""
    kind = EntryKind(str(entry.body["kind"]))
    if kind is EntryKind.INTENT:
        return replace(slots, attempts=(*slots.attempts, Attempt(number=len(slots.attempts) + 1, intent=entry)))
    if kind in {EntryKind.PREPARED, EntryKind.OUTCOME}:
        return _put(slots, entry, "prepared" if kind is EntryKind.PREPARED else "outcome")
    if kind is EntryKind.RESOLVED:
        return replace(slots, resolved=entry)
    if kind in DECISIONS and slots.decision is None:
        return replace(slots, decision=entry)
    return replace(slots, use=entry) if kind in USES else slots


def _put(slots: Slots, entry: Sealed, slot: str) -> Slots:
    number = entry.body.get("attempt")
    filled = tuple(
        (replace(attempt, prepared=entry) if slot == "prepared" else replace(attempt, outcome=entry))
        if attempt.number == number
        else attempt
        for attempt in slots.attempts
    )
    return replace(slots, attempts=filled)
