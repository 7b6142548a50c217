"""A JWK set read into keys that may verify: public, of a listed kind, big enough, each under a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias, final

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK, PyJWTError

Public: TypeAlias = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey

# RFC 7518 3.1, RFC 8037 3.1: (kty, crv) -> the algorithms its keys may verify. "oct" is not here: a secret that is
# published is none.
KINDS: Final[Mapping[tuple[str, str], frozenset[str]]] = MappingProxyType(
    {
        ("RSA", ""): frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
        ("EC", "P-256"): frozenset({"ES256"}),
        ("EC", "P-384"): frozenset({"ES384"}),
        ("EC", "P-521"): frozenset({"ES512"}),
        ("OKP", "Ed25519"): frozenset({"EdDSA"}),
    }
)
PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})  # RFC 7518 6.2.2, 6.3.2, 6.4
RSA_BITS: Final = range(2048, 8193)  # RFC 7518 3.3 wants 2048; above 8192 verifying is a way to keep us busy
RSA_EXPONENT: Final = 2**32  # larger ones only slow verification down


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One verification key as its issuer published it. Made only by `keyset`."""

    kid: str
    algorithms: frozenset[str]
    public: Public = field(repr=False)

    def fits(self, algorithm: str) -> bool:
        """Say whether this key verifies that algorithm: by its kind, and by its own `alg` when it names one."""
        return algorithm in self.algorithms


def keyset(members: Mapping[str, object]) -> Mapping[str, Key]:
    """Read a JWK set (RFC 7517 5) into keys by kid.

    A key that is not for us is skipped, as RFC 7517 5 says; a kid that two signing keys share is no kid at all.
    """
    listed = members.get("keys")
    found = [key for each in listed if (key := _key(each)) is not None] if isinstance(listed, list) else []
    count = Counter(key.kid for key in found)
    return MappingProxyType({key.kid: key for key in found if count[key.kid] == 1})


def _key(jwk: object) -> Key | None:
    if not isinstance(jwk, dict) or not _for_us(jwk):
        return None
    algorithms = KINDS.get((str(jwk.get("kty")), str(jwk.get("crv", ""))), frozenset())
    named = jwk.get("alg")
    if named is not None:
        algorithms &= {str(named)}
    if not algorithms:
        return None
    try:
        public = PyJWK(jwk, min(algorithms)).key
    except PyJWTError:
        return None
    if not isinstance(public, Public) or not _strong(public):
        return None
    return Key(kid=str(jwk["kid"]), algorithms=algorithms, public=public)


def _for_us(jwk: Mapping[str, object]) -> bool:
    """Named, public, and for signatures: whoever publishes a private key has no key."""
    kid, operations = jwk.get("kid"), jwk.get("key_ops", ["verify"])
    return (
        isinstance(kid, str)
        and kid != ""
        and not PRIVATE & jwk.keys()
        and jwk.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
    )


def _strong(public: Public) -> bool:
    if not isinstance(public, RSAPublicKey):
        return True
    return public.key_size in RSA_BITS and public.public_numbers().e < RSA_EXPONENT
