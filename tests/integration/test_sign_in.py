"""A person signs in at the console with a provider that we did not write, and hands their agent a token."""

from __future__ import annotations

import asyncio
import json
import logging
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from re import search
from typing import final
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from cli.relay.signing import SignedIn
from cli.relay.trusted import Gateway as Confirmed
from console.signing.handing import challenge
from core.model import EntryKind, Kind, Person
from tests.integration.provider import Provider, started
from tests.integration.signing import RESOURCE, Site, site, stop

VERIFIER = "v" * 50
BACK = "http://127.0.0.1:45678/here"


@final
@dataclass(kw_only=True)
class Scene:
    """A site, its provider, and browsers."""

    at: Site

    @asynccontextmanager
    async def browser(self, user: str = "alice") -> AsyncIterator[httpx2.AsyncClient]:
        headers = {"x-test-user": user, "sec-fetch-site": "same-origin"}
        async with httpx2.AsyncClient(
            base_url=self.at.url, trust_env=False, follow_redirects=True, headers=headers
        ) as browser:
            yield browser

    async def answer(self, browser: httpx2.AsyncClient, *, way: str = "corp") -> str:
        """Go through a sign-in up to the address that the provider sends the browser to, and stop before it."""
        where = str((await browser.get(f"/oidc/{way}/login", follow_redirects=False)).headers["location"])
        while not where.startswith(self.at.url):
            reply = await browser.get(where, follow_redirects=False)
            where = str(reply.url.join(reply.headers["location"]))
        return where


@pytest.fixture(scope="module")
def corp() -> Iterator[Provider]:
    with started(RESOURCE) as made:
        yield made


@pytest.fixture(scope="module")
def other() -> Iterator[Provider]:
    with started(RESOURCE) as made:
        yield made


@pytest.fixture
async def scene(tmp_path: Path, corp: Provider) -> AsyncIterator[Scene]:
    async with site(tmp_path, providers={"corp": corp}) as at:
        yield Scene(at=at)


def asked(**change: str) -> dict[str, str]:
    given = {
        "response_type": "code",
        "client_id": "assent-relay",
        "redirect_uri": BACK,
        "scope": "assent:read assent:write",
        "state": "the-clients-state",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
        "resource": RESOURCE,
    }
    return {name: value for name, value in (given | change).items() if value}


