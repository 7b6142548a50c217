"""One job under a Permit: begun once under an id of ours, looked at until it is over, held against the Permit."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, final

import orjson

from core.classify.bigquery import READ, tree
from core.connectors.bigquery import reasons, values
from core.connectors.bigquery.service import Service, said
from core.errors import Drifted, OutcomeUnknown, SourceError, SourceUnavailable, StatementFailed
from core.model import Bill, Cell, Cut, Limits, Permit, Rows, Work
from core.ports import Fate
from core.warehouse import Field

DONE: Final = "DONE"
DUPLICATE: Final = "duplicate"
FIRST_SECONDS: Final = 0.05
MOST_SECONDS: Final = 1.0
STOP_SECONDS: Final = 30.0  # how long a stopped job may take to say so
LABEL: Final = 40  # hex digits of the digest that fit a label
LONGEST: Final = 63  # of a label
UNFIT: Final = re.compile(r"[^a-z0-9_-]")
VOID: Final = "assent_void"  # label of a job that took an id so that nothing else can


@final
class Job:
    """One id and what runs under it."""

    def __init__(self, service: Service, name: str, *, most: int, spent: int = 0) -> None:
        """`most` is the bytes that one query may be billed, of which `spent` were, to count what it would change."""
        self._service: Final = service
        self._name: Final = name
        self._most: Final = most
        self._spent: Final = spent

    async def run(self, permit: Permit, seconds: float, began: float) -> Rows:
        """Begin it, wait, and give its rows, or how many it changed; `began` is of the monotonic clock.

        Raises: Drifted, StatementFailed, TimedOut, SourceUnavailable, OutcomeUnknown.
        """
        job = await self._finished(await self._begun(permit, seconds), began + seconds)
        if permit.reading.writes:
            rows = Rows(work=settled(job, permit, self._service))
        else:
            rows = await self._rows(permit, held(job, permit))
        return replace(rows, elapsed=timedelta(seconds=time.monotonic() - began), bill=more(billed(job), self._spent))

    async def _begun(self, permit: Permit, seconds: float) -> Mapping[str, Any]:
        """Insert the job; one that is there already under this id must be this one.

        Raises: SourceError.
        """
        most = permit.limits.billed_bytes
        left = (self._most if most is None else min(self._most, most)) - self._spent
        if left <= 0:
            raise reasons.failure("bytesBilledLimitExceeded")
        limits = {
            "labels": labels(permit),
            "bytes": left,
            "milliseconds": int(seconds * 1000),
        }
        service, job = self._service, self._name
        try:
            return await service.insert(permit.text, permit.parameters, job, limits)
        except StatementFailed as error:
            refusal = None if error.sqlstate == DUPLICATE else error
        except SourceUnavailable as error:
            raise OutcomeUnknown("the insertion of the job was not answered") from error
        found = await self._there(refusal)
        if not same(found, permit):
            raise OutcomeUnknown("another job has this attempt's id")
        return found

    async def _there(self, refusal: StatementFailed | None) -> Mapping[str, Any]:
        """Look for a job whose insertion was refused: an earlier request for it may have been accepted, unanswered.

        Raises: the refusal where there is none; OutcomeUnknown.
        """
        try:
            return await self._service.job(self._name)
        except StatementFailed as error:
            if refusal is not None:
                raise refusal from None
            raise OutcomeUnknown("nobody says what became of the job") from error
        except SourceError as error:
            raise OutcomeUnknown("nobody says what became of the job") from error

    async def _finished(self, job: Mapping[str, Any], deadline: float) -> Mapping[str, Any]:
        """Look at a job until it is over; no thread waits for it. Past the deadline it is asked to stop.

        Raises: OutcomeUnknown.
        """
        delay, stopping = FIRST_SECONDS, False
        while job["status"]["state"] != DONE:
            if time.monotonic() > deadline + STOP_SECONDS:
                raise OutcomeUnknown("a job that was asked to stop still runs")
            if time.monotonic() > deadline and not stopping:
                stopping = True
                await self._stop()
            await asyncio.sleep(delay)
            delay = min(delay * 2, MOST_SECONDS)
            job = await self._seen()
        return job

    async def _seen(self) -> Mapping[str, Any]:
        """Look at the job, which was begun: that it cannot be found proves nothing.

        Raises: OutcomeUnknown.
        """
        try:
            return await self._service.job(self._name)
        except SourceError as error:
            raise OutcomeUnknown("nobody says what became of the job") from error

    async def _stop(self) -> None:
        """Ask the job to stop.

        Raises: OutcomeUnknown.
        """
        try:
            await self._service.cancel(self._name)
        except SourceError as error:
            raise OutcomeUnknown("the job could not be asked to stop") from error

    async def _rows(self, permit: Permit, fields: tuple[Field, ...]) -> Rows:
        """Fetch rows until they are too many or too large.

        Raises: SourceError.
        """
        taking, token = Taking(permit.limits), ""
        while True:
            left = permit.limits.returned_rows + 1 - len(taking.rows)
            page = await self._service.page(self._name, token, left)
            if values.fields(page.get("schema", {}).get("fields", [])) != fields and not token:
                raise Drifted("the result has other columns than were permitted")
            taking.take(page.get("rows", []), fields)
            token = str(page.get("pageToken", ""))
            if taking.cut is not None or not token:
                return Rows(columns=values.columns(fields), rows=tuple(taking.rows), cut=taking.cut)


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


def ended(job: Mapping[str, Any]) -> None:
    """Require that a finished job did not fail: one statement is atomic, so that one that failed changed nothing.

    Raises: SourceError.
    """
    error = job["status"].get("errorResult")
    if error is not None:
        raise reasons.failure(str(error.get("reason", "")))


def held(job: Mapping[str, Any], permit: Permit) -> tuple[Field, ...]:
    """Hold a finished read against its Permit before a row is asked for; give its columns.

    Raises: SourceError where it failed, Drifted where it is not what was permitted.
    """
    ended(job)
    told = said(job)
    if not same(job, permit) or told.kind != READ or not told.whole:
        raise Drifted("the job is not what was permitted")
    fields = told.fields
    if fields is None or tree(permit.text, told) != permit.reading.tree:
        raise Drifted("the job read other tables, or gave other columns, than were permitted")
    return fields


def settled(job: Mapping[str, Any], permit: Permit, service: Service) -> Work:
    """Say what a finished change did; one that is not what was permitted did something that nobody can say here.

    Raises: SourceError where it failed, OutcomeUnknown.
    """
    ended(job)
    told = said(job)
    if not same(job, permit) or not told.whole or tree(permit.text, told) != permit.reading.tree:
        raise OutcomeUnknown("the job that ran is not what was permitted")
    counted = job["statistics"]["query"].get("numDmlAffectedRows", 0)
    return work(service, str(job["jobReference"]["jobId"]), affected=int(counted))


def work(service: Service, job: str, *, affected: int = 0) -> Work:
    """Name a job as recovery asks for it: its id, project, location, and as whom it runs."""
    place = service.place
    return Work(xid=job, system=place.project, timeline=place.location, backend=place.account, affected=affected)


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
        slot_milliseconds=int(query.get("totalSlotMs", told.get("totalSlotMs", 0))),
        cached=query.get("cacheHit") is True,
    )


def became(job: Mapping[str, Any]) -> Fate:
    """Say what became of a job, as it is now: one that took an id so that nothing else can ran nothing of a Call's."""
    if job["configuration"].get("labels", {}).get(VOID):
        return Fate.ABORTED
    if job["status"]["state"] != DONE:
        return Fate.IN_PROGRESS
    return Fate.ABORTED if job["status"].get("errorResult") else Fate.COMMITTED


def more(bill: Bill | None, bytes_: int) -> Bill | None:
    """Add what was billed to a bill that is known."""
    return None if bill is None else replace(bill, bytes=bill.bytes + bytes_)


def same(job: Mapping[str, Any], permit: Permit) -> bool:
    """Whether a job has the text and the digest of a Permit."""
    configuration = job["configuration"]
    digest = configuration.get("labels", {}).get("assent_digest")
    return bool(configuration["query"].get("query") == permit.text and digest == permit.digest[:LABEL])


def labels(permit: Permit) -> dict[str, str]:
    """Label a job: https://cloud.google.com/bigquery/docs/labels-intro. Never a name or a text: others see them."""
    return {
        "assent_call": permit.call.id.lower()[:LONGEST],
        "assent_agent": agent(permit.caller.client),
        "assent_digest": permit.digest[:LABEL],
    }


def agent(client: str) -> str:
    """Write a client's id as a label may be; "" where it could be a person's address."""
    return "" if "@" in client else UNFIT.sub("_", client.lower())[:LONGEST]


def identify(name: str) -> str:
    """Make a job's id of an attempt's name."""
    return name.replace(":", "_")
