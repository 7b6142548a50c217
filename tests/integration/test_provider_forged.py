"""Tokens of a provider that we did not write, and what an attacker makes of them."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from hmac import digest
from secrets import token_hex

import httpx2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from core.errors import Unauthenticated
from core.identity.fetch import HttpFetch
from core.identity.keys import JwksKeys
from core.identity.verifier import Verifier
from tests.integration.provider import SECRET, Provider, started
from tests.integration.signing import RESOURCE, Ahead


class Counted:
    """A fetch that says where it went."""

    def __init__(self, fetch: HttpFetch) -> None:
        self._fetch = fetch
        self.asked: list[str] = []

    async def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        return await self._fetch(url)


class Scene:
    def __init__(self, made: Provider, fetch: Counted) -> None:
        self.made = made
        self.fetch = fetch
        self.clock = Ahead()
        self.verifier = self.of()

    def of(self, *audiences: str) -> Verifier:
        trusted = replace(self.made.trust(), audiences=frozenset(audiences or {RESOURCE}))
        return Verifier([trusted], [], JwksKeys(self.fetch, self.clock), self.clock)

    async def token(self) -> str:
        form = {"grant_type": "client_credentials", "scope": "assent:read", "resource": RESOURCE}
        async with httpx2.AsyncClient(trust_env=False) as http:
            reply = await http.post(f"{self.made.issuer}/token", data=form, auth=("nightly", SECRET))
        return str(reply.json()["access_token"])

    async def refused(self, token: str) -> str:
        with pytest.raises(Unauthenticated) as error:
            await self.verifier.caller(token)
        return str(error.value)


@pytest.fixture(scope="module")
def made() -> Iterator[Provider]:
    with started(RESOURCE) as one:
        yield one


@pytest.fixture
async def scene(made: Provider) -> AsyncIterator[Scene]:
    async with HttpFetch() as fetch:
        yield Scene(made, Counted(fetch))


def part(token: str, number: int) -> dict[str, object]:
    text = token.split(".")[number]
    return dict(json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def written(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def again(token: str, signature: bytes, **header: object) -> str:
    """Give a token another header, and another signature."""
    head = written(json.dumps(part(token, 0) | header).encode())
    return f"{head}.{token.split('.')[1]}.{written(signature)}"


async def test_a_true_token_is_taken_and_another_audiences_is_not(scene: Scene) -> None:
    token = await scene.token()
    assert (await scene.verifier.caller(token)).client == "nightly"
    scene.verifier = scene.of("https://other.example/mcp")
    assert "aud" in await scene.refused(token)


async def test_a_token_that_has_ended_is_refused_though_it_was_remembered(scene: Scene) -> None:
    token = await scene.token()
    await scene.verifier.caller(token)
    scene.clock.by += timedelta(minutes=11)
    assert "exp" in await scene.refused(token)


async def test_a_token_without_a_signature_is_refused_however_it_says_so(scene: Scene) -> None:
    token = await scene.token()
    for word in ("none", "None", "NONE", "nOnE", ""):
        assert "alg" in await scene.refused(again(token, b"xx", alg=word))
    assert "three parts" in await scene.refused(again(token, b"", alg="none"))


async def test_the_public_key_is_no_secret_of_an_hmac(scene: Scene) -> None:
    token = await scene.token()
    jwk = json.loads(await scene.fetch(f"{scene.made.issuer}/jwks"))["keys"][0]
    public = RSAAlgorithm.from_jwk(jwk)
    assert isinstance(public, rsa.RSAPublicKey)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for secret in (pem, pem.strip(), json.dumps(jwk).encode()):
        head = written(json.dumps(part(token, 0) | {"alg": "HS256"}).encode())
        signed = f"{head}.{token.split('.')[1]}"
        forged = f"{signed}.{written(digest(secret, signed.encode(), sha256))}"
        assert "alg" in await scene.refused(forged)


async def test_a_flood_of_unknown_keys_fetches_once(scene: Scene) -> None:
    token = await scene.token()
    await scene.verifier.caller(token)
    before = len(scene.fetch.asked)
    forged = [again(token, b"x" * 256, kid=token_hex(8)) for _ in range(200)]
    await asyncio.gather(*(scene.refused(one) for one in forged))
    assert len(scene.fetch.asked) == before
    scene.clock.by += timedelta(seconds=31)
    await asyncio.gather(*(scene.refused(one) for one in forged))
    assert len(scene.fetch.asked) == before + 2  # its metadata and its keys


async def test_keys_that_a_token_brings_or_names_are_neither_used_nor_fetched(scene: Scene) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    mine = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    token = await scene.token()
    evil = "http://127.0.0.1:9/evil"
    for header in ({"jwk": mine}, {"jku": evil}, {"x5u": evil}, {"x5c": ["AA=="]}, {"jku": evil, "kid": "evil"}):
        head = written(json.dumps(part(token, 0) | header).encode())
        signed = f"{head}.{token.split('.')[1]}"
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        await scene.refused(f"{signed}.{written(signature)}")
    assert not [url for url in scene.fetch.asked if not url.startswith(scene.made.issuer)]


async def test_a_huge_token_is_refused_before_anything_is_asked(scene: Scene) -> None:
    token = await scene.token()
    assert "too large" in await scene.refused(token + "x" * 20_000)
    assert scene.fetch.asked == []
