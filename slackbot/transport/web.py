"""Our own calls to Slack over one shared HTTP session, every foreign exception translated here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from core.errors import GatewayError
from slackbot.kit.blocks import Block
from slackbot.people import SlackUnavailable
from slackbot.views.cards import Message

SLACK: Final = "https://slack.com/api/"
SLACK_HOOKS: Final = "https://hooks.slack.com"
TIMEOUT_SECONDS: Final = 10.0
RETRY_AFTER: Final = 30.0  # when Slack limits and names no time
UNKNOWN_USER: Final = frozenset({"user_not_found", "user_not_visible"})
TRANSIENT: Final = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"})


class SlackRefused(GatewayError):
    """Slack answered with an error of its own; `error` is Slack's word for it."""

    code = "slack_refused"

    def __init__(self, method: str, error: str) -> None:
        super().__init__(f"{method}: {error}")
        self.error = error


class SlackLimited(SlackUnavailable):
    """Slack asks to wait."""

    def __init__(self, method: str, seconds: float) -> None:
        super().__init__(f"{method}: rate limited for {seconds:g} s")
        self.seconds = seconds


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Slack's Web API and response URLs, as far as the bot uses them."""

    client: AsyncWebClient
    http: aiohttp.ClientSession
    hooks: str  # origin that response URLs must have

    async def call(self, method: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        """Call one method with JSON.

        Raises: SlackRefused for Slack's own errors, SlackLimited, SlackUnavailable for everything transient.
        """
        try:
            response = await self.client.api_call(method, json=dict(arguments))
        except SlackApiError as error:
            raise translated(method, error) from error
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
            raise SlackUnavailable(f"{method}: {type(error).__name__}") from error
        return response.data if isinstance(response.data, dict) else {}

    async def scopes(self) -> frozenset[str] | None:
        """Say which scopes our token has, as each answer's header does; None: Slack does not say.

        Raises: SlackRefused, SlackUnavailable.
        """
        try:
            response = await self.client.api_call("auth.test")
        except SlackApiError as error:
            raise translated("auth.test", error) from error
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
            raise SlackUnavailable(f"auth.test: {type(error).__name__}") from error
        held = response.headers.get("x-oauth-scopes")
        return None if held is None else frozenset(part.strip() for part in str(held).split(",") if part.strip())

    async def user(self, user: str) -> Mapping[str, object] | None:
        """Return users.info; None when Slack knows no such user here.

        Raises: SlackUnavailable.
        """
        try:
            found = (await self.call("users.info", {"user": user})).get("user")
        except SlackRefused as error:
            if error.error in UNKNOWN_USER:
                return None
            raise SlackUnavailable(str(error)) from error
        return found if isinstance(found, Mapping) else None

    async def post(self, channel: str, message: Message) -> tuple[str, str]:
        """Post a message; returns the conversation id and ts under which it stands."""
        posted = await self.call(
            "chat.postMessage",
            {
                "channel": channel,
                "text": message.text,
                "blocks": message.blocks,
                "unfurl_links": False,
                "unfurl_media": False,
            },
        )
        return str(posted.get("channel")), str(posted.get("ts"))

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Redraw a message."""
        await self.call("chat.update", {"channel": channel, "ts": ts, "text": message.text, "blocks": message.blocks})

    async def direct(self, user: str, message: Message) -> None:
        """Write to one person, in the conversation that the bot has with them.

        Raises: SlackRefused, SlackUnavailable.
        """
        room = (await self.call("conversations.open", {"users": user})).get("channel")
        await self.post(str(room.get("id")) if isinstance(room, Mapping) else "", message)

    async def open(self, trigger: str, view: Block) -> None:
        """Open a modal; a trigger lives three seconds."""
        await self.call("views.open", {"trigger_id": trigger, "view": view})

    async def publish(self, user: str, view: Block) -> None:
        """Show somebody their App Home."""
        await self.call("views.publish", {"user_id": user, "view": view})

    async def replace(self, url: str, message: Message) -> None:
        """Replace the clicked message through its response URL."""
        await self.respond(url, {"replace_original": True, "text": message.text, "blocks": message.blocks})

    async def tell(self, url: str, message: Message) -> None:
        """Show a message to the person who asked, and nobody else."""
        await self.respond(
            url,
            {
                "response_type": "ephemeral",
                "replace_original": False,
                "text": message.text,
                "blocks": message.blocks,
            },
        )

    async def whisper(self, url: str, sentence: str) -> None:
        """Tell the person who clicked, and nobody else; the sentence is our own."""
        body = {"response_type": "ephemeral", "replace_original": False, "text": sentence}
        await self.respond(url, body)

    async def respond(self, url: str, body: Mapping[str, object]) -> None:
        """Post to a response URL, only on Slack's own origin and without following redirects.

        Raises: SlackRefused for another origin, SlackLimited, SlackUnavailable.
        """
        if not url.startswith(f"{self.hooks}/"):  # the slash ends the host for every reader of URLs
            raise SlackRefused("response_url", "foreign_origin")
        try:
            async with self.http.post(url, json=dict(body), allow_redirects=False) as response:
                status, retry = response.status, response.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SlackUnavailable(f"response_url: {type(error).__name__}") from error
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise SlackLimited("response_url", seconds(retry))
        if status != HTTPStatus.OK:
            raise SlackRefused("response_url", f"status {status}")


def seconds(text: str) -> float:
    """Read Retry-After: whole seconds."""
    return float(text) if text.isascii() and text.isdigit() else RETRY_AFTER


def translated(method: str, error: SlackApiError) -> GatewayError:
    """Say in our words what Slack's answer means."""
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return SlackUnavailable(f"{method}: no readable answer")
    name = str(response.get("error", "")) if isinstance(response.data, dict) else ""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS or name == "ratelimited":
        return SlackLimited(method, seconds(str(response.headers.get("Retry-After", ""))))
    if not name or name in TRANSIENT or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return SlackUnavailable(f"{method}: status {response.status_code}")
    return SlackRefused(method, name)


def loopback(url: str) -> bool:
    """Say whether a URL is on this machine, where no proxy of the environment helps."""
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def client(*, api: str, token: str | None, http: aiohttp.ClientSession) -> AsyncWebClient:
    """Make a Web API client over the shared session; without one it opens a connection per call.

    No retry handlers: a repeated chat.postMessage may post twice.
    """
    made = AsyncWebClient(token=token, base_url=api, session=http, retry_handlers=[], timeout=int(TIMEOUT_SECONDS))
    if loopback(api):
        made.proxy = None
    return made


@asynccontextmanager
async def session(*, token: str, api: str, hooks: str) -> AsyncIterator[Web]:
    """Open the one HTTP session; its own timeout counts, not the client's."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=not loopback(api)) as http:
        yield Web(client=client(api=api, token=token, http=http), http=http, hooks=hooks)
