"""The end of a former signing key: once its overlap is over, the signer says from which size on it signs no more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final, Protocol, final

from core.audit.verification.keys import SIGNING, key_revoke
from core.errors import Lost
from core.ports import Journal, RetireKey, Unit
from core.stores.log.signing import Signer
from core.stores.steps import Reads, through

PERIOD: Final = 60.0  # seconds
OVER: Final = "its overlap is over"


class Watching(Protocol):
    """Awaits work that nobody waits for."""

    async def over(self, name: str, work: Awaitable[None]) -> None:
        """Await it; what it raises becomes an alert."""
        ...


@final
class Succession:
    """One in each process that signs."""

    def __init__(self, *, signer: Signer, journal: Journal, readers: Reads) -> None:
        self._signer = signer
        self._journal = journal
        self._readers = readers

    async def serve(self, watch: Watching) -> None:
        """Look every minute, until cancelled; what it raises is an alert."""
        while True:
            await watch.over("succession", self.sweep())
            await asyncio.sleep(PERIOD)

    async def sweep(self) -> None:
        """Retire the former key when its time is over.

        Raises: StoreError.
        """
        found = await through(self._readers, self._signer.retiring())
        if found is None:
            return
        name, key, size = found
        entry = key_revoke(key, size=size, reason=OVER)
        try:
            await self._journal.commit(Unit(entries=(entry,), changes=(RetireKey(purpose=SIGNING, name=name),)))
        except Lost:
            return  # another signer said so
