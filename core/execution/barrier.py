"""Blocks as one process knows them, and what runs here for whom: a block that comes ends it at once.

What a block forbids is decided by the store, in the unit that would begin it; this is what ends what had begun.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import final

from core.errors import Blocked
from core.ports import Block, Clock, Party, PartyKind, Standing

Parties = frozenset[Party]


@final
class Barrier:
    """The blocks as they were last read, and the tasks that run for somebody."""

    def __init__(self, standing: Standing, clock: Clock) -> None:
        self._standing = standing
        self._clock = clock
        self._blocks: tuple[Block, ...] = ()
        self._running: dict[asyncio.Task[object], Parties] = {}

    def stops(self, parties: Parties) -> bool:
        """Whether one of them is blocked now."""
        now = self._clock.now()
        return any(block.party in parties and (block.until is None or block.until > now) for block in self._blocks)

    @property
    def counted(self) -> Mapping[PartyKind, int]:
        """How many blocks hold now, by whom they stop: no name stands in it."""
        now = self._clock.now()
        return Counter(one.party.kind for one in self._blocks if one.until is None or one.until > now)

    @property
    def any(self) -> bool:
        """Whether anybody is blocked."""
        return bool(self._blocks)

    def check(self, parties: Parties) -> None:
        """Let nobody pass who is blocked.

        Raises: Blocked.
        """
        if self.stops(parties):
            raise Blocked("as its process knows")

    @contextmanager
    def running(self, parties: Parties) -> Iterator[None]:
        """Have this task end when one of these is blocked, as long as the block lasts."""
        task = asyncio.current_task()
        if task is None:
            yield
            return
        before = self._running.get(task)
        self._running[task] = parties
        try:
            self.check(parties)  # a block that was read before this began to be watched
            yield
        finally:
            if before is None:
                del self._running[task]
            else:
                self._running[task] = before

    async def refresh(self) -> None:
        """Read the blocks, and end what runs for who is blocked.

        Raises: AuditUnavailable.
        """
        self._blocks = await self._standing.blocks()
        for task, parties in tuple(self._running.items()):
            if self.stops(parties):
                task.cancel()

    def cause(self, parties: Parties, error: BaseException) -> BaseException:
        """Say why a task broke off: a block, where it was cancelled and one stands."""
        cut = isinstance(error, asyncio.CancelledError) and self.stops(parties)
        return Blocked("cut off by a block") if cut else error
