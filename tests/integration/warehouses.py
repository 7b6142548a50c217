"""The local BigQuery server with a small warehouse, the connector over it, and what tests ask of both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from google.auth.credentials import AnonymousCredentials, Credentials

from core.connectors.bigquery import BigQueryConnector, Place
from core.model import Dialect, Doubt, Reading, Rows, Source, Unreadable
from core.ports import Clock, Statement
from demo.bigquery import BigQuery, World
from demo.issuer import Wall
from tests.integration.connecting import permit

ORDERS: Final[list[dict[str, Any]]] = [
    {"name": "id", "type": "INTEGER"},
    {"name": "email", "type": "STRING"},
    {
        "name": "customer", "type": "RECORD",
        "fields": [{"name": "name", "type": "STRING"}, {"name": "phone", "type": "STRING"}],
    },
    {
        "name": "items", "type": "RECORD", "mode": "REPEATED",
        "fields": [{"name": "sku", "type": "STRING"}, {"name": "price", "type": "NUMERIC"}],
    },
    {"name": "spent", "type": "INTEGER"},
]  # fmt: skip
ROWS: Final[list[dict[str, Any]]] = [
    {
        "id": 1, "email": "canary-ann@acme.test", "customer": {"name": "Ann", "phone": "0044 20 7946 0000"},
        "items": [{"sku": "a", "price": 1234.5}], "spent": 123456,
    },
    {"id": 2, "email": None, "customer": None, "items": [], "spent": None},
]  # fmt: skip
PLAIN: Final[list[dict[str, Any]]] = [{"name": "country", "type": "STRING"}, {"name": "n", "type": "INTEGER"}]
TAGS: Final = {
    "sales.orders.email": "pii.email",
    "sales.orders.customer.phone": "pii.phone",
    "sales.orders.items.price": "money",
    "sales.orders.spent": "money",
}
MASKS: Final = {"pii.email": "hide", "pii.phone": "last4", "money": "bucket"}
CANARIES: Final = ("canary", "7946", "1234", "123456")


def world() -> World:
    made = World()
    made.table("acme.sales.orders", ORDERS, ROWS)
    made.table("acme.stats.visits", PLAIN, [{"country": "ES", "n": 3}, {"country": "FR", "n": 5}])
    return made


def place(service: BigQuery, account: str = "read", *, location: str = "EU", by: Credentials | None = None) -> Place:
    return Place(
        project="acme",
        location=location,
        endpoint=service.base,
        account=account,
        credentials=AnonymousCredentials() if by is None else by,
    )


def connector(
    service: BigQuery,
    *,
    name: str = "warehouse",
    tags: Mapping[str, str] = TAGS,
    masks: Mapping[str, str] = MASKS,
    at: Place | None = None,
    clock: Clock | None = None,
    **more: Any,
) -> BigQueryConnector:
    """Make one over a local server; `more` is what else a `BigQueryConnector` takes."""
    return BigQueryConnector(
        Source(name=name, dialect=Dialect.BIGQUERY, tags=tags, enforced="views" in more),
        place=at or place(service),
        masks=masks,
        clock=clock or Wall(),
        most=1 << 40,
        **more,
    )


@asynccontextmanager
async def opened(service: BigQuery, **asked: Any) -> AsyncIterator[BigQueryConnector]:
    """Give a connector that is open, by the words of `connector`."""
    made = connector(service, **asked)
    try:
        await made.open()
        yield made
    finally:
        await made.close()


NUMBERS = iter(range(1, 1_000_000))


async def read(connector: BigQueryConnector, text: str, *parameters: Any) -> Reading | Unreadable:
    async with connector.visit(Statement(text=text, parameters=parameters), name=f"assent:r{next(NUMBERS)}:1") as visit:
        return await visit.read()


async def run(connector: BigQueryConnector, text: str, *parameters: Any, seconds: float = 20, **limits: int) -> Rows:
    statement = Statement(text=text, parameters=parameters)
    async with connector.visit(statement, name=f"assent:r{next(NUMBERS)}:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading), reading
        return await visit.run(permit(reading, parameters, seconds=seconds, **limits))


def doubt(found: Reading | Unreadable) -> Doubt | None:
    return found.doubt if isinstance(found, Unreadable) else None


async def define(service: BigQuery, text: str) -> None:
    query = {"query": text, "useLegacySql": False}
    body = {"jobReference": {"jobId": f"dba{next(NUMBERS)}"}, "configuration": {"query": query}}
    await asyncio.to_thread(service.jobs.insert, body, "dba")


def sent(service: BigQuery) -> list[str]:
    """Requests about jobs, but for looks at one that was not over when its insertion was answered."""
    found = [one for one in service.world.log if "/jobs" in one or "/queries" in one]
    service.world.log.clear()
    return [one for one in found if not one.startswith("GET /bigquery/v2/projects/acme/jobs/")]
