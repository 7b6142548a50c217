"""The local page in a real browser: each kind of message whole and in the order of its JSON, hostile or not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from core.model import Reason
from core.ports import Shown
from demo.slack import Slack
from demo.slack.office import RITA, office
from demo.slack.page import page
from demo.slack.platform import CHANNEL
from demo.slack.world import Json, Posted, View, Whisper, read, stored
from slackbot import samples
from slackbot.views import cards, modals
from slackbot.views.cards import Message
from tests.browser import tab
from tests.slack import rare
from tests.slack.doubles import caller, facts, question, shown
from tests.slack.test_hostile import NASTY

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
ALIKE = re.compile(r"\s+")


@pytest.fixture(scope="module")
async def slack() -> AsyncIterator[Slack]:
    async with office() as platform:
        yield platform


@pytest.fixture(scope="module")
async def url(slack: Slack) -> AsyncIterator[str]:
    async with page(slack) as address:
        yield address


@pytest.fixture(autouse=True)
def _empty(slack: Slack) -> None:
    for kept in (slack.world.messages, slack.world.whispers, slack.world.views):
        kept.clear()
    slack.world.homes.clear()


def said(blocks: list[Json]) -> str:
    """Everything the JSON says, in its order, without white space; a date as it falls back."""
    return alike(" ".join(read(dated(stored(blocks)))))


def dated(node: object) -> object:
    """Write dates of mrkdwn as they fall back; in plain text they are no dates."""
    if isinstance(node, list):
        return [dated(each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "mrkdwn":
        return {**node, "text": DATE.sub(r"\1", str(node["text"]))}
    return {name: dated(each) for name, each in node.items()}


def alike(text: str) -> str:
    return ALIKE.sub("", text)


async def seen(page: Page, place: str) -> str:
    """Everything a person sees there; what the page adds to press a select with is not Slack's."""
    return alike((await page.locator(place).first.inner_text()).replace("›", ""))


def blocks_of(payload: Json) -> list[Json]:
    found = payload["blocks"]
    assert isinstance(found, list)
    return found


def put(slack: Slack, *messages: Message) -> None:
    """Have messages stand in the channel, the last one newest."""
    for number, message in enumerate(messages):
        posted = Posted(channel=CHANNEL, ts=f"1.{number:06d}", text=message.text, blocks=[])
        slack.world.messages.append(posted)
        slack.world.draw(posted, message.text, message.blocks)


async def channel(page: Page) -> list[str]:
    """Everything a person sees of each message, the first one first."""
    return [alike(each.replace("›", "")) for each in reversed(await page.locator(".said").all_inner_texts())]


async def test_each_kind_of_message_is_shown_as_its_json_says_it(browser: Browser, slack: Slack, url: str) -> None:
    put(slack, *(message for _, message in samples.messages()))
    async with tab(browser) as page:
        await page.goto(url)
        drawn = await channel(page)
    wanted = [(name, said(message.blocks)) for name, message in samples.messages()]
    assert len(drawn) == len(wanted)
    assert [name for (name, words), shown in zip(wanted, drawn, strict=True) if words != shown] == []


async def test_each_kind_of_view_is_shown_as_its_json_says_it(browser: Browser, slack: Slack, url: str) -> None:
    async with tab(browser) as page:
        for name, view in samples.views():
            slack.world.views.clear()
            made = View(id="V1", user=RITA, payload=view)
            if view["type"] == "home":
                slack.world.homes[RITA] = made
                await page.goto(f"{url}?as={RITA}&home=1")
                assert said(blocks_of(view)) in await seen(page, "main"), name
                continue
            slack.world.views.append(made)
            await page.goto(url)
            drawn = await seen(page, ".dialog")
            assert drawn.startswith(alike(str(view["title"]["text"])) + said(blocks_of(view))), name  # type: ignore[index]


def hostile(nasty: str) -> Shown:
    """A question with these words everywhere."""
    words = nasty[:3_000] + "<script>window.hit=1</script><img src=x onerror=window.hit=1>"
    return shown(
        question=question(statement=words, source=words, caller=caller(email=words)),
        facts=facts(purpose=words, agent=words, reasons=(Reason(rule=words, sentence=words),)),
    )


async def test_hostile_words_are_seen_as_they_are_and_nothing_of_them_runs_or_is_fetched(
    browser: Browser, slack: Slack, url: str
) -> None:
    rows = [hostile(nasty) for nasty in NASTY.values()]
    put(slack, *(cards.card(row) for row in rows))
    slack.world.whispers[:] = [Whisper(user=RITA, channel=CHANNEL, ts="0.1", text=NASTY["mentions"])]
    async with tab(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(url)
        assert (await channel(page))[1:] == [said(cards.card(row).blocks) for row in rows]
        for name in ("mentions", "controls", "long"):
            full = modals.full(hostile(NASTY[name])).view
            slack.world.views[:] = [View(id="V1", user=RITA, payload=full)]
            await page.goto(url)
            assert said(blocks_of(full)) in await seen(page, ".dialog"), name
        assert await page.evaluate("window.hit") is None
        assert [each for each in asked if not each.startswith((url, "data:"))] == []


async def test_each_block_that_slack_knows_is_shown_as_its_json_says_it(
    browser: Browser, slack: Slack, url: str
) -> None:
    put(slack, *(Message(text="t", blocks=[block]) for block in rare.IN_MESSAGES.values()))
    async with tab(browser) as page:
        await page.goto(url)
        drawn = await channel(page)
        wanted = [(name, said([block])) for name, block in rare.IN_MESSAGES.items()]
        assert len(drawn) == len(wanted)
        assert [(name, words, is_) for (name, words), is_ in zip(wanted, drawn, strict=True) if words != is_] == []
        assert "window.hit=1" in "".join(drawn)
        assert await page.evaluate("window.hit") is None
        for name, block in rare.IN_MODALS.items():
            view: Json = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [block]}
            slack.world.views[:] = [View(id="V1", user=RITA, payload=view)]
            await page.goto(url)
            assert said([block]) in await seen(page, ".dialog"), name


async def test_a_narrow_window_shows_all_of_it_without_moving_sideways(
    browser: Browser, slack: Slack, url: str
) -> None:
    put(slack, *(message for _, message in samples.messages()))
    async with tab(browser) as page:
        await page.set_viewport_size({"width": 320, "height": 640})  # WCAG 2.2, 1.4.10
        await page.goto(url)
        assert await page.evaluate("document.documentElement.scrollWidth") == 320
