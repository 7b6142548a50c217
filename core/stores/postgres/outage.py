"""A time in which nothing could be recorded is on record as soon as there is a record again: PCI DSS 4, 10.7.

A server that is full, away or read-only takes no Entry that says so, and no room can be kept in it beforehand. So each
process remembers what it refused, and says it behind the first unit that the store takes again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, LiteralString, TypeVar, final

from core.errors import AuditUnavailable
from core.model import Entry, EntryKind
from core.ports import Unit
from core.stores.steps import Steps, Writes, ask

T = TypeVar("T")

# A file of the server's own of some hundred kilobytes, on the disk of the database, which is gone with the statement:
# no row, no right and no log is needed for it (docs 9.26 set_config, 19.4.1 work_mem, 19.11.1 temp_tablespaces).
SPILLS: Final[LiteralString] = (
    "SELECT pg_catalog.set_config('work_mem', '64kB', true), pg_catalog.set_config('temp_tablespaces', '', true)"
)
ROOM: Final[LiteralString] = "SELECT count(*) FROM pg_catalog.generate_series(1, 16000)"


def spill() -> Steps[None]:
    """Write a temporary file on the server, in a transaction: it fails where the disk is full.

    Raises: AuditUnavailable, by who asks.
    """
    yield from ask(SPILLS)
    yield from ask(ROOM)


@final
class Outage:
    """Of one process."""

    def __init__(self) -> None:
        self._refused = 0

    def refused(self) -> None:
        """A unit was not recorded."""
        self._refused += 1

    def over(self) -> Unit | None:
        """A unit was: say what there is to tell of the time before, once."""
        if not self._refused:
            return None
        count, self._refused = self._refused, 0
        entered = Entry(kind=EntryKind.DEGRADED_ENTER, body={"refused": count})
        return Unit(entries=(entered, Entry(kind=EntryKind.DEGRADED_EXIT)))


@final
class Noticed:
    """Writes of what must be durable before its Entry: where they are refused, no unit is even tried."""

    def __init__(self, writes: Writes, outage: Outage) -> None:
        self._writes = writes
        self._outage = outage

    async def perform(self, steps: Callable[[], Steps[T]]) -> T:
        """Run steps, and remember that it could not be done.

        Raises: as the other.
        """
        try:
            return await self._writes.perform(steps)
        except AuditUnavailable:
            self._outage.refused()
            raise
