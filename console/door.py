"""What every request and every answer of the console has to satisfy: Host, Origin, headers, bodies, errors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.wire import SENTENCES, Body
from core.errors import (
    BadCall,
    Barred,
    Busy,
    GatewayError,
    Held,
    IdentityUnavailable,
    InsufficientScope,
    Lost,
    NotFound,
    StaleSignIn,
    StoreError,
    Unauthenticated,
)
from core.ports import PeopleScope, Said

BODY_BYTES: Final = 8_192  # a vote: a digest, a number, a reason of 500 characters, each of at most 12 escaped bytes
HOST: Final = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)  # RFC 9110 7.2: no user, no path
SAFE: Final = frozenset({"GET", "HEAD"})  # RFC 9110 9.2.1
RETRY: Final = "5"  # seconds

# OWASP Secure Headers; the policy also serves the pages that come later, an API's answer needs none of it
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}
SECURE: Final = {"strict-transport-security": "max-age=31536000"}  # RFC 6797 7.2: never said over plain http

Deny: TypeAlias = Callable[[str, str], None]  # told of a refusal: why, and whose token; the sums are journalled


def unheard(reason: str, issuer: str) -> None:
    """Tell nobody."""


class Bad(GatewayError):
    """A request that cannot be read; `status` is HTTP's."""

    code = "bad_request"
    sentence = "The request could not be read."

    def __init__(self, detail: str, *, status: int = 400) -> None:
        super().__init__(detail, public=f"The request could not be read: {detail}.")
        self.status = status


def answer(body: Body, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Write JSON in ASCII, so that no invisible character passes unseen; always with the console's headers."""
    content = json.dumps(body, ensure_ascii=True, allow_nan=False, separators=(",", ":"), default=dict)
    return Response(content, status, {**HEADERS, **(headers or {})}, media_type="application/json")


def nothing() -> Response:
    """Answer alike for what is not there and what is not this person's."""
    return answer({"error": Said.UNKNOWN.value, "message": SENTENCES[Said.UNKNOWN]}, 404)


def refusal(error: GatewayError, *, scope: PeopleScope, presented: bool) -> Response:
    """Turn what core raised into its status; nothing of `str(error)` leaves."""
    match error:
        case NotFound():
            return nothing()
        case Bad():
            return _say(error, error.status)
        case Unauthenticated() | StaleSignIn() | InsufficientScope():
            return _challenge(error, scope, presented=presented)
        case Busy():
            return _say(error, 429, {"retry-after": str(max(1, round(error.retry_after.total_seconds())))})
        case BadCall():
            return _say(error, 422)
        case Held() | Lost() | Barred():
            return _say(error, 409)
        case IdentityUnavailable() | StoreError():
            return _say(error, 503, {"retry-after": RETRY})
        case _:
            return _say(error, 500)


def _say(error: GatewayError, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return answer({"error": error.code, "message": error.public}, status, headers)


def _challenge(
    error: Unauthenticated | StaleSignIn | InsufficientScope, scope: PeopleScope, *, presented: bool
) -> Response:
    status, parts = 401, ['realm="assent"', f'scope="{scope}"']
    match error:
        case Unauthenticated():
            parts += ['error="invalid_token"'] if presented else []  # RFC 6750 3.1: no code where no token was sent
        case StaleSignIn():  # RFC 9470 3
            parts += [f'error="{error.code}"', f'error_description="{error.public}"', 'max_age="300"']
        case InsufficientScope():
            status = 403
            parts += [f'error="{error.code}"']
    return _say(error, status, {"www-authenticate": "Bearer " + ", ".join(parts)})


def bearer(request: Request) -> str | None:
    """Take the one bearer token from the Authorization header (RFC 6750 2.1), and from nowhere else.

    Raises: Unauthenticated, for two headers or another scheme.
    """
    given = request.headers.getlist("authorization")
    if not given:
        return None
    scheme, _, token = given[0].partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer":
        raise Unauthenticated("authorization: not one bearer token")
    return token.strip(" ")


async def body(request: Request) -> bytes:
    """Read a JSON body of at most 8 KiB.

    Raises: Bad: another media type (a page's form could send it), or more bytes.
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Bad("send application/json", status=415)
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > BODY_BYTES:
            raise Bad("the body is larger than 8 KiB", status=413)
    return bytes(content)


@final
class Threshold:
    """Wraps the whole app: a foreign Host or Origin gets no further, and every answer carries the headers."""

    def __init__(
        self, app: ASGIApp, hosts: frozenset[str], *, crossing: frozenset[str] = frozenset(), secure: bool = False
    ) -> None:
        """`crossing`: the paths to which another site's page may post; `secure`: browsers reach us by HTTPS alone."""
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._crossing = crossing
        self._headers = {**HEADERS, **SECURE} if secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on; what is neither HTTP nor start-up is closed."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        refused = self._refused(scope, Headers(scope=scope))
        await (refused or self._app)(scope, receive, dressed)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        named = headers.getlist("host")
        if len(named) != 1 or not self._ours(named[0]):
            # RFC 9110 15.5.20; against names rebound to our address
            return answer({"error": "host", "message": "This server does not answer to that name."}, 421)
        if scope["method"] not in SAFE and scope["path"] not in self._crossing and not self._same(headers):
            return answer({"error": "origin", "message": "Pages of other origins may not do this."}, 403)
        return None

    def _ours(self, host: str) -> bool:
        """With its port, or by name alone: a rebound name is foreign on every port."""
        named = HOST.fullmatch(host.lower())
        return named is not None and (named[0] in self._hosts or named[1] in self._hosts)

    def _same(self, headers: Headers) -> bool:
        """Fetch Metadata and RFC 6454 7: a browser says where it comes from; whoever says nothing is no browser.

        Our own pages name no referrer, so their forms have the Origin null (Fetch, "append a request Origin header");
        that counts where the browser itself says the page is ours.
        """
        origins, site = headers.getlist("origin"), headers.get("sec-fetch-site", "none")
        own = site == "same-origin"
        return site in {"none", "same-origin"} and all(
            self._ours(_authority(origin)) or (own and origin == "null") for origin in origins
        )


def _authority(origin: str) -> str:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in {"https", "http"} else ""
