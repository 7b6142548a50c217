"""One sink's way from the log: read, word, send, and only after the acknowledgement move the cursor.

At least once and in order: a receiver tells repeats by `uid`. What goes wrong is waited out, longer each time; an Entry
is given up only where the receiver rejects it for good and took another one meanwhile, so that a wrong address loses
nothing. A pump shares nothing with a Call but the store's readers.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, final

from core.audit.entry import alert
from core.audit.export.event import Event
from core.audit.export.events import Events
from core.errors import GatewayError, StoreError
from core.ports import Clock, Cursors, Journal, Payloads, Sealed, Tail, Unit

LOGGER: Final = logging.getLogger("assent.sinks")
BATCH: Final = 200
IDLE: Final = 1.0  # seconds until the log is looked at again
FIRST: Final = 5.0  # seconds of the first wait after a failure
LONGEST: Final = 900.0
DOUBLINGS: Final = 10
OPEN: Final = 5  # failures in a row after which operators are told
TOGETHER: Final = 25  # Entries worded before others have their turn
LATE: Final = 3_600_000  # ms behind with more to come, from which on operators are told

Pause = Callable[[float], Awaitable[None]]
Wording = Callable[[Event], bytes]


class SinkAway(GatewayError):
    """Nothing was taken, or nobody knows: send the same again later. `after`: not before so many seconds."""

    code = "sink_away"

    def __init__(self, detail: str, *, after: float = 0.0) -> None:
        super().__init__(detail)
        self.after = after


class SinkGone(GatewayError):
    """The receiver wants nothing any more (HTTP 410): the sink rests until the next start."""

    code = "sink_gone"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One Entry as it is sent."""

    sequence: int
    uid: str
    at_ms: int
    content: bytes = field(repr=False)


class Transport(Protocol):
    """A receiver."""

    @property
    def unsure(self) -> int:
        """How many parcels may be lost though they were written: without an acknowledgement of the receiver's own."""
        ...

    async def send(self, parcels: Sequence[Parcel]) -> Sequence[int]:
        """Deliver in order and return the sequence numbers that are rejected for good.

        Raises: SinkAway, SinkGone.
        """
        ...

    async def close(self) -> None:
        """End its connections."""
        ...


class Leads(Protocol):
    """Which of several processes does what one alone needs to."""

    async def leads(self, name: str) -> bool:
        """Whether this process does the work of a name.

        Raises: StoreError.
        """
        ...


@final
class Alone:
    """The port Leads where there is one process."""

    async def leads(self, _name: str) -> bool:
        """Always."""
        return True


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What every pump needs of the store."""

    origin: str
    version: str
    tail: Tail
    journal: Journal
    cursors: Cursors
    payloads: Payloads
    clock: Clock
    leads: Leads = field(default_factory=Alone)


@final
class Pump:
    """One configured sink."""

    def __init__(
        self,
        name: str,
        house: House,
        transport: Transport,
        wording: Wording,
        *,
        statements: bool = False,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.name = name
        self.failures = 0
        self._house = house
        self._transport = transport
        self._wording = wording
        self._events = Events(
            tail=house.tail,
            payloads=house.payloads if statements else None,
            origin=house.origin,
            version=house.version,
        )
        self._pause = pause
        self._next: int | None = None
        self._late = False

    async def serve(self) -> None:
        """Follow the log until cancelled."""
        try:
            while True:
                try:
                    if not await self._house.leads.leads(self.name):
                        self._next = None  # another process sends, and moves the cursor
                        await self._pause(IDLE)
                        continue
                    moved = await self.step()
                except SinkGone as error:
                    await self._resting(error)
                    return
                except (SinkAway, StoreError) as error:
                    await self._pause(await self._failed(error))
                    continue
                self.failures = 0
                if not moved:
                    await self._pause(IDLE)
        finally:
            await self._transport.close()

    async def step(self) -> int:
        """Deliver the next batch and return how many Entries it held.

        Raises: SinkAway, SinkGone, StoreError: then the cursor stands where it stood.
        """
        if self._next is None:
            standing = (await self._house.cursors.cursor(self.name)).next
            self._next = max(0, standing - self._transport.unsure)
        entries = await self._house.tail.tail(self._next, BATCH)
        if not entries:
            return 0
        parcels = await self._worded(entries)
        try:
            rejected = await self._sent(parcels)
        except SinkAway:
            self._next = None  # begun again from what is acknowledged, and what may be lost of it
            raise
        self._next = entries[-1].sequence + 1
        now = int(self._house.clock.now().timestamp() * 1000)
        await self._house.cursors.delivered(self.name, self._next, now, rejected)
        if rejected:
            LOGGER.warning("sink %s rejected %s for good", self.name, rejected)
        await self._lag(len(entries), now - parcels[-1].at_ms)
        return len(entries)

    async def _sent(self, parcels: Sequence[Parcel]) -> Sequence[int]:
        """Send; who rejects all of it may be the wrong address, and nothing is given up for that.

        Raises: SinkAway, SinkGone.
        """
        rejected = await self._transport.send(parcels)
        if len(rejected) == len(parcels):
            raise SinkAway(f"the receiver rejects everything, {len(parcels)} Entries at once")
        return rejected

    # ------------------------------------------------------------ words

    async def _worded(self, entries: Sequence[Sealed]) -> list[Parcel]:
        parcels = []
        for number, sealed in enumerate(entries, 1):
            event = await self._events.of(sealed)
            parcels.append(
                Parcel(sequence=sealed.sequence, uid=event.uid, at_ms=event.at, content=self._wording(event))
            )
            if number % TOGETHER == 0:
                await asyncio.sleep(0)
        return parcels

    # ------------------------------------------------------------ trouble

    async def _failed(self, error: SinkAway | StoreError) -> float:
        """Count, tell, and return how long to wait: twice as long each time, and never all sinks at one moment."""
        self.failures += 1
        if isinstance(error, SinkAway):
            await self._told(str(error))
            if self.failures == OPEN:
                await self._raised("export.away")
        wait = min(FIRST * 2.0 ** min(self.failures - 1, DOUBLINGS), LONGEST)
        least = error.after if isinstance(error, SinkAway) else 0.0
        spread = 0.5 + random.random() / 2  # noqa: S311 - spread, not secrecy
        return max(min(least, LONGEST), wait * spread)

    async def _resting(self, error: SinkGone) -> None:
        await self._told(f"{error}: it rests until the next start")
        await self._raised("export.gone")

    async def _told(self, trouble: str) -> None:
        LOGGER.warning("sink %s: %s", self.name, trouble)
        try:
            await self._house.cursors.troubled(self.name, trouble)
        except StoreError:
            LOGGER.warning("sink %s: its trouble could not be recorded", self.name)

    async def _lag(self, taken: int, behind_ms: int) -> None:
        """Tell operators once when a sink falls behind what one batch holds, for longer than an hour."""
        late = taken == BATCH and behind_ms > LATE
        if late and not self._late:
            await self._raised("export.late")
        self._late = late

    async def _raised(self, name: str) -> None:
        try:
            await self._house.journal.commit(Unit(entries=(alert(name, sink=self.name),)))
        except StoreError:
            LOGGER.warning("sink %s: %s could not be recorded", self.name, name)
