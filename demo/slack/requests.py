"""Signed HTTP: what Socket Mode sends, posted to the app's request URL; events again, up to three times more.

docs.slack.dev, "Verifying requests from Slack", "Events API: Retries": a click or command that nobody answers within
three seconds is lost, and the person is told so.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import Final, final
from urllib.parse import urlencode

import aiohttp

from demo.slack.socket import ACK_SECONDS, Ack
from demo.slack.world import Json, World

RETRIES: Final = 3
FORM: Final = "application/x-www-form-urlencoded"


@final
@dataclass(slots=True, kw_only=True)
class Requests:
    """The way to an app in HTTP mode; `urls` are its replicas, as a load balancer picks one."""

    world: World
    ack_seconds: float = ACK_SECONDS
    secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    urls: list[str] = field(default_factory=list)
    answered: list[tuple[int, str]] = field(default_factory=list)  # status, and X-Slack-Retry-Num of its request

    async def deliver(self, kind: str, payload: Json, *, copies: int = 1) -> Ack | None:
        """Post a payload and give its answer; None: none that acknowledges came in time."""
        body, form = written(kind, payload)
        acks = [await self._delivered(kind, body, form) for _ in range(copies)]
        return next((ack for ack in acks if ack is not None), None)

    async def _delivered(self, kind: str, body: str, form: str) -> Ack | None:
        tries = 1 + (RETRIES if kind == "events_api" else 0)
        reason = ""
        for number in range(tries):
            again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason} if number else {}
            status, content = await self.send(body, form=form, headers=again)
            if status == HTTPStatus.OK:
                return Ack(payload=json.loads(content) if content.startswith("{") else told(content))
            reason = "http_error" if status else "http_timeout"
        return None

    async def send(
        self,
        body: str,
        *,
        form: str = FORM,
        at: float | None = None,
        secret: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        """Post one signed body, at a time and by a secret that may be wrong; status 0: no answer in time."""
        stamp = str(int(time.time() if at is None else at))
        said = {"Content-Type": form, **signature(self.secret if secret is None else secret, stamp, body)}
        said |= headers or {}
        timeout = aiohttp.ClientTimeout(total=self.ack_seconds)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.post(secrets.choice(self.urls), data=BytesIO(body.encode()), headers=said) as found,
            ):
                status, content = found.status, await found.text()
        except (aiohttp.ClientError, TimeoutError, OSError):
            status, content = 0, ""
        self.answered.append((status, (headers or {}).get("X-Slack-Retry-Num", "")))
        self.world.changed()
        return status, content


def written(kind: str, payload: Json) -> tuple[str, str]:
    """Write a body as Slack does: a command as a form, a click as JSON in a form, an event as JSON."""
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    return urlencode(payload if kind == "slash_commands" else {"payload": json.dumps(payload)}), FORM


def told(content: str) -> Json | None:
    """Read a plain answer to a command."""
    return {"text": content} if content else None


def signature(secret: str, stamp: str, body: str) -> dict[str, str]:
    """Sign a body: v0=HMAC-SHA256 of v0:timestamp:body."""
    mac = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}
