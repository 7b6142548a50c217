"""Where people decide: every act is committed before it returns, and tells what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, final

from core import denial, subject
from core.entitled import asked, opens
from core.errors import AuditBusy, Blocked, Lost, NotFound, SlotTaken
from core.model import (
    CallId,
    Decision,
    EntryKind,
    Facts,
    Identity,
    Json,
    PayloadId,
    Question,
    Review,
    ReviewId,
    SessionId,
    State,
)
from core.packing import unpack_facts, unpack_question
from core.ports import (
    Ballot,
    Clock,
    Hindsight,
    Journal,
    Kept,
    Macs,
    Party,
    PartyKind,
    Past,
    Payload,
    Payloads,
    Reviews,
    Role,
    Roll,
    Said,
    Sealed,
    Shown,
    Subjects,
)
from core.revealing import line
from core.reviews.hindsight import Hindsights
from core.reviews.votes import Standing, alone, apart, bar, cast, follows, involved, listed, seat

TRIES: Final = 64  # a Vote that others overtake is decided again from what stands then; each time someone else won
ENDS: Final = frozenset({EntryKind.REVOKED.value, EntryKind.OUTCOME.value})  # what names by whom, where somebody did
NOTE: Final = 500  # characters of a reviewer's note
TICKET: Final = 80  # of what names an emergency


@final
class Desk:
    """The people's side of Reviews, over the store alone: no Source, no agent's token."""

    def __init__(
        self,
        *,
        journal: Journal,
        reviews: Reviews,
        payloads: Payloads,
        macs: Macs,
        subjects: Subjects,
        roll: Callable[[], Roll],
        emergencies: Hindsights,
        clock: Clock,
        past: Past | None = None,
        policy: Callable[[], str] = str,
    ) -> None:
        """`policy`: which one `members` are of; a Vote counts only while it is the one in force."""
        self._journal = journal
        self._reviews = reviews
        self._payloads = payloads
        self._macs = macs
        self._subjects = subjects
        self._roll = roll
        self._emergencies = emergencies
        self._clock = clock
        self._past = past
        self._policy = policy

    async def pending(self, who: Identity) -> tuple[Shown, ...]:
        """Reviews that wait and that this person may see, oldest first."""
        waiting = await self._reviews.in_state(State.PENDING)
        shown = [await self._readable(who, review.id) for review in waiting]
        return tuple(one for one in shown if one is not None)

    async def _readable(self, who: Identity, review: ReviewId) -> Shown | None:
        """Show it; one whose words are gone nobody can answer, and it hides no other."""
        try:
            return await self.show(who, review)
        except NotFound:
            return None

    async def show(self, who: Identity | None, review: ReviewId) -> Shown | None:
        """One Review; unknown and not for this person are alike."""
        row = await self._reviews.review(review)
        if row is None:
            return None
        entries = await self._journal.entries(row.call)
        standing = await self._standing(row, entries[0])
        if who is not None and not (concerns(standing, who) or await self._emergencies.concerns(who, row)):
            return None
        votes = standing.votes
        question, facts = await self._words(row)
        may = who is not None and eligible(standing, who)
        return Shown(
            review=replace(row, offer=None) if who is not None and follows(standing, who) else row,
            question=question,
            facts=facts,
            votes=votes,
            eligible=may,
            earlier=await self._earlier(row.call) if may else None,
            outcome=outcome(entries),
            note=await denial.note(votes, self._payloads),
            breakable=breakable(standing, who),
            glass=await self._emergencies.glass(who, row, votes),
            ended_by=await self._ended_by(row, entries),
        )

    async def _ended_by(self, row: Review, entries: Sequence[Sealed]) -> str:
        """Name who took the approval back, or had stopped what it began; empty: nobody of the people's side did."""
        if row.state not in {State.REVOKED, State.CANCELLED}:
            return ""
        for entry in (*await self._journal.entries(row.id), *reversed(entries)):
            by = entry.body.get("by")
            if entry.body["kind"] in ENDS and isinstance(by, str):
                return await self._subjects.name(by)
        return ""

    async def _standing(self, row: Review, intent: Sealed, who: Identity | None = None) -> Standing:
        """Read what a Review stands at; with `who` also whether they may answer alone once more."""
        return Standing(
            review=row,
            votes=await self._reviews.votes(row.id),
            intent=intent,
            roll=self._roll(),
            now=self._clock.now(),
            barred=who is not None and await self._emergencies.overdue(who),
        )

    async def unclosed(self, who: Identity) -> tuple[Shown, ...]:
        """Answers given alone that nobody else has looked at and this person may see, oldest first."""
        shown = [await self._readable(who, one.review) for one in await self._emergencies.unclosed()]
        return tuple(one for one in shown if one is not None)

    async def close(self, who: Identity, said: Hindsight) -> Said:
        """Say afterwards whether an answer given alone was justified.

        Raises: StoreError, when nothing was recorded.
        """
        return await self._emergencies.close(who, said)

    async def _earlier(self, call: CallId) -> tuple[int, ...] | None:
        """Tell what Calls like this one took: it may follow protected values, so it is for who decides alone."""
        if self._past is None:
            return None
        try:
            found = await self._past.similar(call)
        except AuditBusy:
            return None
        took = [lasted(await self._journal.entries(one)) for one in found]
        return tuple(milli for milli in took if milli is not None)

    async def vote(self, who: Identity, ballot: Ballot) -> Said:
        """Cast a Vote; durable when this returns.

        Raises: Superseded where another policy came into force than this process follows yet: who may vote may have
        changed; StoreError, when nothing was recorded.
        """
        reason: Kept | None = None
        for _ in range(TRIES):
            row = await self._reviews.review(ballot.review)
            if row is None:
                return Said.UNKNOWN
            under = self._policy()  # before who may is read: what came into force since drops the unit
            standing = await self._standing(row, (await self._journal.entries(row.call))[0], who)
            if not concerns(standing, who):
                return Said.UNKNOWN
            barred = bar(standing, who, ballot)
            if barred is not None:
                return barred
            reason = reason or await self._keep(row, standing.intent, ballot)
            pseudonym = subject.of_identity(self._macs, who)
            await self._subjects.know(pseudonym, who.name)  # before an Entry holds it
            said, unit = cast(standing, who, ballot, reason, pseudonym=pseudonym)
            try:
                voter = Party(kind=PartyKind.PERSON, id=pseudonym)
                await self._journal.commit(replace(unit, unblocked=frozenset({voter}), policy=under))
            except Blocked:
                return Said.NOT_ELIGIBLE
            except (Lost, SlotTaken):
                if await self._reviews.review(row.id) == row:
                    return Said.EXPIRED  # nobody moved it: its time is over by the store's clock
                continue
            return said
        raise Lost("a vote was overtaken again and again")

    async def _words(self, row: Review) -> tuple[Question, Facts]:
        question = unpack_question(await self._payloads.open(row.question))
        return question, unpack_facts(await self._payloads.open(await self._weighed(row) or row.facts))

    async def _weighed(self, row: Review) -> PayloadId | None:
        """Find what was told of it after it was asked; None: nothing was."""
        for entry in reversed(await self._journal.entries(row.call)):
            if entry.body["kind"] == EntryKind.WEIGHED.value and entry.body["review"] == row.id:
                match entry.body["payloads"]:
                    case [{"id": str(found)}]:
                        return PayloadId(found)
                    case _:
                        return None
        return None

    async def _keep(self, row: Review, intent: Sealed, ballot: Ballot) -> Kept | None:
        """Keep why somebody denies, or answers alone; an approval of a group's member needs no word."""
        if ballot.decision is not Decision.DENY and not ballot.ticket:
            return None
        source = intent.body["source"]
        name = str(source["name"]) if isinstance(source, Mapping) else ""
        words = f"{ballot.ticket.strip()[:TICKET]}\n" if ballot.ticket else ""
        note = Payload(role=Role.REASON, content=f"{words}{line(ballot.reason or '')[:NOTE]}".encode())
        (kept,) = await self._payloads.keep(row.call, SessionId(str(intent.body["session"])), name, (note,))
        return kept


