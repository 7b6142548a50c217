"""A Call seen again by who asked it: where it stands, its result once more decided and recorded, its cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, final

from core import denial, subject
from core.errors import Lost, NotFound, SlotTaken
from core.execution import budget, record, words
from core.execution.asking.lifting import asked
from core.execution.attempts import KEPT
from core.execution.courses import Courses
from core.execution.recovery.sweep import Sweeper
from core.execution.slots import Slots, project
from core.model import (
    Allow,
    Answer,
    Answered,
    Ask,
    Call,
    Caller,
    CallId,
    Entry,
    EntryKind,
    Failed,
    Json,
    Limits,
    Mask,
    Outcome,
    PayloadId,
    Reading,
    Refuse,
    Review,
    Slot,
    Span,
    State,
    Tool,
)
from core.packing import unpack_question, unpack_result
from core.ports import (
    Cards,
    Change,
    Clock,
    Connector,
    HandResult,
    Journal,
    Judge,
    Macs,
    Party,
    Payloads,
    Results,
    Reviews,
    Role,
    Statement,
    Unit,
    moved,
)

DONE: Final = frozenset({Outcome.COMMITTED, Outcome.DELIVERED})
CLOSING: Final = {
    State.PENDING: (Slot.DECISION, EntryKind.REVIEW_CANCELLED),
    State.APPROVED: (Slot.USE, EntryKind.REVIEW_CANCELLED),
}

GRACE: Final = timedelta(seconds=10)  # a card is posted within one
TRIES: Final = 8  # each time another was first

WITHOUT: Final = {
    ("read", "result_expired"): "Its result is no longer kept; ask again.",
    ("read", "withheld"): "Today's policy would not show this result; ask again to learn why.",
    ("write", "result_expired"): "It was executed. Its rows are not kept; do not send it again.",
    ("write", "withheld"): "It was executed. Today's policy would not show its rows; do not send it again.",
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A Call of the one who asks, as it stands."""

    call: CallId
    slots: Slots
    review: Review | None


