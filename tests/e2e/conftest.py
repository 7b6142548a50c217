"""One whole house for all tests here: hardened shop, issuer, gateway over HTTP, a reviewer's desk."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from cli.serve.house import Opened, opened
from core.model import Decision, Identity
from core.ports import Ballot, Said, Shown
from core.settings import load
from demo.world import REVIEWER, World, world
from tests.waiting import until


@dataclass(frozen=True)
class Place:
    """The house under test, and ways to stand in front of it."""

    world: World
    house: Opened

    def agent(self, name: str, *, token: str | None = None, mode: str = "auto") -> AbstractAsyncContextManager[Client]:
        return agent(self.house.mcp, token or self.world.token(name), mode)

    async def fetch(self, text: str, *values: object) -> list[Any]:
        connection = await asyncpg.connect(self.world.owner)
        try:
            return await connection.fetch(text, *values)
        finally:
            await connection.close()

    async def pending(self, who: Identity = REVIEWER) -> tuple[Shown, ...]:
        return await self.house.house.desk.pending(who)

    async def decide(self, decision: Decision, *, reason: str | None = None, who: Identity = REVIEWER) -> Said:
        shown = (await until(lambda: self.pending(who)))[0]
        ballot = Ballot(review=shown.review.id, digest=shown.review.digest, decision=decision, reason=reason)
        return await self.house.house.desk.vote(who, ballot)

    async def kinds(self, call: str) -> list[str]:
        entries = await self.house.house.journal.entries(call)
        return [str(entry.body["kind"]) for entry in entries]


@asynccontextmanager
async def agent(url: str, token: str, mode: str) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=60) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        yield client


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    folder = tmp_path_factory.mktemp("house")  # 0700 by pytest
    async with world(folder, say=lambda _: None) as made, opened(load(made.config, os.environ), votes=False) as house:
        yield Place(made, house)
