"""Slack's requests over HTTP: signed with our secret, fresh, each once; then the listeners of Socket Mode take them.

docs.slack.dev, "Verifying requests from Slack": v0=HMAC-SHA256 of v0:timestamp:body, not older than five minutes.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final, final

from slack_bolt import BoltResponse
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response

from core.ports import Clock, TicketKind, Tickets

MOST: Final = 1 << 20  # bytes of a body; Slack's own are some hundred kilobytes at most
FRESH: Final = timedelta(minutes=11)  # a signature holds five minutes to either side of its time


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Takes requests of one Slack app."""

    app: AsyncApp
    verifier: SignatureVerifier
    seen: Tickets
    clock: Clock
    tally: Counter[str]
    deny: Callable[[str], None]  # counts a refusal, journalled once a minute
    follow: Callable[[asyncio.Task[BoltResponse]], None]
    closing: Callable[[], bool]

    async def take(self, request: Request) -> Response:
        """Answer one request; what is not signed, not fresh or came before is 401, and nothing is done.

        Raises: StoreError when nobody can say whether it came before: not acknowledged.
        """
        if self.closing():
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        content = await body(request)
        if content is None:
            return self._refused("large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        stamp, signature = signed(request)
        if not self.verifier.is_valid(content, stamp, signature):
            return self._refused("unsigned", HTTPStatus.UNAUTHORIZED)
        if not await self.seen.put(TicketKind.ANSWERED, f"slack {signature}", "", self.clock.now() + FRESH):
            return self._refused("again", HTTPStatus.UNAUTHORIZED)
        asked = AsyncBoltRequest(body=content.decode(), headers=dict(request.headers))
        task = asyncio.ensure_future(self.app.async_dispatch(asked))
        self.follow(task)
        return to_starlette_response(await task)

    def _refused(self, why: str, status: HTTPStatus) -> Response:
        self.tally[f"http.{why}"] += 1
        self.deny(f"slack_{why}")
        return Response(status_code=status)


def signed(request: Request) -> tuple[str, str]:
    """Read timestamp and signature; a header that stands twice is none."""
    found = [request.headers.getlist(name) for name in ("x-slack-request-timestamp", "x-slack-signature")]
    stamp, signature = (values[0] if len(values) == 1 else "" for values in found)
    return (stamp, signature) if stamp.isascii() and stamp.isdigit() else ("0", "")


async def body(request: Request) -> bytes | None:
    """Read the body as UTF-8 bytes; None when it is more than Slack sends, or no text."""
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > MOST:
            return None
    try:
        content.decode()
    except UnicodeDecodeError:
        return None
    return content