@final
class Collection:
    """Own Calls only: not yours and unknown are the same answer."""

    def __init__(
        self,
        *,
        connectors: Mapping[str, Connector],
        journal: Journal,
        reviews: Reviews,
        results: Results,
        payloads: Payloads,
        macs: Macs,
        judge: Judge,
        sweeper: Sweeper,
        courses: Courses,
        clock: Clock,
        kept: timedelta = KEPT,
        cards: Cards | None = None,
    ) -> None:
        """`cards`: those of the chat in which people are asked; None: in none."""
        self._connectors = connectors
        self._journal = journal
        self._reviews = reviews
        self._results = results
        self._payloads = payloads
        self._macs = macs
        self._judge = judge
        self._sweeper = sweeper
        self._courses = courses
        self._clock = clock
        self._kept = kept
        self._cards = cards

    async def state(self, caller: Caller, call: Call, of: CallId) -> Answer:
        """Say where a Call stands, and hand out its result if there is one.

        An approved one is begun by this request where only the requester may: under `hold`, and once the token ended
        under which it was asked. It runs in a task of its own, which no end of this request cuts.
        Raises: NotFound, SourceUnavailable, Busy, StoreError.
        """
        own = await self._own(caller, of)
        if own.slots.ended is None:
            if own.review is not None and (own.slots.state is State.APPROVED or own.slots.follows):
                self._sweeper.start(own.review, caller)
            return words.waiting(own.call, own.slots, own.review, unasked=await self._unasked(own))
        if own.slots.ended in DONE:
            return await self._hand(caller, call, own)
        return words.ended(own.call, own.slots, await self._note(own.review))

    async def _unasked(self, own: Own) -> bool:
        """Whether a Review waits that should have had a card long since, and has none."""
        row = own.review
        if row is None or self._cards is None or row.state is not State.PENDING:
            return False
        return self._clock.now() >= row.opened_at + GRACE and not await self._cards.cards(row.id)

    async def later(self, caller: Caller, call: Call) -> Answer:
        """Answer a request whose hold is over by where its own Call stands; one still being read just runs."""
        try:
            return await self.state(caller, call, call.id)
        except NotFound:
            return words.running(call.id, None)

    async def span(self, caller: Caller, of: CallId) -> Span:
        """Say from when to when a Call can be asked about.

        Raises: NotFound, StoreError.
        """
        own = await self._own(caller, of)
        stored = await self._results.result(own.call)
        asked = own.slots.asked_at or self._clock.now()
        changed = own.slots.changed_at or asked
        waits = (own.review.use_by or own.review.expires_at) if own.review else own.slots.deadline or changed
        return Span(asked=asked, changed=changed, until=stored.until if stored else waits + self._kept)

    async def cancel(self, caller: Caller, of: CallId, *, beside: tuple[Entry, ...] = ()) -> Answer:
        """Withdraw a Call: before the decision, before its use, or stop it before its COMMIT.

        `beside`: Entries of the request itself, durable in the same unit. Who loses a slot looks again: an approval
        that was claimed meanwhile is stopped where it still can be.
        Raises: NotFound, StoreError.
        """
        for _ in range(TRIES):
            own = await self._own(caller, of)
            unit = withdrawal(own)
            if unit is None:
                break
            try:
                await self._journal.commit(Unit(entries=(*beside, *unit.entries), changes=unit.changes))
            except (SlotTaken, Lost):
                continue
            await self._stop(own)
            return words.ended(own.call, (await self._own(caller, own.call)).slots, None)
        if beside:
            await self._journal.commit(Unit(entries=beside))
        return Failed(call=of, code="too_late", sentence="Too late to cancel; collect tells how it ended.")

    async def _stop(self, own: Own) -> None:
        """Stop what was given up: here, and at the Source, whose transaction may be another replica's."""
        if own.review is not None:
            self._sweeper.stop(own.review.id)
        self._courses.stop(own.call)
        source = own.slots.attempts[0].intent.body.get("source")
        connector = self._connectors.get(str(source.get("name"))) if isinstance(source, Mapping) else None
        if connector is not None and own.slots.begun and not own.slots.follows:
            await connector.end(frozenset({record.backend(own.call, own.slots.latest.number)}))

    async def _own(self, caller: Caller, of: CallId) -> Own:
        """Find a Call of this caller; one that joined another's Review stands for that one."""
        entries = await self._journal.entries(of)
        joined = next((str(one.body["first"]) for one in entries if one.body["kind"] == EntryKind.ATTACHED.value), "")
        if joined:
            of = CallId(joined)
            entries = await self._journal.entries(of)
        review = await self._reviews.review(of)
        slots = project(entries + (await self._journal.entries(review.id) if review else ()))
        if not slots.attempts:
            raise NotFound("no such call")
        said = slots.attempts[0].intent.body.get("caller")
        person = said.get("ps") if isinstance(said, Mapping) else None
        if person != subject.of_caller(self._macs, caller):
            raise NotFound("another caller's call")
        return Own(call=of, slots=slots, review=review)

    async def _hand(self, caller: Caller, call: Call, own: Own) -> Answer:
        """Hand out a stored result: decided again by today's policy, recorded before it leaves."""
        body = own.slots.latest.outcome.body if own.slots.latest.outcome else {}
        stored = await self._results.result(own.call)
        if stored is None or self._clock.now() > stored.until:
            return await self._without(own, "result_expired")
        # A change that returned no rows shows only that it happened, and what it did may have made it unreadable.
        quiet = own.slots.wrote and body.get("rows") == 0
        limits = Limits() if quiet else await self._allowed(caller, call, own.slots)
        if limits is None:
            return await self._without(own, "withheld")
        masked = unpack_result(await self._payloads.open(stored.result))
        shown = Entry(kind=EntryKind.DISCLOSURE, scope=own.call, body={"by": call.id, "rows": len(masked.rows)})
        handed = (HandResult(call=own.call),)
        await self._journal.commit(Unit(entries=(shown,), changes=handed, unblocked=self._parties(caller, own)))
        spent = body.get("dur_ms")
        elapsed = timedelta(milliseconds=spent if isinstance(spent, int) else 0)
        return Answered(call=own.call, masked=masked, limits=limits, elapsed=elapsed)

    def _parties(self, caller: Caller, own: Own) -> frozenset[Party]:
        """Name who must not be blocked for a result to leave: whose it is, and where it came from."""
        source = own.slots.attempts[0].intent.body.get("source")
        name = str(source.get("name")) if isinstance(source, Mapping) else ""
        return subject.parties(self._macs, caller, name)

    async def _without(self, own: Own, code: str) -> Answer:
        """Tell an outcome that has no rows to show; once told, an identical Call asks anew."""
        if own.review is not None:
            await self._journal.commit(Unit(changes=(HandResult(call=own.call),)))
        kind = "write" if own.slots.wrote else "read"
        return Failed(call=own.call, code=code, sentence=WITHOUT[kind, code])

    async def _allowed(self, caller: Caller, call: Call, slots: Slots) -> Limits | None:
        """Decide again: None when it would be refused now, or masked more strictly than what is stored."""
        intent = slots.attempts[0].intent.body
        source = intent.get("source")
        connector = self._connectors.get(str(source.get("name"))) if isinstance(source, Mapping) else None
        statement = await self._statement(intent)
        if connector is None or statement is None:
            return None
        again = Call(
            id=call.id,
            door=call.door,
            tool=Tool(str(intent["tool"])),
            source=connector.source.name,
            statement=statement.text,
            parameters=statement.parameters,
            received_at=call.received_at,
        )
        async with connector.visit(statement, name=f"assent:{call.id}:0") as visit:
            reading = await visit.read()
        verdict = self._judge.decide(again, caller, connector.source, reading)
        match verdict:
            case Refuse():
                return None
            case Allow() | Ask():
                shown = isinstance(reading, Reading) and kept_masks(reading.masks, intent)
                return verdict.limits if shown and lifts(verdict) == statement.unmask else None

    async def _statement(self, intent: Mapping[str, Json]) -> Statement | None:
        question = payload(intent, Role.QUESTION)
        if question is not None:
            return asked(unpack_question(await self._payloads.open(question)))
        text = payload(intent, Role.STATEMENT)
        if text is None:
            return None
        values = payload(intent, Role.PARAMETERS)
        parameters = record.unpack_parameters(await self._payloads.open(values)) if values else ()
        return Statement(text=(await self._payloads.open(text)).decode(), parameters=parameters)

    async def _note(self, review: Review | None) -> str | None:
        return await denial.note(await self._reviews.votes(review.id), self._payloads) if review else None


