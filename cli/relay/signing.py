"""Signs a person in from the command line: the browser, a code with its proof, a loopback redirect, tokens in memory.

RFC 8252 (native apps), RFC 7636 (PKCE, S256), RFC 8707 (resource), RFC 9207 (iss of the response).
"""

from __future__ import annotations

import asyncio
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from typing import Final, Protocol, final
from urllib.parse import urlencode, urlsplit

import httpx2

from cli.relay.carrying import NoToken
from cli.relay.loopback import Callback, drawn
from cli.relay.trusted import LOOPBACK, Gateway, metadata

BASE: Final = frozenset({"assent:read"})
PATIENCE: Final = 300.0  # seconds for the person to sign in
EARLY: Final = 30.0  # seconds before its end a token is renewed
DOCUMENT_BYTES: Final = 65_536

DECLINED: Final = "Nobody signed in; nothing ran. Try again, and sign in where the browser asks."
WRONG: Final = "The sign-in answered wrongly ({}); nothing ran."


@final
@dataclass(frozen=True, slots=True)
class Provider:
    """Where the confirmed issuer signs people in."""

    issuer: str
    authorization: str
    token: str
    names_itself: bool  # its responses carry `iss`


@final
@dataclass(slots=True)
class Held:
    """What a sign-in gave; in memory alone."""

    token: str = field(repr=False)
    refresh: str | None = field(repr=False)
    scopes: frozenset[str]
    ends: float  # by the monotonic clock


class Ask(Protocol):
    """One sign-in: what it asks for beyond a code, and what its answer must prove."""

    @property
    def parameters(self) -> Mapping[str, str]:
        """Further parameters of the request."""
        ...

    async def check(self, answer: Mapping[str, object]) -> None:
        """Hold the token endpoint's answer against what was asked.

        Raises: NoToken.
        """
        ...


class Asks(Protocol):
    """What sign-ins are for."""

    @property
    def base(self) -> frozenset[str]:
        """Scopes that every one asks for."""
        ...

    @property
    def resource(self) -> str:
        """Whose tokens (RFC 8707)."""
        ...

    def draw(self) -> Ask:
        """Begin one."""
        ...


@final
@dataclass(frozen=True, slots=True)
class AsAgent:
    """For the person's agent, at the gateway: nothing beyond an access token."""

    resource: str
    base: frozenset[str] = BASE
    parameters: Mapping[str, str] = field(default_factory=dict)

    def draw(self) -> Ask:
        """Nothing is drawn."""
        return self

    async def check(self, answer: Mapping[str, object]) -> None:
        """The gateway reads the token; we do not."""


