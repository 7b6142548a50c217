"""What people still owe, pure: Reviews that wait, answers given alone that nobody looked at, and grants that last.

App Home and `/audit pending` show the same three lists; each ends with how many more there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from core.ports import Lasting, Shown
from slackbot.kit import words
from slackbot.kit.blocks import Block
from slackbot.kit.parts import button, section
from slackbot.kit.room import BUDGET, listed
from slackbot.kit.text import clip, count
from slackbot.views import glass, granting
from slackbot.views.cards import OPEN, Message, ref

SHARE: Final = BUDGET // 3 - 200  # characters of a list in a message, its heading and its end beside
NOT_YOURS: Final = "\nnot yours to decide"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one person sees of it."""

    reviews: Sequence[Shown] = ()  # that wait, oldest first
    alone: Sequence[Shown] = ()  # answered alone, and nobody else has looked
    grants: Sequence[Lasting] = ()

    def __len__(self) -> int:
        return len(self.reviews) + len(self.alone) + len(self.grants)


def message(owed: Owed) -> Message:
    """Render all of it for whoever asks, each with its button, as far as one message holds."""
    said = f"{count(len(owed.reviews))} waiting"
    made = [section("q", said if owed.reviews else "Nothing waits.")]
    made += listed([item(each, f"w{number}") for number, each in enumerate(owed.reviews)], "w", room=SHARE)
    if owed.alone:
        made.append(section("gh", f"{count(len(owed.alone))} answered alone; somebody else looks at it"))
        made += listed([looked(each, f"k{number}") for number, each in enumerate(owed.alone)], "k", room=SHARE)
    if owed.grants:
        made.append(section("lh", granting.HEAD))
        lasting = [granting.item(each, f"l{number}") for number, each in enumerate(owed.grants)]
        made += listed(lasting, "l", room=SHARE, where="assent review grants")
    return Message(text=said, blocks=made)


def item(each: Shown, name: str) -> Block:
    """Render one pending Review in short: headline, who, which rule."""
    icon = words.RISKS.get(each.facts.risk, words.RISKS["critical"])
    mine = "" if each.eligible else NOT_YOURS
    said = f"{icon} {words.headline(each)} · {clip(words.who(each), 240)}\n{clip(words.why(each), 400)}"
    opens = button(OPEN, "Review…", str(ref(each)))
    return section(name, f"{clip(said, 1_000)}{mine}") | {"accessory": opens}


def looked(each: Shown, name: str) -> Block:
    """Render one answer that was given alone: what, by whom, by when somebody else looks, and the button for it."""
    said = f"🚨 {words.headline(each)} · {clip(words.who(each), 240)}\n{glass.due(each)}"
    made = section(name, clip(said, 1_000))
    if each.glass is None or not each.glass.closes:
        return made
    return made | {"accessory": glass.looking(str(ref(each)))}
