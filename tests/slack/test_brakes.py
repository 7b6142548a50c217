"""Buttons that stop: an approval is taken back, an agent blocked, from the card alone and by who may vote."""

from __future__ import annotations

import pytest

from core.model import State
from core.ports import Said
from demo.slack import Slack
from slackbot.bot import Bot
from tests.slack.doubles import Desk, shown
from tests.slack.flow import ALICE, DANA, EITHER_WAY, MALLORY, forged, posted, unacknowledged

BUTTONS = ("review.revoke", "agent.block")


@EITHER_WAY
async def test_an_approval_is_taken_back_by_one_click_and_the_card_says_so(slack: Slack, desk: Desk, door: Bot) -> None:
    row = shown()
    card = await posted(slack, desk, door, row)
    desk.moved(row.review.id, State.APPROVED)
    door.nudge()
    await slack.world.until(lambda: card.button("review.revoke") is not None, "the button")
    assert await slack.click(ALICE, card, "review.revoke") is not None
    await slack.world.until(lambda: "Revoked" in card.words, "the redraw")
    assert [(str(who.person), said) for who, _, said in desk.brakes] == [("acme:alice", Said.REVOKED)]
    assert card.button("review.revoke") is None
    assert desk.ballots == []


async def test_an_agent_is_blocked_from_a_card_that_waits(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    assert await slack.click(ALICE, card, "agent.block") is not None
    await slack.world.until(lambda: "blocked for an hour" in slack.whispered(ALICE), "the whisper")
    assert [said for _, _, said in desk.brakes] == [Said.BLOCKED]


@pytest.mark.parametrize("user", [DANA, MALLORY])
async def test_the_requester_and_who_is_in_no_group_stop_nothing(
    slack: Slack, desk: Desk, door: Bot, user: str
) -> None:
    card = await posted(slack, desk, door, shown())
    assert await slack.click(user, card, "agent.block") is not None
    assert [said for _, _, said in desk.brakes] == [Said.SELF if user == DANA else Said.NOT_ELIGIBLE]


@pytest.mark.parametrize("action", BUTTONS)
async def test_a_copy_of_a_card_stops_nothing(slack: Slack, desk: Desk, door: Bot, action: str) -> None:
    row = shown()
    card = await posted(slack, desk, door, row)
    desk.moved(row.review.id, State.APPROVED)
    door.nudge()
    await slack.world.until(lambda: card.button(action) is not None and "Approved" in card.words, "the button")
    assert await slack.click(ALICE, forged(slack, card, ts="1.000001"), action) is not None
    assert desk.brakes == []


async def test_a_stop_that_cannot_be_recorded_is_not_acknowledged(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    desk.down = True
    assert await unacknowledged(slack, ALICE, card, "agent.block")
    desk.down = False
    assert await slack.click(ALICE, card, "agent.block") is not None
