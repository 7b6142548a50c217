"""Socket Mode: tickets for one use, hello, envelopes to a connection at random, acknowledgements within a bound."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Final, final

from aiohttp import WSMsgType, web

from demo.slack.world import Json, World

MOST: Final = 10  # connections of one app; the next is told too_many_websockets
ACK_SECONDS: Final = 3.0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """What the app answered: `payload` None when it only acknowledged."""

    payload: Json | None = None


@final
@dataclass(slots=True, kw_only=True)
class Sockets:
    """All connections of one app."""

    world: World
    app: str
    base: str = ""  # ws://127.0.0.1:port
    ack_seconds: float = ACK_SECONDS
    tickets: set[str] = field(default_factory=set)
    open: list[web.WebSocketResponse] = field(default_factory=list)
    waiting: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)
    acks: dict[str, list[Ack]] = field(default_factory=dict)
    wires: list[asyncio.Transport] = field(default_factory=list)
    opened: int = 0
    refuse: int = 0  # as many connections fail after their ticket was spent

    def ticket(self) -> str:
        """Make a URL that opens one connection."""
        ticket = secrets.token_urlsafe(16)
        self.tickets.add(ticket)
        return f"{self.base}/link/?ticket={ticket}&app_id={self.app}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection until either side ends it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=401, text="invalid ticket")
        self.tickets.discard(ticket)
        if self.refuse:
            self.refuse -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.open) >= MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await socket.close()
            return socket
        self.open.append(socket)
        wire = request.transport
        self.wires += [wire] if wire is not None else []
        self.opened += 1
        await socket.send_json(self.hello())
        self.world.changed()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self.taken(json.loads(message.data))
        finally:
            self.open.remove(socket)
            self.wires = [each for each in self.wires if each is not wire]
            self.world.changed()
        return socket

    def hello(self) -> Json:
        """Greet a connection (docs.slack.dev, "Using Socket Mode")."""
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.app},
        }

    def taken(self, message: Json) -> None:
        """Take an acknowledgement."""
        envelope = str(message.get("envelope_id"))
        payload = message.get("payload")
        ack = Ack(payload=payload if isinstance(payload, dict) else None)
        self.acks.setdefault(envelope, []).append(ack)
        waiting = self.waiting.get(envelope)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack)
        self.world.changed()

    async def deliver(self, kind: str, payload: Json, *, copies: int = 1) -> Ack | None:
        """Send an envelope, `copies` times under one id, and wait for its first acknowledgement; None: none came."""
        envelope = secrets.token_hex(16)
        message = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": True}
        waiting: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self.waiting[envelope] = waiting
        try:
            for _ in range(copies):
                if not self.open:
                    return None
                await secrets.choice(self.open).send_json(message)
            async with asyncio.timeout(self.ack_seconds):
                return await waiting
        except (TimeoutError, ConnectionError):
            return None
        finally:
            del self.waiting[envelope]

    async def refresh(self) -> None:
        """Ask every connection to reconnect, as Slack does every few hours."""
        for socket in tuple(self.open):
            await socket.send_json(
                {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "applink-1"}}
            )

    def cut(self) -> None:
        """Drop every connection without a close frame."""
        for transport in tuple(self.wires):
            transport.abort()

    async def close(self) -> None:
        """Close all connections."""
        for socket in tuple(self.open):
            await socket.close()
