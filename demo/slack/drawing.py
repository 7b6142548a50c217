"""Blocks as HTML, pure: every text shown as text in the order it stands, buttons and inputs as a form has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from types import MappingProxyType
from typing import Final, TypeAlias

from demo.slack.manifest import array, at
from demo.slack.world import Json, read, unescaped

DATE: Final = re.compile(r"<!date\^[^|>]*\|([^>]*)>")  # docs.slack.dev, "Formatting text for app surfaces": fallback
MENTION: Final = re.compile(r"<@([A-Z0-9]+)>")
FIELD: Final = "in."  # before the block id in a form's names

Press: TypeAlias = "Callable[[Json], str]"  # draws a button; empty where this person sees none


def blocks(given: Iterable[object], press: Press) -> str:
    """Draw the blocks of a message or view as the platform stored them."""
    return "".join(block(each, press) for each in given if isinstance(each, dict))


def block(one: Json, press: Press) -> str:
    """Draw one block; a type that has no drawing of its own shows all its text."""
    if (draw := STILL.get(str(one.get("type")))) is not None:
        return draw(one)
    if (pressing := PRESSED.get(str(one.get("type")))) is not None:
        return pressing(one, press)
    return f"<p>{escape(chr(10).join(read(one)))}</p>"


def actions(one: Json, press: Press) -> str:
    """Draw a row of buttons."""
    pressed = (press(each) for each in array(one.get("elements")) if isinstance(each, dict))
    return f'<div class="row">{"".join(pressed)}</div>'


def box(one: Json, press: Press) -> str:
    """Draw a container or a card: a head, a second line, and what stands in it."""
    given = (one.get(name) for name in ("hero_image", "rich_text_title", "title", "subtitle", "body"))
    head = "".join(drawn(each, press) for each in given if isinstance(each, dict))
    inside = blocks([*array(one.get("child_blocks")), *array(one.get("elements"))], press)
    return f'<div class="box">{head}{inside}{actions({"elements": one.get("actions")}, press)}</div>'


def drawn(node: Json, press: Press) -> str:
    """Draw a text object, or a block that stands in another one's place."""
    return f"<p>{words(node)}</p>" if node.get("type") in {"plain_text", "mrkdwn"} else block(node, press)


def context(one: Json) -> str:
    """Draw small print."""
    drawn = "".join(f"<span>{words(each)}</span>" for each in array(one.get("elements")))
    return f'<div class="small">{drawn}</div>'


def section(one: Json, press: Press) -> str:
    """Draw text, fields two beside each other, and what stands beside them."""
    text, beside, fields = one.get("text"), one.get("accessory"), array(one.get("fields"))
    drawn = f"<p>{words(text)}</p>" if text else ""
    drawn += f'<div class="fields">{"".join(f"<p>{words(each)}</p>" for each in fields)}</div>' if fields else ""
    return f'<div class="beside"><div>{drawn}</div>{press(beside)}</div>' if isinstance(beside, dict) else drawn


def table(one: Json) -> str:
    """Draw a table, its first row as heads, columns aligned as they say."""
    settings = array(one.get("column_settings"))
    right = {number for number, each in enumerate(settings) if at(each, "align") == "right"}
    rows = []
    for count, row in enumerate(array(one.get("rows"))):
        kind = "td" if count else "th"
        cells = (
            f"<{kind}{' class=right' if number in right else ''}>{cell(each)}</{kind}>"
            for number, each in enumerate(array(row))
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def cell(node: object) -> str:
    """Draw what stands in a table."""
    return escape("".join(read(node)))


def words(node: object) -> str:
    """Draw a text object; of mrkdwn only dates and mentions are read, all else stands as it was written."""
    text = str(at(node, "text") or "")
    if at(node, "type") == "mrkdwn":
        text = MENTION.sub(r"@\1", DATE.sub(r"\1", text))
    return escape(unescaped(text))


def rich(node: object) -> str:
    """Draw the text elements of rich text, which are stored as they were sent."""
    text = at(node, "text")
    own = escape(text) if isinstance(text, str) else ""
    return own + "".join(map(rich, array(at(node, "elements"))))


def asked(one: Json) -> str:
    """Draw an input with its label; the block's id names it."""
    element, name = one.get("element"), escape(f"{FIELD}{one.get('block_id')}")
    needed = "" if one.get("optional") else " required"
    return f"<p><label>{words(one.get('label'))}<br>{control(element, name, needed)}</label></p>"


def control(element: object, name: str, needed: str) -> str:
    """Draw an input's control; one that is not known here cannot be filled."""
    match at(element, "type"):
        case "static_select":
            return f'<select name="{name}"{needed}>{options(element)}</select>'
        case "plain_text_input":
            most = at(element, "max_length")
            bound = f' maxlength="{most}"' if isinstance(most, int) else ""
            return f'<textarea name="{name}" rows="3" cols="60"{bound}{needed}></textarea>'
        case "number_input":
            return f'<input name="{name}" inputmode="numeric"{needed}>'
        case _:
            return "<em>This page has no such input.</em>"


def options(element: object) -> str:
    """Draw what can be chosen, after the words that stand there before."""
    placeholder = words(at(element, "placeholder"))
    return f'<option value="">{placeholder}</option>' + "".join(
        f'<option value="{escape(str(at(each, "value")))}">{words(at(each, "text"))}</option>'
        for each in array(at(element, "options"))
    )


def filled(one: Json, given: str) -> Json | None:
    """Give the state of an input's element as a person left it; None: it cannot hold that.

    An input left empty has a null value (docs.slack.dev, "view_submission payload").
    """
    element = one.get("element")
    kind = at(element, "type")
    if kind == "static_select":
        chosen = next((each for each in array(at(element, "options")) if at(each, "value") == given), None)
        return None if given and chosen is None else {"type": kind, "selected_option": chosen}
    most = at(element, "max_length")
    if kind not in {"plain_text_input", "number_input"} or (isinstance(most, int) and len(given) > most):
        return None
    return {"type": kind, "value": given or None}


# Blocks that hold buttons.
PRESSED: Final[Mapping[str, Callable[[Json, Press], str]]] = MappingProxyType(
    {"section": section, "actions": actions, "container": box, "card": box, "carousel": box}
)

# Blocks in which nothing is pressed.
STILL: Final[Mapping[str, Callable[[Json], str]]] = MappingProxyType(
    {
        "header": lambda one: f"<h3>{words(one.get('text'))}</h3>",
        "context": context,
        "divider": lambda _: "<hr>",
        "rich_text": lambda one: "".join(f"<pre>{rich(each)}</pre>" for each in array(one.get("elements"))),
        "table": table,
        "data_table": lambda one: f"<p>{escape(unescaped(str(one.get('caption'))))}</p>{table(one)}",
        "alert": lambda one: f'<div class="box">{words(one.get("text"))}</div>',
        "input": asked,
    }
)
