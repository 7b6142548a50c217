"""What stands in the workspace: members, channels, messages, ephemerals, views; and a record of all that happened."""

from __future__ import annotations

import asyncio
import copy
import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias, final

Json: TypeAlias = "dict[str, object]"
TEAM: Final = "T0ASSENT1"
SPOKEN: Final = frozenset({"text", "title", "caption", "alt_text", "label", "name", "x_label", "y_label"})  # as strings
PLACES: Final = (  # where words stand in a block, in the order in which they are seen
    *("hero_image", "rich_text_title", "title", "subtitle", "caption", "text", "fields", "body", "alt_text", "rows"),
    *("description", "accessory", "elements", "child_blocks", "actions", "tasks", "details", "output", "sources"),
    *("chart", "segments", "series", "name", "data", "label", "axis_config", "x_label", "y_label", "element"),
    *("positive_button", "negative_button", "placeholder", "options"),
)
WAIT_SECONDS: Final = 20.0


@final
@dataclass(slots=True, kw_only=True)
class Member:
    """A user as users.info shows one."""

    id: str
    name: str
    team: str = TEAM
    deleted: bool = False
    bot: bool = False
    restricted: bool = False
    ultra_restricted: bool = False
    stranger: bool = False
    email: str = ""

    @property
    def guest(self) -> bool:
        """No full member of this workspace."""
        return self.restricted or self.ultra_restricted or self.stranger or self.team != TEAM

    def shown(self, *, email: bool = False) -> Json:
        """Return the user object (docs.slack.dev, "User object"); e-mails are withheld without their scope."""
        found: Json = {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.name,
            "tz": "Etc/UTC",
            "tz_offset": 0,
            "profile": {"real_name": self.name, "display_name": self.name, "team": self.team}
            | ({"email": self.email} if email and self.email else {}),
            "is_admin": False,
            "is_owner": False,
            "is_restricted": self.restricted,
            "is_ultra_restricted": self.ultra_restricted,
            "is_bot": self.bot,
            "is_app_user": False,
            "updated": 1_790_000_000,
        }
        return found | ({"is_stranger": True} if self.stranger else {})


@final
@dataclass(slots=True, kw_only=True)
class Channel:
    """A conversation and who is in it."""

    id: str
    name: str
    private: bool = False
    archived: bool = False
    shared: bool = False
    joined: bool = True  # our bot is a member
    people: set[str] | None = None  # who is in it; None: every full member, and our bot

    def shown(self) -> Json:
        """Return the conversation object (docs.slack.dev, "Conversation object")."""
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_ext_shared": self.shared,
            "is_pending_ext_shared": False,
            "is_shared": self.shared,
            "is_member": self.joined,
        }


@final
@dataclass(slots=True, kw_only=True)
class Posted:
    """A message on screen and every version it had."""

    channel: str
    ts: str
    text: str
    blocks: list[Json]
    versions: list[list[Json]] = field(default_factory=list)
    reactions: set[str] = field(default_factory=set)

    @property
    def words(self) -> str:
        """Everything a person reads on it, the notification's text included."""
        return "\n".join((self.text, *read(self.blocks)))

    def button(self, action: str, value: str | None = None) -> Json | None:
        """Find a button or select by its action id, and by its value."""
        return pressable(self.blocks, action, value)


@final
@dataclass(slots=True, kw_only=True)
class Whisper:
    """An ephemeral message: one person's eyes only."""

    user: str
    channel: str
    ts: str
    text: str
    blocks: list[Json] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Everything its reader sees."""
        return "\n".join((self.text, *read(self.blocks)))

    def button(self, action: str, value: str | None = None) -> Json | None:
        """Find a button or select by its action id, and by its value."""
        return pressable(self.blocks, action, value)


@final
@dataclass(slots=True, kw_only=True)
class View:
    """A modal open before one person."""

    id: str
    user: str
    payload: Json
    errors: dict[str, str] = field(default_factory=dict)
    open: bool = True

    @property
    def words(self) -> str:
        """Everything its reader sees."""
        blocks = self.payload.get("blocks")
        return "\n".join(read(blocks if isinstance(blocks, list) else []))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One Web API call and its answer."""

    method: str
    arguments: Json
    answer: Json


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A fault to inject into one call: a status, an error of Slack's, or an answer that does not come yet."""

    status: int = 200
    error: str = ""
    retry_after: int | None = None
    held: asyncio.Event | None = None  # the call waits for it, and is then answered as any other


