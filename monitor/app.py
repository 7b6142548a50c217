"""What a process tells its operators over HTTP, on a port of its own and never on the agents'.

    GET  /healthz    ok: this process answers, no more
    GET  /readyz     ok, or 503: {"serving": true, "policy": true, "journal": false, "keys": true}
    GET  /sources    {"shop": "reached", "warehouse": "source_unavailable"}: they decide nothing
    GET  /metrics    Prometheus' text format

Nobody signs in here, so it says numbers and names of the configuration alone, and it listens on loopback unless the
configuration says otherwise. A request names this host by an address or a configured name: a web page that had its own
name point here is refused.
"""

from __future__ import annotations

import ipaddress
from typing import Final, final

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.telemetry.telling import Telling

LOCAL: Final = frozenset({"localhost"})


def application(telling: Telling, hosts: frozenset[str] = frozenset()) -> Starlette:
    """Make the application; `hosts` are names by which it may be asked, besides any address."""

    async def ready(_: Request) -> Response:
        parts = await telling.readiness.parts()
        return JSONResponse(dict(parts), 200 if all(parts.values()) else 503)

    async def sources(_: Request) -> Response:
        return JSONResponse(dict(await telling.sources()))

    async def metrics(_: Request) -> Response:
        return Response(await telling.numbers(), media_type=CONTENT_TYPE_LATEST)

    app = Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/readyz", ready),
            Route("/sources", sources),
            Route("/metrics", metrics),
        ],
        middleware=[Middleware(Named, hosts=hosts | LOCAL)],
    )
    app.router.redirect_slashes = False
    return app


async def alive(_: Request) -> Response:
    """Answer."""
    return PlainTextResponse("ok")


@final
class Named:
    """Refuses a Host that is neither an address nor one of our names (421), and whatever a web page sends (403)."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what names us."""
        headers = Headers(scope=scope) if scope["type"] == "http" else None
        if headers is None:
            await self._app(scope, receive, send)
        elif not self._ours(headers.getlist("host")):
            await PlainTextResponse("Invalid Host header", 421)(scope, receive, send)
        elif headers.getlist("origin"):
            await PlainTextResponse("Invalid Origin", 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _ours(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        host = bare(hosts[0].lower())
        return host in self._hosts or address(host)


def bare(host: str) -> str:
    """Take a port and brackets away."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def address(host: str) -> bool:
    """Say whether it is an address, which no name service can make point elsewhere."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
