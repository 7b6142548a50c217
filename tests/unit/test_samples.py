"""Every kind of message and view that the bot sends, of plain, hostile and huge words: it fits, and pings nobody."""

from __future__ import annotations

import pytest

from core.revealing import hidden
from demo.slack.pings import pings
from slackbot import samples
from slackbot.invented import Invented
from slackbot.kit import blocks
from slackbot.views import cards
from tests.slack.test_hostile import NASTY

WORDS = {"plain": "", **NASTY, "quotes": '"' * 4_000, "lines": "a\n" * 2_000, "wide": "\U0001f6d1" * 2_000}
ICONS = ("⚠️", "↩️", "🗳️", "▶️", "⚖️")  # our own, whose second character draws nothing


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
def test_each_fits_pings_nobody_and_hides_nothing(words: str) -> None:
    of, found = Invented(words=words), list[str]()
    for name, message in samples.messages(of):
        found += [f"{name}: {each}" for each in blocks.message(message.text, message.blocks)]
        found += [f"{name}: pings {each}" for each in pings(message.text, message.blocks)]
        found += [f"{name}: hides {each!r}" for each in unseen(message.blocks)]
    for name, view in samples.views(of):
        found += [f"{name}: {each}" for each in blocks.view(view)]
        found += [f"{name}: pings {each}" for each in pings("", [view])]
        found += [f"{name}: hides {each!r}" for each in unseen(view["blocks"])]
    assert found == []


def unseen(drawn: object) -> set[str]:
    said = "".join(cards.texts(drawn))
    for icon in ICONS:
        said = said.replace(icon, "")
    return {character for character in said if hidden(character)}
