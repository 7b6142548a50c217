"""A real browser at the console: what only a browser shows of cookies, the content policy, frames and foreign pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from cli.relay.signing import SignedIn
from cli.relay.trusted import Gateway as Confirmed
from core.model import Person
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests.browser import tab
from tests.integration.provider import Provider, started
from tests.integration.signing import RESOURCE, Site, site, stop
from tests.integration.test_sign_in import asked

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

ALICE = {"x-test-user": "alice"}  # whom the provider takes the browser for


@pytest.fixture(scope="module")
def corp() -> Iterator[Provider]:
    with started(RESOURCE) as made:
        yield made


@pytest.fixture
async def at(tmp_path: Path, corp: Provider) -> AsyncIterator[Site]:
    """Serve the console with the cookies of HTTPS: a browser takes loopback for as good."""
    async with site(tmp_path, providers={"corp": corp}, secure=True) as made:
        yield made


@asynccontextmanager
async def foreign(content: str) -> AsyncIterator[str]:
    """Serve one page from another site: `localhost` is another name than the console's."""
    taken = bound(Address())
    app = Starlette(routes=[Route("/", lambda _: HTMLResponse(f'<link rel="icon" href="data:,">{content}'))])
    async with listening(app, taken, address=Address(), drain=Drain()):
        yield f"http://localhost:{taken.getsockname()[1]}/"


async def kept(page: Page) -> list[Mapping[str, object]]:
    """Give our cookies; the provider's are beside them, for a cookie knows no port."""
    return [one for one in await page.context.cookies() if "assent" in one["name"]]


async def signed_in(page: Page, at: Site) -> None:
    await page.goto(f"{at.url}/sign-in")
    await page.click("text=corp")
    await page.wait_for_url(f"{at.url}/sign-in")
    assert "alice@example.test, company:alice" in await page.inner_text("main")


async def test_a_person_signs_in_by_a_real_browser_and_no_script_reads_the_session(browser: Browser, at: Site) -> None:
    async with tab(browser, headers=ALICE) as page:
        await signed_in(page, at)
        (session,) = await kept(page)
        assert session["name"] == "__Host-assent-session"
        assert session["secure"] is session["httpOnly"] is True
        assert (session["sameSite"], session["path"]) == ("Lax", "/")
        assert await page.evaluate("document.cookie") == ""
        await page.click("text=Sign out")
        await page.wait_for_selector("text=Sign in to Assent")
        assert await kept(page) == []
    assert at.denied == []


async def test_the_relay_is_let_by_a_click_in_a_real_browser(browser: Browser, at: Site) -> None:
    """What was asked before the sign-in is shown after it; the code reaches loopback though our forms lead to us."""
    metadata = {"resource": RESOURCE, "authorization_servers": [at.url]}
    mounts = {"http://127.0.0.1:1": httpx2.MockTransport(lambda _: httpx2.Response(200, json=metadata))}
    opened: list[asyncio.Task[None]] = []

    async def person(url: str) -> None:
        async with tab(browser, headers=ALICE) as page:
            await page.goto(url)
            await page.click("text=corp")
            await page.click("text=Let it")
            await page.wait_for_selector("text=Signed in. You can close this page.")

    async with httpx2.AsyncClient(trust_env=False, mounts=mounts) as http:
        confirmed = Confirmed(url=RESOURCE, issuer=at.url, client="assent-relay")
        signed = SignedIn(confirmed, http, lambda url: opened.append(asyncio.create_task(person(url))))
        caller = await at.gateway.caller(await signed.token())
    await asyncio.gather(*opened)
    assert caller.person == Person(directory="company", id="alice")


async def test_a_foreign_page_neither_frames_a_question_nor_answers_it(browser: Browser, at: Site) -> None:
    question = f"{at.url}/agent?{urlencode(asked())}"
    frame, form = f'<iframe src="{question}"></iframe>', f'<form method="post" action="{at.url}/agent">'
    expected = ("frame-ancestors", "403", "404")  # the last: a browser asks for the icon of what is no page
    async with (
        foreign(f"{frame}{form}<button>Go</button></form>") as there,
        tab(browser, headers=ALICE, expected=expected) as page,
    ):
        await signed_in(page, at)
        await page.goto(there)
        await page.wait_for_load_state()
        assert "act as you" not in await page.frames[1].content()
        await page.click("text=Go")
        await page.wait_for_url(f"{at.url}/agent")
        assert "Pages of other origins may not do this." in await page.content()


async def test_who_is_stopped_meanwhile_is_refused_at_the_click_in_a_real_browser(browser: Browser, at: Site) -> None:
    async with tab(browser, headers=ALICE, expected=("400",)) as page:
        await signed_in(page, at)
        await page.goto(f"{at.url}/agent?{urlencode(asked())}")
        await stop(at)
        await page.click("text=Let it")
        await page.wait_for_selector("text=Not signed in")
        await page.click("a")
        await page.wait_for_selector("text=Sign in to Assent")
