"""From a structured value to a CallToolResult: compact JSON, text equal to the structure, never above the ceiling."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, TypeAlias

from mcp.types import CallToolResult, TextContent

Structure: TypeAlias = "dict[str, object]"

# The official client ends an SSE event at 1 MiB (DEFAULT_MAX_SSE_EVENT_SIZE of mcp 2.3); 100 kB stay for the envelope.
CEILING: Final = 900_000
# Bytes on the wire per UTF-8 byte of the compact JSON, at worst: text and structure, each with \uXXXX escapes.
WORST: Final = 6
DELETE: Final = len(r"\u007f") - 1  # bytes more than it has, where it is escaped


def compact(structure: Mapping[str, object]) -> str:
    """Encode without blanks and without escapes that UTF-8 does not need.

    Raises: ValueError for NaN and infinities, which are not JSON.
    """
    return json.dumps(structure, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def wire_size(text: str) -> int:
    """Bytes that a result takes in a message: the text as a JSON string, and the structure beside it."""
    size = len(text.encode())
    if size * WORST <= CEILING:
        return size * WORST
    if text.isascii():  # what is escaped once more is counted, not written: of the text both marks, of both DEL
        return 2 * size + len('""') + text.count('"') + text.count("\\") + 2 * DELETE * text.count("\x7f")
    return len(json.dumps(text)) + len(json.dumps(json.loads(text), separators=(",", ":")))


def fitting(structure: Structure, key: str, *, ceiling: int = CEILING) -> int:
    """Count how many leading members of the list under `key` fit below the ceiling."""
    members = structure[key]
    if not isinstance(members, list):
        return 0
    low, high = 0, len(members)
    while low < high:
        middle = (low + high + 1) // 2
        if wire_size(compact({**structure, key: members[:middle]})) <= ceiling:
            low = middle
        else:
            high = middle - 1
    return low


def result(structure: Structure, *, error: bool = False) -> CallToolResult:
    """Make the result: one text block that is exactly the compact JSON of the structure."""
    return _made(compact(structure), structure, error=error)


def whole(structure: Structure, *, ceiling: int = CEILING) -> CallToolResult | None:
    """Make the result where it stays below the ceiling; it is written once."""
    text = compact(structure)
    return _made(text, structure, error=False) if wire_size(text) <= ceiling else None


def _made(text: str, structure: Structure, *, error: bool) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structure, is_error=error)
