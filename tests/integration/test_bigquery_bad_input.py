"""What goes wrong at the service becomes one sentence for an agent that names nothing it did not name itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from google.oauth2.credentials import Credentials

from core.connectors.bigquery import BigQueryConnector
from core.connectors.bigquery.reasons import HIDDEN
from core.errors import SourceUnavailable, StatementFailed, TimedOut
from core.model import Unreadable
from demo.bigquery import BigQuery, Fault
from tests.integration.warehouses import connector, opened, place, read, run, world
from tests.waiting import until


@pytest.fixture
async def service() -> AsyncIterator[BigQuery]:
    async with BigQuery.start(world()) as running:
        yield running


@pytest.fixture
async def warehouse(service: BigQuery) -> AsyncIterator[BigQueryConnector]:
    async with opened(service) as connector:
        yield connector


def elsewhere(service: BigQuery, *, location: str = "EU", token: str = "") -> BigQueryConnector:
    by = Credentials(token=token) if token else None
    return connector(service, at=place(service, location=location, by=by))


async def test_another_location_is_told_like_a_table_that_is_not_there(service: BigQuery) -> None:
    connector = elsewhere(service, location="US")
    await connector.open()
    found = await read(connector, "SELECT n FROM stats.visits")
    await connector.close()
    assert isinstance(found, Unreadable)
    assert found.sentence == HIDDEN


async def test_a_credential_that_ended_is_the_operators_and_says_nothing_of_itself(service: BigQuery) -> None:
    service.world.require_auth = True
    connector = elsewhere(service, token="ended-secret")
    with pytest.raises(SourceUnavailable) as caught:
        await connector.open()
    await connector.close()
    assert "secret" not in f"{caught.value!r} {caught.value.public}"


async def test_a_request_that_is_too_large_is_refused_by_its_reason(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    service.world.faults.planned.append(Fault(match="POST */jobs", reason="requestTooLarge"))
    with pytest.raises(StatementFailed) as caught:
        await read(warehouse, "SELECT n FROM stats.visits")
    assert caught.value.public == "The statement is larger than the database takes; send a shorter one."


async def test_a_job_that_an_administrator_stops_is_said_to_be_stopped(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    service.world.faults.delay = 20.0
    running = asyncio.ensure_future(run(warehouse, "SELECT n FROM stats.visits"))

    async def begun() -> bool:
        return bool(service.jobs.all())

    await until(begun)
    service.jobs.cancel(service.jobs.all()[0].id)
    with pytest.raises(TimedOut):
        await running


async def test_a_large_result_is_paged_and_fetching_stops_at_the_cap(
    service: BigQuery, warehouse: BigQueryConnector
) -> None:
    """The server gives 10,000 rows a page."""
    text = "SELECT x, REPEAT('y', 20) AS y FROM UNNEST(GENERATE_ARRAY(1, 25000)) AS x"
    whole = await run(warehouse, text, returned_rows=30_000, returned_bytes=1 << 30)
    assert (len(whole.rows), whole.cut) == (25_000, None)
    assert len([one for one in service.world.log if "/queries/" in one]) == 3
    service.world.log.clear()
    cut = await run(warehouse, text, returned_rows=30_000, returned_bytes=10_000)
    assert (len(cut.rows) < 400, cut.cut) == (True, "bytes")
    assert len([one for one in service.world.log if "/queries/" in one]) == 1


@pytest.mark.parametrize("reason", ["quotaExceeded", "resourcesExceeded", "responseTooLarge", "invalidQuery", "new"])
async def test_no_word_of_the_services_reaches_an_agent(
    service: BigQuery, warehouse: BigQueryConnector, reason: str
) -> None:
    for match in ("POST */jobs", "GET */queries/*"):
        service.world.faults.planned[:] = [Fault(match=match, reason=reason, skips=1 if match[0] == "P" else 0)]
        with pytest.raises(StatementFailed) as caught:
            await run(warehouse, "SELECT n FROM stats.visits")
        assert "fault of the test" not in f"{caught.value!r} {caught.value.public}"
