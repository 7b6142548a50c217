"""Where cards go: a channel whose readers are all our own, and no other in its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import UnsafeStart
from core.model import State
from demo.slack import Slack
from demo.slack.platform import CHANNEL
from demo.slack.world import Channel, Member, Trouble
from slackbot.audience import OUTSIDERS
from slackbot.bot import Bot
from tests.slack.doubles import Desk, review, shown
from tests.slack.flow import ALICE, DANA, opened, posted, settled, workspace

GUESTS = {
    "guest": Member(id="U0GUEST", name="gus", restricted=True),
    "single-channel guest": Member(id="U0GUEST", name="gus", ultra_restricted=True),
    "stranger": Member(id="U0GUEST", name="gus", stranger=True),
    "member of another workspace": Member(id="U0GUEST", name="gus", team="T0OTHER"),
}


def invited(slack: Slack, member: Member, channel: str = CHANNEL) -> None:
    """Let somebody who is no full member into a channel."""
    slack.member(member)
    slack.world.channels[channel].people = {ALICE, DANA, member.id}


@pytest.mark.parametrize("member", GUESTS.values(), ids=GUESTS.keys())
async def test_the_door_does_not_open_on_a_channel_that_holds_a_guest(slack: Slack, desk: Desk, member: Member) -> None:
    invited(slack, member)
    with pytest.raises(UnsafeStart, match=OUTSIDERS):
        async with opened(workspace(slack), desk):
            pass


async def test_somebody_whom_slack_does_not_list_counts_as_no_member(slack: Slack, desk: Desk) -> None:
    slack.world.channels[CHANNEL].people = {ALICE, "U0NOBODY"}
    with pytest.raises(UnsafeStart, match=OUTSIDERS):
        async with opened(workspace(slack), desk):
            pass


@pytest.mark.parametrize("channel", [Channel(id="C0OTHER", name="x", archived=True), None], ids=["archived", "missing"])
async def test_every_channel_that_is_configured_is_looked_at_when_the_door_opens(
    slack: Slack, desk: Desk, channel: Channel | None
) -> None:
    if channel is not None:
        slack.world.channels[channel.id] = channel
    with pytest.raises(UnsafeStart, match="C0OTHER"):
        async with opened(replace(workspace(slack), channels=("C0OTHER",)), desk):
            pass


@pytest.mark.parametrize("method", ["conversations.members", "users.list"])
async def test_a_channel_whose_people_slack_does_not_tell_is_not_used(slack: Slack, desk: Desk, method: str) -> None:
    slack.fail(method, Trouble(error="missing_scope"))
    with pytest.raises(UnsafeStart, match="missing_scope"):
        async with opened(workspace(slack), desk):
            pass


async def test_a_guest_beyond_the_first_page_is_found(slack: Slack, desk: Desk) -> None:
    for number in range(1_100):
        slack.member(Member(id=f"U{number:05d}", name="many"))
    slack.world.channels[CHANNEL].people = set(slack.world.members)
    async with opened(workspace(slack), desk):
        pass
    slack.member(Member(id="UZZZZZ", name="gus", restricted=True))
    slack.world.channels[CHANNEL].people = set(slack.world.members)
    with pytest.raises(UnsafeStart, match=OUTSIDERS):
        async with opened(workspace(slack), desk):
            pass


async def test_deactivated_people_and_bots_of_the_workspace_are_no_outsiders(slack: Slack, desk: Desk) -> None:
    slack.member(Member(id="U0GONE", name="gone", deleted=True))
    slack.member(Member(id="U0BOT", name="helper", bot=True))
    slack.world.channels[CHANNEL].people = {ALICE, "U0GONE", "U0BOT"}
    async with opened(workspace(slack), desk) as door:
        assert (await posted(slack, desk, door, shown())).channel == CHANNEL


async def test_a_card_never_goes_to_another_channel_than_the_one_that_was_named(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    slack.world.channels["C0OLD"] = Channel(id="C0OLD", name="old", archived=True)
    slack.world.channels["C0OURS"] = Channel(id="C0OURS", name="ours")
    for name, channel in (("rev_OLD", "C0OLD"), ("rev_GONE", "C0GONE"), ("rev_OURS", "C0OURS")):
        desk.ask(shown(review=review(name, channel=channel)))
    await posted(slack, desk, door, shown())
    await settled(slack, desk, desk.rows[review("rev_OURS").id])
    assert {card.channel for card in slack.world.messages} == {CHANNEL, "C0OURS"}
    assert [desk.rows[review(name).id].review.state for name in ("rev_OLD", "rev_GONE")] == [State.PENDING] * 2


async def test_nothing_of_a_card_stays_where_others_have_come_to_see_it(slack: Slack, desk: Desk, door: Bot) -> None:
    row = shown()
    card = await posted(slack, desk, door, row)
    assert row.question.statement in card.words
    invited(slack, GUESTS["guest"])
    now = door.screen.audience.now()
    door.screen.audience.now = lambda: now + 3601.0
    desk.moved(row.review.id, State.EXPIRED)
    door.nudge()
    await settled(slack, desk, row)
    assert row.question.statement not in card.words
    assert "orders" not in card.words
    assert card.button("review.approve") is None


async def test_channels_are_looked_at_without_a_card(slack: Slack, desk: Desk, door: Bot) -> None:
    invited(slack, GUESTS["guest"])
    await door.screen.audience.again()
    assert [entry.body["alert"] for entry in desk.entries_written] == ["slack.channel"]
