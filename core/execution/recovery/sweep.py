"""The sweeper: clocks of Reviews, approved Reviews to run, Calls whose Review ended, attempts that nobody ends."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Final, final

from core.execution import record
from core.execution.approved import Approved
from core.execution.background.ticks import Ticks
from core.execution.background.watch import Watch
from core.execution.recovery.finds import Again, Recovery
from core.execution.recovery.resolving import Resolving
from core.execution.turns import Turns
from core.model import Caller, CallId, Entry, EntryKind, OnApproval, Outcome, Review, ReviewId, Slot, State
from core.ports import Clock, Connector, DropResult, Journal, Results, Reviews, Unit, moved

PERIOD: Final = 5.0  # seconds between sweeps when nothing wakes it
ASKS: Final = timedelta(minutes=10)  # between two questions about outcomes that were unknown
AT_ONCE: Final = 16  # Calls that recovery looks at together


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
        approved: Approved,
        turns: Turns,
        clock: Clock,
        boot: str | None,
    ) -> None:
        """`boot`: of the one process that may write this store; None where several replicas do."""
        self._journal = journal
        self._reviews = reviews
        self._results = results
        self._approved = approved
        self._turns = turns
        self._clock = clock
        self._watch = Watch(journal, clock)
        self._recovery = Recovery(
            connectors=connectors, journal=journal, reviews=reviews, watch=self._watch, clock=clock, boot=boot
        )
        self._resolving = Resolving(journal, reviews)
        self._ticks = Ticks(journal, clock)
        self._asked: datetime | None = None
        self._runs: dict[tuple[ReviewId, int], asyncio.Task[None]] = {}
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
        await over("clock", self._ticks.look())
        for review in await self._reviews.in_state(State.PENDING):
            if review.expires_at <= now:
                await over("expiry", self._expire(review, EntryKind.REVIEW_EXPIRED, Slot.DECISION, review.expires_at))
        for review in await self._reviews.in_state(State.APPROVED):
            if review.use_by is not None and review.use_by <= now:
                await over("expiry", self._expire(review, EntryKind.LAPSED, Slot.USE, review.use_by))
            elif review.on_approval is OnApproval.RUN:
                self.start(review)
        for wanted, by in await self._results.stops():
            await over("stop", self._stop(wanted, by))
        await over("erasure", self._drop(now))
        await self._recover(await self._journal.open_calls())
        await over("recovery", self._recovery.end())
        await self._ask(now)

    def start(self, review: Review, requester: Caller | None = None) -> None:
        """Run an approved Review in a task of its own: no request's end can stop it, and nothing it raises is lost."""
        self._run((review.id, 0), self._approved.run(review, requester))

    def stop(self, review: ReviewId) -> None:
        """Cancel a run whose attempt was given up; its transaction rolls back as it leaves."""
        for (of, _), task in self._runs.items():
            if of == review:
                task.cancel()

    def _run(self, key: tuple[ReviewId, int], work: Coroutine[object, object, None]) -> None:
        if key in self._runs or self._draining:
            work.close()
            return
        task = asyncio.create_task(self._watch.over("run", work), name=f"run {key}")
        self._runs[key] = task
        task.add_done_callback(lambda _: self._runs.pop(key, None))

    async def _recover(self, calls: tuple[CallId, ...]) -> None:
        """Look at open Calls, some at a time: each waits for store and Source by itself."""
        for start in range(0, len(calls), AT_ONCE):
            some = calls[start : start + AT_ONCE]
            await asyncio.gather(*(self._watch.over("recovery", self._look(call)) for call in some))

    async def _look(self, call: CallId) -> None:
        match await self._recovery.look(call):
            case Again(review=review, slots=slots, ended=ended):
                self._run((review.id, slots.latest.number), self._approved.again(review, slots, ended))
            case None:
                pass

    async def _ask(self, now: datetime) -> None:
        """Ask again about outcomes that are unknown: a proof may come later, and whenever it comes it is taken."""
        if self._asked is None or now >= self._asked + ASKS:
            self._asked = now
            for call in await self._journal.indeterminate():
                await self._watch.over("recovery", self._prove(call))

    async def _prove(self, call: CallId) -> None:
        await self._resolving.prove(call, await self._recovery.fate(await self._recovery.find(call)))

    async def _stop(self, wanted: ReviewId, by: str) -> None:
        """Give up an executing attempt that people want stopped; who has PREPARED already goes on."""
        review = await self._reviews.review(wanted)
        if review is not None and await self._recovery.stop(review, by):
            self.stop(review.id)

    async def _drop(self, now: datetime) -> None:
        """Forget where a result past its end stood; what only lasted until then is shredded by who keeps keys."""
        for call in await self._results.over(now):
            await self._recovery.take(Unit(changes=(DropResult(call=call),)))

    async def _expire(self, review: Review, kind: EntryKind, slot: Slot, since: datetime) -> None:
        closing = Entry(kind=kind, scope=review.id, attempt=0, slot=slot, body={"call": review.call})
        ended = record.outcome(review.call, 1, Outcome.EXPIRED, code="expired")
        await self._recovery.take(Unit(entries=(closing, ended), changes=(moved(review, State.EXPIRED),), after=since))
