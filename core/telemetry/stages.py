"""How long each step of the line takes, and a span for it: around the line's ports, so that the line knows nothing.

Spans bear the Call's id and words of the program: no statement, parameter, row, name of people or error's text.
OpenTelemetry's API does nothing where no provider was set (`core.telemetry.traces`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from contextvars import ContextVar
from enum import StrEnum
from types import TracebackType
from typing import Final, final

from opentelemetry import trace
from opentelemetry.trace import ProxyTracer, ProxyTracerProvider, Span, Status, StatusCode

from core.errors import GatewayError, SourceUnavailable
from core.model import FREE_TEXT, Bill, Caller, Masked, Permit, Reading, Rows, Sample, Source, Unreadable, Work
from core.ports import Bars, Connector, Fate, Identities, Impact, Masker, Outlay, Statement, Table, Visit
from core.telemetry.meters import Meters, Number
from core.telemetry.series import Spread

LOGGER: Final = logging.getLogger("assent.sources")
CALL: Final = "assent.call"
ERROR: Final = "error.type"  # OpenTelemetry's own name for it
FOREIGN: Final = "unforeseen"
TRACER: Final = trace.get_tracer("assent")
_CALL: Final[ContextVar[str]] = ContextVar("call", default="")


class Step(StrEnum):
    """Arrows of the line that take time, and what is done for them."""

    IDENTIFY = "identify"
    READ = "read"
    DECIDE = "decide"
    RUN = "run"
    COMMIT = "commit"
    MASK = "mask"
    JOURNAL = "journal"


class Asked(StrEnum):
    """What a Source was asked when it stayed away; before `run` no statement of the agent's had begun."""

    VISIT = "visit"
    READ = "read"
    RUN = "run"
    PLAN = "plan"
    COMMIT = "commit"
    TABLES = "tables"
    FATE = "fate"
    BILL = "bill"
    END = "end"
    IMPACT = "impact"
    SAMPLE = "sample"


NAMES: Final[Mapping[Step, str]] = {step: f"assent.{step.value}" for step in Step}  # of spans
LABELS: Final[Mapping[Step, str]] = {step: step.value for step in Step}  # of numbers


@final
class Stages:
    """A stopwatch with a span, where spans go anywhere when it is made."""

    def __init__(self, meters: Meters) -> None:
        self.meters: Final = meters
        self._spans: Final = recorded()
        self._spreads: Final[dict[Step, Spread]] = {}

    def of(self, step: Step, call: str = "") -> Timing:
        """Measure one step; without a Call's name it is of the one that this task met last."""
        if call and self._spans:
            _CALL.set(call)
            trace.get_current_span().set_attribute(CALL, call)
        spread = self._spreads.get(step)
        if spread is None:
            spread = self._spreads[step] = self.meters.spread(Number.STAGE, LABELS[step])
        return Timing(spread, _begun(step) if self._spans else None)

    def away(self, source: str, asked: Asked, call: str = "") -> Away:
        """Say in a number and a line why a Source stayed away, where it does: closed words, none of its own."""
        return Away(self.meters, source, asked, call)

    def operation(self, tool: str, outcome: str, seconds: float) -> None:
        """Say how a request of a tool ended; the names are OpenTelemetry's conventions for MCP."""
        self.meters.took(Number.OPERATION, seconds, "tools/call", tool, outcome)


def recorded() -> bool:
    """Whether spans go anywhere: a provider was set, or a tracer put in place of the API's own."""
    return not (isinstance(TRACER, ProxyTracer) and isinstance(trace.get_tracer_provider(), ProxyTracerProvider))


@final
class Timing:
    """One step under way; there are ten in a call, so that it is no generator, and makes no span that goes nowhere."""

    __slots__ = ("_began", "_current", "_span", "_spread")

    def __init__(self, spread: Spread, span: Span | None) -> None:
        self._spread = spread
        self._span = span
        self._current: AbstractContextManager[Span] | None = None
        self._began = time.perf_counter()

    def __enter__(self) -> None:
        """Begin; a span of nobody's is not made the current one."""
        if self._span is not None and self._span.get_span_context().is_valid:
            self._current = trace.use_span(
                self._span, end_on_exit=True, record_exception=False, set_status_on_exception=False
            )
            self._current.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        """Say how long it took, and in its span that it failed; never the error's words."""
        if self._span is not None:
            _told(self._span, error)
        self._spread.add(time.perf_counter() - self._began)
        if self._current is not None:
            self._current.__exit__(kind, error, place)


def _begun(step: Step) -> Span:
    return TRACER.start_span(NAMES[step], record_exception=False, set_status_on_exception=False)


def _told(span: Span, error: BaseException | None) -> None:
    if error is not None:
        _failed(span, error)
    if known := _CALL.get():
        span.set_attribute(CALL, known)


def _failed(span: Span, error: BaseException) -> None:
    span.set_status(Status(StatusCode.ERROR))
    span.set_attribute(ERROR, error.code if isinstance(error, GatewayError) else FOREIGN)


@final
class Away:
    """One question to a Source, which may stay away; there are three in a call, so that it is no generator."""

    __slots__ = ("_asked", "_call", "_meters", "_source")

    def __init__(self, meters: Meters, source: str, asked: Asked, call: str) -> None:
        self._meters = meters
        self._source = source
        self._asked = asked
        self._call = call

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        """Say that it stayed away, and why."""
        if not isinstance(error, SourceUnavailable):
            return
        self._meters.count(Number.AWAY, self._source, self._asked.value, error.cause.value)
        said = {"source": self._source, "step": self._asked.value, "cause": error.cause.value}
        LOGGER.warning("a source stayed away", extra={**said, **({"call": self._call} if self._call else {})})


