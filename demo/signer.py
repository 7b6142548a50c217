"""Keys of one run, and tokens signed with them exactly as asked: the right ones and the forged."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import TypeAlias, final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt import PyJWS
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from core.model import Scalar

Private: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Claim: TypeAlias = "Scalar | Sequence[Claim] | Mapping[str, Claim]"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """One signing key of a run."""

    kid: str
    algorithm: str
    private: Private = field(repr=False)

    @classmethod
    def make(cls, algorithm: str, *, kid: str | None = None) -> Signer:
        """Make a key for RS256 or ES256."""
        name = kid or f"{algorithm.lower()}-{token_hex(4)}"
        if algorithm == "ES256":
            return cls(kid=name, algorithm=algorithm, private=ec.generate_private_key(ec.SECP256R1()))
        return cls(
            kid=name, algorithm=algorithm, private=rsa.generate_private_key(public_exponent=65_537, key_size=2048)
        )

    def jwk(self) -> dict[str, object]:
        """Give the public half as RFC 7517 writes it."""
        public = self.private.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            members: dict[str, object] = dict(RSAAlgorithm.to_jwk(public, as_dict=True))
        else:
            members = dict(ECAlgorithm.to_jwk(public, as_dict=True))
        return {"kty": members["kty"], **members, "kid": self.kid, "alg": self.algorithm, "use": "sig"}


def sign(signer: Signer, claims: Mapping[str, Claim], header: Mapping[str, Claim]) -> str:
    """Sign exactly these claims under exactly this header; None takes a member away."""
    members: dict[str, object] = {"kid": signer.kid} | {k: v for k, v in header.items() if v is not None}
    if "kid" in header and header["kid"] is None:
        del members["kid"]
    if "typ" not in members:
        members["typ"] = None  # or the library writes its own
    payload = {name: value for name, value in claims.items() if value is not None}
    return PyJWS().encode(json.dumps(payload).encode(), signer.private, algorithm=signer.algorithm, headers=members)


def forge(token: str, *, header: Mapping[str, Claim], signature: bytes | None = None) -> str:
    """Put another header on a token, and another signature when given, as somebody without the key would."""
    old, payload, seal = token.split(".")
    members = json.loads(urlsafe_b64decode(old + "=" * (-len(old) % 4))) | dict(header)
    return ".".join((_encode(json.dumps(members).encode()), payload, _encode(signature) if signature else seal))


def _encode(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
