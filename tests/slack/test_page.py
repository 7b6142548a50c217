"""The local page: who may reach it, that hostile text stays text, and that only what was seen is pressed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import escape, unescape

import httpx2
import pytest

from demo.slack import Slack, drawing
from demo.slack.office import DORA, RITA, office
from demo.slack.page import page
from demo.slack.platform import CHANNEL
from demo.slack.world import Channel, Json, Posted, View, Whisper, read, stored
from tests.slack import rare

HOSTILE = "<script>alert(1)</script>\"'&lt;img src=x onerror=y&gt; <!channel>\n```\n\n\n"


# Every element that the page may hold: none runs, loads or frames anything.
DRAWN = {"html", "head", "meta", "title", "style", "body", "p", "small", "strong", "a", "article", "h3", "form"} | {
    "input",
    "button",
    "pre",
    "link",
    "nav",
    "main",
    "div",
    "span",
    "b",
}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with office(ack_seconds=0.2) as platform:
        yield platform


@pytest.fixture
async def url(slack: Slack) -> AsyncIterator[str]:
    async with page(slack) as address:
        yield address


def button(value: str = "v1", **more: object) -> Json:
    return {
        "type": "button",
        "action_id": "review.approve",
        "value": value,
        "text": {"type": "plain_text", "text": "Approve once"},
        **more,
    }


def posted(slack: Slack, *blocks: Json) -> Posted:
    message = Posted(channel=CHANNEL, ts=slack.world.stamp(), text="t", blocks=[])
    slack.world.messages.append(message)
    slack.world.draw(message, "t", list(blocks))
    return message


def origin(url: str) -> str:
    return url[: url.index("/", 8)]


def pressed(message: Posted, **more: str) -> dict[str, str]:
    return {
        "as": RITA,
        "channel": message.channel,
        "ts": message.ts,
        "action": "review.approve",
        "value": "v1",
        **more,
    }


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1"])
async def test_another_host_is_turned_away(url: str, host: str) -> None:
    async with httpx2.AsyncClient() as http:
        assert (await http.get(url, headers={"host": host})).status_code == 403


async def test_another_path_is_nothing(url: str) -> None:
    async with httpx2.AsyncClient() as http:
        for path in ("/", "/x/", "/" + "A" * 43 + "/", "/healthz"):
            assert (await http.get(origin(url) + path)).status_code == 404
        assert (await http.post(origin(url) + "/x/click", data={}, headers={"origin": origin(url)})).status_code == 404


@pytest.mark.parametrize("given", [None, "null", "http://evil.example", "http://127.0.0.1:1"])
async def test_an_act_from_another_page_is_turned_away(slack: Slack, url: str, given: str | None) -> None:
    message = posted(slack, {"type": "actions", "elements": [button()]})
    async with httpx2.AsyncClient(headers={} if given is None else {"origin": given}) as http:
        for act in ("click", "submit", "close", "type"):
            assert (await http.post(url + act, data=pressed(message))).status_code == 403
    assert slack.world.user_errors == []


async def test_looking_changes_nothing_and_acts_are_no_get(slack: Slack, url: str) -> None:
    message = posted(slack, {"type": "actions", "elements": [button()]})
    async with httpx2.AsyncClient() as http:
        assert (await http.get(url + "click", params=pressed(message))).status_code == 405
    assert slack.world.user_errors == []


async def test_hostile_text_is_text_and_the_page_runs_no_script(slack: Slack, url: str) -> None:
    def plain() -> Json:
        return {"type": "plain_text", "text": HOSTILE}

    rich: Json = {"type": "rich_text", "elements": [{"type": "x", "elements": [{"type": "text", "text": HOSTILE}]}]}
    posted(
        slack,
        {"type": "header", "text": plain()},
        {"type": "section", "text": plain, "fields": [plain()], "accessory": button(value=HOSTILE, text=plain())},
        {"type": "context", "elements": [plain(), {"type": "mrkdwn", "text": HOSTILE}]},
        rich,
        {"type": "unheard_of", "text": plain()},
    )
    slack.world.whispers.append(Whisper(user=RITA, channel=CHANNEL, ts=slack.world.stamp(), text=HOSTILE))
    slack.world.user_errors.append(f"{RITA}: {HOSTILE}")
    async with httpx2.AsyncClient() as http:
        answer = await http.get(url)
        unknown = await http.get(url, params={"as": HOSTILE})
    html = answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in html
    assert "onerror=y>" not in html
    assert html.count("&lt;script&gt;alert(1)") >= 8
    assert set(re.findall(r"<(\w+)", html)) <= DRAWN
    assert (unknown.status_code, "<script" in unknown.text) == (404, False)


async def test_a_button_is_pressed_as_it_was_seen_by_who_sees_it(slack: Slack, url: str) -> None:
    message = posted(slack, {"type": "actions", "elements": [button(visible_to_user_ids=[RITA])]})
    async with httpx2.AsyncClient(headers={"origin": origin(url)}) as http:
        assert "Approve once" in (await http.get(url)).text
        assert "Approve once" not in (await http.get(url, params={"as": DORA})).text
        assert (await http.post(url + "click", data=pressed(message, **{"as": DORA}))).status_code == 409
        assert (await http.post(url + "click", data=pressed(message, value="v0"))).status_code == 409
        assert (await http.post(url + "click", data=pressed(message, ts="1.000001"))).status_code == 409
        assert (await http.post(url + "click", data=pressed(message, **{"as": "U0NOBODY"}))).status_code == 404
        assert slack.world.user_errors == []
        done = await http.post(url + "click", data=pressed(message))
        assert (done.status_code, done.headers["location"]) == (303, f"{url}?as={RITA}")
        assert "did not respond" in (await http.get(url)).text  # no app is connected here, and the person sees it


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"as=" + b"x" * 70_000, 413), (b"as=U0RITA&as=U0DORA", 400), (b"\xff", 400), (b"as=%ff", 400), (b"", 404)],
)
async def test_a_form_that_cannot_be_read_does_nothing(url: str, body: bytes, status: int) -> None:
    headers = {"origin": origin(url), "content-type": "application/x-www-form-urlencoded"}
    async with httpx2.AsyncClient(headers=headers) as http:
        assert (await http.post(url + "type", content=body)).status_code == status


async def test_only_the_one_command_is_typed_here(slack: Slack, url: str) -> None:
    async with httpx2.AsyncClient(headers={"origin": origin(url)}) as http:
        for text in ("", "hello", "/auditx call", "/other"):
            assert (await http.post(url + "type", data={"as": RITA, "text": text})).status_code == 409
    assert slack.world.user_errors == []


async def test_a_modal_is_ones_own_and_closes(slack: Slack, url: str) -> None:
    view = View(id="V1", user=RITA, payload={"title": {"text": "T<i>"}, "submit": {"text": "Go"}, "blocks": []})
    slack.world.views.append(view)
    async with httpx2.AsyncClient(headers={"origin": origin(url)}) as http:
        assert "T&lt;i&gt;" in (await http.get(url)).text
        assert "T&lt;i&gt;" not in (await http.get(url, params={"as": DORA})).text
        assert (await http.post(url + "close", data={"as": DORA, "view": "V1"})).status_code == 409
        assert (await http.post(url + "submit", data={"as": RITA, "view": "V0"})).status_code == 409
        assert view.open
        assert (await http.post(url + "close", data={"as": RITA, "view": "V1"})).status_code == 303
    assert not view.open


@pytest.mark.parametrize(
    ("element", "given", "state"),
    [
        ({"type": "static_select", "options": [{"value": "a"}]}, "a", {"selected_option": {"value": "a"}}),
        ({"type": "static_select", "options": [{"value": "a"}]}, "", {"selected_option": None}),
        ({"type": "static_select", "options": [{"value": "a"}]}, "b", None),
        ({"type": "plain_text_input", "max_length": 3}, "abc", {"value": "abc"}),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", None),
        ({"type": "number_input"}, "", {"value": None}),
        ({"type": "file_input"}, "x", None),
    ],
)
def test_an_input_holds_what_it_can(element: Json, given: str, state: Json | None) -> None:
    found = drawing.filled({"element": element}, given)
    assert found == (None if state is None else {"type": element["type"], **state})


@pytest.mark.parametrize("name", rare.IN_MESSAGES)
def test_every_block_that_slack_knows_is_drawn_whole_and_in_order(name: str) -> None:
    """As the browser's own test has it, without one."""
    given = stored([rare.IN_MESSAGES[name]])

    def press(element: Json) -> str:
        return "".join(map(escape, read(element)))

    seen = unescape(re.sub(r"<[^>]*>", "", drawing.blocks(given, press)))
    assert "".join(seen.split()) == "".join("".join(read(given)).split())


async def test_what_is_written_to_one_person_is_seen_by_no_other(slack: Slack, url: str) -> None:
    room = Channel(id="D0DORA", name="", private=True, people={DORA})
    slack.world.channels[room.id] = room
    slack.world.messages.append(Posted(channel=room.id, ts=slack.world.stamp(), text="for dora alone", blocks=[]))
    async with httpx2.AsyncClient(trust_env=False) as client:
        seen = {user: "for dora alone" in (await client.get(url, params={"as": user})).text for user in (DORA, RITA)}
    assert seen == {DORA: True, RITA: False}
