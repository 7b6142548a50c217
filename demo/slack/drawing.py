"""Blocks as HTML, pure: every text shown as text in the order it stands, buttons and inputs as a form has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
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
    """Draw one block; a type that is not known here shows all its text."""
    match one.get("type"):
        case "header":
            return f"<h3>{words(one.get('text'))}</h3>"
        case "section":
            return section(one, press)
        case "context":
            return f"<p><small>{' · '.join(map(words, array(one.get('elements'))))}</small></p>"
        case "divider":
            return "<hr>"
        case "rich_text":
            return "".join(f"<pre>{rich(each)}</pre>" for each in array(one.get("elements")))
        case "actions":
            return f"<p>{''.join(press(each) for each in array(one.get('elements')) if isinstance(each, dict))}</p>"
        case "input":
            return asked(one)
        case _:
            return f"<p>{escape(chr(10).join(read(one)))}</p>"


def section(one: Json, press: Press) -> str:
    """Draw text, fields and what stands beside them."""
    text, beside = one.get("text"), one.get("accessory")
    drawn = f"<p>{words(text)}</p>" if text else ""
    drawn += "".join(f"<p>{words(each)}</p>" for each in array(one.get("fields")))
    return drawn + (press(beside) if isinstance(beside, dict) else "")


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
            options = "".join(
                f'<option value="{escape(str(at(each, "value")))}">{words(at(each, "text"))}</option>'
                for each in array(at(element, "options"))
            )
            return f'<select name="{name}"{needed}><option value=""></option>{options}</select>'
        case "plain_text_input":
            most = at(element, "max_length")
            bound = f' maxlength="{most}"' if isinstance(most, int) else ""
            return f'<textarea name="{name}" rows="3" cols="60"{bound}{needed}></textarea>'
        case "number_input":
            return f'<input name="{name}" inputmode="numeric"{needed}>'
        case _:
            return "<em>This page has no such input.</em>"


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
