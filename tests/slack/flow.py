"""What every flow needs: people, a workspace, and the way from a question to its card."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from core.model import Person
from core.ports import Shown
from demo.slack import Slack
from demo.slack.platform import CHANNEL
from demo.slack.world import Posted
from slackbot.bot import Bot, Workspace, bot
from slackbot.links import Listed
from slackbot.lookup import Lookup
from slackbot.people import Links
from tests.slack.doubles import Desk

ALICE, BOB, DANA, MALLORY = "U0ALICE", "U0BOB", "U0DANA", "U0MALLORY"
NAMES = {ALICE: "alice", BOB: "bob", DANA: "dana", MALLORY: "mallory"}
LINKED = {user: f"acme:{name}" for user, name in NAMES.items()}


def person(name: str) -> Person:
    return Person(directory="acme", id=name)


def workspace(slack: Slack) -> Workspace:
    return Workspace(
        bot_token=slack.api.bot_token,
        app_token=slack.api.app_token,
        channel=CHANNEL,
        api=f"{slack.base}/api/",
        hooks=slack.base,
        ping_seconds=2.0,
    )


def opened(place: Workspace, desk: Desk, links: Links | None = None) -> AbstractAsyncContextManager[Bot]:
    """Open the door over one store in memory."""
    table = links or Listed(LINKED)
    return bot(
        place,
        desk=desk,
        brakes=desk,
        cards=desk,
        journal=desk,
        turns=desk.turns,
        clock=desk.clock,
        links=table,
        lookup=Lookup(archive=desk, looks=desk, desk=desk, links=table, verify=desk.verify, clock=desk),
        deny=lambda _: None,
    )


async def posted(slack: Slack, desk: Desk, door: Bot, row: Shown) -> Posted:
    """Ask, and wait until the card is on screen and recorded."""
    desk.ask(row)
    door.nudge()
    await settled(slack, desk, row)
    place = next(place for place in desk.places if place[0] == row.review.id)
    found = slack.world.message(place[1], place[2])
    assert found is not None
    return found


async def settled(slack: Slack, desk: Desk, row: Shown) -> None:
    """Wait until the store says that every card shows the newest version."""
    await slack.world.until(lambda: not desk.behind(desk.rows[row.review.id].review), "the newest version on screen")


def forged(slack: Slack, message: Posted, **changed: object) -> Posted:
    """Copy a message as a stolen bot token could have it shown."""
    copy = replace(message, **changed)  # type: ignore[arg-type]
    slack.world.messages.append(copy)
    return copy


async def unacknowledged(slack: Slack, user: str, message: Posted, action: str) -> bool:
    """Click, and say whether the person saw it fail; only here is waiting short."""
    patient, slack.sockets.ack_seconds = slack.sockets.ack_seconds, 0.5
    try:
        return await slack.click(user, message, action) is None
    finally:
        slack.sockets.ack_seconds = patient
