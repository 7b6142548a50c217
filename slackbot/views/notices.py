"""Messages that are no card, pure: what takes the place of one, and what operators are told."""

from __future__ import annotations

from typing import Final

from core.model import Review
from core.revealing import reveal
from slackbot.kit import words
from slackbot.kit.parts import SECTION, context, plain, section
from slackbot.kit.text import count, escape, pieces
from slackbot.views.cards import Message

NEWS: Final = 4_000  # characters of what operators are told


def erased(review: Review) -> Message:
    """Render a Review whose words are no longer kept: how it ended, and by which id it stands in the record."""
    said = f"{words.STATES[review.state]}. What was asked is no longer kept: its words were erased."
    made = [section("erased", said), context(f"c.{review.version}", plain(f"{review.id} · {review.digest[:12]}"))]
    return Message(text=escape(said), blocks=made)


def news(text: str) -> Message:
    """Render what operators are told, such as how a policy would differ: names in it are data; what is cut is said."""
    seen = "\n".join(reveal(each).text for each in text.split("\n")) or "Nothing is said of it."
    rest = len(seen) - NEWS
    kept = pieces(seen[:NEWS], SECTION - 100)
    made = [section(f"n{number}", piece) for number, piece in enumerate(kept)]
    if rest > 0:
        said = f"{count(rest)} of {count(len(seen))} characters are not shown here."
        made.append(section("more", f"{said} All of it: assent policy apply --dry-run"))
    return Message(text="A policy waits for a second operator.", blocks=made)


def gone(sentence: str) -> Message:
    """Render what takes the place of a copy that is not, or no longer, the card."""
    return Message(text=escape(sentence), blocks=[section("gone", sentence)])
