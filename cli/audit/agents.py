"""The agents' door as a command of a person's own reaches it: their token, their Calls, nothing but the tools."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, TypeAlias, final

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from cli.health import listening
from cli.reach import held
from cli.show import Exit, fail
from core.errors import GatewayError
from core.settings import tls

TOKEN: Final = "ASSENT_AGENT_TOKEN"  # noqa: S105 - the name of a variable
SECONDS: Final = 120.0  # of one Call: longer than any hold
ENDPOINT: Final = "/mcp"

Said: TypeAlias = Mapping[str, object]


class Unreachable(GatewayError):
    """The agents' door gave no answer that is one."""

    code = "unreachable"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where agents come in, and whose Calls these are."""

    url: str
    token: str = field(repr=False)

    @asynccontextmanager
    async def opened(self, conversation: str) -> AsyncIterator[Tools]:
        """Open it; all Calls made there belong to one Session.

        Raises: Unreachable.
        """
        headers = {"authorization": f"Bearer {self.token}", "x-conversation-id": conversation}
        refused: list[httpx2.Response] = []  # the client's own error does not say why

        async def look(reply: httpx2.Response) -> None:
            if reply.is_error:
                refused.append(reply)

        hooks = {"response": [look]}
        try:
            async with (
                httpx2.AsyncClient(headers=headers, timeout=SECONDS, trust_env=False, event_hooks=hooks) as http,
                Client(streamable_http_client(self.url, http_client=http)) as client,
            ):
                yield Tools(client)
        except* (httpx2.HTTPError, MCPError, OSError) as group:
            raise Unreachable(f"{self.url}: {said(group, refused)}") from group


class Asks(Protocol):
    """The tools, by name."""

    async def call(self, tool: str, **arguments: object) -> Said:
        """Call one and return what it says in a structure."""
        ...


@final
class Tools:
    """The tools of an open door, each call of one a Call on record."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def call(self, tool: str, **arguments: object) -> Said:
        """Call one and return what it says in a structure."""
        result = await self._client.call_tool(tool, arguments)
        found = getattr(result, "structured_content", None)
        return found if isinstance(found, dict) else {}


def said(error: BaseException, refused: Sequence[httpx2.Response]) -> str:
    """Say what went wrong, out of the groups that a client wraps it in; a token that is refused is told as such."""
    if refused:
        status = refused[-1].status_code
        return "it refuses this token" if status == httpx2.codes.UNAUTHORIZED else f"status {status}"
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) if isinstance(error, MCPError) else f"cannot be reached ({type(error).__name__})"


def door(config: Path, url: str | None, token_file: Path | None) -> Door:
    """Find address and token; a token never travels in the clear.

    Raises: SettingsError.
    """
    address = (url or listening(config) + ENDPOINT).rstrip("/")
    try:
        safe = tls.verified(address)
    except ValueError:
        fail("--mcp is an http or https address", Exit.USAGE)
    if not safe:
        fail(f"{address} is off this machine and not https: a token would travel in the clear")
    missing = f"no token for the agents' door: put your own into {TOKEN}, or name its file with --agent-token-file"
    return Door(url=address, token=held(token_file, os.environ.get(TOKEN, ""), missing))
