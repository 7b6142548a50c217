"""How an `unknown` is closed: by proof whenever it comes, or by people's word; it re-opens nothing."""

from __future__ import annotations

from typing import Final, final

from core.errors import Lost, SlotTaken
from core.execution import record
from core.execution.slots import RESULT, Slots, project
from core.model import CallId, Entry, EntryKind, Outcome, State
from core.ports import Change, Fate, Journal, Reviews, Unit, moved

LOOKS: Final = 8  # each time another was first

# What a proof says of a transaction -> the word that RESOLVED may hold.
PROVEN: Final = {Fate.COMMITTED: Outcome.COMMITTED, Fate.ABORTED: Outcome.NOT_EXECUTED}


@final
class Resolving:
    """Takes RESOLVED, first writer wins."""

    def __init__(self, journal: Journal, reviews: Reviews) -> None:
        self._journal = journal
        self._reviews = reviews

    async def prove(self, call: CallId, fate: Fate) -> None:
        """Close a Call's `unknown` by proof; where a person's word stands that says otherwise, raise an alert."""
        result = PROVEN.get(fate)
        if result is not None:
            slots = await self._take(call, result, ())
            if slots.resolved is not None and slots.ended is not result:
                body = {"alert": "resolved_otherwise", "of": call, "proof": result.value}
                await self._journal.commit(Unit(entries=(Entry(kind=EntryKind.ALERT, body=body),)))

    async def settle(self, call: CallId, result: Outcome, act: str) -> bool:
        """Close a Call's `unknown` by an act that two people made; False when there was nothing to close any more."""
        slots = await self._take(call, result, (("act", act),))
        return slots.resolved is None

    async def _take(self, call: CallId, result: Outcome, by: tuple[tuple[str, str], ...]) -> Slots:
        """Take the slot if it is free; return the slots as they stood before."""
        said = dict(by) or {"by": "proof"}
        for _ in range(LOOKS):
            review = await self._reviews.review(call)
            entries = await self._journal.entries(call)
            slots = project(entries + (await self._journal.entries(review.id) if review else ()))
            if not slots.attempts or slots.latest.result is not Outcome.UNKNOWN or slots.resolved is not None:
                return slots
            changes: tuple[Change, ...] = ()
            if review is not None and review.state is State.INDETERMINATE:
                changes = (moved(review, RESULT[result]),)
            entry = record.resolved(call, slots.latest.number, result, said)
            try:
                await self._journal.commit(Unit(entries=(entry,), changes=changes))
            except (SlotTaken, Lost):
                continue
            return slots
        raise Lost(f"{call} moves too fast to be resolved")
