"""Checkpoints carried out of the store: to witnesses that sign them, into a file elsewhere, to a webhook.

Whoever holds the database and the signing key can rewrite what nobody outside has seen: how often a checkpoint leaves
is how much that is. Each place has its own pace and waits for no other; no Call waits for any.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol, final

from core.audit.entry import alert
from core.audit.export.checkpoints import Newest
from core.errors import GatewayError, StoreError
from core.ports import Clock, Journal, Unit
from core.sinks.pump import Parcel, SinkAway, SinkGone, Transport

LOGGER: Final = logging.getLogger("assent.places")
LOOK: Final = 1.0  # seconds until the newest checkpoint is looked at again
FIRST: Final = 5.0  # seconds of the first wait after a failure
LONGEST: Final = 600.0
DOUBLINGS: Final = 10
LATE: Final = timedelta(hours=1)  # without any arrival, after which operators are told; once an hour

Pause = Callable[[float], Awaitable[None]]


class LogContradicted(GatewayError):
    """A place outside saw another story, or more of it: the log went back, or was rewritten."""

    code = "log_contradicted"


class Checkpoints(Protocol):
    """The store's side; while a place's trouble is a `log_contradicted`, every gateway of the store is stopped."""

    async def newest(self) -> Newest | None:
        """The last checkpoint."""
        ...

    async def path(self, old: int, new: int) -> tuple[bytes, ...]:
        """Prove that one tree begins with another."""
        ...

    async def cosigned(self, size: int, witness: str, line: str) -> None:
        """Keep a witness's line."""
        ...

    async def arrived(self, name: str, size: int, at_ms: int) -> None:
        """Say that a place took a checkpoint."""
        ...

    async def troubled(self, name: str, trouble: str) -> None:
        """Say what keeps a place."""
        ...

    async def configured(self, names: Collection[str]) -> None:
        """Hear no more what a place saw that is none any more."""
        ...


class Place(Protocol):
    """Somewhere outside."""

    async def take(self, newest: Newest) -> None:
        """Take a checkpoint; durable there when this returns.

        Raises: SinkAway, SinkGone, LogContradicted.
        """
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One configured place and its pace."""

    name: str
    place: Place
    every: timedelta


@final
class Publisher:
    """Carries checkpoints to one place."""

    def __init__(
        self,
        route: Route,
        *,
        checkpoints: Checkpoints,
        journal: Journal,
        clock: Clock,
        leads: Callable[[], bool] = lambda: True,
        pause: Pause = asyncio.sleep,
    ) -> None:
        """`leads`: this process signs; a spare one carries nothing."""
        self._route = route
        self._checkpoints = checkpoints
        self._journal = journal
        self._clock = clock
        self._leads = leads
        self._pause = pause
        self._taken: tuple[int, int] | None = None  # size and stamp
        self._last = self._told = clock.now()
        self._failures = 0
        self._contradicted = False

    async def serve(self) -> None:
        """Carry until cancelled; no failure ends it, and none goes unseen."""
        try:
            while True:
                await self._pause(await self.turn())
        finally:
            await self.close()

    async def close(self) -> None:
        """Close what is open."""
        await self._route.place.close()

    async def turn(self) -> float:
        """Carry the newest checkpoint if it is time; say in how many seconds to look again."""
        try:
            newest = await self._checkpoints.newest() if self._leads() else None
            if newest is None or self._taken == (newest.size, newest.at_ms):
                return LOOK
            await self._route.place.take(newest)
            self._taken, self._last = (newest.size, newest.at_ms), self._clock.now()
            self._failures, self._contradicted = 0, False
            await self._checkpoints.arrived(self._route.name, newest.size, newest.at_ms)
            return max(LOOK, self._route.every.total_seconds())
        except StoreError as error:
            LOGGER.warning("%s waits for the store: %s", self._route.name, error)
            return FIRST
        except (SinkAway, SinkGone, LogContradicted) as error:
            return await self._failed(error)

    async def _failed(self, error: SinkAway | SinkGone | LogContradicted) -> float:
        """Remember what went wrong, and tell operators: at once of a contradiction, after an hour of silence."""
        self._failures += 1
        LOGGER.warning("%s takes nothing: %s", self._route.name, error)
        contradicted = isinstance(error, LogContradicted)
        first, self._contradicted = contradicted and not self._contradicted, self._contradicted or contradicted
        now = self._clock.now()
        if first or now - max(self._last, self._told) >= LATE:
            name = "log_contradicted" if contradicted else "checkpoint_not_taken"
            await self._tell(name, str(error))
            self._told = now
        try:
            await self._checkpoints.troubled(self._route.name, f"{error.code}: {error}" if contradicted else str(error))
        except StoreError as away:
            LOGGER.warning("%s: %s", self._route.name, away)
        wait: float = min(LONGEST, FIRST * 2 ** min(self._failures - 1, DOUBLINGS))
        return wait * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing

    async def _tell(self, name: str, detail: str) -> None:
        try:
            await self._journal.commit(Unit(entries=(alert(name, place=self._route.name, detail=detail[:200]),)))
        except StoreError as away:
            LOGGER.warning("%s: %s", self._route.name, away)


@final
class Anchor:
    """A place that keeps what it is given: a sink's own way, for checkpoints."""

    def __init__(self, origin: str, transport: Transport) -> None:
        self._origin = origin
        self._transport = transport

    async def take(self, newest: Newest) -> None:
        """Hand it over; it counts when it is acknowledged."""
        uid = f"{self._origin}@{newest.size}:{newest.at_ms}"
        parcel = Parcel(sequence=newest.size, uid=uid, at_ms=newest.at_ms, content=newest.content)
        if await self._transport.send([parcel]):
            raise SinkAway("the receiver rejects checkpoints")

    async def close(self) -> None:
        """Close what is open."""
        await self._transport.close()
