"""Makes the Call out of one request: its id, its bearer, its hints, and text that every later stage can encode."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from mcp.server.context import ServerRequestContext
from starlette.requests import Request
from starlette.types import Scope

from core.errors import BadCall
from core.model import Call, CallId, Hints, Parameters, Tool, letters
from mcp_server.hints import READ, hints
from mcp_server.room import Room

NUL: Final = "The call holds a NUL character, which no source can store; remove it."
SURROGATE: Final = "The call holds text that is not valid Unicode (a lone surrogate); remove it."
NOT_FINITE: Final = "The call holds a number that JSON does not have (NaN or Infinity); send it as a string."


def new_call_id() -> CallId:
    """Draw an id: `call_` and 26 letters of RFC 4648 base32."""
    return CallId("call_" + letters())


def readable(value: object) -> None:
    """Refuse text that cannot be encoded as UTF-8, NUL, and numbers that JSON does not have, at any depth.

    The two MCP eras parse differently: a lone surrogate passes `json.loads` (2026-07-28) and NUL passes both.

    Raises: BadCall.
    """
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                if "\0" in text or not text.isascii():
                    _readable_text(text)
            case None:
                continue
            case float() as number if not math.isfinite(number):
                raise BadCall("number that is not finite", public=NOT_FINITE)
            case list() | tuple() as members:
                waiting.extend(members)
            case dict() | Mapping() as members:  # to ask for what is any mapping costs most, so it comes last
                waiting.extend(members.keys())
                waiting.extend(members.values())
            case _:
                continue


def _readable_text(text: str) -> None:
    if "\0" in text:
        raise BadCall("NUL in text", public=NUL)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadCall("lone surrogate in text", public=SURROGATE) from error


def named(scope: Scope, name: bytes) -> list[str]:
    """Return what a request says under a header's name, in lower case as ASGI has it."""
    return [value.decode("latin-1") for said, value in scope["headers"] if said == name]


def bearer_of(authorization: list[str]) -> str | None:
    """Take the token out of a request's Authorization headers (RFC 6750 section 2.1); several are none."""
    if len(authorization) != 1:
        return None
    scheme, _, token = authorization[0].partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def presented(request: Request | None) -> str | None:
    """Take the bearer of this very request; None on stdio."""
    return None if request is None else bearer_of(named(request.scope, b"authorization"))


def arrive(
    context: ServerRequestContext[Room, Request],
    tool: Tool,
    *,
    source: str = "",
    statement: str = "",
    parameters: Parameters = (),
    purpose: str = "",
) -> Call:
    """Make the Call of one request; nothing in it is trusted.

    Raises: BadCall, also for what the SDK decoded after the first look: some hosts send arrays as JSON in a string.
    """
    readable((source, statement, parameters, purpose))
    room = context.lifespan_context
    return Call(
        id=new_call_id(),
        door=room.door,
        tool=tool,
        source=source,
        received_at=room.clock.now(),
        statement=statement,
        parameters=parameters,
        purpose=purpose,
        bearer=presented(context.request),
        hints=_hints(context),
    )


def _hints(context: ServerRequestContext[Room, Request]) -> Hints:
    request, params = context.request, context.session.client_params
    info = params.client_info if params is not None else None
    return hints(
        dict(context.meta or {}),
        {} if request is None else told(request.scope),
        client=f"{info.name} {info.version}" if info is not None else None,
        address=request.client.host if request is not None and request.client is not None else None,
    )


def told(scope: Scope) -> dict[str, str]:
    """Return the headers that say something about the sender; of one that comes twice, the first."""
    said = reversed(scope["headers"])
    return {str(name, "latin-1"): str(value, "latin-1") for name, value in said if name in READ}
