"""Who signed in at the console: an ID token held against what was asked for (OpenID Connect Core 3.1.3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from types import MappingProxyType
from typing import Final, final

from core.errors import Unauthenticated
from core.identity import claims, subject, token
from core.identity.claims import CLAIMS, IDENTIFIER, REFUSED, Need, Rule, Terms
from core.identity.issuer import Issuer, named
from core.identity.keys import KeySource
from core.identity.token import Members, Token
from core.model import Person
from core.ports import Clock

SIGN_IN: Final = timedelta(minutes=10)  # how long a sign-in may take, from asking to its answer

# What is different from an access token's claims. That it is an ID token its nonce says: no other kind has ours.
ID: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        **CLAIMS,
        "nonce": Rule(need=Need.REQUIRED, holds=claims.identifier, says="not an identifier"),
        "auth_time": Rule(need=Need.REQUIRED, holds=claims.behind, says="in the future, or no time"),
        "typ": Rule(need=Need.CHECKED, holds=lambda value, _: value == "ID", says="not an ID token"),  # Keycloak
        "token_use": Rule(need=Need.CHECKED, holds=lambda value, _: value == "id", says="not an ID token"),  # Cognito
        "at_hash": IDENTIFIER,  # of a token that we neither use nor keep
        "c_hash": IDENTIFIER,
        "s_hash": IDENTIFIER,
        "scope": REFUSED,  # an access token's
        "scp": REFUSED,
    }
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A person who signed in, and what their provider may say of them. Made only by `core.identity`."""

    person: Person
    email: str | None
    groups: frozenset[str]
    at: datetime
    issuer: str


@final
class IdTokens:
    """Reads ID tokens; keeps none and logs none."""

    def __init__(self, keys: KeySource, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    async def read(self, text: str, issuer: Issuer, *, client: str, nonce: str, begun: datetime) -> SignedIn:
        """Verify the answer to one sign-in that was begun then.

        It came by a code that only we could trade, so its subject is an end user (OpenID Connect Core 2).
        Raises: Unauthenticated, IdentityUnavailable.
        """
        with named(issuer):
            return await self._read(token.take(text), issuer, client=client, nonce=nonce, begun=begun)

    async def _read(self, taken: Token, issuer: Issuer, *, client: str, nonce: str, begun: datetime) -> SignedIn:
        if taken.issuer != issuer.issuer:
            raise Unauthenticated("claim iss: not the issuer that was asked")
        token.vet(taken, issuer)
        key = await self._keys.key(issuer, taken.kid)
        if key is None:
            raise Unauthenticated("header kid: not a key of this issuer")
        token.prove(taken, key)
        claims.check(taken.claims, self._terms(issuer, client), ID)
        _asked(taken.claims, client=client, nonce=nonce)
        return signed(taken.claims, issuer, _moment(taken.claims, begun))

    def _terms(self, issuer: Issuer, client: str) -> Terms:
        return Terms(
            issuer=issuer,
            audiences=frozenset({client}),
            foreign=issuer.audiences | issuer.review_audiences,
            lifetime=timedelta(days=1),  # it is used at once, and its nonce once: providers give it any life
            now=self._clock.now(),
        )


def signed(said: Members, issuer: Issuer, at: datetime) -> SignedIn:
    """Take from proven words what this issuer may say.

    Raises: Unauthenticated, when they do not say which person, or groups in a form that may hide one.
    """
    who = said.get(issuer.person_claim)
    if not claims.text(who):
        raise Unauthenticated("claim person_claim: a sign-in that does not say which person")
    return SignedIn(
        person=Person(directory=issuer.directory, id=str(who)),
        email=subject.email(said, issuer),
        groups=subject.groups(said, issuer),
        at=at,
        issuer=issuer.issuer,
    )


def _asked(said: Members, *, client: str, nonce: str) -> None:
    if not compare_digest(str(said["nonce"]).encode(), nonce.encode()):
        raise Unauthenticated("claim nonce: not this sign-in's")
    named = said["aud"] if isinstance(said["aud"], list) else [said["aud"]]
    if said.get("azp", client if named == [client] else None) != client:  # 3.1.3.7, 3 to 5
        raise Unauthenticated("claim azp: not for us, or not for us alone")


def _moment(said: Members, begun: datetime) -> datetime:
    """Say when they signed in; it was at this sign-in, for single sign-on proves nobody at a keyboard."""
    at = claims.instant(said["auth_time"])
    if at is None or at < begun - claims.LEEWAY:
        raise Unauthenticated("claim auth_time: from before this sign-in")
    return at
