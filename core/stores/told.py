"""A Journal that tells the operator's log of each alert it committed: what was refused or found, never a value."""

from __future__ import annotations

import logging
from typing import Final, final

from core.model import CallId, EntryKind
from core.ports import Committed, Journal, Sealed, Unit

LOGGER: Final = logging.getLogger("assent.alerts")


@final
class Told:
    """Another Journal, and a line in the log for each ALERT."""

    def __init__(self, journal: Journal) -> None:
        self._journal: Final = journal

    async def commit(self, unit: Unit) -> Committed:
        """Commit, then tell."""
        committed = await self._journal.commit(unit)
        for entry in unit.entries:
            if entry.kind is EntryKind.ALERT:
                LOGGER.warning("alert: %s", ", ".join(f"{name} {value}" for name, value in entry.body.items()))
        return committed

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        """As the Journal's."""
        return await self._journal.entries(scope)

    async def open_calls(self) -> tuple[CallId, ...]:
        """As the Journal's."""
        return await self._journal.open_calls()

    async def indeterminate(self) -> tuple[CallId, ...]:
        """As the Journal's."""
        return await self._journal.indeterminate()
