"""What reviewers are told of a change once it is asked about: a number, a sample; nothing of it comes before `pending`.

Where a protected column is read, a count answers a question: it is made after the Review is durable, beside the Call's
course, so that nothing an agent can see, its timing included, depends on it. Only who may fill a seat is shown it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import final

from core.errors import GatewayError
from core.execution import budget, record
from core.execution.asking.opening import Asked
from core.execution.record import Case
from core.model import Ask, Reading
from core.packing import pack_facts
from core.ports import Connector, Impact, Journal, Judge, Outlay, Payload, Payloads, Reviews, Role, Statement, Unit


@final
class Weighing:
    """Tasks that weigh open Reviews."""

    def __init__(self, *, journal: Journal, payloads: Payloads, judge: Judge, reviews: Reviews) -> None:
        self._journal = journal
        self._payloads = payloads
        self._judge = judge
        self._reviews = reviews
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, case: Case, met: tuple[Reading, Ask], connector: Connector, asked: Asked) -> None:
        """Begin to weigh a change that people were just asked about; one that joined another is weighed already."""
        reading, _ = met
        if reading.writes and asked.call == case.call.id:
            task = asyncio.ensure_future(self._weigh(case, met, connector, asked))
            self._tasks.add(task)
            task.add_done_callback(self._forget)

    async def drain(self) -> None:
        """Wait for what is being weighed; each ends by the Source's own limits."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _weigh(self, case: Case, met: tuple[Reading, Ask], connector: Connector, asked: Asked) -> None:
        """Count or guess where nobody could before, take a sample, and keep both; without them the card says so."""
        with suppress(GatewayError):
            (reading, verdict), known = met, asked.impact
            statement = Statement(text=case.call.statement, parameters=case.call.parameters)
            impact = known
            if reading.protected or known.costs is not None:
                impact = await connector.impact(statement, outlay(case, known))
            impact = replace(impact, sample=await connector.sample(statement))
            if known.costs is None and impact == known:
                return
            facts = self._judge.facts(case.call, case.caller, reading, verdict, impact, late=True)
            facts = replace(facts, denied=asked.denied)
            packed = Payload(role=Role.FACTS, content=pack_facts(facts))
            kept = await self._payloads.keep(case.call.id, case.session.id, case.call.source, (packed,))
            review = await self._reviews.review(case.call.id)
            if review is not None:
                entry = record.weighed(case.call.id, review, kept, impact.bill)
                paid = budget.counted(case.call.id, impact.bill, connector.source)
                await self._journal.commit(Unit(entries=(entry,), changes=() if known.costs is None else (paid,)))

    def _forget(self, done: asyncio.Task[None]) -> None:
        """Forget a task; what nobody foresaw leaves the card without a number, and the loop tells of it."""
        self._tasks.discard(done)


def outlay(case: Case, known: Impact) -> Outlay | None:
    """Say what may be spent to count, which is on record; None: nothing."""
    return None if known.costs is None else Outlay(name=record.backend(case.call.id, budget.COUNT), bytes=known.costs)
