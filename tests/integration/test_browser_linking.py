"""A Slack account is linked in a real browser, by the real provider's sign-in and the platform's real commands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from core.model import Person
from demo.slack import Slack
from demo.slack.world import TEAM, Member, Posted
from slackbot.clicks.linking import Linker
from slackbot.links import Listed, Signed
from tests.browser import tab
from tests.integration.provider import Provider, started
from tests.integration.signing import RESOURCE, Site, site, stop
from tests.integration.test_browser_sign_in import ALICE, foreign
from tests.slack.doubles import Desk, shown
from tests.slack.flow import opened, posted, workspace

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

USER, OTHER = "U0ALICE", "U0MALLORY"
PERSON = Person(directory="company", id="alice")


@dataclass
class Place:
    """The console, the workspace, a door between them, and a card that waits."""

    at: Site
    slack: Slack
    desk: Desk
    card: Posted

    async def begun(self, user: str) -> str:
        """Type the command; gives the address it shows."""
        said = await self.slack.slash(user, "link")
        button = said.button("link.open") if said is not None else None
        assert button is not None
        return str(button["url"])

    async def typed(self, user: str, words: str) -> str:
        said = await self.slack.slash(user, words.removeprefix("/audit "))
        assert said is not None
        return said.words


@pytest.fixture(scope="module")
def corp() -> Iterator[Provider]:
    with started(RESOURCE) as made:
        yield made


@pytest.fixture
async def place(tmp_path: Path, corp: Provider) -> AsyncIterator[Place]:
    async with (
        site(tmp_path, providers={"corp": corp}, secure=True) as at,
        Slack.start(ack_seconds=10.0) as slack,
    ):
        slack.member(Member(id=USER, name="alice"))
        slack.member(Member(id=OTHER, name='<img src="x">'))
        desk = Desk(groups={"dba": frozenset({PERSON})}, changed=slack.world.changed)
        listed = Listed({})
        links = Signed(listed, at.store.links, at.clock)
        linker: Any = partial(of, at, listed)
        async with opened(workspace(slack), desk, links, linker) as door:
            row = shown(question=None)
            asked = row.question.caller
            object.__setattr__(asked, "person", Person(directory="company", id="dana"))
            yield Place(at, slack, desk, await posted(slack, desk, door, row))
        assert slack.world.rejected == []


def of(at: Site, listed: Listed, web: Any, name: str) -> Linker:
    return Linker(linking=at.linking, listed=listed, web=web, url=at.url, workspace=name)


async def asked(page: Page, address: str) -> str:
    """Open the address, sign in, and give the words of the question."""
    await page.goto(address)
    await page.click("text=corp")
    await page.wait_for_selector("text=Link a Slack account to you?")
    words: str = await page.inner_text("main")
    return words


async def test_a_slack_account_is_linked_in_a_real_browser_and_votes_an_hour_later(
    browser: Browser, place: Place
) -> None:
    async with tab(browser, headers=ALICE) as page:
        words = await asked(page, await place.begun(USER))
        assert "You are alice@example.test, company:alice" in words
        assert f"alice @alice ({USER}) of the workspace Assent Test ({TEAM})" in words
        await page.click("text=It is mine, go on")
        await page.wait_for_selector("text=Now type this in Slack")
        command = await page.inner_text(".code")
        names = {one["name"] for one in await page.context.cookies() if "assent" in one["name"]}
        assert names == {"__Host-assent-session"}
    assert "linked to alice@example.test, company:alice" in await place.typed(USER, command)
    await place.slack.click(USER, place.card, "review.approve")
    assert place.desk.ballots == []
    place.at.clock.by = timedelta(hours=1)
    await place.slack.click(USER, place.card, "review.approve")
    ((who, _, said),) = place.desk.ballots
    assert (who.person, who.email, said) == (PERSON, "alice@example.test", "approved")


async def test_who_is_sent_another_accounts_address_sees_whose_it_is_and_links_nothing(
    browser: Browser, place: Place
) -> None:
    async with tab(browser, headers=ALICE) as page:
        words = await asked(page, await place.begun(OTHER))
        assert f'<img src="x"> @<img src="x"> ({OTHER})' in words
        await page.click("text=It is mine, go on")
        command = await page.inner_text(".code")
    assert "no code for this account" in await place.typed(USER, command)
    assert await place.at.store.links.link(TEAM, USER) is None
    assert await place.at.store.links.link(TEAM, OTHER) is None


async def test_no_page_of_another_site_goes_on_in_a_persons_name_or_frames_the_question(
    browser: Browser, place: Place
) -> None:
    address = await place.begun(OTHER)
    form = f'<form method="post" action="{place.at.url}/link"><input name="of" value="{address.partition("=")[2]}">'
    expected = ("frame-ancestors", "403", "404")
    async with (
        foreign(f'<iframe src="{address}"></iframe>{form}<button>Go</button></form>') as there,
        tab(browser, headers=ALICE, expected=expected) as page,
    ):
        await asked(page, address)
        await page.goto(there)
        await page.wait_for_load_state()
        assert "Link a Slack" not in await page.frames[1].content()
        await page.click("text=Go")
        await page.wait_for_url(f"{place.at.url}/link")
        assert "Pages of other origins may not do this." in await page.content()


async def test_whoever_looks_at_the_address_without_signing_in_uses_nothing_up(place: Place) -> None:
    """As what previews links in chats and mails does."""
    address = await place.begun(USER)
    async with httpx2.AsyncClient(trust_env=False) as bot:
        for _ in range(3):
            assert "Sign in to Assent" in (await bot.get(address)).text
            await bot.head(address)
    assert await place.at.linking.asked(address.partition("=")[2]) is not None


async def test_a_form_of_another_session_an_old_sign_in_and_who_is_stopped_go_on_nowhere(
    browser: Browser, place: Place
) -> None:
    async with tab(browser, headers=ALICE, expected=("400",)) as page:
        await asked(page, await place.begun(USER))
        place.at.clock.by = timedelta(minutes=5)
        await page.goto(f"{place.at.url}/link")
        await page.wait_for_selector("text=Sign in to Assent")
        place.at.clock.by = timedelta(0)
        await page.goto(f"{place.at.url}/link")
        await page.evaluate("document.querySelector('input[name=stamp]').value = 'another'")
        await page.click("text=It is mine, go on")
        await page.wait_for_selector("text=Not signed in")
        await page.goto(f"{place.at.url}/link")
        await stop(place.at)
        await page.click("text=It is mine, go on")
        await page.wait_for_selector("text=Not signed in")
    assert len(place.at.denied) == 2
