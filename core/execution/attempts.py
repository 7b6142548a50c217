"""One attempt under a Permit: a read's OUTCOME before its Rows leave, a write's PREPARED before its COMMIT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final, final

from core.errors import (
    Blocked,
    DeniedByEngine,
    GatewayError,
    GrantEnded,
    Lost,
    OutcomeUnknown,
    SlotTaken,
    SourceError,
    SourceUnavailable,
    StatementFailed,
    StoreError,
)
from core.execution import budget, record
from core.execution.failpoints import failpoint
from core.execution.finishing import Finishing
from core.execution.recovery.resolving import Resolving
from core.execution.shielding import shielded
from core.execution.words import running
from core.model import (
    FREE_TEXT,
    JOBS,
    MOVES,
    Answer,
    Answered,
    CallId,
    Entry,
    EntryKind,
    Failed,
    Masked,
    Measure,
    Outcome,
    Permit,
    ReviewId,
    Rows,
    SessionId,
    State,
    Work,
)
from core.packing import pack_result
from core.ports import (
    Change,
    Clock,
    Connector,
    Fate,
    Journal,
    Masker,
    Party,
    Payload,
    Payloads,
    ReturnGrant,
    Reviews,
    Role,
    Settle,
    SpendGrant,
    StoreResult,
    Unit,
    Visit,
    moved,
)

# What follows COMMIT's or a job's own limits: lock wait, statement, and what the gateway itself needs.
LOCK_WAIT: Final = timedelta(seconds=2)
MARGIN: Final = timedelta(seconds=15)
KEPT: Final = timedelta(hours=1)  # how long a result can be collected

NOTHING_PAID: Final[Mapping[Measure, int]] = MappingProxyType({})
ROLLED_BACK: Final = "The database rolled the change back at COMMIT; nothing changed."


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What an attempt needs beside its Permit."""

    permit: Permit
    session: SessionId
    review: ReviewId | None = None
    parties: frozenset[Party] = frozenset()  # none of whom is blocked when it comes to its end
    budgeted: bool = False  # something was reserved for it
    began: datetime | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A write that ran and is not committed yet."""

    rows: Rows
    masked: Masked
    work: Work


@final
class Attempts:
    """Runs attempts and closes them; who loses a slot obeys what stands there."""

    def __init__(
        self,
        *,
        journal: Journal,
        reviews: Reviews,
        payloads: Payloads,
        masker: Masker,
        clock: Clock,
        kept: timedelta = KEPT,
    ) -> None:
        self._journal = journal
        self._reviews = reviews
        self._payloads = payloads
        self._finishing = Finishing(masker)
        self._clock = clock
        self._kept = kept
        self._resolving = Resolving(journal, reviews)

    def deadline(self, timeout: timedelta) -> datetime:
        """Return the instant past which anyone may give an attempt up that begins now."""
        return self._clock.now() + LOCK_WAIT + timeout + MARGIN

    async def run(self, ticket: Ticket, visit: Visit, connector: Connector) -> Answer:
        """Run what is permitted, as the read or the write that it is."""
        ticket = replace(ticket, began=self._clock.now())
        work = connector.job(ticket.permit)
        if work is not None:
            return await self.job(ticket, visit, connector, work)
        if ticket.permit.reading.writes:
            return await self.write(ticket, visit, connector)
        return await self.read(ticket, visit)

    async def read(self, ticket: Ticket, visit: Visit) -> Answer:
        """Run a read; its Rows leave only under an OUTCOME of this attempt."""
        permit = ticket.permit
        failpoint("before_run")
        try:
            rows = await visit.run(permit)
            masked = await self._finishing.finish(rows, permit.reading, permit.call.source)
        except SourceError as error:
            return await self.fail(ticket, error)
        failpoint("after_run")
        try:
            return await self._deliver(ticket, rows, masked, Outcome.DELIVERED)
        except Blocked as error:  # its Rows are dropped
            return await self.fail(ticket, error, Outcome.CANCELLED)
        except GrantEnded as error:
            return await self.fail(ticket, error)

    async def write(self, ticket: Ticket, visit: Visit, connector: Connector) -> Answer:
        """Run a write: xid, checks, PREPARED, COMMIT, OUTCOME; past PREPARED only the source says what happened."""
        permit = ticket.permit
        failpoint("before_run")
        try:
            rows = await visit.run(permit)
            masked = await self._finishing.finish(rows, permit.reading, permit.call.source)
            work = transaction(rows)
        except SourceError as error:
            return await self.fail(ticket, error)
        failpoint("after_run")
        return await shielded(self._land(ticket, visit, connector, Ran(rows=rows, masked=masked, work=work)))

    async def job(self, ticket: Ticket, visit: Visit, connector: Connector, work: Work) -> Answer:
        """Run a job, which commits by itself: PREPARED names it before it begins; who goes away has it stopped."""
        name = record.backend(ticket.permit.call.id, ticket.permit.attempt)
        failpoint("before_run")
        return await shielded(
            self._started(ticket, visit, connector, work), cut=partial(connector.end, frozenset({name}))
        )

    async def _started(self, ticket: Ticket, visit: Visit, connector: Connector, work: Work) -> Answer:
        """Take PREPARED, run, write the OUTCOME; nobody's end cuts this."""
        permit = ticket.permit
        ended = await self._prepare(ticket, work)
        if ended is not None:
            return ended
        try:
            rows = await visit.run(permit)
            masked = await self._finishing.finish(rows, permit.reading, permit.call.source)
        except OutcomeUnknown:
            return running(permit.call.id, ticket.review)  # recovery asks on
        except SourceError as error:
            if permit.reading.writes and ticket.review is not None and isinstance(error, SourceUnavailable):
                return running(
                    permit.call.id, ticket.review
                )  # it changed nothing: recovery proves it, and begins again
            result = Outcome.ABORTED if permit.reading.writes else Outcome.ERROR
            paid = budget.billed(await connector.bill(work), connector.source) if ticket.budgeted else {}
            return await self._close(ticket, result, error, (), paid)
        failpoint("after_run")
        paid = budget.billed(rows.bill, connector.source)
        try:
            result = Outcome.COMMITTED if permit.reading.writes else Outcome.DELIVERED
            return await self._deliver(ticket, rows, masked, result, paid)
        except Blocked as error:  # its Rows are dropped
            return await self._close(ticket, Outcome.CANCELLED, error, (), paid)
        except StoreError:
            return running(permit.call.id, ticket.review)

    async def _prepare(self, ticket: Ticket, work: Work, beside: tuple[Change, ...] = ()) -> Answer | None:
        """Take the right to COMMIT, or to begin a job; what it came to where another has it, or nobody may any more."""
        permit = ticket.permit
        entry = record.prepared(permit.call.id, permit.attempt, work)
        failpoint("before_prepared")
        try:
            unit = Unit(entries=(entry,), changes=beside, before=permit.deadline, unblocked=ticket.parties)
            await self._journal.commit(unit)
        except Blocked as error:
            return await self.fail(ticket, error, Outcome.CANCELLED)
        except GrantEnded as error:
            return await self.fail(ticket, error)
        except (SlotTaken, Lost):
            return running(permit.call.id, ticket.review)  # given up by another; leaving the visit rolls back
        failpoint("after_prepared")
        return None

    async def _land(self, ticket: Ticket, visit: Visit, connector: Connector, ran: Ran) -> Answer:
        """Take PREPARED, COMMIT, write the OUTCOME; nobody's end cuts this."""
        permit = ticket.permit
        ended = await self._prepare(ticket, ran.work, spent(ticket, len(ran.masked.rows), ran.work.affected))
        if ended is not None:
            return ended
        fate = await self._commit(visit, connector, ran.work, permit.deadline)
        failpoint("after_commit")
        try:
            return await self._landed(ticket, ran, fate)
        except StoreError:
            return running(permit.call.id, ticket.review)  # it may have run: nobody may say that nothing did

    async def _landed(self, ticket: Ticket, ran: Ran, fate: Fate) -> Answer:
        match fate:
            case Fate.COMMITTED:
                return await self._deliver(ticket, ran.rows, ran.masked, Outcome.COMMITTED)
            case Fate.ABORTED:
                failure = StatementFailed("40000", public=ROLLED_BACK)
                return await self._close(ticket, Outcome.ABORTED, failure, ())
            case _:
                return running(ticket.permit.call.id, ticket.review)  # recovery asks on

    async def fail(self, ticket: Ticket, error: GatewayError, result: Outcome = Outcome.ERROR) -> Answer:
        """Close an attempt that changed nothing; a write gives up its right to COMMIT in the same unit."""
        permit = ticket.permit
        guarded = permit.reading.writes or permit.reading.dialect in JOBS
        given_up = (record.abandoned(permit.call.id, permit.attempt),) if guarded else ()
        return await self._close(ticket, result, error, given_up, budget.UNBEGUN if guarded else {})

    async def _commit(self, visit: Visit, connector: Connector, work: Work, deadline: datetime) -> Fate:
        if self._clock.now() >= deadline:
            return Fate.SILENT  # suspended since PREPARED: not committed here; recovery finds it aborted
        failpoint("before_commit")
        try:
            await visit.commit()
        except StatementFailed:
            return Fate.ABORTED
        except OutcomeUnknown:
            return await connector.fate(work)
        return Fate.COMMITTED

    async def _deliver(
        self, ticket: Ticket, rows: Rows, masked: Masked, result: Outcome, paid: Mapping[Measure, int] = NOTHING_PAID
    ) -> Answer:
        permit = ticket.permit
        role = Role.UNMASKED if permit.reading.unmasked else Role.RESULT
        content = pack_result(masked)
        result_words = (Payload(role=role, content=content),)
        kept = await self._payloads.keep(permit.call.id, ticket.session, permit.call.source, result_words)
        entry = record.outcome(
            permit.call.id,
            permit.attempt,
            result,
            rows=len(masked.rows),
            affected=rows.work.affected if rows.work else None,
            masked=concealed(masked),
            milli=int(rows.elapsed.total_seconds() * 1000),
            kept=kept,
            more={**({"cut": masked.cut.value} if masked.cut else {}), **record.bill(rows.bill)},
        )
        try:
            stored = StoreResult(call=permit.call.id, result=kept[0].id, until=self._clock.now() + self._kept)
            shown = ticket.parties if result is Outcome.DELIVERED else frozenset[Party]()  # what is done is told
            used = {
                Measure.ROWS: max(len(masked.rows), rows.work.affected if rows.work else 0),
                Measure.RETURNED_BYTES: len(content),
                Measure.TIME: budget.milliseconds(rows.elapsed),
                **paid,
            }
            shows = spent(ticket, len(masked.rows)) if result is Outcome.DELIVERED else ()
            beside: tuple[Change, ...] = (*shows, stored, *_settled(ticket, result, used))
            await self.move(entry, ticket.review, State.EXECUTED, changes=beside, unblocked=shown)
        except SlotTaken:
            await self._proved(ticket, result)
            return running(permit.call.id, ticket.review)  # given up meanwhile: these Rows are dropped
        return Answered(call=permit.call.id, masked=masked, limits=permit.limits, elapsed=rows.elapsed)

    async def _proved(self, ticket: Ticket, result: Outcome) -> None:
        """Close an `unknown` that stands where this executor holds the COMMIT's reply: it was executed."""
        if result is Outcome.COMMITTED:
            await self._resolving.prove(ticket.permit.call.id, Fate.COMMITTED)

    async def _close(
        self,
        ticket: Ticket,
        result: Outcome,
        error: GatewayError,
        before: tuple[Entry, ...],
        paid: Mapping[Measure, int] = NOTHING_PAID,
    ) -> Answer:
        permit = ticket.permit
        state = getattr(error, "sqlstate", None)
        entry = record.outcome(
            permit.call.id, permit.attempt, result, code=error.code, more={"sqlstate": state} if state else None
        )
        to = State.CANCELLED if result is Outcome.CANCELLED else State.FAILED
        if isinstance(error, DeniedByEngine):
            before = (*before, denied(permit.call.id))
        try:
            took = {} if ticket.began is None else {Measure.TIME: budget.milliseconds(self._clock.now() - ticket.began)}
            await self.move(entry, ticket.review, to, before=before, changes=_settled(ticket, result, {**took, **paid}))
        except SlotTaken:
            return running(permit.call.id, ticket.review)
        return Failed(call=permit.call.id, code=error.code, sentence=error.public)

    async def move(
        self,
        entry: Entry,
        review: ReviewId | None,
        to: State,
        *,
        before: tuple[Entry, ...] = (),
        changes: tuple[Change, ...] = (),
        unblocked: frozenset[Party] = frozenset(),
    ) -> None:
        """Commit an OUTCOME with its Review's move in one unit; another's redraw in between is no reason to fail.

        Raises: SlotTaken when the OUTCOME stands already, Blocked.
        """
        failpoint("before_outcome")
        while True:
            row = await self._reviews.review(review) if review else None
            if row is not None and to not in MOVES.get(row.state, frozenset()):
                raise SlotTaken(f"{row.id} is {row.state.value} already")  # moved together with its OUTCOME
            beside = (*changes, moved(row, to)) if row else changes
            try:
                unit = Unit(entries=(*before, entry), changes=beside, unblocked=unblocked)
                await self._journal.commit(unit)
            except Lost:
                continue
            failpoint("after_outcome")
            return


