"""The addresses of a sign-in; who asks is a browser, but at the three documents and at the trade of a code.

GET  /sign-in                      the ways to sign in, or who is signed in
POST /sign-out                     ends the session
GET  /oidc/{name}/login, /callback one issuer's sign-in
GET  /saml/login                   the one provider's, or the ways to sign in
GET  /saml/{name}/login            POST /saml/{name}/acs: one provider's sign-in
GET  /agent                        asks whether a client may act; POST lets it, and sends its code to loopback
POST /token                        trades the code
GET  /link                         asks whether a Slack account is theirs; POST shows the code to type there
GET  /style.css                    how these pages look
GET  /jwks, /.well-known/…         what gateways and relays read
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Protocol, TypeAlias, TypeVar, final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.door import HEADERS, Bad, Deny, answer, unheard
from console.signing import pages
from console.signing.cookies import Cookie, Cookies
from console.signing.handing import Asked, Handing
from console.signing.limits import Tries
from console.signing.linking import LinkPages
from console.signing.oidc import OidcSignIn
from console.signing.sessions import BrowserSession, Sessions
from console.signing.style import SHEET
from core.errors import (
    BadCall,
    Blocked,
    Busy,
    GatewayError,
    IdentityUnavailable,
    StoreError,
    TokenRefused,
    Unauthenticated,
)
from core.identity.matching import Matching
from core.identity.signin import SignedIn

LOG: Final = logging.getLogger("assent.console")
FORM: Final = "application/x-www-form-urlencoded"
FORM_BYTES: Final = 8_192
RESPONSE_BYTES: Final = 262_144  # of a SAML response, in base64
NAME: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # of a linking: 32 bytes in base64url
NOBODY: Final = "This sign-in cannot be completed. Begin again, in one browser."
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
Way = TypeVar("Way")


class Saml(Protocol):
    """A SAML provider's sign-in."""

    def begin(self) -> tuple[str, str]:
        """Return where the browser goes, and the request's id, which it keeps."""
        ...

    async def finish(self, response: str, cookie: str) -> SignedIn:
        """Take the provider's answer in the browser that asked.

        Raises: Unauthenticated, AuditUnavailable.
        """
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Everything a sign-in is made of."""

    oidc: Mapping[str, OidcSignIn]
    saml: Mapping[str, Saml]
    sessions: Sessions
    cookies: Cookies
    handing: Handing | None
    tries: Tries
    linking: LinkPages | None = None
    matching: Matching | None = None
    deny: Deny = unheard  # counts a refusal


def crossing(ways: Ways) -> frozenset[str]:
    """Return the only addresses that another site's page may post to: providers answer there."""
    return frozenset(f"/saml/{name}/acs" for name in ways.saml)


def routes(ways: Ways) -> list[Route]:
    """Give the routes of the ways that are configured."""
    at = _Browser(ways)
    found = [
        SHEET,
        Route("/sign-in", at.page(at.home)),
        Route("/sign-out", at.page(at.leave), methods=["POST"]),
        Route("/oidc/{name}/login", at.page(at.begin_oidc)),
        Route("/oidc/{name}/callback", at.page(at.finish_oidc)),
    ]
    if ways.saml:
        found += [
            Route("/saml/login", at.page(at.only_saml)),
            Route("/saml/{name}/login", at.page(at.begin_saml)),
            Route("/saml/{name}/acs", at.page(at.finish_saml), methods=["POST"]),
        ]
    if ways.linking is not None:
        found += [Route("/link", at.page(at.ask_link)), Route("/link", at.page(at.let_link), methods=["POST"])]
    return found if ways.handing is None else [*found, *_handing(at, ways.handing, ways)]


def _handing(at: _Browser, handing: Handing, ways: Ways) -> list[Route]:
    documents = _documents(handing)

    async def trade(request: Request) -> Response:
        try:
            ways.tries.count(_address(request))
            return answer(await handing.trade(await _form(request)))
        except (BadCall, Bad, Blocked) as error:
            _refused(ways, error)
            return answer({"error": "invalid_grant"}, 400)  # RFC 6749 5.2
        except (Busy, StoreError, IdentityUnavailable) as error:
            LOG.warning("no token was minted: %s", error)
            return answer({"error": "temporarily_unavailable", "message": error.public}, 503, {"retry-after": "5"})

    async def keys(_request: Request) -> Response:
        try:
            return answer({"keys": await handing.keys()})
        except StoreError as error:
            return answer({"message": error.public}, 503, {"retry-after": "5"})

    return [
        Route("/agent", at.page(at.ask)),
        Route("/agent", at.page(at.let), methods=["POST"]),
        Route("/token", trade, methods=["POST"]),
        Route("/jwks", keys),
        *(Route(f"/.well-known/{name}", documents) for name in ("openid-configuration", "oauth-authorization-server")),
    ]


