"""Who sees a channel: cards go only where the audience is our own, looked at before the first and then every hour."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, final

from core.errors import GatewayError
from slackbot.people import refusal
from slackbot.transport.alarms import Alarms
from slackbot.transport.web import SlackRefused, Web

LOG: Final = logging.getLogger("assent.slack")
HOUR: Final = 3600.0
AGAIN: Final = 30.0  # after a channel was found wanting
PAGE: Final = 1000  # members or users in one answer, the most that Slack gives (docs.slack.dev, "Pagination")
PAGES: Final = 200  # a workspace or channel of more people than this holds is none that we can vouch for
WRONG: Final = ("is_archived", "is_ext_shared", "is_pending_ext_shared")  # docs.slack.dev, "Conversation object"
OUTSIDERS: Final = "people who are not full members of the workspace are in it"
CROWDED: Final = "more people than can be looked at"


def wanting(channel: object) -> str:
    """Say why no card may be posted to a channel; empty: as far as the channel itself says, one may."""
    if not isinstance(channel, Mapping):
        return "unknown"
    if found := [name for name in WRONG if channel.get(name, False) is not False]:
        return ", ".join(found)
    return "" if channel.get("is_member") is True else "the bot is no member; invite it there"


async def pages(web: Web, method: str, arguments: Mapping[str, object], name: str) -> AsyncIterator[object]:
    """Give every item of a list that comes in pages.

    Raises: SlackRefused, also for a list without end; SlackUnavailable.
    """
    cursor = ""
    for _ in range(PAGES):
        given = await web.call(method, {**arguments, "limit": PAGE} | ({"cursor": cursor} if cursor else {}))
        found, more = given.get(name), given.get("response_metadata")
        for one in found if isinstance(found, list) else ():
            yield one
        cursor = str(more.get("next_cursor") or "") if isinstance(more, Mapping) else ""
        if not cursor:
            return
    raise SlackRefused(method, CROWDED)


@final
@dataclass(slots=True, kw_only=True)
class Census:
    """Who is a full member of our workspace, asked once an hour for all channels together."""

    web: Web
    teams: frozenset[str]
    now: Callable[[], float]  # seconds, monotonic
    _until: float = 0.0
    _ours: frozenset[str] = frozenset()

    async def outsiders(self, channel: str) -> str:
        """Say why the people in a channel are not all our own; empty: they are.

        Raises: SlackRefused, SlackUnavailable.
        """
        members = pages(self.web, "conversations.members", {"channel": channel}, "members")
        inside = frozenset([str(one) async for one in members])
        if self.now() >= self._until or not inside <= self._ours:  # who is new in the channel may be new in the list
            self._ours = frozenset([one async for one in self._full()])
            self._until = self.now() + HOUR
        return "" if inside <= self._ours else OUTSIDERS

    async def _full(self) -> AsyncIterator[str]:
        """Give who may see a card: full members, deactivated ones who see nothing, and the workspace's own bots."""
        async for one in pages(self.web, "users.list", {}, "members"):
            if isinstance(one, Mapping) and (own(one, self.teams) or one.get("deleted") is True):
                yield str(one.get("id"))


def own(user: Mapping[str, object], teams: frozenset[str]) -> bool:
    """Say whether a user is one of ours; a bot was let in by who runs the workspace."""
    person = {**user, "is_bot": False} if user.get("is_bot") is True else user
    return refusal(person, asked=str(user.get("id")), teams=teams) is None


async def looked(web: Web, census: Census, channel: str) -> str:
    """Say why no card may be posted to a channel, whoever is in it included; empty: one may.

    Raises: SlackUnavailable.
    """
    try:
        why = wanting((await web.call("conversations.info", {"channel": channel})).get("channel"))
        return why or await census.outsiders(channel)
    except SlackRefused as error:
        return error.error


@final
@dataclass(slots=True, kw_only=True)
class Audience:
    """Remembers for an hour that a channel is ours alone."""

    web: Web
    census: Census
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

    async def watch(self) -> None:
        """Look at every channel that was ever used once an hour, for ever: nobody need ask for a card to be told."""
        while True:
            await asyncio.sleep(HOUR)
            await self.again()

    async def again(self) -> None:
        """Look at every channel now."""
        for channel in tuple(self._seen):
            self._seen.pop(channel, None)
            try:
                await self.ours(channel)
            except GatewayError as error:
                LOG.warning("channel %s: %s", channel, error)

    async def _look(self, channel: str) -> str:
        why = await looked(self.web, self.census, channel)
        if why:
            await self.alarms.raised("slack.channel", via=f"slack:{channel}")
        return why
