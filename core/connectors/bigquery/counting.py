"""Rows that a change would touch, counted before it runs: a job is not rolled back, so what is over a cap never begins.

The count is a read like any other: by both witnesses, as the account that reads, and of the moment that it is made.
Where protected fields take part nothing is counted.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, final

from core.classify.bigquery import ROWS, Account, Counting, Ground, Used, account, used
from core.connectors.bigquery.job import DONE, DUPLICATE, billed
from core.connectors.bigquery.reading import Reader, Tools
from core.errors import CapExceeded, GatewayError, StatementFailed
from core.model import Bill, Parameters, Permit, Reading
from core.ports import Impact, Outlay, Statement

SECONDS: Final = 10.0
BYTES: Final = 1 << 30  # billed at most for one count
LOOKS: Final = 0.05  # seconds between two looks at a job
TOO_MANY: Final = "More rows would change than the limit allows; nothing was run."
UNCOUNTED: Final = "A rule limits how many rows may change, and here nobody can count them beforehand; nothing was run."


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Rows that a change would touch, and what it was billed to know that."""

    rows: int
    bytes: int = 0


async def capped(tools: Tools, permit: Permit, job: str) -> int:
    """Require that a change touches no more rows than its limits say, as far as a count just before it can tell.

    `job` is the change's own id: its count has one that follows from it. Gives the bytes that the count was billed,
    which are of the change's own allowance.

    Raises: CapExceeded; StatementFailed where a limit stands and nothing can be counted.
    """
    told = await asyncio.to_thread(account, permit.call.statement, permit.parameters)
    caps = [one for one in (permit.limits.affected_rows, permit.limits.target_rows) if one is not None]
    if not caps or not isinstance(told, Account) or told.kind not in ROWS:
        return 0
    allowed = tools.most if permit.limits.billed_bytes is None else permit.limits.billed_bytes
    outlay = Outlay(name=counting(job), bytes=min(BYTES, allowed))
    found = None if permit.reading.protected else await counted(tools, told, permit.parameters, outlay)
    if found is None:
        raise StatementFailed("uncounted", public=UNCOUNTED)
    if found.rows > min(caps):
        raise CapExceeded(TOO_MANY, public=TOO_MANY)
    return found.bytes


def counting(job: str) -> str:
    """Name the job that counts for a change."""
    return f"{job}_count"


async def counted(tools: Tools, told: Account, given: Parameters, outlay: Outlay) -> Count | None:
    """Count the rows of a change; None where that cannot be done."""
    wanted = told.counting
    if isinstance(wanted, int):
        return Count(rows=wanted)
    if wanted is None or await answering(tools, told):
        return None
    statement = Statement(text=wanted.text, parameters=left(wanted, given))
    try:
        async with asyncio.timeout(SECONDS):
            return await _asked(tools, statement, outlay)
    except GatewayError:
        return None
    except TimeoutError:
        with contextlib.suppress(GatewayError):
            await tools.service.cancel(outlay.name)
        return None


async def answering(tools: Tools, told: Account) -> bool:
    """Whether a count would answer a question about protected fields; by masks it would answer it wrongly.

    Raises: SourceError.
    """
    known = await tools.catalogue.current()
    of = used(told, Ground(warehouse=known.warehouse, guard=known.guard))
    return not isinstance(of, Used) or bool(of.tags)


async def foretold(tools: Tools, told: Account, given: Parameters, outlay: Outlay | None) -> Impact:
    """Say how many rows a change would touch, for people: what costs is counted under an outlay alone.

    Raises: SourceError.
    """
    if not isinstance(told.counting, Counting) or told.kind not in ROWS:
        return Impact(counted=told.counting if isinstance(told.counting, int) else None)
    if await answering(tools, told):
        return Impact()
    if outlay is None:
        return Impact(costs=min(BYTES, tools.most))
    found = await counted(tools, told, given, outlay)
    return Impact() if found is None else Impact(counted=found.rows, bill=Bill(bytes=found.bytes))


async def _asked(tools: Tools, statement: Statement, outlay: Outlay) -> Count | None:
    reading = await Reader(tools=tools, statement=statement, job=outlay.name).read()
    if not isinstance(reading, Reading) or reading.writes:
        return None
    job = await _begun(tools, reading, statement, outlay)
    while job["status"]["state"] != DONE:
        await asyncio.sleep(LOOKS)
        job = await tools.service.job(outlay.name)
    if job["status"].get("errorResult") is not None or job["configuration"]["query"].get("query") != reading.text:
        return None
    page = await tools.service.page(outlay.name, "", 1)
    paid = billed(job)
    return Count(rows=int(page["rows"][0]["f"][0]["v"]), bytes=0 if paid is None else paid.bytes)


async def _begun(tools: Tools, reading: Reading, statement: Statement, outlay: Outlay) -> Mapping[str, Any]:
    """Begin it; one that is there already is it, for a first request may have been accepted unanswered."""
    limits = {"labels": {"assent_count": "1"}, "bytes": outlay.bytes, "milliseconds": int(SECONDS * 1000)}
    try:
        return await tools.service.insert(reading.text, statement.parameters, outlay.name, limits)
    except StatementFailed as error:
        if error.sqlstate != DUPLICATE:
            raise
    return await tools.service.job(outlay.name)


def left(wanted: Counting, given: Parameters) -> Parameters:
    """Give the parameters that the count has: of those by position the later ones, of named ones those it names."""
    if not isinstance(given, Mapping):
        return given[wanted.left :]
    return {name: value for name, value in given.items() if f"@{name.casefold()}" in wanted.text.casefold()}
