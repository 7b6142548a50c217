"""How much this door takes: Calls in flight, waiting and in a minute, per Caller and in all; and how it drains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, final

import anyio

from core.errors import Busy
from mcp_server.line import Turn

AFTER_RESTART: Final = timedelta(seconds=10)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Numbers beyond which a Call is answered "busy"; it is counted then, not journalled.

    What stands for one agent stands twice for all agents of one person (`mcp_server.sharing`).
    """

    running: int = 64  # Calls inside the line at once
    queued: int = 512  # Calls that wait for one of those places
    each: int = 32  # of both, for one agent
    held: int = 8  # Calls of one agent that wait for people on an open connection (53-111 KiB each)
    open: int = 64  # HTTP requests of one agent, those included whose body is still under way
    minute: int = 600  # Calls of one agent in a minute, `collect` included
    patience: timedelta = timedelta(seconds=5)  # in the queue: with the 45 s of the hold, below hosts' 60
    body: timedelta = timedelta(seconds=10)  # for a request's body to arrive
    retry_after: timedelta = timedelta(seconds=2)


@final
class Drain:
    """The stop signal: not ready any more, no new Calls, and every held Call answers as it stands."""

    def __init__(self) -> None:
        self._begun = anyio.Event()

    @property
    def begun(self) -> bool:
        """Whether the gateway is stopping."""
        return self._begun.is_set()

    def begin(self) -> None:
        """Wake every held Call; a second time changes nothing."""
        self._begun.set()

    def refuse(self) -> None:
        """Take no new statement while stopping.

        Raises: Busy.
        """
        if self.begun:
            raise Busy("stopping", retry_after=AFTER_RESTART)

    async def first(self, turn: Turn) -> None:
        """Return when the turn comes or the gateway stops, whichever is first."""
        async with anyio.create_task_group() as group:

            async def woken() -> None:
                await turn.wait()
                group.cancel_scope.cancel()

            group.start_soon(woken)
            await self._begun.wait()
            group.cancel_scope.cancel()
