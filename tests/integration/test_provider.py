"""A provider that we did not write: its tokens at the door, and the relay that signs a person in with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import final
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from cli.relay.carrying import NoToken
from cli.relay.loopback import Callback, drawn
from cli.relay.signing import SignedIn
from cli.relay.trusted import Gateway as Confirmed
from core.errors import Unauthenticated
from core.identity.fetch import HttpFetch
from core.identity.issuer import Agent
from core.identity.keys import JwksKeys
from core.identity.verifier import Verifier
from core.model import Kind, Person
from demo.issuer import Wall
from tests.integration.provider import SECRET, Provider, browsed, provider

RESOURCE = "http://127.0.0.1:1/mcp"


@final
@dataclass
class Seated:
    """Who sits at the browser, and how often it opened."""

    user: str | None = "alice"
    opened: list[asyncio.Task[httpx2.Response]] = field(default_factory=list)

    def __call__(self, url: str) -> None:
        self.opened.append(asyncio.create_task(browsed(url, self.user)))


@final
class Ahead:
    """The machine's clock, moved on by a test."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def now(self) -> datetime:
        return Wall().now() + self.by


@dataclass
class Scene:
    made: Provider
    verifier: Verifier
    http: httpx2.AsyncClient
    metadata: dict[str, object]
    clock: Ahead

    def signed(self, person: Seated) -> SignedIn:
        confirmed = Confirmed(
            url=self.made.resource, issuer=self.made.issuer, client="assent-relay", callback="/callback"
        )
        return SignedIn(confirmed, self.http, person)


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    """Give a provider, a door's verifier, and a gateway that is nothing but its public metadata."""
    async with provider(RESOURCE) as made, HttpFetch() as fetch:
        metadata: dict[str, object] = {"resource": RESOURCE, "authorization_servers": [made.issuer]}

        def reply(request: httpx2.Request) -> httpx2.Response:
            assert request.url.path == "/.well-known/oauth-protected-resource/mcp"
            return httpx2.Response(200, json=metadata)

        mounts = {"http://127.0.0.1:1": httpx2.MockTransport(reply)}
        async with httpx2.AsyncClient(trust_env=False, mounts=mounts) as http:
            agent = Agent(client="nightly", owner=Person(directory="company", id="bob"))
            clock = Ahead()
            verifier = Verifier([made.trust()], [agent], JwksKeys(fetch, clock), clock)
            yield Scene(made, verifier, http, metadata, clock)


async def machine(made: Provider, **form: str) -> httpx2.Response:
    given = {"grant_type": "client_credentials", "scope": "assent:read", "resource": RESOURCE} | form
    async with httpx2.AsyncClient(trust_env=False) as client:
        return await client.post(f"{made.issuer}/token", data=given, auth=("nightly", SECRET))


async def test_a_machine_signs_in_with_its_own_credentials_and_is_no_person() -> None:
    async with scene() as around:
        token = (await machine(around.made)).json()["access_token"]
        caller = await around.verifier.caller(token)
    assert (caller.kind, caller.client, caller.subject) == (Kind.MACHINE, "nightly", "nightly")
    assert caller.owner == Person(directory="company", id="bob")
    assert caller.scopes == {"assent:read"}


async def test_a_token_for_another_resource_is_not_even_given() -> None:
    async with scene() as around:
        reply = await machine(around.made, resource="https://other.example/mcp")
    assert reply.json()["error"] == "invalid_target"


async def test_the_relay_signs_the_person_in_and_the_door_knows_them() -> None:
    person = Seated()
    async with scene() as around:
        token = await around.signed(person).token()
        page = await person.opened[0]
        caller = await around.verifier.caller(token)
    assert "Signed in" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert (caller.kind, caller.subject, caller.client) == (Kind.PERSON, "alice", "assent-relay")
    assert (caller.groups, caller.email) == (frozenset({"support"}), "alice@example.test")
    assert caller.scopes == {"assent:read"}


async def test_more_scopes_are_asked_for_when_they_are_needed() -> None:
    person = Seated()
    async with scene() as around:
        signed = around.signed(person)
        narrow = await signed.token()
        wide = await signed.token(needed=frozenset({"assent:read", "assent:write"}), refused=narrow)
        assert await signed.token() == wide
        caller = await around.verifier.caller(wide)
    assert caller.scopes == {"assent:read", "assent:write"}
    assert len(person.opened) == 2


async def test_a_token_that_is_refused_is_renewed_without_the_browser() -> None:
    person = Seated()
    async with scene() as around:
        signed = around.signed(person)
        first = await signed.token()
        second = await signed.token(refused=first)
        third = await signed.token(refused=second)
        assert (await around.verifier.caller(third)).subject == "alice"
    assert len({first, second, third}) == 3
    assert len(person.opened) == 1


async def test_however_many_wait_the_browser_opens_once() -> None:
    person = Seated()
    async with scene() as around:
        signed = around.signed(person)
        tokens = await asyncio.gather(*(signed.token() for _ in range(8)))
    assert len(set(tokens)) == 1
    assert len(person.opened) == 1


async def test_who_declines_gets_no_token() -> None:
    async with scene() as around:
        with pytest.raises(NoToken, match="Nobody signed in"):
            await around.signed(Seated(user=None)).token()


