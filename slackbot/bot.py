"""The Slack door assembled: a real Bolt app over Socket Mode, started when Slack knows us, drained at the end."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol, final

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from core.errors import GatewayError, UnsafeStart
from core.ports import Brakes, Cards, Clock, Desk, Grantors, Journal, Tickets
from slackbot.audience import Audience, Census
from slackbot.clicks.binding import register
from slackbot.clicks.clicks import app_of
from slackbot.clicks.linking import Linker
from slackbot.clicks.listeners import Listeners
from slackbot.home.homes import Homes
from slackbot.home.reminders import Reminders, Users
from slackbot.lookups.lookup import Lookup
from slackbot.people import Links, Matches, People, SlackUnavailable
from slackbot.redraw import Screen
from slackbot.transport import web
from slackbot.transport.alarms import Alarms
from slackbot.transport.flight import Flight, flown
from slackbot.transport.http import Events
from slackbot.transport.sockets import Sockets
from slackbot.transport.web import SlackRefused, Web
from slackbot.views import notices

LOG: Final = logging.getLogger("assent.slack")
BOLT: Final = logging.getLogger("assent.slack.bolt")
BOLT.setLevel(logging.ERROR)  # below it Bolt writes whole payloads, statements included
CONNECT_SECONDS: Final = 30.0
PING_SECONDS: Final = 10.0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where the bot lives: `[slack]` of the configuration, secrets resolved."""

    bot_token: str = field(repr=False)
    channel: str  # conversation id, never a name
    emergencies: str = ""  # the second channel, where answers given alone are posted
    channels: tuple[str, ...] = ()  # others that cards may go to, as a start knows them
    app_token: str = field(default="", repr=False)  # Socket Mode; or
    signing_secret: str = field(default="", repr=False)  # HTTP
    api: str = web.SLACK
    hooks: str = web.SLACK_HOOKS
    connections: int = 2  # the SDK closes a refreshed one before it opens the next: with one, a click falls between
    ping_seconds: float = PING_SECONDS
    connect_seconds: float = CONNECT_SECONDS


