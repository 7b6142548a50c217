"""A session's reads asked again at the command line: the same data, changed data, a copy, other people's rights."""

from __future__ import annotations

import asyncio
import re
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, final

import asyncpg
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from typer.testing import Result

from cli.serve.house import Opened, opened
from core.connectors.postgres import harden
from core.masking import Wish
from core.model import CallId, Decision
from core.ports import Ballot
from core.settings import load
from demo.shop.tags import MASKS, TAGS
from demo.signer import Claim
from demo.world import CLIENT, REVIEWER, World, world
from tests.commands import answer, assent
from tests.waiting import until

Asked = tuple[str, str, Mapping[str, object]]  # tool, statement, more

REVIEW = "api://assent-review"
ORDERS = "SELECT id, status FROM orders WHERE id <= $1 ORDER BY id"
PEOPLE = "SELECT id, name, email FROM customers ORDER BY id LIMIT 3"
PAYROLL = "SELECT * FROM hr.payroll"
CHANGE = "UPDATE orders SET status = 'returned' WHERE id = 2 RETURNING id"


@final
@dataclass(kw_only=True)
class Place:
    """A gateway over a shop and a copy of it; agents, and rita at a command line."""

    world: World
    house: Opened
    copy: str  # the copy's owner

    def token(self, *groups: str) -> str:
        """Rita's own token for the agents' door."""
        return self.world.mint.person("rita", groups, self.house.mcp, client=CLIENT)

    async def replay(self, *arguments: object, agent: str | None = None) -> Result:
        now = int(time.time())
        claims: dict[str, Claim] = {"scope": "assent:audit", "auth_time": now, "exp": now + 300}
        audits = self.world.mint.person("rita", [], REVIEW, client="assent-cli", **claims)
        environ = {"ASSENT_TOKEN": audits, "ASSENT_AGENT_TOKEN": self.token("analysts") if agent is None else agent}
        command = ("audit", "replay", *arguments, "--config", self.world.config)
        return await asyncio.to_thread(assent, *command, environ=environ)

    @asynccontextmanager
    async def agent(self, name: str) -> AsyncIterator[Client]:
        headers = {"authorization": f"Bearer {self.world.token(name)}", "x-conversation-id": token_hex(8)}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(self.house.mcp, http_client=http)) as client,
        ):
            yield client

    async def session(self, *asked: Asked) -> str:
        """Ask as sam; a change is approved. Return the session."""
        result: Any = None
        async with self.agent("sam") as client:
            for tool, sql, more in asked:
                given = {"source": "shop", "sql": sql, "purpose": "a test", **more}
                work = asyncio.create_task(client.call_tool(tool, given))
                if tool == "execute":
                    await self.approve()
                result = await work
        line = await self.house.house.store.history.call(result.structured_content["call"])
        assert line is not None
        return str(line.session)

    async def approve(self) -> None:
        (shown,) = await until(lambda: self.house.house.desk.pending(REVIEWER))
        ballot = Ballot(review=shown.review.id, digest=shown.review.digest, decision=Decision.APPROVE)
        await self.house.house.desk.vote(REVIEWER, ballot)

    async def calls(self) -> int:
        lines = await self.house.house.store.history.sessions(limit=100)
        return sum(line.calls for line in lines)


def at(url: str, database: str) -> str:
    return f"{url.rpartition('/')[0]}/{database}"


async def run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    folder = tmp_path_factory.mktemp("place")
    async with world(folder, say=lambda _: None) as made:
        await run(at(made.owner, "postgres"), "CREATE DATABASE copy TEMPLATE shop STRATEGY FILE_COPY")
        wish = Wish(tags=TAGS, masks=MASKS, read_role="shop_read", write_role="shop_write")
        await harden.apply(at(made.owner, "copy"), wish, b64decode((folder / "mask").read_text()))
        text = made.config.read_text()
        for old, new in (
            ('clients = ["demo-agent"]', f'clients = ["demo-agent", "assent-cli"]\nreview_audiences = ["{REVIEW}"]'),
            ("[console]", '[console]\nclients = ["assent-cli"]\nresult_readers = ["security"]'),
        ):
            assert old in text
            text = text.replace(old, new, 1)
        start, end = text.index("[source.shop]"), text.index("[mask]")
        text = text[:end] + text[start:end].replace("source.shop", "source.copy").replace("shop_", "copy_") + text[end:]
        made.config.write_text(text)
        for role in ("read", "write"):
            secret = folder / f"copy_{role}"
            secret.touch(mode=0o600)
            secret.write_text(at((folder / f"shop_{role}").read_text(), "copy"))
        made.mint._audiences = None
        async with opened(load(made.config, {})) as house:
            yield Place(world=made, house=house, copy=at(made.owner, "copy"))


