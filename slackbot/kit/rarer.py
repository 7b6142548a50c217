"""What Slack accepts in blocks that the bot itself never sends, as tables: the platform takes and draws them as Slack.

The numbers are those of docs.slack.dev, "Block Kit reference", and of slack_sdk 3.47 `models/blocks`, read in November
2026. Where the reference and Slack's own validator were seen to differ, what both take is taken (`container`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from slackbot.kit.shapes import (
    CONFIRM,
    EITHER,
    ID,
    Amount,
    Flag,
    Node,
    Number,
    Rule,
    Several,
    Shape,
    String,
    Text,
    kinds,
)

URL: Final = String(most=3000, least=1)
ALT: Final = String(most=2000)
PICTURE: Final = Node(of=kinds("image"))
RICH: Final = Node(of=kinds("rich_text"))
CELLS: Final = Several(of=Node(of=kinds("raw_text", "raw_number", "rich_text")), most=20)
CHARTS: Final = kinds("pie", "bar", "area", "line")
INSIDE: Final = kinds("actions", "context", "divider", "header", "image", "section", "table", "video")
HEADED: Final[Mapping[str, Rule]] = MappingProxyType(
    {"subtitle": Text(most=150, kinds=EITHER), "icon": PICTURE, "block_id": ID}
)
PLOTTED: Final = Shape(
    needs={
        "series": Several(of=Node(of=kinds("series"), typed=False), most=6),
        "axis_config": Node(of=kinds("axes"), typed=False),
    }
)
FEEDBACK: Final = Node(of=kinds("feedback"), typed=False)

RARER: Final[Mapping[str, Shape]] = MappingProxyType(
    {
        "markdown": Shape(needs={"text": String(most=12_000, least=1)}, may={"block_id": ID}),
        "image": Shape(
            needs={"alt_text": ALT},
            may={
                "image_url": URL,
                "slack_file": Node(of=kinds("file_of"), typed=False),
                "title": Text(most=2000),
                "block_id": ID,
            },
            one_of=kinds("image_url", "slack_file"),
        ),
        "video": Shape(
            needs={"alt_text": ALT, "video_url": URL, "thumbnail_url": URL, "title": Text(most=199)},
            may={
                "title_url": URL,
                "description": Text(most=199),
                "author_name": String(most=49),
                "provider_name": String(most=50),
                "provider_icon_url": URL,
                "block_id": ID,
            },
        ),
        "file": Shape(
            needs={"external_id": ID, "source": String(among=frozenset({"remote"}))},
            may={"block_id": ID},
        ),
        "container": Shape(
            needs={"child_blocks": Several(of=Node(of=INSIDE), most=10)},
            may={
                "title": Text(most=150),
                "rich_text_title": RICH,
                "width": String(among=frozenset({"narrow", "standard", "wide", "full"})),
                "is_collapsible": Flag(),
                "default_collapsed": Flag(),
                "has_header_divider": Flag(),
                **HEADED,
            },
            one_of=kinds("title", "rich_text_title"),
        ),
        "alert": Shape(
            needs={"text": Text(most=200, kinds=EITHER)},
            may={
                "level": String(among=frozenset({"default", "info", "warning", "error", "success"})),
                "block_id": ID,
            },
        ),
        "card": Shape(
            may={
                "hero_image": PICTURE,
                "title": Text(most=150, kinds=EITHER),
                "body": Text(most=200, kinds=EITHER),
                "actions": Several(of=Node(of=kinds("button")), most=25),
                **HEADED,
            },
            one_of=kinds("hero_image", "title", "actions", "body"),
        ),
        "carousel": Shape(needs={"elements": Several(of=Node(of=kinds("card")), most=10)}, may={"block_id": ID}),
        "data_table": Shape(
            needs={"rows": Several(of=CELLS, most=101, least=2), "caption": String()},
            may={"page_size": Number(low=1, high=100), "row_header_column_index": Number(high=19), "block_id": ID},
        ),
        "data_visualization": Shape(
            needs={"title": String(most=50, least=1), "chart": Node(of=CHARTS)}, may={"block_id": ID}
        ),
        "plan": Shape(
            needs={"title": String(least=1)},
            may={"tasks": Several(of=Node(of=kinds("task_card")), most=50), "block_id": ID},
        ),
        "task_card": Shape(
            needs={
                "task_id": ID,
                "title": String(least=1),
                "status": String(among=frozenset({"pending", "in_progress", "complete", "error"})),
            },
            may={
                "details": RICH,
                "output": RICH,
                "sources": Several(of=Node(of=kinds("url")), most=50),
                "block_id": ID,
            },
        ),
        "context_actions": Shape(
            needs={"elements": Several(of=Node(of=kinds("feedback_buttons", "icon_button")), most=5)},
            may={"block_id": ID},
        ),
        # parts of them
        "raw_number": Shape(needs={"value": Amount()}, may={"text": String(least=1)}),
        "url": Shape(needs={"url": URL, "text": String(least=1)}, may={"icon_url": URL}),
        "file_of": Shape(may={"id": ID, "url": URL}, one_of=kinds("id", "url")),
        "pie": Shape(needs={"segments": Several(of=Node(of=kinds("point"), typed=False), most=6)}),
        "bar": PLOTTED,
        "area": PLOTTED,
        "line": PLOTTED,
        "point": Shape(needs={"label": String(most=20, least=1), "value": Amount()}),
        "series": Shape(
            needs={
                "name": String(most=20, least=1),
                "data": Several(of=Node(of=kinds("point"), typed=False), most=20),
            }
        ),
        "axes": Shape(
            needs={"categories": Several(of=String(most=20, least=1), most=20)},
            may={"x_label": String(most=50), "y_label": String(most=50)},
        ),
        "feedback_buttons": Shape(needs={"action_id": ID, "positive_button": FEEDBACK, "negative_button": FEEDBACK}),
        "feedback": Shape(
            needs={"text": Text(most=75), "value": String(most=2000)}, may={"accessibility_label": String(most=75)}
        ),
        "icon_button": Shape(
            needs={"action_id": ID, "icon": String(among=frozenset({"trash"})), "text": Text(most=75)},
            may={
                "value": String(most=2000),
                "confirm": CONFIRM,
                "accessibility_label": String(most=75),
                "visible_to_user_ids": Several(of=String(most=32), most=100),
            },
        ),
    }
)
BESIDE_IN_MESSAGES: Final = kinds("markdown", "image", "video", "file", "container", "card", "carousel") | kinds(
    "data_table", "data_visualization", "plan", "task_card", "context_actions"
)
BESIDE_IN_VIEWS: Final = kinds("image", "video", "alert")  # an alert stands in a modal alone
MARKDOWN_CHARACTERS: Final = 12_000  # over all markdown blocks of a message
CHARTS_IN_MESSAGE: Final = 2
