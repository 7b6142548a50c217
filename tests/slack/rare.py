"""One of each block that the bot itself never sends, as Slack takes it, with hostile words where words stand."""

from __future__ import annotations

from typing import Any

NASTY = "<script>window.hit=1</script> &lt; *b* <!channel>"
PLAIN = {"type": "plain_text", "text": f"p {NASTY}"}
MARKED = {"type": "mrkdwn", "text": "m *b* &lt;i&gt;"}
PICTURE = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": f"alt {NASTY}"}
BUTTON = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Press"}}
TASK = {"type": "task_card", "task_id": "t1", "title": f"task {NASTY}", "status": "complete"}
POINT = {"label": "Kit <b>", "value": 4.5}
AXES = {"categories": ["Kit <b>"], "x_label": "days", "y_label": "rows"}


def rich(text: str) -> dict[str, Any]:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }


def cell(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


CARD = {
    "type": "card", "hero_image": PICTURE, "title": PLAIN, "subtitle": MARKED, "body": PLAIN, "actions": [BUTTON],
}  # fmt: skip
IN_MESSAGES: dict[str, dict[str, Any]] = {
    "markdown": {"type": "markdown", "text": f"**b** {NASTY}"},
    "image": PICTURE | {"title": PLAIN},
    "video": {
        "type": "video", "alt_text": "alt", "video_url": "https://example.com/v", "thumbnail_url": "https://example.com/t",
        "title": PLAIN, "description": PLAIN, "author_name": "author",
    },
    "file": {"type": "file", "external_id": "ABC", "source": "remote"},
    "container": {
        "type": "container", "title": PLAIN, "subtitle": MARKED,
        "child_blocks": [
            {"type": "section", "text": PLAIN}, {"type": "divider"}, {"type": "actions", "elements": [BUTTON]},
        ],
    },
    "container with a rich title": {
        "type": "container", "rich_text_title": rich("rich"), "child_blocks": [{"type": "header", "text": PLAIN}],
        "is_collapsible": True,
    },
    "card": CARD,
    "carousel": {"type": "carousel", "elements": [CARD, {"type": "card", "body": MARKED}]},
    "data_table": {
        "type": "data_table", "caption": f"caption {NASTY}", "page_size": 5,
        "rows": [[cell("head"), cell("n")], [rich("in a cell"), {"type": "raw_number", "value": 7, "text": "7.0"}]],
    },
    "pie": {"type": "data_visualization", "title": "pie <b>", "chart": {"type": "pie", "segments": [POINT]}},
    "bar": {
        "type": "data_visualization", "title": "bar",
        "chart": {"type": "bar", "series": [{"name": "s <b>", "data": [POINT]}], "axis_config": AXES},
    },
    "plan": {
        "type": "plan", "title": f"plan {NASTY}", "tasks": [TASK, TASK | {"details": rich("d"), "output": rich("o")}],
    },
    "task_card": TASK | {"sources": [{"type": "url", "url": "https://example.com", "text": "source"}]},
    "context_actions": {
        "type": "context_actions",
        "elements": [
            {"type": "icon_button", "action_id": "i", "icon": "trash", "text": {"type": "plain_text", "text": "Bin"}},
            {
                "type": "feedback_buttons", "action_id": "f",
                "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "g"},
                "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "b"},
            },
        ],
    },
}  # fmt: skip
IN_MODALS: dict[str, dict[str, Any]] = {
    "alert": {"type": "alert", "text": MARKED, "level": "warning"},
    "image": PICTURE,
}
