"""What somebody else says afterwards of an answer that one person gave alone, and the alert where nobody does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, final

from core import subject
from core.entitled import asked
from core.errors import Blocked, Lost, NotFound, StoreError
from core.model import MOVES, Entry, EntryKind, Identity, Json, PayloadId, Review, SessionId, Vote
from core.ports import (
    Break,
    Breaks,
    Clock,
    CloseGlass,
    Finding,
    Glass,
    Hindsight,
    Journal,
    Kept,
    Macs,
    Party,
    PartyKind,
    Payload,
    Payloads,
    Reviews,
    Role,
    Roll,
    Said,
    Sealed,
    Subjects,
    TellGlass,
    Unit,
)
from core.reviews.votes import apart, listed

NOTE: Final = 500  # characters of what is said afterwards
PERIOD: Final = 60.0  # seconds between two looks


@final
class Hindsights:
    """The people's side of answers given alone, over the store."""

    def __init__(
        self,
        *,
        journal: Journal,
        reviews: Reviews,
        breaks: Breaks,
        payloads: Payloads,
        macs: Macs,
        subjects: Subjects,
        roll: Callable[[], Roll],
        auditors: frozenset[str],
        clock: Clock,
        policy: Callable[[], str] = str,
    ) -> None:
        """`auditors`: the groups that look up, who may say it as well as whom was asked."""
        self._journal = journal
        self._reviews = reviews
        self._breaks = breaks
        self._payloads = payloads
        self._macs = macs
        self._subjects = subjects
        self._roll = roll
        self._auditors = auditors
        self._clock = clock
        self._policy = policy

    async def unclosed(self) -> tuple[Break, ...]:
        """All that nobody else has looked at, oldest first."""
        return await self._breaks.unclosed()

    async def overdue(self, who: Identity) -> bool:
        """Whether one of somebody's own is: the unit that would begin another looks again."""
        now = self._clock.now()
        return any(one.person == who.person and one.due <= now for one in await self._breaks.unclosed())

    async def glass(self, who: Identity | None, row: Review, votes: tuple[Vote, ...]) -> Glass | None:
        """Show how a Review was answered alone; None: it was not."""
        broken = await self._breaks.broken(row.id)
        vote = next((one for one in votes if one.glass), None)
        if broken is None or vote is None:
            return None
        said = await self._said(row) if broken.closed else None
        return Glass(
            by=vote.name,
            why=await self._words(vote.reason),
            due=broken.due,
            overdue=not broken.closed and broken.due <= self._clock.now(),
            closes=who is not None and not broken.closed and self._bar(who, row, broken) is None,
            closed_by=await self._subjects.name(str(said["by"])) if said else "",
            finding=str(said["finding"]) if said else "",
            note=await self._words(payload(said)) if said else "",
        )

    async def close(self, who: Identity, said: Hindsight) -> Said:
        """Record what somebody else says of it; the first one counts.

        Raises: StoreError, when nothing was recorded.
        """
        under = self._policy()
        row = await self._reviews.review(said.review)
        broken = None if row is None else await self._breaks.broken(row.id)
        if row is None or broken is None or not self._sees(who, row):
            return Said.UNKNOWN
        barred = self._bar(who, row, broken) or self._wrong(row, broken, said)
        if barred is not None:
            return barred
        by = subject.of_identity(self._macs, who)
        await self._subjects.know(by, who.name)  # before an Entry holds it
        try:
            unit = closing(row, said, by, who.via, await self._keep(row, said.note))
            await self._journal.commit(replace(unit, policy=under))
        except Blocked:
            return Said.NOT_ELIGIBLE
        except Lost:
            return Said.CLOSED
        return Said.LOOKED

    async def concerns(self, who: Identity, row: Review) -> bool:
        """Whether a Review was answered alone, and somebody is of those who see what was."""
        return self._sees(who, row) and await self._breaks.broken(row.id) is not None

    def _sees(self, who: Identity, row: Review) -> bool:
        """Whether somebody was asked, looks up what happened, or may answer alone."""
        roll, now = self._roll(), self._clock.now()
        groups = (*asked(roll, row, now).values(), *(roll.groups.get(name, frozenset()) for name in self._auditors))
        return any(listed(who, names) for names in (*groups, roll.breakers))

    def _bar(self, who: Identity, row: Review, broken: Break) -> Said | None:
        """Return why this person cannot say it: never the requester, never who answered, nobody who was not asked."""
        if (same := apart(row, who)) is not None:
            return same
        if who.person.directory != broken.person.directory:
            return Said.NOT_COMPARABLE
        if who.person == broken.person:
            return Said.SELF
        roll, names = self._roll(), [seat.group for seat in row.seats]
        groups = (roll.groups.get(name, frozenset()) for name in (*names, *self._auditors))
        return None if any(listed(who, members) for members in groups) else Said.NOT_ELIGIBLE

    def _wrong(self, row: Review, broken: Break, said: Hindsight) -> Said | None:
        checks = (
            (said.digest != row.digest, Said.MISMATCH),
            (broken.closed, Said.CLOSED),
            (row.state in MOVES, Said.TOO_SOON),
            (not said.note.strip(), Said.NO_REASON),
        )
        return next((word for holds, word in checks if holds), None)

    async def serve(self) -> None:
        """Look once a minute until cancelled."""
        while True:
            with contextlib.suppress(StoreError):  # a store that cannot write is everyone's alarm already
                await self.look()
            await asyncio.sleep(PERIOD)

    async def look(self) -> None:
        """Raise the alert of each that is overdue, once over all processes of the store."""
        now = self._clock.now()
        for one in await self._breaks.unclosed():
            if one.due <= now and not one.told:
                try:
                    await self._journal.commit(overdue(one, subject.of_person(self._macs, one.person)))
                except Lost:
                    continue

    async def _said(self, row: Review) -> Mapping[str, Json] | None:
        kind = EntryKind.GLASS_CLOSED.value
        return next((one.body for one in await self._journal.entries(row.id) if one.body["kind"] == kind), None)

    async def _words(self, of: PayloadId | None) -> str:
        try:
            return "" if of is None else (await self._payloads.open(of)).decode()
        except NotFound:
            return ""

    async def _keep(self, row: Review, note: str) -> Kept:
        intent: Sealed = (await self._journal.entries(row.call))[0]
        source = intent.body["source"]
        name = str(source["name"]) if isinstance(source, Mapping) else ""
        words = Payload(role=Role.REASON, content=note.strip()[:NOTE].encode())
        (kept,) = await self._payloads.keep(row.call, SessionId(str(intent.body["session"])), name, (words,))
        return kept


