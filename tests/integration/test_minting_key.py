"""The key of minted tokens is replaced at the command line: old tokens serve until they end, and never longer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import final

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import Result

from console.operating import Operating
from console.signing.handing import challenge
from core.custody.keeper import Keeper
from core.errors import IdentityUnavailable, Unauthenticated
from core.identity.fetch import HttpFetch
from core.identity.keys import FRESH, REFETCH, JwksKeys
from core.identity.minted import LIFETIME, OVERLAP, PURPOSE, READ, Minter, public
from core.identity.signin import SignedIn
from core.identity.verifier import Verifier
from core.model import Person
from core.ports import KeyState, NamedKey, Signed
from core.stores.encryption import vault
from core.stores.sqlite.store import SqliteStore
from tests.commands import answer, assent
from tests.contract.test_rotation import bench, rotation
from tests.integration.signing import MINTING, NEXT, RESOURCE, Ahead, Site, minted, site
from tests.integration.test_console import rita

BACK, PROOF = "http://127.0.0.1:45678/here", "v" * 50
SCOPES = frozenset({"assent:read"})


def operators(store: SqliteStore, clock: Ahead) -> Operating:
    keeper = Keeper(
        journal=store.journal,
        keys=store.ring,
        custody=store.custody,
        months=store.payloads,
        results=store.reviews,
        clock=clock,
        configured={},
    )
    return Operating(bench(store, clock), keeper, rotation(store, clock))


@final
class Scene:
    """A people's side with operators, agents' tokens of it, and gateways that take them."""

    def __init__(self, at: Site, fetch: HttpFetch) -> None:
        self.at, self.clock = at, at.clock
        self._fetch = fetch

    async def said(self, *arguments: object, name: str = "rita") -> Result:
        environ = {"ASSENT_TOKEN": rita(name, scope="assent:operate")}
        return await asyncio.to_thread(assent, *arguments, "--url", self.at.url, environ=environ)

    async def rotate(self) -> None:
        act = answer(await self.said("keys", "rotate", "minting", "--json"))
        assert act["of"] == {"purpose": "minting", "id": vault.name(NEXT)}
        assert (await self.said("act", "approve", act["id"])).exit_code == 1
        assert (await self.said("act", "approve", act["id"], name="oskar")).exit_code == 0

    async def states(self) -> dict[str, str]:
        listed = answer(await self.said("keys", "list", "--json"))["keys"]
        return {str(one["id"]): str(one["state"]) for one in listed if one["purpose"] == "minting"}

    @property
    def alice(self) -> SignedIn:
        who = Person(directory="company", id="alice")
        return SignedIn(person=who, email=None, groups=frozenset(), at=self.clock.now(), issuer="corp")

    async def token(self) -> str:
        """Trade a code that alice let her agent have."""
        handing = self.at.ways.handing
        assert handing is not None
        asked = {
            "response_type": "code",
            "client_id": "assent-relay",
            "redirect_uri": BACK,
            "state": "s",
            "code_challenge": challenge(PROOF),
            "code_challenge_method": "S256",
            "resource": RESOURCE,
        }
        where = await handing.let(self.alice, handing.asked(asked))
        form = {
            "grant_type": "authorization_code",
            "code": httpx2.URL(where).params["code"],
            "client_id": "assent-relay",
            "redirect_uri": BACK,
            "code_verifier": PROOF,
        }
        async with httpx2.AsyncClient(base_url=self.at.url, trust_env=False) as http:
            reply = await http.post("/token", data=form)
            published = (await http.get("/jwks")).json()["keys"]
        assert reply.status_code == 200, reply.text
        assert all({"kid", "x"} <= one.keys() and "d" not in one for one in published)
        return str(reply.json()["access_token"])

    async def forged(self, key: bytes) -> str:
        """Sign with a key that the signer of tokens does not turn to, as whoever stole or wrote it can."""
        minter = Minter([key], minted(self.at.url), Only(key), self.clock)
        return await minter.mint(self.alice, client="assent-relay", scopes=SCOPES, audience=RESOURCE)

    def gateway(self) -> Verifier:
        """One that knows no key yet."""
        return Verifier([minted(self.at.url)], [], JwksKeys(self._fetch, self.clock), self.clock)


@final
class Only:
    """The port KeyNames of somebody who says that theirs is the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    async def named(self) -> tuple[NamedKey, ...]:
        seed = Ed25519PrivateKey.from_private_bytes(self._key)
        return (NamedKey(purpose=PURPOSE, name="mine", state=KeyState.CURRENT, public=public(seed)),)

    async def size(self) -> int:
        return 0

    async def signed(self) -> Signed | None:
        return None


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with HttpFetch() as fetch, site(tmp_path, providers={}, operators=operators) as at:
        yield Scene(at, fetch)


