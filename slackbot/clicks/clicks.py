"""What Slack says happened, read into nouns; whatever has another shape is empty and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, final

Body: TypeAlias = "Mapping[str, object]"
APP_PARTS: Final = 4  # xapp-1-A0123456789-…: an app-level token names its app


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """A button on a message: who, where, what it carried, and the message as Slack holds it."""

    app: str
    team: str  # the workspace it happened in
    home: str  # the person's own workspace
    user: str
    channel: str
    ts: str
    url: str = field(repr=False)
    trigger: str = field(repr=False)
    value: str
    message: object = field(repr=False)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A submitted modal."""

    app: str
    team: str
    home: str
    user: str
    metadata: str
    values: object = field(repr=False)
    blocks: object = field(repr=False)  # the modal as Slack holds it


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command."""

    app: str
    team: str
    user: str
    text: str


def at(body: object, *path: str) -> object:
    """Follow keys into nested objects; None where one is missing."""
    for name in path:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body


def string(body: object, *path: str) -> str:
    """Follow keys to a string; empty where there is none."""
    found = at(body, *path)
    return found if isinstance(found, str) else ""


def click(body: Body, action: Body) -> Click:
    """Read block_actions (docs.slack.dev, "block_actions payload")."""
    option = string(action, "selected_option", "value")
    return Click(
        app=string(body, "api_app_id"),
        team=string(body, "team", "id"),
        home=string(body, "user", "team_id"),
        user=string(body, "user", "id"),
        channel=string(body, "container", "channel_id"),
        ts=string(body, "container", "message_ts"),
        url=string(body, "response_url"),
        trigger=string(body, "trigger_id"),
        value=string(action, "value") or option,
        message=at(body, "message"),
    )


def submission(body: Body) -> Submission:
    """Read view_submission (docs.slack.dev, "view_submission payload")."""
    return Submission(
        app=string(body, "api_app_id"),
        team=string(body, "team", "id"),
        home=string(body, "user", "team_id"),
        user=string(body, "user", "id"),
        metadata=string(body, "view", "private_metadata"),
        values=at(body, "view", "state", "values"),
        blocks=at(body, "view", "blocks"),
    )


def command(body: Body) -> Command:
    """Read a slash command (docs.slack.dev, "Slash commands")."""
    return Command(
        app=string(body, "api_app_id"),
        team=string(body, "team_id"),
        user=string(body, "user_id"),
        text=string(body, "text"),
    )


def app_of(token: str) -> str:
    """Read the app's id out of its app-level token; empty when the token has another form."""
    parts = token.split("-")
    return parts[2] if len(parts) >= APP_PARTS and parts[0] == "xapp" and parts[2].startswith("A") else ""
