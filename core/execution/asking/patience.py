"""How often people are asked: what was denied just now is not asked again, and nobody wears reviewers down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, final

from core import denial
from core.execution import record
from core.execution.closing import Closing
from core.execution.record import Case
from core.model import Answer, Caller, EntryKind, Json, Reading, Reason, Refuse, Refused, Review, State
from core.ports import Clock, Journal, Payloads, Reviews

REPEATED: Final = timedelta(minutes=10)  # what was denied so recently is answered with the same reason
HOUR: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=24)  # that a Review may wait: what was denied just now may be as old

LOOKED: Final = 50  # newest denials that are compared

# Code of a refusal -> what the agent is told.
SAID: Final = {
    "denied": "A reviewer denied the same just now. Nothing was executed, and nobody was asked again.",
    "silenced": "People denied three questions within an hour. Nothing was executed. Ask nothing more for an hour.",
    "too_many_open": "Too many of your questions wait for people. Nothing was executed. Wait until some are decided.",
    "too_many_asked": "Too many questions within an hour. Nothing was executed. Ask for what is needed once.",
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """How much of people's attention one who asks may take."""

    waiting: int = 10  # questions at once
    hourly: int = 30  # opened in an hour, whatever became of them
    denials: int = 3  # in an hour, after which nothing more is asked for as long


MOST: Final = Most()


@final
class Patience:
    """Answers in people's place where asking once more would only wear them down."""

    def __init__(
        self,
        *,
        journal: Journal,
        reviews: Reviews,
        payloads: Payloads,
        closing: Closing,
        clock: Clock,
        most: Most = MOST,
    ) -> None:
        self._most = most
        self._journal = journal
        self._reviews = reviews
        self._payloads = payloads
        self._closing = closing
        self._clock = clock

    async def ends(self, case: Case, reading: Reading, key: str) -> Answer | None:
        """Answer a Call that nobody is asked about; None: people are, or were and have not decided."""
        if await self._reviews.attached(key) is not None:
            return None
        now = self._clock.now()
        denied = await self._denied(case.caller, now)
        same = [row for row, at in denied if row.request_key == key and at > now - REPEATED]
        if same:
            note = await denial.note(await self._reviews.votes(same[-1].id), self._payloads)
            return replace(await self._refused(case, reading, "denied"), reviewer_note=note)
        if len(denied) >= self._most.denials:
            return await self._refused(case, reading, "silenced")
        if len(theirs(await self._reviews.opened(now - LONGEST, State.PENDING), case.caller)) >= self._most.waiting:
            return await self._refused(case, reading, "too_many_open")
        if len(theirs(await self._reviews.opened(now - HOUR), case.caller)) >= self._most.hourly:
            return await self._refused(case, reading, "too_many_asked")
        return None

    async def denials(self, reading: Reading) -> int:
        """Count what people denied within a day that touched one of these things, whoever asked it in what words."""
        now, named = self._clock.now(), things(record.describe(reading))
        found = 0
        for row in (await self._reviews.opened(now - 2 * LONGEST, State.DENIED))[-LOOKED:]:
            at = await self._decided(row)
            if at is not None and at > now - LONGEST:
                intent = (await self._journal.entries(row.call))[0]
                found += not named.isdisjoint(things(intent.body.get("reading")))
        return found

    async def denied(self, caller: Caller, key: str) -> bool:
        """Whether people denied exactly this just now."""
        now = self._clock.now()
        return any(row.request_key == key and at > now - REPEATED for row, at in await self._denied(caller, now))

    async def _refused(self, case: Case, reading: Reading, code: str) -> Refused:
        return await self._closing.refuse(
            case, reading, Refuse(reasons=(Reason(rule="", sentence=SAID[code]),), code=code)
        )

    async def _denied(self, caller: Caller, now: datetime) -> list[tuple[Review, datetime]]:
        """Give what of theirs was denied within the hour, and when."""
        rows = theirs(await self._reviews.opened(now - HOUR - LONGEST, State.DENIED), caller)
        found = [(row, await self._decided(row)) for row in rows]
        return [(row, at) for row, at in found if at is not None and at > now - HOUR]

    async def _decided(self, row: Review) -> datetime | None:
        for entry in await self._journal.entries(row.id):
            stamp = entry.body["ts"]
            if entry.body["kind"] == EntryKind.DECIDED.value and isinstance(stamp, int):
                return datetime.fromtimestamp(stamp / 1000, UTC)
        return None


def things(said: Json) -> frozenset[str]:
    """Read the things that an Entry says were touched."""
    named = said.get("things") if isinstance(said, Mapping) else None
    return frozenset(map(str, named)) if isinstance(named, Sequence) and not isinstance(named, str) else frozenset()


def theirs(rows: tuple[Review, ...], caller: Caller) -> tuple[Review, ...]:
    """Give what a person asked through whatever agent; of a machine, what its client asked under whatever subject."""
    if caller.person is not None:
        return tuple(row for row in rows if row.requester == caller.person)
    issuer, subject, client = caller.principal
    named = (issuer, client) if client else (issuer, subject)
    return tuple(row for row in rows if row.requester is None and named == machine(row, named=bool(client)))


def machine(row: Review, *, named: bool) -> tuple[str, str]:
    """Name the machine that asked, by its client or, without one, by its subject."""
    issuer, subject, client = row.principal
    return issuer, client if named else subject
