"""Who may click: no stranger, guest, bot or unlinked account in any combination, and Slack's trouble is no verdict."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from core.errors import SettingsError, UnsafeStart
from demo.slack import Slack
from demo.slack.world import TEAM, Channel, Member, Trouble
from slackbot.bot import Bot
from slackbot.links import Listed
from slackbot.people import refusal
from tests.slack.doubles import Desk, facts, shown
from tests.slack.flow import ALICE, BOB, MALLORY, opened, posted, unacknowledged, workspace

NOBODIES = {
    "deactivated": Member(id=ALICE, name="alice", deleted=True),
    "bot": Member(id=ALICE, name="alice", bot=True),
    "guest": Member(id=ALICE, name="alice", restricted=True),
    "single-channel guest": Member(id=ALICE, name="alice", ultra_restricted=True),
    "stranger": Member(id=ALICE, name="alice", stranger=True),
    "member of another workspace": Member(id=ALICE, name="alice", team="T0OTHER"),
}


@pytest.mark.parametrize("member", NOBODIES.values(), ids=NOBODIES.keys())
@pytest.mark.parametrize("action", ["review.approve", "review.deny", "review.open"])
async def test_a_linked_account_that_is_no_full_member_decides_and_sees_nothing(
    slack: Slack, desk: Desk, door: Bot, member: Member, action: str
) -> None:
    card = await posted(slack, desk, door, shown())
    slack.member(replace(member))
    assert await slack.click(ALICE, card, action) is not None
    await slack.world.until(lambda: bool(slack.whispered(ALICE)), "the whisper")
    assert desk.ballots == []
    assert slack.view(ALICE) is None


async def test_a_guest_who_opened_a_modal_as_a_member_cannot_submit_it(slack: Slack, desk: Desk, door: Bot) -> None:
    door_people = shown(facts=facts(risk="high"))
    card = await posted(slack, desk, door, door_people)
    await slack.click(ALICE, card, "review.open")
    await slack.world.until(lambda: slack.view(ALICE) is not None, "the full view")
    view = slack.view(ALICE)
    assert view is not None
    slack.member(Member(id=ALICE, name="alice", team="T0OTHER"))
    await slack.submit(ALICE, view)
    assert desk.ballots == []
    assert "another workspace" in view.words


async def test_an_unlinked_member_is_told_so(slack: Slack, desk: Desk, door: Bot) -> None:
    slack.member(Member(id="U0NEW", name="alice"))
    card = await posted(slack, desk, door, shown())
    await slack.click("U0NEW", card, "review.approve")
    await slack.world.until(lambda: "not linked" in slack.whispered("U0NEW"), "the whisper")
    assert desk.ballots == []


async def test_a_linked_person_in_no_asked_group_is_not_eligible(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    await slack.click(MALLORY, card, "review.approve")
    await slack.world.until(lambda: "free seat" in slack.whispered(MALLORY), "the whisper")
    assert [said for _, _, said in desk.ballots] == ["not_eligible"]


@pytest.mark.parametrize(
    "trouble",
    [Trouble(status=500), Trouble(status=429, error="ratelimited", retry_after=1), Trouble(error="missing_scope")],
    ids=["5xx", "429", "error"],
)
async def test_trouble_in_looking_somebody_up_means_try_again_and_is_forgotten(
    slack: Slack, desk: Desk, door: Bot, trouble: Trouble
) -> None:
    card = await posted(slack, desk, door, shown())
    slack.fail("users.info", trouble)
    assert await unacknowledged(slack, ALICE, card, "review.approve")
    assert desk.ballots == []
    assert await slack.click(ALICE, card, "review.approve") is not None
    assert [said for _, _, said in desk.ballots] == ["approved"]


async def test_a_click_for_another_app_decides_nothing_and_is_an_alert(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    slack.shapes = replace(slack.shapes, app="A0OTHER")
    for _ in range(3):
        await slack.click(ALICE, card, "review.approve")
    assert desk.ballots == []
    assert [entry.body["alert"] for entry in desk.entries_written] == ["slack.foreign_app"]
    assert door.tally["alert.slack.foreign_app"] == 3


async def test_what_slack_does_before_returning_is_what_it_is_told(door: Bot) -> None:
    assert door.app.process_before_response is True


async def start(slack: Slack, desk: Desk, **changed: object) -> None:
    place = replace(workspace(slack), **changed)  # type: ignore[arg-type]
    async with opened(place, desk):
        pass


@pytest.mark.parametrize("changed", [{"bot_token": "xoxb-wrong"}, {"app_token": "xoxb-1"}, {"channel": "C0NONE"}])
async def test_the_door_does_not_open_with_wrong_settings(slack: Slack, desk: Desk, changed: dict[str, str]) -> None:
    with pytest.raises(UnsafeStart, match="slack"):
        await start(slack, desk, **changed)


async def test_the_door_does_not_open_without_a_connection(slack: Slack, desk: Desk) -> None:
    with pytest.raises(UnsafeStart, match="app_token"):
        await start(slack, desk, app_token="xapp-1-A0ASSENT1-1-wrong", connect_seconds=0.3)


@pytest.mark.parametrize("flag", ["archived", "shared", "joined"])
async def test_the_door_does_not_open_on_a_channel_with_another_audience(slack: Slack, desk: Desk, flag: str) -> None:
    channel = slack.world.channels["C1"] = Channel(id="C1", name="c")
    setattr(channel, flag, flag != "joined")
    with pytest.raises(UnsafeStart, match="C1"):
        await start(slack, desk, channel="C1")


async def test_the_door_does_not_open_while_slack_is_away(slack: Slack, desk: Desk) -> None:
    slack.fail("auth.test", Trouble(status=503))
    with pytest.raises(UnsafeStart):
        await start(slack, desk)


async def test_a_proxy_of_the_environment_does_not_stand_between_us_and_loopback(
    slack: Slack, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    await start(slack, desk)
    assert slack.sockets.opened == 2


async def test_closing_finishes_and_acknowledges_what_is_under_way(slack: Slack, desk: Desk) -> None:
    async with AsyncExitStack() as stack:
        door = opened(workspace(slack), desk)
        running = await stack.enter_async_context(door)
        card = await posted(slack, desk, running, shown())
        desk.gate.clear()
        click = asyncio.create_task(slack.click(BOB, card, "review.approve"))
        await slack.world.until(lambda: desk.voting == 1, "the vote under way")
        closing = asyncio.create_task(stack.aclose())
        for _ in range(100):
            await asyncio.sleep(0)
        desk.gate.set()
        assert await click is not None
        await closing
    assert "Approved" in card.words
    assert slack.sockets.open == []


def test_two_accounts_cannot_be_one_person_and_a_link_names_its_directory() -> None:
    with pytest.raises(SettingsError):
        Listed({"U1": "acme:a", "U2": "acme:a"})
    with pytest.raises(SettingsError):
        Listed({"U1": "alice"})


@pytest.mark.parametrize(
    "changed",
    [
        {"team_id": "T0OTHER"},
        {"team_id": None},
        {"id": "U0OTHER"},
        {"id": "USLACKBOT"},
        {"deleted": None},
        {"is_bot": None},
        {"is_restricted": None},
        {"is_ultra_restricted": None},
        {"is_stranger": True},
    ],
)
def test_slacks_own_word_counts_and_a_missing_flag_counts_against(changed: dict[str, object]) -> None:
    good = Member(id=ALICE, name="alice").shown()
    teams = frozenset({TEAM})
    assert refusal(good, asked=ALICE, teams=teams) is None
    assert refusal(good | changed, asked=ALICE, teams=teams) is not None
    assert refusal(None, asked=ALICE, teams=teams) is not None
