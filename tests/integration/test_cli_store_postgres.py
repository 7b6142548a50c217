"""Commands that look at a copy of a PostgreSQL store: searched, exported and compared as a file is, nothing written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import Result

from core.settings import load
from core.stores.postgres.rights import GRANTS
from core.stores.postgres.store import PostgresStore
from demo.postgres import Postgres
from tests.commands import answer, assent
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_cli_policy_diff import ASKED, changed, intents, more
from tests.integration.test_cli_store import KEYS
from tests.pgstore import Ground, emptied
from tests.settings_files import ENVIRON


@pytest.fixture
async def ground(durable: Callable[[], Postgres], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    found = await emptied(await asyncio.to_thread(durable), tmp_path)
    monkeypatch.setenv("RECORD", found.server.url(found.database))
    return found


async def rows(ground: Ground) -> dict[str, int]:
    dba = await ground.dba()
    found = {table: await dba.fetchval(f"SELECT count(*) FROM {table}") for table in GRANTS}
    await dba.close()
    return found


async def test_a_database_is_searched_exported_and_compared_with_nothing_written(
    ground: Ground, tmp_path: Path
) -> None:
    old, clock = changed(tmp_path, "old"), ManualClock()
    new = changed(tmp_path, "new", more("orders are closed", 'tables = ["public.orders"]'))
    clock.at = datetime.now(UTC)
    async with PostgresStore.open(ground.site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
        for unit in intents(load(old, ENVIRON), clock.at):
            await store.journal.commit(unit)
        held = len(await store.journal.tail(0, 1000))
    before = await rows(ground)

    async def run(*arguments: object) -> Result:
        return await asyncio.to_thread(assent, *arguments, "--store", "env:RECORD")

    compared = answer(await run("policy", "diff", old, new, "--json"))
    assert compared["calls"] == len(ASKED)
    assert {(one["before"], one["after"]) for one in compared["differences"]} == {
        ("allow", "refuse"),
        ("ask", "refuse"),
    }
    assert len(answer(await run("audit", "find", "--verdict", "allow", "--json"))["calls"]) > 0
    exported = [json.loads(line) for line in (await run("audit", "export")).stdout.splitlines()]
    assert [one["metadata"]["sequence"] for one in exported][:held] == list(range(held))
    assert await rows(ground) == before
