"""Wake-ups: whoever waits for a Call or Review learns of a commit at once; a slow poll stands behind."""

from __future__ import annotations

import asyncio
from typing import Final, final
from weakref import WeakValueDictionary

from core.model import CallId
from core.ports import (
    Committed,
    DropResult,
    EndBlock,
    HandResult,
    Journal,
    OpenReview,
    PostCard,
    Reserve,
    Sealed,
    SetBlock,
    SetPolicy,
    Settle,
    SpendGrant,
    StoreResult,
    Unit,
)

REVIEWS: Final = "reviews"  # any change by which something may be due
STANDING: Final = "standing"  # blocks, or the policy in force


@final
class Turn:
    """One wait; taken before the state is read, so that no change falls between."""

    def __init__(self, event: asyncio.Event) -> None:
        self._event = event

    async def wait(self) -> None:
        """Return when something was committed after this turn was taken."""
        await self._event.wait()


@final
class Turns:
    """Events by scope: a call's or review's id, or "reviews" for what may make something due."""

    def __init__(self) -> None:
        self._events: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()  # kept by who waits alone

    def turn(self, scope: str) -> Turn:
        """Take the next wake-up of a scope; nothing is kept of one that nobody waits for."""
        event = self._events.get(scope)
        if event is None:
            event = self._events[scope] = asyncio.Event()
        return Turn(event)

    def wake(self, *scopes: str) -> None:
        """Wake all who took a turn of these scopes."""
        for scope in scopes:
            event = self._events.pop(scope, None)
            if event is not None:
                event.set()


def scopes(unit: Unit) -> tuple[str, ...]:
    """Name whose waiters want to know of a unit: its Entries' and Reviews', and by what it changed."""
    found = {entry.scope for entry in unit.entries if entry.scope}
    found |= {str(entry.body["call"]) for entry in unit.entries if "call" in entry.body}  # of a Review's Entries
    for change in unit.changes:
        match change:
            case StoreResult() | HandResult() | DropResult() | PostCard() | Reserve() | Settle() | SpendGrant():
                continue  # nothing is due by them: every read keeps its result
            case OpenReview(review=review):
                found |= {review.id, review.call}
            case SetBlock() | EndBlock() | SetPolicy():
                found.add(STANDING)
            case _:
                pass
        found.add(REVIEWS)
    return tuple(sorted(found))


@final
class Announced:
    """A Journal that wakes the scopes of what it committed; for stores of one process."""

    def __init__(self, journal: Journal, turns: Turns) -> None:
        self._journal = journal
        self._turns = turns

    async def commit(self, unit: Unit) -> Committed:
        """Commit, then wake the scopes of its Entries."""
        committed = await self._journal.commit(unit)
        self._turns.wake(*scopes(unit))
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
