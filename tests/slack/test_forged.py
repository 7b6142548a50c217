"""What a stolen bot token can show: an altered card, a copy, a private message; none of them takes a Vote."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo.slack import Slack
from demo.slack.world import Channel, Json
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from slackbot.bot import Bot
from slackbot.kit import words
from slackbot.transport.web import SlackRefused
from tests.slack.doubles import Desk, review, shown
from tests.slack.flow import ALICE, forged, posted

HARMLESS = "SELECT 1"


def other_statement(blocks: list[Json]) -> None:
    rich = next(block for block in blocks if block["type"] == "rich_text")
    rich["elements"] = [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": HARMLESS}]}]


def other_header(blocks: list[Json]) -> None:
    blocks[0]["text"] = {"type": "plain_text", "text": "🟢 SELECT · nothing", "emoji": False}


def other_facts(blocks: list[Json]) -> None:
    fields = blocks[1]["fields"]
    assert isinstance(fields, list)
    fields[2]["text"] = "Rows\nat most 1, counted; stops above 1 in all"


def more_words(blocks: list[Json]) -> None:
    blocks.insert(0, {"type": "section", "text": {"type": "plain_text", "text": "Checked by security."}})


def fewer_words(blocks: list[Json]) -> None:
    del blocks[2]


def other_reason(blocks: list[Json]) -> None:
    context = next(block for block in blocks if block["type"] == "context")
    context["elements"] = [{"type": "plain_text", "text": "Agent says: harmless"}]


def struck(blocks: list[Json]) -> None:
    rich = next(block for block in blocks if block["type"] == "rich_text")
    elements = rich["elements"]
    assert isinstance(elements, list)
    elements[0]["elements"][0]["style"] = {"strike": True}


def pictured(blocks: list[Json]) -> None:
    blocks[2]["accessory"] = {"type": "image", "image_url": "https://evil.example/ok.png", "alt_text": "ok"}


def smuggled(blocks: list[Json]) -> None:
    footer = blocks[-1]["elements"]
    assert isinstance(footer, list)
    footer[0] = {"type": "plain_text", "text": "Needs 1 dba · voted: carol (approve)"}


def demoted(blocks: list[Json]) -> None:
    blocks[0]["type"] = "section"


ALTERED = [
    demoted,
    other_statement,
    other_header,
    other_facts,
    more_words,
    fewer_words,
    other_reason,
    struck,
    pictured,
    smuggled,
]


@pytest.mark.parametrize("alter", ALTERED)
async def test_an_altered_card_takes_no_vote_is_redrawn_and_is_an_alert(
    slack: Slack, desk: Desk, door: Bot, alter: Callable[[list[Json]], None]
) -> None:
    card = await posted(slack, desk, door, shown())
    blocks = copy.deepcopy(card.blocks)
    alter(blocks)
    card.blocks = blocks
    assert await slack.click(ALICE, card, "review.approve") is not None
    assert desk.ballots == []
    assert [entry.body["alert"] for entry in desk.entries_written] == ["slack.altered_card"]
    await slack.world.until(lambda: "did not show what is asked" in slack.whispered(ALICE), "the whisper")
    await slack.world.until(lambda: len(card.versions) == 2, "the redraw")
    assert await slack.click(ALICE, card, "review.approve") is not None
    assert [said for _, _, said in desk.ballots] == ["approved"]


async def test_a_card_in_the_words_of_an_older_version_takes_no_vote_until_it_is_redrawn(
    slack: Slack, desk: Desk, door: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(words, "quorum", lambda _: "One of dba is asked")
        card = await posted(slack, desk, door, shown())
    assert await slack.click(ALICE, card, "review.approve") is not None
    assert desk.ballots == []
    await slack.world.until(lambda: len(card.versions) == 2, "the redraw")
    assert "Needs 1 dba" in card.words
    assert await slack.click(ALICE, card, "review.approve") is not None
    assert [said for _, _, said in desk.ballots] == ["approved"]


async def test_attachments_beside_the_card_make_it_another_card(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    original = slack.api.shown
    answer = original(card) | {"attachments": [{"text": "Security has approved this."}]}
    payload = slack.shapes.click(
        ALICE,
        slack.visible(ALICE, card, "review.approve"),
        place=(card.channel, card.ts),
        message=answer,
        trigger=slack.trigger(ALICE),
        url=slack.hooks.make(ALICE, card.channel, card.ts, None),
    )
    assert await slack.sockets.deliver("interactive", payload) is not None
    assert desk.ballots == []


async def test_a_copy_elsewhere_takes_no_vote_and_says_where_the_card_is(slack: Slack, desk: Desk, door: Bot) -> None:
    card = await posted(slack, desk, door, shown())
    slack.world.channels["D0ALICE"] = Channel(id="D0ALICE", name="directmessage", private=True)
    for copied in (forged(slack, card, channel="D0ALICE"), forged(slack, card, ts="1.000001")):
        assert await slack.click(ALICE, copied, "review.approve") is not None
        await slack.world.until(lambda it=copied: "This is a copy" in it.words, "the replacement")  # type: ignore[misc]
    assert desk.ballots == []


async def test_the_button_of_one_question_on_the_card_of_another_takes_no_vote(
    slack: Slack, desk: Desk, door: Bot
) -> None:
    card = await posted(slack, desk, door, shown())
    other = await posted(slack, desk, door, shown(review=review("rev_OTHER")))
    button = slack.visible(ALICE, other, "review.approve")
    await slack.press(ALICE, card, button)
    assert desk.ballots == []


@pytest.mark.parametrize("value", ["", "{}", "[]", "null", '{"r":1,"v":1,"d":"x"}', '{"r":"rev_7Q2K9"}', "x" * 2000])
async def test_a_value_that_is_no_reference_is_out_of_date(slack: Slack, desk: Desk, door: Bot, value: str) -> None:
    card = await posted(slack, desk, door, shown())
    for action in ("review.approve", "review.deny", "review.open"):
        button = slack.visible(ALICE, card, action) | {"value": value}
        assert await slack.press(ALICE, card, button) is not None
    await slack.world.until(lambda: slack.whispered(ALICE).count("out of date") == 3, "the whispers")
    assert desk.ballots == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "https://hooks.slack.com.evil.example/x",
        "file:///etc/passwd",
        "https://hooks.slack.com@evil.example/x",
    ],
)
async def test_a_response_url_off_slacks_own_host_is_not_called(slack: Slack, door: Bot, url: str) -> None:
    for each in (url, f"{slack.base}.evil.example/x", f"{slack.base}@evil.example/x"):
        with pytest.raises(SlackRefused):
            await door.screen.web.whisper(each, "hello")


async def test_an_answer_follows_no_redirect(door: Bot) -> None:
    asked: list[str] = []

    async def away(request: Request) -> Response:
        asked.append(request.url.path)
        return Response(status_code=307, headers={"location": "/elsewhere"})

    taken, address = bound(Address()), Address()
    app = Starlette(routes=[Route("/{path:path}", away, methods=["POST"])])
    async with listening(app, taken, address=address, drain=Drain()):
        origin = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SlackRefused):
            await replace(door.screen.web, hooks=origin).whisper(f"{origin}/actions/1", "hello")
    assert asked == ["/actions/1"]