async def test_keys_that_change_during_traffic_are_found_and_what_they_signed_before_ends() -> None:
    async with scene() as around:
        old, kept = [(await machine(around.made)).json()["access_token"] for _ in range(2)]
        await around.verifier.caller(old)
        await around.made.rotate()
        new = (await machine(around.made)).json()["access_token"]
        with pytest.raises(Unauthenticated):  # asked again at most every 30 s, whatever kid is named
            await around.verifier.caller(new)
        around.clock.by += timedelta(seconds=31)
        assert (await around.verifier.caller(new)).client == "nightly"
        with pytest.raises(Unauthenticated):
            await around.verifier.caller(kept)


@pytest.mark.parametrize(
    "metadata",
    [
        {"resource": "https://evil.example/mcp"},
        {"authorization_servers": ["https://evil.example"]},
        {"authorization_servers": []},
        {"authorization_servers": "x"},
        {"resource": None},
    ],
)
async def test_a_gateway_that_names_another_resource_or_issuer_gets_no_token(metadata: dict[str, object]) -> None:
    person = Seated()
    async with scene() as around:
        around.metadata.update(metadata)
        with pytest.raises(NoToken, match="than was confirmed"):
            await around.signed(person).token()
    assert person.opened == []


# ---------------------------------------------------------------- what may reach the loopback redirect


def redirect_of(url: str) -> tuple[str, str]:
    """Read where a sign-in is to come back to, and its state."""
    asked = dict(parse_qsl(urlsplit(url).query))
    assert (asked["code_challenge_method"], asked["resource"]) == ("S256", RESOURCE)
    return asked["redirect_uri"], asked["state"]


async def answered(back: str, parameters: dict[str, str], **headers: str) -> int:
    async with httpx2.AsyncClient(trust_env=False) as client:
        return (await client.get(back, params=parameters, headers=headers)).status_code


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"state": "another"}, "another state"),
        ({"state": ""}, "another state"),
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"iss": ""}, "another issuer"),
        ({"code": "a-foreign-code"}, "its code was not taken"),
    ],
)
async def test_an_answer_that_is_not_to_this_sign_in_gives_no_token(change: dict[str, str], sentence: str) -> None:
    sent: list[asyncio.Task[int]] = []

    async with scene() as around:

        def browse(url: str) -> None:
            back, state = redirect_of(url)
            given = {"state": state, "iss": around.made.issuer, "code": "x"} | change
            sent.append(asyncio.create_task(answered(back, {key: value for key, value in given.items() if value})))

        confirmed = Confirmed(url=RESOURCE, issuer=around.made.issuer, client="assent-relay", callback="/callback")
        with pytest.raises(NoToken, match=sentence):
            await SignedIn(confirmed, around.http, browse).token()
        await asyncio.gather(*sent)


async def test_a_page_that_reaches_the_port_by_a_name_of_its_own_or_guesses_its_path_answers_nothing() -> None:
    """DNS rebinding gives any page our port; only the literal address and the path drawn for this sign-in are ours."""
    person, statuses = Seated(), []

    async with scene() as around:

        async def intruding(url: str) -> None:
            back, state = redirect_of(url)
            wrong = {"state": state, "iss": around.made.issuer, "code": "x"}
            port = urlsplit(back).port
            statuses.append(await answered(back, wrong, host=f"evil.example:{port}"))
            statuses.append(await answered(back, wrong, host=f"localhost:{port}"))
            statuses.append(await answered(f"http://127.0.0.1:{port}/", wrong))
            person(url)

        tasks: list[asyncio.Task[None]] = []
        signed = SignedIn(
            Confirmed(url=RESOURCE, issuer=around.made.issuer, client="assent-relay", callback="/callback"),
            around.http,
            lambda url: tasks.append(asyncio.create_task(intruding(url))),
        )
        assert (await around.verifier.caller(await signed.token())).subject == "alice"
    assert statuses == [404, 404, 404]


async def test_the_path_is_drawn_for_each_sign_in_and_takes_one_answer() -> None:
    with Callback(drawn()) as first, Callback(drawn()) as second:
        assert urlsplit(first.url).path != urlsplit(second.url).path
        assert len(urlsplit(first.url).path) > 20
        waiting = asyncio.create_task(first.wait(30))
        assert await answered(first.url, {"code": "1"}) == 200
        assert await waiting == {"code": "1"}
        with pytest.raises(httpx2.HTTPError):
            await answered(first.url, {"code": "2"})


async def test_a_connection_that_says_nothing_does_not_hold_the_answer_up() -> None:
    """Browsers connect ahead of what they ask (Chromium's preconnect)."""
    with Callback(drawn()) as callback:
        waiting = asyncio.create_task(callback.wait(20))
        host, port = str(urlsplit(callback.url).hostname), int(urlsplit(callback.url).port or 0)
        _, silent = await asyncio.open_connection(host, port)
        async with httpx2.AsyncClient(trust_env=False, timeout=15) as browser:
            assert (await browser.get(f"{callback.url}?code=c")).status_code == 200
        assert await waiting == {"code": "c"}
        silent.close()


@pytest.mark.parametrize(
    ("query", "said"),
    [("code=c", "<p>Signed in."), ("error=access_denied", "<p>Not signed in."), ("", "<p>Not signed in.")],
)
async def test_the_page_says_signed_in_where_a_code_came_and_nowhere_else(query: str, said: str) -> None:
    with Callback(drawn()) as callback:
        waiting = asyncio.create_task(callback.wait(20))
        async with httpx2.AsyncClient(trust_env=False, timeout=15) as browser:
            assert said in (await browser.get(f"{callback.url}?{query}")).text
        await waiting


async def test_nobody_at_the_browser_is_no_answer() -> None:
    with Callback(drawn()) as callback:
        assert await callback.wait(0.1) is None
