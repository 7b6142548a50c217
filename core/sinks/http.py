"""Sinks over HTTP: a signed webhook (Standard Webhooks 1.0), and Splunk's HTTP Event Collector."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from ssl import SSLContext
from typing import Final, final
from uuid import uuid4

from httpx2 import AsyncClient, HTTPError, InvalidURL, Response

from core.sinks.pump import Parcel, SinkAway, SinkGone

SECONDS: Final = 30.0
GONE: Final = 410
LATER: Final = frozenset({401, 403, 408, 425, 429})  # of 4xx what is not about the Entry
LARGEST: Final = 64 * 1024  # bytes of an answer that are read
PREFIX: Final = "whsec_"
POLL: Final = 1.0
POLLS: Final = 60


def client(trusted: SSLContext | None) -> AsyncClient:
    """Make a client that follows nobody and reads no environment."""
    return AsyncClient(
        verify=True if trusted is None else trusted, trust_env=False, follow_redirects=False, timeout=SECONDS
    )


async def post(http: AsyncClient, url: str, content: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Send and return status and answer.

    Raises: SinkAway for no answer, and for a status that says "later"; SinkGone.
    """
    try:
        async with asyncio.timeout(SECONDS), http.stream("POST", url, content=content, headers=headers) as reply:
            body = b""
            async for chunk in reply.aiter_raw():
                body = (body + chunk)[:LARGEST]
                if len(body) == LARGEST:
                    break
            return _judged(reply, body)
    except (HTTPError, InvalidURL, TimeoutError) as error:
        raise SinkAway(f"no answer ({type(error).__name__})") from error


def _judged(reply: Response, body: bytes) -> tuple[int, bytes]:
    status = reply.status_code
    if status == GONE:
        raise SinkGone("the receiver is gone (status 410)")
    if not 200 <= status < 300 and not (400 <= status < 500 and status not in LATER):  # noqa: PLR2004 - RFC 9110 15
        wait = reply.headers.get("retry-after", "")
        raise SinkAway(f"status {status}", after=float(wait) if wait.isascii() and wait.isdigit() else 0.0)
    return status, body


def taken(status: int) -> bool:
    """Tell whether an answer accepts."""
    return status < 300  # noqa: PLR2004 - RFC 9110 15.3


@final
class Webhook:
    """One POST an Entry: `webhook-id` is its uid, the signature is over id, time and body."""

    unsure = 0

    def __init__(
        self, url: str, secrets: Sequence[bytes], *, now: Callable[[], float], trusted: SSLContext | None = None
    ) -> None:
        self._url = url
        self._secrets = tuple(secrets)
        self._now = now
        self._http = client(trusted)

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[int]:
        """Deliver one after the other, so that their order is the log's."""
        rejected = []
        for parcel in parcels:
            status, _ = await post(self._http, self._url, parcel.content, self._headers(parcel))
            if not taken(status):
                rejected.append(parcel.sequence)
        return rejected

    def _headers(self, parcel: Parcel) -> dict[str, str]:
        at = str(int(self._now()))
        signed = b".".join((parcel.uid.encode(), at.encode(), parcel.content))
        macs = [hmac.new(secret, signed, sha256).digest() for secret in self._secrets]
        return {
            "content-type": "application/json",
            "webhook-id": parcel.uid,
            "webhook-timestamp": at,
            "webhook-signature": " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs),
        }

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()


def secrets(text: str) -> tuple[bytes, ...]:
    """Read one secret or, while they are changed, several: each `whsec_` and base64 of 24 to 64 bytes.

    Raises: ValueError.
    """
    found = tuple(base64.b64decode(one.removeprefix(PREFIX), validate=True) for one in text.split())
    if not found or not all(24 <= len(one) <= 64 for one in found):  # noqa: PLR2004 - Standard Webhooks, signature scheme
        raise ValueError("a webhook's secret is whsec_ and the base64 of 24 to 64 bytes")
    return found


@final
class Splunk:
    """Batches to HEC; with `acknowledged`, what the indexer confirmed (Splunk Enterprise) and not what looked valid."""

    unsure = 0

    def __init__(self, url: str, token: str, *, acknowledged: bool = False, trusted: SSLContext | None = None) -> None:
        self._url = url.rstrip("/") + "/services/collector"
        self._acknowledged = acknowledged
        self._headers = {"authorization": f"Splunk {token}", "content-type": "application/json"}
        if acknowledged:
            self._headers["x-splunk-request-channel"] = str(uuid4())
        self._http = client(trusted)

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[int]:
        """Deliver a batch; one that is rejected is halved until what is wrong with it stands alone."""
        content = b"".join(_hec(parcel) for parcel in parcels)
        status, body = await post(self._http, f"{self._url}/event", content, self._headers)
        if taken(status):
            await self._indexed(body)
            return ()
        if len(parcels) == 1:
            return (parcels[0].sequence,)
        middle = len(parcels) // 2
        return (*await self.send(parcels[:middle]), *await self.send(parcels[middle:]))

    async def _indexed(self, body: bytes) -> None:
        if not self._acknowledged:
            return
        number = _object(body).get("ackId")
        if not isinstance(number, int):
            raise SinkAway("the collector gives no ackId: its token has acknowledgement off")
        asked = json.dumps({"acks": [number]}).encode()
        for _ in range(POLLS):
            _, told = await post(self._http, f"{self._url}/ack", asked, self._headers)
            acks = _object(told).get("acks")
            if isinstance(acks, dict) and acks.get(str(number)) is True:
                return
            await asyncio.sleep(POLL)
        raise SinkAway("the indexer does not confirm")

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()


def _hec(parcel: Parcel) -> bytes:
    """Wrap what is JSON already."""
    head = f'{{"time":{parcel.at_ms // 1000}.{parcel.at_ms % 1000:03d},"source":"assent","event":'
    return head.encode() + parcel.content + b"}"


def _object(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
