"""What Slack accepts in blocks and views, as tables; `slackbot.kit.blocks` walks them.

The numbers are those of docs.slack.dev, "Block Kit reference", read in November 2026. They stand here and not beside
the test platform because the bot checks every message before it sends it and may not import a test's parts; the
platform reads the same tables, so the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias, final

PLAIN: Final = frozenset({"plain_text"})
EITHER: Final = frozenset({"plain_text", "mrkdwn"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text object."""

    most: int
    kinds: frozenset[str] = PLAIN


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class String:
    """A string; `among` closes its values."""

    most: int = 3000
    least: int = 0
    among: frozenset[str] = frozenset()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """true or false."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A whole number."""

    low: int = 0
    high: int = 2**53


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number, whole or not."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One object whose `type` is among the named shapes (one name: the type may be implied)."""

    of: frozenset[str]
    typed: bool = True


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """An array."""

    of: Rule
    most: int
    least: int = 1


Rule: TypeAlias = "Text | String | Flag | Number | Amount | Node | Several"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Properties of one type; whatever is not named is refused. `one_of`: at least one of these must stand."""

    needs: Mapping[str, Rule] = field(default_factory=dict)
    may: Mapping[str, Rule] = field(default_factory=dict)
    one_of: frozenset[str] = frozenset()


def kinds(*names: str) -> frozenset[str]:
    """Name the types that may stand in a place."""
    return frozenset(names)


ID: Final = String(most=255)
STYLE: Final = String(among=frozenset({"primary", "danger"}))
CONFIRM: Final = Node(of=kinds("confirm"), typed=False)
OPTION: Final = Node(of=kinds("option"), typed=False)
BUTTON_LIKE: Final = kinds("button", "static_select", "overflow", "radio_buttons", "checkboxes")
INPUTS: Final = kinds("plain_text_input", "number_input", "static_select", "radio_buttons", "checkboxes")
LEAVES: Final = kinds("text", "link", "user", "usergroup", "broadcast", "emoji", "channel")
LEAF_LIST: Final = Several(of=Node(of=LEAVES), most=1000, least=0)
STYLED: Final = Node(of=kinds("text_style"), typed=False)

SHAPES: Final[Mapping[str, Shape]] = MappingProxyType(
    {
        # blocks
        "section": Shape(
            may={
                "text": Text(most=3000, kinds=EITHER),
                "fields": Several(of=Text(most=2000, kinds=EITHER), most=10),
                "accessory": Node(of=BUTTON_LIKE),
                "expand": Flag(),
                "block_id": ID,
            },
            one_of=kinds("text", "fields"),
        ),
        "header": Shape(needs={"text": Text(most=150)}, may={"block_id": ID}),
        "context": Shape(
            needs={"elements": Several(of=Text(most=3000, kinds=EITHER), most=10)},
            may={"block_id": ID},
        ),
        "actions": Shape(needs={"elements": Several(of=Node(of=BUTTON_LIKE), most=25)}, may={"block_id": ID}),
        "divider": Shape(may={"block_id": ID}),
        "rich_text": Shape(
            needs={
                "elements": Several(
                    of=Node(
                        of=kinds("rich_text_section", "rich_text_preformatted", "rich_text_quote", "rich_text_list")
                    ),
                    most=1000,
                )
            },
            may={"block_id": ID},
        ),
        "input": Shape(
            needs={"label": Text(most=2000), "element": Node(of=INPUTS)},
            may={"hint": Text(most=2000), "optional": Flag(), "dispatch_action": Flag(), "block_id": ID},
        ),
        "table": Shape(
            needs={
                "rows": Several(of=Several(of=Node(of=kinds("raw_text", "raw_number", "rich_text")), most=20), most=100)
            },
            may={"column_settings": Several(of=Node(of=kinds("column"), typed=False), most=20), "block_id": ID},
        ),
        # elements
        "button": Shape(
            needs={"text": Text(most=75), "action_id": ID},
            may={
                "value": String(most=2000),
                "url": String(most=3000),
                "style": STYLE,
                "confirm": CONFIRM,
                "accessibility_label": String(most=75),
                "visible_to_user_ids": Several(of=String(most=32), most=100),
            },
        ),
        "static_select": Shape(
            needs={"options": Several(of=OPTION, most=100), "action_id": ID},
            may={"placeholder": Text(most=150), "initial_option": OPTION, "confirm": CONFIRM, "focus_on_load": Flag()},
        ),
        "overflow": Shape(needs={"options": Several(of=OPTION, most=5), "action_id": ID}, may={"confirm": CONFIRM}),
        "radio_buttons": Shape(
            needs={"options": Several(of=OPTION, most=10), "action_id": ID},
            may={"initial_option": OPTION, "confirm": CONFIRM, "focus_on_load": Flag()},
        ),
        "checkboxes": Shape(
            needs={"options": Several(of=OPTION, most=10), "action_id": ID},
            may={"initial_options": Several(of=OPTION, most=10), "confirm": CONFIRM, "focus_on_load": Flag()},
        ),
        "plain_text_input": Shape(
            needs={"action_id": ID},
            may={
                "initial_value": String(most=3000),
                "multiline": Flag(),
                "min_length": Number(high=3000),
                "max_length": Number(low=1, high=3000),
                "placeholder": Text(most=150),
                "focus_on_load": Flag(),
            },
        ),
        "number_input": Shape(
            needs={"action_id": ID, "is_decimal_allowed": Flag()},
            may={
                "initial_value": String(most=30),
                "min_value": String(most=30),
                "max_value": String(most=30),
                "placeholder": Text(most=150),
                "focus_on_load": Flag(),
            },
        ),
        # parts
        "option": Shape(
            needs={"text": Text(most=75, kinds=EITHER), "value": String(most=150, least=1)},
            may={"description": Text(most=75)},
        ),
        "confirm": Shape(
            needs={
                "title": Text(most=100),
                "text": Text(most=300),
                "confirm": Text(most=30),
                "deny": Text(most=30),
            },
            may={"style": STYLE},
        ),
        "column": Shape(may={"align": String(among=frozenset({"left", "center", "right"})), "is_wrapped": Flag()}),
        "raw_text": Shape(needs={"text": String(most=10_000, least=1)}),
        # rich text
        "rich_text_section": Shape(needs={"elements": LEAF_LIST}),
        "rich_text_preformatted": Shape(needs={"elements": LEAF_LIST}, may={"border": Number(high=1)}),
        "rich_text_quote": Shape(needs={"elements": LEAF_LIST}, may={"border": Number(high=1)}),
        "rich_text_list": Shape(
            needs={
                "elements": Several(of=Node(of=kinds("rich_text_section")), most=1000),
                "style": String(among=frozenset({"bullet", "ordered"})),
            },
            may={"indent": Number(high=8), "offset": Number(), "border": Number(high=1)},
        ),
        "text": Shape(needs={"text": String(most=12_000, least=1)}, may={"style": STYLED}),
        "link": Shape(needs={"url": String(most=3000, least=1)}, may={"text": String(), "style": STYLED}),
        "user": Shape(needs={"user_id": String(most=32, least=1)}, may={"style": STYLED}),
        "usergroup": Shape(needs={"usergroup_id": String(most=32, least=1)}, may={"style": STYLED}),
        "channel": Shape(needs={"channel_id": String(most=32, least=1)}, may={"style": STYLED}),
        "broadcast": Shape(needs={"range": String(among=frozenset({"here", "channel", "everyone"}))}),
        "emoji": Shape(needs={"name": String(most=100, least=1)}),
        "text_style": Shape(may={"bold": Flag(), "italic": Flag(), "strike": Flag(), "code": Flag()}),
    }
)

IN_MESSAGES: Final = kinds("section", "header", "context", "actions", "divider", "rich_text", "table", "input")
IN_VIEWS: Final = kinds("section", "header", "context", "actions", "divider", "rich_text", "input")
BLOCKS_IN_MESSAGE: Final = 50
BLOCKS_IN_VIEW: Final = 100
TEXT_IN_MESSAGE: Final = 40_000
MESSAGE_CHARACTERS: Final = 13_200  # msg_blocks_too_long, undocumented: slackapi/bolt-js issue 2509
TABLES_IN_MESSAGE: Final = 1
TABLE_CHARACTERS: Final = 10_000

VIEW: Final[Mapping[str, Shape]] = MappingProxyType(
    {
        "modal": Shape(
            needs={"title": Text(most=24)},
            may={
                "submit": Text(most=24),
                "close": Text(most=24),
                "callback_id": ID,
                "private_metadata": String(most=3000),
                "external_id": ID,
                "clear_on_close": Flag(),
                "notify_on_close": Flag(),
                "submit_disabled": Flag(),
            },
        ),
        "home": Shape(may={"callback_id": ID, "private_metadata": String(most=3000), "external_id": ID}),
    }
)
