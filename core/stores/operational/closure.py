"""Whether a store is open: one that was restored from a copy is closed until operators confirm it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, LiteralString, final

from core.errors import BudgetSpent, Lost
from core.stores.steps import Reads, Steps, ask, one

CLOSE: Final[LiteralString] = "INSERT INTO restored (size, origin, day, open) VALUES ($1, $2, $3, 0)"
OPEN: Final[LiteralString] = "UPDATE restored SET open = 1 WHERE open = 0 RETURNING size"
CLOSED: Final[LiteralString] = "SELECT 1 FROM restored WHERE open = 0 LIMIT 1"
SPENT: Final[LiteralString] = "SELECT 1 FROM restored WHERE day >= $1 LIMIT 1"


def opened() -> Steps[None]:
    """Open a restored store.

    Raises: Lost when it is open.
    """
    if (yield from one(OPEN)) is None:
        raise Lost("the store is open")


def renamed(origin: str, size: int, day: str) -> Steps[None]:
    """Let the log go on under another name, closed: of no day but past ones a budget, nobody signed in or linked."""
    yield from ask("UPDATE log_coord SET origin = $1", origin)
    yield from ask(CLOSE, size, origin, day)
    yield from ask("DELETE FROM ticket")
    yield from ask("DELETE FROM slack_links")
    yield from ask("UPDATE log_place SET trouble = ''")  # of the former name


def unspent(day: str) -> Steps[None]:
    """Check that a day's budgets are known: what was spent of them after the copy was made is lost.

    Raises: BudgetSpent.
    """
    if (yield from one(SPENT, day)) is not None:
        raise BudgetSpent("the store was restored: budgets begin anew with the next day", again=tomorrow(day))


def tomorrow(day: str) -> datetime:
    """Return the midnight, UTC, at which a day (ISO 8601) ends."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)


@final
class StoredClosure:
    """The port Closure."""

    def __init__(self, readers: Reads) -> None:
        self._readers = readers
        self._open = False  # once open, it is closed only by a restore, for which every process is stopped

    async def closed(self) -> bool:
        """Whether it waits for its operators."""
        self._open = self._open or await self._readers.row(CLOSED) is None
        return not self._open
