"""`assent check` and `assent doctor` over a BigQuery Source: an operator's first look at it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import Result

from core.masking import Step
from demo.bigquery import BigQuery
from tests.commands import assent
from tests.integration.test_bigquery_accounts import key, pem
from tests.integration.test_bigquery_enforced import LOOKER, READER, apply, raw
from tests.integration.warehouses import world
from tests.settings_files import ENVIRON, SKETCH, written

__all__ = ["pem"]  # a fixture


@dataclass
class Desk:
    service: BigQuery
    config: Path

    async def assent(self, *words: str) -> Result:
        return await asyncio.to_thread(assent, words[0], "--config", self.config, *words[1:], environ=ENVIRON)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with BigQuery.start(world()) as service:
        service.world.viewers = {"anyone@example.test"}
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


async def test_doctor_says_what_is_elsewhere_and_which_rights_are_too_many(desk: Desk) -> None:
    desk.service.world.viewers = set()
    desk.config.write_text(desk.config.read_text().replace('location = "EU"', 'location = "US"', 1))
    result = await desk.assent("doctor", "--json")
    found = [one["says"] for one in json.loads(result.stdout)["findings"] if one["area"] == "source.warehouse"]
    assert "dataset acme.sales is in EU, and jobs run in US: it is out of reach" in found
    desk.config.write_text(desk.config.read_text().replace('location = "US"', 'location = "EU"', 1))
    result = await desk.assent("doctor", "--json")
    found = [one["says"] for one in json.loads(result.stdout)["findings"] if one["area"] == "source.warehouse"]
    assert "the account read reads, and could change dataset acme.stats" in found


@pytest.fixture
async def fenced(tmp_path: Path, pem: str) -> AsyncIterator[Desk]:
    """A Source whose masks are to be enforced, in a project that nobody has hardened."""
    async with raw() as service:
        file = tmp_path / "gateway.json"
        file.write_text(json.dumps(key(service, pem, "gateway@acme.test")))
        file.chmod(0o600)
        start, _, rest = SKETCH.partition("[source.shop]")
        _, _, rest = rest.partition("[mask]")
        source = f"""[source.warehouse]
kind = "bigquery"
masking = "enforced"
project = "acme"
location = "EU"
max_bytes = "20 GiB"
endpoint = "{service.base}"
credentials = "file:{file}"
read_account = "{READER}"
dry_account = "{LOOKER}"
[source.warehouse.tags]
"sales.orders.email" = "pii.national_id"

[mask]"""
        text = start + source + rest.replace('"pii.email" = "token"\n', "").replace('"pci" = "last4"\n', "")
        yield Desk(service, written(tmp_path, text))


async def test_harden_says_what_an_administrator_has_to_do_until_nothing_is_left(fenced: Desk) -> None:
    refused = await fenced.assent("doctor", "--json")
    assert "can read acme.sales.orders" in refused.stdout
    assert (await fenced.assent("harden", "warehouse", "--check")).exit_code == 1
    told = await fenced.assent("harden", "warehouse", "--json")
    assert told.exit_code == 0, told.output
    steps = [Step(one["sql"], one["why"]) for one in json.loads(told.stdout)["steps"]]
    assert any("CREATE OR REPLACE VIEW" in step.sql for step in steps)
    await apply(fenced.service, steps)
    assert (await fenced.assent("harden", "warehouse", "--check")).exit_code == 0
    assert "stands as it should" in (await fenced.assent("harden", "warehouse")).stdout
    assert (await fenced.assent("harden", "warehouse", "--apply")).exit_code == 2
    found = json.loads((await fenced.assent("doctor", "--json")).stdout)["findings"]
    (ok,) = [one for one in found if one["area"] == "source.warehouse"]
    assert "in views that the database enforces" in ok["says"]
    shown = await fenced.assent("check", "--json", "--as", "analysts", "SELECT email FROM sales.orders")
    assert json.loads(shown.stdout)["verdict"] == "allow", shown.stdout


async def test_harden_is_for_a_source_that_is_to_be_enforced(desk: Desk) -> None:
    result = await desk.assent("harden", "warehouse")
    assert (result.exit_code, "nothing is to be enforced" in result.stderr) == (2, True)
