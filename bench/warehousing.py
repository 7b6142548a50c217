"""`python -m bench --bigquery`: what Assent adds to a query over the bare client, at one local server, in one process.

No HTTP of ours, no policy, no Journal: a visit (read by both witnesses, one job, its rows) beside the same statement by
Google's client alone. The server, which answers both, runs in this process too: ratios within the run mean something,
milliseconds do not.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, TypeAlias, final

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from bench.reading import permit
from bench.table import aligned
from core.assembly import SystemClock
from core.connectors.bigquery import BigQueryConnector, Place
from core.model import Dialect, Reading, Source
from core.ports import Statement
from demo.bigquery import BigQuery
from demo.warehouse import world

Say: TypeAlias = Callable[[str], None]
Ask: TypeAlias = Callable[[str], Awaitable[int]]

PLAIN: Final = "SELECT page, SUM(visits) AS n FROM stats.events GROUP BY page"
MASKED: Final = "SELECT id, customer, items FROM sales.orders ORDER BY id"
TAGS: Final = {"sales.orders.customer.phone": "phone", "sales.orders.items.price": "money"}
MASKS: Final = {"phone": "last4", "money": "bucket"}
CALLS: Final = 40
TOGETHER: Final = 8
CROWD: Final = 100
TEXTS: Final = 1_000
MARK: Final = "/projects/acme/"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One statement by both; milliseconds."""

    name: str
    bare: float
    governed: float
    requests: int  # of one governed query, looks at a job that runs apart


@asynccontextmanager
async def warehouse() -> AsyncIterator[tuple[BigQuery, BigQueryConnector, bigquery.Client]]:
    """Serve the demo's warehouse, with a connector and a bare client."""
    async with BigQuery.start(world()) as service:
        credentials = AnonymousCredentials()
        place = Place(project="acme", location="EU", endpoint=service.base, credentials=credentials)
        source = Source(name="warehouse", dialect=Dialect.BIGQUERY, tags=TAGS, enforced=False)
        connector = BigQueryConnector(source, place=place, masks=MASKS, clock=SystemClock(), most=1 << 40)
        options = ClientOptions(api_endpoint=service.base)
        client = bigquery.Client(project="acme", credentials=credentials, location="EU", client_options=options)
        await connector.open()
        try:
            yield service, connector, client
        finally:
            client.close()
            await connector.close()


def governed(connector: BigQueryConnector) -> Ask:
    """Make what asks by Assent."""
    number = iter(range(1, 1_000_000))

    async def ask(text: str) -> int:
        async with connector.visit(Statement(text=text), name=f"assent:bench{next(number)}:1") as visit:
            reading = await visit.read()
            if not isinstance(reading, Reading):
                raise TypeError(reading.sentence)
            return len((await visit.run(permit(reading))).rows)

    return ask


def bare(client: bigquery.Client) -> Ask:
    """Make what asks by the client alone, with threads of its own: the server has the loop's."""
    threads = ThreadPoolExecutor(TOGETHER)

    def run(text: str) -> int:
        return len(list(client.query(text).result()))

    async def ask(text: str) -> int:
        return await asyncio.get_running_loop().run_in_executor(threads, run, text)

    return ask


async def timed(ask: Ask, text: str) -> float:
    """Time one call, in milliseconds."""
    began = time.perf_counter()
    await ask(text)
    return (time.perf_counter() - began) * 1000


async def crowd(ask: Ask) -> float:
    """Time a hundred queries, eight at once; in seconds."""
    gate = asyncio.Semaphore(TOGETHER)

    async def one() -> None:
        async with gate:
            await ask(PLAIN)

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CROWD)))
    return time.perf_counter() - began


async def beside(service: BigQuery, ours: Ask, theirs: Ask, text: str, name: str) -> Beside:
    """Measure one statement, call by call in turn; count the requests of one."""
    pairs = [(await timed(theirs, text), await timed(ours, text)) for _ in range(CALLS)]
    service.world.log.clear()
    await ours(text)
    looks = f"GET /bigquery/v2{MARK}jobs/"
    sent = [one for one in service.world.log if not one.startswith(looks)]
    own, alone = median(governed_ for _, governed_ in pairs), median(bare_ for bare_, _ in pairs)
    return Beside(name=name, bare=alone, governed=own, requests=len(sent))


async def checked() -> float:
    """Give how many statements a second `assent check --jsonl --offline` reads, its start apart."""
    asked = [json.dumps({"id": n, "sql": f"{(PLAIN, MASKED)[n % 2]} -- {n}"}) for n in range(TEXTS)]
    seconds = [await checking(asked[:count]) for count in (1, TEXTS)]
    return (TEXTS - 1) / (seconds[1] - seconds[0])


async def checking(asked: list[str]) -> float:
    """Time one run of the command; in seconds."""
    words = ("check", "--jsonl", "--offline", "--dialect", "bigquery")
    began = time.perf_counter()
    child = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "assent"),
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await child.communicate("\n".join(asked).encode())
    if len(told.splitlines()) != len(asked):
        raise TypeError("not every statement was read")
    return time.perf_counter() - began


async def shown(say: Say) -> str:
    """Measure everything, and write it as a table."""
    async with warehouse() as (service, connector, client):
        ours, theirs = governed(connector), bare(client)
        for ask in (ours, theirs):
            await ask(PLAIN)
        say("a short read and a masked one, beside the bare client")
        found = [
            await beside(service, ours, theirs, text, name) for text, name in ((PLAIN, "short"), (MASKED, "masked"))
        ]
        say(f"{CROWD} queries, {TOGETHER} at once")
        together = (await crowd(theirs), await crowd(ours))
    say("check --jsonl --offline")
    rate = await checked()
    rows = [["query", "bare client, ms", "governed, ms", "added, ms", "times", "requests"]]
    rows += [
        [one.name, f"{one.bare:.1f}", f"{one.governed:.1f}", f"{one.governed - one.bare:.1f}",
         f"{one.governed / one.bare:.2f}", str(one.requests)]
        for one in found
    ]  # fmt: skip
    ratio = together[1] / together[0]
    return "\n".join(
        [
            *aligned(rows),
            f"{CROWD} queries, {TOGETHER} at once: {together[0]:.2f} s bare, {together[1]:.2f} s ours, x {ratio:.2f}",
            f"check --jsonl --offline --dialect bigquery: {rate:.0f} statements a second",
        ]
    )
