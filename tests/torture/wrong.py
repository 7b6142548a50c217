"""Wrong designs, put into a process as it starts: the harness must turn red for each, or it proves nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from core.errors import Lost, SlotTaken
from core.execution import record
from core.execution.approved import Approved
from core.execution.attempts import Attempts, Ran, Ticket
from core.execution.failpoints import failpoint
from core.execution.recovery.finds import Found, Recovery
from core.model import Answer, Entry, Masked, Outcome, Review, ReviewId, Rows, Work
from core.ports import Change, Connector, Fate, PostCard, Said, Unit, Visit
from core.reviews.brakes import Brakes
from slackbot.redraw import Screen
from tests.torture.plans import ANSWERED, RANDOM


def commit_before_prepared() -> None:
    """COMMIT first, its transaction id afterwards."""

    async def land(self: Attempts, ticket: Ticket, visit: Visit, connector: Connector, ran: Ran) -> Answer:
        del connector
        await visit.commit()
        failpoint("after_commit")
        entry = record.prepared(ticket.permit.call.id, ticket.permit.attempt, ran.work)
        await self._journal.commit(Unit(entries=(entry,)))
        return await self._landed(ticket, ran, Fate.COMMITTED)

    put(Attempts, "_land", land)


def answer_before_outcome() -> None:
    """Say that it was executed, then write it down."""
    told = Attempts._deliver

    async def deliver(
        self: Attempts, ticket: Ticket, rows: Rows, masked: Masked, result: Outcome, *rest: Any
    ) -> Answer:
        TELL[0](f"answered {ticket.permit.call.id} executed")
        if result is Outcome.DELIVERED:  # of a change the database says later that it was executed
            failpoint(ANSWERED)
        return await told(self, ticket, rows, masked, result, *rest)

    put(Attempts, "_deliver", deliver)


def prepared_is_aborted() -> None:
    """Recovery takes what was prepared for rolled back, without asking."""

    async def result(self: Recovery, found: Found, now: object) -> Outcome:
        del self, found, now
        return Outcome.ABORTED

    put(Recovery, "_told", result)


def prepared_is_committed() -> None:
    """Recovery takes what was prepared for committed, without asking."""

    async def result(self: Recovery, found: Found, now: object) -> Outcome:
        del self, found, now
        return Outcome.COMMITTED

    put(Recovery, "_told", result)


def recovery_without_abandoned() -> None:
    """An OUTCOME of a write without the loss of its right to COMMIT."""

    def beside(self: Recovery, found: Found, result: Outcome) -> tuple[Entry, ...]:
        del self, found, result
        return ()

    put(Recovery, "_beside", beside)


def next_in_a_second_unit() -> None:
    """INTENT n+1 before, and not with, OUTCOME n."""
    whole = Approved._beginning

    def beginning(self: Approved, resumed: Any, deadline: Any) -> Unit:
        unit = whole(self, resumed, deadline)
        return Unit(entries=unit.entries[-1:], changes=unit.changes, before=unit.before)

    put(Approved, "_beginning", beginning)


def revoked_is_said_of_what_runs() -> None:
    """People are told that it will not run while it does."""
    told = Brakes.revoke

    async def revoke(self: Brakes, *asked: Any) -> Said:
        said = await told(self, *asked)
        return Said.REVOKED if said is Said.STOPPING else said

    put(Brakes, "revoke", revoke)


def who_lost_a_slot_goes_on() -> None:
    """A claim, and the right to COMMIT, that another has."""

    async def lost(self: Approved, unit: Unit) -> bool:
        with contextlib.suppress(SlotTaken, Lost):
            await self._journal.commit(unit)
        return True

    async def prepared(self: Attempts, ticket: Ticket, work: Work, beside: tuple[Change, ...] = ()) -> None:
        entry = record.prepared(ticket.permit.call.id, ticket.permit.attempt, work)
        with contextlib.suppress(SlotTaken, Lost):
            await self._journal.commit(Unit(entries=(entry,), changes=beside))

    put(Approved, "_try", lost)
    put(Attempts, "_prepare", prepared)


def drawn_and_not_recorded_as_drawn() -> None:
    """A card is recorded at the version that stands by now, not at the one that it shows."""

    async def recorded(self: Screen, review: Review, channel: str, ts: str) -> None:
        await asyncio.sleep(0.2)  # a store that is busy
        newest = await self.desk.show(None, review.id)
        version = review.version if newest is None else newest.review.version
        change = PostCard(review=review.id, channel=channel, ts=ts, shown=version)
        await self.journal.commit(Unit(changes=(change,)))

    put(Screen, "_recorded", recorded)


def every_replica_draws() -> None:
    """Nobody waits for whoever draws already."""

    @asynccontextmanager
    async def turn(self: Screen, review: ReviewId) -> AsyncIterator[bool]:
        del self, review
        yield True

    put(Screen, "_turn", turn)


def put(owner: object, name: str, what: object) -> None:
    setattr(owner, name, what)


TELL: Final[list[Callable[[str], None]]] = [lambda _: None]
# A wrong design -> the points at which the first process dies, where it shows, and the one that recovers it.
WRONG: Final[dict[Callable[[], None], tuple[str, str]]] = {
    commit_before_prepared: ("after_commit", RANDOM),
    answer_before_outcome: (ANSWERED, RANDOM),
    prepared_is_aborted: ("after_commit", RANDOM),
    prepared_is_committed: ("after_prepared", RANDOM),
    recovery_without_abandoned: ("after_run", RANDOM),
    next_in_a_second_unit: ("after_run", "before_next"),
}
# What shows where several processes race, whoever dies.
CROWDED: Final = {
    wrong.__name__: wrong
    for wrong in (
        revoked_is_said_of_what_runs,
        who_lost_a_slot_goes_on,
        drawn_and_not_recorded_as_drawn,
        every_replica_draws,
    )
}
NAMED: Final = {wrong.__name__: wrong for wrong in WRONG}
