"""Whether a process can serve: its policy is the one in force, the Journal takes Entries, issuers' keys are known.

Sources do not count: one that is broken would take every replica away from all others. Where the last unit did not
become durable the question itself tries one, so that a process that nobody asks anything any more comes back.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, final

from core.errors import StoreError
from core.model import Entry, EntryKind
from core.ports import Unit
from core.telemetry.counted import Counted
from core.telemetry.meters import Meters, Number

FRESH: Final = 1.0  # seconds for which an answer holds: probes come often, and strangers may ask
PATIENCE: Final = 2.0  # seconds; a probe gives up at three
SERVING: Final = "serving"
POLICY: Final = "policy"
JOURNAL: Final = "journal"
KEYS: Final = "keys"


@final
class Readiness:
    """The parts that a process cannot serve without."""

    def __init__(
        self,
        journal: Counted,
        meters: Meters,
        *,
        fits: Callable[[], bool],
        reach: Callable[[], Awaitable[object]],
        keys: Callable[[], Awaitable[bool]],
    ) -> None:
        """`reach` reads anything of the store; `keys` says whether any issuer's are known."""
        self._journal: Final = journal
        self._meters: Final = meters
        self._fits: Final = fits
        self._reach: Final = reach
        self._keys: Final = keys
        self._asked: Final = asyncio.Lock()
        self._said: tuple[float, Mapping[str, bool]] | None = None
        self._trial: asyncio.Task[None] | None = None
        self._serving = True

    def leave(self) -> None:
        """Be ready for nothing more: this process drains."""
        self._serving, self._said = False, None

    async def ready(self) -> bool:
        """Whether every part is there."""
        return all((await self.parts()).values())

    async def parts(self) -> Mapping[str, bool]:
        """Each part by name; looked at once a second at most."""
        async with self._asked:
            if self._said is None or time.monotonic() - self._said[0] >= FRESH:
                found = {
                    SERVING: self._serving,
                    POLICY: self._fits(),
                    JOURNAL: await self._writable(),
                    KEYS: await self._known(),
                }
                self._said = (time.monotonic(), found)
                for part, there in found.items():
                    self._meters.put(Number.READY, float(there), part)
            return self._said[1]

    async def drain(self) -> None:
        """Wait for a unit that is being tried."""
        if self._trial is not None:
            await asyncio.wait({self._trial})

    async def _writable(self) -> bool:
        if self._journal.writes:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._reach()
            except (StoreError, TimeoutError):
                return False
            return True
        if self._trial is None or self._trial.done():
            self._trial = asyncio.create_task(self._try())
        await asyncio.wait({self._trial}, timeout=PATIENCE)  # never cut short: it may be durable already
        return self._journal.writes

    async def _try(self) -> None:
        with contextlib.suppress(StoreError):
            await self._journal.commit(Unit(entries=(Entry(kind=EntryKind.DEGRADED_EXIT),)))

    async def _known(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._keys()
        except TimeoutError:
            return False
