"""What every flow needs: people, a workspace, and the way from a question to its card."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from core.model import Person
from core.ports import Shown
from demo.slack import Slack
from demo.slack.manifest import Manifest
from demo.slack.platform import CHANNEL
from demo.slack.world import Posted
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from slackbot.bot import Bot, Workspace, bot
from slackbot.clicks.linking import Linker
from slackbot.home.debts import Debts
from slackbot.home.reminders import Users
from slackbot.links import Listed
from slackbot.lookups.lookup import Lookup
from slackbot.manifest import PATH, manifest
from slackbot.people import Links
from slackbot.transport.web import Web
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


EITHER_WAY = pytest.mark.parametrize(
    "door",
    [("socket", 1), ("http", 1), ("socket", 2), ("http", 2)],
    ids=["socket", "http", "sockets of two", "http of two"],
    indirect=True,
)


def over(slack: Slack, transport: str, *, email: bool = False) -> Workspace:
    """Have the platform and the door use one transport; `email`: with the scope to see e-mails."""
    place = workspace(slack)
    if email:
        slack.manifest = slack.api.manifest = Manifest.of(manifest(email=True))
    if transport == "socket":
        return place
    slack.manifest = slack.api.manifest = Manifest.of(manifest(url="https://assent.example"))
    return replace(place, app_token="", signing_secret=slack.requests.secret)


@asynccontextmanager
async def served(door: Bot) -> AsyncIterator[str]:
    """Take Slack's requests on a port of loopback."""
    assert door.events is not None
    taken, address = bound(Address()), Address()
    app = Starlette(routes=[Route(PATH, door.events.take, methods=["POST"])])
    async with listening(app, taken, address=address, drain=Drain()):
        yield f"http://127.0.0.1:{taken.getsockname()[1]}{PATH}"


def opened(
    place: Workspace,
    desk: Desk,
    links: Links | None = None,
    linker: Callable[[Web, str], Linker] | None = None,
    users: Users | None = None,
) -> AbstractAsyncContextManager[Bot]:
    """Open the door over one store in memory."""
    table = links or Listed(LINKED)
    return bot(
        place,
        desk=desk,
        brakes=desk,
        grantors=desk,
        cards=desk,
        journal=desk,
        turns=desk.turns,
        clock=desk.clock,
        links=table,
        lookup=Lookup(
            archive=desk,
            looks=desk,
            debts=Debts(desk=desk, grantors=desk),
            links=table,
            verify=desk.verify,
            clock=desk,
        ),
        deny=lambda _: None,
        linker=linker,
        users=users,
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
    patient = slack.sockets.ack_seconds
    slack.sockets.ack_seconds = slack.requests.ack_seconds = 0.5
    try:
        return await slack.click(user, message, action) is None
    finally:
        slack.sockets.ack_seconds = slack.requests.ack_seconds = patient
