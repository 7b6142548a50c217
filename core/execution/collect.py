"""A Call seen again by who asked it: where it stands, its result once more decided and recorded, its cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, final

from core.errors import Lost, NotFound, SlotTaken
from core.execution import record, words
from core.execution.courses import Courses
from core.execution.slots import Slots, project
from core.execution.sweep import Sweeper
from core.model import (
    Allow,
    Answer,
    Answered,
    Ask,
    Call,
    Caller,
    CallId,
    Decision,
    Entry,
    EntryKind,
    Failed,
    Json,
    Limits,
    Mask,
    OnApproval,
    Outcome,
    PayloadId,
    Reading,
    Refuse,
    Review,
    Slot,
    State,
    Tool,
)
from core.packing import unpack_question, unpack_result
from core.ports import (
    Clock,
    Connector,
    HandResult,
    Journal,
    Judge,
    Macs,
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
    ) -> None:
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

    async def state(self, caller: Caller, call: Call, of: CallId) -> Answer:
        """Say where a Call stands, and hand out its result if there is one.

        Raises: NotFound.
        """
        slots, review = await self._own(caller, of)
        if review is not None and slots.state is State.APPROVED and review.on_approval is OnApproval.HOLD:
            await self._sweeper.start(review)  # under `hold` a verified request of the requester runs it
            slots, review = await self._own(caller, of)
        if slots.ended is None:
            return words.waiting(of, slots, review)
        if slots.ended in DONE:
            return await self._hand(caller, call, of, slots)
        return words.ended(of, slots, await self._note(review))

    async def cancel(self, caller: Caller, of: CallId) -> Answer:
        """Withdraw a Call: before the decision, before its use, or stop it before its COMMIT.

        Raises: NotFound.
        """
        slots, review = await self._own(caller, of)
        if slots.ended is not None:
            return Failed(call=of, code="too_late", sentence="It has ended already; collect tells how.")
        ended = record.outcome(of, slots.latest.number, Outcome.CANCELLED, code="cancelled")
        before: tuple[Entry, ...] = ()
        if review is not None and slots.state in CLOSING:
            slot, kind = CLOSING[slots.state]
            before = (Entry(kind=kind, scope=review.id, attempt=0, slot=slot, body={"call": of, "by": "requester"}),)
        elif slots.wrote:
            before = (record.abandoned(of, slots.latest.number),)
        changes = (moved(review, State.CANCELLED),) if review else ()
        try:
            await self._journal.commit(Unit(entries=(*before, ended), changes=changes))
        except (SlotTaken, Lost):
            return Failed(call=of, code="too_late", sentence="Too late to cancel; collect tells how it ended.")
        if review is not None:
            self._sweeper.stop(review.id)
        self._courses.stop(of)
        return words.ended(of, await self._slots(of, review), None)

    async def _own(self, caller: Caller, of: CallId) -> tuple[Slots, Review | None]:
        review = await self._reviews.review(of)
        slots = await self._slots(of, review)
        if not slots.attempts:
            raise NotFound("no such call")
        said = slots.attempts[0].intent.body.get("caller")
        person = said.get("ps") if isinstance(said, Mapping) else None
        if person != self._macs.mac("principal", "\0".join(caller.principal).encode()):
            raise NotFound("another caller's call")
        return slots, review

    async def _slots(self, of: CallId, review: Review | None) -> Slots:
        entries = await self._journal.entries(of)
        return project(entries + (await self._journal.entries(review.id) if review else ()))

    async def _hand(self, caller: Caller, call: Call, of: CallId, slots: Slots) -> Answer:
        """Hand out a stored result: decided again by today's policy, recorded before it leaves."""
        body = slots.latest.outcome.body if slots.latest.outcome else {}
        stored = await self._results.result(of)
        if stored is None or self._clock.now() > stored.until:
            return Failed(call=of, code="result_expired", sentence="Its result is no longer kept; ask again.")
        limits = await self._allowed(caller, call, slots)
        if limits is None:
            return Failed(
                call=of, code="withheld", sentence="Today's policy would not show this result; ask again to learn why."
            )
        masked = unpack_result(await self._payloads.open(stored.result))
        shown = Entry(kind=EntryKind.DISCLOSURE, scope=of, body={"by": call.id, "rows": len(masked.rows)})
        await self._journal.commit(Unit(entries=(shown,), changes=(HandResult(call=of),)))
        spent = body.get("dur_ms")
        elapsed = timedelta(milliseconds=spent if isinstance(spent, int) else 0)
        return Answered(call=of, masked=masked, limits=limits, elapsed=elapsed)

    async def _allowed(self, caller: Caller, call: Call, slots: Slots) -> Limits | None:
        """Decide again: None when it would be refused now, or masked more strictly than what is stored."""
        intent = slots.attempts[0].intent.body
        source = intent.get("source")
        connector = self._connectors.get(str(source.get("name"))) if isinstance(source, Mapping) else None
        statement = await self._statement(intent)
        if connector is None or statement is None:
            return None
        asked = Call(
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
        verdict = self._judge.decide(asked, caller, connector.source, reading)
        match verdict:
            case Refuse():
                return None
            case Allow(limits=limits) | Ask(limits=limits):
                return limits if isinstance(reading, Reading) and kept_masks(reading.masks, intent) else None

    async def _statement(self, intent: Mapping[str, Json]) -> Statement | None:
        question = payload(intent, Role.QUESTION)
        if question is not None:
            asked = unpack_question(await self._payloads.open(question))
            return Statement(text=asked.statement, parameters=asked.parameters)
        text = payload(intent, Role.STATEMENT)
        if text is None:
            return None
        values = payload(intent, Role.PARAMETERS)
        parameters = record.unpack_parameters(await self._payloads.open(values)) if values else ()
        return Statement(text=(await self._payloads.open(text)).decode(), parameters=parameters)

    async def _note(self, review: Review | None) -> str | None:
        for vote in await self._reviews.votes(review.id) if review else ():
            if vote.decision is Decision.DENY and vote.reason is not None:
                return (await self._payloads.open(vote.reason)).decode()
        return None


def payload(body: Mapping[str, Json], role: Role) -> PayloadId | None:
    """Return the id of a payload that an Entry names."""
    named = body.get("payloads")
    for one in named if isinstance(named, list) else ():
        if isinstance(one, Mapping) and one.get("role") == role.value:
            return PayloadId(str(one["id"]))
    return None


def kept_masks(now: frozenset[Mask], intent: Mapping[str, Json]) -> bool:
    """Whether every column that would be masked now was masked when the result was made."""
    verdict = intent.get("verdict")
    masked, searched = ({*names(verdict, key)} for key in ("masked", "searched"))
    return listed(now, at_source=True) <= masked and listed(now, at_source=False) <= masked | searched


def names(verdict: Json, key: str) -> list[str]:
    """Read a list of names from what an Entry says of a verdict."""
    said = verdict.get(key) if isinstance(verdict, Mapping) else None
    return [str(name) for name in said] if isinstance(said, list) else []


def listed(masks: frozenset[Mask], *, at_source: bool) -> set[str]:
    """Name columns as an Entry names them."""
    wanted = sorted(f"{mask.column.relation}.{mask.column.name}" for mask in masks if mask.at_source is at_source)
    held = record.some(wanted)
    return {str(name) for name in held} if isinstance(held, list) else set()
