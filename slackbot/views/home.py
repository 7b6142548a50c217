"""App Home, pure: what one person is owed or owes, and their own last sessions; all of it is that person's to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.ports import SessionLine, Shown
from core.revealing import line
from slackbot.kit.blocks import Block, Blocks
from slackbot.kit.parts import context, divider, header, plain, section
from slackbot.kit.room import listed
from slackbot.kit.text import clip, count
from slackbot.views import granting
from slackbot.views.owed import Owed, item, looked
from slackbot.views.stories import stamp

PENDING: Final = "/audit pending"
SESSIONS: Final = 5
CALLBACK: Final = "home"


def home(owed: Owed, sessions: Sequence[SessionLine]) -> Block:
    """Render it: what this person may decide, oldest first, what else they see of, what else is owed, sessions."""
    mine = [each for each in owed.reviews if each.eligible]
    others = [each for each in owed.reviews if not each.eligible]
    made: Blocks = [header("h", f"{count(len(mine))} waiting for you"), *queue(mine, "q")]
    if others:
        made += [divider("d1"), section("oh", "Waiting for somebody else"), *queue(others, "o")]
    if owed.alone:
        made += [divider("kd"), section("kh", "Answered alone; somebody else looks at it")]
        made += listed([looked(each, f"k{number}") for number, each in enumerate(owed.alone)], "k", where=PENDING)
    if owed.grants:
        made += [divider("gd"), section("gh", granting.HEAD)]
        lasting = [granting.item(each, f"g{number}") for number, each in enumerate(owed.grants)]
        made += listed(lasting, "g", where="assent review grants")
    made += [divider("d2"), section("sh", "Your last sessions" if sessions else "No session of yours yet.")]
    made += [context(f"s{number}", plain(told(each))) for number, each in enumerate(sessions[:SESSIONS])]
    return view(made)


def queue(waiting: Sequence[Shown], name: str) -> Blocks:
    """Render Reviews as far as there is room."""
    return listed([item(each, f"{name}{number}") for number, each in enumerate(waiting)], name, where=PENDING)


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
