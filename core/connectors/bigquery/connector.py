"""A configured BigQuery: one read principal, one knowledge of the catalogue, one visit a statement."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Final, final

from core.connectors.bigquery.catalogue import Catalogue, tables
from core.connectors.bigquery.service import Place, Service
from core.connectors.bigquery.visit import DONE, DUPLICATE, VOID, BigQueryVisit, Tools, billed, identify
from core.errors import GatewayError, SourceError, StatementFailed
from core.model import Bill, Permit, Sample, Source, Work
from core.ports import Clock, Fate, Impact, Statement, Table

NOT_THERE: Final = "notFound"
VOID_MILLISECONDS: Final = 10_000


@final
class BigQueryConnector:
    """One configured Source; `open` before use, `close` after. Reads only."""

    def __init__(self, source: Source, *, place: Place, masks: Mapping[str, str], clock: Clock, most: int) -> None:
        """`masks` maps tags to kinds of mask, `most` is the bytes that one query may be billed.

        Raises: UnsafeStart.
        """
        self._source: Final = source
        self._service: Final = Service(place)
        catalogue = Catalogue(self._service, source.tags, masks)
        self._tools: Final = Tools(service=self._service, catalogue=catalogue, clock=clock, most=most)

    async def open(self) -> None:
        """Load the catalogue.

        Raises: SourceError, SettingsError.
        """
        await self._tools.catalogue.current()

    async def close(self) -> None:
        """Let go of threads and connections."""
        self._service.close()

    @property
    def source(self) -> Source:
        """The Source without its secrets."""
        return self._source

    @property
    def role(self) -> tuple[str, str, str]:
        """Name the read principal; there are no others."""
        return (f"{self._service.place.project}:read", "", "")

    def job(self, permit: Permit) -> Work:
        """Name the job that a Permit starts: running it commits, so that PREPARED comes first."""
        place = self._service.place
        name = identify(f"assent:{permit.call.id}:{permit.attempt}")
        return Work(xid=name, system=place.project, timeline=place.location, backend=name, affected=0)

    @contextlib.asynccontextmanager
    async def visit(self, statement: Statement, *, name: str) -> AsyncIterator[BigQueryVisit]:
        """Begin a visit; no connection is held by it."""
        yield BigQueryVisit(self._tools, statement, name=name)

    async def tables(self) -> tuple[Table, ...]:
        """Everything a statement may name, with effective tags."""
        return tables(await self._tools.catalogue.current())

    async def fate(self, work: Work) -> Fate:
        """Ask what became of a job; an id that nobody used is taken, so that nobody can use it any more."""
        place = self._service.place
        if (work.system, work.timeline) != (place.project, place.location):
            return Fate.UNKNOWN
        try:
            return await self._told(work)
        except GatewayError:
            return Fate.SILENT

    async def bill(self, work: Work) -> Bill | None:
        """Ask what a job was billed that is over; one that took an id so that nothing else can cost nothing."""
        place = self._service.place
        if (work.system, work.timeline) != (place.project, place.location):
            return None
        try:
            return billed(await self._service.job(work.xid))
        except GatewayError:
            return None

    async def _told(self, work: Work) -> Fate:
        try:
            job = await self._service.job(work.xid)
        except StatementFailed as error:
            if error.sqlstate != NOT_THERE:
                raise
            return await self._void(work)
        if job["configuration"].get("labels", {}).get(VOID):
            return Fate.ABORTED
        if job["status"]["state"] != DONE:
            await self._service.cancel(work.xid)
            return Fate.IN_PROGRESS
        return Fate.ABORTED if job["status"].get("errorResult") else Fate.COMMITTED

    async def _void(self, work: Work) -> Fate:
        """Take an id by a job that reads nothing: "not found" does not prove that nobody will submit it."""
        limits = {"labels": {VOID: "1"}, "bytes": 1, "milliseconds": VOID_MILLISECONDS}
        try:
            await self._service.insert("SELECT 1", (), work.xid, limits)
        except StatementFailed as error:
            if error.sqlstate != DUPLICATE:
                raise
            return Fate.SILENT  # somebody was faster: the next look sees what is there
        return Fate.ABORTED

    async def end(self, names: frozenset[str]) -> None:
        """Ask jobs of these attempts to stop; what is away is let be."""
        for name in names:
            with contextlib.suppress(SourceError):
                await self._service.cancel(identify(name))

    async def impact(self, statement: Statement) -> Impact:
        """Give none: nothing changes here."""
        del statement
        return Impact()

    async def sample(self, statement: Statement) -> Sample | None:
        """Give none."""
        del statement
        return None
