"""`assent serve` while the machine's clock jumps by an hour: on record, told, and the record stays in order."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from demo.world import World, world
from tests.commands import assent
from tests.integration.test_cli_serve import served, serving
from tests.replicas.life import said as told
from tests.waiting import until

SOURCE: Final = Path(__file__).with_name("clock.c")
BOUND: Final = 60  # seconds, on a busy machine
HOUR: Final = 3_600
READ: Final = {"source": "shop", "sql": "SELECT count(*) FROM orders", "purpose": "beside a clock that jumps"}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, say=lambda _: None) as made:
        yield made


def shim(folder: Path) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler (cc) here: the clock cannot be made to jump")
    built = folder / "clock.so"
    subprocess.run((compiler, "-O1", "-shared", "-fPIC", "-o", str(built), str(SOURCE), "-ldl"), check=True)
    return built


def kinds(place: World) -> list[tuple[str, int]]:
    """Give kinds and times of the log, in order."""
    with closing(sqlite3.connect(f"file:{place.config.parent / 'assent.db'}?mode=ro", uri=True)) as store:
        return list(store.execute("SELECT kind, ts_ms FROM log_entry ORDER BY seq"))


async def skewed(place: World, times: int) -> bool:
    return [kind for kind, _ in kinds(place)].count("clock.skew") == times


async def test_the_clock_of_a_gateway_that_jumps_and_comes_back_is_on_record_and_nothing_is_out_of_order(
    place: World, tmp_path: Path
) -> None:
    offset = tmp_path / "offset"
    offset.write_text("0")
    bearer = place.token("ana")
    async with serving(place, LD_PRELOAD=str(shim(tmp_path)), CLOCK_OFFSET=str(offset)) as running:
        await served(running)
        for times, seconds in enumerate((HOUR, 0), start=1):
            offset.write_text(str(seconds))
            await until(partial(skewed, place, times), seconds=BOUND)
        assert (await told(place.url, bearer, "query", READ))["status"] == "answered"
        running.terminate()
        async with asyncio.timeout(BOUND):
            assert await running.wait() == 0
    found = kinds(place)
    assert [kind for kind, _ in found].count("alert.raised") >= len((HOUR, 0))
    assert [at for _, at in found] == sorted(at for _, at in found)  # no approval lasts longer for a clock set back
    verified = await asyncio.to_thread(assent, "audit", "verify", "--store", f"sqlite:{place.config.parent}/assent.db")
    assert verified.exit_code == 3, verified.stdout
