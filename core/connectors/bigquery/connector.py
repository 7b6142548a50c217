"""A configured BigQuery: an account that reads, one that changes, one knowledge of the catalogue, visits."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, final

from core.classify.bigquery import Account, account
from core.connectors.bigquery.catalogue import Catalogue, tables
from core.connectors.bigquery.counting import counting, foretold
from core.connectors.bigquery.fence import Fenced, standing
from core.connectors.bigquery.job import DUPLICATE, VOID, became, billed, identify, more, work
from core.connectors.bigquery.reading import Tools
from core.connectors.bigquery.rights import Trouble, troubles
from core.connectors.bigquery.service import Place, Service
from core.connectors.bigquery.visit import BigQueryVisit
from core.errors import GatewayError, SourceError, StatementFailed, UnsafeStart
from core.masking import Step
from core.masking.warehouse.fence import plan
from core.masking.warehouse.fields import Wanted
from core.masking.warehouse.keysets import Keyset
from core.model import Bill, Permit, Sample, Source, Work
from core.ports import Clock, Fate, Impact, Outlay, Statement, Table
from core.warehouse import Registered

NOT_THERE: Final = "notFound"
VOID_MILLISECONDS: Final = 10_000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """The enforced form: masking views, and as whom what they hide is known; that account reads no row."""

    dataset: str
    looking: Place


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What an operator looked at, by name: views that may read protected tables, and code."""

    trusted: frozenset[str] = frozenset()
    routines: Mapping[str, Registered] = field(default_factory=dict)


@final
class BigQueryConnector:
    """One configured Source; `open` before use, `close` after."""

    def __init__(
        self,
        source: Source,
        *,
        place: Place,
        writing: Place | None = None,
        masks: Mapping[str, str],
        keyset: Keyset | None = None,
        accepted: Accepted | None = None,
        clock: Clock,
        most: int,
        views: Views | None = None,
    ) -> None:
        """`masks` maps tags to kinds of mask, `most` is the bytes that one query may be billed.

        `writing` differs from `place` by its account; None: nothing is changed. `views`: the enforced form. `keyset`:
        what tokens are made with. `accepted`: views and code that somebody looked at.

        Raises: UnsafeStart, SettingsError.
        """
        self._source: Final = source
        known = accepted or Accepted()
        wanted = Wanted(tags=source.tags, masks=masks, keyset=keyset, trusted=known.trusted, routines=known.routines)
        self._service: Final = Service(place)
        self._writer: Final = None if writing is None else Service(writing)
        self._looker: Final = self._service if views is None else Service(views.looking)
        self._fenced: Final = None if views is None else Fenced(views.dataset, self._service)
        self._tools: Final = Tools(
            service=self._service,
            writer=self._writer,
            looker=self._looker,
            catalogue=Catalogue(self._looker, wanted, self._fenced),
            clock=clock,
            most=most,
        )

    async def open(self) -> None:
        """Load the catalogue; in the enforced form, require that masks are.

        Raises: SourceError, SettingsError, UnsafeStart.
        """
        known = await self._tools.catalogue.current()
        if self._fenced is not None and known.fence is not None:
            wrong = await self._fenced.troubles(known.guard, known.fence)
            if wrong:
                first = next(iter(wrong.values()))[0]
                raise UnsafeStart(f"[source.{self._source.name}]: {first}; run assent harden")

    async def plan(self, reader: str) -> tuple[Step, ...]:
        """Say what an administrator must do so that masks are enforced for an account that reads, by its e-mail.

        Raises: SourceError, SettingsError.
        """
        known = await self._tools.catalogue.current()
        if known.fence is None:
            return ()
        stands = await standing(self._service, known.warehouse, known.guard)
        return plan(known.warehouse, known.guard, known.fence, stands, reader)

    def troubles(self) -> AsyncIterator[Trouble]:
        """Say what is wrong with accounts and places; an operator asks.

        Raises: SourceError.
        """
        return troubles(self._service, self._writer, self._looker)

    async def close(self) -> None:
        """Let go of threads and connections."""
        for one in self._services:
            one.close()

    @property
    def _services(self) -> tuple[Service, ...]:
        listed = (self._service, self._writer, self._looker if self._looker is not self._service else None)
        return tuple(one for one in listed if one is not None)

    def _of(self, account: str) -> Service:
        """Give the service as the account that began a job; an older record names none, and was a read's."""
        return next((one for one in self._services if one.place.account == account), self._service)

    @property
    def source(self) -> Source:
        """The Source without its secrets."""
        return self._source

    @property
    def role(self) -> tuple[str, str, str]:
        """Name the accounts that read and that change."""
        of = self._service.place
        writes = "" if self._writer is None else f"{of.project}:{self._writer.place.account}"
        return (f"{of.project}:{of.account}", writes, "")

    def job(self, permit: Permit) -> Work:
        """Name the job that a Permit starts: running it commits, so that PREPARED comes first."""
        service = self._service if self._writer is None or not permit.reading.writes else self._writer
        return work(service, identify(f"assent:{permit.call.id}:{permit.attempt}"))

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
            own = billed(await self._of(work.backend).job(work.xid))
            return more(own, await self._counted(work) if self._writes(work) else 0)
        except GatewayError:
            return None

    def _writes(self, work: Work) -> bool:
        return self._writer is not None and self._writer.place.account == work.backend

    async def _counted(self, work: Work) -> int:
        """Give what it was billed to count for a change, before it.

        Raises: SourceError.
        """
        try:
            paid = billed(await self._service.job(counting(work.xid)))
        except StatementFailed as error:
            if error.sqlstate != NOT_THERE:
                raise
            return 0  # nothing had to be counted
        return 0 if paid is None else paid.bytes

    async def _told(self, work: Work) -> Fate:
        service = self._of(work.backend)
        try:
            job = await service.job(work.xid)
        except StatementFailed as error:
            if error.sqlstate != NOT_THERE:
                raise
            return await self._void(work, service)
        fate = became(job)
        if fate is Fate.IN_PROGRESS:
            await service.cancel(work.xid)
        return fate

    async def _void(self, work: Work, service: Service) -> Fate:
        """Take an id by a job that reads nothing: "not found" does not prove that nobody will submit it."""
        limits = {"labels": {VOID: "1"}, "bytes": 1, "milliseconds": VOID_MILLISECONDS}
        try:
            await service.insert("SELECT 1", (), work.xid, limits)
        except StatementFailed as error:
            if error.sqlstate != DUPLICATE:
                raise
            return Fate.SILENT  # somebody was faster: the next look sees what is there
        return Fate.ABORTED

    async def end(self, names: frozenset[str]) -> None:
        """Ask jobs of these attempts to stop; what is away is let be."""
        for name in names:
            for one in self._services:
                with contextlib.suppress(SourceError):
                    await one.cancel(identify(name))

    async def impact(self, statement: Statement, outlay: Outlay | None = None) -> Impact:
        """Count what a change would touch, where its own bytes make a question of it; there is no planner to guess.

        A count is a job, and costs: without an outlay, which is on record, none begins.
        """
        told = await asyncio.to_thread(account, statement.text, statement.parameters)
        if not isinstance(told, Account):
            return Impact()
        spends = None if outlay is None else replace(outlay, name=identify(outlay.name))
        return await foretold(self._tools, told, statement.parameters, spends)

    async def sample(self, statement: Statement) -> Sample | None:
        """Give none: nothing is changed and rolled back here."""
        del statement
        return None
