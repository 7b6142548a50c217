"""The Web API: per method its kind of token, its scope, its checks and its errors, in Slack's own names."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from aiohttp import web

from demo.slack.manifest import Manifest
from demo.slack.world import Called, Json, Member, Posted, Trouble, View, Whisper, World
from slackbot.kit import blocks as checker

TRIGGER_SECONDS: Final = 3.0
TEXT: Final = 40_000
LIMITED: Final[Json] = {"ok": False, "error": "ratelimited"}


class ApiError(Exception):
    """What Slack answers with `ok: false`."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method: who may call it and what it does."""

    act: Callable[[Api, Json], Json]
    scope: str = ""
    app_level: bool = False
    minute: int = 100  # calls a minute: tier 3 is 50, tier 4 is 100 (docs.slack.dev, "Rate limits")
    by: str = ""  # the argument by which it is counted apart


@final
@dataclass(slots=True, kw_only=True)
class Limits:
    """Calls a minute: a bucket of half a minute's, filled evenly; what Slack bursts is not published."""

    world: World
    on: bool = True
    _held: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)  # left, when

    def wait(self, name: str, method: Method | None, arguments: Json) -> int | None:
        """Take one; whole seconds to wait where none is left."""
        if method is None or not self.on:
            return None
        key, rate, most = (name, str(arguments.get(method.by, ""))), method.minute / 60, max(1.0, method.minute / 2)
        left, at = self._held.get(key, (most, self.world.now()))
        left = min(most, left + (self.world.now() - at) * rate)
        self._held[key] = (left - 1 if left >= 1 else left, self.world.now())
        return None if left >= 1 else math.ceil((1 - left) / rate)