async def test_the_same_data_give_the_same_and_nothing_of_a_change_runs_again(place: Place) -> None:
    asked: tuple[Asked, ...] = (("query", ORDERS, {"parameters": [3]}), ("query", PEOPLE, {}), ("query", PAYROLL, {}))
    name = await place.session(*asked, ("execute", CHANGE, {}))
    owner = await asyncpg.connect(place.world.owner)
    before = await owner.fetchval("SELECT count(*) FROM order_events")
    calls = await place.calls()
    found = await place.replay(name, "--against", "copy", "--json")
    told = answer(found)
    assert [one["state"] for one in told["calls"]] == ["same", "same", "same", "a_change"]
    assert (found.exit_code, told["calls"][3]["now"]) == (0, None)
    assert told["calls"][0]["difference"]["rows"] == {"same": 3, "gone": 0, "new": 0, "first": None}
    people = told["calls"][1]["difference"]
    assert (people["rows"]["same"], people["masked"]) == (3, {"then": 6, "now": 6})
    assert people["apart"] == ["email"]  # another database's tokens are others
    assert await owner.fetchval("SELECT count(*) FROM order_events") == before
    await owner.close()
    assert await place.calls() == calls + 3 + 2  # a check of each read, and a query of each that was answered


async def test_what_differs_is_told_by_columns_rows_and_masked_cells(place: Place) -> None:
    name = await place.session(("query", ORDERS, {"parameters": [3]}), ("query", PEOPLE, {}))
    own = await place.replay(name, "--against", "shop")
    assert (own.exit_code, own.stdout.splitlines()[-1]) == (0, "2 the same, 0 differ, 0 not compared")
    await run(place.copy, "UPDATE orders SET status = 'abandoned' WHERE id = 3")
    found = await place.replay(name, "--against", "copy")
    assert found.exit_code == 1
    assert "rows: 2 as before, 1 gone, 1 new" in found.stdout
    assert '  + | 3 | "abandoned"' in found.stdout
    assert "cells of masked columns: 6 then, 6 now" in found.stdout
    assert "column email: tokens of another database are other tokens; 3 different ones then, 3 now" in found.stdout
    assert found.stdout.splitlines()[-1] == "1 the same, 1 differ, 0 not compared"


async def test_who_asks_again_is_governed_as_anyone_is(place: Place) -> None:
    name = await place.session(("query", ORDERS, {"parameters": [2]}))
    nobody = await place.replay(name, "--against", "shop", agent=place.token())
    assert (nobody.exit_code, "answered then, refused now" in nobody.stdout) == (1, True)
    (named,) = re.findall(r"now (call_[A-Z2-7]{26})", nobody.stdout)
    line = await place.house.house.store.history.call(CallId(named))
    assert line is not None
    assert (line.person, line.tool, line.rows) == ("rita@demo.example", "check", None)


@pytest.mark.parametrize(
    ("against", "agent", "code", "says"),
    [
        ("nowhere", None, 1, "could not be asked"),
        ("shop", "x.y.z", 4, "it refuses this token"),
        ("shop", "", 4, "no token for the agents' door"),
    ],
)
async def test_what_cannot_be_asked_is_no_sameness(
    place: Place, against: str, agent: str | None, code: int, says: str
) -> None:
    name = await place.session(("query", ORDERS, {"parameters": [1]}))
    found = await place.replay(name, "--against", against, agent=agent)
    assert (found.exit_code, says in found.output) == (code, True), found.output


async def test_a_door_that_is_not_there_is_a_sentence(place: Place) -> None:
    name = await place.session(("query", ORDERS, {"parameters": [1]}))
    found = await place.replay(name, "--against", "shop", "--mcp", "http://127.0.0.1:1/mcp")
    assert (found.exit_code, found.stderr.count("\n"), "cannot be reached" in found.stderr) == (4, 1, True)