@final
@dataclass(slots=True)
class World:
    """The workspace's whole state; `changed` wakes whoever waits for a condition."""

    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: list[Posted] = field(default_factory=list)
    whispers: list[Whisper] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    usergroups: dict[str, set[str]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)  # user -> their App Home
    calls: list[Called] = field(default_factory=list)
    user_errors: list[str] = field(default_factory=list)  # what a person would see fail
    rejected: list[str] = field(default_factory=list)  # blocks and views that Slack would not take
    troubles: dict[str, list[Trouble]] = field(default_factory=dict)
    triggers: dict[str, tuple[float, str, bool]] = field(default_factory=dict)  # id -> until, user, used
    now: Callable[[], float] = time.monotonic
    _number: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _event: asyncio.Event = field(default_factory=asyncio.Event)

    def changed(self) -> None:
        """Wake whoever waits."""
        self._event.set()

    async def until(self, holds: Callable[[], bool], what: str = "the condition") -> None:
        """Wait until a condition holds, looking at each change.

        Raises: TimeoutError, naming `what`, after a bound.
        """
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while not holds():
                    self._event.clear()
                    await self._event.wait()
        except TimeoutError as error:
            raise TimeoutError(f"waited in vain for {what}") from error

    def stamp(self) -> str:
        """Make a message ts: seconds and a number, unique."""
        return f"{int(time.time())}.{next(self._number):06d}"

    def name(self, prefix: str) -> str:
        """Make an id."""
        return f"{prefix}{secrets.token_hex(5).upper()}"

    def message(self, channel: str, ts: str) -> Posted | None:
        """Find a message."""
        return next((each for each in self.messages if (each.channel, each.ts) == (channel, ts)), None)

    def draw(self, posted: Posted, text: str, blocks: list[Json]) -> None:
        """Put a new version of a message on screen."""
        posted.text, posted.blocks = text, stored(blocks)
        posted.versions.append(posted.blocks)
        self.changed()


def pressable(blocks: list[Json], action: str, value: str | None = None) -> Json | None:
    """Find a button or select by its action id, and by its value where several have one, with the id of its block."""
    for block in blocks:
        elements = block.get("elements")
        for each in (block.get("accessory"), *(elements if isinstance(elements, list) else [])):
            if not isinstance(each, dict) or each.get("action_id") != action:
                continue
            if (pressed := each if value is None else holding(each, value)) is not None:
                return pressed | {"block_id": block.get("block_id")}
    return None


def holding(element: Json, value: str) -> Json | None:
    """Give a button of this value, or a select with the option of this value chosen."""
    options = element.get("options")
    if not isinstance(options, list):
        return element if str(element.get("value", "")) == value else None
    chosen = next((each for each in options if isinstance(each, dict) and each.get("value") == value), None)
    return None if chosen is None else element | {"selected_option": chosen}


def stored(blocks: list[Json]) -> list[Json]:
    """Keep blocks as Slack does: defaults filled in, block ids made, plain text escaped when handed back."""
    kept = copy.deepcopy(blocks)
    for number, block in enumerate(kept):
        block.setdefault("block_id", f"b{number}")
        filled(block)
    return kept


def filled(node: object) -> None:
    """Fill in the defaults of text objects, in place."""
    if isinstance(node, list):
        for each in node:
            filled(each)
    elif isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
            node["text"] = str(node["text"]).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        elif node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for each in node.values():
            filled(each)


def read(node: object) -> list[str]:
    """Give every text below a node, as people see it, in the order of `PLACES`."""
    if isinstance(node, list):
        return [text for each in node for text in read(each)]
    if not isinstance(node, dict):
        return []
    found: list[str] = []
    for name in PLACES:
        value = node.get(name)
        if isinstance(value, str):
            found += [unescaped(value)] if name in SPOKEN else []
        else:
            found += read(value)
    return found


def unescaped(text: str) -> str:
    """Show escaped text as it is drawn."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
