"""Reminds people, in a message of their own, of what they alone keep waiting: each of each Review once.

Who may vote is told at a third of a Review's time; who may from two thirds on, since their group follows another, is
told then. At night, by the person's own clock, nobody is. The message has no button: it points to the app's Home.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias, final

from core.entitled import REMIND, mark
from core.errors import GatewayError
from core.model import Identity
from core.ports import Clock, Desk, Shown, TicketKind, Tickets
from slackbot.kit.parts import section
from slackbot.kit.text import clip
from slackbot.kit.words import things, verbs, where, who
from slackbot.people import People
from slackbot.views.cards import Message

LOG: Final = logging.getLogger("assent.slack")
REST_SECONDS: Final = 20.0  # between rounds
MORNING, EVENING = 8, 21  # hours of the person's own clock between which they are told
LONGEST: Final = 600
AFTER: Final = timedelta(hours=1)  # that a ticket outlasts its Review: a late clock reminds nobody anew

Users: TypeAlias = Callable[[str], Awaitable[frozenset[str]]]


class Writer(Protocol):
    """What writes to one person."""

    async def direct(self, user: str, message: Message) -> None:
        """Write in the conversation that the bot has with them."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """Whom to tell, and what was told."""

    web: Writer
    people: People
    desk: Desk
    tickets: Tickets
    clock: Clock
    team: str
    users: Users  # accounts of a workspace that are somebody's
    tally: Counter[str]

    async def run(self) -> None:
        """Remind, for ever."""
        while True:
            await self._kept("all", self.round())
            await asyncio.sleep(REST_SECONDS)

    async def round(self) -> None:
        """Look once at what waits for each person; one who cannot be looked at keeps no other unreminded.

        Raises: StoreError where it cannot be said who there is.
        """
        for user in sorted(await self.users(self.team)):
            await self._kept(user, self._person(user))

    async def _kept(self, whom: str, act: Coroutine[object, object, None]) -> None:
        try:
            await act
        except GatewayError as error:
            self.tally["reminder.failed"] += 1
            LOG.warning("reminders of %s: %s", whom, error)
        # The door's last line: one person who cannot be reminded must not keep the others waiting.
        except Exception:
            self.tally["reminder.crashed"] += 1
            LOG.exception("reminders of %s crashed", whom)

    async def _person(self, user: str) -> None:
        person = await self.people.of(self.team, user)
        if isinstance(person, Identity):
            for shown in await self.desk.pending(person):
                await self._reminded(user, shown)

    async def _reminded(self, user: str, shown: Shown) -> None:
        """Tell somebody once: the ticket comes first, so that of all replicas one does, and a crash repeats nothing."""
        now = self.clock.now()
        if not due(shown, now) or not awake(now + await self.people.ahead(user)):
            return
        review = shown.review
        if not await self.tickets.put(TicketKind.REMINDED, f"{review.id} {user}", "", review.expires_at + AFTER):
            return
        try:
            await self.web.direct(user, message(shown))
            self.tally["reminder.sent"] += 1
        except GatewayError as error:
            self.tally["reminder.failed"] += 1
            LOG.warning("a reminder of %s to %s: %s", review.id, user, error)


def due(shown: Shown, now: datetime) -> bool:
    """Whether this person may vote on it now, and a third of its time is over."""
    review = shown.review
    return shown.eligible and mark(review, REMIND) <= now < review.expires_at


def awake(there: datetime) -> bool:
    """Whether it is day by a person's own clock."""
    return MORNING <= there.hour < EVENING


def message(shown: Shown) -> Message:
    """Word it: what is asked, by whom for whom, until when; no statement, no number, nothing that could be clicked."""
    asked = f"{clip(verbs(shown), 40)} {things(shown)} at {where(shown)}, asked by {clip(who(shown), 240)}"
    until = f"{shown.review.expires_at:%H:%M} UTC"
    said = f"A Review waits for you until {until}: {clip(asked, LONGEST)}. Decide on its card, or in this app's Home."
    return Message(text="A Review waits for you.", blocks=[section("reminder", said)])
