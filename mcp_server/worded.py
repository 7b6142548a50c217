"""Errors of the SDK's own transport in their first words: what checks types there repeats what was sent."""

from __future__ import annotations

import json
from typing import Final, final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ERROR: Final = 400  # HTTP, from here on
WORDS: Final = 200  # characters; the longest of the SDK's own sentences has 130
CHECKED: Final = "Validation error"


@final
class Worded:
    """Shortens the message of each JSON-RPC error that comes with an HTTP error."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; hold back an error until its body is whole."""
        begun: list[Message] = []
        held = bytearray()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= ERROR:
                begun.append(message)
            elif not begun:
                await send(message)
            else:
                held.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    body = worded(bytes(held))
                    MutableHeaders(scope=begun[0])["content-length"] = str(len(body))
                    await send(begun[0])
                    await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, sending)


def worded(body: bytes) -> bytes:
    """Give an error's body with its message on one short line; what is no such body stays."""
    try:
        said: object = json.loads(body)
    except ValueError:
        return body
    error = said.get("error") if isinstance(said, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    if not isinstance(said, dict) or not isinstance(error, dict) or not isinstance(message, str):
        return body
    first = CHECKED if message.startswith(CHECKED) else message.partition("\n")[0][:WORDS]
    return json.dumps(said | {"error": error | {"message": first}}, separators=(",", ":")).encode()
