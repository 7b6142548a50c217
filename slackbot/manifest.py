"""The app manifest for either mode, pure: what the bot needs and nothing besides (docs.slack.dev, "App manifest")."""

from __future__ import annotations

from typing import Final

from core.model import Json
from slackbot.views.audit import USAGE

PATH: Final = "/slack/events"  # of commands, clicks and events in HTTP mode
# Each with what it is for; a person who installs the app is shown the same list by Slack.
SCOPES: Final[tuple[tuple[str, str], ...]] = (
    ("commands", "/audit"),
    ("chat:write", "cards"),
    ("im:write", "whoever is linked, or linked no more, is told so"),
    ("users:read", "guests, bots and people of other workspaces decide nothing"),
    ("channels:read", "a card goes to no channel that others share"),
    ("groups:read", "nor to such a private one"),
)
EMAIL: Final = "users:read.email"


def manifest(*, url: str = "", email: bool = False) -> dict[str, Json]:
    """Write the manifest: Socket Mode, or HTTP at `url`; `email` where people are matched by it."""
    address: dict[str, Json] = {"request_url": f"{url}{PATH}"} if url else {}
    command: dict[str, Json] = {
        "command": "/audit",
        "description": "Look up agent sessions and Reviews",
        "usage_hint": USAGE,
        "should_escape": True,
        **({"url": f"{url}{PATH}"} if url else {}),
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": "Assent",
            "description": "Review what AI agents run on your databases.",
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "assent", "always_online": True},
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": [*scopes(email=email)]}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": ["app_home_opened"]},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def scopes(*, email: bool = False) -> tuple[str, ...]:
    """Name the scopes of the bot token."""
    return (*(name for name, _ in SCOPES), *((EMAIL,) if email else ()))
