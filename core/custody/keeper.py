"""Ends data keys when their time has come: of Calls that are over, by age, by order; never under a hold.

A key's end is an Entry with a look at the holds in one unit; then it is destroyed, and the rest is done once more after
a crash. The tree is untouched: what is erased was, and stays, provable.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, final

from core.custody import terms as days
from core.errors import Held, Lost
from core.model import CallId, Entry, EntryKind, Json
from core.ports import (
    EVER,
    Clock,
    Custody,
    DataKeys,
    Due,
    Journal,
    KeyKind,
    LiveKey,
    Months,
    Results,
    SetTerms,
    Shred,
    Shredded,
    Unit,
)

ENTRY: Final = 400  # data keys that one Entry names: numbers of at most 19 digits in a body of 8 KiB
GRACE: Final = timedelta(minutes=1)  # between a payload and the Entry that names it
HOUR: Final = timedelta(hours=1)
PERIOD: Final = 5.0  # seconds
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Watching(Protocol):
    """Awaits work that nobody waits for."""

    async def over(self, name: str, work: Awaitable[None]) -> None:
        """Await it; what it raises becomes an alert."""
        ...


class Waited(Protocol):
    """Sinks that have to take what retention ends, before it does."""

    async def day(self) -> int | None:
        """The day of the first Entry that one of them has not taken; None: there is none.

        Raises: StoreError.
        """
        ...


@final
class Nobody:
    """The port Waited where no sink is required."""

    async def day(self) -> int | None:
        """Never."""
        return None


@dataclass(slots=True)
class Tally:
    """What is due of one purpose at one Source."""

    keys: int = 0
    held: int = 0
    oldest: int = EVER  # day

    def take(self, key: LiveKey, *, held: bool) -> None:
        """Count a key."""
        self.keys, self.held, self.oldest = self.keys + 1, self.held + held, min(self.oldest, key.scope.day)


@final
class Keeper:
    """One per store; of several that end one key, each finds it ended."""

    def __init__(
        self,
        *,
        journal: Journal,
        keys: DataKeys,
        custody: Custody,
        months: Months,
        results: Results,
        clock: Clock,
        configured: Mapping[str, int],
        waited: Waited | None = None,
    ) -> None:
        self._journal = journal
        self._keys = keys
        self._custody = custody
        self._months = months
        self._results = results
        self._clock = clock
        self.configured = configured
        self._waited = waited or Nobody()
        self._seen: dict[int, datetime] = {}
        self._aged: datetime | None = None

    async def serve(self, watch: Watching) -> None:
        """Sweep every few seconds, until cancelled; what it raises is an alert."""
        while True:
            await watch.over("retention", self.sweep())
            await asyncio.sleep(PERIOD)

    async def start(self) -> None:
        """Finish what an earlier process left, and take the configured retention where it shortens nothing.

        Raises: StoreError.
        """
        await self.finish()
        held = await self._custody.terms()
        now = days.longer(self.configured, held)
        if now != held:
            said: dict[str, Json] = {"retention": dict(now)}
            entry = Entry(kind=EntryKind.CONFIG_CHANGE, body=said)
            await self._journal.commit(Unit(entries=(entry,), changes=(SetTerms(terms=now),)))

    async def sweep(self) -> None:
        """End what is due: of Calls that are over each time, by age each hour.

        Raises: StoreError.
        """
        await self.finish()
        await self._end(await self._over(), "over")
        now = self._clock.now()
        if self._aged is None or now - self._aged >= HOUR:
            async for page in self._old():
                await self._end(page, "age")
            await self._prune()
            self._aged = now

    async def due(self) -> tuple[Due, ...]:
        """Tell what the next sweeps would end, and what of it a hold keeps; nothing is changed."""
        groups: dict[tuple[str, str], Tally] = {}
        async for page in self._old():
            held = await self._custody.held(page)
            for key in page:
                groups.setdefault((key.scope.purpose, key.scope.source), Tally()).take(key, held=key.number in held)
        return tuple(
            Due(reason="age", purpose=purpose, source=source, keys=of.keys, held=of.held, oldest=of.oldest)
            for (purpose, source), of in sorted(groups.items())
        )

    async def terms(self) -> Mapping[str, int]:
        """The retention in force."""
        return await self._custody.terms() or {}

    async def finish(self) -> None:
        """Destroy every key whose end was decided."""
        numbers = await self._custody.shredding()
        if numbers:
            destroyed = await self._keys.destroy(numbers)
            await self._months.ended(destroyed)
            await self._journal.commit(Unit(changes=(Shredded(numbers=destroyed),)))

    async def _old(self) -> AsyncIterator[tuple[LiveKey, ...]]:
        """Give keys whose term is over, some at a time: a year's may be due at once."""
        terms, today = await self.terms(), (self._clock.now() - EPOCH).days
        least = min((one for one in terms.values() if one), default=None)
        if least is None:
            return
        waits = await self.waits()
        before = today - least if waits is None else min(today - least, waits)
        for kind in days.AGED:
            async for page in self._keys.pages(kind, before=before):
                yield tuple(key for key in page if days.aged(key, terms, today))

    async def waits(self) -> int | None:
        """The day from which on keys do not end by age, since a required sink has not taken their Entries yet.

        An Entry stands on the day of its key or, around midnight, on the next.
        Raises: StoreError.
        """
        day = await self._waited.day()
        return None if day is None else day - 1

    async def _over(self) -> tuple[LiveKey, ...]:
        """Find keys of Calls that ended and have no result to collect, seen a while ago already."""
        found, now = await self._keys.alive(KeyKind.PASSING), self._clock.now()
        self._seen = {key.number: self._seen.get(key.number, now) for key in found}
        old = [key for key in found if now - self._seen[key.number] >= GRACE]
        running = frozenset(await self._journal.open_calls()) if old else frozenset()
        ended = [key for key in old if CallId(key.scope.call) not in running]
        return tuple([key for key in ended if await self._results.result(CallId(key.scope.call)) is None])

    async def _end(self, keys: Sequence[LiveKey], reason: str) -> None:
        held = await self._custody.held(keys)
        free = [key for key in keys if key.number not in held]
        for at in range(0, len(free), ENTRY):
            await self._try(free[at : at + ENTRY], reason)
        await self.finish()

    async def _try(self, keys: Sequence[LiveKey], reason: str) -> None:
        """End keys together, or each by itself where one of them is held or needed since."""
        try:
            await self._journal.commit(Unit(entries=(shred(keys, reason),), changes=(Shred(keys=tuple(keys)),)))
        except (Held, Lost):
            if len(keys) > 1:
                for key in keys:
                    await self._try([key], reason)

    async def _prune(self) -> None:
        """Drop months of which no key is left: the Entry first, then the file."""
        months = await self._months.months()
        if months:
            await self._journal.commit(Unit(entries=(Entry(kind=EntryKind.PRUNE, body={"months": list(months)}),)))
        for month in months:
            await self._months.drop(month)


def shred(keys: Sequence[LiveKey], reason: str, more: Mapping[str, Json] | None = None) -> Entry:
    """Say that data keys end, by their numbers: what they sealed is known by them."""
    said: dict[str, Json] = {"reason": reason, "deks": [key.number for key in keys]}
    return Entry(kind=EntryKind.SHRED, body={**said, **(more or {})})
