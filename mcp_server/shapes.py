"""What the tools publish as output: schemas loose enough to be cheap, and the catalogue's answers within one screen."""

from __future__ import annotations

from typing import Final, Literal

from mcp.types import CallToolResult
from pydantic import BaseModel, ConfigDict

from core.model import Checked
from core.ports import Field, SourceView, Table
from mcp_server.wire import WORST, Structure, fitting, result

# 32 KiB of text, and the structure beside it: hosts cut at about 25,000 tokens (Claude Code's MAX_MCP_OUTPUT_TOKENS).
CATALOGUE: Final = WORST * 32_768
COMMENT_CHARACTERS: Final = 500  # a COMMENT may be of any length; a cut one ends in an ellipsis

# `rows` stays a bare array: clients walk typed cells in pure Python (455 ms for 5,000 x 6 cells under `anyOf`).
LIST: Final = {"type": "array"}


class Outcome(BaseModel):
    """The shape of an Answer; what is validated here, and a shorter schema of it that is published."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra=lambda schema: schema.update(
            {
                "properties": {
                    "status": {"enum": ["answered", "pending_approval", "running", "refused", "failed"]},
                    "call": {"type": "string"},
                    "columns": LIST,
                    "rows": LIST,
                    "truncated": {"type": "boolean"},
                    "message": {"type": "string"},
                },
                "required": ["status"],
                "additionalProperties": True,
            }
        ),
    )

    status: Literal["answered", "pending_approval", "running", "refused", "failed"]
    call: str | None = None
    source: str | None = None
    columns: list[object]
    rows: list[object]
    row_count: int | None = None
    truncated: bool
    limit: int | None = None
    affected: int | None = None
    elapsed_ms: int | None = None
    state: str | None = None
    code: str | None = None
    message: str | None = None
    reviewer_note: str | None = None
    retry_after_seconds: float | None = None


class Sources(BaseModel):
    """What `list_sources` answers."""

    sources: list[object]


class Tables(BaseModel):
    """What `search_schema` answers."""

    tables: list[object]
    truncated: bool


class Described(BaseModel):
    """What `describe_table` answers."""

    model_config = ConfigDict(extra="allow")

    name: str
    columns: list[object]


class Checks(BaseModel):
    """What `check` answers."""

    model_config = ConfigDict(extra="allow")

    verdict: str | None
    reasons: list[object]


def sources(found: tuple[SourceView, ...]) -> CallToolResult:
    """Render the Sources that a Caller may touch."""
    return result(
        {
            "sources": [
                {
                    "name": source.name,
                    "dialect": source.dialect,
                    "description": source.description,
                    "masking": source.masking,
                    "tables": source.tables,
                    **_said(note=source.note),
                }
                for source in found
            ]
        }
    )


def tables(found: tuple[Table, ...], detail: str) -> CallToolResult:
    """Render what a search found, as much as one answer may hold; `truncated` says that words should be narrower."""
    return result(_within({"tables": [_table(table, detail) for table in found]}, "tables"))


def table(found: Table) -> CallToolResult:
    """Render one table."""
    return result(_within(_table(found, "full"), "columns"))


def checked(found: Checked) -> CallToolResult:
    """Render what would happen."""
    shape: Structure = {
        "call": found.call,
        "class": found.kind,
        "verbs": list(found.verbs),
        "things": list(found.things),
        "functions": list(found.functions),
        "columns": list(found.columns),
        "masked": list(found.masked),
        "facts": list(found.facts),
        "verdict": found.verdict,
        "reasons": [{"rule": reason.rule, "sentence": reason.sentence} for reason in found.reasons],
        "plan": found.plan,
    }
    return result(_within(shape, "columns"))


def _within(shape: Structure, key: str) -> Structure:
    """Cut the list under `key` to what one answer may hold, and say whether it was."""
    members = shape[key]
    whole: Structure = {**shape, "truncated": False}
    kept = fitting(whole, key, ceiling=CATALOGUE)
    if isinstance(members, list) and kept < len(members):
        return {**shape, key: members[:kept], "truncated": True}
    return whole


def _table(found: Table, detail: str) -> Structure:
    head: Structure = {"name": found.name, "kind": found.kind}
    if detail == "names":
        return head
    head |= _said(comment=found.comment, closed=found.closed)
    if detail == "summary":
        return head | {"columns": [column.name for column in found.fields]}
    columns: list[object] = [_column(column) for column in found.fields]
    return head | {"columns": columns, "keys": list(found.keys), "references": list(found.references)}


def _column(column: Field) -> Structure:
    lookup = f"{column.name} = assent_token('…')" if column.looked_up else None
    said = _said(comment=column.comment, tag=column.tag, mask=column.mask, lookup=lookup)
    return {"name": column.name, "type": column.type, **said}


def _said(**members: str | None) -> Structure:
    """Keep what says something: absent is shorter than empty, in every conversation."""
    return {key: _brief(value) for key, value in members.items() if value}


def _brief(text: str) -> str:
    return text if len(text) <= COMMENT_CHARACTERS else text[: COMMENT_CHARACTERS - 1] + "…"
