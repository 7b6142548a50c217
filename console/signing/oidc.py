"""Sign-in by OpenID Connect: code, PKCE (S256), state, nonce, `iss` of the answer, one exact redirect per issuer."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Final, final
from urllib.parse import quote_plus, urlencode, urlsplit

from core.errors import IdentityUnavailable, Unauthenticated
from core.identity.issuer import Issuer
from core.identity.keys import document
from core.identity.provider import Endpoints, Exchange, endpoints
from core.identity.signin import SIGN_IN, IdTokens, SignedIn
from core.ports import Clock, TicketKind, Tickets

SCOPE: Final = "openid email profile"
AGE: Final = "300"  # seconds; asked for so that the ID token says when they signed in


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in under way; the browser that began it keeps it, so that no other can end it."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    at: datetime

    @classmethod
    def anew(cls, now: datetime) -> Begun:
        """Draw one."""
        return cls(state=token_urlsafe(32), nonce=token_urlsafe(32), verifier=token_urlsafe(48), at=now)

    @classmethod
    def of(cls, cookie: str) -> Begun:
        """Read what a browser brought back.

        Raises: Unauthenticated.
        """
        parts = cookie.split(".")
        if len(parts) != 4 or not all(parts) or not parts[3].isascii() or not parts[3].isdigit():  # noqa: PLR2004
            raise Unauthenticated("sign-in: this browser began none")
        return cls(
            state=parts[0],
            nonce=parts[1],
            verifier=parts[2],
            at=datetime.fromtimestamp(int(parts[3][:12]), UTC),
        )

    def __str__(self) -> str:
        return f"{self.state}.{self.nonce}.{self.verifier}.{int(self.at.timestamp())}"

    @property
    def proof(self) -> str:
        """Return the code challenge (RFC 7636 4.2)."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@final
class OidcSignIn:
    """One issuer's sign-in, under a redirect URI of its own (RFC 9700 4.4: against mix-up)."""

    def __init__(
        self,
        *,
        issuer: Issuer,
        client: str,
        secret: str | None,
        redirect: str,
        ask: Exchange,
        tokens: IdTokens,
        tickets: Tickets,
        clock: Clock,
    ) -> None:
        self._issuer = issuer
        self._client = client
        self._secret = secret
        self._redirect = redirect
        self._ask = ask
        self._tokens = tokens
        self._tickets = tickets
        self._clock = clock

    async def begin(self) -> tuple[str, str]:
        """Return where the browser goes, and what it keeps.

        Raises: IdentityUnavailable.
        """
        found, begun = await endpoints(self._ask, self._issuer), Begun.anew(self._clock.now())
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._redirect,
            "scope": SCOPE,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": begun.proof,
            "code_challenge_method": "S256",
            "prompt": "login",
            "max_age": AGE,
        }
        mark = "&" if urlsplit(found.authorization).query else "?"
        return f"{found.authorization}{mark}{urlencode(asked)}", str(begun)

    async def finish(self, answer: Mapping[str, str], cookie: str) -> SignedIn:
        """Take the provider's answer in the browser that asked.

        Raises: Unauthenticated, IdentityUnavailable, AuditUnavailable.
        """
        begun = Begun.of(cookie)
        if not compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise Unauthenticated("sign-in: another state")
        now = self._clock.now()
        if not begun.at <= now < begun.at + SIGN_IN:
            raise Unauthenticated("sign-in: it took too long")
        found = await endpoints(self._ask, self._issuer)
        said = answer.get("iss")
        if said != self._issuer.issuer and (said is not None or found.names_itself):  # RFC 9207 2.4
            raise Unauthenticated("sign-in: the answer is another issuer's")
        code = answer.get("code", "")
        if "error" in answer or not code:
            raise Unauthenticated("sign-in: the provider says no")
        await self._once(begun.state)
        await self._once(code)
        text = await self._trade(found, code, begun)
        return await self._tokens.read(text, self._issuer, client=self._client, nonce=begun.nonce, begun=begun.at)

    async def _once(self, name: str) -> None:
        """Whatever comes twice, to whichever process, comes once too often."""
        ends = self._clock.now() + 2 * SIGN_IN
        if not await self._tickets.put(TicketKind.ANSWERED, f"{self._issuer.issuer} {name}", "", ends):
            raise Unauthenticated("sign-in: this answer came before")

    async def _trade(self, found: Endpoints, code: str, begun: Begun) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": begun.verifier,
        }
        auth: tuple[str, str] | None = None
        if self._secret is None:
            form |= {"client_id": self._client}
        elif found.secret_in_form:
            form |= {"client_id": self._client, "client_secret": self._secret}
        else:
            auth = (quote_plus(self._client), quote_plus(self._secret))  # RFC 6749 2.3.1
        try:
            given = document(await self._ask.post(found.token, form, auth))
        except IdentityUnavailable as error:
            # a code that was not taken is answered like a provider that is away: nobody is signed in either way
            raise Unauthenticated("sign-in: the code was not taken") from error
        token = given.get("id_token")
        if not isinstance(token, str):
            raise Unauthenticated("sign-in: no ID token came of the code")
        return token
