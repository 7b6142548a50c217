"""App Home, pure: what waits for one person, and their own last sessions; everything on it is that person's to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.ports import Lasting, SessionLine, Shown
from slackbot import audit, granting
from slackbot.blocks import Block, Blocks
from slackbot.parts import context, divider, header, plain, section
from slackbot.stories import stamp
from slackbot.text import clip, count, line

QUEUE: Final = 15  # Reviews; the rest are counted
SESSIONS: Final = 5
CALLBACK: Final = "home"


def home(waiting: Sequence[Shown], sessions: Sequence[SessionLine], grants: Sequence[Lasting] = ()) -> Block:
    """Render it: what this person may decide, oldest first, what else they see of, grants that last, sessions."""
    mine = [each for each in waiting if each.eligible]
    others = [each for each in waiting if not each.eligible]
    made: Blocks = [header("h", f"{count(len(mine))} waiting for you")]
    made += listed(mine, "q")
    if others:
        made += [divider("d1"), section("oh", "Waiting for somebody else"), *listed(others, "o")]
    made += granting.lasting(grants)
    made += [divider("d2"), section("sh", "Your last sessions" if sessions else "No session of yours yet.")]
    made += [context(f"s{number}", plain(told(each))) for number, each in enumerate(sessions[:SESSIONS])]
    return view(made)


def listed(waiting: Sequence[Shown], name: str) -> Blocks:
    """Render Reviews as far as there is room."""
    made = [audit.item(each, f"{name}{number}") for number, each in enumerate(waiting[:QUEUE])]
    more = len(waiting) - QUEUE
    return [*made, context(f"{name}m", plain(f"+{count(more)} more: /audit pending"))] if more > 0 else made


def told(each: SessionLine) -> str:
    """Write one session in a line."""
    said = f"{each.session} · {stamp(each.began_at)} · {clip(line(each.agent), 100) or 'unknown'}"
    return f"{said} · {count(each.calls)} Calls, {count(each.refused)} refused"


def nobody(sentence: str) -> Block:
    """Render it for somebody who is nobody here, with the reason."""
    return view([section("said", sentence), context("how", plain("/audit link says how to be known here."))])


def view(blocks: Blocks) -> Block:
    """Make the view."""
    return {"type": "home", "callback_id": CALLBACK, "blocks": blocks}
