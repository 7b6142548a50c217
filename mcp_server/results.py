"""Stored results, for people: POST {"ticket"} gives {id, role, content (base64), key}, once.

A ticket comes from the people's side and is all that is asked for here: no person's token reaches a gateway. What is
no ticket, was one, or opens nothing now is 404 alike.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import NotFound, StoreError
from core.ports import Opening
from mcp_server.tally import Tally

BODY_BYTES: Final = 256  # a ticket has 36 characters
HEADERS: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
RETRY: Final = {"retry-after": "5"}

Redeem: TypeAlias = Callable[[str], Awaitable[Opening]]


def taking(redeem: Redeem, tally: Tally) -> ASGIApp:
    """Make the endpoint; what is refused is counted as what asks without a token is."""

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        answered = await _answer(Request(scope, receive), redeem, tally)
        await answered(scope, receive, send)

    return endpoint


async def _answer(request: Request, redeem: Redeem, tally: Tally) -> Response:
    if request.method != "POST":
        return _say("method", "That method is not for this address.", 405, {"allow": "POST"})
    ticket = await _ticket(request)
    if ticket is None:
        return _say("bad_request", 'Send application/json: {"ticket": text}.', 400)
    try:
        opened = await redeem(ticket)
    except NotFound:
        tally.add("ticket")
        return _say("not_found", "This ticket opens nothing, or nothing any more.", 404)
    except StoreError as error:
        return _say(error.code, error.public, 503, RETRY)
    content = base64.b64encode(opened.content).decode()
    found = {"id": opened.id, "role": opened.role.value, "content": content, "key": opened.key.hex()}
    return JSONResponse(found, headers=HEADERS)


async def _ticket(request: Request) -> str | None:
    """Read the one field of a small JSON body; a page's form can send none."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return None
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > BODY_BYTES:
            return None
    try:
        said = json.loads(bytes(content))
    except (ValueError, RecursionError):
        return None
    ticket = said.get("ticket") if isinstance(said, dict) and len(said) == 1 else None
    return ticket if isinstance(ticket, str) else None


def _say(code: str, sentence: str, status: int, more: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": code, "message": sentence}, status, {**HEADERS, **(more or {})})
