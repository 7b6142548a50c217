"""A modal that stays open: what it shows, whose it is and how long it counts are looked at again when it is sent."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from core.model import Review, State
from demo.slack import Slack
from demo.slack.world import Json, Member, View
from slackbot import samples
from slackbot.invented import Invented
from slackbot.views import glass, modals
from slackbot.views.cards import ref
from tests.slack.floor import Floor, floor

DORA = "U0DORA"


@pytest.fixture
async def on(slack: Slack) -> AsyncIterator[Floor]:
    slack.member(Member(id=DORA, name="dora"))
    async with floor(slack, "socket", people={DORA: "acme:dora"}, groups={"dba": frozenset({"acme:dora"})}) as made:
        yield made


async def opened(on: Floor) -> tuple[Review, View]:
    """Ask, and open the full view."""
    row, card = await on.asked()
    await on.slack.press(DORA, card, on.slack.visible(DORA, card, "review.open"))
    await on.slack.world.until(lambda: on.slack.view(DORA) is not None, "the full view")
    view = on.slack.view(DORA)
    assert view is not None
    return row, view


async def sent(on: Floor, view: View, **changed: object) -> None:
    """Send it back as it is, or as somebody changed it."""
    payload = {**copy.deepcopy(view.payload), **changed}
    view.payload = payload
    await on.slack.submit(DORA, view)


async def states(on: Floor, *rows: Review) -> list[State]:
    return [(await on.row(row.id)).state for row in rows]


async def test_a_modal_that_shows_what_is_asked_approves_it(on: Floor) -> None:
    row, view = await opened(on)
    await sent(on, view)
    assert await states(on, row) == [State.APPROVED]


async def test_a_modal_whose_metadata_names_another_question_approves_neither(on: Floor) -> None:
    other, _ = await on.asked()
    row, view = await opened(on)
    metadata = json.dumps({"r": other.id, "v": other.version, "d": other.digest}, separators=(",", ":"))
    await sent(on, view, private_metadata=metadata)
    assert await states(on, row, other) == [State.PENDING] * 2
    assert "not what is asked now" in view.words
    assert "slack.altered_card" in str(on.room.store.journal.tables.log)


def harmless(blocks: list[Json]) -> None:
    """As who opens a modal in our name could word it."""
    for each in blocks:
        if each["block_id"] == "s0":
            each["elements"][0]["elements"][0]["text"] = "SELECT 1"  # type: ignore[index]


def shorter(blocks: list[Json]) -> None:
    blocks[:] = [each for each in blocks if each["block_id"] != "s0"]


def louder(blocks: list[Json]) -> None:
    blocks.append({"type": "section", "block_id": "zz", "text": {"type": "plain_text", "text": "This was cancelled."}})


@pytest.mark.parametrize("change", [harmless, shorter, louder])
async def test_a_modal_that_shows_something_else_approves_nothing(on: Floor, change: Any) -> None:
    row, view = await opened(on)
    blocks = copy.deepcopy(view.payload["blocks"])
    change(blocks)
    await sent(on, view, blocks=blocks)
    assert await states(on, row) == [State.PENDING]


async def test_a_modal_kept_open_past_the_questions_time_approves_nothing(on: Floor) -> None:
    row, view = await opened(on)
    on.room.clock.advance(timedelta(minutes=16))
    await sent(on, view)
    assert (await states(on, row))[0] is not State.APPROVED


async def test_a_modal_kept_open_by_who_was_struck_from_the_group_approves_nothing(on: Floor) -> None:
    row, view = await opened(on)
    on.groups["dba"] = frozenset()
    await sent(on, view)
    assert await states(on, row) == [State.PENDING]


async def test_a_modal_kept_open_past_a_withdrawal_approves_nothing(on: Floor) -> None:
    row, view = await opened(on)
    await on.room.cancel(row.call)
    await sent(on, view)
    assert await states(on, row) == [State.CANCELLED]


@pytest.mark.parametrize("words", ["", "<!channel> &lt; `x` \u202e *b*", "x\n" * 3_000, "\u0435" * 9_000])
def test_every_view_that_approves_is_known_again(words: str) -> None:
    of = Invented(words=words)
    for shown in (of.asked(), of.masked(), of.offered(), of.voted(), of.breakable()):
        whole = modals.everything(shown)
        assert modals.genuine(shown, modals.full(shown).view["blocks"]) is modals.whole(shown)
        assert modals.genuine(shown, glass.alone(whole, str(ref(shown)))["blocks"]) is modals.whole(shown)
        assert not modals.genuine(shown, modals.full(Invented(words="other").asked()).view["blocks"])
    assert not modals.genuine(samples.PLAIN.asked(), None)
