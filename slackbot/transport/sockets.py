"""Who else holds a connection of our app: at each hello Slack says how many there are, and the store how many are ours.

Each process claims a place in the store for each connection of its own, a minute at a time. The places of the minute
before count as well, so that a process that ends or begins is no finding; a foreign one is found at the next hello.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, final

from core.errors import GatewayError
from core.ports import Clock, TicketKind, Tickets
from slackbot.transport.alarms import Alarms

MINUTE: Final = 60
MOST: Final = 10  # connections of one app (docs.slack.dev, "Using Socket Mode")
LOOK_SECONDS: Final = 15.0
LOG: Final = logging.getLogger("assent.slack")


@final
@dataclass(slots=True, kw_only=True)
class Sockets:
    """The connections of one process among those of all."""

    tickets: Tickets
    clock: Clock
    alarms: Alarms
    team: str
    connections: int
    _claimed: int = 0  # the minute for which places were claimed last

    async def run(self) -> None:
        """Go on claiming, for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.claim()
            except GatewayError as error:
                LOG.warning("connections: %s", error)

    async def claim(self) -> None:
        """Claim this minute's places, once.

        Raises: AuditUnavailable.
        """
        minute = self._minute()
        if minute != self._claimed:
            for _ in range(self.connections):
                await self._place(minute)
            self._claimed = minute

    async def _place(self, minute: int) -> None:
        for number in range(MOST):
            if await self.tickets.put(TicketKind.SOCKET, self._name(minute, number), "", ends(minute)):
                return

    async def greeted(self, said: object) -> None:
        """Hold what Slack says against what is ours.

        Raises: AuditUnavailable.
        """
        if isinstance(said, int) and said > await self.ours():
            await self.alarms.raised("slack.foreign_socket", via=f"slack:{self.team}")

    async def ours(self) -> int:
        """Count the places of this minute and the one before, whichever are more.

        Raises: AuditUnavailable.
        """
        minute = self._minute()
        return max([await self._taken(each) for each in (minute, minute - 1)])

    async def _taken(self, minute: int) -> int:
        names = (self._name(minute, number) for number in range(MOST))
        # the same end as before: looking keeps no place longer
        return sum([await self.tickets.look(TicketKind.SOCKET, name, ends(minute)) is not None for name in names])

    def _minute(self) -> int:
        return int(self.clock.now().timestamp()) // MINUTE

    def _name(self, minute: int, number: int) -> str:
        return f"{self.team} {minute} {number}"


def ends(minute: int) -> datetime:
    """Return when the places of a minute are none any more: with the next one."""
    return datetime.fromtimestamp(minute * MINUTE, UTC) + timedelta(minutes=2)
