"""Doubles for identity: a clock that stands, a network that serves issuers' documents and counts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import final

from core.errors import IdentityUnavailable
from core.identity.issuer import Agent, Issuer
from core.identity.keys import JwksKeys
from core.identity.verifier import Verifier
from core.model import Person
from demo.issuer import Mint

DOOR = "https://assent.example/mcp"
REVIEW = "api://assent-review"
CONSOLE = frozenset({"assent-cli"})


@final
class Still:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def wait(self, span: timedelta) -> None:
        self.at += span

    def seconds(self, *, ago: float = 0) -> int:
        return int(self.at.timestamp() - ago)


@final
class Network:
    """A `Fetch` over issuers in this process."""

    def __init__(self, *mints: Mint) -> None:
        self.mints = mints
        self.asked: list[str] = []
        self.down = False
        self.reached = asyncio.Event()
        self.gate: asyncio.Event | None = None
        self.other: dict[str, bytes] = {}

    async def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.down:
            raise IdentityUnavailable("down")
        if url in self.other:
            return self.other[url]
        for mint in self.mints:
            documents: Mapping[str, Mapping[str, object]] = {
                f"{mint.url}/.well-known/openid-configuration": mint.metadata(),
                f"{mint.url}/jwks": mint.jwks(),
            }
            if url in documents:
                return json.dumps(documents[url]).encode()
        raise IdentityUnavailable("404")


def trust(mint: Mint, *, groups: Collection[str] | None = ("analysts", "Domain Admins")) -> Issuer:
    return mint.trust([DOOR], review_audiences=[REVIEW], groups=groups)


def verifier(network: Network, clock: Still, *issuers: Issuer, agents: Collection[Agent] = ()) -> Verifier:
    return Verifier(issuers, agents, JwksKeys(network, clock), clock, clients=CONSOLE)


def owner(client: str) -> Agent:
    return Agent(client=client, owner=Person(directory="demo", id="bob"))
