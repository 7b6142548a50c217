"""What a request says about its sender, read by one literal table: grouping and display, never identity or policy."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from core.model import Hints

HINT_CHARACTERS: Final = 200  # shown to people on one line

# Keys by which clients name a conversation, the more reliable first; what is not listed is ignored.
# MCP itself has no conversation id (specification 2026-07-28, "a connection is not a conversation").
IN_META: Final = (
    "openai/session",  # ChatGPT: stable per chat
    "vscode.conversationId",
    "sessionID",  # opencode
    "sessionId",
    "conversationId",
)
IN_HEADERS: Final = (
    "x-openhands-conversation-id",
    "x-conversation-id",
    "x-session-id",
    "mcp-session-id",  # last: ChatGPT opens a new one per tool call
)

AGENT: Final = "user-agent"
READ: Final = frozenset(name.encode() for name in (*IN_HEADERS, AGENT))  # as they stand in a request


def tidy(value: object) -> str | None:
    """Keep text on one line: control, format and unassigned characters removed, at most 200 characters."""
    if not isinstance(value, str):
        return None
    held = value[: 4 * HINT_CHARACTERS]
    if not held.isprintable():  # which leaves out these, and all blanks but one
        held = "".join(character for character in held if unicodedata.category(character)[0] != "C")
    return held.strip()[:HINT_CHARACTERS] or None


def conversation(meta: Mapping[str, object], headers: Mapping[str, str]) -> tuple[str, str] | None:
    """Find the first key of the table that holds text."""
    for keys, held in ((IN_META, meta), (IN_HEADERS, headers)):
        for key in keys:
            if key in held and (value := tidy(held[key])) is not None:
                return key, value
    return None


def hints(meta: Mapping[str, object], headers: Mapping[str, str], *, client: str | None, address: str | None) -> Hints:
    """Gather what the client typed about itself."""
    return Hints(
        conversation=conversation(meta, headers),
        client=tidy(client),
        agent=tidy(headers.get(AGENT)),
        address=address,
    )