@final
class TimedIdentities:
    """Other Identities, timed."""

    def __init__(self, inner: Identities, stages: Stages) -> None:
        self._inner: Final = inner
        self._stages: Final = stages

    async def caller(self, bearer: str | None) -> Caller:
        """As theirs."""
        with self._stages.of(Step.IDENTIFY):
            return await self._inner.caller(bearer)


@final
class TimedMasker:
    """Another Masker, timed, and its masked cells counted."""

    def __init__(self, inner: Masker, stages: Stages) -> None:
        self._inner: Final = inner
        self._stages: Final = stages

    def finish(self, rows: Rows, reading: Reading, source: str) -> Masked:
        """As its."""
        with self._stages.of(Step.MASK):
            masked = self._inner.finish(rows, reading, source)
        for column in masked.columns:
            if column.mask is not None and column.mask != FREE_TEXT and masked.rows:
                self._stages.meters.count(Number.MASKED, source, column.mask, by=len(masked.rows))
        if masked.hidden:
            self._stages.meters.count(Number.MASKED, source, FREE_TEXT, by=masked.hidden)
        return masked


@final
class TimedVisit:
    """Another Visit, timed."""

    def __init__(self, inner: Visit, stages: Stages, source: str, call: str) -> None:
        self._inner: Final = inner
        self._stages: Final = stages
        self._source: Final = source
        self._call: Final = call

    def _away(self, asked: Asked) -> Away:
        return self._stages.away(self._source, asked, self._call)

    async def read(self, bars: Bars | None = None) -> Reading | Unreadable:
        """As its."""
        with self._away(Asked.READ), self._stages.of(Step.READ, self._call):
            return await self._inner.read(bars)

    async def run(self, permit: Permit) -> Rows:
        """As its."""
        with self._away(Asked.RUN), self._stages.of(Step.RUN, self._call):
            rows = await self._inner.run(permit)
        if rows.bill is not None:
            self._stages.meters.count(Number.BILLED, permit.call.source, by=rows.bill.bytes)
        return rows

    async def plan(self) -> str | None:
        """As its."""
        with self._away(Asked.PLAN):
            return await self._inner.plan()

    async def commit(self) -> None:
        """As its."""
        with self._away(Asked.COMMIT), self._stages.of(Step.COMMIT, self._call):
            await self._inner.commit()


@final
class Visiting:
    """Another's visit on its way: counted while it waits, and while it is open."""

    __slots__ = ("_call", "_inner", "_source", "_stages")

    def __init__(self, inner: AbstractAsyncContextManager[Visit], stages: Stages, source: str, call: str) -> None:
        self._inner = inner
        self._stages = stages
        self._source = source
        self._call = call

    async def __aenter__(self) -> Visit:
        """Open it."""
        meters = self._stages.meters
        meters.move(Number.QUEUE, 1, self._source)
        try:
            with self._stages.away(self._source, Asked.VISIT, self._call):
                visit = await self._inner.__aenter__()
        finally:
            meters.move(Number.QUEUE, -1, self._source)
        meters.move(Number.IN_USE, 1, self._source)
        return TimedVisit(visit, self._stages, self._source, self._call)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> bool | None:
        """Close it; from here on nobody uses it."""
        self._stages.meters.move(Number.IN_USE, -1, self._source)
        return await self._inner.__aexit__(kind, error, place)


@final
class TimedConnector:
    """Another Connector, its visits counted and timed."""

    def __init__(self, inner: Connector, stages: Stages) -> None:
        self._inner: Final = inner
        self._stages: Final = stages

    @property
    def source(self) -> Source:
        """As its."""
        return self._inner.source

    @property
    def role(self) -> tuple[str, ...]:
        """As its."""
        return self._inner.role

    def job(self, permit: Permit) -> Work | None:
        """As its."""
        return self._inner.job(permit)

    def visit(self, statement: Statement, *, name: str) -> AbstractAsyncContextManager[Visit]:
        """As its."""
        call = name.split(":")[1] if name.count(":") else ""
        return Visiting(self._inner.visit(statement, name=name), self._stages, self.source.name, call)

    def _away(self, asked: Asked) -> Away:
        return self._stages.away(self.source.name, asked)

    async def tables(self) -> tuple[Table, ...]:
        """As its."""
        with self._away(Asked.TABLES):
            return await self._inner.tables()

    async def fate(self, work: Work) -> Fate:
        """As its."""
        with self._away(Asked.FATE):
            return await self._inner.fate(work)

    async def bill(self, work: Work) -> Bill | None:
        """As its."""
        with self._away(Asked.BILL):
            return await self._inner.bill(work)

    async def end(self, names: frozenset[str]) -> None:
        """As its."""
        with self._away(Asked.END):
            await self._inner.end(names)

    async def impact(self, statement: Statement, outlay: Outlay | None = None) -> Impact:
        """As its."""
        with self._away(Asked.IMPACT):
            return await self._inner.impact(statement, outlay)

    async def sample(self, statement: Statement) -> Sample | None:
        """As its."""
        with self._away(Asked.SAMPLE):
            return await self._inner.sample(statement)
