"""Break-glass in Slack: everything is seen before, posted to a second channel, and looked at by somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.model import Review, State
from demo.slack import Slack
from demo.slack.world import Channel, Member, Posted
from tests.slack.floor import EMERGENCIES, Floor, floor

DORA, BREN, ANNA, EVE = "U0DORA", "U0BREN", "U0ANNA", "U0EVE"
PEOPLE = {DORA: "acme:dora", BREN: "acme:bren", ANNA: "acme:anna", EVE: "acme:eve"}
GROUPS = {"dba": frozenset({"acme:dora"})}
HOSTILE = "down <!channel> ``` \u202e"
WORDS: dict[str, dict[str, object]] = {
    "ticket": {"type": "plain_text_input", "value": "INC-1"},
    "reason": {"type": "plain_text_input", "value": HOSTILE},
}
FOUND: dict[str, dict[str, object]] = {
    "finding": {"type": "static_select", "selected_option": {"value": "justified"}},
    "note": {"type": "plain_text_input", "value": "seen <@U0DORA>"},
}


@pytest.fixture
async def on(slack: Slack) -> AsyncIterator[Floor]:
    for user, name in PEOPLE.items():
        slack.member(Member(id=user, name=name.removeprefix("acme:")))
    slack.world.channels[EMERGENCIES] = Channel(id=EMERGENCIES, name="emergencies")
    alone = frozenset({"acme:bren", "acme:anna"})
    async with floor(slack, "socket", people=PEOPLE, groups=GROUPS, alone=alone, replicas=2) as made:
        yield made


async def opened(on: Floor, user: str, card: Posted, action: str) -> bool:
    """Click, and say whether a modal came of it."""
    await on.slack.press(user, card, on.slack.visible(user, card, action))
    await on.slack.world.until(
        lambda: on.slack.view(user) is not None or bool(on.slack.whispered(user)), "a modal, or a whisper"
    )
    return on.slack.view(user) is not None


async def broken(on: Floor) -> tuple[Review, Posted]:
    """Have Bren answer alone."""
    row, card = await on.asked()
    assert await opened(on, BREN, card, "glass.break")
    view = on.slack.view(BREN)
    assert view is not None
    assert "update 1" in view.words
    await on.slack.submit(BREN, view, WORDS)
    return row, card


async def second(on: Floor) -> list[Posted]:
    """Let both replicas draw, and give what stands in the second channel."""
    for _ in range(2):
        for each in on.doors:
            await each.screen.round()
    return [each for each in on.slack.world.messages if each.channel == EMERGENCIES]


async def test_who_is_named_answers_alone_once_everything_was_shown_and_it_is_posted_to_the_second_channel(
    on: Floor,
) -> None:
    row, card = await broken(on)
    assert (await on.row(row.id)).state is State.APPROVED
    (posted,) = await second(on)
    for each in (card, posted):
        assert "Answered alone by bren" in each.words
        assert "INC-1: down <!channel>" in each.words
    assert on.slack.pinged() == []
    assert on.slack.world.rejected == []


@pytest.mark.parametrize("user", [ANNA, EVE, DORA])
async def test_who_is_not_named_or_asked_for_it_gets_no_modal(on: Floor, user: str) -> None:
    row, card = await on.asked()
    assert not await opened(on, user, card, "glass.break")
    metadata = f'{{"r":"{row.id}","v":{row.version},"d":"{row.digest}"}}'
    forged = {"id": "V1", "type": "modal", "callback_id": "glass.broken", "private_metadata": metadata, "blocks": []}
    values = {name: {"v": value} for name, value in WORDS.items()}
    sent = on.slack.shapes.submission(user, forged | {"state": {"values": values}}, trigger=on.slack.trigger(user))
    await on.slack.deliver("interactive", sent)
    assert (await on.row(row.id)).state is State.PENDING


async def test_a_modal_that_does_not_show_what_is_asked_answers_nothing(on: Floor) -> None:
    row, card = await on.asked()
    assert await opened(on, BREN, card, "glass.break")
    view = on.slack.view(BREN)
    assert view is not None
    blocks = view.payload["blocks"]
    assert isinstance(blocks, list)
    view.payload["blocks"] = [each for each in blocks if each["block_id"] != "s0"]
    await on.slack.submit(BREN, view, WORDS)
    assert (await on.row(row.id)).state is State.PENDING


async def test_a_ticket_and_a_reason_are_asked_for(on: Floor) -> None:
    row, card = await on.asked()
    assert await opened(on, BREN, card, "glass.break")
    view = on.slack.view(BREN)
    assert view is not None
    await on.slack.submit(BREN, view, {"ticket": {"type": "plain_text_input", "value": "\u00a0"}})
    assert view.errors
    assert (await on.row(row.id)).state is State.PENDING


async def test_somebody_else_looks_at_it_from_the_second_channel_and_who_answered_does_not(on: Floor) -> None:
    row, _ = await broken(on)
    on.room.clock.advance(timedelta(minutes=20))
    await on.room.sweep()
    (posted,) = await second(on)
    assert not await opened(on, BREN, posted, "glass.look")
    assert await opened(on, DORA, posted, "glass.look")
    view = on.slack.view(DORA)
    assert view is not None
    await on.slack.submit(DORA, view, FOUND)
    assert await on.room.store.breaks.unclosed() == ()
    (posted,) = await second(on)
    assert "dora looked at it: justified." in posted.words
    assert posted.button("glass.look") is None
    assert on.slack.pinged() == []
    assert on.room.faults() == []
    assert "breakglass.closed" in {str(one) for one in on.room.kinds()}
    assert row.id


async def test_where_the_second_channel_cannot_be_used_it_waits_and_goes_nowhere_else(on: Floor) -> None:
    on.slack.world.channels[EMERGENCIES].shared = True
    await broken(on)
    assert await second(on) == []
    assert len(on.slack.world.messages) == 1
