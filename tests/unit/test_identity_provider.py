"""Where an issuer signs people in: what its own document says, and nowhere in the clear."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from core.errors import IdentityUnavailable
from core.identity.issuer import Issuer
from core.identity.provider import endpoints
from demo.issuer import Mint
from tests.identities import trust

FAR = replace(trust(Mint("https://login.example.com")), issuer="https://login.example.com")
SAYS = {
    "issuer": "https://login.example.com",
    "authorization_endpoint": "https://login.example.com/authorize",
    "token_endpoint": "https://login.example.com/token",
}


class Page:
    """The port Exchange of an issuer that says this."""

    def __init__(self, says: Mapping[str, object]) -> None:
        self._says = says

    async def __call__(self, url: str) -> bytes:
        del url
        return json.dumps(self._says).encode()

    async def post(self, url: str, form: Mapping[str, str], auth: tuple[str, str] | None = None) -> bytes:
        raise AssertionError(url, form, auth)


async def test_what_the_issuers_own_document_says_is_taken() -> None:
    found = await endpoints(Page(SAYS), FAR)
    assert (found.authorization, found.token) == (SAYS["authorization_endpoint"], SAYS["token_endpoint"])


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint"])
@pytest.mark.parametrize(
    "where",
    [
        "http://login.example.com/authorize",
        "HTTP://login.example.com/authorize",
        "http://127.0.0.1:8080/authorize",  # an issuer elsewhere points at this machine
        "http://localhost/authorize",
        "//login.example.com/authorize",
        "/authorize",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https:///authorize",
        "https://login.example.com:99999/authorize",
        "",
        7,
        None,
    ],
)
async def test_a_sign_in_goes_nowhere_in_the_clear(name: str, where: object) -> None:
    with pytest.raises(IdentityUnavailable):
        await endpoints(Page({**SAYS, name: where}), FAR)


async def test_an_operators_word_lets_one_issuer_be_in_the_clear() -> None:
    plain = {name: value.replace("https:", "http:") for name, value in SAYS.items()}
    near: Issuer = replace(FAR, issuer="http://login.example.com", plaintext=True)
    assert (await endpoints(Page(plain), near)).token == "http://login.example.com/token"
    with pytest.raises(IdentityUnavailable):
        await endpoints(Page(plain), replace(near, plaintext=False))


@pytest.mark.parametrize("issuer", ["https://login.example.com/", "https://LOGIN.example.com", "https://evil.example"])
async def test_another_issuers_document_is_none(issuer: str) -> None:
    with pytest.raises(IdentityUnavailable):
        await endpoints(Page({**SAYS, "issuer": issuer}), FAR)
