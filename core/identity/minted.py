"""Tokens of fifteen minutes for agents of people who signed in at the console: one more `[[identity]]` to a gateway.

The key stays on the people's side; a gateway fetches its public half like any issuer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final, final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import OKPAlgorithm

from core.errors import BadCall
from core.identity.issuer import Issuer
from core.identity.signin import SignedIn
from core.ports import Clock

LIFETIME: Final = timedelta(minutes=15)
SCOPES: Final = frozenset({"assent:read", "assent:write"})  # nobody reviews, audits or operates with one


@final
class Minter:
    """Mints for one issuer, which is the console's own."""

    def __init__(self, key: bytes, issuer: Issuer, clock: Clock) -> None:
        """Take the 32 bytes of an Ed25519 key."""
        self._key = Ed25519PrivateKey.from_private_bytes(key)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._kid = sha256(public).hexdigest()[:16]
        self._clock = clock
        self.issuer = issuer

    def knows(self, client: str) -> bool:
        """Say whether an agent's client is one that its table lists."""
        return self.issuer.clients is not None and client in self.issuer.clients

    def audience(self, asked: str) -> str | None:
        """Return the audience for a resource that was asked for (RFC 8707), None for a foreign one."""
        known = sorted(self.issuer.audiences)
        return asked if asked in known else known[-1] if not asked and known else None

    def mint(self, who: SignedIn, *, client: str, scopes: frozenset[str], audience: str) -> str:
        """Mint a token that says no more than its table may: groups and domains of that list, agents' scopes.

        Raises: BadCall for a client, a scope, an audience or a directory that its table does not list.
        """
        if who.person.directory != self.issuer.directory:
            raise BadCall("mint: a person of another directory")
        if not self.knows(client) or not scopes or not scopes <= SCOPES or audience not in self.issuer.audiences:
            raise BadCall("mint: a client, scope or audience beyond its table")
        now = self._clock.now()
        said: dict[str, object] = {
            **self.issuer.person_when,
            self.issuer.person_claim: who.person.id,
            self.issuer.groups_claim: sorted(who.groups & (self.issuer.groups or frozenset())),
            "iss": self.issuer.issuer,
            "sub": who.person.id,
            "aud": audience,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "auth_time": int(who.at.timestamp()),
            "jti": token_urlsafe(16),
            "client_id": client,
            "scope": " ".join(sorted(scopes)),
        }
        if who.email is not None:
            said |= {"email": who.email, "email_verified": True}
        return jwt.encode(said, self._key, algorithm="EdDSA", headers={"kid": self._kid, "typ": "at+jwt"})

    def jwk(self) -> Mapping[str, str]:
        """Give the public half as a key of a set (RFC 7517, RFC 8037)."""
        jwk = OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {**jwk, "kid": self._kid, "use": "sig", "alg": "EdDSA"}
