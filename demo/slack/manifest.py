"""Our app manifest as the platform understands it: what is not declared there does not work here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

OURS: Final = Path(__file__).resolve().parents[2] / "manifests" / "slack.json"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Commands, scopes and switches of an app."""

    name: str
    commands: frozenset[str]
    scopes: frozenset[str]
    interactive: bool
    home: bool
    events: frozenset[str]
    socket: bool

    @classmethod
    def read(cls, path: Path = OURS) -> Manifest:
        """Read a manifest file (docs.slack.dev, "App manifest reference")."""
        return cls.of(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, found: object) -> Manifest:
        """Read a decoded manifest."""
        commands = array(at(found, "features", "slash_commands"))
        return cls(
            name=str(at(found, "display_information", "name")),
            commands=frozenset(str(at(each, "command")) for each in commands),
            scopes=frozenset(map(str, array(at(found, "oauth_config", "scopes", "bot")))),
            interactive=at(found, "settings", "interactivity", "is_enabled") is True,
            home=at(found, "features", "app_home", "home_tab_enabled") is True,
            events=frozenset(map(str, array(at(found, "settings", "event_subscriptions", "bot_events")))),
            socket=at(found, "settings", "socket_mode_enabled") is True,
        )


def at(node: object, *path: str) -> object:
    """Follow keys into nested objects; None where one is missing."""
    for name in path:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def array(node: object) -> list[object]:
    """Give an array, or an empty one."""
    return node if isinstance(node, list) else []
