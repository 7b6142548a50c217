"""Ends of a Call that never ran: refused, failed or cancelled before or after its INTENT; each leaves an OUTCOME."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Final, TypeVar, final

from core.errors import Barred, Blocked, Busy, GatewayError, Lost, SlotTaken
from core.execution import budget, record
from core.execution.record import Case
from core.execution.shielding import shielded
from core.execution.slots import project
from core.model import Answer, CallId, Entry, Failed, Outcome, Reading, Reason, Refuse, Refused, Unreadable
from core.ports import Journal, Kept, Payloads, Sealed, Settle, Unit

LOOKS: Final = 3  # INTENT and what follows it: no more can have been on its way

T = TypeVar("T")

UNKNOWN_SOURCE = Refuse(
    reasons=(Reason(rule="", sentence="There is no such source."),),
    code="unknown_source",
    advice="list_sources shows what there is.",
)


def told(call: CallId, error: BaseException) -> Answer:
    """Word what ended a Call on purpose.

    Raises: the error itself when it is Busy, for no Call came of it, or when nobody foresaw it.
    """
    if isinstance(error, Busy) or not isinstance(error, GatewayError):
        raise error
    made = Refused if isinstance(error, Barred) else Failed
    return made(call=call, code=error.code, sentence=error.public)


def _given_back(case: Case, entries: Sequence[Entry]) -> tuple[Settle, ...]:
    """Settle what the Call's attempt took of budgets by what became of it."""
    return (budget.settled(case.call.id, 1, Outcome(str(entries[-1].body["outcome"])), budget.UNBEGUN),)


@final
class Closing:
    """Writes what the line itself did not come to write."""

    def __init__(self, *, journal: Journal, payloads: Payloads) -> None:
        self._journal = journal
        self._payloads = payloads

    async def refuse(self, case: Case, reading: Reading | Unreadable | None, verdict: Refuse) -> Refused:
        """INTENT and OUTCOME `refused` in one unit, then the answer."""
        call = case.call
        kept = await self._keep(case)
        intent = record.intent(case, reading, verdict, kept)
        ended = record.outcome(call.id, 1, Outcome.REFUSED, code=verdict.code)
        await self._journal.commit(Unit(entries=(intent, ended)))
        sentence = " ".join([*dict.fromkeys(reason.sentence for reason in verdict.reasons), verdict.advice]).strip()
        return Refused(call=call.id, code=verdict.code, sentence=sentence)

    async def close(self, case: Case, error: BaseException) -> None:
        """Give a Call that broke off its OUTCOME; an asked one is its Review's, a prepared one its Source's.

        A unit of this Call may still have been on its way when it broke off: who finds a slot taken looks again.
        """
        for _ in range(LOOKS):
            unit = self._ending(case, error, await self._journal.entries(case.call.id))
            if unit is None:
                return
            intent, entries = unit
            kept = await self._keep(case) if intent is not None else ()
            first = () if intent is None else (record.intent(case, None, intent, kept),)
            try:
                await self._journal.commit(Unit(entries=(*first, *entries), changes=_given_back(case, entries)))
            except (SlotTaken, Lost):
                continue
            return

    async def over(self, case: Case, work: Awaitable[T]) -> T:
        """Await a Call that runs nothing; whatever ends it, it has its Entries."""
        try:
            return await work
        except BaseException as error:
            await shielded(self.close(case, error))
            raise

    def _ending(
        self, case: Case, error: BaseException, found: Sequence[Sealed]
    ) -> tuple[Refuse | None, tuple[Entry, ...]] | None:
        """Return what is to be written, with a verdict where the INTENT is missing too; None when nothing is."""
        call, slots = case.call, project(found)
        cancelled = isinstance(error, asyncio.CancelledError)
        code = "cancelled" if cancelled else error.code if isinstance(error, GatewayError) else "internal"
        if not slots.attempts:
            if found or isinstance(error, Busy):
                return None  # it joined another Call's Review; or it was never taken
            broken = Refuse(reasons=(Reason(rule="", sentence="It broke off before a verdict."),), code=code)
            result = Outcome.CANCELLED if cancelled else Outcome.REFUSED
            return broken, (record.outcome(call.id, 1, result, code=code, more=record.until(error)),)
        if slots.ended is not None or slots.asked or slots.latest.prepared is not None:
            return None
        given_up = (record.abandoned(call.id, 1),) if slots.guarded else ()
        result = Outcome.CANCELLED if cancelled or isinstance(error, Blocked) else Outcome.ERROR
        return None, (*given_up, record.outcome(call.id, 1, result, code=code))

    async def _keep(self, case: Case) -> Sequence[Kept]:
        return await self._payloads.keep(case.call.id, case.session.id, case.call.source, record.words(case.call))