def closing(row: Review, said: Hindsight, by: str, via: str, note: Kept) -> Unit:
    """Word what somebody else says; that it was not justified is an alert."""
    body: dict[str, Json] = {
        "call": row.call,
        "by": by,
        "via": via,
        "finding": said.finding.value,
        "payloads": [note.reference],
    }
    entries = [Entry(kind=EntryKind.GLASS_CLOSED, scope=row.id, body=body)]
    if said.finding is Finding.UNJUSTIFIED:
        told: dict[str, Json] = {"alert": "breakglass.unjustified", "review": row.id, "by": by}
        entries.append(Entry(kind=EntryKind.ALERT, body=told))
    changes = (CloseGlass(review=row.id),)
    return Unit(entries=tuple(entries), changes=changes, unblocked=frozenset({Party(kind=PartyKind.PERSON, id=by)}))


def overdue(one: Break, of: str) -> Unit:
    """Word the alert that nobody else has looked in time."""
    told: dict[str, Json] = {"alert": "breakglass.unclosed", "review": one.review, "of": of}
    return Unit(entries=(Entry(kind=EntryKind.ALERT, body=told),), changes=(TellGlass(review=one.review),))


def payload(said: Mapping[str, Json] | None) -> PayloadId | None:
    """Name the payload that an Entry holds."""
    match said and said.get("payloads"):
        case [{"id": str(found)}]:
            return PayloadId(found)
        case _:
            return None
