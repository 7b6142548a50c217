"""A Call's course as a task of its own: held for its client, ended with it, or going on alone once the hold is over."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Final, final

from core.model import Answer, CallId

HOLD: Final = timedelta(seconds=45)  # MCP hosts give a request up at 60 s (TypeScript SDK's default)


@final
class Courses:
    """Tasks by Call."""

    def __init__(self, hold: timedelta = HOLD) -> None:
        self._hold = hold
        self._tasks: dict[CallId, asyncio.Task[Answer]] = {}

    async def hold(self, call: CallId, course: Coroutine[object, object, Answer]) -> Answer | None:
        """Run a course and wait for it; None when the hold is over, or somebody stopped it.

        A client that goes away cancels the course; what must not be cut (a write from its PREPARED on) shields itself.
        Raises: what the course raised.
        """
        task = asyncio.ensure_future(course)
        self._tasks[call] = task
        task.add_done_callback(lambda done: self._forget(call, done))
        try:
            await asyncio.wait({task}, timeout=self._hold.total_seconds())
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait({task})
            raise
        if not task.done() or task.cancelled():
            return None
        return task.result()

    def stop(self, call: CallId) -> None:
        """Cancel a course whose attempt was given up."""
        task = self._tasks.get(call)
        if task is not None:
            task.cancel()

    async def drain(self) -> None:
        """Wait for courses that go on; each ends by its own limits."""
        while self._tasks:
            await asyncio.wait(set(self._tasks.values()))

    def _forget(self, call: CallId, done: asyncio.Task[Answer]) -> None:
        """Forget a course; what it raised past its hold has been recorded as the Call's OUTCOME."""
        self._tasks.pop(call, None)
        if not done.cancelled():
            done.exception()
