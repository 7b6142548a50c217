"""Processes of each role over one PostgreSQL store, each with its own login, port and folder of secrets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from core.connectors.postgres.connection.pool import Bounds
from core.settings import Role
from core.stores.postgres.rights import Part
from demo.postgres import Postgres
from demo.world import World, free, world
from tests.commands import PROGRAM, ROOT
from tests.integration.test_roles_apart import HELD, configured, prepared
from tests.pgstore import PASSWORD, login
from tests.replicas.balancer import Balancer, balancing

STARTED = 300.0  # seconds, on a machine that is shared and busy
WRITES = Bounds().connections  # of the write role that a gateway keeps at most
READS = WRITES + 1  # of the read role: the catalogs have one of their own


@dataclass
class Member:
    """One process: its role, where it listens, how it is run."""

    role: Role
    port: int
    folder: Path
    url: str = field(repr=False)
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and wait until it says that it serves."""
        command = (*PROGRAM, "serve", "--config", str(self.folder / "assent.toml"), "--role", self.role.value)
        environ = {"ASSENT_STORE": self.url, "PATH": "/usr/bin:/bin"}
        with (self.folder / "said").open("ab") as said:
            began = said.tell()
            self.process = await asyncio.create_subprocess_exec(*command, stderr=said, cwd=ROOT, env=environ)
        async with asyncio.timeout(STARTED):
            while b"assent s" not in (self.folder / "said").read_bytes()[began:]:
                assert self.process.returncode is None, (self.folder / "said").read_text()
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """End it as a lost machine does."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def drain(self) -> None:
        """End it in order."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STARTED):
            assert await self.process.wait() == 0, (self.folder / "said").read_text()


@dataclass(frozen=True)
class Cluster:
    """Everything that runs, and the balancer before the gateways."""

    world: World
    gateways: list[Member]
    people: list[Member]
    signer: Member
    balancer: Balancer
    server: Postgres
    database: str

    def away(self) -> Counter[str]:
        """Count what the gateways' own lines say of a Source that stayed away, by step and cause."""
        found: Counter[str] = Counter()
        for one in self.gateways:
            for line in (one.folder / "said").read_text().splitlines():
                said = json.loads(line) if line.startswith("{") else {}
                if said.get("cause"):
                    found[f"{said['step']} {said['cause']}"] += 1
        return found

    @asynccontextmanager
    async def dba(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.server.url(self.database), server_settings={"search_path": "assent"})
        try:
            yield connection
        finally:
            await connection.close()


@asynccontextmanager
async def cluster(server: Postgres, folder: Path, *, gateways: int, people: int) -> AsyncIterator[Cluster]:
    """Start them all over a fresh store."""
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(world(folder, say=lambda _: None))
        configured(made)
        await roomy(made, gateways)
        database = await prepared(server, made.config)
        front = int(made.url.rpartition(":")[2])
        members = [member(made, server, database, role, number) for role, number in wanted(gateways, people)]
        stack.push_async_callback(ended, members)
        for one in members:
            await one.start()
        doors = [one for one in members if one.role is Role.GATEWAY]
        yield Cluster(
            world=made,
            gateways=doors,
            people=[one for one in members if one.role is Role.PEOPLE],
            signer=members[0],
            balancer=await stack.enter_async_context(balancing(front, [one.port for one in doors])),
            server=server,
            database=database,
        )


async def roomy(made: World, gateways: int) -> None:
    """Let the shop's roles in as often as several gateways ask, one that starts while another drains among them."""
    owner = await asyncpg.connect(made.owner)
    await owner.execute(f"ALTER ROLE shop_read CONNECTION LIMIT {READS * (gateways + 1)}")
    await owner.execute(f"ALTER ROLE shop_write CONNECTION LIMIT {WRITES * (gateways + 1)}")
    await owner.close()


def wanted(gateways: int, people: int) -> list[tuple[Role, int]]:
    counts = {Role.SIGNER: 1, Role.GATEWAY: gateways, Role.PEOPLE: people}
    return [(role, number) for role, count in counts.items() for number in range(count)]


def member(made: World, server: Postgres, database: str, role: Role, number: int) -> Member:
    """Give a process its folder: the configuration with its own ports, and its role's secrets."""
    folder, port = made.config.parent / f"{role.value}-{number}", free()
    folder.mkdir()
    for name in {"assent.toml", *HELD[role]}:
        (folder / name).touch(mode=0o600)
        (folder / name).write_text((made.config.parent / name).read_text())
    config = folder / "assent.toml"
    text = config.read_text()
    front = made.url.removeprefix("http://")
    taken = text.partition("[console]")[2].partition('listen = "')[2].partition('"')[0]
    text = text.replace(f'listen = "{taken}"', f'listen = "127.0.0.1:{port if role is Role.PEOPLE else free()}"')
    text = text.replace(f'listen = "{front}"', f'listen = "127.0.0.1:{port if role is Role.GATEWAY else free()}"')
    config.write_text(text)
    return Member(role=role, port=port, folder=folder, url=server.url(database, login(Part(role.value)), PASSWORD))


async def ended(members: list[Member]) -> None:
    """Drain what still runs; kill nothing that would hide how it ends."""
    running = [one for one in members if one.process is not None and one.process.returncode is None]
    for one in running:
        try:
            await one.drain()
        finally:
            if one.process is not None and one.process.returncode is None:
                os.kill(one.process.pid, signal.SIGKILL)


Act = Callable[[], Awaitable[None]]
