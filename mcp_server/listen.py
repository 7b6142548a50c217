"""Runs an ASGI application on a socket: bound before anyone is told, drained before it stops, no signals of its own."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, final

import anyio
import uvicorn
from starlette.types import ASGIApp

from core.errors import SettingsError
from mcp_server.bounds import Drain
from mcp_server.heads import Bounded

CONNECTIONS: Final = 4_096  # beyond, uvicorn answers 503 itself
GRACE: Final = timedelta(seconds=35)  # the default statement timeout, and time to record


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to listen; port 0 lets the system choose."""

    host: str = "127.0.0.1"
    port: int = 0
    certificate: str | None = None  # PEM files; without them a named proxy ends TLS
    key: str | None = None
    proxies: tuple[str, ...] = ()  # addresses whose X-Forwarded-* are believed


class Server(uvicorn.Server):
    """Uvicorn that says when it has started and leaves signals to the program."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.open = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets=sockets)
        self.open.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install no handlers: one program runs several doors."""
        yield


def bound(address: Address) -> socket.socket:
    """Bind the socket, so that the port is known and a conflict is one sentence.

    Raises: SettingsError when the address cannot be had, or its certificate is not that of its key.
    """
    if address.certificate is not None:
        _paired(address.certificate, address.key)
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host, address.port), family=family, backlog=1_024)
    except OSError as error:
        raise SettingsError(f"cannot listen on {address.host}:{address.port}: {error.strerror}") from error


def _paired(certificate: str, key: str | None) -> None:
    try:  # a key under a passphrase is refused: nobody is there who could type it
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except OSError as error:  # ssl.SSLError among them
        raise SettingsError(f"{certificate} is no chain of certificates in PEM, or not that of its key") from error


@asynccontextmanager
async def listening(
    app: ASGIApp, taken: socket.socket, *, address: Address, drain: Drain, grace: timedelta = GRACE
) -> AsyncIterator[None]:
    """Serve on a bound socket until the block ends; then drain: held Calls answer, running ones get `grace`.

    Whoever owns the store closes it after this block, never before.
    """
    server = Server(_config(app, address, grace))
    running = asyncio.create_task(server.serve(sockets=[taken]))
    opened = asyncio.create_task(server.open.wait())
    try:
        await asyncio.wait({running, opened}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        yield
    finally:
        opened.cancel()
        drain.begin()
        server.should_exit = True
        with anyio.CancelScope(shield=True):
            await asyncio.wait({running})
        running.result()


def _config(app: ASGIApp, address: Address, grace: timedelta) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Bounded,
        lifespan="on",
        ws="none",
        log_config=None,
        access_log=False,  # a request's line may carry what a client should not have put there
        server_header=False,
        proxy_headers=bool(address.proxies),
        forwarded_allow_ips=list(address.proxies),
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=max(1, round(grace.total_seconds())),
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
    )
