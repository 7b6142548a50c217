"""Two gateways, people and signer as processes of their own, over one store that `assent store setup` made."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import final
from urllib.parse import urlsplit

import asyncpg
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from typer.testing import Result

from core.settings import Role, load
from core.stores.postgres.rights import Part
from demo.postgres import Postgres
from demo.slack import Slack
from demo.slack.office import chat, office
from demo.world import World, free, world
from tests.commands import PROGRAM, ROOT, answer, assent
from tests.e2e.test_line import call
from tests.integration.test_cli_approval import REVIEW, UPDATE, Place
from tests.pgstore import PASSWORD, login
from tests.waiting import until

PIPE = asyncio.subprocess.PIPE
HELD = {  # whose secrets a process of each role is given; no other's file is even there
    Role.GATEWAY: {"questions", "results", "mask", "shop_read", "shop_write"},
    Role.PEOPLE: {"questions"},
    Role.SIGNER: {"signing"},
}
CHAT = {"slack_bot", "slack_app"}  # the people's too, where there is a Slack


@final
@dataclass(frozen=True, kw_only=True)
class Door:
    """Where agents come in."""

    mcp: str


@final
@dataclass(kw_only=True)
class Apart:
    """Four processes, their store, and the Slack that people look at."""

    place: Place
    server: Postgres
    database: str
    running: dict[Role, asyncio.subprocess.Process]
    slack: Slack
    second: str  # where the other gateway answers

    async def dba(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.server.url(self.database), server_settings={"search_path": "assent"})

    @property
    def proposed(self) -> Path:
        """The people's own configuration, which `assent policy apply` proposes."""
        return self.place.world.config.parent / Role.PEOPLE.value / "assent.toml"

    def edit(self, old: str, new: str) -> str:
        """Change it; give the version of what it says now."""
        text = self.proposed.read_text()
        assert old in text
        self.proposed.write_text(text.replace(old, new, 1))
        return load(self.proposed, {}, roles=frozenset()).policy.version

    async def operate(self, who: str, *arguments: object) -> Result:
        token = self.place.token(who, scope="assent:operate")
        environ = {"ASSENT_TOKEN": token}
        return await asyncio.to_thread(assent, *arguments, "--config", self.proposed, environ=environ)

    async def asked(self) -> list[str]:
        """What each gateway says of the same statement: answered, or the code of its refusal."""
        said = []
        for door in (self.place.house.mcp, self.second):
            async with self.agent(door) as client:
                found = await call(client, "query", sql="SELECT count(*) FROM tickets")
            said.append(str(found.get("code") or found["status"]))
        return said

    @asynccontextmanager
    async def agent(self, door: str) -> AsyncIterator[Client]:
        """An agent of sam's that a balancer sends there: it asks for the one address that there is."""
        headers = {
            "authorization": f"Bearer {self.place.world.token('sam')}",
            "host": urlsplit(self.place.world.url).netloc,
        }
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(door, http_client=http)) as client,
        ):
            yield client

    async def told(self) -> str:
        """What `assent doctor` tells who holds the whole configuration."""
        config = self.place.world.config
        environ = {"ASSENT_STORE": self.server.url(self.database, login(Part.GATEWAY), PASSWORD)}
        found = await asyncio.to_thread(assent, "doctor", "--config", config, environ=environ)
        return found.output

    async def both(self, word: str) -> None:
        """Wait until both say so."""

        async def same() -> bool:
            return await self.asked() == [word, word]

        await until(same, seconds=60)


async def prepared(server: Postgres, config: Path) -> str:
    """Make the store as a DBA does, with a login for each role."""
    database = f"apart_{secrets.token_hex(4)}"  # others make theirs on the same server
    owner = await asyncpg.connect(server.url())
    await owner.execute(f"CREATE DATABASE {database} STRATEGY FILE_COPY")
    await owner.close()
    environ = {"DBA": server.url(database), "ASSENT_STORE": "postgresql://nobody@127.0.0.1/none"}
    setup = ("store", "setup", "--apply", "--dba", "env:DBA", "--config", config)
    made = await asyncio.to_thread(assent, *setup, environ=environ)
    assert made.exit_code == 0, made.output
    again = await asyncio.to_thread(assent, *setup, environ=environ)
    assert (again.exit_code, "already" in again.output) == (4, True)
    dba = await asyncpg.connect(server.url(database))
    for part in Part:
        if not await dba.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", login(part)):
            await dba.execute(f"CREATE ROLE {login(part)} LOGIN PASSWORD '{PASSWORD}' IN ROLE {part.role}")
    await dba.close()
    return database


