"""Open questions that nobody may answer any more: the Review and its Call end in one unit, and the agent asks anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from core.errors import Lost, SlotTaken
from core.execution import record
from core.model import Entry, EntryKind, Json, Outcome, Review, Slot, State
from core.ports import Journal, Reviews, Unit, moved

# Before anyone decided, its DECISION is taken; once approved, its USE.
SLOT: Final = {State.PENDING: Slot.DECISION, State.APPROVED: Slot.USE}


@final
class Withdrawing:
    """Takes the slot by which a Review could still come to run."""

    def __init__(self, journal: Journal, reviews: Reviews) -> None:
        self._journal = journal
        self._reviews = reviews

    async def withdraw(self, review: Review, code: str, more: Mapping[str, Json] | None = None) -> None:
        """End a Review that waits, with its Call; who took the slot first has decided otherwise.

        `more`: what its OUTCOME says besides.
        """
        row: Review | None = review
        while row is not None and row.state in SLOT:
            said = Entry(
                kind=EntryKind.REVIEW_CANCELLED,
                scope=row.id,
                attempt=0,
                slot=SLOT[row.state],
                body={"call": row.call, "code": code},
            )
            ended = record.outcome(row.call, 1, Outcome.CANCELLED, code=code, more=more)
            try:
                await self._journal.commit(Unit(entries=(said, ended), changes=(moved(row, State.CANCELLED),)))
            except (SlotTaken, Lost):
                row = await self._moved(row)
                continue
            return

    async def _moved(self, row: Review) -> Review | None:
        """Read a Review that another moved; one that stands as it stood was decided and is about to be moved."""
        now = await self._reviews.review(row.id)
        return None if now == row else now
