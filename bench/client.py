"""The official client in the load generator's place: what a host feels; it shares the cores, so ratios are flatter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import final

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from bench.speech import Target
from bench.wire import Reply


@final
@dataclass(frozen=True, slots=True)
class Hosted:
    """One session of the official client."""

    client: Client

    async def call(self, tool: str, arguments: Mapping[str, object]) -> Reply:
        """Call a tool; the result is written as the message that it came in, to be verified like any."""
        result = await self.client.call_tool(tool, dict(arguments))
        body = result.model_dump_json(by_alias=True, exclude_none=True)
        return Reply(status=200, headers={}, body=f'{{"result":{body}}}'.encode())


@asynccontextmanager
async def hosted(target: Target) -> AsyncIterator[Hosted]:
    """Open a session as hosts do; the version is what both agree on."""
    headers = {} if target.token is None else {"authorization": f"Bearer {target.token}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(target.url, http_client=http, max_sse_event_size=None)
        async with Client(transport, mode="auto") as client:
            yield Hosted(client)
