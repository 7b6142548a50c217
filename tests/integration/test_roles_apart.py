"""Gateway, people and signer as processes of their own, over one PostgreSQL store that `assent store setup` made."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import final

import asyncpg
import pytest

from core.settings import Role
from core.stores.postgres.rights import Part
from demo.postgres import Postgres
from demo.world import World, world
from tests.commands import PROGRAM, ROOT, answer, assent
from tests.integration.test_cli_approval import REVIEW, UPDATE, Place
from tests.pgstore import PASSWORD, login

PIPE = asyncio.subprocess.PIPE
HELD = {  # whose secrets a process of each role is given; no other's file is even there
    Role.GATEWAY: {"questions", "results", "mask", "shop_read", "shop_write"},
    Role.PEOPLE: {"questions"},
    Role.SIGNER: {"signing"},
}


@final
@dataclass(frozen=True, kw_only=True)
class Door:
    """Where agents come in."""

    mcp: str


@final
@dataclass(kw_only=True)
class Apart:
    """Three processes and their store."""

    place: Place
    server: Postgres
    database: str
    running: dict[Role, asyncio.subprocess.Process]

    async def dba(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.server.url(self.database), server_settings={"search_path": "assent"})


async def prepared(server: Postgres, config: Path) -> str:
    """Make the store as a DBA does, with a login for each role."""
    owner = await asyncpg.connect(server.url())
    await owner.execute("CREATE DATABASE apart STRATEGY FILE_COPY")
    await owner.close()
    environ = {"DBA": server.url("apart"), "ASSENT_STORE": "postgresql://nobody@127.0.0.1/none"}
    setup = ("store", "setup", "--apply", "--dba", "env:DBA", "--config", config)
    made = await asyncio.to_thread(assent, *setup, environ=environ)
    assert made.exit_code == 0, made.output
    again = await asyncio.to_thread(assent, *setup, environ=environ)
    assert (again.exit_code, "already" in again.output) == (4, True)
    dba = await asyncpg.connect(server.url("apart"))
    for part in Part:
        if not await dba.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", login(part)):
            await dba.execute(f"CREATE ROLE {login(part)} LOGIN PASSWORD '{PASSWORD}' IN ROLE {part.role}")
    await dba.close()
    return "apart"


@asynccontextmanager
async def serving(config: Path, role: Role, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start one role in a folder that holds its own secrets alone."""
    folder = config.parent / role.value
    folder.mkdir()
    for name in {"assent.toml", *HELD[role]}:
        (folder / name).touch(mode=0o600)
        (folder / name).write_text((config.parent / name).read_text())
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
        ("[console]", '[console]\nclients = ["assent-cli"]'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    made.config.write_text(text)
    made.mint._audiences = None


@pytest.fixture
async def apart(
    durable: Callable[[], Postgres], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Apart]:
    server = await asyncio.to_thread(durable)
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(world(tmp_path, say=lambda _: None))
        configured(made)
        database = await prepared(server, made.config)
        running = {}
        for role in Role:
            url = server.url(database, login(Part(role.value)), PASSWORD)
            running[role] = await stack.enter_async_context(serving(made.config, role, url))
        monkeypatch.setenv("ASSENT_STORE", "postgresql://nobody@127.0.0.1/none")
        place = Place(world=made, house=Door(mcp=f"{made.url}/mcp"))  # type: ignore[arg-type]
        yield Apart(place=place, server=server, database=database, running=running)


async def test_a_change_is_asked_at_one_process_approved_at_another_and_signed_by_a_third(apart: Apart) -> None:
    place = apart.place
    async with place.asking("sam") as asked:
        review = await place.waiting("rita", asked)
        said = await place.assent("rita", "review", "approve", review["id"], "--digest", review["digest"], "--json")
        assert answer(said)["said"] == "approved"
        async with asyncio.timeout(20):  # it is told: the gateway's own slow look comes later than that
            answered = await asked
    assert answered["status"] == "answered"
    assert await place.status() == "cancelled"
    call = answer(await place.assent("rita", "audit", "call", str(answered["call"]), "--json"))
    assert (call["statement"], call["outcome"]) == (UPDATE, "committed")
    dba = await apart.dba()
    rows = await dba.fetch("SELECT kind, convert_from(body, 'UTF8')::json ->> 'boot' AS boot FROM log_entry")
    by = {row["kind"]: row["boot"] for row in rows}
    assert by["call.intent"] == by["review.claimed"] == by["call.outcome"] != by["review.vote"] == by["review.decided"]
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
