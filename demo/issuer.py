"""The token issuer of the demo and the tests: keys made per run, real endpoints, and what a broken one would do."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from secrets import compare_digest, token_hex
from types import MappingProxyType
from typing import Final, final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from core.errors import UnsafeStart
from core.identity.issuer import Issuer
from core.model import Scalar
from core.ports import Clock
from demo.signer import Claim, Signer, sign

LIFETIME: Final = timedelta(minutes=30)
PERSON: Final[Mapping[str, Scalar]] = {"idtyp": "user"}  # the shape of Entra ID's optional claim
BODY_BYTES: Final = 8_192
NOTHING: Final[Mapping[str, Claim]] = MappingProxyType({})
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")


@final
class Wall:
    """The system's clock."""

    def now(self) -> datetime:
        """Return now, in UTC."""
        return datetime.now(UTC)


class Fault(StrEnum):
    """How the issuer's endpoints misbehave, for tests of those who read them."""

    NONE = "none"
    SLOW = "slow"
    ERROR = "error"
    REDIRECT = "redirect"
    HTML = "html"
    LARGE = "large"
    DUPLICATE = "duplicate"


@final
class Mint:
    """One issuer: mints tokens, publishes its keys, and rotates them."""

    def __init__(
        self,
        url: str,
        *,
        directory: str = "demo",
        audiences: Collection[str] | None = None,
        clock: Clock | None = None,
        algorithm: str = "RS256",
    ) -> None:
        """Make its keys. `audiences` None is the tests' instance; else no other audience is ever minted.

        `algorithm` signs persons' tokens: ES256 makes them shorter.
        """
        self._algorithm = algorithm
        self.url = url
        self.directory = directory
        self.fault = Fault.NONE
        self._audiences = None if audiences is None else frozenset(audiences)
        self._clock = clock or Wall()
        self.signers: tuple[Signer, ...] = (Signer.make("RS256"), Signer.make("ES256"))

    def mint(
        self,
        subject: str,
        groups: Collection[str] = (),
        audience: str | Sequence[str] = "",
        *,
        algorithm: str = "RS256",
        lifetime: timedelta = LIFETIME,
        header: Mapping[str, Claim] | None = None,
        **claims: Claim,
    ) -> str:
        """Mint an access token (RFC 9068); `claims` add to the usual ones or replace them, None takes one away.

        Raises: UnsafeStart, for an audience that this issuer does not mint.
        """
        return self.issue(
            subject, groups, audience, claims, algorithm=algorithm, lifetime=lifetime, header=header or {}
        )

    def issue(
        self,
        subject: str,
        groups: Collection[str],
        audience: str | Sequence[str],
        claims: Mapping[str, Claim],
        *,
        algorithm: str = "RS256",
        lifetime: timedelta = LIFETIME,
        header: Mapping[str, Claim] = NOTHING,
    ) -> str:
        """Mint as `mint` does, with the claims as one mapping.

        Raises: UnsafeStart.
        """
        now = self._clock.now()
        usual: dict[str, Claim] = {
            "iss": self.url,
            "sub": subject,
            "aud": audience if isinstance(audience, str) else list(audience),
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "jti": token_hex(8),
            "groups": sorted(groups),
        }
        whole = usual | dict(claims)
        self._vet(whole["aud"])
        signer = next(each for each in self.signers if each.algorithm == algorithm)
        return sign(signer, whole, {"typ": "at+jwt"} | dict(header))

    def person(
        self,
        name: str,
        groups: Collection[str],
        audience: str | Sequence[str],
        *,
        client: str,
        **claims: Claim,
    ) -> str:
        """Mint a token of a person through a client: the subject differs per client, the person does not."""
        about: dict[str, Claim] = {
            "idtyp": "user",
            "oid": name,
            "client_id": client,
            "email": f"{name}@{self.directory}.example",
            "email_verified": True,
            "scope": "assent:read assent:write",
        }
        return self.issue(f"{client}-{name}", groups, audience, about | claims, algorithm=self._algorithm)

    def machine(self, client: str, groups: Collection[str], audience: str | Sequence[str], **claims: Claim) -> str:
        """Mint a token of client credentials: its subject is the client (RFC 9068 2.2)."""
        about: dict[str, Claim] = {"client_id": client, "scope": "assent:read"}
        return self.issue(client, groups, audience, about | claims)

    def rotate(self, *, keep: bool = False, kid: str | None = None) -> None:
        """Sign with new keys; `keep` publishes the old ones too, `kid` names the new RS256 key."""
        fresh = (Signer.make("RS256", kid=kid), Signer.make("ES256"))
        self.signers = fresh + (self.signers if keep else ())

    def jwks(self) -> Mapping[str, object]:
        """Publish the public halves."""
        keys = [signer.jwk() for signer in self.signers]
        if self.fault is Fault.DUPLICATE:
            keys += [Signer.make(signer.algorithm, kid=signer.kid).jwk() for signer in self.signers]
        return {"keys": keys}

    def metadata(self) -> Mapping[str, object]:
        """Describe itself (OpenID Connect Discovery 1.0 3, RFC 8414 2)."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint": f"{self.url}/token",
            "response_types_supported": ["none"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def trust(
        self,
        audiences: Collection[str],
        *,
        review_audiences: Collection[str] = (),
        groups: Collection[str] | None = None,
        clients: Collection[str] | None = None,
    ) -> Issuer:
        """Write the `[[identity]]` table under which a gateway takes this issuer's tokens."""
        return Issuer(
            issuer=self.url,
            directory=self.directory,
            audiences=frozenset(audiences),
            review_audiences=frozenset(review_audiences),
            groups=None if groups is None else frozenset(groups),
            domains=frozenset({f"{self.directory}.example"}),
            clients=None if clients is None else frozenset(clients),
            person_when=PERSON,
            person_claim="oid",
            algorithms=frozenset({"RS256", "ES256"}),
        )

    def _vet(self, audience: Claim) -> None:
        if self._audiences is not None and not set(_listed(audience)) <= self._audiences:
            raise UnsafeStart("the demo's issuer mints no token for this audience")


