"""The straight line: Call -> Caller -> Reading -> Verdict -> Permit -> Rows -> Masked -> Answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from core.admission import Admission
from core.enquiry import Enquiry
from core.errors import SourceError
from core.execution.asking.lifting import lifted
from core.execution.asking.opening import Asking, Met, countable
from core.execution.asking.weighing import Weighing
from core.execution.barrier import Barrier
from core.execution.beginning import Beginning, Start
from core.execution.closing import UNKNOWN_SOURCE, Closing, told
from core.execution.collect import Collection
from core.execution.courses import Courses
from core.execution.record import Case
from core.execution.shielding import shielded
from core.execution.turns import Turn, Turns
from core.model import Answer, Ask, Call, Caller, CallId, Checked, Reading, Refuse, Span, Tool, Unreadable
from core.ports import Connector, Impact, Judge, SourceView, Statement, Table


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """One line for every door; every arrow that matters is durable in the Journal before the next one starts."""

    admission: Admission
    connectors: Mapping[str, Connector]
    judge: Judge
    beginning: Beginning
    asking: Asking
    weighing: Weighing
    closing: Closing
    collection: Collection
    enquiry: Enquiry
    courses: Courses
    turns: Turns
    barrier: Barrier

    async def answer(self, call: Call) -> Answer:
        """Take a `query` or `execute` down the line; past the hold it goes on, and `collect` tells the rest."""
        case = await self.admission.admit(call)
        held = await self.courses.hold(call.id, self._closed(case))
        return held or await self.collection.later(case.caller, call)

    async def _closed(self, case: Case) -> Answer:
        """Walk the line; whatever ends it, the Call has an OUTCOME."""
        try:
            with self.barrier.running(case.parties):
                return await self._line(case)
        except BaseException as error:  # noqa: BLE001 -- the line's last: recorded, then told or raised again
            await shielded(self.closing.close(case, self.barrier.cause(case.parties, error)))
            return told(case.call.id, error)

    async def _line(self, case: Case) -> Answer:
        call, connector, impact = case.call, self.connectors.get(case.call.source), Impact()
        if connector is None:
            return await self.closing.refuse(case, None, UNKNOWN_SOURCE)
        met = await self._meet(case, connector)
        if isinstance(met, tuple) and countable(*met):
            impact = await connector.impact(Statement(text=call.statement, parameters=call.parameters))
            if impact.counted is not None:
                met = await self._meet(case, connector, impact.counted)
        met = await self.asking.due(case, await lifted(self.judge, case, connector, met))
        match met:
            case (reading, Refuse() as verdict):
                return await self.closing.refuse(case, reading, verdict)
            case (Reading() as reading, Ask() as verdict):
                asked = await self.asking.ask(case, reading, verdict, connector, impact)
                self.weighing.begin(case, (reading, verdict), connector, asked)
                return await self.collection.state(case.caller, call, asked.call)
            case tuple():
                raise SourceError("a verdict other than refuse on an unreadable text")
            case answer:
                return answer

    async def _meet(self, case: Case, connector: Connector, affected: int | None = None) -> Answer | Met:
        """Read and decide; what is allowed, or granted, runs in this visit, so that what was read is what runs."""
        statement = Statement(text=case.call.statement, parameters=case.call.parameters)
        async with connector.visit(statement, name=f"assent:{case.call.id}:1") as visit:
            reading = await visit.read(self.judge.bars(case.call, case.caller, connector.source))
            verdict = self.judge.decide(case.call, case.caller, connector.source, reading, affected=affected)
            if isinstance(reading, Unreadable) or isinstance(verdict, Refuse):
                return reading, verdict
            start = Start(case=case, connector=connector, reading=reading, verdict=verdict)
            return await self.beginning.begin(start, visit) or (reading, verdict)

    async def state(self, call: Call, of: CallId) -> Answer:
        """`collect`: where an own Call stands, or its result."""
        return await self.collection.state((await self.admission.admit(call)).caller, call, of)

    async def span(self, call: Call, of: CallId) -> Span:
        """From when to when an own Call can be asked about."""
        return await self.collection.span((await self.admission.admit(call)).caller, of)

    async def cancel(self, call: Call, of: CallId) -> Answer:
        """`cancel`: withdraw an own Call."""
        case = await self.admission.admit(call)
        work = self.collection.cancel(case.caller, of, beside=await self.enquiry.entries(case))
        return await self.closing.over(case, work)

    async def check(self, call: Call, *, plan: bool = False) -> Checked:
        """`check`: what would happen, without running or asking."""
        return await self.enquiry.check(await self.admission.admit(call), plan=plan)

    async def sources(self, call: Call) -> tuple[SourceView, ...]:
        """`list_sources`."""
        return await self.enquiry.sources(await self.admission.admit(call))

    async def search(self, call: Call, words: str, detail: str) -> tuple[Table, ...]:
        """`search_schema`."""
        return await self.enquiry.search(await self.admission.admit(call), words, detail)

    async def describe(self, call: Call, table: str) -> Table:
        """`describe_table`."""
        return await self.enquiry.describe(await self.admission.admit(call), table)

    def tools(self, caller: Caller) -> frozenset[Tool]:
        """Return the tools this Caller may use."""
        return self.admission.tools(caller)

    async def identify(self, bearer: str | None) -> Caller:
        """Verify a bearer token for a door's challenge; each Call is identified again."""
        return await self.admission.identify(bearer)

    def turn(self, of: CallId) -> Turn:
        """Take the next wake-up of a Call, before its state is read."""
        return self.turns.turn(of)
