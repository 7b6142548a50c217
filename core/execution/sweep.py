"""The sweeper: clocks of Reviews, approved Reviews to run, Calls whose Review ended, attempts that nobody ends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, final

from core.errors import Lost, SlotTaken
from core.execution import record
from core.execution.approved import Approved
from core.execution.slots import RESULT, Slots, project
from core.execution.turns import Turns
from core.execution.watch import Watch
from core.model import (
    Caller,
    CallId,
    Entry,
    EntryKind,
    OnApproval,
    Outcome,
    Review,
    ReviewId,
    Slot,
    State,
    Work,
)
from core.ports import Clock, Connector, DropResult, Fate, Journal, Payloads, Results, Reviews, Unit, moved

PERIOD: Final = 5.0  # seconds between sweeps when nothing wakes it
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
class Sweeper:
    """One per gateway process; several replicas may sweep, slots decide who was first."""

    def __init__(
        self,
        *,
        connectors: Mapping[str, Connector],
        journal: Journal,
        reviews: Reviews,
        results: Results,
        payloads: Payloads,
        approved: Approved,
        turns: Turns,
        clock: Clock,
        boot: str,
    ) -> None:
        self._connectors = connectors
        self._journal = journal
        self._reviews = reviews
        self._results = results
        self._payloads = payloads
        self._approved = approved
        self._turns = turns
        self._clock = clock
        self._boot = boot
        self._watch = Watch(journal, clock)
        self._runs: dict[ReviewId, asyncio.Task[None]] = {}
        self._draining = False

    async def serve(self) -> None:
        """Sweep whenever a Review changed, and every few seconds, until cancelled; nothing else ends it."""
        while True:
            turn = self._turns.turn("reviews")
            await self._watch.over("sweep", self.sweep())
            try:
                await asyncio.wait_for(turn.wait(), PERIOD)
            except TimeoutError:
                continue

    async def drain(self) -> None:
        """Begin no more, and wait for runs that have begun; each ends by its own limits."""
        self._draining = True
        while self._runs:
            await asyncio.wait(set(self._runs.values()))

    async def sweep(self) -> None:
        """Look once at everything that is due; what one of them raises is an alert and stops none of the others."""
        now, over = self._clock.now(), self._watch.over
        for review in await self._reviews.in_state(State.PENDING):
            if review.expires_at <= now:
                await over("expiry", self._expire(review, EntryKind.REVIEW_EXPIRED, Slot.DECISION, review.expires_at))
        for review in await self._reviews.in_state(State.APPROVED):
            if review.use_by is not None and review.use_by <= now:
                await over("expiry", self._expire(review, EntryKind.LAPSED, Slot.USE, review.use_by))
            elif review.on_approval is OnApproval.RUN:
                self.start(review)
        for wanted in await self._results.stops():
            await over("stop", self._stop(wanted))
        await over("erasure", self._drop(now))
        for call in await self._journal.open_calls():
            await over("recovery", self._look(call, now))

    def start(self, review: Review, requester: Caller | None = None) -> None:
        """Run an approved Review in a task of its own: no request's end can stop it, and nothing it raises is lost."""
        if review.id in self._runs or self._draining:
            return
        run = self._watch.over("run", self._approved.run(review, requester))
        task = asyncio.create_task(run, name=f"run {review.id}")
        self._runs[review.id] = task
        task.add_done_callback(lambda _: self._runs.pop(review.id, None))

    def stop(self, review: ReviewId) -> None:
        """Cancel a run whose attempt was given up; its transaction rolls back as it leaves."""
        task = self._runs.get(review)
        if task is not None:
            task.cancel()

    async def _stop(self, wanted: ReviewId) -> None:
        """Give up an executing attempt that people want stopped; who has PREPARED already goes on."""
        review = await self._reviews.review(wanted)
        if review is None:
            return
        slots = project(await self._journal.entries(review.call) + await self._journal.entries(review.id))
        if slots.ended is None and slots.begun:
            before = (record.abandoned(review.call, slots.latest.number),) if slots.wrote else ()
            ended = record.outcome(review.call, slots.latest.number, Outcome.CANCELLED, code="stopped")
            await self._try(Unit(entries=(*before, ended), changes=(moved(review, State.CANCELLED),)))
            self.stop(review.id)

    async def _drop(self, now: datetime) -> None:
        """Erase unmasked results past their end, and forget where any result stood."""
        for call in await self._results.over(now):
            await self._payloads.erase(call)
            await self._try(Unit(changes=(DropResult(call=call),)))

    async def _expire(self, review: Review, kind: EntryKind, slot: Slot, since: datetime) -> None:
        closing = Entry(kind=kind, scope=review.id, attempt=0, slot=slot, body={"call": review.call})
        ended = record.outcome(review.call, 1, Outcome.EXPIRED, code="expired")
        await self._try(Unit(entries=(closing, ended), changes=(moved(review, State.EXPIRED),), after=since))

    async def _look(self, call: CallId, now: datetime) -> None:
        """Close a Call whose Review ended; recover one whose attempt nobody ends."""
        review = await self._reviews.review(call)
        entries = await self._journal.entries(call)
        if review is not None:
            entries += await self._journal.entries(review.id)
        slots = project(entries)
        if not slots.attempts or slots.ended is not None:
            return
        state = slots.state
        if state in ENDED:
            await self._try(Unit(entries=(record.outcome(call, 1, ENDED[state], code=state.value),)))
        elif slots.begun and self._due(slots, now):
            await self._recover(call, slots, review, now)

    def _due(self, slots: Slots, now: datetime) -> bool:
        """Past the deadline, or begun by a process that is gone: a SQLite store has one process at a time."""
        begun = slots.use if slots.asked and slots.use else slots.latest.intent
        deadline = slots.deadline
        return begun.body.get("boot") != self._boot or (deadline is not None and now >= deadline)

    async def _recover(self, call: CallId, slots: Slots, review: Review | None, now: datetime) -> None:
        last = slots.latest
        before: tuple[Entry, ...] = ()
        if last.prepared is not None and not last.abandoned:
            result = await self._ask(call, slots, now)
        elif slots.wrote:
            before, result = (record.abandoned(call, last.number),), Outcome.NOT_EXECUTED
        else:
            result = Outcome.NOT_DELIVERED
        if result is None:
            return
        if result is Outcome.UNKNOWN:
            before = (*before, Entry(kind=EntryKind.ALERT, body={"alert": "outcome_unknown", "of": call}))
        entry = record.outcome(call, last.number, result, more={"recovered": True})
        changes = (moved(review, RESULT[result]),) if review else ()
        await self._try(Unit(entries=(*before, entry), changes=changes))

    async def _ask(self, call: CallId, slots: Slots, now: datetime) -> Outcome | None:
        """Ask the Source what became of prepared work; None: it does not say yet.

        One that stays silent for an hour past the deadline leaves the outcome unknown; one that says "in progress"
        never does.
        """
        prepared = slots.latest.prepared
        said = prepared.body.get("exec") if prepared else None
        source = slots.attempts[0].intent.body.get("source")
        connector = self._connectors.get(str(source.get("name"))) if isinstance(source, Mapping) else None
        fate = Fate.SILENT
        if connector is not None and isinstance(said, Mapping):
            work = Work(
                xid=str(said["xid"]),
                system=str(said["system"]),
                timeline=str(said["timeline"]),
                backend=str(said["backend"]),
                affected=int(str(said["rows"])),
            )
            fate = await connector.fate(work)
        if fate in TOLD:
            return TOLD[fate]
        late = now - (slots.deadline or now)
        if late >= WAITS:
            await self._watch.alert("recovery_waits", of=call)
        return Outcome.UNKNOWN if fate is Fate.SILENT and late >= SILENCE else None

    async def _try(self, unit: Unit) -> None:
        try:
            await self._journal.commit(unit)
        except (SlotTaken, Lost):
            return  # another was first; the next sweep sees what stands
