"""Payloads with the keys of real ones: compared with the samples in bolt-python's scenario tests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from demo.slack.world import Channel, Json, Member

TOKEN: Final = "verification_token"  # deprecated by Slack, still sent  # noqa: S105
COPIED: Final = ("action_id", "block_id", "text", "value", "style", "type", "selected_option")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """Builds what Slack sends to one app of one workspace."""

    app: str
    team: str
    channels: Mapping[str, Channel]
    members: Mapping[str, Member]

    def person(self, user: str) -> Json:
        """Show who acts."""
        member = self.members[user]
        return {"id": user, "username": member.name, "name": member.name, "team_id": member.team}

    def workspace(self) -> Json:
        """Show where."""
        return {"id": self.team, "domain": "assent-test"}

    def click(
        self, user: str, element: Json, *, place: tuple[str, str], message: Json | None, trigger: str, url: str
    ) -> Json:
        """Build block_actions; an ephemeral message is not in it."""
        channel, ts = place
        action = {name: element[name] for name in COPIED if name in element} | {"action_ts": f"{time.time():.6f}"}
        container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": message is None}
        payload: Json = {
            "type": "block_actions",
            "user": self.person(user),
            "api_app_id": self.app,
            "token": TOKEN,
            "container": container,
            "trigger_id": trigger,
            "team": self.workspace(),
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": channel, "name": self.channels[channel].name},
            "state": {"values": {}},
            "response_url": url,
            "actions": [action],
        }
        return payload | ({"message": message} if message is not None else {})

    def view_click(self, user: str, element: Json, *, view: Json, trigger: str) -> Json:
        """Build block_actions of a view: no channel, no message, no response URL."""
        action = {name: element[name] for name in COPIED if name in element} | {"action_ts": f"{time.time():.6f}"}
        return {
            "type": "block_actions",
            "user": self.person(user),
            "api_app_id": self.app,
            "token": TOKEN,
            "container": {"type": "view", "view_id": view["id"]},
            "trigger_id": trigger,
            "team": self.workspace(),
            "enterprise": None,
            "is_enterprise_install": False,
            "view": view,
            "actions": [action],
        }

    def event(self, event: Json) -> Json:
        """Build an event_callback (docs.slack.dev, "Events API")."""
        at = time.time()
        return {
            "token": TOKEN,
            "team_id": self.team,
            "api_app_id": self.app,
            "event": {**event, "event_ts": f"{at:.6f}"},
            "type": "event_callback",
            "event_id": f"Ev{int(at * 1e6):X}",
            "event_time": int(at),
            "authorizations": [],
            "is_ext_shared_channel": False,
        }

    def submission(self, user: str, view: Json, *, trigger: str) -> Json:
        """Build view_submission."""
        return {
            "type": "view_submission",
            "team": self.workspace(),
            "user": self.person(user),
            "api_app_id": self.app,
            "token": TOKEN,
            "trigger_id": trigger,
            "view": view,
            "response_urls": [],
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def command(self, user: str, command: str, text: str, *, channel: str, url: str, trigger: str) -> Json:
        """Build a slash command; with `should_escape` Slack escapes what was typed."""
        return {
            "token": TOKEN,
            "team_id": self.team,
            "team_domain": "assent-test",
            "channel_id": channel,
            "channel_name": self.channels[channel].name,
            "user_id": user,
            "user_name": self.members[user].name,
            "command": command,
            "text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            "api_app_id": self.app,
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": trigger,
        }
