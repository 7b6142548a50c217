"""What a message looks like on its way: headers out of its body, frames out of an answer, errors of our own."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, final

Message: TypeAlias = Mapping[str, object]

VERSION: Final = "io.modelcontextprotocol/protocolVersion"
FRAME_BYTES: Final = 4 * 1_048_576  # of one answer; the gateway ends a message at 1 MiB

PLAIN: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")  # RFC 9110 section 5.5, without blanks around
WRAPPED: Final = re.compile(r"=\?base64\?.*\?=", re.DOTALL)
# The member of `params` that Mcp-Name mirrors, by method (MCP 2026-07-28, Streamable HTTP; SEP-2663 for tasks).
NAMED: Final = {
    "tools/call": "name",
    "prompts/get": "name",
    "resources/read": "uri",
    "tasks/get": "taskId",
    "tasks/update": "taskId",
    "tasks/cancel": "taskId",
}


def member(message: Message, *path: str) -> object:
    """Follow names down a message; None where one is missing."""
    found: object = message
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def mirrored(message: Message, negotiated: str | None) -> dict[str, str]:
    """Give the headers that repeat what the body says; before 2026-07-28 that is the version alone.

    `negotiated`: what `initialize` agreed on, for messages that carry no version of their own.
    """
    version = member(message, "params", "_meta", VERSION)
    if not isinstance(version, str):
        return {} if negotiated is None else {"mcp-protocol-version": field(negotiated)}
    headers = {"mcp-protocol-version": field(version)}
    method = message.get("method")
    if isinstance(method, str):
        headers["mcp-method"] = field(method)
        name = member(message, "params", NAMED.get(method, ""))
        headers |= {"mcp-name": field(name)} if isinstance(name, str) else {}
    return headers


def field(value: str) -> str:
    """Write text as a header's value; what such a value cannot hold is wrapped (MCP 2026-07-28, Standard Headers)."""
    if PLAIN.fullmatch(value) and not WRAPPED.fullmatch(value):
        return value
    return f"=?base64?{b64encode(value.encode('utf-8', 'surrogatepass')).decode('ascii')}?="


async def events(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """Read the data of server-sent events (WHATWG HTML, 9.2.6); ids, names and comments say nothing here.

    Raises: ValueError for an event beyond `FRAME_BYTES`.
    """
    held: list[str] = []
    size = 0
    async for line in lines:
        if line.startswith("data:"):
            held.append(line.removeprefix("data:").removeprefix(" "))
            size += len(held[-1])
            if size > FRAME_BYTES:
                raise ValueError("an event beyond the bound")
        elif not line and held:
            yield "\n".join(held)
            held, size = [], 0


@final
@dataclass(frozen=True, slots=True)
class Frames:
    """One line for the client, and the messages in it."""

    line: bytes
    whole: tuple[Message, ...]


def framed(text: str) -> Frames | None:
    """Write one JSON-RPC message, or batch, as one line; None where the text is none."""
    try:
        decoded: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    whole: list[object] = decoded if isinstance(decoded, list) else [decoded]
    messages = tuple(one for one in whole if isinstance(one, dict) and one.get("jsonrpc") == "2.0")
    if not messages or len(messages) < len(whole):
        return None
    # Bodies pass unchanged; only a line break inside the text would break the line, and JSON has none inside strings.
    return Frames(text.replace("\r", "").replace("\n", "").encode("utf-8", "surrogatepass") + b"\n", messages)


def failure(of: object, code: int, sentence: str) -> bytes:
    """Word an answer of the relay's own: `code` is the HTTP status or 0, outside JSON-RPC's reserved range."""
    said = {"jsonrpc": "2.0", "id": of, "error": {"code": code, "message": sentence}}
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"
