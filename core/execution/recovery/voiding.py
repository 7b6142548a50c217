"""After a restore: what people allowed is void, and what was on its way is unknown.

What came after the copy was made is lost: an approval may have been used, a change committed, a result handed out. So
nothing of the copy is run, repeated or shown again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, final

from core.execution.record import abandoned, outcome, unbegun
from core.execution.slots import Slots, project
from core.model import CallId, Entry, EntryKind, Json, Outcome, Review, Slot, State
from core.ports import Acts, DecideAct, DropResult, Grants, Journal, Results, Reviews, Unit, ended, moved

EVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
BEFORE: Final = datetime(1970, 1, 1, tzinfo=UTC)
CODE: Final = "restored"


@final
class Voiding:
    """Ends what a restored store still holds open; done again after a crash it does what is left."""

    def __init__(self, *, journal: Journal, reviews: Reviews, grants: Grants, results: Results, acts: Acts) -> None:
        self._grants = grants
        self._journal = journal
        self._reviews = reviews
        self._results = results
        self._acts = acts

    async def end(self) -> None:
        """End open Reviews, approvals and grants, Calls on their way, waiting results, proposals.

        Raises: StoreError.
        """
        for review in await self._reviews.in_state(State.PENDING, State.APPROVED):
            await self._journal.commit(cancelled(review))
        for grant in await self._grants.standing(BEFORE):
            entry, change = ended(grant, CODE, grant.until)
            await self._journal.commit(Unit(entries=(entry,), changes=(change,)))
        for call in await self._journal.open_calls():
            await self._lost(call)
        for call in await self._results.over(EVER):
            await self._journal.commit(Unit(changes=(DropResult(call=call),)))
        for act in await self._acts.acts():
            said: dict[str, Json] = {"does": act.does, "by": CODE, "decision": "denied"}
            entry = Entry(kind=EntryKind.ACT_DECIDED, scope=act.id, attempt=0, slot=Slot.DECISION, body=said)
            await self._journal.commit(Unit(entries=(entry,), changes=(DecideAct(act=act.id),)))

    async def _lost(self, call: CallId) -> None:
        """End a Call that was begun: whether it ran, nobody can tell from a copy."""
        review = await self._reviews.review(call)
        entries = await self._journal.entries(call)
        if review is not None:
            entries = (*entries, *await self._journal.entries(review.id))
        changes = () if review is None or review.state is not State.EXECUTING else (moved(review, State.INDETERMINATE),)
        await self._journal.commit(Unit(entries=unknown(call, project(entries)), changes=changes))


def cancelled(review: Review) -> Unit:
    """Word the end of a Review that was asked, or approved and not used."""
    slot = Slot.DECISION if review.state is State.PENDING else Slot.USE
    body: dict[str, Json] = {"call": review.call, "code": CODE}
    said = Entry(kind=EntryKind.REVIEW_CANCELLED, scope=review.id, attempt=0, slot=slot, body=body)
    ended = outcome(review.call, 1, Outcome.CANCELLED, code=CODE)
    return Unit(entries=(said, ended), changes=(moved(review, State.CANCELLED),))


def unknown(call: CallId, slots: Slots) -> tuple[Entry, ...]:
    """Word the end of what may have run; a next attempt that waits for its requester is taken and ended in one unit."""
    latest, number = slots.latest, slots.latest.number
    if slots.follows:
        return unbegun(slots, call, Outcome.UNKNOWN, CODE)
    lost = (abandoned(call, number),) if slots.guarded and latest.prepared is None else ()
    return *lost, outcome(call, number, Outcome.UNKNOWN, code=CODE)
