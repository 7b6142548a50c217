"""A certified OpenID provider (npm `oidc-provider`) as a process of the tests, and a browser that signs somebody in."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import final

import anyio
import anyio.abc
import httpx2

from core.identity.issuer import Issuer
from tests.node import ROOT, environment, wanted

SECRET = "nightly-secret-of-the-tests"
PEOPLE = "people-secret-of-the-tests"


@final
@dataclass(frozen=True, slots=True)
class Provider:
    """Where it answers, and what it may be told."""

    issuer: str
    resource: str
    process: anyio.abc.Process | None = None

    def trust(self) -> Issuer:
        """Give the `[[identity]]` table of this provider."""
        return Issuer(
            issuer=self.issuer,
            directory="company",
            audiences=frozenset({self.resource}),
            groups=frozenset({"support", "dba"}),
            domains=frozenset({"example.test"}),
            person_when={"email_verified": True},
            clients=None,
        )

    async def rotate(self) -> None:
        """Let it sign with another key, and forget the one before."""
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        await self.process.stdin.send(b"rotate\n")
        assert await self.process.stdout.receive() == b"rotated\n"


@asynccontextmanager
async def provider(resource: str) -> AsyncIterator[Provider]:
    """Run one; skipped without Node."""
    wanted()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    program = ["node", str(ROOT / "tests/node/provider.mjs"), str(port), resource]
    async with await anyio.open_process(program, env=environment(), stderr=None) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert await process.stdout.receive() == b"ready\n"
        try:
            yield Provider(f"http://127.0.0.1:{port}", resource, process)
        finally:
            await process.stdin.aclose()


@contextmanager
def started(resource: str) -> Iterator[Provider]:
    """Run one for many tests; skipped without Node."""
    wanted()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    program = ["node", str(ROOT / "tests/node/provider.mjs"), str(port), resource]
    with subprocess.Popen(program, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield Provider(f"http://127.0.0.1:{port}", resource)
        finally:
            process.stdin.close()


async def browsed(url: str, user: str | None) -> httpx2.Response:
    """Follow a sign-in as a browser of one person does: cookies, redirects, up to the loopback page."""
    headers = {"x-test-user": user} if user else {}
    async with httpx2.AsyncClient(trust_env=False, follow_redirects=True, headers=headers) as browser:
        return await browser.get(url)