def payload(body: Mapping[str, Json], role: Role) -> PayloadId | None:
    """Return the id of a payload that an Entry names."""
    named = body.get("payloads")
    for one in named if isinstance(named, list) else ():
        if isinstance(one, Mapping) and one.get("role") == role.value:
            return PayloadId(str(one["id"]))
    return None


def kept_masks(now: frozenset[Mask], intent: Mapping[str, Json]) -> bool:
    """Whether the masks of today are those under which the result was made, kinds included; or there are none."""
    verdict = intent.get("verdict")
    then = verdict.get("plan") if isinstance(verdict, Mapping) else None
    return not now or then == record.plan(now)


def lifts(verdict: Allow | Ask) -> frozenset[str]:
    """Give the columns that an approval would show as they are; nothing is ever unmasked without one."""
    return verdict.unmask if isinstance(verdict, Ask) else frozenset()


def withdrawal(own: Own) -> Unit | None:
    """Word the end of a Call that can still be withdrawn; None when it ended, or has the right to COMMIT."""
    slots, review, last = own.slots, own.review, own.slots.latest
    if slots.ended is not None or (last.owned and not slots.follows):
        return None
    changes: tuple[Change, ...] = (moved(review, State.CANCELLED),) if review else ()
    if slots.follows:
        return Unit(entries=record.unbegun(slots, own.call, Outcome.CANCELLED, "cancelled"), changes=changes)
    ended = record.outcome(own.call, last.number, Outcome.CANCELLED, code="cancelled")
    changes = (*changes, budget.settled(own.call, last.number, Outcome.CANCELLED))
    before: tuple[Entry, ...] = ()
    if review is not None and slots.state in CLOSING:
        slot, kind = CLOSING[slots.state]
        said: dict[str, Json] = {"call": own.call, "by": "requester"}
        before = (Entry(kind=kind, scope=review.id, attempt=0, slot=slot, body=said),)
    elif slots.wrote:
        before = (record.abandoned(own.call, last.number),)
    return Unit(entries=(*before, ended), changes=changes)
