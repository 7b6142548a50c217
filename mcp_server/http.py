"""The HTTP application: Host and Origin first, then the bound, then the token, then the SDK's endpoint."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final, final
from urllib.parse import urlsplit

from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.mcpserver import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.admission import READ
from core.errors import Busy
from mcp_server.calls import named
from mcp_server.challenge import BODY_BYTES, Challenge
from mcp_server.results import Redeem, taking
from mcp_server.room import Room
from mcp_server.tally import Tally
from mcp_server.worded import Worded

WELL_KNOWN: Final = "/.well-known/oauth-protected-resource"  # RFC 9728 section 3
PROBES: Final = frozenset({"/healthz", "/readyz"})  # asked by address, not by name; they say nothing
IN_FLIGHT: Final = 2_000  # HTTP requests, held ones included: about 200 MiB at 111 KiB each
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
HOLD: Final = b"x-accel-buffering"  # asked of a proxy: nginx's, which others took over


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """How this door is reached from outside, and who issues tokens for it."""

    url: str  # scheme and host, perhaps a path prefix: `[gateway] url`
    issuers: tuple[str, ...]  # of every issuer that serves agents, character for character as configured
    origins: tuple[str, ...] = ()  # web pages that may call, besides our own

    @property
    def prefix(self) -> str:
        """The path before /mcp, without a slash at its end."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def root(self) -> str:
        """Scheme and authority."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def resource(self) -> str:
        """The resource identifier: the endpoint's own URL (RFC 9728 section 3.3 wants it equal)."""
        return f"{self.root}{self.prefix}/mcp"

    @property
    def metadata(self) -> str:
        """Where the metadata of the resource stands."""
        return f"{self.root}{WELL_KNOWN}{self.prefix}/mcp"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Values of Host that are ours; the three names of loopback stand for each other."""
        parts = urlsplit(self.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        bare = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname or ""
        names = LOOPBACK if bare in LOOPBACK else (bare,)
        plain = names if parts.port is None else ()
        return (*plain, *(f"{name}:{port}" for name in names))


async def always() -> bool:
    """Be ready: for a line that has nothing to wait for."""
    return True


def application(
    server: MCPServer[Room],
    room: Room,
    public: Public,
    *,
    ready: Callable[[], Awaitable[bool]] = always,
    redeem: Redeem | None = None,
) -> Starlette:
    """Make the ASGI application of one server: Streamable HTTP without sessions, metadata, health.

    `ready` says whether keys, Journal and policy are there; Sources do not count. `redeem` opens stored results.
    """
    # JSON responses would drop progress and would not notice a client that has gone.
    server.streamable_http_app(
        stateless_http=True,
        json_response=False,
        max_request_body_size=BODY_BYTES,
        transport_security=TransportSecuritySettings(
            allowed_hosts=list(public.hosts), allowed_origins=[public.root, *public.origins]
        ),
    )
    endpoint = AuthContextMiddleware(Worded(StreamableHTTPASGIApp(server.session_manager)))
    guarded = Gate(Challenge(endpoint, room=room, metadata=public.metadata), room.tally)
    manager = server.session_manager
    app = Starlette(
        lifespan=lambda _: manager.run(),
        routes=[
            Route(f"{public.prefix}/mcp", guarded, methods=["POST"]),  # no sessions: nothing to GET or DELETE
            *_metadata(public),
            *(
                []
                if redeem is None
                else [Route(f"{public.prefix}/results", Gate(taking(redeem, room.tally), room.tally))]
            ),
            Route("/healthz", _alive),
            Route("/readyz", _readiness(room, ready)),
        ],
        middleware=[Middleware(TrimHeaders), Middleware(Guard, public=public)],
    )
    # No path of ours has a twin with a slash; and Starlette's redirect would decode a query that may be no text.
    app.router.redirect_slashes = False
    return app


# ---------------------------------------------------------------- routes


def _metadata(public: Public) -> Iterable[Route]:
    document = {
        "resource": public.resource,
        "authorization_servers": list(public.issuers),
        "scopes_supported": [READ],  # some clients request everything listed
        "bearer_methods_supported": ["header"],
        "resource_name": "Assent",
    }

    async def show(_: Request) -> Response:
        return JSONResponse(document, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=3600"})

    # At the root as well: older clients ask there.
    return [Route(path, show) for path in dict.fromkeys((f"{WELL_KNOWN}{public.prefix}/mcp", WELL_KNOWN))]


async def _alive(_: Request) -> Response:
    return PlainTextResponse("ok")


def _readiness(room: Room, ready: Callable[[], Awaitable[bool]]) -> Callable[[Request], Awaitable[Response]]:
    async def show(_: Request) -> Response:
        if room.drain.begun:
            return PlainTextResponse("draining", 503)
        return PlainTextResponse("ok") if await ready() else PlainTextResponse("not ready", 503)

    return show


# ---------------------------------------------------------------- wrappers


@final
class TrimHeaders:
    """Strips blanks around header values, which httptools keeps (RFC 9110 section 5.5)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with trimmed values."""
        if scope["type"] == "http":
            scope["headers"] = [(name, value.strip(b" \t")) for name, value in scope["headers"]]
        await self._app(scope, receive, send)


@final
class Guard:
    """Refuses foreign Hosts (421) and Origins (403) before anything else, so that no web page reaches us by rebinding.

    The SDK's own check stands behind the token; this one covers every route but the probes. The metadata are public.
    """

    def __init__(self, app: ASGIApp, *, public: Public) -> None:
        self._app = app
        self._hosts = frozenset(public.hosts)
        self._origins = frozenset({public.root, *public.origins})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what names us."""
        refused = self._refused(scope) if scope["type"] == "http" else None
        if refused is None:
            await self._app(scope, receive, send)
        else:
            await refused(scope, receive, send)

    def _refused(self, scope: Scope) -> Response | None:
        path = scope["path"]
        if path in PROBES:
            return None
        hosts = named(scope, b"host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return PlainTextResponse("Invalid Host header", 421)
        if path.startswith(WELL_KNOWN):
            return None
        return None if set(named(scope, b"origin")) <= self._origins else PlainTextResponse("Invalid Origin", 403)


@final
class Gate:
    """Bounds the requests in flight; beyond, 503 with Retry-After before a token is looked at."""

    def __init__(self, app: ASGIApp, tally: Tally, *, most: int = IN_FLIGHT) -> None:
        self._app = app
        self._tally = tally
        self._most = most
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one request in and out."""
        if self._inside >= self._most:
            self._tally.add(Busy.code)
            busy = Busy()
            after = {"Retry-After": str(int(busy.retry_after.total_seconds()))}
            refused = JSONResponse({"error": busy.code, "error_description": busy.public}, 503, after)
            await refused(scope, receive, send)
            return
        self._inside += 1
        try:
            await self._app(scope, receive, _unbuffered(send))
        except ClientDisconnect:
            return
        finally:
            self._inside -= 1


def _unbuffered(send: Send) -> Send:
    """Tell proxies not to hold frames back; the SDK says so on one of its two paths."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*(one for one in message["headers"] if one[0] != HOLD), (HOLD, b"no")]
        await send(message)

    return sending
