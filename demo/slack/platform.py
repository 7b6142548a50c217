"""The platform as one object: a loopback server, and the people who click, submit and type."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, final

from aiohttp import web

from demo.slack.api import TRIGGER_SECONDS, Api, Limits
from demo.slack.hooks import Hooks
from demo.slack.manifest import Manifest, array, at
from demo.slack.methods import METHODS
from demo.slack.payloads import Shapes
from demo.slack.pings import pings
from demo.slack.requests import Requests
from demo.slack.socket import ACK_SECONDS, Ack, Sockets
from demo.slack.world import TEAM, Channel, Json, Member, Posted, Trouble, View, Whisper, World, pressable, stored
from slackbot.kit import blocks as checker

APP: Final = "A0ASSENT1"
BOT: Final = "B0ASSENT1"
BOT_USER: Final = "U0ASSENTB"
CHANNEL: Final = "C0REVIEWS1"
FAILED: Final = "This app did not respond. Try again."


class NotPossible(Exception):
    """A person cannot do this: no such button, no such command, no open view."""


@final
@dataclass(slots=True, kw_only=True)
class Slack:
    """A workspace with our app installed; `async with Slack.start() as slack:`."""

    world: World
    manifest: Manifest
    api: Api
    sockets: Sockets
    requests: Requests
    hooks: Hooks
    shapes: Shapes
    base: str = ""

    @classmethod
    @asynccontextmanager
    async def start(cls, manifest: Manifest | None = None, *, ack_seconds: float = ACK_SECONDS) -> AsyncIterator[Slack]:
        """Run the platform on a free port of loopback while the block runs."""
        slack = cls.made(manifest or Manifest.read(), ack_seconds=ack_seconds)
        server = web.Application(middlewares=[slack.guard], client_max_size=1 << 20)
        server.router.add_route("*", "/api/{method}", slack.api.serve)
        server.router.add_get("/link/", slack.sockets.serve)
        server.router.add_post("/actions/{key}", slack.hooks.serve)
        runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        slack.base = slack.hooks.base = f"http://127.0.0.1:{port}"
        slack.sockets.base = f"ws://127.0.0.1:{port}"
        try:
            yield slack
        finally:
            await slack.sockets.close()
            await runner.cleanup()

    @classmethod
    def made(cls, manifest: Manifest, *, ack_seconds: float) -> Slack:
        """Make the workspace without its server; tokens are new each time."""
        world = World()
        sockets = Sockets(world=world, app=APP, ack_seconds=ack_seconds)
        api = Api(
            world=world,
            manifest=manifest,
            bot_token=f"xoxb-1-2-{secrets.token_hex(12)}",
            app_token=f"xapp-1-{APP}-1-{secrets.token_hex(32)}",
            team=TEAM,
            app=APP,
            bot=BOT,
            bot_user=BOT_USER,
            connect=sockets.ticket,
            limits=Limits(world=world),
            methods=METHODS,
        )
        world.channels[CHANNEL] = Channel(id=CHANNEL, name="reviews")
        world.members[BOT_USER] = Member(id=BOT_USER, name="assent", bot=True)
        shapes = Shapes(app=APP, team=TEAM, channels=world.channels, members=world.members)
        return cls(
            world=world,
            manifest=manifest,
            api=api,
            sockets=sockets,
            requests=Requests(world=world, ack_seconds=ack_seconds),
            hooks=Hooks(world=world),
            shapes=shapes,
        )

    @web.middleware
    async def guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Refuse other Hosts and web pages' Origins: a page in a browser must not reach a loopback server."""
        origin = request.headers.get("Origin")
        if request.host != self.base.removeprefix("http://") or origin not in {None, self.base}:
            return web.Response(status=HTTPStatus.FORBIDDEN)
        return await handler(request)

    async def deliver(self, kind: str, payload: Json, *, copies: int = 1) -> Ack | None:
        """Send a payload the way that the manifest says; None: the app did not acknowledge it."""
        way = self.sockets if self.manifest.socket else self.requests
        return await way.deliver(kind, payload, copies=copies)

    # ------------------------------------------------------------ people

    def member(self, member: Member) -> Member:
        """Let somebody join."""
        self.world.members[member.id] = member
        return member

    def readable(self, user: str) -> list[Posted]:
        """Give what somebody sees in conversations: what was written to another person alone is not among it."""
        rooms = self.world.channels
        return [
            each for each in self.world.messages if (inside := rooms[each.channel].people) is None or user in inside
        ]

    def message(self, number: int = 0) -> Posted:
        """Give a message by its order of posting."""
        return self.world.messages[number]

    def visible(self, user: str, message: Posted | Whisper, action: str, value: str | None = None) -> Json:
        """Find a button this person sees.

        Raises: NotPossible.
        """
        element = message.button(action, value)
        seen = element.get("visible_to_user_ids") if element else None
        if element is None or (isinstance(seen, list) and user not in seen):
            raise NotPossible(f"{user} sees no button {action}")
        return element

    async def click(self, user: str, message: Posted | Whisper, action: str, *, copies: int = 1) -> Ack | None:
        """Press a button on a message; None when the app did not acknowledge, which the person sees."""
        return await self.press(user, message, self.visible(user, message, action), copies=copies)

    async def press(self, user: str, message: Posted | Whisper, element: Json, *, copies: int = 1) -> Ack | None:
        """Press any element, on screen or forged."""
        if not self.manifest.interactive:
            raise NotPossible("interactivity is off in the manifest")
        whisper = message if isinstance(message, Whisper) else None
        payload = self.shapes.click(
            user,
            element,
            place=(message.channel, message.ts),
            message=None if isinstance(message, Whisper) else self.api.shown(message),
            trigger=self.trigger(user),
            url=self.hooks.make(user, message.channel, message.ts, whisper),
        )
        return self.told(user, await self.deliver("interactive", payload, copies=copies))

    async def submit(self, user: str, view: View, values: Mapping[str, Json] | None = None) -> Ack | None:
        """Submit a modal with the state of its inputs, block id -> state of its one element `v`."""
        if not view.open or view.user != user or "submit" not in view.payload:
            raise NotPossible("this person has no such modal to submit")
        state = {block: {"v": value} for block, value in (values or {}).items()}
        shown = self.api.view(view) | {"state": {"values": state}}
        payload = self.shapes.submission(user, shown, trigger=self.trigger(user))
        ack = self.told(user, await self.deliver("interactive", payload))
        if ack is not None:
            self.answered(view, ack.payload or {})
        return ack

    async def slash(self, user: str, text: str, *, command: str = "/audit", channel: str = CHANNEL) -> Whisper | None:
        """Type a slash command; returns what this person is shown."""
        if command not in self.manifest.commands:
            raise NotPossible(f"{command} is not in the manifest")
        url = self.hooks.make(user, channel, "", None)
        payload = self.shapes.command(user, command, text, channel=channel, url=url, trigger=self.trigger(user))
        ack = self.told(user, await self.deliver("slash_commands", payload))
        return self.replied(user, channel, ack.payload) if ack and ack.payload else None

    async def open_home(self, user: str) -> None:
        """Open App Home; without its event in the manifest nothing is sent."""
        if not self.manifest.home or "app_home_opened" not in self.manifest.events:
            raise NotPossible("the manifest has no App Home")
        payload = self.shapes.event({"type": "app_home_opened", "user": user, "channel": CHANNEL, "tab": "home"})
        await self.deliver("events_api", payload)

    async def press_home(self, user: str, action: str, value: str | None = None) -> Ack | None:
        """Press a button of one's App Home.

        Raises: NotPossible.
        """
        home = self.world.homes.get(user)
        blocks = [each for each in array(home.payload.get("blocks")) if isinstance(each, dict)] if home else []
        element = pressable(blocks, action, value)
        if home is None or element is None:
            raise NotPossible("Your Home has changed since you saw it. Nothing was pressed.")
        payload = self.shapes.view_click(user, element, view=self.api.view(home), trigger=self.trigger(user))
        return self.told(user, await self.deliver("interactive", payload))

    def told(self, user: str, ack: Ack | None) -> Ack | None:
        """Show a person that nothing acknowledged."""
        if ack is None:
            self.world.user_errors.append(f"{user}: {FAILED}")
        self.world.changed()
        return ack

    def trigger(self, user: str) -> str:
        """Make a trigger id: three seconds, one use."""
        name = f"{secrets.randbelow(10**12)}.{secrets.token_hex(8)}"
        self.world.triggers[name] = (self.world.now() + TRIGGER_SECONDS, user, False)
        return name

    def answered(self, view: View, payload: Json) -> None:
        """Apply what a submission was answered with (docs.slack.dev, "view_submission: response_action")."""
        match payload.get("response_action"):
            case "errors":
                errors = payload.get("errors")
                view.errors = {str(k): str(v) for k, v in errors.items()} if isinstance(errors, dict) else {}
                self.inputs(view)
            case "update":
                self.updated(view, payload.get("view"))
            case _:
                view.open = False
        self.world.changed()

    def inputs(self, view: View) -> None:
        """Note errors that name no input block: the person sees only that something failed."""
        blocks = array(view.payload.get("blocks"))
        named = {at(block, "block_id") for block in blocks if at(block, "type") == "input"}
        if not view.errors or not named.issuperset(view.errors):
            self.world.user_errors.append(f"{view.user}: We had some trouble connecting. Try again?")

    def updated(self, view: View, payload: object) -> None:
        """Put another view in its place, if Slack takes it."""
        found = checker.view(payload)
        if found or not isinstance(payload, dict):
            self.world.rejected += found
            self.world.user_errors.append(f"{view.user}: We had some trouble connecting. Try again?")
        else:
            view.payload = payload

    def replied(self, user: str, channel: str, payload: Json) -> Whisper | None:
        """Show what a slash command was answered with."""
        text, given = str(payload.get("text", "")), payload.get("blocks")
        blocks = [block for block in given if isinstance(block, dict)] if isinstance(given, list) else []
        if found := checker.message(text, blocks) if blocks else ():
            self.world.rejected += found
            self.world.user_errors.append(f"{user}: {channel} failed with the error invalid_blocks")
            return None
        whisper = Whisper(user=user, channel=channel, ts=self.world.stamp(), text=text, blocks=stored(blocks))
        if payload.get("response_type", "ephemeral") != "ephemeral":
            posted = Posted(channel=channel, ts=whisper.ts, text=text, blocks=[])
            self.world.messages.append(posted)
            self.world.draw(posted, text, blocks)
            return None
        self.world.whispers.append(whisper)
        self.world.changed()
        return whisper

    # ------------------------------------------------------------ what tests look at

    def pinged(self) -> list[str]:
        """List everybody whom any version of any message would have pinged."""
        found = [ping for each in self.world.messages for blocks in each.versions for ping in pings(each.text, blocks)]
        return found + [ping for each in self.world.whispers for ping in pings(each.text, each.blocks)]

    def count(self, method: str) -> int:
        """Count calls of one method."""
        return sum(call.method == method for call in self.world.calls)

    def fail(self, method: str, *troubles: Trouble) -> None:
        """Let the next calls of a method fail."""
        self.world.troubles.setdefault(method, []).extend(troubles)

    def whispered(self, user: str) -> str:
        """Give all that was said to one person alone."""
        return "\n".join(each.words for each in self.world.whispers if each.user == user)

    def view(self, user: str) -> View | None:
        """Give the newest modal open before somebody."""
        return next((each for each in reversed(self.world.views) if each.user == user and each.open), None)
