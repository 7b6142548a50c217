"""`assent check` and `assent doctor` over a BigQuery Source: an operator's first look at it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import Result

from demo.bigquery import BigQuery
from tests.commands import assent
from tests.integration.test_bigquery_source import world
from tests.settings_files import ENVIRON, SKETCH, written


@dataclass
class Desk:
    service: BigQuery
    config: Path

    async def assent(self, *words: str) -> Result:
        return await asyncio.to_thread(assent, words[0], "--config", self.config, *words[1:], environ=ENVIRON)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with BigQuery.start(world()) as service:
        start, _, rest = SKETCH.partition("[source.shop]")
        _, _, rest = rest.partition("[mask]")
        source = f"""[source.warehouse]
kind = "bigquery"
project = "acme"
location = "EU"
max_bytes = "20 GiB"
endpoint = "{service.base}"
[source.warehouse.tags]
"sales.orders.email" = "pii.national_id"
"sales.gone.email" = "pii.national_id"

[mask]"""
        text = start + source + rest.replace('"pii.email" = "token"\n', "").replace('"pci" = "last4"\n', "")
        yield Desk(service, written(tmp_path, text))


async def test_check_says_what_both_witnesses_say(desk: Desk) -> None:
    result = await desk.assent("check", "--json", "--as", "analysts", "SELECT n FROM stats.visits")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["class"], told["things"], told["verdict"]) == ("read", ["acme.stats.visits"], "allow")
    lied = await desk.assent("check", "--json", "--as", "analysts", "DROP TABLE stats.visits")
    assert json.loads(lied.stdout)["class"] == "unreadable"


async def test_doctor_says_what_is_reached_and_what_is_closed(desk: Desk) -> None:
    result = await desk.assent("doctor", "--json")
    found = [one for one in json.loads(result.stdout)["findings"] if one["area"] == "source.warehouse"]
    assert [one["state"] for one in found] == ["ok", "closes"]
    assert "2 tables are seen, 1 of them with masked fields" in found[0]["says"]
    assert found[1]["says"].startswith("acme.sales.orders: A tag names a table of this dataset")


async def test_doctor_says_when_the_service_is_away(desk: Desk) -> None:
    desk.config.write_text(desk.config.read_text().replace(desk.service.base, "http://127.0.0.1:9"))
    result = await desk.assent("doctor", "--json")
    found = [one for one in json.loads(result.stdout)["findings"] if one["area"] == "source.warehouse"]
    assert [one["state"] for one in found] == ["warns"]
