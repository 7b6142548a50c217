"""The issuer over real HTTP, read by the real client: what a provider may do wrong, and what it costs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import final

import httpx2
import pytest
import uvicorn

from core.errors import IdentityUnavailable, UnsafeStart
from core.identity.fetch import HttpFetch
from core.identity.keys import JwksKeys
from core.identity.verifier import Verifier
from core.model import Kind
from demo.issuer import Client, Endpoints, Fault, Mint, Wall, app
from tests.identities import DOOR, REVIEW, trust

NIGHTLY = Client(id="nightly", secret="s3cret", groups=frozenset({"analysts"}), audience=DOOR)


@final
class Served:
    """One issuer, listening."""

    def __init__(self, mint: Mint, endpoints: Endpoints) -> None:
        self.mint = mint
        self.endpoints = endpoints

    async def post(self, form: dict[str, str], **headers: str) -> httpx2.Response:
        async with httpx2.AsyncClient(trust_env=False) as client:
            return await client.post(f"{self.mint.url}/token", data=form, headers=headers)


@asynccontextmanager
async def serving(*, users: bool = False, audiences: list[str] | None = None) -> AsyncIterator[Served]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        mint = Mint(f"http://127.0.0.1:{listener.getsockname()[1]}", audiences=audiences)
        endpoints = Endpoints(mint, [NIGHTLY], users=users)
        server = uvicorn.Server(uvicorn.Config(app(endpoints), log_level="critical", lifespan="off"))
        running = asyncio.create_task(server.serve([listener]))
        try:
            yield Served(mint, endpoints)
        finally:
            endpoints.gone.set()
            server.should_exit = True
            await running


@pytest.fixture
async def issuer() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


async def test_a_token_of_client_credentials_opens_the_agents_door(issuer: Served) -> None:
    reply = await issuer.post({"grant_type": "client_credentials", "client_id": "nightly", "client_secret": "s3cret"})
    assert reply.headers["cache-control"] == "no-store"
    async with HttpFetch() as fetch:
        door = Verifier([trust(issuer.mint)], [], JwksKeys(fetch, Wall()), Wall())
        caller = await door.caller(reply.json()["access_token"])
    assert (caller.kind, caller.client, caller.groups) == (Kind.MACHINE, "nightly", frozenset({"analysts"}))


async def test_both_forms_of_metadata_say_the_same(issuer: Served) -> None:
    async with httpx2.AsyncClient(trust_env=False, base_url=issuer.mint.url) as client:
        first = await client.get("/.well-known/openid-configuration")
        second = await client.get("/.well-known/oauth-authorization-server")
    assert first.json() == second.json()
    assert first.json()["issuer"] == issuer.mint.url


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": "nightly", "client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "nightly"}, "invalid_client"),
        ({}, "invalid_client"),
        ({"client_id": "nightly", "client_secret": "s3cret", "grant_type": "password"}, "unsupported_grant_type"),
        ({"client_id": "nightly", "client_secret": "s\xe9cret"}, "invalid_client"),
        ({"client_id": "x" * 9_000}, "invalid_request"),
    ],
)
async def test_a_wrong_request_gets_no_token(issuer: Served, form: dict[str, str], error: str) -> None:
    reply = await issuer.post({"grant_type": "client_credentials"} | form)
    assert reply.json() == {"error": error}
    assert reply.status_code >= 400


USER = {
    "grant_type": "client_credentials",
    "client_id": "nightly",
    "client_secret": "s3cret",
    "user": "ana",
    "groups": "analysts",
}


async def test_only_the_tests_instance_mints_for_whomever_a_request_names(issuer: Served) -> None:
    assert (await issuer.post(USER)).json() == {"error": "invalid_request"}
    async with serving(users=True) as other, HttpFetch() as fetch:
        token = (await other.post(USER)).json()["access_token"]
        door = Verifier([trust(other.mint)], [], JwksKeys(fetch, Wall()), Wall())
        assert (await door.caller(token)).kind is Kind.PERSON


async def test_the_demos_instance_mints_no_reviewers_token() -> None:
    async with serving(audiences=[DOOR]) as demo:
        assert demo.mint.person("ana", [], DOOR, client="claude")
        for audience in (REVIEW, [DOOR, REVIEW]):
            with pytest.raises(UnsafeStart):
                demo.mint.person("ana", [], audience, client="claude")
        with pytest.raises(UnsafeStart):
            demo.mint.mint("ana", [], DOOR, aud=REVIEW)


async def test_a_name_rebound_to_the_issuer_reaches_nothing(issuer: Served) -> None:
    async with httpx2.AsyncClient(trust_env=False, base_url=issuer.mint.url) as client:
        assert (await client.get("/jwks", headers={"host": "evil.example"})).status_code == 400
    assert issuer.endpoints.asked == []


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.REDIRECT, Fault.HTML, Fault.LARGE, Fault.SLOW])
async def test_a_provider_that_misbehaves_is_unavailable_soon(issuer: Served, fault: Fault) -> None:
    issuer.mint.fault = fault
    async with HttpFetch(patience=timedelta(seconds=1)) as fetch, asyncio.timeout(10):
        keys = JwksKeys(fetch, Wall())
        with pytest.raises(IdentityUnavailable):
            await keys.key(trust(issuer.mint), issuer.mint.signers[0].kid)
    assert "/elsewhere" not in issuer.endpoints.asked


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.REDIRECT, Fault.LARGE, Fault.SLOW])
async def test_the_client_itself_gives_up(issuer: Served, fault: Fault) -> None:
    issuer.mint.fault = fault
    async with HttpFetch(patience=timedelta(seconds=1)) as fetch, asyncio.timeout(10):
        with pytest.raises(IdentityUnavailable):
            await fetch(f"{issuer.mint.url}/jwks")


async def test_a_kid_published_twice_verifies_nothing(issuer: Served) -> None:
    issuer.mint.fault = Fault.DUPLICATE
    async with HttpFetch() as fetch:
        keys = JwksKeys(fetch, Wall())
        with pytest.raises(IdentityUnavailable):
            await keys.key(trust(issuer.mint), issuer.mint.signers[0].kid)


async def test_a_provider_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as unheard:  # bound and not listening: connections are refused
        unheard.bind(("127.0.0.1", 0))
        async with HttpFetch() as fetch:
            with pytest.raises(IdentityUnavailable):
                await fetch(f"http://127.0.0.1:{unheard.getsockname()[1]}/jwks")
            for address in ("", "x", "http://", "http://[", "ftp://127.0.0.1/"):
                with pytest.raises(IdentityUnavailable):
                    await fetch(address)


DRIP = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
PACKED = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n\x1f\x8b"
GARBAGE = b"220 mail.example ESMTP\r\n"


@pytest.mark.parametrize("reply", [DRIP, PACKED, GARBAGE])
async def test_a_server_that_drips_packs_or_babbles_is_unavailable(reply: bytes) -> None:
    done = asyncio.Event()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write(reply)
            while reply is DRIP:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)  # a byte often enough for any limit on a single read
            writer.close()
            await writer.wait_closed()
        done.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, asyncio.timeout(10):
        async with HttpFetch(patience=timedelta(seconds=0.5)) as fetch:
            with pytest.raises(IdentityUnavailable):
                await fetch(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks")
        await done.wait()
