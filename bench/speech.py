"""MCP over one kept connection, at both protocol versions: what is said first, and what each call says."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, final
from urllib.parse import urlsplit

from bench.wire import BadAnswer, Connection, Reply, request

NUMBERS: Final = itertools.count(1)  # of all connections: answers under one Mcp-Session-Id must not cross
CLIENT: Final = {"name": "bench", "version": "1"}
ACCEPT: Final = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


class Protocol(StrEnum):
    """Versions of MCP that are measured."""

    LEGACY = "2025-11-25"  # a handshake first
    MODERN = "2026-07-28"  # every request stands alone
    CLIENT = "client"  # whatever the official client agrees on, and through it


RAW: Final = (Protocol.LEGACY, Protocol.MODERN)  # by our own load generator


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An MCP endpoint and the bearer token it wants, if any."""

    url: str
    token: str | None = field(repr=False, default=None)

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 80


@final
@dataclass(slots=True)
class Talk:
    """One caller's connection after its handshake."""

    connection: Connection
    target: Target
    protocol: Protocol
    session: str | None = None

    async def begin(self) -> None:
        """Say what the version wants said before the first call.

        Raises: BadAnswer.
        """
        if self.protocol is Protocol.MODERN:
            return
        hello = {"protocolVersion": self.protocol.value, "capabilities": {}, "clientInfo": CLIENT}
        reply = await self._say("initialize", hello, name=None)
        if reply.status != 200:
            raise BadAnswer(f"initialize: HTTP {reply.status} {reply.body[:200]!r}")
        self.session = reply.headers.get("mcp-session-id")
        note = json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}).encode()
        told = await self.connection.send(self._post(note, "notifications/initialized", None))
        if told.status != 202:
            raise BadAnswer(f"notifications/initialized: HTTP {told.status}")

    async def call(self, tool: str, arguments: Mapping[str, object]) -> Reply:
        """Call a tool."""
        return await self._say("tools/call", {"name": tool, "arguments": arguments}, name=tool)

    async def _say(self, method: str, params: Mapping[str, object], *, name: str | None) -> Reply:
        body = {"jsonrpc": "2.0", "id": next(NUMBERS), "method": method, "params": self._with_meta(params)}
        return await self.connection.send(self._post(json.dumps(body).encode(), method, name))

    def _with_meta(self, params: Mapping[str, object]) -> Mapping[str, object]:
        if self.protocol is Protocol.LEGACY:
            return params
        prefix = "io.modelcontextprotocol/"  # specification 2026-07-28, basic: the request's reserved _meta keys
        meta = {"protocolVersion": self.protocol.value, "clientInfo": CLIENT, "clientCapabilities": {}}
        return {**params, "_meta": {prefix + key: value for key, value in meta.items()}}

    def _post(self, body: bytes, method: str, name: str | None) -> bytes:
        headers = {**ACCEPT, "MCP-Protocol-Version": self.protocol.value}
        if self.target.token is not None:
            headers["Authorization"] = f"Bearer {self.target.token}"
        if self.session is not None:
            headers["Mcp-Session-Id"] = self.session
        if self.protocol is Protocol.MODERN:
            headers["Mcp-Method"] = method
            headers |= {"Mcp-Name": name} if name is not None else {}
        host, port = self.target.place
        return request(urlsplit(self.target.url).path, f"{host}:{port}", headers, body)
