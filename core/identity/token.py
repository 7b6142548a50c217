"""A compact JWT taken apart without trusting it: size, shape, strict JSON, and its header's members by name."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias, final

from jwt import PyJWS, PyJWTError

from core.errors import Unauthenticated
from core.identity.issuer import ALGORITHMS, Issuer
from core.identity.jwk import Key

Members: TypeAlias = Mapping[str, object]

TOKEN_BYTES: Final = 16_384  # twice the 8 KiB that common servers allow one header line; Entra ID's stay below 12 KiB
COMPACT: Final = re.compile(r"[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{2,}", re.ASCII)

# RFC 7519 5.1, RFC 9068 2.1 (media types compare without case, RFC 2045 5.1). An ID-JAG ("oauth-id-jag+jwt"),
# a logout token or a DPoP proof is a JWT of the same issuer, signed by the same key, and no access token.
TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt"})


class Part(StrEnum):
    """What is done with a header member (RFC 7515 4.1)."""

    REQUIRED = "required"
    CHECKED = "checked"
    IGNORED = "ignored"
    REFUSED = "refused"


# What is in no row is refused: a header steers how the rest is read.
HEADER: Final[Mapping[str, Part]] = MappingProxyType(
    {
        "alg": Part.REQUIRED,
        "kid": Part.REQUIRED,
        "typ": Part.CHECKED,
        "crit": Part.REFUSED,  # RFC 7515 4.1.11: we understand no extension
        "b64": Part.REFUSED,  # RFC 7797
        "zip": Part.REFUSED,  # RFC 7516 4.1.3: an encrypted token's, and a decompression bomb
        "enc": Part.REFUSED,
        "cty": Part.REFUSED,  # RFC 7519 5.2: nested tokens
        "jku": Part.IGNORED,  # a key that the token brings or names proves nothing; never fetched, never used
        "jwk": Part.IGNORED,
        "x5u": Part.IGNORED,
        "x5c": Part.IGNORED,
        "x5t": Part.IGNORED,
        "x5t#S256": Part.IGNORED,
    }
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token that was read and not yet believed; holds its text only until the signature is checked."""

    text: str = field(repr=False)
    header: Members = field(repr=False)
    claims: Members = field(repr=False)

    @property
    def issuer(self) -> object:
        """The unverified `iss`: good for choosing a table and nothing else."""
        return self.claims.get("iss")

    @property
    def algorithm(self) -> str:
        """The header's `alg`; a string once `vet` has passed."""
        return str(self.header.get("alg"))

    @property
    def kid(self) -> str:
        """The header's `kid`; a string once `vet` has passed."""
        return str(self.header.get("kid"))


def strict(text: bytes) -> Members:
    """Parse one JSON object; a name that stands twice is refused (RFC 7519 4), and so are NaN and infinities.

    Raises: ValueError, for whatever is not such an object.
    """
    try:
        parsed: object = json.loads(text.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(parsed, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one error for every wrong text
    return parsed


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def _constant(_name: str) -> object:
    raise ValueError("not a JSON number")


def take(bearer: str | None) -> Token:
    """Take a token apart.

    Raises: Unauthenticated, naming what is wrong with its form.
    """
    if not bearer:
        raise Unauthenticated("token: none")
    if len(bearer) > TOKEN_BYTES:
        raise Unauthenticated("token: too large")
    if COMPACT.fullmatch(bearer) is None:
        raise Unauthenticated("token: not three parts of base64url")
    header, claims, _ = bearer.split(".")
    return Token(text=bearer, header=_part(header, "header"), claims=_part(claims, "claims"))


def _part(segment: str, name: str) -> Members:
    try:
        return strict(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except ValueError as error:
        raise Unauthenticated(f"token: {name} are no JSON object") from error


def vet(token: Token, issuer: Issuer) -> None:
    """Check every member of the header by name.

    Raises: Unauthenticated.
    """
    for name, part in HEADER.items():
        if part is Part.REQUIRED and name not in token.header:
            raise Unauthenticated(f"header {name}: missing")
        if part is Part.REFUSED and name in token.header:
            raise Unauthenticated(f"header {name}: refused")
    if not token.header.keys() <= HEADER.keys():
        raise Unauthenticated("header: a member that is in no list")
    _type(token.header)
    kid, algorithm = token.header["kid"], token.header["alg"]
    if not isinstance(kid, str) or not kid:
        raise Unauthenticated("header kid: not a name")
    # RFC 8725 3.1: the verifier decides which algorithms it takes, never the token; none and HS* stand in no list.
    if not isinstance(algorithm, str) or algorithm not in issuer.algorithms & ALGORITHMS:
        raise Unauthenticated("header alg: not allowed for this issuer")


def _type(header: Members) -> None:
    typ = header.get("typ", "JWT")
    if not isinstance(typ, str) or typ.lower() not in TYPES:
        raise Unauthenticated("header typ: not an access token")


def prove(token: Token, key: Key) -> None:
    """Verify the signature with a key that the issuer published, for the one algorithm that fits the key.

    Raises: Unauthenticated.
    """
    if not key.fits(token.algorithm):
        raise Unauthenticated("header alg: not the key's")
    try:
        PyJWS().decode_complete(token.text, key=key.public, algorithms=[token.algorithm])
    except PyJWTError as error:
        raise Unauthenticated("signature: does not hold") from error
