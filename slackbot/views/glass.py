"""Break-glass as Block Kit, pure: the button, the modal that shows all and asks what for, and the look afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.model import State
from core.ports import Finding, Shown
from core.revealing import line
from slackbot.kit.blocks import Block, Blocks
from slackbot.kit.parts import actions, button, label, section
from slackbot.kit.text import clip

BREAK: Final = "glass.break"
LOOK: Final = "glass.look"
BROKEN: Final = "glass.broken"
LOOKED: Final = "glass.looked"
TICKET: Final = "ticket"
REASON: Final = "reason"
FINDING: Final = "finding"
NOTE: Final = "note"
VALUE: Final = "v"
LENGTH: Final = 460
INPUTS: Final = 2  # of the modal that answers alone
FINDINGS: Final[Mapping[Finding, str]] = MappingProxyType(
    {Finding.JUSTIFIED: "It was justified", Finding.UNJUSTIFIED: "It was not justified"}
)


def asking(shown: Shown, value: str) -> Blocks:
    """Render the button for an emergency, where one person may answer alone."""
    if not shown.breakable or shown.review.state is not State.PENDING:
        return []
    said = "Answer alone, where nobody who is asked can"
    return [actions(f"e.{shown.review.version}", button(BREAK, "Break glass…", value, spoken=said))]


def told(shown: Shown, value: str) -> Blocks:
    """Render that somebody answered alone, what for, and what somebody else said of it; else nothing.

    Of a protected question the channel reads who and by when, and no word of theirs.
    """
    glass, stamp = shown.glass, shown.review.version
    if glass is None:
        return []
    said = [due(shown)]
    said += [] if shown.facts.protected else [clip(line(glass.why.replace("\n", ": ")), 700)]
    if glass.closed_by:
        said.append(f"{clip(line(glass.closed_by), 120)} looked at it: {clip(line(glass.finding), 40)}.")
        said += [] if shown.facts.protected else [clip(line(glass.note), 700)]
        return [section(f"g.{stamp}", "\n".join(said))]
    return [section(f"g.{stamp}", "\n".join(said)), actions(f"l.{stamp}", looking(value))]


def due(shown: Shown) -> str:
    """Say who answered alone and, while nobody else has looked, by when somebody does; no word of theirs."""
    glass = shown.glass
    if glass is None:
        return ""
    said = f"🚨 Answered alone by {clip(line(glass.by), 120)}."
    if glass.closed_by:
        return said
    late = "OVERDUE. " if glass.overdue else ""
    return f"{said} {late}Somebody else looks at it by {glass.due:%Y-%m-%d %H:%M} UTC."


def looking(value: str) -> Block:
    """Render the button that asks what somebody saw."""
    return button(LOOK, "Look at it…", value, spoken="Say whether it was justified")


def words(name: str, title: str, most: int) -> Block:
    """Render one input of somebody's own words."""
    element = {"type": "plain_text_input", "action_id": VALUE, "max_length": most}
    return {"type": "input", "block_id": name, "label": label(title), "element": element}


def alone(everything: Blocks, value: str) -> Block:
    """Ask what for, below everything that is asked; nothing else can be chosen here, no grant and no cap."""
    inputs = [words(TICKET, "Ticket", 80), words(REASON, "Why nobody who is asked can answer", LENGTH)]
    return {
        "type": "modal",
        "callback_id": BROKEN,
        "private_metadata": value,
        "title": label("Answer alone"),
        "submit": label("Answer alone"),
        "close": label("Back"),
        "blocks": [*everything, *inputs],
    }


def look(value: str) -> Block:
    """Ask whether an answer given alone was justified."""
    options = [{"text": label(text), "value": finding.value} for finding, text in FINDINGS.items()]
    chosen = {"type": "static_select", "action_id": VALUE, "options": options}
    return {
        "type": "modal",
        "callback_id": LOOKED,
        "private_metadata": value,
        "title": label("Look at it"),
        "submit": label("Say so"),
        "close": label("Back"),
        "blocks": [
            {"type": "input", "block_id": FINDING, "label": label("What you found"), "element": chosen},
            words(NOTE, "What you saw", LENGTH),
        ],
    }