class Connection(Protocol):
    """What we ask of the SDK's handler."""

    async def connect_async(self) -> None:
        """Connect, and keep trying."""
        ...

    async def close_async(self) -> None:
        """Close, without waiting for what is under way."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """The running door."""

    app: AsyncApp
    screen: Screen
    homes: Homes
    web: Web
    channel: str
    tally: Counter[str]
    team: str
    user: str
    events: Events | None = None  # in HTTP mode: what takes Slack's requests

    def nudge(self) -> None:
        """Look for stale cards now instead of at the next poll."""
        self.screen.nudge()
        self.homes.nudge()

    async def post(self, text: str) -> None:
        """Post what operators are told to the channel.

        Raises: SlackRefused, SlackUnavailable.
        """
        await self.web.post(self.channel, notices.news(text))


@asynccontextmanager
async def bot(
    workspace: Workspace,
    *,
    desk: Desk,
    brakes: Brakes,
    cards: Cards,
    journal: Journal,
    turns: Tickets,
    clock: Clock,
    links: Links,
    lookup: Lookup,
    grantors: Grantors | None = None,
    deny: Callable[[str], None],
    linker: Callable[[Web, str], Linker] | None = None,
    matches: Matches | None = None,
    users: Users | None = None,
) -> AsyncIterator[Bot]:
    """Run the door while the block runs. `deny` counts what is refused before it is anybody's.

    `linker` makes what people link themselves by, of Slack and the workspace's name; None: operators link.
    `matches`: who people are by e-mail. `users`: the accounts that are reminded; None: nobody is.

    Raises: UnsafeStart when Slack does not know our token, when the app-level token names no app, when the channel
    is archived, shared outside or not ours to post in, or when no connection comes about.
    """
    if not workspace.signing_secret and not app_of(workspace.app_token):
        raise UnsafeStart("[slack] app_token is no app-level token (xapp-1-A…): make one with connections:write")
    async with web.session(token=workspace.bot_token, api=workspace.api, hooks=workspace.hooks) as slack:
        known = await greeted(slack)
        tally: Counter[str] = Counter()
        alarms = Alarms(journal=journal, now=time.monotonic, tally=tally)
        teams = frozenset({str(known.team_id)})
        census = Census(web=slack, teams=teams, now=time.monotonic)
        audience = Audience(web=slack, census=census, alarms=alarms, now=time.monotonic)
        for channel in dict.fromkeys((workspace.channel, *workspace.channels)):
            await checked(audience, channel)
        screen = Screen(
            web=slack,
            audience=audience,
            desk=desk,
            cards=cards,
            journal=journal,
            turns=turns,
            clock=clock,
            channel=workspace.channel,
            emergencies=workspace.emergencies,
            now=time.monotonic,
            tally=tally,
        )
        people = People(users=slack, links=links, teams=teams, now=time.monotonic, matches=matches)
        homes = Homes(
            web=slack,
            people=people,
            debts=lookup.debts,
            looks=lookup.looks,
            now=time.monotonic,
            tally=tally,
        )
        flight = Flight(tally=tally)
        listeners = Listeners(
            app=app_of(workspace.app_token) or await installed(slack, known),
            people=people,
            desk=desk,
            brakes=brakes,
            grantors=grantors,
            cards=cards,
            lookup=lookup,
            alarms=alarms,
            web=slack,
            screen=screen,
            homes=homes,
            later=flight.later,
            tally=tally,
            linker=None if linker is None else linker(slack, known.team or ""),
        )
        app = application(slack, known, workspace.signing_secret)
        register(app, listeners)
        over_http = bool(workspace.signing_secret)
        sockets = Sockets(
            tickets=turns, clock=clock, alarms=alarms, team=str(known.team_id), connections=workspace.connections
        )
        async with flown(flight) if over_http else connected(app, workspace, slack, flight, sockets):
            following = [asyncio.create_task(one) for one in (screen.run(), homes.run(), audience.watch())]
            if users is not None:
                reminders = Reminders(
                    web=slack,
                    people=people,
                    desk=desk,
                    tickets=turns,
                    clock=clock,
                    team=str(known.team_id),
                    users=users,
                    tally=tally,
                )
                following.append(asyncio.create_task(reminders.run()))
            try:
                yield Bot(
                    app=app,
                    screen=screen,
                    homes=homes,
                    web=slack,
                    channel=workspace.channel,
                    tally=tally,
                    team=str(known.team_id),
                    user=str(known.bot_user_id),
                    events=events(app, workspace, turns, clock, flight, deny) if over_http else None,
                )
            finally:
                for task in following:
                    task.cancel()
                await asyncio.wait(following)


async def greeted(slack: Web) -> AuthorizeResult:
    """Ask Slack once who we are; every request is then authorised from this answer.

    Bolt answers 200 (acknowledged, nothing stored) when its own authorisation fails at a click, so it never asks.
    Raises: UnsafeStart.
    """
    try:
        said = await slack.call("auth.test", {})
    except GatewayError as error:
        raise UnsafeStart(f"Slack does not accept [slack] bot_token: {error}") from error
    if not said.get("team_id") or not said.get("user_id"):
        raise UnsafeStart("auth.test names no workspace; is [slack] bot_token a bot token (xoxb-…)?")
    return AuthorizeResult(
        enterprise_id=text(said, "enterprise_id"),
        team_id=text(said, "team_id"),
        team=text(said, "team"),
        bot_id=text(said, "bot_id"),
        bot_user_id=text(said, "user_id"),
        bot_token=slack.client.token,
    )


async def installed(slack: Web, known: AuthorizeResult) -> str:
    """Ask which app our bot is of: a signing secret does not name it.

    Raises: UnsafeStart.
    """
    try:
        found = (await slack.call("bots.info", {"bot": known.bot_id})).get("bot")
    except GatewayError as error:
        raise UnsafeStart(f"Slack does not say of which app [slack] bot_token is: {error}") from error
    if not (app := text(found, "app_id")):
        raise UnsafeStart("bots.info names no app; is [slack] bot_token a bot token (xoxb-…)?")
    return app


def events(
    app: AsyncApp, workspace: Workspace, seen: Tickets, clock: Clock, flight: Flight, deny: Callable[[str], None]
) -> Events:
    """Make what takes Slack's requests in HTTP mode."""
    return Events(
        app=app,
        verifier=SignatureVerifier(workspace.signing_secret),
        seen=seen,
        clock=clock,
        tally=flight.tally,
        deny=deny,
        follow=flight.follow,
        closing=lambda: flight.closing,
    )


