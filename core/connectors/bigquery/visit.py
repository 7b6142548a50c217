"""One visit: text, dry run, agreement, masks; and under a Permit one job, whose account is held against the Permit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, final

import orjson

from core.classify.bigquery import Account, Ground, Spliced, account, agree, allowed, masked, splice, tree
from core.connectors.bigquery import reasons, values
from core.connectors.bigquery.catalogue import Catalogue
from core.connectors.bigquery.service import Service, said
from core.errors import Drifted, OutcomeUnknown, SourceUnavailable, StatementFailed, TimedOut
from core.model import Bill, Cell, Cut, Doubt, Limits, Permit, Reading, Rows, Unreadable, Verb
from core.ports import Clock, Statement
from core.warehouse import Dry, Field

READS_ONLY: Final = Unreadable(doubt=Doubt.CLOSED, sentence="This source takes reads only.")
MISTAKES: Final = frozenset({"invalid", "invalidQuery", "notFound", "accessDenied", "policyViolation", "blocked"})
DONE: Final = "DONE"
DUPLICATE: Final = "duplicate"
FRESH_SECONDS: Final = 5.0  # what was read in this visit and did not wait is what runs
FIRST_SECONDS: Final = 0.05
MOST_SECONDS: Final = 1.0
STOP_SECONDS: Final = 30.0  # how long a stopped job may take to say so
LABEL: Final = 40  # hex digits of the digest that fit a label
VOID: Final = "assent_void"  # label of a job that took an id so that nothing else can


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every visit of a Source shares."""

    service: Service
    catalogue: Catalogue
    clock: Clock
    most: int  # bytes billed per query


@final
class BigQueryVisit:
    """Reads by both witnesses; runs a job of its own id, and gives rows only when the job is what was permitted."""

    def __init__(self, tools: Tools, statement: Statement, *, name: str) -> None:
        """`name` is "assent:<call>:<attempt>"; the job's id is the same with letters that an id may have."""
        self._tools: Final = tools
        self._statement: Final = statement
        self._job: Final = identify(name)
        self._held: Reading | None = None
        self._at = 0.0

    async def read(self) -> Reading | Unreadable:
        """Read the statement by both witnesses; nothing of it runs.

        Raises: SourceError where the service does not answer: the parser alone is no witness.
        """
        found = await self._read()
        self._held, self._at = found if isinstance(found, Reading) else None, time.monotonic()
        return found

    async def _read(self) -> Reading | Unreadable:
        given = self._statement
        told = await asyncio.to_thread(account, given.text, given.parameters)
        if isinstance(told, Unreadable):
            return told
        if told.reading.verbs != {Verb.READ}:
            return READS_ONLY
        found = await self._witnessed(told)
        if isinstance(found, Unreadable) and found.doubt is Doubt.DISAGREE:  # once more, if only our catalogue was old
            await self._tools.catalogue.load(await self._tools.catalogue.current())
            found = await self._witnessed(told)
        return found

    async def _witnessed(self, told: Account) -> Reading | Unreadable:
        known = await self._tools.catalogue.current()
        ground = Ground(warehouse=known.warehouse, guard=known.guard)
        trouble = allowed(told, ground)
        if trouble is not None:
            return trouble
        spliced = await asyncio.to_thread(splice, told, ground.warehouse, ground.guard)
        if isinstance(spliced, Unreadable):
            return spliced
        raw = await self._asked(told.reading.statement, "1")
        if isinstance(raw, Unreadable):
            return raw
        reading = agree(told, raw, ground)
        if isinstance(reading, Unreadable) or spliced is None:
            return reading
        return await self._masked(reading, raw, spliced, ground)

    async def _asked(self, text: str, number: str) -> Dry | Unreadable:
        """Dry-run a text; a mistake in it is the agent's, without a word of the service's."""
        try:
            return await self._tools.service.dry(text, self._statement.parameters, f"{self._job}_dry{number}")
        except StatementFailed as error:
            if error.sqlstate in MISTAKES:
                return Unreadable(doubt=Doubt.MISSING, sentence=error.public)
            raise

    async def _masked(self, reading: Reading, raw: Dry, spliced: Spliced, ground: Ground) -> Reading | Unreadable:
        """Dry-run the hollow and the masked text, and hold both against the agent's own."""
        hollow, shown = await asyncio.gather(self._asked(spliced.hollow, "0"), self._asked(spliced.text, "2"))
        if isinstance(hollow, Unreadable):
            return Unreadable(doubt=Doubt.DISAGREE, sentence=hollow.sentence, detail="hollow: not read")
        if isinstance(shown, Unreadable):
            return Unreadable(doubt=Doubt.DISAGREE, sentence=shown.sentence, detail="masked: not read")
        return masked(reading, raw, hollow, shown, spliced.text, ground)

    # ------------------------------------------------------------ running

    async def run(self, permit: Permit) -> Rows:
        """Run what is permitted as one job; its PREPARED is durable.

        Raises: Drifted, StatementFailed, TimedOut, SourceUnavailable, OutcomeUnknown.
        """
        began = time.monotonic()
        fresh = self._held is not None and time.monotonic() - self._at < FRESH_SECONDS
        again = self._held if fresh else await self.read()
        if not isinstance(again, Reading) or (again.tree, again.text) != (permit.reading.tree, permit.text):
            raise Drifted("what both witnesses say is no longer what was permitted")
        allowed_ = min(permit.limits.timeout, permit.deadline - self._tools.clock.now())
        if allowed_ <= timedelta(0):
            raise TimedOut("the attempt's deadline has passed")
        job = await self._finished(await self._begun(permit, allowed_), began + allowed_.total_seconds())
        fields = held(job, permit)
        rows = await self._rows(permit, fields)
        return replace(rows, elapsed=timedelta(seconds=time.monotonic() - began), bill=billed(job))

    async def _begun(self, permit: Permit, allowed_: timedelta) -> Mapping[str, Any]:
        """Insert the job; one that is there already under this id must be this one.

        Raises: SourceError.
        """
        limits = {
            "labels": labels(permit),
            "bytes": min(self._tools.most, permit.limits.billed_bytes or self._tools.most),
            "milliseconds": int(allowed_.total_seconds() * 1000),
        }
        service, job = self._tools.service, self._job
        try:
            return await service.insert(permit.text, permit.parameters, job, limits)
        except StatementFailed as error:
            if error.sqlstate != DUPLICATE:
                raise
        except SourceUnavailable as error:
            raise OutcomeUnknown("the insertion of the job was not answered") from error
        found = await service.job(job)
        if not same(found, permit):
            raise OutcomeUnknown("another job has this attempt's id")
        return found

    async def _finished(self, job: Mapping[str, Any], deadline: float) -> Mapping[str, Any]:
        """Look at a job until it is over; no thread waits for it. Past the deadline it is asked to stop.

        Raises: TimedOut, OutcomeUnknown.
        """
        delay, stopping = FIRST_SECONDS, False
        try:
            while job["status"]["state"] != DONE:
                if time.monotonic() > deadline + STOP_SECONDS:
                    raise OutcomeUnknown("a job that was asked to stop still runs")
                if time.monotonic() > deadline and not stopping:
                    stopping = True
                    await self._tools.service.cancel(self._job)
                await asyncio.sleep(delay)
                delay = min(delay * 2, MOST_SECONDS)
                job = await self._tools.service.job(self._job)
        except SourceUnavailable as error:
            raise OutcomeUnknown("nobody says what became of the job") from error
        return job

    async def _rows(self, permit: Permit, fields: tuple[Field, ...]) -> Rows:
        """Fetch rows until they are too many or too large.

        Raises: SourceError.
        """
        taking, token = Taking(permit.limits), ""
        while True:
            left = permit.limits.returned_rows + 1 - len(taking.rows)
            page = await self._tools.service.page(self._job, token, left)
            if values.fields(page.get("schema", {}).get("fields", [])) != fields and not token:
                raise Drifted("the result has other columns than were permitted")
            taking.take(page.get("rows", []), fields)
            token = str(page.get("pageToken", ""))
            if taking.cut is not None or not token:
                return Rows(columns=values.columns(fields), rows=tuple(taking.rows), cut=taking.cut)

    async def plan(self) -> str | None:
        """Give none: the service has no plan before it runs."""
        return None

    async def commit(self) -> None:
        """Refuse: a job commits by itself.

        Raises: StatementFailed.
        """
        raise StatementFailed("25P01", public="There is nothing to commit.")


