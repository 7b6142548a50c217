"""Ends of a Call that never ran: refused, failed or cancelled before or after its INTENT; each leaves an OUTCOME."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import final

from core.errors import GatewayError, Lost, SlotTaken
from core.execution import record
from core.execution.record import Case
from core.execution.slots import project
from core.model import Entry, Outcome, Reading, Reason, Refuse, Refused, Unreadable
from core.ports import Journal, Kept, Payloads, Unit

UNKNOWN_SOURCE = Refuse(
    reasons=(Reason(rule="", sentence="There is no such source."),),
    code="unknown_source",
    advice="list_sources shows what there is.",
)


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
        """Give a Call that broke off its OUTCOME; one that is prepared is recovery's, which asks the Source."""
        call = case.call
        slots = project(await self._journal.entries(call.id))
        if slots.attempts and (slots.ended is not None or slots.asked):
            return
        cancelled = isinstance(error, asyncio.CancelledError)
        result = Outcome.CANCELLED if cancelled else Outcome.ERROR if slots.attempts else Outcome.REFUSED
        code = "cancelled" if cancelled else error.code if isinstance(error, GatewayError) else "internal"
        entries: tuple[Entry, ...] = (record.outcome(call.id, 1, result, code=code),)
        if not slots.attempts:
            broken = Refuse(reasons=(Reason(rule="", sentence="It broke off before a verdict."),), code=code)
            entries = (record.intent(case, None, broken, await self._keep(case)), *entries)
        elif slots.wrote:
            entries = (record.abandoned(call.id, 1), *entries)
        try:
            await self._journal.commit(Unit(entries=entries))
        except (SlotTaken, Lost):
            return

    async def _keep(self, case: Case) -> Sequence[Kept]:
        return await self._payloads.keep(case.call.id, case.session.id, case.call.source, record.words(case.call))