def text(said: object, name: str) -> str | None:
    """Read a string of an answer."""
    found = said.get(name) if isinstance(said, dict) else None
    return found if isinstance(found, str) else None


async def checked(audience: Audience, channel: str) -> None:
    """Refuse to start on a channel whose audience is not ours: archived, shared, with guests, or without us.

    Raises: UnsafeStart.
    """
    try:
        await audience.ours(channel)
    except SlackRefused as error:
        raise UnsafeStart(f"[slack] channel {channel} may not be used: {error.error} (an id, not a name)") from error
    except SlackUnavailable as error:
        raise UnsafeStart(f"[slack] channel {channel} cannot be checked: {error}") from error


def application(slack: Web, known: AuthorizeResult, secret: str) -> AsyncApp:
    """Make the Bolt app; what a listener does before it returns is what Slack is told.

    Without a secret nothing that comes over HTTP is taken: it is signed by nobody.
    """

    async def authorize() -> AuthorizeResult:
        return known

    client = web.client(api=slack.client.base_url, token=None, http=slack.http)
    return AsyncApp(
        name=BOLT.name,  # Bolt sets the level of the logger of this name: never that of our own root
        logger=BOLT,
        client=client,
        authorize=authorize,
        signing_secret=secret or secrets.token_hex(32),
        process_before_response=True,
    )


def connection(
    app: AsyncApp, workspace: Workspace, slack: Web, flight: Flight, sockets: Sockets
) -> tuple[Connection, SocketModeClient]:
    """Make one Socket Mode connection whose envelopes the Flight knows; a closing door takes none."""
    handler = AsyncSocketModeHandler(
        app, workspace.app_token, web_client=slack.client, logger=BOLT, ping_interval=workspace.ping_seconds
    )
    if web.loopback(workspace.api):
        handler.client.proxy = None

    async def take(_: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if flight.closing:
            return
        task = asyncio.ensure_future(handler.handle(handler.client, request))
        flight.follow(task)
        await task

    async def hello(_: AsyncBaseSocketModeClient, message: dict[str, object], __: str | None) -> None:
        if message.get("type") == "hello":
            flight.later("hello", sockets.greeted(message.get("num_connections")))

    handler.client.socket_mode_request_listeners = [take]
    handler.client.message_listeners.append(hello)
    return handler, handler.client


async def renewed(client: SocketModeClient, seconds: float) -> None:
    """Have a new address asked for while there is no connection.

    slack_sdk 3.47 tries one address for ever (`socket_mode/aiohttp`, `connect`), and Slack's holds once, for 30 s.
    """
    while True:
        await asyncio.sleep(seconds)
        if not await client.is_connected():
            client.wss_uri = None


@asynccontextmanager
async def connected(
    app: AsyncApp, workspace: Workspace, slack: Web, flight: Flight, sockets: Sockets
) -> AsyncIterator[None]:
    """Hold the Socket Mode connections; on the way out take no more, finish what came, then close.

    Raises: UnsafeStart when they do not come about in time, AuditUnavailable.
    """
    connections = [connection(app, workspace, slack, flight, sockets) for _ in range(workspace.connections)]
    await sockets.claim()
    renewals = [asyncio.create_task(renewed(client, workspace.ping_seconds)) for _, client in connections]
    renewals.append(asyncio.create_task(sockets.run()))
    try:
        await met([each for each, _ in connections], workspace.connect_seconds)
        yield
    finally:
        await flight.drain()
        for task in renewals:
            task.cancel()
        for each, _ in connections:
            await each.close_async()


async def met(connections: list[Connection], seconds: float) -> None:
    """Wait for all connections, within a bound; the SDK itself would try for ever."""
    try:
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(each.connect_async() for each in connections))
    except TimeoutError as error:
        raise UnsafeStart("Slack gave no Socket Mode connection; is [slack] app_token right?") from error
