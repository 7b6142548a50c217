"""The few block shapes that cards are made of; untrusted text fits only into plain text and rich text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from slackbot.kit.blocks import Block

SECTION: Final = 3000
FIELD: Final = 2000
HEADER: Final = 150


def plain(text: str) -> Block:
    """Make plain text; `emoji: false`, or ":white_check_mark:" in an agent's name could be drawn as a tick."""
    return {"type": "plain_text", "text": text, "emoji": False}


def label(text: str) -> Block:
    """Make plain text of our own words."""
    return {"type": "plain_text", "text": text}


def header(block: str, text: str) -> Block:
    """Make a header."""
    return {"type": "header", "block_id": block, "text": plain(text)}


def section(block: str, text: str) -> Block:
    """Make a section of plain text."""
    return {"type": "section", "block_id": block, "text": plain(text)}


def fields(block: str, pairs: tuple[tuple[str, str], ...]) -> Block:
    """Make a section of named fields."""
    return {"type": "section", "block_id": block, "fields": [plain(f"{name}\n{value}") for name, value in pairs]}


def verbatim(block: str, text: str) -> Block:
    """Make preformatted text: a rich text element, so that no fence or mention in it means anything."""
    leaf = {"type": "text", "text": text}
    return {
        "type": "rich_text",
        "block_id": block,
        "elements": [{"type": "rich_text_preformatted", "elements": [leaf]}],
    }


def context(block: str, *elements: Block) -> Block:
    """Make a line of small print."""
    return {"type": "context", "block_id": block, "elements": list(elements)}


def moment(before: str, at: datetime, form: str = "{time}") -> Block:
    """Make our own mrkdwn around an instant, shown in the reader's time zone; `before` is our own word."""
    fallback = at.strftime("%Y-%m-%d %H:%M:%S UTC")
    return {
        "type": "mrkdwn",
        "verbatim": True,
        "text": f"{before} <!date^{int(at.timestamp())}^{form}|{fallback}>",
    }


def confirm(title: str, text: str, yes: str) -> Block:
    """Make what asks again after a click; all of it our own words."""
    return {"title": label(title), "text": label(text), "confirm": label(yes), "deny": label("Back")}


def button(
    action: str, text: str, value: str, *, style: str = "", spoken: str = "", again: Block | None = None
) -> Block:
    """Make a button; `style` is primary or danger, `spoken` what a screen reader says, `again` what asks once more."""
    made: Block = {"type": "button", "action_id": action, "text": label(text), "value": value}
    if style:
        made["style"] = style
    if spoken:
        made["accessibility_label"] = spoken
    if again is not None:
        made["confirm"] = again
    return made


def away(action: str, text: str, url: str) -> Block:
    """Make a button that opens an address of ours in the browser; Slack tells us of the click all the same."""
    return {"type": "button", "action_id": action, "text": label(text), "url": url}


def actions(block: str, *buttons: Block) -> Block:
    """Make a row of buttons."""
    return {"type": "actions", "block_id": block, "elements": list(buttons)}


def select(action: str, placeholder: str, options: Sequence[tuple[str, str]]) -> Block:
    """Make a select of (value, text)."""
    offered = [{"text": plain(text), "value": value} for value, text in options]
    return {"type": "static_select", "action_id": action, "placeholder": label(placeholder), "options": offered}


def table(block: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int) -> Block:
    """Make a table of plain cells; the last `numbers` columns are aligned to the right."""
    columns: list[Block] = [{"is_wrapped": True} for _ in head[: len(head) - numbers]]
    columns += [{"align": "right"} for _ in range(numbers)]
    cells = [[{"type": "raw_text", "text": text or "–"} for text in row] for row in (head, *rows)]
    return {"type": "table", "block_id": block, "column_settings": columns, "rows": cells}


def divider(block: str) -> Block:
    """Make a line between parts."""
    return {"type": "divider", "block_id": block}
