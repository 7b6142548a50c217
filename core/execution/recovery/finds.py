"""What recovery does with each Call it finds: the table of the protocol, a row a branch; slots decide who was first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, final

from core.errors import Lost, SlotTaken
from core.execution import budget, record
from core.execution.background.watch import Watch
from core.execution.failpoints import failpoint
from core.execution.resumed import Ended
from core.execution.slots import REPEATABLE, RESULT, Slots, project
from core.model import CallId, Entry, EntryKind, Measure, Outcome, Review, State, Work
from core.ports import Change, Clock, Connector, Fate, Journal, ReturnGrant, Reviews, Sealed, Unit, moved

WAITS: Final = timedelta(seconds=10)  # past its deadline a prepared attempt that nobody can tell about is an alert
SILENCE: Final = timedelta(hours=1)  # past it a Source that never answered leaves the outcome unknown

# An ended Review -> what becomes of its Call.
ENDED: Final = {
    State.DENIED: Outcome.DENIED,
    State.EXPIRED: Outcome.EXPIRED,
    State.CANCELLED: Outcome.CANCELLED,
    State.REVOKED: Outcome.REVOKED,
}

# What the source says of prepared work -> the OUTCOME; what is absent is asked again.
TOLD: Final = {Fate.COMMITTED: Outcome.COMMITTED, Fate.ABORTED: Outcome.ABORTED, Fate.UNKNOWN: Outcome.UNKNOWN}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A Call as recovery finds it."""

    call: CallId
    slots: Slots
    review: Review | None
    entries: tuple[Sealed, ...]

    @property
    def disclosed(self) -> bool:
        """Rows may have left before its OUTCOME."""
        return any(one.body["kind"] == EntryKind.DISCLOSURE.value for one in self.entries)

    @property
    def source(self) -> str:
        """The Source's name."""
        said = self.slots.attempts[0].intent.body.get("source")
        return str(said.get("name")) if isinstance(said, Mapping) else ""

    @property
    def backend(self) -> tuple[str, str]:
        """The newest attempt's Source and its transaction's name there."""
        return self.source, record.backend(self.call, self.slots.latest.number)

    @property
    def work(self) -> Work | None:
        """What its PREPARED says to ask about."""
        prepared = self.slots.latest.prepared
        said = prepared.body.get("exec") if prepared else None
        if not isinstance(said, Mapping):
            return None
        return Work(
            xid=str(said["xid"]),
            system=str(said["system"]),
            timeline=str(said["timeline"]),
            backend=str(said["backend"]),
            affected=int(str(said["rows"])),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """An attempt proved without effect after which another may be begun."""

    review: Review
    slots: Slots
    ended: Ended


@final
class Recovery:
    """Looks at one Call at a time; whoever looks too late finds the slot taken."""

    def __init__(
        self,
        *,
        connectors: Mapping[str, Connector],
        journal: Journal,
        reviews: Reviews,
        watch: Watch,
        clock: Clock,
        boot: str | None,
    ) -> None:
        """`boot`: of the one process that may write this store; None where several replicas do."""
        self._connectors = connectors
        self._journal = journal
        self._reviews = reviews
        self._watch = watch
        self._clock = clock
        self._boot = boot
        self.left: set[tuple[str, str]] = (
            set()
        )  # transactions of attempts that were given up, to be ended at the Source

    async def find(self, call: CallId, review: Review | None = None) -> Found:
        """Read a Call as it stands."""
        row = review or await self._reviews.review(call)
        entries = await self._journal.entries(call)
        both = entries + (await self._journal.entries(row.id) if row else ())
        return Found(call=call, slots=project(both), review=row, entries=entries)

    async def look(self, call: CallId) -> Again | None:
        """Do what is due for a Call; what may be begun again is for the caller, since it runs."""
        now, found = self._clock.now(), await self.find(call)
        slots = found.slots
        if not slots.attempts or slots.ended is not None:
            return None
        state = slots.state
        if state in ENDED:
            await self.take(Unit(entries=(record.outcome(call, 1, ENDED[state], code=state.value),)))
        elif slots.follows:
            await self._lapse(found, now)
        elif slots.begun and self._due(slots, now):
            return await self._recover(found, now)
        return None

    async def stop(self, review: Review, by: str) -> bool:
        """Give up the open attempt of a claimed Review, or the next one that nobody began; False: too late.

        `by`: pseudonym of who wanted it.
        """
        found = await self.find(review.call, review)
        slots, last = found.slots, found.slots.latest
        if slots.ended is not None or not slots.begun:
            return False
        if slots.follows:
            entries: tuple[Entry, ...] = record.unbegun(slots, review.call, Outcome.CANCELLED, "stopped", {"by": by})
        else:
            given_up = (record.abandoned(review.call, last.number),) if slots.guarded else ()
            ended = record.outcome(review.call, last.number, Outcome.CANCELLED, code="stopped", more={"by": by})
            entries = (*given_up, ended)
        unbegun = budget.UNBEGUN if slots.guarded else {}
        settled = () if slots.follows else (budget.settled(review.call, last.number, Outcome.CANCELLED, unbegun),)
        won = await self.take(Unit(entries=entries, changes=(moved(review, State.CANCELLED), *settled)))
        if won:
            self.left.add(found.backend)
        return won

    async def take(self, unit: Unit) -> bool:
        """Commit a unit of recovery; False: another was first, and the next look sees what stands."""
        failpoint("before_recovery")
        try:
            await self._journal.commit(unit)
        except (SlotTaken, Lost):
            return False
        failpoint("after_recovery")
        return True

    def _due(self, slots: Slots, now: datetime) -> bool:
        """Past the deadline, or begun by a process that is gone."""
        deadline = slots.deadline
        return self._orphaned(slots) or (deadline is not None and now >= deadline)

    def _orphaned(self, slots: Slots) -> bool:
        """A store of one process has no other that lives."""
        return self._boot is not None and slots.begins.body.get("boot") != self._boot

    async def _lapse(self, found: Found, now: datetime) -> None:
        """Close a Call whose requester never came for its next attempt."""
        review = found.review
        if review is not None and review.use_by is not None and now >= review.use_by:
            entries = record.unbegun(found.slots, found.call, Outcome.EXPIRED, "expired")
            await self.take(Unit(entries=entries, changes=(moved(review, State.EXPIRED),), after=review.use_by))

    async def _recover(self, found: Found, now: datetime) -> Again | None:
        """Find out how the newest attempt ended; close it for good, unless another may follow."""
        slots, review = found.slots, found.review
        result = await self._result(found, now)
        if result is None:
            return None
        ended = Ended(
            result=result,
            before=self._beside(found, result),
            since=None if self._orphaned(slots) else slots.deadline,
            paid=await self._paid(found, result),
        )
        in_time = review is not None and review.use_by is not None and now < review.use_by
        if review is not None and in_time and result in REPEATABLE and slots.repeats:
            return Again(review=review, slots=slots, ended=ended)
        entry = record.outcome(found.call, slots.latest.number, result, more={"recovered": True})
        settled = budget.settled(found.call, slots.latest.number, result, ended.paid)
        undone = (ReturnGrant(call=found.call),) if result is Outcome.ABORTED else ()
        changes: tuple[Change, ...] = (*((moved(review, RESULT[result]),) if review else ()), settled, *undone)
        won = await self.take(Unit(entries=(*ended.before, entry), changes=changes, after=ended.since))
        if won and slots.guarded and slots.latest.prepared is None:
            self.left.add(found.backend)
        return None

    async def _paid(self, found: Found, result: Outcome) -> Mapping[Measure, int]:
        """Say what is proved of what an attempt used: of a job its bill, of a change its rows."""
        connector, work = self._connectors.get(found.source), found.work
        if connector is None or work is None or result is Outcome.UNKNOWN:
            return {}
        rows = {Measure.ROWS: work.affected} if result is Outcome.COMMITTED else {}
        return rows | budget.billed(await connector.bill(work), connector.source)

    async def _result(self, found: Found, now: datetime) -> Outcome | None:
        slots = found.slots
        if slots.latest.owned:
            told = await self._told(found, now)
            return told if slots.wrote or told is None else Outcome.NOT_DELIVERED  # its rows are lost, whatever it did
        if slots.guarded:
            return Outcome.NOT_EXECUTED
        return Outcome.PARTLY_DELIVERED if found.disclosed else Outcome.NOT_DELIVERED

    def _beside(self, found: Found, result: Outcome) -> tuple[Entry, ...]:
        """What must stand in one unit with an OUTCOME: the loss of the right to COMMIT, or what people must know."""
        if result is Outcome.UNKNOWN:
            return (Entry(kind=EntryKind.ALERT, body={"alert": "outcome_unknown", "of": found.call}),)
        if found.slots.guarded and found.slots.latest.prepared is None:
            return (record.abandoned(found.call, found.slots.latest.number),)
        return ()

    async def _told(self, found: Found, now: datetime) -> Outcome | None:
        """Ask the Source what became of prepared work; None: it does not say yet.

        One that stays silent for an hour past the deadline leaves the outcome unknown; one that says "in progress"
        never does.
        """
        fate = await self.fate(found)
        if fate in TOLD:
            return TOLD[fate]
        late = now - (found.slots.deadline or now)
        if late >= WAITS:
            await self._watch.alert("recovery_waits", of=found.call)
        return Outcome.UNKNOWN if fate is Fate.SILENT and late >= SILENCE else None

    async def fate(self, found: Found) -> Fate:
        """Ask the Source about a Call's prepared work."""
        connector, work = self._connectors.get(found.source), found.work
        return Fate.SILENT if connector is None or work is None else await connector.fate(work)

    async def end(self) -> None:
        """End at their Sources the transactions of attempts that were given up; they could only hold locks."""
        left, self.left = self.left, set()
        for name, connector in self._connectors.items():
            names = frozenset(backend for source, backend in left if source == name)
            if names:
                await connector.end(names)
