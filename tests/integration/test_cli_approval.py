"""One change from an agent's question to its result, decided at the command line with a reviewer's own token."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, final

import asyncpg
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from typer.testing import Result

from cli.serve.house import Opened, opened
from core.assembly.policy import reload
from core.settings import load
from demo.signer import Claim
from demo.world import World, world
from tests.commands import answer, assent
from tests.waiting import until

REVIEW = "api://assent-review"
PURPOSE = "close what nobody answers"
UPDATE = "UPDATE orders SET status = 'cancelled' WHERE id = 1"


@final
@dataclass(kw_only=True)
class Place:
    """A whole gateway, an agent of anybody's, and anybody at a command line."""

    world: World
    house: Opened

    def token(self, name: str, **claims: Claim) -> str:
        now = int(time.time())
        usual: dict[str, Claim] = {"scope": "assent:review assent:audit", "auth_time": now, "exp": now + 300}
        return self.world.mint.person(name, [], REVIEW, client="assent-cli", **usual | claims)

    async def assent(self, who: str, *arguments: object, token: str | None = None) -> Result:
        environ = {"ASSENT_TOKEN": token or self.token(who)}
        return await asyncio.to_thread(assent, *arguments, "--config", self.world.config, environ=environ)

    async def waiting(self, who: str, asked: asyncio.Task[Mapping[str, Any]]) -> dict[str, Any]:
        while not asked.done():
            reviews: list[dict[str, Any]] = answer(await self.assent(who, "review", "list", "--json"))["reviews"]
            if reviews:
                return reviews[0]
        raise AssertionError(asked.result())

    @asynccontextmanager
    async def asking(self, name: str) -> AsyncIterator[asyncio.Task[Mapping[str, Any]]]:
        headers = {"authorization": f"Bearer {self.world.token(name)}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(self.house.mcp, http_client=http)) as agent,
        ):

            async def ask() -> Mapping[str, Any]:
                given = {"source": "shop", "sql": UPDATE, "purpose": PURPOSE}
                result: Any = await agent.call_tool("execute", given)
                return dict(result.structured_content)

            yield asyncio.create_task(ask())

    async def status(self) -> str:
        connection = await asyncpg.connect(self.world.owner)
        try:
            return str(await connection.fetchval("SELECT status FROM orders WHERE id = 1"))
        finally:
            await connection.close()


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    folder = tmp_path_factory.mktemp("place")
    async with world(folder, say=lambda _: None) as made:
        text = made.config.read_text()
        for old, new in (
            ('clients = ["demo-agent"]', f'clients = ["demo-agent", "assent-cli"]\nreview_audiences = ["{REVIEW}"]'),
            ("[console]", '[console]\nclients = ["assent-cli"]'),
        ):
            assert old in text
            text = text.replace(old, new, 1)
        made.config.write_text(text)
        made.mint._audiences = None
        async with opened(load(made.config, {})) as house:
            yield Place(world=made, house=house)


async def test_what_a_reviewer_approves_runs_once_and_is_on_record(place: Place) -> None:
    async with place.asking("sam") as asked:
        review = await place.waiting("rita", asked)
        shown = await place.assent("rita", "review", "show", review["id"])
        assert f"  | {UPDATE}" in shown.stdout
        assert f"  | {PURPOSE}" in shown.stdout
        wrong = await place.assent("rita", "review", "approve", review["id"], "--digest", "0" * 64)
        assert wrong.exit_code == 1
        other = await place.assent("otto", "review", "approve", review["id"], "--digest", review["digest"])
        assert other.exit_code == 1  # a member of another group
        machine = place.world.token("sam")
        agents = await place.assent("", "review", "approve", review["id"], "--digest", review["digest"], token=machine)
        assert agents.exit_code == 1
        stale = place.token("rita", auth_time=int(time.time()) - 3600)
        old = await place.assent("", "review", "approve", review["id"], "--digest", review["digest"], token=stale)
        assert old.exit_code == 1
        assert await place.status() != "cancelled"
        assert not asked.done()
        done = await place.assent("rita", "review", "approve", review["id"], "--digest", review["digest"], "--json")
        assert answer(done)["said"] == "approved"
        answered = await asked
    assert answered["status"] == "answered"
    assert await place.status() == "cancelled"
    again = await place.assent("rita", "review", "approve", review["id"], "--digest", review["digest"], "--json")
    assert (answer(again)["said"], answer(again)["changed"]) == ("repeat", False)
    call = answer(await place.assent("rita", "audit", "call", str(answered["call"]), "--json"))
    assert (call["statement"], call["outcome"]) == (UPDATE, "committed")
    told = await place.assent("rita", "audit", "session", str(call["session"]))
    assert "review.vote" in json.dumps(call["entries"]) or "review" in told.stdout


async def test_nobody_approves_their_own_agents_question(place: Place) -> None:
    async with place.asking("dora") as asked:
        review = await place.waiting("dora", asked)
        own = await place.assent("dora", "review", "approve", review["id"], "--digest", review["digest"])
        assert own.exit_code == 1
        denied = await place.assent("rita", "review", "deny", review["id"], "--reason", "name the customer first")
        assert denied.exit_code == 0
        answered = await asked
    assert (answered["status"], answered["reviewer_note"]) == ("refused", "name the customer first")


async def test_the_record_is_looked_up_and_verified(place: Place) -> None:
    sessions = answer(await place.assent("rita", "audit", "sessions", "--json"))["sessions"]
    assert sessions
    result = await place.assent("rita", "audit", "verify", "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["result"], found["findings"]) == (0, "ok", [])
    assert (await place.assent("", "health")).exit_code == 0


async def test_whoever_is_struck_from_a_group_votes_and_reads_nothing_with_the_token_they_have(place: Place) -> None:
    """The last of this file: what was taken back in a running process, only two operators give again."""
    text = place.world.config.read_text()
    struck, audits = place.token("rita"), place.token("rita", scope="assent:audit")
    for group in (', "demo:dora"', ', "demo:otto"'):
        text = text.replace(f'"demo:rita"{group}', group.removeprefix(", "))
    assert "demo:rita" not in text
    place.world.config.write_text(text)
    house = place.house.house
    await reload(house.ruling, house.journal)  # SIGHUP's
    written = load(place.world.config, {}, roles=frozenset()).policy.version

    async def followed() -> bool:
        return house.ruling.version == written

    await until(followed)
    async with place.asking("sam") as asked:
        review = await place.waiting("dora", asked)
        for acts in (("approve", "--digest", review["digest"]), ("deny", "--reason", "mine once")):
            told = await place.assent("", "review", acts[0], review["id"], *acts[1:], token=struck)
            assert told.exit_code == 1, told.output
        assert not asked.done()
        assert answer(await place.assent("", "review", "list", "--json", token=struck))["reviews"] == []
        assert answer(await place.assent("", "audit", "sessions", "--json", token=audits))["sessions"] == []  # own ones
        assert (await place.assent("dora", "review", "deny", review["id"], "--reason", "no")).exit_code == 0
        assert (await asked)["status"] == "refused"
