"""The block checker: one violation of each limit, each found at its place; what Slack takes passes."""

from __future__ import annotations

from typing import Any

import pytest

from slackbot.kit import blocks
from tests.slack import rare


def plain(length: int = 1) -> dict[str, Any]:
    return {"type": "plain_text", "text": "x" * length}


def button(**changed: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": plain(), **changed}


def actions(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def section(**changed: Any) -> dict[str, Any]:
    return {"type": "section", "text": plain(), **changed}


def option(text: int = 1, value: int = 1) -> dict[str, Any]:
    return {"text": plain(text), "value": "v" * value}


def select(*options: Any, **changed: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": list(options), **changed}


def rich(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": list(elements)}]}


def table(rows: int, cells: int, text: str = "x") -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * cells] * rows}


CONFIRM = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}

MESSAGES: list[tuple[Any, str]] = [
    ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ([section(text=plain(3001))], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ([section(text=plain(0))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([{"type": "section"}], "missing required field: fields or text [json-pointer:/blocks/0]"),
    ([{"type": "section", "fields": [plain()] * 11}], "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    (
        [{"type": "section", "fields": [plain(2001)]}],
        "less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    ([{"type": "section", "fields": []}], "no fewer than 1 items allowed [json-pointer:/blocks/0/fields]"),
    ([{"type": "header", "text": plain(151)}], "must be less than 151 characters"),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type: mrkdwn"),
    ([{"type": "context", "elements": [plain()] * 11}], "no more than 10 items allowed"),
    ([actions(*[button(action_id=str(n)) for n in range(26)])], "no more than 25 items allowed"),
    ([actions()], "no fewer than 1 items allowed"),
    ([actions(button(), button())], "`action_id` a already exists [json-pointer:/blocks/0/elements/1/action_id]"),
    ([section(block_id="b"), section(block_id="b")], "`block_id` b already exists [json-pointer:/blocks/1/block_id]"),
    ([section(block_id="b" * 256)], "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    ([actions(button(action_id="a" * 256))], "must be less than 256 characters"),
    ([actions(button(text=plain(76)))], "must be less than 76 characters"),
    ([actions(button(text={"type": "mrkdwn", "text": "x"}))], "unsupported type: mrkdwn"),
    ([actions(button(value="v" * 2001))], "must be less than 2001 characters"),
    ([actions(button(url="u" * 3001))], "must be less than 3001 characters"),
    ([actions(button(style="default"))], "must be one of danger, primary"),
    ([actions(button(accessibility_label="x" * 76))], "must be less than 76 characters"),
    ([actions(button(confirm=CONFIRM | {"title": plain(101)}))], "must be less than 101 characters"),
    ([actions(button(confirm=CONFIRM | {"text": plain(301)}))], "must be less than 301 characters"),
    ([actions(button(confirm=CONFIRM | {"deny": plain(31)}))], "must be less than 31 characters"),
    ([actions(select(*[option()] * 101))], "no more than 100 items allowed"),
    ([actions(select(option(76)))], "must be less than 76 characters"),
    ([actions(select(option(1, 151)))], "must be less than 151 characters"),
    ([actions(select(option(), placeholder=plain(151)))], "must be less than 151 characters"),
    ([actions({"type": "overflow", "action_id": "o", "options": [option()] * 6})], "no more than 5 items allowed"),
    ([actions({"type": "radio_buttons", "action_id": "o", "options": [option()] * 11})], "no more than 10 items"),
    ([section(color="red")], "invalid additional property: color [json-pointer:/blocks/0]"),
    ([section(block_id=None)], "must not be null [json-pointer:/blocks/0/block_id]"),
    ([section(text=plain() | {"verbatim": True})], "invalid additional property: verbatim"),
    ([section(text={"type": "mrkdwn", "text": "x", "emoji": False})], "invalid additional property: emoji"),
    ([{"type": "marquee"}], "unsupported type: marquee [json-pointer:/blocks/0/type]"),
    ([rich({"type": "text", "text": ""})], "must be more than 0 characters"),
    ([rich({"type": "shout", "text": "x"})], "unsupported type: shout"),
    ([rich({"type": "broadcast", "range": "world"})], "must be one of channel, everyone, here"),
    ([table(101, 1)], "no more than 100 items allowed"),
    ([table(1, 21)], "no more than 20 items allowed"),
    ([table(11, 1, "x" * 1_000)], "no more than 10000 characters in a table [json-pointer:/blocks]"),
    ([table(1, 1, "")], "must be more than 0 characters"),
    ([table(1, 1), table(1, 1)], "only one table allowed"),
    ([section(text=plain(3000))] * 5, "msg_blocks_too_long"),
    ([rare.IN_MESSAGES["markdown"] | {"text": "x" * 6_001}] * 2, "no more than 12000 characters of markdown"),
    ([rare.IN_MESSAGES["container"] | {"child_blocks": [section()] * 11}], "no more than 10 items allowed"),
    (
        [rare.IN_MESSAGES["container"] | {"child_blocks": [rich()]}],
        "unsupported type: rich_text [json-pointer:/blocks/0/c",
    ),
    ([rare.IN_MESSAGES["container"] | {"is_collapsible": True}], "no divider in a collapsible container"),
    ([rare.IN_MESSAGES["container"] | {"default_collapsed": True}], "default_collapsed needs is_collapsible"),
    ([{"type": "container", "child_blocks": [section()]}], "missing required field: rich_text_title or title"),
    ([{"type": "alert", "text": plain()}], "unsupported type: alert [json-pointer:/blocks/0/type]"),
    ([rare.CARD | {"body": plain(201)}], "must be less than 201 characters"),
    ([{"type": "card"}], "missing required field: actions or body or hero_image or title"),
    ([{"type": "carousel", "elements": [rare.CARD] * 11}], "no more than 10 items allowed"),
    ([rare.IN_MESSAGES["data_table"] | {"rows": [[rare.cell("x")]]}], "no fewer than 2 items allowed"),
    (
        [rare.IN_MESSAGES["data_table"] | {"rows": [[rare.rich("x")]] * 2}],
        "unsupported type: rich_text [json-pointer:/bl",
    ),
    ([rare.IN_MESSAGES["data_table"] | {"rows": [[rare.cell("x")], [rare.cell("x")] * 2]}], "same number of cells"),
    ([rare.IN_MESSAGES["data_table"] | {"page_size": 101}], "must be a number from 1 to 100"),
    ([rare.IN_MESSAGES["pie"]] * 3, "no more than 2 charts allowed"),
    ([rare.IN_MESSAGES["pie"] | {"title": "x" * 51}], "must be less than 51 characters"),
    ([rare.TASK | {"status": "lost"}], "must be one of complete, error, in_progress, pending"),
    ([rare.PICTURE | {"alt_text": "x" * 2001}], "must be less than 2001 characters"),
    ([{"type": "image", "alt_text": "x"}], "missing required field: image_url or slack_file"),
    (["section"], "must be an object"),
    ([section(expand="yes")], "must be a boolean"),
    ([], "must be a non-empty array"),
    ({}, "must be a non-empty array"),
    (None, "must be a non-empty array"),
]


@pytest.mark.parametrize(("payload", "expected"), MESSAGES)
def test_each_violation_is_found_at_its_place(payload: Any, expected: str) -> None:
    assert any(expected in found for found in blocks.message("text", payload))


def modal(**changed: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(), "blocks": [section()], **changed}


INPUT = {"type": "input", "label": plain(), "element": {"type": "plain_text_input", "action_id": "v"}}
VIEWS: list[tuple[Any, str]] = [
    (modal(title=plain(25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (modal(submit=plain(25)), "must be less than 25 characters"),
    (modal(close=plain(25)), "must be less than 25 characters"),
    (modal(callback_id="c" * 256), "must be less than 256 characters"),
    (modal(private_metadata="m" * 3001), "must be less than 3001 characters"),
    (modal(blocks=[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    (modal(blocks=[INPUT]), "missing required field: submit [json-pointer:/view]"),
    (modal(blocks=[table(1, 1)]), "unsupported type: table"),
    (modal(submit=plain(), blocks=[INPUT | {"element": INPUT["element"] | {"max_length": 3001}}]), "from 1 to 3000"),  # type: ignore[operator]
    (modal(shape="round"), "invalid additional property: shape"),
    ({"type": "window"}, "unsupported type"),
    ({"type": "modal", "blocks": [section()]}, "missing required field: title"),
    (None, "unsupported type"),
]


@pytest.mark.parametrize(("payload", "expected"), VIEWS)
def test_each_violation_in_a_view_is_found(payload: Any, expected: str) -> None:
    assert any(expected in found for found in blocks.view(payload))


@pytest.mark.parametrize("name", rare.IN_MESSAGES)
def test_what_the_bot_never_sends_is_known_as_well(name: str) -> None:
    assert blocks.message("text", [rare.IN_MESSAGES[name]]) == ()


@pytest.mark.parametrize("name", rare.IN_MODALS)
def test_and_what_stands_in_a_modal(name: str) -> None:
    assert blocks.view(modal(blocks=[rare.IN_MODALS[name]])) == ()


def test_what_slack_takes_passes() -> None:
    good = [section(), actions(button(), select(option())), rich({"type": "text", "text": "x"}), {"type": "divider"}]
    assert blocks.message("text", good) == ()
    assert blocks.view(modal()) == ()
    assert blocks.view(modal(submit=plain(), blocks=[INPUT])) == ()


@pytest.mark.parametrize("text", ["", None, 1, "x" * 40_001])
def test_a_message_needs_a_text_of_some_length(text: Any) -> None:
    assert blocks.message(text, [section()]) != ()
