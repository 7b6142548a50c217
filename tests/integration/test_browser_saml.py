"""A real browser at the sign-in pages, by a SAML provider's own page: by keyboard alone, narrow, light and dark."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from console.signing.saml import SamlSignIn
from core.stores.sqlite.store import SqliteStore
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests.browser import tab
from tests.integration.saml_idp import Idp, Words, asked, packed
from tests.integration.signing import Ahead, Site, site
from tests.integration.test_saml import trusted
from tests.integration.test_sign_in import asked as asking

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

IDP = Idp()
NARROW = {"width": 320, "height": 640}  # WCAG 2.2, 1.4.10
# The contrast of an element's text with what is behind it (WCAG 2.2, "contrast ratio").
CONTRAST = """one => {
  const light = ([r, g, b]) => [.2126 * r, .7152 * g, .0722 * b].reduce((sum, part) => sum + part, 0)
  const channel = of => of <= 10.31 ? of / 3294.6 : ((of / 255 + .055) / 1.055) ** 2.4
  const read = color => {
    const [r, g, b, a = 1] = color.match(/[0-9.]+/g).map(Number)
    return { a, of: [r, g, b].map(channel) }
  }
  let behind = one
  while (read(getComputedStyle(behind).backgroundColor).a === 0) behind = behind.parentElement
  const [x, y] = [light(read(getComputedStyle(one).color).of), light(read(getComputedStyle(behind).backgroundColor).of)]
  return (Math.max(x, y) + .05) / (Math.min(x, y) + .05)
}"""


@asynccontextmanager
async def provider(ours: list[str]) -> AsyncIterator[str]:
    """Serve the provider's one page on another site: whoever presses Enter there is alice."""

    async def page(request: Request) -> HTMLResponse:
        (place,) = ours
        words = Words(place=f"{place}/acs", ours=place, request=asked(str(request.url)))
        answer = escape(packed(IDP.answer(words)))
        return HTMLResponse(
            '<!doctype html><title>corp</title><link rel="icon" href="data:,">'
            f'<form method="post" action="{place}/acs"><input type="hidden" name="SAMLResponse" value="{answer}">'
            "<button autofocus>I am alice</button></form>"
        )

    taken = bound(Address())
    async with listening(Starlette(routes=[Route("/sso", page)]), taken, address=Address(), drain=Drain()):
        yield f"http://localhost:{taken.getsockname()[1]}/sso"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Site]:
    ours: list[str] = []

    async with provider(ours) as address:

        def ways(url: str, store: SqliteStore, clock: Ahead) -> Mapping[str, SamlSignIn]:
            ours.append(f"{url}/saml/corp")
            return {
                "corp": SamlSignIn(
                    issuer=trusted(),
                    address=address,
                    certificate=IDP.certificate,
                    ours=ours[0],
                    person="",
                    email="mail",
                    tickets=store.tickets,
                    clock=clock,
                )
            }

        async with site(tmp_path, providers={}, saml=ways, secure=True) as made:
            yield made


async def press(page: Page, name: str, key: str = "Enter") -> None:
    """Go to a link or a button by Tab alone, see that it is seen to hold the focus, and press it."""
    for _ in range(9):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.textContent") == name:
            break
    else:
        pytest.fail(f"no way to {name} by keyboard")
    assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    await page.keyboard.press(key)


async def seen(page: Page, title: str) -> None:
    """Wait for a page, and hold it to what everybody can read: nothing beside the window, contrast, size of targets."""
    await page.wait_for_selector(f"h1:has-text('{title}')")
    assert await page.title() == f"{title} – Assent"
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    for one in await page.query_selector_all("h1, p, b, a, button"):
        assert await one.evaluate(CONTRAST) >= 4.5, await one.inner_text()
    for one in await page.query_selector_all("button, li a"):
        box = await one.bounding_box()
        assert box is not None
        assert box["height"] >= 44


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_person_signs_in_by_saml_and_lets_an_agent_by_keyboard_alone(
    browser: Browser, at: Site, scheme: str
) -> None:
    async with tab(browser, expected=("400",)) as page:
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
        await page.goto(f"{at.url}/agent?{urlencode(asking())}")
        await seen(page, "Sign in to Assent")
        await press(page, "corp")
        await page.wait_for_selector("text=I am alice")
        await page.keyboard.press("Enter")
        await seen(page, "An agent asks to act as you")
        assert "You are alice@example.test, company:alice." in await page.inner_text("main")
        await press(page, "No, sign out", "Space")
        await seen(page, "Sign in to Assent")
        await press(page, "corp")
        await page.wait_for_selector("text=I am alice")
        await page.keyboard.press("Enter")
        await seen(page, "Signed in")
        await page.goto(f"{at.url}/oidc/none/login")
        await seen(page, "Not signed in")
    assert at.denied == ["sign-in: none of that name"]