@final
class SignedIn:
    """The person's token, renewed while it can be; another sign-in where more scopes are needed."""

    def __init__(
        self, gateway: Gateway, http: httpx2.AsyncClient, browse: Callable[[str], None], asks: Asks | None = None
    ) -> None:
        """`asks` None: for the person's agent."""
        self._gateway = gateway
        self._http = http
        self._browse = browse
        self._asks: Asks = asks or AsAgent(gateway.url)
        self._held: Held | None = None
        self._one = asyncio.Lock()  # however many messages wait, the browser opens once

    async def token(self, *, needed: frozenset[str] = frozenset(), refused: str | None = None) -> str:
        """Give a token; signs the person in first where there is none that serves.

        Raises: NoToken.
        """
        async with self._one:
            held = self._held
            fresh = held is not None and held.token != refused and time.monotonic() < held.ends - EARLY
            if held is not None and fresh and needed <= held.scopes:
                return held.token
            try:
                self._held = await self._another(held, needed)
            except (httpx2.HTTPError, ValueError) as error:
                raise NoToken(WRONG.format(type(error).__name__)) from error
            return self._held.token

    async def again(self, *, needed: frozenset[str] = frozenset()) -> str:
        """Sign the person in anew, whatever is held: where how long ago they did counts.

        Raises: NoToken.
        """
        async with self._one:
            more = needed | (self._held.scopes if self._held else frozenset())
            try:
                self._held = await self._sign_in(await self._provider(), self._asks.base | more)
            except (httpx2.HTTPError, ValueError) as error:
                raise NoToken(WRONG.format(type(error).__name__)) from error
            return self._held.token

    async def _another(self, held: Held | None, needed: frozenset[str]) -> Held:
        provider = await self._provider()
        if held is not None and held.refresh is not None and needed <= held.scopes:
            given = {"grant_type": "refresh_token", "refresh_token": held.refresh}
            renewed = await self._exchange(provider, given)
            if renewed is not None:
                return _held(renewed, held.scopes, held.refresh)
        return await self._sign_in(provider, self._asks.base | needed | (held.scopes if held else frozenset()))

    async def _provider(self) -> Provider:
        """Read who signs in: the issuer that the person confirmed, and a gateway must still name it and itself."""
        issuer = self._gateway.issuer or ""
        if self._gateway.audience is None:
            resource = await self._document(metadata(self._gateway.url))
            named = resource.get("authorization_servers")
            if resource.get("resource") != self._gateway.url or not isinstance(named, list) or issuer not in named:
                raise NoToken(WRONG.format("the gateway names another resource or issuer than was confirmed"))
        found = await self._document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise NoToken(WRONG.format("another issuer"))
        return Provider(
            issuer,
            _endpoint(found, "authorization_endpoint", issuer),
            _endpoint(found, "token_endpoint", issuer),
            found.get("authorization_response_iss_parameter_supported") is True,
        )

    async def _sign_in(self, provider: Provider, scopes: frozenset[str]) -> Held:
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(32)
        proof = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        ask = self._asks.draw()
        with Callback(self._gateway.callback or drawn()) as callback:
            asked = {
                "response_type": "code",
                "client_id": self._gateway.client or "",
                "redirect_uri": callback.url,
                "scope": " ".join(sorted(scopes)),
                "state": state,
                "code_challenge": proof,
                "code_challenge_method": "S256",
                "resource": self._asks.resource,
                **ask.parameters,
            }
            mark = "&" if urlsplit(provider.authorization).query else "?"
            self._browse(f"{provider.authorization}{mark}{urlencode(asked)}")
            answer = await callback.wait(PATIENCE)
            if answer is None or "error" in answer:
                raise NoToken(DECLINED)
            _check(answer, provider, state)
            given = {
                "grant_type": "authorization_code",
                "code": answer["code"],
                "redirect_uri": callback.url,
                "code_verifier": verifier,
            }
            signed = await self._exchange(provider, given)
        if signed is None:
            raise NoToken(WRONG.format("its code was not taken"))
        await ask.check(signed)
        return _held(signed, scopes, None)

    async def _exchange(self, provider: Provider, given: Mapping[str, str]) -> Mapping[str, object] | None:
        """Trade a code or a refresh token (RFC 6749 sections 4.1.3 and 6); None when the provider takes it not."""
        form = {**given, "client_id": self._gateway.client or "", "resource": self._asks.resource}
        response = await self._http.post(provider.token, data=form, headers={"accept": "application/json"})
        if response.status_code != 200:  # noqa: PLR2004 -- RFC 6749 section 5.1
            return None
        answer: object = response.json()
        return answer if isinstance(answer, dict) else {}

    async def _document(self, url: str) -> Mapping[str, object]:
        response = await self._http.get(url, headers={"accept": "application/json"})
        if response.status_code != 200 or len(response.content) > DOCUMENT_BYTES:  # noqa: PLR2004
            raise NoToken(WRONG.format(f"no document at {urlsplit(url).netloc}"))
        found: object = response.json()
        return found if isinstance(found, dict) else {}


def _held(answer: Mapping[str, object], scopes: frozenset[str], refresh: str | None) -> Held:
    """Keep what a trade gave; what it does not say of scopes and refreshing is as before (RFC 6749 5.1, 6).

    Raises: ValueError.
    """
    token, kind = answer.get("access_token"), answer.get("token_type")
    if not isinstance(token, str) or not isinstance(kind, str) or kind.lower() != "bearer":
        raise ValueError("no bearer token")
    lasts, granted, another = answer.get("expires_in"), answer.get("scope"), answer.get("refresh_token")
    return Held(
        token,
        another if isinstance(another, str) else refresh,
        frozenset(granted.split()) if isinstance(granted, str) else scopes,
        time.monotonic() + (lasts if isinstance(lasts, int) else 300),
    )


def _check(answer: Mapping[str, str], provider: Provider, state: str) -> None:
    """Hold a response against what was asked: its state, and who it says it comes from."""
    if not compare_digest(answer.get("state", "").encode(), state.encode()):
        raise NoToken(WRONG.format("another state"))
    said = answer.get("iss")
    if (said is None and provider.names_itself) or (said is not None and said != provider.issuer):
        raise NoToken(WRONG.format("another issuer"))
    if not answer.get("code"):
        raise NoToken(DECLINED)


def _endpoint(found: Mapping[str, object], name: str, issuer: str) -> str:
    """Take an address by https; by http both are on loopback, for an issuer elsewhere may not point us at ourselves."""
    value = found.get(name)
    parts = urlsplit(value) if isinstance(value, str) else None
    plain = parts is not None and {parts.hostname, urlsplit(issuer).hostname} <= LOOPBACK
    if parts is None or not (parts.scheme == "https" or (parts.scheme == "http" and plain)):
        raise NoToken(WRONG.format(f"no safe {name}"))
    return str(value)
