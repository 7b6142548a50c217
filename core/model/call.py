"""What arrived, and what the agent asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias, final

from core.model.ids import CallId, Door

Scalar: TypeAlias = str | int | float | bool | None
Parameters: TypeAlias = tuple[Scalar, ...] | Mapping[str, Scalar]  # no text: pydantic reads it where a noun uses it
STATEMENT_BYTES: Final = 65_536  # UTF-8; the parser's crash rules were measured up to here


class Tool(StrEnum):
    """What the agent asked for: the eight tools of the MCP door."""

    LIST_SOURCES = "list_sources"
    SEARCH_SCHEMA = "search_schema"
    DESCRIBE_TABLE = "describe_table"
    QUERY = "query"
    EXECUTE = "execute"
    CHECK = "check"
    COLLECT = "collect"
    CANCEL = "cancel"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the client says about itself: for grouping and display, never identity, never policy."""

    conversation: tuple[str, str] | None = None  # (name of the key, value), at most 200 characters
    client: str | None = None  # self-given name and version
    agent: str | None = None  # User-Agent
    address: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What arrived; nothing of it is trusted. Made only by a door."""

    id: CallId
    door: Door
    tool: Tool
    source: str
    received_at: datetime
    statement: str = field(default="", repr=False)
    parameters: Parameters = field(default=(), repr=False)
    purpose: str = field(default="", repr=False)
    bearer: str | None = field(default=None, repr=False)
    hints: Hints = field(default_factory=Hints)
