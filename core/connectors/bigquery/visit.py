"""One visit: text, dry run, agreement, masks; and under a Permit one job, which is no other than what was read."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final, final

from core.connectors.bigquery.counting import capped
from core.connectors.bigquery.job import Job, identify
from core.connectors.bigquery.reading import Reader, Tools
from core.errors import Drifted, StatementFailed, TimedOut
from core.model import Permit, Reading, Rows, Unreadable
from core.ports import Bars, Statement

FRESH_SECONDS: Final = 5.0  # what was read in this visit and did not wait is what runs


@final
class BigQueryVisit:
    """Reads by both witnesses; runs a job of its own id, and gives rows only when the job is what was permitted."""

    def __init__(self, tools: Tools, statement: Statement, *, name: str) -> None:
        """`name` is "assent:<call>:<attempt>"; the job's id is the same with letters that an id may have."""
        self._tools: Final = tools
        self._job: Final = identify(name)
        self._reader: Final = Reader(tools=tools, statement=statement, job=self._job)
        self._held: Reading | None = None
        self._at = 0.0

    async def read(self, bars: Bars | None = None) -> Reading | Unreadable:
        """Read the statement by both witnesses; nothing of it runs. What `bars` refuses is dry-run by nobody.

        Raises: SourceError where the service does not answer: the parser alone is no witness.
        """
        found = await self._reader.read(bars)
        self._held, self._at = found if isinstance(found, Reading) else None, time.monotonic()
        return found

    # ------------------------------------------------------------ running

    async def run(self, permit: Permit) -> Rows:
        """Run what is permitted as one job; its PREPARED is durable.

        Raises: Drifted, CapExceeded, StatementFailed, TimedOut, SourceUnavailable, OutcomeUnknown.
        """
        began = time.monotonic()
        fresh = self._held is not None and time.monotonic() - self._at < FRESH_SECONDS
        again = self._held if fresh else await self.read()
        if not isinstance(again, Reading) or (again.tree, again.text) != (permit.reading.tree, permit.text):
            raise Drifted("what both witnesses say is no longer what was permitted")
        spent = await capped(self._tools, permit, self._job) if permit.reading.writes else 0
        allowed_ = min(permit.limits.timeout, permit.deadline - self._tools.clock.now())
        if allowed_ <= timedelta(0):
            raise TimedOut("the attempt's deadline has passed")
        service = self._tools.writer if permit.reading.writes else self._tools.service
        if service is None:
            raise Drifted("no account for changes is configured any more")
        job = Job(service, self._job, most=self._tools.most, spent=spent)
        rows = await job.run(permit, allowed_.total_seconds(), began)
        if permit.reading.writes:
            self._tools.catalogue.forget()
        return rows

    async def plan(self) -> str | None:
        """Give none: the service has no plan before it runs."""
        return None

    async def commit(self) -> None:
        """Refuse: a job commits by itself.

        Raises: StatementFailed.
        """
        raise StatementFailed("25P01", public="There is nothing to commit.")
