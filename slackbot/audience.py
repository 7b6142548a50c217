"""Who sees a channel: cards go only where the audience is our own, looked at before the first and then every hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, final

from slackbot.alarms import Alarms
from slackbot.web import SlackRefused, Web

HOUR: Final = 3600.0
AGAIN: Final = 30.0  # after a channel was found wanting
WRONG: Final = ("is_archived", "is_ext_shared", "is_pending_ext_shared")  # docs.slack.dev, "Conversation object"


def wanting(channel: object) -> str:
    """Say why no card may be posted to a channel; empty: one may."""
    if not isinstance(channel, Mapping):
        return "unknown"
    if found := [name for name in WRONG if channel.get(name, False) is not False]:
        return ", ".join(found)
    return "" if channel.get("is_member") is True else "the bot is no member; invite it there"


@final
@dataclass(slots=True, kw_only=True)
class Audience:
    """Remembers for an hour that a channel is ours alone."""

    web: Web
    alarms: Alarms
    now: Callable[[], float]  # seconds, monotonic
    _seen: dict[str, tuple[float, str]] = field(default_factory=dict)

    async def ours(self, channel: str) -> None:
        """Return when a card may be posted to this channel.

        Raises: SlackRefused when not, SlackUnavailable when Slack cannot say, StoreError when the alert about a
        channel found wanting cannot be recorded.
        """
        until, why = self._seen.get(channel, (0.0, ""))
        if self.now() >= until:
            why = await self._look(channel)
            self._seen[channel] = (self.now() + (AGAIN if why else HOUR), why)
        if why:
            raise SlackRefused("channel", why)

    async def _look(self, channel: str) -> str:
        try:
            why = wanting((await self.web.call("conversations.info", {"channel": channel})).get("channel"))
        except SlackRefused as error:
            why = error.error
        if why:
            await self.alarms.raised("slack.channel", via=f"slack:{channel}")
        return why
