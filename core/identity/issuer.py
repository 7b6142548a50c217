"""One `[[identity]]` table: an issuer, and everything it is allowed to assert."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, final

from core.errors import TokenRefused
from core.model import Person, Scalar

ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """What one issuer may say; `None` for groups, domains, clients is the configured word "any"."""

    issuer: str  # exact string of `iss`
    directory: str  # identities of one directory can be compared
    audiences: frozenset[str]  # of agents' tokens
    review_audiences: frozenset[str] = frozenset()  # of reviewers' tokens; never overlaps with `audiences`
    groups_claim: str = "groups"  # a claim's name, or from "/" on a path to it (RFC 6901): "/realm_access/roles"
    groups: frozenset[str] | None = frozenset()
    domains: frozenset[str] | None = frozenset()
    clients: frozenset[str] | None = None
    person_when: Mapping[str, Scalar] = field(default_factory=dict)  # claims that prove a person; {}: nobody is one
    person_claim: str = "sub"
    client_claim: str = ""  # of a workload issuer: the claim that names the client; "": as OAuth names it
    scopes: frozenset[str] = frozenset()  # of a workload issuer, whose tokens carry none
    algorithms: frozenset[str] = ALGORITHMS
    keys: str | None = None  # jwks_uri; None: found by the issuer's metadata
    lifetime: timedelta = timedelta(hours=1)  # longest exp - iat accepted
    review_lifetime: timedelta = timedelta(minutes=10)
    acr: frozenset[str] = frozenset()  # what a reviewer's sign-in must say of itself; {}: anything
    ignored: frozenset[str] = frozenset()  # its own claims that mean nothing here; never what a list refuses
    plaintext: bool = False  # acknowledged: its keys come over http from off loopback


@contextmanager
def named(issuer: Issuer) -> Iterator[None]:
    """Say of a token that is refused meanwhile which issuer of the configuration it names."""
    try:
        yield
    except TokenRefused as error:
        error.issuer = issuer.issuer
        raise


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One `[agent."client id"]` table: an autonomous client and who answers for it."""

    client: str
    owner: Person
    name: str = ""  # how cards call it
