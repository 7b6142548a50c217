"""As whom a Source is asked: what this machine has, a key, or a federation; and from there another account by name.

A file of credentials is input: it names addresses that it would have this process send secrets to, and one kind names
a program to run. https://google.aip.dev/auth/4117; https://cloud.google.com/docs/authentication/external/externally-sourced-credentials
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

import google.auth
from google.auth import identity_pool, impersonated_credentials
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.oauth2 import service_account

from core.errors import UnsafeStart

SCOPES: Final = ("https://www.googleapis.com/auth/bigquery",)
CLOUD: Final = ("https://www.googleapis.com/auth/cloud-platform",)  # what makes tokens of another account
HOSTS: Final = frozenset({"oauth2.googleapis.com", "sts.googleapis.com", "iamcredentials.googleapis.com"})
ADDRESSES: Final = ("token_uri", "token_url", "token_info_url", "service_account_impersonation_url")
LIFETIME: Final = 3600
FEDERATED: Final = frozenset({"file", "format"})  # what may stand in its credential_source


def signed(text: str | None, account: str, endpoint: str) -> Credentials:
    """Sign in by a file's text, or as this machine does, and as another account where one is named.

    `endpoint` is of a server on this machine in Google's place, or "": nobody needs to sign in there.

    Raises: UnsafeStart.
    """
    if text is None and endpoint:
        return AnonymousCredentials()
    base = machine(account) if text is None else written(text, account, endpoint)
    if not account:
        return base
    return impersonated_credentials.Credentials(
        source_credentials=base,
        target_principal=account,
        target_scopes=list(SCOPES),
        lifetime=LIFETIME,
        iam_endpoint_override=f"{endpoint}/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
        if endpoint
        else None,
    )


def machine(account: str) -> Credentials:
    """Sign in as this machine does.

    Raises: UnsafeStart.
    """
    try:
        found, _ = google.auth.default(scopes=list(CLOUD if account else SCOPES))
    except DefaultCredentialsError:
        raise UnsafeStart("no application default credentials were found, and no credentials are configured") from None
    return found


def written(text: str, account: str, endpoint: str) -> Credentials:
    """Read a file of credentials.

    Raises: UnsafeStart for another kind than the two, and for what would be sent elsewhere.
    """
    try:
        found = json.loads(text)
        make = KINDS.get(str(found.get("type")))
        if make is None:
            raise UnsafeStart("credentials are a service account's key, or an external account; no person's own")
        addressed(found, endpoint)
        return make(found, CLOUD if account else SCOPES)
    except (ValueError, KeyError, TypeError, AttributeError, GoogleAuthError):  # their words may quote the key
        raise UnsafeStart("the credentials cannot be read") from None


def addressed(found: Mapping[str, Any], endpoint: str) -> None:
    """Require that secrets are sent to Google, and that a federation reads a file, and nothing else.

    Raises: UnsafeStart.
    """
    for key in ADDRESSES:
        if key in found and not trusted(str(found[key]), endpoint):
            raise UnsafeStart(f"{key} of the credentials is no address of Google's: secrets would be sent there")
    source = found.get("credential_source", {})
    if not isinstance(source, Mapping) or not set(source) <= FEDERATED:
        raise UnsafeStart("a federation of another source than a file: this gateway runs no program and asks nobody")


def trusted(address: str, endpoint: str) -> bool:
    """Whether an address is one that takes tokens for Google, or the server of this machine in its place."""
    here, there = urlsplit(address), urlsplit(endpoint)
    if endpoint and (here.scheme, here.netloc) == (there.scheme, there.netloc):
        return True
    return here.scheme == "https" and here.netloc in HOSTS


def key(found: Mapping[str, Any], scopes: tuple[str, ...]) -> Credentials:
    """Sign in by a service account's key."""
    made: Credentials = service_account.Credentials.from_service_account_info(dict(found), scopes=list(scopes))
    return made


def federation(found: Mapping[str, Any], scopes: tuple[str, ...]) -> Credentials:
    """Sign in by a token of another issuer that a file holds (RFC 8693)."""
    made: Credentials = identity_pool.Credentials.from_info(dict(found)).with_scopes(list(scopes))
    return made


KINDS: Final[Mapping[str, Callable[[Mapping[str, Any], tuple[str, ...]], Credentials]]] = MappingProxyType(
    {"service_account": key, "external_account": federation}
)
