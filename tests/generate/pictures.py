"""Take the pictures of `docs/guides/slack.md`: the demo's own house, its local page, a real browser.

`python -m tests.generate.pictures` writes `docs/pictures/slack-*.png`. They show the local page, not Slack.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mcp import Client

from cli.serve.house import opened
from console.signing import pages
from console.signing.sessions import BrowserSession
from console.signing.style import STYLE
from core.identity.linking import Account
from core.identity.signin import SignedIn
from core.model import Person
from core.settings import load
from demo.slack import Slack
from demo.slack.office import OTTO, RITA, chat, office
from demo.slack.page import page
from demo.slack.world import TEAM, Channel, Posted, Whisper
from demo.world import DIRECTORY, world
from tests.browser import chromium, tab
from tests.e2e.conftest import Place
from tests.e2e.test_line import call

if TYPE_CHECKING:
    from playwright.async_api import Page

PLACE: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WIDTH: Final = 820
ASKED: Final = "UPDATE tickets SET closed_at = now() WHERE id IN (31, 32, 33)"
DENIED: Final = "UPDATE tickets SET closed_at = now() WHERE id BETWEEN 34 AND 39"
WHY: Final = "close what support marked as answered"
BROKEN: Final = "UPDATE tickets SET closed_at = now() WHERE id IN (41, 42)"
GLASS: Final = "C0EMERGENCY"
ALONE: Final = f'\n[break_glass]\nmembers = ["{DIRECTORY}:otto"]\nchannel = "{GLASS}"\n'
READ: Final = "SELECT id, email FROM customers WHERE id < 4"


@dataclass(frozen=True)
class Stage:
    """The house, the platform, and the page in a browser."""

    place: Place
    slack: Slack
    page: Page
    url: str

    async def look(self, where: str = "", *, user: str = RITA) -> None:
        await self.page.goto(f"{self.url}?as={user}{where}")

    async def take(self, name: str, part: str = "main") -> None:
        await self.page.locator(part).first.screenshot(path=PLACE / f"slack-{name}.png")

    async def shown(self, words: str) -> None:
        """Wait until a message says this."""
        world = self.slack.world
        await world.until(
            lambda: words in "\n".join([*map(read_of, world.messages), *map(read_of, world.whispers)]), words
        )

    async def typed(self, text: str, words: str) -> None:
        await self.look("&write=1")
        await self.page.fill("input[name=text]", f"/audit {text}")
        await self.page.get_by_role("button", name="Send").click()
        await self.shown(words)
        await self.look()


def read_of(message: Posted | Whisper) -> str:
    return message.words


@asynccontextmanager
async def workplace() -> AsyncIterator[Slack]:
    """The demo's workspace, with the second channel for emergencies."""
    async with office() as slack:
        slack.world.channels[GLASS] = Channel(id=GLASS, name="emergencies")
        yield slack


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Open all of it."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            workplace() as slack,
            world(Path(folder), say=lambda _: None, chat=chat(slack), more=ALONE) as made,
            opened(load(made.config, os.environ), votes=False) as house,
            page(slack) as url,
            chromium() as browser,
            tab(browser) as sight,
        ):
            await sight.set_viewport_size({"width": WIDTH, "height": 900})
            yield Stage(Place(made, house), slack, sight, url)


async def story(on: Stage) -> None:
    """Ask, approve, deny, look up; a picture of each."""
    async with on.place.agent("sam") as client:
        await call(client, "query", sql=READ, purpose="see who wrote")
        work = asyncio.create_task(call(client, "execute", sql=ASKED, purpose=WHY))
        await on.shown("id IN (31, 32, 33)")
        await on.look()
        await on.take("card", "article")
        await on.page.get_by_role("button", name="Full statement…").click()
        await on.take("full", ".dialog")
        await on.page.get_by_role("button", name="Back").click()
        await on.page.get_by_role("button", name="Approve once").click()
        await on.shown("Executed")
        await on.look()
        await on.take("executed", "article")
        await work
        work = asyncio.create_task(call(client, "execute", sql=DENIED, purpose=WHY))
        await on.shown("BETWEEN 34 AND 39")
        await on.look()
        await on.page.get_by_role("button", name="Assent: Home").click()
        await on.take("home")
        await on.look()
        await on.page.get_by_role("button", name="Deny…").click()
        await on.page.select_option("select", "scope")
        await on.page.fill("textarea", "All of them? Name which ones.")
        await on.take("denial", ".dialog")
        await on.page.get_by_role("button", name="Deny", exact=True).click()
        await on.shown("Denied")
        await work
        await alone(on, client)
    await on.typed("list 1h", "Sessions, since")
    await on.take("list", "article")
    session = next(line for line in await on.place.house.house.store.history.sessions())
    await on.typed(f"session {session.session}", "Entries proven")
    await on.take("session", "article")


async def alone(on: Stage, client: Client) -> None:
    """Have somebody who is named answer alone."""
    work = asyncio.create_task(call(client, "execute", sql=BROKEN, purpose=WHY))
    await on.shown("id IN (41, 42)")
    await on.look(user=OTTO)
    await on.page.get_by_role("button", name="Break glass…").click()
    await on.page.locator("textarea").nth(0).fill("INC-1")
    await on.page.locator("textarea").nth(1).fill("No DBA answers; tickets are reopened every minute")
    await on.take("alone", ".dialog")
    await on.page.get_by_role("button", name="Answer alone").click()
    await on.shown("Answered alone by")
    await work
    await on.shown("Executed · UPDATE 2 rows")
    await on.look()
    await on.take("broken", "article")


async def linking(on: Stage) -> None:
    """Take the console's page that names both accounts, for somebody invented."""
    who = SignedIn(
        person=Person(directory=DIRECTORY, id="rita"),
        email="rita@example.com",
        groups=frozenset(),
        at=datetime.now(UTC),
        issuer="https://login.example.com",
    )
    session = BrowserSession(name="", who=who)
    account = Account(team=TEAM, user=RITA, workspace="Assent Test", name="rita @rita")
    await on.page.set_content(bytes(pages.linking(session, account, "").body).decode())
    await on.page.add_style_tag(content=STYLE)
    await on.take("link", "body")


async def main() -> None:
    """Take them all."""
    PLACE.mkdir(exist_ok=True)
    async with stage() as on:
        await story(on)
        await linking(on)


if __name__ == "__main__":
    asyncio.run(main())