def _listed(claim: Claim) -> list[str]:
    if isinstance(claim, str):
        return [claim]
    return [str(each) for each in claim] if isinstance(claim, Sequence) else []


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client that may ask `/token` for tokens of its own (RFC 6749 4.4), for one audience."""

    id: str
    secret: str = field(repr=False)
    groups: frozenset[str] = frozenset()
    audience: str = ""
    person: str = ""  # whose agent it is; "": a machine of its own
    agent: str = ""  # the client id that the person's tokens name


@final
class Endpoints:
    """What the issuer answers over HTTP; `users` is the tests' alone: it mints for whomever a request names."""

    def __init__(self, mint: Mint, clients: Collection[Client], *, users: bool) -> None:
        self._mint = mint
        self._clients = {client.id: client for client in clients}
        self._users = users
        self.asked: list[str] = []  # paths, in order: tests count fetches
        self.gone = asyncio.Event()  # ends a slow answer

    async def metadata(self, request: Request) -> Response:
        """Serve both forms of metadata."""
        self.asked.append(request.url.path)
        return JSONResponse(self._mint.metadata())

    async def jwks(self, request: Request) -> Response:
        """Serve the keys, or what the fault says."""
        self.asked.append(request.url.path)
        match self._mint.fault:
            case Fault.SLOW:
                await self.gone.wait()
                return Response(status_code=503)
            case Fault.ERROR:
                return Response(status_code=500)
            case Fault.REDIRECT:
                return RedirectResponse(f"{self._mint.url}/elsewhere")
            case Fault.HTML:
                return Response("<html><title>Sign in</title></html>", media_type="text/html")
            case Fault.LARGE:
                return JSONResponse({**self._mint.jwks(), "padding": "x" * 5_000_000})
            case Fault.NONE | Fault.DUPLICATE:
                return JSONResponse(self._mint.jwks())

    async def elsewhere(self, request: Request) -> Response:
        """Serve keys where only a redirect leads."""
        self.asked.append(request.url.path)
        return JSONResponse(self._mint.jwks())

    async def token(self, request: Request) -> Response:
        """Grant client credentials."""
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > BODY_BYTES:
                return _error("invalid_request", 413)
        form = dict(parse_qsl(content.decode("utf-8", "replace")))
        client = self._clients.get(form.get("client_id", ""))
        if client is None or not compare_digest(client.secret.encode(), form.get("client_secret", "").encode()):
            return _error("invalid_client", 401)
        if form.get("grant_type") != "client_credentials":
            return _error("unsupported_grant_type", 400)
        return self._granted(client, form)

    def _granted(self, client: Client, form: Mapping[str, str]) -> Response:
        user = form.get("user")
        if user is not None and not self._users:
            return _error("invalid_request", 400)
        if user is not None:
            groups = form.get("groups", "").split()
            token = self._mint.person(user, groups, form.get("audience", client.audience), client=client.id)
        elif client.person:
            token = self._mint.person(client.person, client.groups, client.audience, client=client.agent)
        else:
            token = self._mint.machine(client.id, client.groups, client.audience)
        return JSONResponse(
            {"access_token": token, "token_type": "Bearer", "expires_in": int(LIFETIME.total_seconds())},
            headers={"cache-control": "no-store"},
        )


def _error(code: str, status: int) -> Response:
    return JSONResponse({"error": code}, status_code=status, headers={"cache-control": "no-store"})


def app(endpoints: Endpoints, hosts: Sequence[str] = LOOPBACK) -> Starlette:
    """Serve an issuer's endpoints to requests that name one of its own hosts: a rebound name reaches nothing."""
    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", endpoints.metadata),
            Route("/.well-known/oauth-authorization-server", endpoints.metadata),
            Route("/jwks", endpoints.jwks),
            Route("/elsewhere", endpoints.elsewhere),
            Route("/token", endpoints.token, methods=["POST"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)],
    )
