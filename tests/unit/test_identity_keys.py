"""Issuers' keys: which of a set may verify, how often they are asked for, how long they serve."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from core.errors import IdentityUnavailable
from core.identity.issuer import Issuer
from core.identity.jwk import keyset
from core.identity.keys import DOCUMENT_BYTES, FRESH, REFETCH, RETRY, STALE, JwksKeys
from demo.issuer import Mint
from demo.signer import Signer
from tests.identities import Network, Still, trust

URL = "https://login.example"
MINT = Mint(URL)
KID = MINT.signers[0].kid
SECOND = timedelta(seconds=1)


def realm(*, mint: Mint = MINT) -> tuple[Still, Network, JwksKeys]:
    clock, network = Still(), Network(mint)
    return clock, network, JwksKeys(network, clock)


def fetches(network: Network) -> int:
    return sum(url.endswith("/jwks") for url in network.asked)


# ---------------------------------------------------------------- which keys


def public(signer: Signer, **members: object) -> dict[str, object]:
    return {**signer.jwk(), **members}


RSA, EC = MINT.signers
SMALL = rsa.generate_private_key(public_exponent=65_537, key_size=1024).public_key()  # noqa: S505 - the case
ODD = ec.generate_private_key(ec.SECP256K1()).public_key()


@pytest.mark.parametrize(
    "jwk",
    [
        public(RSA, use="enc"),
        public(RSA, key_ops=["encrypt"]),
        public(RSA, key_ops="verify"),
        public(RSA, alg="RSA-OAEP"),
        public(RSA, alg="HS256"),
        public(RSA, alg="none"),
        public(EC, alg="RS256"),
        public(EC, crv="P-384"),
        public(RSA, d="AQAB"),
        public(RSA, p="AQAB"),
        public(EC, k="c2VjcmV0"),
        public(RSA, kid=""),
        public(RSA, kid=7),
        public(RSA, n="not base64!"),
        public(RSA, n=7),
        public(RSA, e=None),
        {"kty": "oct", "k": "c2VjcmV0", "kid": "x"},
        {"kty": "oct", "kid": "x", "alg": "HS256"},
        {"kty": ["RSA"], "kid": "x"},
        {**dict(RSAAlgorithm.to_jwk(SMALL, as_dict=True)), "kid": "small"},
        {**dict(ECAlgorithm.to_jwk(ODD, as_dict=True)), "kid": "odd"},
        {**{name: value for name, value in RSA.jwk().items() if name != "kid"}},
        "text",
        None,
        7,
    ],
)
def test_a_key_that_is_not_for_verifying_is_skipped_and_the_others_serve(jwk: object) -> None:
    assert set(keyset({"keys": [jwk, EC.jwk() | {"kid": "other"}]})) == {"other"}


def test_a_key_without_alg_verifies_what_its_kind_allows() -> None:
    bare = {name: value for name, value in RSA.jwk().items() if name not in {"alg", "use"}}
    key = keyset({"keys": [bare]})[KID]
    assert key.fits("PS512")
    assert not key.fits("ES256")
    assert not key.fits("HS256")


def test_a_key_with_alg_verifies_that_alone() -> None:
    key = keyset({"keys": [RSA.jwk()]})[KID]
    assert key.fits("RS256")
    assert not key.fits("PS256")


def test_a_kid_that_two_keys_share_is_no_kid() -> None:
    twin = Signer.make("RS256", kid=KID).jwk()
    assert set(keyset({"keys": [RSA.jwk(), twin, EC.jwk()]})) == {EC.kid}
    assert set(keyset({"keys": [RSA.jwk(), public(EC, kid=KID)]})) == set()


@pytest.mark.parametrize("members", [{}, {"keys": {}}, {"keys": "x"}, {"keys": []}, {"keys": None}])
def test_what_is_no_set_has_no_keys(members: Mapping[str, object]) -> None:
    assert not keyset(members)


# ---------------------------------------------------------------- how often, how long


async def test_known_keys_are_served_without_asking_again() -> None:
    _, network, keys = realm()
    for _ in range(100):
        assert await keys.key(trust(MINT), KID)
    assert fetches(network) == 1


async def test_a_flood_of_unknown_kids_asks_once_in_thirty_seconds() -> None:
    clock, network, keys = realm()
    for number in range(1_000):
        assert await keys.key(trust(MINT), f"forged-{number}") is None
        clock.wait(timedelta(milliseconds=90))
    assert fetches(network) <= 1 + timedelta(milliseconds=90) * 1_000 // REFETCH


async def test_many_at_once_share_one_fetch() -> None:
    _, network, keys = realm()
    network.gate = asyncio.Event()
    waiting = [asyncio.create_task(keys.key(trust(MINT), KID)) for _ in range(50)]
    async with asyncio.timeout(5):
        await network.reached.wait()
    network.gate.set()
    assert all(await asyncio.gather(*waiting))
    assert fetches(network) == 1


async def test_a_client_that_leaves_does_not_end_the_fetch_for_the_others() -> None:
    _, network, keys = realm()
    network.gate = asyncio.Event()
    first, second = (asyncio.create_task(keys.key(trust(MINT), KID)) for _ in range(2))
    async with asyncio.timeout(5):
        await network.reached.wait()
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    network.gate.set()
    assert await second
    assert fetches(network) == 1


async def test_a_rotated_key_is_found_and_the_old_one_is_gone() -> None:
    mint = Mint(URL)
    old = mint.signers[0].kid
    clock, network, keys = realm(mint=mint)
    assert await keys.key(trust(mint), old)
    mint.rotate()
    assert await keys.key(trust(mint), mint.signers[0].kid) is None  # asked a moment ago
    clock.wait(REFETCH)
    assert await keys.key(trust(mint), mint.signers[0].kid)
    assert await keys.key(trust(mint), old) is None
    assert fetches(network) == 2


async def test_a_new_key_under_an_old_kid_replaces_it() -> None:
    mint = Mint(URL)
    kid = mint.signers[0].kid
    clock, _, keys = realm(mint=mint)
    before = await keys.key(trust(mint), kid)
    mint.rotate(kid=kid)
    clock.wait(FRESH)
    after = await keys.key(trust(mint), kid)
    assert before is not None
    assert after is not None
    assert before.public != after.public


async def test_known_keys_serve_for_a_bounded_time_while_the_issuer_is_down() -> None:
    clock, network, keys = realm()
    assert await keys.key(trust(MINT), KID)
    network.down = True
    clock.wait(STALE - SECOND)
    assert await keys.key(trust(MINT), KID)
    with pytest.raises(IdentityUnavailable):
        await keys.key(trust(MINT), "new")  # nobody can say whether it exists
    clock.wait(SECOND)
    with pytest.raises(IdentityUnavailable):
        await keys.key(trust(MINT), KID)
    network.down = False
    clock.wait(RETRY)
    assert await keys.key(trust(MINT), KID)


async def test_an_issuer_that_is_down_is_asked_every_five_seconds_at_most() -> None:
    clock, network, keys = realm()
    network.down = True
    for _ in range(100):
        with pytest.raises(IdentityUnavailable):
            await keys.key(trust(MINT), KID)
    assert len(network.asked) == 2  # both forms of metadata, once
    clock.wait(RETRY)
    network.down = False
    assert await keys.key(trust(MINT), KID)


async def test_a_fetch_that_fails_as_nobody_foresaw_counts_as_one_too() -> None:
    asked: list[str] = []

    async def broken(url: str) -> bytes:
        asked.append(url)
        raise RuntimeError("unforeseen")

    keys = JwksKeys(broken, Still())
    with pytest.raises(RuntimeError):
        await keys.key(trust(MINT), KID)
    for _ in range(10):
        with pytest.raises(IdentityUnavailable):
            await keys.key(trust(MINT), KID)
    assert len(asked) == 1


async def test_a_set_without_a_usable_key_is_an_outage_and_not_a_withdrawal() -> None:
    clock, network, keys = realm()
    assert await keys.key(trust(MINT), KID)
    network.other[f"{URL}/jwks"] = b'{"keys": []}'
    clock.wait(FRESH)
    assert await keys.key(trust(MINT), KID)


async def test_a_clock_that_goes_back_does_not_lengthen_a_keys_life() -> None:
    clock, network, keys = realm()
    assert await keys.key(trust(MINT), KID)
    clock.wait(-timedelta(days=1))
    network.down = True
    with pytest.raises(IdentityUnavailable):
        await keys.key(trust(MINT), KID)


# ---------------------------------------------------------------- where they come from


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'{"issuer": "https://login.example/", "jwks_uri": "https://login.example/jwks"}',
        b'{"issuer": "https://LOGIN.example", "jwks_uri": "https://login.example/jwks"}',
        b'{"issuer": "https://login.example"}',
        b'{"issuer": "https://login.example", "jwks_uri": 7}',
        b'{"issuer": "https://login.example", "jwks_uri": "http://login.example/jwks"}',
        b'{"issuer": "https://login.example", "jwks_uri": "http://127.0.0.1/jwks"}',
        b'{"issuer": "https://login.example", "jwks_uri": "file:///etc/passwd"}',
        b'{"issuer": "https://login.example", "jwks_uri": "//login.example/jwks"}',
        b'{"issuer": "https://login.example", "jwks_uri": "http://[/jwks"}',
        b'{"issuer": "https://login.example", "jwks_uri": "https://login.example:99999/jwks"}',
        b'{"issuer": "https://login.example", "jwks_uri": "https:///jwks"}',
        b'{"issuer": "evil", "issuer": "https://login.example", "jwks_uri": "https://login.example/jwks"}',
        b'{"issuer": "\xff"}',
        b"[" * 60_000,
        b'{"issuer": "https://login.example", "jwks_uri": "https://login.example/jwks"}' + b" " * DOCUMENT_BYTES,
    ],
)
async def test_metadata_that_is_wrong_names_no_keys(document: bytes) -> None:
    _, network, keys = realm()
    network.other[f"{URL}/.well-known/openid-configuration"] = document
    with pytest.raises(IdentityUnavailable):
        await keys.key(trust(MINT), KID)
    assert fetches(network) == 0


async def test_metadata_of_an_authorization_server_is_found_too() -> None:
    issuer = replace(trust(MINT), issuer=f"{URL}/tenant")
    _, network, keys = realm()
    network.other[f"{URL}/.well-known/oauth-authorization-server/tenant"] = json.dumps(
        {"issuer": f"{URL}/tenant", "jwks_uri": f"{URL}/jwks"}
    ).encode()
    assert await keys.key(issuer, KID)


def configured(address: str, *, plaintext: bool = False) -> Issuer:
    return replace(trust(MINT), keys=address, plaintext=plaintext)


async def test_a_configured_address_is_asked_alone_and_only_by_https() -> None:
    _, network, keys = realm()
    assert await keys.key(configured(f"{URL}/jwks"), KID)
    assert network.asked == [f"{URL}/jwks"]
    for address in ("http://login.example/jwks", "http://127.0.0.1/jwks", "ftp://login.example/jwks", "jwks"):
        _, network, keys = realm()
        network.other[address] = json.dumps(MINT.jwks()).encode()
        with pytest.raises(IdentityUnavailable):
            await keys.key(configured(address), KID)
        assert network.asked == []


async def test_plain_http_off_loopback_must_be_acknowledged() -> None:
    _, network, keys = realm()
    network.other["http://dex/jwks"] = json.dumps(MINT.jwks()).encode()
    with pytest.raises(IdentityUnavailable):
        await keys.key(configured("http://dex/jwks"), KID)
    assert network.asked == []
    _, network, keys = realm()
    network.other["http://dex/jwks"] = json.dumps(MINT.jwks()).encode()
    assert await keys.key(configured("http://dex/jwks", plaintext=True), KID)


async def test_two_issuers_do_not_share_keys() -> None:
    other = Mint("https://other.example")
    clock, network = Still(), Network(MINT, other)
    keys = JwksKeys(network, clock)
    assert await keys.key(trust(MINT), KID)
    assert await keys.key(trust(other), KID) is None