async def taken(gateway: Verifier, token: str) -> bool:
    try:
        return (await gateway.caller(token)).person == Person(directory="company", id="alice")
    except Unauthenticated:
        return False


async def test_tokens_of_the_former_key_serve_until_they_end_and_never_longer(scene: Scene) -> None:
    warm = scene.gateway()
    old = await scene.token()
    assert await taken(warm, old)
    await scene.rotate()
    new = await scene.token()
    assert await scene.states() == {vault.name(MINTING): "former", vault.name(NEXT): "current"}
    scene.clock.by += REFETCH
    for gateway in (warm, scene.gateway()):
        assert (await taken(gateway, old), await taken(gateway, new)) == (True, True)
    scene.clock.by = LIFETIME - timedelta(seconds=20)
    assert await taken(scene.gateway(), old)  # to its end, at a gateway that never saw the former key
    scene.clock.by = OVERLAP + timedelta(seconds=5)
    stolen = await scene.forged(MINTING)
    for gateway in (warm, scene.gateway()):
        assert not await taken(gateway, old)
    assert not await taken(scene.gateway(), stolen)
    scene.clock.by += FRESH
    assert not await taken(warm, await scene.forged(MINTING))  # nor at one that knew it
    async with asyncio.timeout(30):
        await rotation(scene.at.store, scene.clock).sweep()
    assert await scene.states() == {vault.name(MINTING): "retired", vault.name(NEXT): "current"}


async def test_a_key_that_was_only_offered_signs_nothing_that_a_gateway_takes(scene: Scene) -> None:
    assert not await taken(scene.gateway(), await scene.forged(NEXT))
    assert await taken(scene.gateway(), await scene.token())
    assert (await scene.states())[vault.name(NEXT)] == "next"


async def test_a_key_that_is_no_longer_secret_ends_with_its_tokens_at_once(scene: Scene) -> None:
    old = await scene.token()
    early = await scene.said("keys", "revoke", vault.name(MINTING))
    assert early.exit_code != 0, early.output
    await scene.rotate()
    act = answer(await scene.said("keys", "revoke", "--json"))
    assert (await scene.said("act", "approve", act["id"])).exit_code == 1
    scene.clock.by += READ
    assert await taken(scene.gateway(), old)
    assert (await scene.said("act", "approve", act["id"], name="oskar")).exit_code == 0
    scene.clock.by += READ
    assert not await taken(scene.gateway(), old)
    assert await taken(scene.gateway(), await scene.token())
    assert await scene.states() == {vault.name(MINTING): "retired", vault.name(NEXT): "current"}


async def test_a_process_that_does_not_hold_the_new_key_mints_nothing(scene: Scene) -> None:
    await scene.rotate()
    behind = Minter([MINTING], minted(scene.at.url), scene.at.store.names, scene.clock)
    with pytest.raises(IdentityUnavailable, match="was replaced"):
        await behind.mint(scene.alice, client="assent-relay", scopes=SCOPES, audience=RESOURCE)
    assert len(await behind.jwks()) == 2  # it publishes what counts all the same