def _settled(ticket: Ticket, result: Outcome, used: Mapping[Measure, int]) -> tuple[Settle | ReturnGrant, ...]:
    """Give back what an attempt did not use of budgets, and of a grant's rows, where it took something of one."""
    permit = ticket.permit
    settled = (budget.settled(permit.call.id, permit.attempt, result, used),) if ticket.budgeted else ()
    undone = result is Outcome.ABORTED and permit.use is not None
    return (*settled, ReturnGrant(call=permit.call.id)) if undone else settled


def spent(ticket: Ticket, *rows: int) -> tuple[SpendGrant, ...]:
    """Count rows that are shown or changed, whichever are more, of the grant under which they are; none: nothing.

    Raises: GrantEnded where they are more than one use holds, though the Source should have seen to it.
    """
    use = ticket.permit.use
    if use is None:
        return ()
    if max(rows) > use.grant.caps.rows:
        raise GrantEnded(f"{max(rows)} rows in one use")
    return (SpendGrant(call=ticket.permit.call.id, rows=max(rows)),)


def denied(call: CallId) -> Entry:
    """Say that the engine's own rights stopped what our reading let through: the reading was wrong."""
    return Entry(kind=EntryKind.ALERT, body={"alert": "denied_by_engine", "of": call})


def transaction(rows: Rows) -> Work:
    """Return the open transaction of a write.

    Raises: SourceError when the connector named none: then nothing may be committed.
    """
    if rows.work is None:
        raise SourceError("a write came back without its transaction")
    return rows.work


def concealed(masked: Masked) -> int:
    """Count cells that a mask or the second net changed; of free text only the hits."""
    labelled = sum(1 for column in masked.columns if column.mask not in {None, FREE_TEXT})
    return labelled * len(masked.rows) + masked.hidden
