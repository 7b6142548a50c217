"""Whom a message would ping: control sequences left in mrkdwn and top-level text, user and broadcast elements."""

from __future__ import annotations

import re
from typing import Final

from demo.slack.world import Json

CONTROL: Final = re.compile(r"<(?:@[UW][A-Z0-9]+|!here|!channel|!everyone|!subteam\^[A-Z0-9]+)(?:\|[^>]*)?>")
LEAVES: Final = {"user": "user_id", "usergroup": "usergroup_id", "broadcast": "range"}


def pings(text: str, blocks: list[Json]) -> list[str]:
    """List what would ping, in the order it stands (docs.slack.dev, "Formatting text for app surfaces")."""
    return CONTROL.findall(text) + inner(blocks)


def inner(node: object) -> list[str]:
    """List what would ping below a node."""
    if isinstance(node, list):
        return [found for each in node for found in inner(each)]
    if not isinstance(node, dict):
        return []
    found = CONTROL.findall(str(node["text"])) if node.get("type") == "mrkdwn" else []
    leaf = LEAVES.get(str(node.get("type")))
    found += [str(node.get(leaf))] if leaf else []
    return found + [each for value in node.values() for each in inner(value)]
