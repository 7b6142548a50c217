"""Rows that a change would touch, counted before it runs: a job is not rolled back, so what is over a cap never begins.

The count is a read like any other: by both witnesses, as the account that reads, and of the moment that it is made.
Where protected fields take part nothing is counted.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import Final

from core.classify.bigquery import ROWS, Account, Counting, Ground, Used, account, used
from core.connectors.bigquery.job import DONE
from core.connectors.bigquery.reading import Reader, Tools
from core.errors import CapExceeded, GatewayError, StatementFailed
from core.model import Parameters, Permit, Reading
from core.ports import Statement

SECONDS: Final = 10.0
BYTES: Final = 1 << 30  # billed at most for one count
LOOKS: Final = 0.05  # seconds between two looks at a job
TOO_MANY: Final = "More rows would change than the limit allows; nothing was run."
UNCOUNTED: Final = "A rule limits how many rows may change, and here nobody can count them beforehand; nothing was run."


async def capped(tools: Tools, permit: Permit) -> None:
    """Require that a change touches no more rows than its limits say, as far as a count just before it can tell.

    Raises: CapExceeded; StatementFailed where a limit stands and nothing can be counted.
    """
    told = await asyncio.to_thread(account, permit.call.statement, permit.parameters)
    caps = [one for one in (permit.limits.affected_rows, permit.limits.target_rows) if one is not None]
    if not caps or not isinstance(told, Account) or told.kind not in ROWS:
        return
    rows = None if permit.reading.protected else await counted(tools, told, permit.parameters)
    if rows is None:
        raise StatementFailed("uncounted", public=UNCOUNTED)
    if rows > min(caps):
        raise CapExceeded(TOO_MANY, public=TOO_MANY)


async def counted(tools: Tools, told: Account, given: Parameters) -> int | None:
    """Count the rows of a change; None where that cannot be done."""
    wanted = told.counting
    if wanted is None or isinstance(wanted, int):
        return wanted
    known = await tools.catalogue.current()
    of = used(told, Ground(warehouse=known.warehouse, guard=known.guard))
    if not isinstance(of, Used) or of.tags:  # a count would answer a question about them, and by masks wrongly
        return None
    statement = Statement(text=wanted.text, parameters=left(wanted, given))
    try:
        async with asyncio.timeout(SECONDS):
            return await _asked(tools, statement)
    except (GatewayError, TimeoutError):
        return None


async def _asked(tools: Tools, statement: Statement) -> int | None:
    name = f"assent_count_{secrets.token_hex(8)}"
    reading = await Reader(tools=tools, statement=statement, job=name).read()
    if not isinstance(reading, Reading) or reading.writes:
        return None
    limits = {"labels": {"assent_count": "1"}, "bytes": min(tools.most, BYTES), "milliseconds": int(SECONDS * 1000)}
    job = await tools.service.insert(reading.text, statement.parameters, name, limits)
    while job["status"]["state"] != DONE:
        await asyncio.sleep(LOOKS)
        job = await tools.service.job(name)
    if job["status"].get("errorResult") is not None:
        return None
    page = await tools.service.page(name, "", 1)
    return int(page["rows"][0]["f"][0]["v"])


def left(wanted: Counting, given: Parameters) -> Parameters:
    """Give the parameters that the count has: of those by position the later ones, of named ones those it names."""
    if not isinstance(given, Mapping):
        return given[wanted.left :]
    return {name: value for name, value in given.items() if f"@{name.casefold()}" in wanted.text.casefold()}