@final
class Taking:
    """Rows so far, within the caps of an answer."""

    def __init__(self, limits: Limits) -> None:
        self._limits: Final = limits
        self._used = 2
        self.rows: list[tuple[Cell, ...]] = []
        self.cut: Cut | None = None

    def take(self, page: list[Mapping[str, Any]], fields: tuple[Field, ...]) -> None:
        """Read a page's rows behind those before."""
        for one in page:
            if len(self.rows) == self._limits.returned_rows:
                self.cut = Cut.ROWS
                return
            row = values.row(one, fields)
            self._used += len(orjson.dumps(row)) + 1
            if self._used > self._limits.returned_bytes:
                self.cut = Cut.BYTES
                return
            self.rows.append(row)


def held(job: Mapping[str, Any], permit: Permit) -> tuple[Field, ...]:
    """Hold a finished job against its Permit before a row is asked for; give its columns.

    Raises: SourceError where it failed, Drifted where it is not what was permitted.
    """
    error = job["status"].get("errorResult")
    if error is not None:
        raise reasons.failure(str(error.get("reason", "")))
    told = said(job)
    if not same(job, permit) or told.kind != "SELECT" or not told.whole:
        raise Drifted("the job is not what was permitted")
    fields = told.fields
    if fields is None or tree(permit.text, told) != permit.reading.tree:
        raise Drifted("the job read other tables, or gave other columns, than were permitted")
    return fields


def billed(job: Mapping[str, Any]) -> Bill | None:
    """Say what a job was billed: nothing before it is over, for then nobody knows.

    JobStatistics2: https://cloud.google.com/bigquery/docs/reference/rest/v2/Job
    """
    told = job.get("statistics", {})
    query = told.get("query", {})
    if job["status"]["state"] != DONE or not str(query.get("totalBytesBilled", "")).isdecimal():
        return None
    return Bill(
        bytes=int(query["totalBytesBilled"]),
        slot_milliseconds=int(told.get("totalSlotMs", 0)),
        cached=query.get("cacheHit") is True,
    )


def same(job: Mapping[str, Any], permit: Permit) -> bool:
    """Whether a job has the text and the digest of a Permit."""
    configuration = job["configuration"]
    digest = configuration.get("labels", {}).get("assent_digest")
    return bool(configuration["query"].get("query") == permit.text and digest == permit.digest[:LABEL])


def labels(permit: Permit) -> dict[str, str]:
    """Label a job: https://cloud.google.com/bigquery/docs/labels-intro. Never a name or a text: others see them."""
    return {"assent_call": permit.call.id.lower()[:63], "assent_digest": permit.digest[:LABEL]}


def identify(name: str) -> str:
    """Make a job's id of an attempt's name."""
    return name.replace(":", "_")
