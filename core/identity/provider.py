"""Where an issuer signs people in, as its own metadata say (OpenID Connect Discovery 1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol, final

from core.errors import IdentityUnavailable
from core.identity.issuer import Issuer
from core.identity.keys import document, safe, wellknown
from core.identity.token import Members


class Exchange(Protocol):
    """Asks an issuer, bounded in bytes and time; each raises IdentityUnavailable."""

    async def __call__(self, url: str) -> bytes:
        """GET a document."""
        ...

    async def post(self, url: str, form: Mapping[str, str], auth: tuple[str, str] | None = None) -> bytes:
        """POST a form, as a client with a secret where one is given."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Of one issuer."""

    authorization: str
    token: str
    names_itself: bool  # its answers carry `iss` (RFC 9207 3)
    secret_in_form: bool  # it takes a client's secret in the form alone


BASIC: Final = "client_secret_basic"


async def endpoints(ask: Exchange, issuer: Issuer) -> Endpoints:
    """Find them; only what the issuer's own document says, of an issuer that is identical.

    Raises: IdentityUnavailable.
    """
    for address in wellknown(issuer.issuer):
        try:
            found = document(await ask(safe(address, issuer)))
        except IdentityUnavailable:
            continue
        if found.get("issuer") == issuer.issuer:
            return _read(found, issuer)
    raise IdentityUnavailable("sign-in: no metadata of this issuer say where")


def _read(found: Members, issuer: Issuer) -> Endpoints:
    methods = found.get("token_endpoint_auth_methods_supported", [BASIC])
    return Endpoints(
        authorization=safe(str(found.get("authorization_endpoint")), issuer),
        token=safe(str(found.get("token_endpoint")), issuer),
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        secret_in_form=not (isinstance(methods, list) and BASIC in methods),
    )
