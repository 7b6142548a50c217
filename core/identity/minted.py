"""Tokens of fifteen minutes for agents of people who signed in at the console: one more `[[identity]]` to a gateway.

The key stays on the people's side; a gateway fetches its public half like any issuer's. Which key signs, and which are
published, the store says: another takes its place when two operators decide it, and the former one stays published
until the last token that it signed has ended.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final, final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import OKPAlgorithm

from core.errors import BadCall, IdentityUnavailable
from core.identity.claims import LEEWAY
from core.identity.issuer import Issuer
from core.identity.signin import SignedIn
from core.ports import Clock, KeyNames, KeyState, NamedKey

PURPOSE: Final = "minting"  # of its keys, in the store
LIFETIME: Final = timedelta(minutes=15)
READ: Final = timedelta(seconds=1)  # how long the set stays as it was read: anybody asks for it, as often as they like
OVERLAP: Final = LIFETIME + LEEWAY  # how long a former key is published: until its last token is none at any gateway
SCOPES: Final = frozenset({"assent:read", "assent:write"})  # nobody reviews, audits or operates with one


@final
class Minter:
    """Mints for one issuer, which is the console's own."""

    def __init__(self, keys: Collection[bytes], issuer: Issuer, names: KeyNames, clock: Clock) -> None:
        """Take every key that this process holds, each 32 bytes; `names` say which of them signs."""
        held = [Ed25519PrivateKey.from_private_bytes(one) for one in keys]
        self._held: Mapping[str, Ed25519PrivateKey] = {public(one): one for one in held}
        self._names = names
        self._clock = clock
        self._set: tuple[datetime, tuple[Mapping[str, str], ...]] | None = None  # as it was read last
        self.issuer = issuer

    def knows(self, client: str) -> bool:
        """Say whether an agent's client is one that its table lists."""
        return self.issuer.clients is not None and client in self.issuer.clients

    def audience(self, asked: str) -> str | None:
        """Return the audience for a resource that was asked for (RFC 8707), None for a foreign one."""
        known = sorted(self.issuer.audiences)
        return asked if asked in known else known[-1] if not asked and known else None

    async def mint(self, who: SignedIn, *, client: str, scopes: frozenset[str], audience: str) -> str:
        """Mint a token that says no more than its table may: groups and domains of that list, agents' scopes.

        Raises: BadCall for a client, a scope, an audience or a directory that its table does not list;
        IdentityUnavailable where another key signs than this process holds; StoreError.
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
        named = await self._current()
        return jwt.encode(said, self._held[named], algorithm="EdDSA", headers={"kid": kid(named), "typ": "at+jwt"})

    async def _current(self) -> str:
        """Find what signs now, as the store says it at this moment."""
        known = await self._names.named()
        named = next((one.public for one in known if one.purpose == PURPOSE and one.state is KeyState.CURRENT), "")
        if named not in self._held:
            raise IdentityUnavailable("[console] minting was replaced: name the new key there, and restart")
        return named

    async def jwks(self) -> tuple[Mapping[str, str], ...]:
        """Give the public half of each key whose tokens count now, as keys of a set (RFC 7517, RFC 8037).

        A key that was only offered is none: what one person wrote into a file signs nothing that a gateway takes.
        Raises: StoreError.
        """
        now = self._clock.now()
        if self._set is None or not timedelta(0) <= now - self._set[0] < READ:
            known = [one for one in await self._names.named() if one.purpose == PURPOSE and counts(one, now)]
            self._set = now, tuple(jwk(one.public) for one in known)
        return self._set[1]


def counts(key: NamedKey, now: datetime) -> bool:
    """Say whether what a key signed may be a token that has not ended."""
    if key.state is KeyState.FORMER:
        return key.turned_at is not None and now < key.turned_at + OVERLAP
    return key.state is KeyState.CURRENT


def public(key: Ed25519PrivateKey) -> str:
    """Write the public half as RFC 8037 has it: base64url, no padding."""
    return urlsafe_b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).rstrip(b"=").decode()


def kid(named: str) -> str:
    """Name a key in tokens and sets by its public half."""
    return sha256(_raw(named)).hexdigest()[:16]


def jwk(named: str) -> Mapping[str, str]:
    """Make the public half a key of a set."""
    key = OKPAlgorithm.to_jwk(Ed25519PublicKey.from_public_bytes(_raw(named)), as_dict=True)
    return {**key, "kid": kid(named), "use": "sig", "alg": "EdDSA"}


def _raw(named: str) -> bytes:
    return urlsafe_b64decode(named + "=" * (-len(named) % 4))