@final
@dataclass(slots=True, kw_only=True)
class Api:
    """The Web API of one app in one workspace."""

    world: World
    manifest: Manifest
    bot_token: str
    app_token: str
    team: str
    app: str
    bot: str
    bot_user: str
    connect: Callable[[], str]  # makes a Socket Mode URL with a ticket
    methods: Mapping[str, Method]
    limits: Limits

    async def serve(self, request: web.Request) -> web.Response:
        """Answer POST or GET /api/{method}."""
        method = request.match_info["method"]
        arguments = await arguments_of(request)
        trouble = next(iter(self.world.troubles.get(method, [])), None)
        if trouble is not None:
            self.world.troubles[method].remove(trouble)
        if trouble is not None and trouble.held is not None:
            await trouble.held.wait()
        elif trouble is not None:
            return self._recorded(method, arguments, {"ok": False, "error": trouble.error or "internal_error"}, trouble)
        if (wait := self.limits.wait(method, self.methods.get(method), arguments)) is not None:
            return self._recorded(method, arguments, LIMITED, Trouble(status=429, retry_after=wait))
        try:
            answer = self._allowed(method, token_of(request, arguments)).act(self, arguments)
        except ApiError as error:
            answer = error.answer
        return self._recorded(method, arguments, answer, Trouble())

    def _recorded(self, method: str, arguments: Json, answer: Json, trouble: Trouble) -> web.Response:
        self.world.calls.append(Called(method=method, arguments=arguments, answer=answer))
        self.world.changed()
        headers = {"Retry-After": str(trouble.retry_after)} if trouble.retry_after is not None else {}
        headers["x-oauth-scopes"] = ",".join(sorted(self.manifest.scopes))
        return web.json_response(answer, status=trouble.status, headers=headers)

    def _allowed(self, name: str, token: str) -> Method:
        method = self.methods.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        if token not in {self.bot_token, self.app_token}:
            raise ApiError("invalid_auth" if token else "not_authed")
        if method.app_level != (token == self.app_token):
            raise ApiError("not_allowed_token_type")
        self._scoped(method.scope)
        return method

    def _scoped(self, scope: str) -> None:
        if scope and scope not in self.manifest.scopes:
            raise ApiError("missing_scope", needed=scope, provided=",".join(sorted(self.manifest.scopes)))

    # ------------------------------------------------------------ methods

    def test(self, _: Json) -> Json:
        """auth.test: who we are."""
        return {
            "ok": True,
            "url": "https://assent-test.slack.com/",
            "team": "Assent Test",
            "user": "assent",
            "team_id": self.team,
            "user_id": self.bot_user,
            "bot_id": self.bot,
            "is_enterprise_install": False,
        }

    def bot_info(self, given: Json) -> Json:
        """bots.info: of which app a bot is."""
        if given.get("bot") != self.bot:
            raise ApiError("bot_not_found")
        made = {"id": self.bot, "deleted": False, "name": "assent", "app_id": self.app, "user_id": self.bot_user}
        return {"ok": True, "bot": made}

    def open_connection(self, _: Json) -> Json:
        """apps.connections.open: a WebSocket URL with a ticket for one use."""
        if not self.manifest.socket:
            raise ApiError("socket_mode_not_enabled")
        return {"ok": True, "url": self.connect()}

    def post(self, given: Json) -> Json:
        """chat.postMessage."""
        channel = self._room(given)
        text, blocks = self._content(given)
        posted = Posted(channel=channel, ts=self.world.stamp(), text=text, blocks=[])
        self.world.messages.append(posted)
        self.world.draw(posted, text, blocks)
        return {"ok": True, "channel": channel, "ts": posted.ts, "message": self.shown(posted)}

    def update(self, given: Json) -> Json:
        """chat.update."""
        posted = self.world.message(self._room(given), str(given.get("ts")))
        if posted is None:
            raise ApiError("message_not_found")
        text, blocks = self._content(given)
        self.world.draw(posted, text, blocks)
        return {"ok": True, "channel": posted.channel, "ts": posted.ts, "text": text, "message": self.shown(posted)}

    def ephemeral(self, given: Json) -> Json:
        """chat.postEphemeral."""
        channel = self._room(given)
        text, blocks = self._content(given)
        whisper = Whisper(user=str(given.get("user")), channel=channel, ts=self.world.stamp(), text=text, blocks=blocks)
        self.world.whispers.append(whisper)
        return {"ok": True, "message_ts": whisper.ts}

    def open_view(self, given: Json) -> Json:
        """views.open: a trigger lives three seconds and is spent once."""
        user, payload = self.spent(str(given.get("trigger_id")), given.get("view"))
        view = View(id=self.world.name("V"), user=user, payload=payload)
        self.world.views.append(view)
        return {"ok": True, "view": self.view(view)}

    def spent(self, trigger: str, view: object) -> tuple[str, Json]:
        """Spend a trigger on a view that Slack takes; gives whose it is, and the view."""
        until, user, used = self.world.triggers.get(trigger, (0.0, "", False))
        if used:
            raise ApiError("exchanged_trigger_id")
        if not user or self.world.now() > until:
            raise ApiError("expired_trigger_id" if user else "invalid_trigger_id")
        payload = self._viewed(view)
        self.world.triggers[trigger] = (until, user, True)
        return user, payload

    def update_view(self, given: Json) -> Json:
        """views.update by id."""
        found = next((each for each in self.world.views if each.id == given.get("view_id") and each.open), None)
        if found is None:
            raise ApiError("not_found")
        found.payload = self._viewed(given.get("view"))
        return {"ok": True, "view": self.view(found)}

    def publish_view(self, given: Json) -> Json:
        """views.publish: App Home, where the manifest has one."""
        user, payload = str(given.get("user_id")), self._viewed(given.get("view"))
        if user not in self.world.members:
            raise ApiError("user_not_found")
        if not self.manifest.home:
            raise ApiError("not_enabled")
        if payload.get("type") != "home":
            raise ApiError("invalid_arguments")
        view = View(id=self.world.name("V"), user=user, payload=payload)
        standing = self.world.homes.get(user)
        if standing is not None and given.get("hash") not in {None, f"{standing.id}.1"}:
            raise ApiError("hash_conflict")
        self.world.homes[user] = view
        return {"ok": True, "view": self.view(view)}

    def user(self, given: Json) -> Json:
        """users.info."""
        member = self.world.members.get(str(given.get("user")))
        if member is None:
            raise ApiError("user_not_found")
        return {"ok": True, "user": self.member(member)}

    def member(self, member: Member) -> Json:
        """Show a member; an e-mail only with its scope, and a stranger's never."""
        return member.shown(email="users:read.email" in self.manifest.scopes and not member.stranger)

    def conversation(self, given: Json) -> Json:
        """conversations.info: private ones need a scope of their own."""
        channel = self.world.channels.get(str(given.get("channel")))
        if channel is None or (channel.private and not channel.joined):
            raise ApiError("channel_not_found")
        self._scoped("groups:read" if channel.private else "channels:read")
        return {"ok": True, "channel": channel.shown()}

    def people(self, given: Json) -> Json:
        """users.list: everybody the workspace knows, in pages."""
        return paged("members", [self.member(member) for member in self.world.members.values()], given)

    def inside(self, given: Json) -> Json:
        """conversations.members: who is in a conversation that the bot may look at, in pages."""
        self.conversation(given)
        inside = self.world.channels[str(given.get("channel"))].people
        if inside is None:
            whole = (member for member in self.world.members.values() if not (member.deleted or member.guest))
            inside = {member.id for member in whole}
        return paged("members", sorted(inside), given)

    def validate(self, given: Json) -> Json:
        """blocks.validate."""
        message, view = given.get("message"), given.get("view")
        if view is not None:
            found = checker.view(view)
        else:
            blocks = message.get("blocks") if isinstance(message, Mapping) else given.get("blocks")
            found = checker.message("-", blocks)
        if found:
            raise ApiError("invalid_blocks", response_metadata={"messages": list(found)})
        return {"ok": True}

    # ------------------------------------------------------------ checks and shapes

    def _room(self, given: Json) -> str:
        channel = self.world.channels.get(str(given.get("channel")))
        if channel is None:
            raise ApiError("channel_not_found")
        if channel.archived:
            raise ApiError("is_archived")
        if not channel.joined:
            raise ApiError("not_in_channel")
        return channel.id

    def _content(self, given: Json) -> tuple[str, list[Json]]:
        text, blocks = given.get("text"), given.get("blocks")
        if not isinstance(text, str) or not text:
            raise ApiError("no_text")
        if len(text) > TEXT:
            raise ApiError("msg_too_long")
        if blocks is None:
            return text, []
        if found := checker.message(text, blocks):
            self.world.rejected += found
            long = any("msg_blocks_too_long" in each for each in found)
            error = "msg_blocks_too_long" if long else "invalid_blocks"
            raise ApiError(error, response_metadata={"messages": list(found)})
        return text, [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []

    def _viewed(self, payload: object) -> Json:
        if found := checker.view(payload):
            self.world.rejected += found
            raise ApiError("invalid_arguments", response_metadata={"messages": list(found)})
        return dict(payload) if isinstance(payload, Mapping) else {}

    def shown(self, posted: Posted) -> Json:
        """Show a message as payloads carry it."""
        return {
            "type": "message",
            "subtype": "bot_message",
            "user": self.bot_user,
            "bot_id": self.bot,
            "app_id": self.app,
            "team": self.team,
            "ts": posted.ts,
            "text": posted.text,
            "blocks": posted.blocks,
        }

    def view(self, view: View) -> Json:
        """Show a view as payloads carry it."""
        given = view.payload
        return {
            "id": view.id,
            "team_id": self.team,
            "type": given.get("type"),
            "blocks": given.get("blocks"),
            "private_metadata": given.get("private_metadata", ""),
            "callback_id": given.get("callback_id", ""),
            "state": {"values": {}},
            "hash": f"{view.id}.1",
            "title": given.get("title"),
            "clear_on_close": False,
            "notify_on_close": False,
            "close": given.get("close"),
            "submit": given.get("submit"),
            "previous_view_id": None,
            "root_view_id": view.id,
            "app_id": self.app,
            "external_id": "",
            "app_installed_team_id": self.team,
            "bot_id": self.bot,
        }


def paged(name: str, items: Sequence[object], given: Json) -> Json:
    """Answer one page of a list, and where the next one begins (docs.slack.dev, "Pagination")."""
    start, limit = int(str(given.get("cursor") or 0)), int(str(given.get("limit") or 100))
    more = str(start + limit) if start + limit < len(items) else ""
    return {"ok": True, name: list(items[start : start + limit]), "response_metadata": {"next_cursor": more}}


async def arguments_of(request: web.Request) -> Json:
    """Read JSON or form arguments; in forms, arrays and objects are JSON text."""
    if request.content_type == "application/json":
        body = await request.json()
        return dict(body) if isinstance(body, dict) else {}
    form: Json = {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}
    return {name: decoded(name, str(value)) for name, value in form.items()}


def decoded(name: str, value: str) -> object:
    """Decode the arguments that are JSON in forms."""
    return json.loads(value) if name in {"blocks", "view", "attachments", "message"} else value


def token_of(request: web.Request, arguments: Json) -> str:
    """Find the token: the Authorization header, else the argument; the record does not keep it."""
    given = str(arguments.pop("token", ""))
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" else given