def concerns(standing: Standing, who: Identity) -> bool:
    """Whether this person may see it: who may fill a seat of it, alone in an emergency too, or is involved in it."""
    groups = asked(standing.roll, standing.review, standing.now).values()
    return any(listed(who, names) for names in (*groups, opening(standing))) or who.person in involved(standing.review)


def opening(standing: Standing) -> frozenset[str]:
    """Give who may answer it alone."""
    return standing.roll.breakers if opens(standing.roll, standing.review, standing.intent.body) else frozenset()


def breakable(standing: Standing, who: Identity | None) -> bool:
    """Whether somebody, or who looks, may answer it alone now; for display, the Vote itself decides."""
    if standing.review.state is not State.PENDING or not opening(standing):
        return False
    if who is None:  # a card, before nobody in particular
        return "slack" in standing.roll.ways
    return apart(standing.review, who) is None and bool(alone(standing, who)[0])


def eligible(standing: Standing, who: Identity) -> bool:
    """Whether this person could fill a seat now; for display, the Vote itself decides."""
    persons = involved(standing.review)
    return (
        standing.review.state is State.PENDING
        and who.person not in persons
        and all(person.directory == who.person.directory for person in persons)
        and not any(vote.person == who.person for vote in standing.votes)
        and bool(seat(standing, who)[0])
    )


def outcome(entries: tuple[Sealed, ...]) -> Mapping[str, Json] | None:
    """What the last attempt came to, for people: outcome, rows, affected, milliseconds."""
    ends = [entry.body for entry in entries if entry.body["kind"] == EntryKind.OUTCOME.value]
    if not ends:
        return None
    return {key: ends[-1][key] for key in ("outcome", "rows", "affected", "dur_ms", "code") if key in ends[-1]}


def lasted(entries: Sequence[Sealed]) -> int | None:
    """Read the duration of what was committed or delivered, in milliseconds."""
    found = [one.body.get("dur_ms") for one in entries if one.body.get("kind") == EntryKind.OUTCOME.value]
    return next((milli for milli in reversed(found) if isinstance(milli, int)), None)
