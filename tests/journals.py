"""A Journal that something stands in front of: what tests and harnesses put between the line and the record."""

from __future__ import annotations

from core.model import CallId
from core.ports import Committed, Journal, Sealed, Unit


class Through:
    """Hands everything on; who stands in between says what becomes of a unit."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def commit(self, unit: Unit) -> Committed:
        return await self._journal.commit(unit)

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        return await self._journal.entries(scope)

    async def open_calls(self) -> tuple[CallId, ...]:
        return await self._journal.open_calls()

    async def indeterminate(self) -> tuple[CallId, ...]:
        return await self._journal.indeterminate()
