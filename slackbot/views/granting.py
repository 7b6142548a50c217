"""Grants in Slack, pure: the choice in the full view, the section of App Home, and the button that ends one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from core.model import Caps, GrantId
from core.ports import Lasting, Shown
from core.revealing import line
from slackbot.kit.blocks import Block, Blocks
from slackbot.kit.parts import button, confirm, divider, label, section
from slackbot.kit.reading import picked, typed
from slackbot.kit.text import clip, count

END: Final = "grant.revoke"
CHOICE: Final = "grant"
VALUE: Final = "v"
ONCE: Final = "once"
SHAPE: Final = "shape"
USES: Final = "grant.uses"
ROWS: Final = "grant.rows"
TOTAL: Final = "grant.total"
HEAD: Final = "Grants that still let something run"
NAME: Final = 120
CHOOSES: Final = "The agent chooses the values that stand opposite a column in its WHERE; one may match many rows."


def choice(shown: Shown) -> Blocks:
    """Offer to let the shape run as well, where the rules let it; every number can only be lowered."""
    offer = shown.review.offer
    if offer is None:
        return []
    options = [
        {"text": label("This statement only"), "value": ONCE},
        {"text": label(f"And more of its shape, for {minutes(offer.most.time)}"), "value": SHAPE},
    ]
    return [
        divider("gd"),
        section("gh", f"A grant lets statements of this shape run without asking. {CHOOSES}"),
        _input(CHOICE, "Let run", {"type": "static_select", "action_id": VALUE, "options": options}),
        *(_number(block, text, most) for block, text, most in _bounds(offer.most)),
    ]


def _bounds(most: Caps) -> tuple[tuple[str, str, int], ...]:
    return (
        (USES, "Uses of the grant", most.uses),
        (ROWS, "Rows of each use", most.rows),
        (TOTAL, "Rows of all uses together", most.total),
    )


def _number(block: str, text: str, most: int) -> Block:
    element = {
        "type": "number_input",
        "action_id": VALUE,
        "is_decimal_allowed": False,
        "min_value": "1",
        "max_value": str(most),
    }
    return _input(block, f"{text} (at most {count(most)})", element)


def _input(block: str, text: str, element: Block) -> Block:
    return {"type": "input", "block_id": block, "optional": True, "label": label(text), "element": element}


def chosen(values: object, shown: Shown) -> Caps | None:
    """Read the grant out of a submitted full view; None: this statement only.

    Raises: ValueError with the block whose number is none, or above what the rules let.
    """
    offer = shown.review.offer
    if offer is None or picked(values, CHOICE) != SHAPE:
        return None
    said = {block: _lowered(values, block, most) for block, _, most in _bounds(offer.most)}
    return replace(offer.most, uses=said[USES], rows=said[ROWS], total=said[TOTAL])


def _lowered(values: object, block: str, most: int) -> int:
    text = typed(values, block).strip()
    if not text:
        return most
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else 0
    if not 1 <= number <= most:
        raise ValueError(block)
    return number


def item(each: Lasting, name: str) -> Block:
    """Render one: what, for whom, how far it was used, until when, who gave it."""
    grant = each.grant
    used = f"{count(grant.uses)}/{count(grant.caps.uses)} used, {count(grant.rows)}/{count(grant.caps.total)} rows"
    givers = ", ".join(clip(line(giver), NAME) for giver in each.givers)
    said = (
        f"{clip(line(each.does), NAME)} · {clip(line(each.agent), NAME)} for {clip(line(each.requester), NAME)}"
        f" · {used} · until {grant.until:%H:%M} UTC\ngiven by {givers}"
    )
    made = section(name, clip(said, 1_000))
    if not each.may_end:
        return made
    again = confirm("End this grant?", "Nothing more runs under it, and what has begun is rolled back.", "End it")
    ends = button(END, "Revoke", grant.id, style="danger", spoken="End this grant", again=again)
    return made | {"accessory": ends}


def named(value: object) -> GrantId | None:
    """Read a button's value."""
    return GrantId(value) if isinstance(value, str) and value.startswith("gr_") and len(value) < NAME else None


def minutes(time: timedelta) -> str:
    """Write how long a grant lasts."""
    return f"{count(int(time.total_seconds() // 60))} min"
