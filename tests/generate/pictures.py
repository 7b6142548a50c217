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
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli.house import opened
from core.settings import load
from demo.slack import Slack
from demo.slack.office import RITA, chat, office
from demo.slack.page import page
from demo.slack.world import Posted, Whisper
from demo.world import world
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
READ: Final = "SELECT id, email FROM customers WHERE id < 4"


@dataclass(frozen=True)
class Stage:
    """The house, the platform, and the page in a browser."""

    place: Place
    slack: Slack
    page: Page
    url: str

    async def look(self, where: str = "") -> None:
        await self.page.goto(f"{self.url}?as={RITA}{where}")

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
async def stage() -> AsyncIterator[Stage]:
    """Open all of it."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            office() as slack,
            world(Path(folder), say=lambda _: None, chat=chat(slack)) as made,
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
    await on.typed("list 1h", "Sessions, since")
    await on.take("list", "article")
    session = next(line for line in await on.place.house.house.store.history.sessions())
    await on.typed(f"session {session.session}", "Entries proven")
    await on.take("session", "article")


async def main() -> None:
    """Take them all."""
    PLACE.mkdir(exist_ok=True)
    async with stage() as on:
        await story(on)


if __name__ == "__main__":
    asyncio.run(main())