@asynccontextmanager
async def serving(
    config: Path, role: Role, url: str, *, name: str = "", edit: tuple[str, str] = ("", "")
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start one role in a folder that holds its own secrets alone; `edit` one text of its configuration by another."""
    folder = config.parent / (name or role.value)
    folder.mkdir()
    for held in {"assent.toml", *HELD[role], *(CHAT if role is Role.PEOPLE else ())}:
        (folder / held).touch(mode=0o600)
        (folder / held).write_text((config.parent / held).read_text())
    (folder / "assent.toml").write_text((folder / "assent.toml").read_text().replace(*edit))
    command = (*PROGRAM, "serve", "--config", str(folder / "assent.toml"), "--role", role.value)
    environ = {"ASSENT_STORE": url, "PATH": "/usr/bin:/bin"}
    running = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, cwd=ROOT, env=environ)
    try:
        assert running.stderr is not None
        async with asyncio.timeout(90):
            line = (await running.stderr.readline()).decode()
        assert "assent s" in line, line
        yield running
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
            async with asyncio.timeout(60):
                assert await running.wait() == 0


def configured(made: World) -> None:
    text = made.config.read_text()
    for old, new in (
        ('store = "sqlite:assent.db"', 'store = "env:ASSENT_STORE"'),
        ('clients = ["demo-agent"]', f'clients = ["demo-agent", "assent-cli"]\nreview_audiences = ["{REVIEW}"]'),
        ("[console]", '[console]\nclients = ["assent-cli"]\noperators = ["dba"]\nresult_readers = ["security"]'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    made.config.write_text(text)
    made.mint._audiences = None


@pytest.fixture(scope="module")
async def apart(durable: Callable[[], Postgres], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Apart]:
    server = await asyncio.to_thread(durable)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(office(ack_seconds=10.0))
        folder = tmp_path_factory.mktemp("apart")
        made = await stack.enter_async_context(world(folder, say=lambda _: None, chat=chat(slack)))
        configured(made)
        database = await prepared(server, made.config)
        running, urls = {}, {role: server.url(database, login(Part(role.value)), PASSWORD) for role in Role}
        for role in (Role.SIGNER, Role.GATEWAY, Role.PEOPLE):  # nobody begins on a log that nobody signs
            running[role] = await stack.enter_async_context(serving(made.config, role, urls[role]))
        other, listen = f"127.0.0.1:{free()}", 'listen = "{}"'
        edit = (listen.format(made.url.removeprefix("http://")), listen.format(other))
        again = serving(made.config, Role.GATEWAY, urls[Role.GATEWAY], name="second", edit=edit)
        await stack.enter_async_context(again)
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("ASSENT_STORE", "postgresql://nobody@127.0.0.1/none")
        place = Place(world=made, house=Door(mcp=f"{made.url}/mcp"))  # type: ignore[arg-type]
        second = f"http://{other}/mcp"
        yield Apart(place=place, server=server, database=database, running=running, slack=slack, second=second)


async def test_a_result_is_opened_by_a_ticket_at_a_gateway_though_the_peoples_side_holds_no_key_of_it(
    apart: Apart,
) -> None:
    assert not (apart.proposed.parent / "results").exists()
    async with apart.agent(apart.place.house.mcp) as client:
        asked = await call(client, "query", sql="SELECT id, status FROM orders WHERE id = 7")
    rows = answer(await apart.place.assent("rita", "audit", "call", str(asked["call"]), "--json"))
    replay = ("audit", "replay", str(rows["session"]), "--json")
    (opened,) = (
        one for one in answer(await apart.place.assent("rita", *replay))["calls"] if one["id"] == asked["call"]
    )
    assert opened["result"]["rows"] == asked["rows"]
    dba = await apart.dba()
    text = (
        "SELECT kind, convert_from(body, 'UTF8')::json AS said FROM log_entry"
        " WHERE kind LIKE 'ticket.%' AND convert_from(body, 'UTF8')::json ->> 'of' = $1 ORDER BY seq"
    )
    said = [(row["kind"], json.loads(row["said"])) for row in await dba.fetch(text, asked["call"])]
    await dba.close()
    assert [kind for kind, _ in said] == ["ticket.given", "ticket.used"]
    assert len({one["boot"] for _, one in said}) == 2
    assert (await apart.place.assent("dora", *replay)).exit_code == 1  # nobody's auditor
    verified = answer(await apart.place.assent("rita", "audit", "verify", "--json"))
    assert verified["findings"] == []


async def test_a_change_is_asked_at_one_process_approved_at_another_and_signed_by_a_third(apart: Apart) -> None:
    place = apart.place
    async with place.asking("sam") as asked:
        review = await place.waiting("rita", asked)
        said = await place.assent("rita", "review", "approve", review["id"], "--digest", review["digest"], "--json")
        assert answer(said)["said"] == "approved"
        async with asyncio.timeout(20):  # it is told: the gateway's own slow look comes later than that
            answered = await asked
    assert answered["status"] == "answered", (answered.get("code"), answered.get("message"))
    assert await place.status() == "cancelled"
    call = answer(await place.assent("rita", "audit", "call", str(answered["call"]), "--json"))
    assert (call["statement"], call["outcome"]) == (UPDATE, "committed")
    dba = await apart.dba()
    rows = await dba.fetch("SELECT kind, convert_from(body, 'UTF8')::json ->> 'boot' AS boot FROM log_entry")
    gateways, people = (
        {row["boot"] for row in rows if row["kind"] in kinds}
        for kinds in ({"call.intent", "review.claimed", "call.outcome"}, {"review.vote", "review.decided"})
    )
    assert len(people) == 1
    assert gateways.isdisjoint(people)
    apart.running[Role.SIGNER].send_signal(signal.SIGTERM)  # it signs the end before it leaves
    async with asyncio.timeout(60):
        await apart.running[Role.SIGNER].wait()
    signed = await dba.fetchval("SELECT max(size) FROM log_checkpoint")
    outcome = await dba.fetchval("SELECT max(seq) FROM log_entry WHERE kind = 'call.outcome'")
    assert signed > outcome
    await dba.close()
    verified = await place.assent("rita", "audit", "verify", "--json")
    found = answer(verified)
    assert (found["findings"], found["result"]) == ([], "self_consistent")
    await spare(apart)


async def spare(apart: Apart) -> None:
    """A signer on a machine that never signed this log starts at its operator's word alone."""
    folder = apart.place.world.config.parent / Role.SIGNER.value
    (folder / "assent.signed").unlink()
    url = apart.server.url(apart.database, login(Part.SIGNER), PASSWORD)
    command = (*PROGRAM, "serve", "--config", str(folder / "assent.toml"), "--role", "signer")
    environ = {"ASSENT_STORE": url, "PATH": "/usr/bin:/bin"}
    for word, code, says in ((), 4, "is missing"), (("--adopt",), 0, "assent signs"):
        running = await asyncio.create_subprocess_exec(*command, *word, stderr=PIPE, cwd=ROOT, env=environ)
        assert running.stderr is not None
        async with asyncio.timeout(90):
            assert says in (await running.stderr.readline()).decode()
            if word:
                running.send_signal(signal.SIGTERM)
            assert await running.wait() == code


LAST = '[[rule]]\nname = "nobody touches payroll"'
CLOSED = '[[rule]]\nname = "tickets are closed"\ntables = ["public.tickets"]\nthen = "refuse"\n\n'


async def test_a_policy_is_in_force_in_every_process_and_what_widens_waits_and_is_posted(apart: Apart) -> None:
    await apart.both("answered")
    closed = apart.edit(LAST, CLOSED + LAST)
    applied = await apart.operate("rita", "policy", "apply")
    assert f"in force: {closed}" in applied.stdout, applied.output
    await apart.both("refused_by_rule")
    opened = apart.edit(CLOSED, "")
    waits = await apart.operate("rita", "policy", "apply")
    assert 'lets somebody do more: the refusal "tickets are closed" is gone' in waits.stdout
    posted = apart.slack.world.messages
    await apart.slack.world.until(
        lambda: any("tickets are closed" in each.words and opened[:12] in each.words for each in posted),
        "the difference, posted",
    )
    (act,) = answer(await apart.operate("rita", "act", "list", "--json"))["acts"]
    assert (await apart.operate("rita", "act", "approve", act["id"])).exit_code == 1
    assert await apart.asked() == ["refused_by_rule", "refused_by_rule"]
    assert (await apart.operate("dora", "act", "approve", act["id"])).exit_code == 0
    await apart.both("answered")
    dba = await apart.dba()
    text = "SELECT convert_from(body, 'UTF8')::json AS said FROM log_entry WHERE kind = 'policy.change' ORDER BY seq"
    said = [json.loads(row["said"]) for row in await dba.fetch(text)]
    await dba.close()
    assert [(one["policy"], one["widens"]) for one in said[-2:]] == [(closed, 0), (opened, 1)]


async def test_a_block_holds_in_every_process_at_once_and_ends_by_two(apart: Apart) -> None:
    assert (await apart.operate("rita", "block", "agent", "demo-agent")).exit_code == 0
    assert await apart.asked() == ["blocked", "blocked"]  # from the moment that the command returned
    assert "demo-agent" in await apart.told()
    releasing = answer(await apart.operate("rita", "unblock", "agent", "demo-agent", "--json"))
    assert (await apart.operate("rita", "act", "approve", releasing["id"])).exit_code == 1
    assert (await apart.operate("dora", "act", "approve", releasing["id"])).exit_code == 0
    await apart.both("answered")
