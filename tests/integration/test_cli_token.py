"""`assent token` against the demo's own issuer, over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from demo.issuer import Client, Endpoints, Mint, app
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests.commands import answer, assent

AUDIENCE = "http://127.0.0.1:1/mcp"
SECRET = "canary-secret"


def state(folder: Path, issuer: str, secret: str = SECRET) -> None:
    path = folder / "demo.json"
    path.write_text(json.dumps({"issuer": issuer, "secret": secret, "people": ["ana", "dora"]}))
    path.chmod(0o600)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Path]:
    taken = bound(Address())
    mint = Mint(f"http://127.0.0.1:{taken.getsockname()[1]}", audiences=(AUDIENCE,))
    client = Client(id="ana", secret=SECRET, groups=frozenset({"analysts"}), audience=AUDIENCE)
    async with listening(app(Endpoints(mint, [client], users=False)), taken, address=Address(), drain=Drain()):
        state(tmp_path, mint.url)
        yield tmp_path


async def test_a_running_demo_gives_the_token_of_one_of_its_people(demo: Path) -> None:
    plain = await asyncio.to_thread(assent, "token", "ana", "--demo", demo)
    assert (plain.exit_code, plain.stdout.count("."), plain.stdout.count("\n")) == (0, 2, 1)
    found = answer(await asyncio.to_thread(assent, "token", "ana", "--demo", demo, "--json"))
    assert (found["name"], found["token"].count(".")) == ("ana", 2)


async def test_who_the_issuer_does_not_know_gets_nothing(demo: Path) -> None:
    result = await asyncio.to_thread(assent, "token", "dora", "--demo", demo)
    assert (result.exit_code, result.stdout) == (1, "")
    issuer = json.loads((demo / "demo.json").read_text())["issuer"]
    state(demo, issuer, "guess")
    result = await asyncio.to_thread(assent, "token", "ana", "--demo", demo)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "guess" not in result.output


async def test_a_demo_that_has_ended_is_one_sentence(tmp_path: Path) -> None:
    state(tmp_path, "http://127.0.0.1:9")
    result = await asyncio.to_thread(assent, "token", "ana", "--demo", tmp_path)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (4, "", 1)


async def test_the_secret_follows_no_redirect(tmp_path: Path) -> None:
    bodies: list[bytes] = []

    async def elsewhere(request: Request) -> Response:
        bodies.append(await request.body())
        return Response(status_code=500)

    async def token(_: Request) -> Response:
        return RedirectResponse("/elsewhere", 307)

    routes = [Route("/token", token, methods=["POST"]), Route("/elsewhere", elsewhere, methods=["POST"])]
    taken = bound(Address())
    async with listening(Starlette(routes=routes), taken, address=Address(), drain=Drain()):
        state(tmp_path, f"http://127.0.0.1:{taken.getsockname()[1]}")
        result = await asyncio.to_thread(assent, "token", "ana", "--demo", tmp_path)
    assert (result.exit_code in {1, 4}, bodies) == (True, [])
