"""How an `unknown` is closed: by proof whenever it comes, or by people's word; nothing is opened again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, final

from core import subject
from core.errors import Lost, SlotTaken, UnfitAct
from core.execution import record
from core.execution.slots import RESULT, Slots, project
from core.model import CallId, Entry, EntryKind, Json, Outcome, Review, State, Vote
from core.ports import Act, Custody, Fate, Involved, Journal, Macs, Reviews, Unit, moved

SAID: Final = {"committed": Outcome.COMMITTED, "not_executed": Outcome.NOT_EXECUTED}  # what people may say
OF: Final = frozenset({"call", "outcome", "note"})
NOBODY: Final = ""  # the directory of somebody of whom nothing is known: nobody's identity can be compared
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
            slots = await self._take(call, result)
            if slots.resolved is not None and slots.ended is not result:
                body = {"alert": "resolved_otherwise", "of": call, "proof": result.value}
                await self._journal.commit(Unit(entries=(Entry(kind=EntryKind.ALERT, body=body),)))

    async def _take(self, call: CallId, result: Outcome) -> Slots:
        """Take the slot if it is free; return the slots as they stood before."""
        for _ in range(LOOKS):
            found = await standing(call, self._journal, self._reviews)
            if not found.indeterminate:
                return found.slots
            try:
                await self._journal.commit(found.closing(result, {"by": "proof"}))
            except (SlotTaken, Lost):
                continue
            return found.slots
        raise Lost(f"{call} moves too fast to be resolved")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A Call as it stands, for who would close its `unknown`."""

    call: CallId
    slots: Slots
    review: Review | None
    votes: tuple[Vote, ...] = ()

    @property
    def indeterminate(self) -> bool:
        """Nobody can tell, and nothing has closed it."""
        slots = self.slots
        return bool(slots.attempts) and slots.latest.result is Outcome.UNKNOWN and slots.resolved is None

    def closing(self, result: Outcome, said: Mapping[str, Json]) -> Unit:
        """Word RESOLVED with the Review's move."""
        review = self.review
        moves = review is not None and review.state is State.INDETERMINATE
        changes = (moved(review, RESULT[result]),) if review is not None and moves else ()
        entry = record.resolved(self.call, self.slots.latest.number, result, said)
        return Unit(entries=(entry,), changes=changes)


async def standing(call: CallId, journal: Journal, reviews: Reviews) -> Standing:
    """Read a Call with its Review and Votes."""
    review = await reviews.review(call)
    entries = await journal.entries(call)
    slots = project(entries + (await journal.entries(review.id) if review else ()))
    votes = await reviews.votes(review.id) if review else ()
    return Standing(call=call, slots=slots, review=review, votes=votes)


@final
class Word:
    """The Effect `resolve`: what two people say became of a Call of which nobody can tell."""

    def __init__(
        self,
        *,
        journal: Journal,
        reviews: Reviews,
        custody: Custody,
        macs: Macs,
        directories: Callable[[str, str], frozenset[str]],
    ) -> None:
        """`directories`: where the people behind an issuer's client are known, empty for one that is not configured."""
        self._journal = journal
        self._reviews = reviews
        self._custody = custody
        self._macs = macs
        self._directories = directories

    async def involved(self, of: Mapping[str, str]) -> Involved:
        """Requester, owner and voters of the Call.

        Raises: UnfitAct for what is no indeterminate Call, no word of its end, or without a note.
        """
        found = await self._found(of)
        review, first = found.review, found.slots.attempts[0].intent.body
        known = {one for one in (review.requester, review.owner) if one} if review else set()
        known |= {vote.person for vote in found.votes}
        behind = await self._custody.people([str(first["session"])])
        near = frozenset(one.directory for one in known) | self._near(first)
        return Involved(
            people=behind | {subject.of_person(self._macs, one) for one in known},
            directories=near if behind else near | {NOBODY},
        )

    def _near(self, intent: Mapping[str, Json]) -> frozenset[str]:
        """Where whoever asked is known."""
        said = intent["caller"]
        caller = said if isinstance(said, Mapping) else {}
        found = self._directories(str(caller.get("iss")), str(caller.get("client")))
        return found or frozenset({NOBODY})

    async def _found(self, of: Mapping[str, str]) -> Standing:
        if of.keys() != OF or of["outcome"] not in SAID:
            raise UnfitAct("a call is resolved as committed or not_executed, with a note")
        found = await standing(CallId(of["call"]), self._journal, self._reviews)
        if not found.indeterminate:
            raise UnfitAct("there is no such call whose outcome is unknown")
        return found

    async def unit(self, act: Act, by: str) -> Unit:
        """Word RESOLVED as two people said.

        Raises: UnfitAct when a proof or another word was first.
        """
        found = await self._found(act.of)
        return found.closing(SAID[act.of["outcome"]], {"act": act.id, "by": by, "note": act.of["note"]})

    async def done(self) -> None:
        """Nothing is left to do."""
