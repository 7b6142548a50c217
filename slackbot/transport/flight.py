"""What is under way at the Slack door: followed, counted, and waited for before it closes."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, final

from core.errors import GatewayError

LOG: Final = logging.getLogger("assent.slack")
DRAIN_SECONDS: Final = 10.0


@final
@dataclass(slots=True, kw_only=True)
class Flight:
    """What is under way: envelopes until their acknowledgement is sent, and tasks that follow."""

    tally: Counter[str]
    closing: bool = False
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def later(self, what: str, act: Coroutine[object, object, None]) -> None:
        """Run an act in a task of its own and count its errors."""
        self.follow(asyncio.ensure_future(self._counted(what, act)))

    def follow(self, task: asyncio.Task[Any]) -> None:
        """Wait for this task before the door closes."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _counted(self, what: str, act: Coroutine[object, object, None]) -> None:
        try:
            await act
        except GatewayError as error:
            self.tally[f"later.{what}"] += 1
            LOG.warning("%s: %s", what, error)
        # The door's last line: nobody awaits this task, so its crash is counted here or nowhere.
        except Exception:
            self.tally[f"later.{what}.crashed"] += 1
            LOG.exception("%s crashed", what)

    async def drain(self) -> None:
        """Wait for all of it, within a bound."""
        self.closing = True
        while self._tasks:
            _, unfinished = await asyncio.wait(tuple(self._tasks), timeout=DRAIN_SECONDS)
            for task in unfinished:
                task.cancel()


@asynccontextmanager
async def flown(flight: Flight) -> AsyncIterator[None]:
    """Finish what came before leaving."""
    try:
        yield
    finally:
        await flight.drain()
