"""Keeps App Home of whoever opened it at what waits now; opening is a look on record, following is none."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from core.errors import GatewayError
from core.model import Identity
from core.ports import Looks, SessionLine
from slackbot.home.debts import Debts
from slackbot.kit.blocks import Block
from slackbot.people import People, Stranger
from slackbot.transport.web import Web
from slackbot.views import home

LOG: Final = logging.getLogger("assent.slack")
FOLLOWED: Final = 200  # people whose Home follows; the others see what waits when they open it
FOLLOWING_SECONDS: Final = 3600.0
REST_SECONDS: Final = 2.0  # between rounds: views.publish is tier 4, 100 a minute


@final
@dataclass(slots=True, kw_only=True)
class Opened:
    """Somebody's Home."""

    team: str
    until: float
    sessions: Sequence[SessionLine] = ()
    shown: Block | None = None


@final
@dataclass(slots=True, kw_only=True)
class Homes:
    """Whose Home follows, and how."""

    web: Web
    people: People
    debts: Debts
    looks: Looks
    now: Callable[[], float]  # seconds, monotonic
    tally: Counter[str]
    _opened: dict[str, Opened] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def nudge(self) -> None:
        """Look for what changed."""
        self._wake.set()

    async def run(self) -> None:
        """Follow, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            for user in tuple(self._opened):
                await self._kept(user)
            await asyncio.sleep(REST_SECONDS)

    async def open(self, team: str, user: str) -> None:
        """Show somebody their Home, from here on followed.

        Raises: StoreError when the look cannot be recorded: then nothing is shown; SlackUnavailable, SlackRefused.
        """
        while len(self._opened) >= FOLLOWED:
            self._opened.pop(next(iter(self._opened)))
        opened = self._opened[user] = Opened(team=team, until=self.now() + FOLLOWING_SECONDS)
        who = await self.people.of(team, user)
        if isinstance(who, Identity):
            opened.sessions = await self.looks.mine(who)
        await self._drawn(user, opened, who)

    async def _kept(self, user: str) -> None:
        opened = self._opened[user]
        if self.now() > opened.until:
            del self._opened[user]
            return
        try:
            await self._drawn(user, opened, await self.people.of(opened.team, user))
        except GatewayError as error:
            self.tally["home.failed"] += 1
            LOG.warning("home: %s", error)
        # The door's last line: one Home that cannot be drawn must not keep the others behind.
        except Exception:
            self.tally["home.crashed"] += 1
            LOG.exception("a Home could not be drawn")

    async def _drawn(self, user: str, opened: Opened, who: Identity | Stranger) -> None:
        """Publish what differs from what is on screen; who is no longer known here sees none of it."""
        if isinstance(who, Stranger):
            view = home.nobody(who.sentence)
        else:
            view = home.home(await self.debts.of(who), opened.sessions)
        if view != opened.shown:
            await self.web.publish(user, view)
            opened.shown = view
