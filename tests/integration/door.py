"""The agents' door over real HTTP, with a double of the line behind it, and requests as bytes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import anyio
import anyio.abc
import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from core.model import Door
from mcp_server.bounds import Bounds
from mcp_server.http import Public, application
from mcp_server.listen import Address, bound, listening
from mcp_server.room import HOLD, Room
from mcp_server.server import build
from tests.mcp_double import Double, caller, room

ISSUER = "https://login.example.test"
SQL = {"source": "shop", "sql": "UPDATE t SET a = 1", "purpose": "to see"}
GOOD = {"authorization": "Bearer good"}


@dataclass
class Gateway:
    url: str
    line: Double
    room: Room
    http: httpx2.AsyncClient
    stop: anyio.Event = field(default_factory=anyio.Event)
    stopped: anyio.Event = field(default_factory=anyio.Event)

    async def post(self, message: object, headers: Mapping[str, str] = GOOD, *, modern: bool = True) -> httpx2.Response:
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        return await self.http.post(self.url, content=body, headers={**wire(message, modern=modern), **headers})


def wire(message: object, *, modern: bool) -> dict[str, str]:
    headers = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    if not modern:
        return headers | {"mcp-protocol-version": "2025-11-25"}
    if isinstance(message, dict):
        headers["mcp-method"] = message["method"]
        name = message.get("params", {}).get("name")
        headers |= {"mcp-name": name} if isinstance(name, str) else {}
    return headers | {"mcp-protocol-version": "2026-07-28"}


def calling(tool: str, arguments: object, *, modern: bool = True) -> dict[str, object]:
    params: dict[str, object] = {"name": tool, "arguments": arguments}
    if modern:
        params["_meta"] = {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        }
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


def answer_of(response: httpx2.Response) -> dict[str, object]:
    """Read the JSON-RPC message out of a JSON or an SSE response."""
    if response.headers["content-type"].startswith("text/event-stream"):
        lines = [line[6:] for line in response.text.splitlines() if line.startswith("data: {")]
        message = json.loads(lines[-1])
    else:
        message = response.json()
    assert isinstance(message, dict)
    return message


def structure_of(response: httpx2.Response) -> dict[str, object]:
    result = answer_of(response)["result"]
    assert isinstance(result, dict)
    structure = result["structuredContent"]
    assert isinstance(structure, dict)
    return structure


@asynccontextmanager
async def gateway(
    line: Double | None = None,
    *,
    bounds: Bounds | None = None,
    hold: timedelta = HOLD,
    prefix: str = "",
    grace: timedelta = timedelta(seconds=20),
) -> AsyncIterator[Gateway]:
    asked = line or Double(callers={"good": caller(), "bob": caller("bob")})
    furnished = room(asked, Door("mcp-http"), bounds=bounds, hold=hold)
    address = Address()
    taken = bound(address)
    root = f"http://127.0.0.1:{taken.getsockname()[1]}"
    public = Public(url=root + prefix, issuers=(ISSUER,))
    app = application(build(furnished), furnished, public)
    async with httpx2.AsyncClient(timeout=30) as http:
        made = Gateway(url=public.resource, line=asked, room=furnished, http=http)

        async def serve(task_status: anyio.abc.TaskStatus[None]) -> None:
            async with listening(app, taken, address=address, drain=furnished.drain, grace=grace):
                task_status.started()
                await made.stop.wait()
            made.stopped.set()

        async with anyio.create_task_group() as group:
            await group.start(serve)
            try:
                yield made
            finally:
                made.stop.set()


@asynccontextmanager
async def agent(made: Gateway, era: str, bearer: str = "good") -> AsyncIterator[Client]:
    async with httpx2.AsyncClient(headers={"authorization": f"Bearer {bearer}"}, timeout=30) as http:
        transport = streamable_http_client(made.url, http_client=http)
        async with Client(transport, mode=era) as connected:
            yield connected
