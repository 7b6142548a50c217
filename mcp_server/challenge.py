"""The resource server's word to clients: 401, 403, 503 (RFC 6750, RFC 9728), from the token and the body alone."""

from __future__ import annotations

import asyncio
import json
from typing import Final, final

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.admission import READ, SCOPE
from core.errors import Busy, GatewayError, Unauthenticated
from core.model import Caller, Tool
from mcp_server.calls import bearer_of, named
from mcp_server.room import Room
from mcp_server.tools import foreseen

BODY_BYTES: Final = 1_048_576  # a statement is 65,536 bytes, six times that in JSON escapes, and its parameters
RETRY_SECONDS: Final = 5
PARSE: Final = -32700  # JSON-RPC 2.0 section 5.1
INVALID: Final = -32600
BATCH: Final = "Batches are not taken here: send each message alone."  # MCP had them in 2025-03-26 alone
TWICE: Final = "A name stands twice in an object: readers differ on which counts."  # RFC 8259 section 4
BASE: Final = frozenset({READ})
NEEDED: Final = {str(tool): BASE | {SCOPE[tool]} for tool in Tool}  # by the tool's name
NO_ID: Final = "An id is text or a whole number."  # MCP, Messages; the SDK takes a request with another for none
NO_OBJECT: Final = "A message is an object."
# As JSON-RPC: clients hand its message to the agent; of another body they say that there was an error.
TOO_LARGE: Final = {
    "code": INVALID,
    "message": f"The request is larger than {BODY_BYTES // 1_048_576} MiB, and nothing ran; send less at once.",
}
NO_UTF8: Final = "A message is UTF-8."  # RFC 8259 section 8.1; Python would read UTF-16, too


@final
class Challenge:
    """Wraps the endpoint: no token or a bad one is 401, a missing scope 403, too much at once 429, no keys at all 503.

    Scopes are compared with the *body*: on requests before 2026-07-28 nobody compares `Mcp-Method` and `Mcp-Name`
    with it. This is a courtesy that lets clients step up; the check that counts is the line's, on the Call.
    """

    def __init__(self, app: ASGIApp, *, room: Room, metadata: str) -> None:
        self._app = app
        self._line = room.line
        self._tally = room.tally
        self._limiter = room.limiter
        self._patience = room.bounds.body.total_seconds()
        self._metadata = metadata

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the challenge, or pass the request on with its body replayed."""
        found = await self._caller(scope)
        if isinstance(found, Response):
            await found(scope, receive, send)
            return
        try:
            opened = self._limiter.opened(found)
        except Busy as busy:
            await self._busy(busy)(scope, receive, send)
            return
        with opened:
            await self._known(found, scope, receive, send)

    async def _known(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        body = await self._body(receive)
        if isinstance(body, Response):
            await body(scope, receive, send)
            return
        message = decoded(body)
        if said := fault(message):
            error = {"code": PARSE if said == NO_UTF8 else INVALID, "message": said}
            await JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, 400)(scope, receive, send)
            return
        needed = needs(message)
        if not needed <= caller.scopes:
            await self._forbidden(needed)(scope, receive, send)
            return
        await self._app({**scope, "user": _user(caller)}, replayed(body, receive), send)

    async def _caller(self, scope: Scope) -> Caller | Response:
        authorization = named(scope, b"authorization")
        bearer = bearer_of(authorization)
        if bearer is None:  # the line is not asked: without a token it may know a local Caller, of another door
            self._tally.add(Unauthenticated.code)
            return self._unauthenticated(presented=bool(authorization))
        try:
            return await foreseen("identify", self._line.identify(bearer))
        except Unauthenticated:  # counted by the line
            return self._unauthenticated(presented=True)
        except GatewayError as error:
            return self._unavailable(error)

    async def _body(self, receive: Receive) -> bytes | Response:
        held = bytearray()
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientDisconnect
                    held += message.get("body", b"")
                    if len(held) > BODY_BYTES:
                        self._tally.add("too_large")
                        return JSONResponse({"jsonrpc": "2.0", "id": None, "error": TOO_LARGE}, 413)
                    if not message.get("more_body", False):
                        return bytes(held)
        except TimeoutError:
            self._tally.add("too_slow")
            return JSONResponse({"error": "too_slow"}, 408)

    def _unauthenticated(self, *, presented: bool) -> Response:
        # RFC 6750 section 3.1: no error code where no credentials were presented.
        error = 'error="invalid_token", ' if presented else ""
        challenge = f'Bearer {error}resource_metadata="{self._metadata}", scope="{READ}"'
        return JSONResponse(_words(Unauthenticated()), 401, {"WWW-Authenticate": challenge})

    def _forbidden(self, needed: frozenset[str]) -> Response:
        self._tally.add("insufficient_scope")
        scopes = " ".join(sorted(needed))
        challenge = f'Bearer error="insufficient_scope", resource_metadata="{self._metadata}", scope="{scopes}"'
        words = {"error": "insufficient_scope", "error_description": f"This call needs the scopes {scopes}."}
        return JSONResponse(words, 403, {"WWW-Authenticate": challenge})

    def _busy(self, busy: Busy) -> Response:
        # RFC 6585 section 4: this client, not the door, has too many.
        self._tally.add(busy.code)
        return JSONResponse(_words(busy), 429, {"Retry-After": str(int(busy.retry_after.total_seconds()))})

    def _unavailable(self, error: GatewayError) -> Response:
        # Not 401: a client would begin a sign-in that cannot help.
        self._tally.add(error.code)
        return JSONResponse(_words(error), 503, {"Retry-After": str(RETRY_SECONDS)})


@final
class Unsound(ValueError):
    """A body that readers may read differently; says why in our own words."""


def decoded(body: bytes) -> object:
    """Read a body; what readers may read differently as `Unsound`, of what nobody can read nothing.

    That needs the base scope, and the SDK refuses it.
    """
    try:
        found: object = json.loads(body.decode(), object_pairs_hook=_once)
    except Unsound as error:
        return error
    except UnicodeDecodeError:
        return Unsound(NO_UTF8)
    except (ValueError, RecursionError):
        return None
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unsound(TWICE)
    return found


def fault(message: object) -> str:
    """Say why a message is none, where the SDK would take it for another or for one without an answer; "" if it is."""
    match message:
        case Unsound():
            return str(message)
        case list():
            return BATCH
        case str() | int() | float():
            return NO_OBJECT
        case {"method": _, "id": bool() | float() | None | list() | dict()}:
            return NO_ID
        case _:
            return ""


def needs(message: object) -> frozenset[str]:
    """Name all scopes that a message needs."""
    match message:
        case {"method": "tools/call", "params": {"name": str() as name}}:
            return NEEDED.get(name, BASE)
        case _:
            return BASE


def replayed(body: bytes, receive: Receive) -> Receive:
    """Give the body once more, as one message, then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _user(caller: Caller) -> AuthenticatedUser:
    """Name the principal to the SDK, which binds sealed request state to it; never the token."""
    return AuthenticatedUser(
        AccessToken(
            token="",
            client_id=caller.client,
            scopes=sorted(caller.scopes),
            subject=caller.subject,
            claims={"iss": caller.issuer},
        )
    )


def _words(error: GatewayError) -> dict[str, str]:
    return {"error": error.code, "error_description": error.public}