def field(page: httpx2.Response, name: str) -> str:
    found = search(f'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, page.text
    return unescape(found[1])


def sent_back(page: httpx2.Response) -> dict[str, str]:
    found = search(r'content="0;url=([^"]*)"', page.text)
    assert found is not None, page.text
    where = unescape(found[1])
    assert where.startswith(f"{BACK}?")
    return dict(parse_qsl(urlsplit(where).query))


async def code(browser: httpx2.AsyncClient, **change: str) -> dict[str, str]:
    page = await browser.get("/agent", params=asked(**change))
    form = {"stamp": field(page, "stamp"), "asked": field(page, "asked")}
    return sent_back(await browser.post("/agent", data=form))


def trade(given: str, **change: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": given,
        "redirect_uri": BACK,
        "client_id": "assent-relay",
        "code_verifier": VERIFIER,
    } | change


# ---------------------------------------------------------------- signing in


async def test_a_person_signs_in_and_is_known_by_directory_and_person(scene: Scene) -> None:
    async with scene.browser() as browser:
        choices = await browser.get("/sign-in")
        page = await browser.get("/oidc/corp/login")
    assert 'href="/oidc/corp/login"' in choices.text
    assert page.url.path == "/sign-in"
    assert "alice@example.test, company:alice" in page.text


async def test_an_email_is_matched_with_who_signed_in_with_it_verified(scene: Scene) -> None:
    matching = scene.at.ways.matching
    assert matching is not None
    assert await matching.person("alice@example.test") is None
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
    assert await matching.person("alice@example.test") == Person(directory="company", id="alice")


async def test_a_linking_that_is_over_does_not_stand_in_the_way_of_later_sign_ins(scene: Scene) -> None:
    async with scene.browser() as browser:
        for of in ("x" * 43, "x" * 4_000, "a; b=c", ""):
            await browser.get("/link", params={"of": of})
            await browser.get("/oidc/corp/login")
            page = await browser.get("/sign-in")
            assert "Signed in" in page.text or "Nothing waits" in page.text, of
            assert "Signed in" in (await browser.get("/sign-in")).text, of
            await browser.post("/sign-out", data={"stamp": field(await browser.get("/sign-in"), "stamp")})


async def test_it_asks_for_a_fresh_sign_in_with_every_protection(scene: Scene) -> None:
    async with scene.browser() as browser:
        reply = await browser.get("/oidc/corp/login", follow_redirects=False)
    said = dict(parse_qsl(urlsplit(reply.headers["location"]).query))
    assert (said["response_type"], said["prompt"], said["code_challenge_method"]) == ("code", "login", "S256")
    assert said["redirect_uri"] == f"{scene.at.url}/oidc/corp/callback"
    assert min(len(said[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert said["code_challenge"] not in cookie


async def test_the_session_is_new_at_each_sign_in_and_the_former_one_ends(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        first = browser.cookies["assent-session"]
        await browser.get("/oidc/corp/login")
        assert browser.cookies["assent-session"] != first
    assert await scene.at.ways.sessions.find(first) is None


@pytest.mark.parametrize("idle", [timedelta(minutes=16), timedelta(minutes=61)])
async def test_a_session_ends_by_itself(scene: Scene, idle: timedelta) -> None:
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        scene.at.clock.by += idle
        assert "Signed in" not in (await browser.get("/sign-in")).text


async def test_a_session_in_use_ends_after_its_hour(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        for _ in range(5):
            scene.at.clock.by += timedelta(minutes=11)
            assert "Signed in" in (await browser.get("/sign-in")).text
        scene.at.clock.by += timedelta(minutes=6)
        assert "Signed in" not in (await browser.get("/sign-in")).text


async def test_signing_out_ends_it_everywhere_and_wants_the_forms_stamp(scene: Scene) -> None:
    async with scene.browser() as browser:
        page = await browser.get("/oidc/corp/login")
        name = browser.cookies["assent-session"]
        assert (await browser.post("/sign-out", data={"stamp": "0" * 64})).status_code == 400
        assert await scene.at.ways.sessions.find(name) is not None
        assert (await browser.post("/sign-out", data={"stamp": field(page, "stamp")})).status_code == 200
    assert await scene.at.ways.sessions.find(name) is None


async def test_whoever_operators_stop_is_signed_out_at_the_next_click_and_signs_in_no_more(scene: Scene) -> None:
    async with scene.browser() as browser, scene.browser("bob") as other:
        await browser.get("/oidc/corp/login")
        await other.get("/oidc/corp/login")
        page = await browser.get("/agent", params=asked())
        await stop(scene.at)
        form = {"stamp": field(page, "stamp"), "asked": field(page, "asked")}
        assert (await browser.post("/agent", data=form)).status_code == 400
        assert "Signed in" not in (await browser.get("/sign-in")).text
        assert (await browser.get("/oidc/corp/login")).status_code == 400
        assert "Signed in" in (await other.get("/sign-in")).text


CHANGES = {
    "another state": ("state", "x" * 43),
    "no state": ("state", ""),
    "another issuer": ("iss", "https://evil.example"),
    "no issuer": ("iss", ""),
    "a foreign code": ("code", "another"),
    "no code": ("code", ""),
    "an error beside": ("error", "access_denied"),
}


async def test_an_answer_that_is_not_to_this_sign_in_signs_nobody_in(scene: Scene) -> None:
    for case, (name, value) in CHANGES.items():
        async with scene.browser() as browser:
            back = await scene.answer(browser)
            said = dict(parse_qsl(urlsplit(back).query)) | {name: value}
            reply = await browser.get("/oidc/corp/callback", params={key: word for key, word in said.items() if word})
            assert reply.status_code == 400, case
            assert "assent-session" not in browser.cookies, case
    assert len(scene.at.denied) == len(CHANGES)


async def test_a_parameter_that_stands_twice_signs_nobody_in(scene: Scene) -> None:
    async with scene.browser() as browser:
        back = await scene.answer(browser)
        assert (await browser.get(f"{back}&state=x")).status_code == 400


async def test_the_answer_serves_the_browser_that_asked_and_no_other(scene: Scene) -> None:
    """Else who signs in on their own machine could have somebody else's browser finish it."""
    async with scene.browser() as mallory, scene.browser() as alice:
        back = await scene.answer(mallory)
        assert (await alice.get(back)).status_code == 400
        assert "assent-session" not in alice.cookies


async def test_an_answer_serves_once_whichever_process_it_reaches(scene: Scene) -> None:
    async with scene.browser() as browser:
        back = await scene.answer(browser)
        kept = browser.cookies["assent-oidc"]
        assert (await browser.get(back)).status_code == 200
        browser.cookies.set("assent-oidc", kept)
        assert (await browser.get(back)).status_code == 400
    assert scene.at.denied == ["sign-in: this answer came before"]


async def test_a_sign_in_that_took_too_long_is_none(scene: Scene) -> None:
    async with scene.browser() as browser:
        back = await scene.answer(browser)
        scene.at.clock.by += timedelta(minutes=11)
        assert (await browser.get(back)).status_code == 400


async def test_two_providers_whose_answers_are_swapped_sign_nobody_in(
    tmp_path: Path, corp: Provider, other: Provider
) -> None:
    async with site(tmp_path, providers={"corp": corp, "other": other}) as at, Scene(at=at).browser() as browser:
        scene = Scene(at=at)
        mine = await scene.answer(browser)
        kept = browser.cookies["assent-oidc"]
        theirs = await scene.answer(browser, way="other")
        assert (await browser.get(mine.replace("/oidc/corp/", "/oidc/other/"))).status_code == 400
        browser.cookies.set("assent-oidc", kept)
        assert (await browser.get(theirs.replace("/oidc/other/", "/oidc/corp/"))).status_code == 400
        assert "assent-session" not in browser.cookies


async def test_too_many_tries_from_one_address_are_told_to_wait(tmp_path: Path, corp: Provider) -> None:
    async with site(tmp_path, providers={"corp": corp}, tries=3) as at, Scene(at=at).browser() as browser:
        statuses = [(await browser.get("/oidc/corp/login", follow_redirects=False)).status_code for _ in range(4)]
        assert statuses == [303, 303, 303, 429]
        at.clock.by += timedelta(minutes=1)
        assert (await browser.get("/oidc/corp/login", follow_redirects=False)).status_code == 303


async def test_every_answer_carries_the_headers_and_no_code_is_logged(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with scene.browser() as browser:
        back = await scene.answer(browser)
        secret = dict(parse_qsl(urlsplit(back).query))["code"]
        for reply in (await browser.get(back), await browser.get(back), await browser.get("/oidc/none/login")):
            assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
            assert reply.headers["referrer-policy"] == "no-referrer"
            assert reply.headers["cache-control"] == "no-store"
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert secret not in reply.text
    assert not logging.getLogger("uvicorn.access").propagate  # nor has it a handler, but pytest's
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("assent")]
    assert ours
    assert not any(secret in line for line in ours)


# ---------------------------------------------------------------- a token for the agent


async def test_a_token_of_fifteen_minutes_is_minted_for_the_persons_agent(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        given = await code(browser)
        reply = await browser.post("/token", data=trade(given["code"]))
    assert (given["state"], given["iss"]) == ("the-clients-state", scene.at.url)
    said = reply.json()
    assert (said["token_type"], said["expires_in"], said["scope"]) == ("Bearer", 900, "assent:read assent:write")
    caller = await scene.at.gateway.caller(said["access_token"])
    assert (caller.kind, caller.client) == (Kind.PERSON, "assent-relay")
    assert caller.person == Person(directory="company", id="alice")
    assert (caller.groups, caller.email) == (frozenset({"support"}), "alice@example.test")
    assert caller.expires_at - scene.at.clock.now() <= timedelta(minutes=15)


async def test_a_code_of_who_is_stopped_meanwhile_gives_no_token(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        given = await code(browser)
        await stop(scene.at)
        reply = await browser.post("/token", data=trade(given["code"]))
    assert (reply.status_code, reply.json()) == (400, {"error": "invalid_grant"})


async def test_a_minted_token_is_in_the_record_before_it_leaves(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        given = await code(browser)
        await browser.post("/token", data=trade(given["code"]))
    entries = [one.body for one in await scene.at.store.journal.tail(0, 100)]
    (minted,) = [one for one in entries if one["kind"] == EntryKind.MINTED.value]
    assert minted["client"] == "assent-relay"
    assert "alice" not in json.dumps(minted)


async def test_groups_beyond_the_minted_table_are_not_in_the_token(scene: Scene) -> None:
    async with scene.browser("bob") as browser:
        await browser.get("/oidc/corp/login")
        given = await code(browser)
        token = (await browser.post("/token", data=trade(given["code"]))).json()["access_token"]
    payload = token.split(".")[1]
    assert json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["groups"] == []


async def test_a_get_mints_nothing(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        page = await browser.get("/agent", params=asked())
        assert "code=" not in page.text
        assert "assent-relay" in page.text
        assert "127.0.0.1:45678" in page.text


async def test_what_was_asked_before_the_sign_in_is_shown_after_it(scene: Scene) -> None:
    async with scene.browser() as browser:
        assert "Sign in" in (await browser.get("/agent", params=asked())).text
        page = await browser.get("/oidc/corp/login")
        assert page.url.path == "/agent"
        form = {"stamp": field(page, "stamp"), "asked": field(page, "asked")}
        assert sent_back(await browser.post("/agent", data=form))["code"]


FOREIGN = {
    "another host": {"redirect_uri": "http://evil.example:45678/here"},
    "a name of loopback": {"redirect_uri": "http://localhost:45678/here"},
    "loopback by another spelling": {"redirect_uri": "http://127.1:45678/here"},
    "a whole number": {"redirect_uri": "http://2130706433:45678/here"},
    "a user in it": {"redirect_uri": "http://127.0.0.1:1@evil.example:45678/here"},
    "a backslash": {"redirect_uri": "http://127.0.0.1:45678\\@evil.example/"},
    "https": {"redirect_uri": "https://127.0.0.1:45678/here"},
    "no port": {"redirect_uri": "http://127.0.0.1/here"},
    "a query": {"redirect_uri": f"{BACK}?x=1"},
    "a fragment": {"redirect_uri": f"{BACK}#x"},
    "a script": {"redirect_uri": "javascript:alert(1)"},
    "none": {"redirect_uri": ""},
    "another client": {"client_id": "evil"},
    "no proof": {"code_challenge": ""},
    "a plain proof": {"code_challenge_method": "plain"},
    "a short proof": {"code_challenge": "x"},
    "no state": {"state": ""},
    "a token at once": {"response_type": "token"},
    "a reviewer's scope": {"scope": "assent:read assent:review"},
    "an operator's scope": {"scope": "assent:operate"},
    "another resource": {"resource": "https://other.example/mcp"},
    "a parameter of its own": {"response_mode": "fragment"},
}


async def test_what_no_client_of_ours_asks_is_neither_shown_nor_sent_anywhere(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        for case, change in FOREIGN.items():
            page = await browser.get("/agent", params=asked(**change))
            assert page.status_code == 400, case
            assert "evil" not in page.text, case
            assert "assent-asked" not in browser.cookies, case


async def test_another_page_that_asks_meanwhile_is_not_what_was_let(scene: Scene) -> None:
    """A page may send the browser to /agent with a question of its own while another is on the screen."""
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        page = await browser.get("/agent", params=asked())
        form = {"stamp": field(page, "stamp"), "asked": field(page, "asked")}
        await browser.get("/agent", params=asked(redirect_uri="http://127.0.0.1:6666/other"))
        assert (await browser.post("/agent", data=form)).status_code == 400


async def test_a_form_of_another_session_or_origin_lets_nothing(scene: Scene) -> None:
    async with scene.browser() as alice, scene.browser("bob") as bob:
        await alice.get("/oidc/corp/login")
        await bob.get("/oidc/corp/login")
        foreign = await bob.get("/agent", params=asked())
        mine = await alice.get("/agent", params=asked())
        form = {"stamp": field(mine, "stamp"), "asked": field(mine, "asked")}
        assert (await alice.post("/agent", data=form | {"stamp": field(foreign, "stamp")})).status_code == 400
        for headers in (
            {"origin": "https://evil.example"},
            {"origin": "null", "sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ):
            assert (await alice.post("/agent", data=form, headers=headers)).status_code == 403
        assert (await alice.post("/agent", data=form, headers={"origin": "null"})).status_code == 200


TRADES = {
    "another proof": {"code_verifier": "w" * 50},
    "no proof": {"code_verifier": ""},
    "another client": {"client_id": "evil"},
    "another redirect": {"redirect_uri": "http://127.0.0.1:1/here"},
    "another grant": {"grant_type": "refresh_token"},
    "another code": {"code": "x"},
}


async def test_a_code_is_traded_by_who_proves_it_alone(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        for case, change in TRADES.items():
            given = await code(browser)
            reply = await browser.post("/token", data=trade(given["code"]) | change)
            assert (reply.status_code, reply.json()) == (400, {"error": "invalid_grant"}), case


async def test_a_code_serves_once_and_for_a_minute(scene: Scene) -> None:
    async with scene.browser() as browser:
        await browser.get("/oidc/corp/login")
        first, late = await code(browser), await code(browser)
        assert (await browser.post("/token", data=trade(first["code"]))).status_code == 200
        assert (await browser.post("/token", data=trade(first["code"]))).status_code == 400
        scene.at.clock.by += timedelta(seconds=61)
        assert (await browser.post("/token", data=trade(late["code"]))).status_code == 400


async def test_the_relay_signs_in_at_the_console_as_at_any_issuer(scene: Scene) -> None:
    """The person's browser is played by a client that presses the one button."""
    metadata = {"resource": RESOURCE, "authorization_servers": [scene.at.url]}
    mounts = {"http://127.0.0.1:1": httpx2.MockTransport(lambda _: httpx2.Response(200, json=metadata))}
    opened: list[object] = []

    async def press(url: str) -> None:
        async with scene.browser() as browser:
            await browser.get(url)
            page = await browser.get("/oidc/corp/login")
            form = {"stamp": field(page, "stamp"), "asked": field(page, "asked")}
            done = await browser.post("/agent", data=form)
            found = search(r'content="0;url=([^"]*)"', done.text)
            assert found is not None
            assert "Signed in" in (await browser.get(unescape(found[1]))).text

    async with httpx2.AsyncClient(trust_env=False, mounts=mounts) as http:
        confirmed = Confirmed(url=RESOURCE, issuer=scene.at.url, client="assent-relay")
        signed = SignedIn(confirmed, http, lambda url: opened.append(asyncio.create_task(press(url))))
        caller = await scene.at.gateway.caller(await signed.token())
    assert caller.person == Person(directory="company", id="alice")
    assert caller.scopes == {"assent:read"}
