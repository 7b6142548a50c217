"""How much this door takes at once: Calls in flight and waiting, per Caller and in all, and how it drains."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias, final

import anyio

from core.errors import Busy
from mcp_server.line import Turn

AFTER_RESTART: Final = timedelta(seconds=10)

Principal: TypeAlias = tuple[str, str, str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Numbers beyond which a Call is answered "busy"; it is counted then, not journalled."""

    running: int = 64  # Calls inside the line at once
    queued: int = 512  # Calls that wait for one of those places
    each: int = 32  # of both, for one principal: nobody fills the queue alone
    held: int = 8  # Calls of one principal that wait for people on an open connection (53-111 KiB each)
    patience: timedelta = timedelta(seconds=5)  # in the queue: with the 45 s of the hold, below hosts' 60
    body: timedelta = timedelta(seconds=10)  # for a request's body to arrive
    retry_after: timedelta = timedelta(seconds=2)


@final
class Limiter:
    """Counts who is inside; refuses at once beyond the bounds, so that a flood costs nothing but its refusals."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._places = anyio.Semaphore(bounds.running)
        self._inside: Counter[Principal] = Counter()
        self._held: Counter[Principal] = Counter()

    @property
    def inside(self) -> int:
        """Calls that run or wait for a place."""
        return self._inside.total()

    @asynccontextmanager
    async def place(self, principal: Principal) -> AsyncIterator[None]:
        """Hold one place inside the line.

        Raises: Busy when the principal or the door has too many, or none came free in time.
        """
        bounds = self._bounds
        if self._inside[principal] >= bounds.each:
            raise Busy("too many calls of one principal", retry_after=bounds.retry_after)
        if self.inside >= bounds.running + bounds.queued:
            raise Busy("queue is full", retry_after=bounds.retry_after)
        with _counted(self._inside, principal):
            with anyio.move_on_after(bounds.patience.total_seconds()) as waited:
                await self._places.acquire()
            if waited.cancelled_caught:
                raise Busy("no place came free in time", retry_after=bounds.retry_after)
            try:
                yield
            finally:
                self._places.release()

    @contextmanager
    def hold(self, principal: Principal) -> Iterator[bool]:
        """Count a Call that waits for people; False when this principal holds enough already: answer pending now."""
        if self._held[principal] >= self._bounds.held:
            yield False
            return
        with _counted(self._held, principal):
            yield True


@contextmanager
def _counted(counter: Counter[Principal], principal: Principal) -> Iterator[None]:
    counter[principal] += 1
    try:
        yield
    finally:
        counter[principal] -= 1
        if not counter[principal]:
            del counter[principal]


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