def _documents(handing: Handing) -> Endpoint:
    url = handing.issuer

    async def metadata(_request: Request) -> Response:
        return answer(
            {
                "issuer": url,
                "authorization_endpoint": f"{url}/agent",
                "token_endpoint": f"{url}/token",
                "jwks_uri": f"{url}/jwks",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none"],
                "authorization_response_iss_parameter_supported": True,
                "scopes_supported": ["assent:read"],
            }
        )

    return metadata


@final
class _Browser:
    """What a person's browser does here."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._cookies = ways.cookies

    def page(self, act: Endpoint) -> Endpoint:
        """Wrap an act: what is refused becomes a page, of which nothing tells an attacker more than that."""

        async def endpoint(request: Request) -> Response:
            try:
                return await act(request)
            except Busy as error:
                _refused(self._ways, error)
                return pages.trouble("Too many tries. Wait a minute.", 429)
            except (IdentityUnavailable, StoreError) as error:
                LOG.warning("sign-in: %s: %s", error.code, error)
                return pages.trouble("Signing in is not possible now. Try again soon.", 503)
            except (Unauthenticated, BadCall, Bad) as error:
                _refused(self._ways, error)
                return pages.trouble(NOBODY, 400)

        return endpoint

    async def home(self, request: Request) -> Response:
        session = await self._session(request)
        if session is None:
            return self._choices()
        # an agent's client or a Slack user may have asked before; a SAML response's POST brings no cookie of that
        for cookie, where in ((Cookie.LINK, "/link"), (Cookie.ASKED, "/agent")):
            if self._cookies.read(request, cookie):
                return _to(where)
        return pages.known(session)

    async def leave(self, request: Request) -> Response:
        session, _ = await self._stamped(request)
        await self._ways.sessions.end(session.name)
        response = _to("/sign-in")
        self._cookies.end(response, Cookie.SESSION)
        self._cookies.end(response, Cookie.ASKED)
        self._cookies.end(response, Cookie.LINK)
        return response

    async def begin_oidc(self, request: Request) -> Response:
        self._ways.tries.count(_address(request))
        where, kept = await _named(self._ways.oidc, request).begin()
        response = _to(where)
        self._cookies.put(response, Cookie.OIDC, kept)
        return response

    async def finish_oidc(self, request: Request) -> Response:
        self._ways.tries.count(_address(request))
        way = _named(self._ways.oidc, request)
        who = await way.finish(_once(request.query_params.multi_items()), self._cookies.read(request, Cookie.OIDC))
        return await self._in(request, who, Cookie.OIDC)

    async def only_saml(self, _request: Request) -> Response:
        names = list(self._ways.saml)
        return _to(f"/saml/{names[0]}/login") if len(names) == 1 else self._choices()

    async def begin_saml(self, request: Request) -> Response:
        self._ways.tries.count(_address(request))
        where, kept = _named(self._ways.saml, request).begin()
        response = _to(where)
        self._cookies.put(response, Cookie.SAML, kept)
        return response

    async def finish_saml(self, request: Request) -> Response:
        self._ways.tries.count(_address(request))
        way = _named(self._ways.saml, request)
        form = await _form(request, most=RESPONSE_BYTES)
        who = await way.finish(form.get("SAMLResponse", ""), self._cookies.read(request, Cookie.SAML))
        return await self._in(request, who, Cookie.SAML)

    async def ask(self, request: Request) -> Response:
        """Show what a client asks; where nobody is signed in, the browser keeps the question until somebody is."""
        handing = self._handing()
        fresh = request.query_params.multi_items() or None
        asked = handing.asked(_once(fresh)) if fresh is not None else self._kept(request)
        session = await self._session(request)
        if session is None:
            response: Response = self._choices()
        else:
            response = pages.consent(session, asked)
        self._cookies.put(response, Cookie.ASKED, asked.text)
        return response

    async def let(self, request: Request) -> Response:
        session, form = await self._stamped(request)
        asked = self._kept(request)
        if form.get("asked") != asked.digest:  # another page may have asked since, and the cookie is the last one's
            raise BadCall("asked: not what was shown")
        response = pages.handed(await self._handing().let(session.who, asked))
        self._cookies.end(response, Cookie.ASKED)
        return response

    async def ask_link(self, request: Request) -> Response:
        """Show which accounts would be linked, to who signed in just now; the browser keeps the question until then."""
        self._ways.tries.count(_address(request))
        fresh = request.query_params.multi_items() or None
        name = self._cookies.read(request, Cookie.LINK) if fresh is None else _once(fresh).get("of", "")
        session = await self._session(request)
        response = await self._linking().open(session, name) or self._choices()
        if response.status_code == HTTPStatus.OK and NAME.fullmatch(name):
            self._cookies.put(response, Cookie.LINK, name)
        else:  # nothing waits: the next sign-in must not lead back here
            self._cookies.end(response, Cookie.LINK)
        return response

    async def let_link(self, request: Request) -> Response:
        self._ways.tries.count(_address(request))
        session, form = await self._stamped(request)
        response = await self._linking().let(session, form.get("of", ""))
        self._cookies.end(response, Cookie.LINK)
        return response

    def _linking(self) -> LinkPages:
        if self._ways.linking is None:
            raise BadCall("link: no Slack account is linked here")
        return self._ways.linking

    def _kept(self, request: Request) -> Asked:
        """Read what was asked before; checked again, for a cookie is a browser's word."""
        said = dict(parse_qsl(self._cookies.read(request, Cookie.ASKED)))
        again = {
            "client_id": said.get("client", ""),
            "redirect_uri": said.get("back", ""),
            "scope": said.get("scopes", ""),
            "state": said.get("state", ""),
            "code_challenge": said.get("proof", ""),
            "resource": said.get("audience", ""),
        }
        return self._handing().asked({**again, "response_type": "code", "code_challenge_method": "S256"})

    def _handing(self) -> Handing:
        if self._ways.handing is None:
            raise BadCall("agent: no tokens are minted here")
        return self._ways.handing

    def _choices(self) -> Response:
        oidc = [(f"/oidc/{name}/login", name) for name in self._ways.oidc]
        return pages.choices([*oidc, *((f"/saml/{name}/login", name) for name in self._ways.saml)])

    async def _in(self, request: Request, who: SignedIn, used: Cookie) -> Response:
        """Begin a session under a new name."""
        session = await self._ways.sessions.begin(who, former=self._cookies.read(request, Cookie.SESSION))
        if self._ways.matching is not None:
            await self._ways.matching.heard(who)
        response = _to("/sign-in")
        self._cookies.put(response, Cookie.SESSION, session.name)
        self._cookies.end(response, used)
        return response

    async def _session(self, request: Request) -> BrowserSession | None:
        return await self._ways.sessions.find(self._cookies.read(request, Cookie.SESSION))

    async def _stamped(self, request: Request) -> tuple[BrowserSession, Mapping[str, str]]:
        session = await self._session(request)
        form = await _form(request)
        if session is None or not session.stamped(form.get("stamp", "")):
            raise Unauthenticated("form: not one of this session")
        return session, form


def _refused(ways: Ways, error: GatewayError) -> None:
    LOG.info("sign-in refused: %s: %s", error.code, error)
    ways.deny(str(error), error.issuer if isinstance(error, TokenRefused) else "")


def _named(ways: Mapping[str, Way], request: Request) -> Way:
    found = ways.get(str(request.path_params["name"]))
    if found is None:
        raise BadCall("sign-in: none of that name")
    return found


def _once(items: list[tuple[str, str]]) -> Mapping[str, str]:
    """Read parameters that each stand once (RFC 6749 3.1).

    Raises: Bad.
    """
    found = dict(items)
    if len(found) != len(items):
        raise Bad("a parameter stands twice")
    return found


async def _form(request: Request, *, most: int = FORM_BYTES) -> Mapping[str, str]:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
        raise Bad("send a form", status=415)
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            raise Bad("the form is too large", status=413)
    try:
        return _once(parse_qsl(content.decode("ascii"), keep_blank_values=True, max_num_fields=16))
    except ValueError as error:
        raise Bad("the form cannot be read") from error


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _to(where: str) -> Response:
    return RedirectResponse(where, 303, dict(HEADERS))
