"""Commands that look at a copy of a PostgreSQL store: searched, exported and compared as a file is, nothing written."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import Result

from cli.doctor.stored import keyed
from cli.lines import State
from core.assembly.stores import keys
from core.settings import Role, load
from core.stores.postgres.rights import GRANTS
from core.stores.postgres.store import PostgresStore
from demo.postgres import Postgres
from tests.commands import answer, assent
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_cli_policy_diff import ASKED, changed, intents, more
from tests.integration.test_cli_store import KEYS
from tests.pgstore import Ground, emptied
from tests.settings_files import ENVIRON, loaded


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


async def test_doctor_names_a_key_that_is_not_the_databases(ground: Ground, tmp_path: Path) -> None:
    store, environ = ('store = "sqlite:assent.db"', 'store = "env:ASSENT_STORE"'), {"ASSENT_STORE": ground.url()}
    settings = loaded(tmp_path, store, environ=environ)
    assert await keyed(settings) == []  # no process named any
    held, clock = keys(settings, frozenset(Role)), ManualClock(datetime.now(UTC))
    async with PostgresStore.open(ground.site(), keys=held, origin=ORIGIN, clock=clock):
        pass
    before = await rows(ground)
    assert await keyed(settings) == []
    (tmp_path / "signing").write_text(b64encode(b"another" * 4 + b"key!").decode())
    (line,) = await keyed(load(tmp_path / "assent.toml", ENVIRON | environ))
    assert (line.area, line.state, "[keys] signing is not the key of this store" in line.says) == (
        "keys",
        State.REFUSES,
        True,
    )
    assert await rows(ground) == before


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
