"""Which sequences of slots are legal: every rule of the protocol that a reader of the log alone can check.

Fed in sequence order. What is settled is remembered in a few bytes, so that ten million Entries fit in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias, final

from core.audit.body import SHAPES, Body, number_of, part, stamp
from core.audit.protocol.intents import breakable, jobs, wrote
from core.audit.protocol.permits import Asked, Permits, number
from core.audit.protocol.seen import SeenAttempt, SeenCall, SeenReview
from core.audit.protocol.taken import Taken
from core.model import Decision, EntryKind, Json, Outcome, Slot

GRACE: Final = 60_000  # ms past a deadline within which recovery must have ended an attempt
REPEATABLE: Final = frozenset({Outcome.NOT_EXECUTED, Outcome.ABORTED, Outcome.NOT_DELIVERED})
AFTER_PREPARED: Final = frozenset({Outcome.COMMITTED, Outcome.ABORTED, Outcome.UNKNOWN})
# Of a job that only reads: its rows may be withheld, lost or stopped; whether it ran, costs alone depend on.
AFTER_JOB: Final = frozenset(
    {Outcome.DELIVERED, Outcome.NOT_DELIVERED, Outcome.ERROR, Outcome.CANCELLED, Outcome.ABORTED, Outcome.UNKNOWN}
)
CLOSED: Final = frozenset({Outcome.DENIED, Outcome.EXPIRED, Outcome.REVOKED, Outcome.CANCELLED})
UNBEGUN: Final = CLOSED | {Outcome.REFUSED}
OUTCOMES: Final = {outcome.value: outcome for outcome in Outcome}
ATTEMPT_BITS: Final = 2
OPENS: Final = EntryKind.SESSION_OPEN.value

Fault: TypeAlias = tuple[str, str]  # rule, detail
Faults: TypeAlias = Iterator[Fault]


@final
class Shapes:
    """Reads Entries in order; `take` yields what an Entry breaks, `end` what is missing at the end."""

    def __init__(self, *, whole: bool = True) -> None:
        """Begin; not `whole`: what began before the first Entry read is not judged."""
        self._whole = whole
        self._calls: dict[str, SeenCall | int] = {}  # int: over; session's number, then how many attempts
        self._reviews: dict[str, SeenReview] = {}
        self._permits = Permits(whole=whole)
        self._taken = Taken(whole=whole)
        self._sessions: dict[str, int] = {}
        self._names: list[str] = []
        self._people: dict[str, str] = {}  # session -> who is behind it
        self._read = 0
        self._unit: Json = None
        self._unit_began = 0
        self._kinds: dict[Json, Callable[[str, Body, str], Faults]] = {
            EntryKind.INTENT.value: self._intent,
            EntryKind.PREPARED.value: self._prepared,
            EntryKind.OUTCOME.value: self._outcome,
            EntryKind.RESOLVED.value: self._resolved,
            EntryKind.OPENED.value: self._opened,
            EntryKind.VOTE.value: self._vote,
            EntryKind.STOP.value: self._stop,
            EntryKind.GLASS_CLOSED.value: self._looked,
            EntryKind.SESSION_OPEN.value: self._session,
            EntryKind.PERMIT_GIVEN.value: self._given,
            EntryKind.PERMIT_USED.value: self._granted,
            EntryKind.PERMIT_REVOKED.value: self._revoked,
            EntryKind.TICKET_GIVEN.value: self._taken.given,
            EntryKind.TICKET_USED.value: self._taken.used,
        }

    def take(self, body: Body, leaf: str) -> Faults:
        """Check one Entry against all before it."""
        self._read += 1
        unit = body.get("unit")
        if unit != self._unit:
            self._unit, self._unit_began = unit, self._read
        kind = body["kind"]
        does = self._kinds.get(kind)
        if does is not None:
            yield from does(str(body.get("call")), body, leaf)
        elif isinstance(kind, str) and kind.startswith("review."):
            yield from self._slot(str(body.get("review")), body)

    def session(self, body: Body) -> str | None:
        """Name the Session that an Entry is one of, once it was taken: its Calls', their Reviews', its first."""
        kind = body["kind"]
        if kind == OPENS:
            return str(body["session"])
        if not isinstance(kind, str) or SHAPES[kind].scope is None:
            return None
        call = self._calls.get(str(body.get("call")))
        if call is None:
            return None
        return self._names[call >> ATTEMPT_BITS] if isinstance(call, int) else call.session

    def _session(self, _: str, body: Body, __: str) -> Faults:
        self._people[str(body["session"])] = str(body.get("person"))
        yield from ()

    # ------------------------------------------------------------ Calls

    def _intent(self, scope: str, body: Body, leaf: str) -> Faults:
        call, number = self._calls.get(scope), number_of(body)
        if isinstance(call, int):
            taken = number <= call & ((1 << ATTEMPT_BITS) - 1)
            yield ("slot_twice" if taken else "attempt_after_final"), f"attempt {number} of {scope}"
            return
        if call is None:
            if number > 1 and not self._whole:
                return
            call = self._calls[scope] = SeenCall(session=str(body["session"]))
        if number in call.attempts:
            yield "slot_twice", f"attempt {number} of {scope}"
            return
        verdict = part(body, "verdict")
        writes = wrote(body)
        guarded = writes or jobs(body)
        attempt = SeenAttempt(body["unit"], verdict, body["call_mac"], writes, guarded, body.get("deadline"))
        call.attempts[number] = attempt
        if number == 1:
            call.leaf, call.action, call.seats = leaf, verdict.get("action"), part(verdict, "seats")
            call.breakable = bool(call.seats) and breakable(body)
        else:
            yield from self._again(call, number, attempt, body)

    def _again(self, call: SeenCall, number: int, attempt: SeenAttempt, body: Body) -> Faults:
        """Check an attempt after the first: the one before ended without effect, and the claim still holds."""
        before = call.attempts.get(number - 1)
        if before is None or before.result not in REPEATABLE:
            yield "attempt_unproven", f"attempt {number} without the end of {number - 1}"
        elif before.final:
            yield "attempt_after_final", f"attempt {number}"
        elif before.result is Outcome.NOT_DELIVERED and number > 2:  # noqa: PLR2004 - a read is repeated once
            yield "attempt_unproven", "a read was repeated twice"
        if before is not None and before.mac != attempt.mac:
            yield "attempt_differs", f"attempt {number} is another question"
        review = self._of(call)
        if review is not None and review.use != "claimed":
            yield "attempt_unclaimed", f"attempt {number}"
        attempt.late = review is not None and isinstance(review.use_by, int) and stamp(body) >= review.use_by

    def _found(self, scope: str, body: Body) -> tuple[SeenCall, SeenAttempt] | None:
        """Return the open attempt that an Entry belongs to."""
        call = self._calls.get(scope)
        attempt = call.attempts.get(number_of(body)) if isinstance(call, SeenCall) else None
        return None if attempt is None or not isinstance(call, SeenCall) else (call, attempt)

    def _astray(self, scope: str, body: Body) -> Faults:
        """Say what is wrong with an Entry that belongs to no open attempt."""
        call = self._calls.get(scope)
        if isinstance(call, int):
            late = body["kind"] == EntryKind.PREPARED
            yield ("prepared_after_outcome" if late else "slot_twice"), f"{scope} is over"
        elif call is not None or self._whole:  # else it began before what is read
            yield "no_intent", f"{body['kind']} of {scope}"

    def _prepared(self, scope: str, body: Body, _: str) -> Faults:
        found = self._found(scope, body)
        return self._astray(scope, body) if found is None else self._owned(scope, *found, body)

    def _owned(self, scope: str, call: SeenCall, attempt: SeenAttempt, body: Body) -> Faults:
        said = body["prepared"]
        if attempt.prepared is not None:
            yield "slot_twice", f"PREPARED of {scope}"
            return
        attempt.prepared, attempt.prepared_at = said, self._read
        if attempt.result is not None:
            yield "prepared_after_outcome", scope
        if said == "prepared" and not self._may_run(scope, call):
            yield "prepared_unapproved", scope
        if said == "prepared" and attempt.late:
            yield "attempt_late", scope
        if said == "prepared":
            yield from self._permits.lasts(scope, number(part(body, "exec"), "rows"))

    def _outcome(self, scope: str, body: Body, _: str) -> Faults:
        found = self._found(scope, body)
        return self._astray(scope, body) if found is None else self._ended(scope, *found, body)

    def _ended(self, scope: str, call: SeenCall, attempt: SeenAttempt, body: Body) -> Faults:
        result = OUTCOMES[str(body["outcome"])]
        if attempt.result is not None:
            yield "slot_twice", f"OUTCOME of {scope}"
            return
        attempt.result, attempt.final = result, body.get("final") is not False
        together = body["unit"] == attempt.unit  # began nothing
        if result not in UNBEGUN and not self._may_run(scope, call):
            yield "outcome_unapproved", f"{scope} {result.value}"
        review = self._of(call)
        if review is not None and review.closed is not None and result not in CLOSED:
            yield "closed_then", f"{scope} {result.value}"
        if attempt.late and not together:
            yield "attempt_late", scope
        if result is Outcome.COMMITTED and attempt.prepared != "prepared":
            yield "committed_unprepared", scope
        yield from self._permits.ended(scope, result, 0 if attempt.guarded else number(body, "rows"))
        if attempt.guarded:
            yield from self._write_ended(scope, call, attempt, together=together)
        if attempt.final and result is not Outcome.UNKNOWN:
            self._settle(scope, call)

    def _write_ended(self, scope: str, call: SeenCall, attempt: SeenAttempt, *, together: bool) -> Faults:
        """After `prepared` only what its source said; else the loss of the right to COMMIT stands in the same unit."""
        result = attempt.result
        if result is None:
            return
        if attempt.prepared == "prepared":
            if result not in (AFTER_PREPARED if attempt.wrote else AFTER_JOB):
                yield "prepared_then", f"{scope} {result.value}"
        elif self._begun(scope, call) and not together and attempt.prepared_at < self._unit_began:
            yield "not_abandoned", f"{scope} {result.value}"

    def _settle(self, scope: str, call: SeenCall) -> None:
        """Keep of a Call that is over what a later Entry could still break."""
        number = self._sessions.setdefault(call.session, len(self._names))
        if number == len(self._names):
            self._names.append(call.session)
        self._calls[scope] = number << ATTEMPT_BITS | max(call.attempts)

    def _resolved(self, scope: str, body: Body, _: str) -> Faults:
        call = self._calls.get(scope)
        attempt = call.attempts.get(number_of(body)) if isinstance(call, SeenCall) else None
        if call is None:
            if self._whole:
                yield "no_intent", f"{body['kind']} of {scope}"
        elif (
            not isinstance(call, SeenCall) or attempt is None or attempt.result is not Outcome.UNKNOWN or call.resolved
        ):
            yield "resolved_known", scope
        else:
            call.resolved = True

    def _begun(self, scope: str, call: SeenCall) -> bool:
        review = self._of(call)
        return review.use == "claimed" if review is not None else call.action == "allow" or self._permits.covers(scope)

    def _may_run(self, scope: str, call: SeenCall) -> bool:
        match call.action:
            case "allow":
                return True
            case "ask":
                review = self._of(call)
                if review is None:
                    return self._permits.covers(scope)
                return (review.decision, review.use) == ("approved", "claimed")
            case _:
                return False

    def _of(self, call: SeenCall) -> SeenReview | None:
        return self._reviews.get(call.review) if call.review else None

    # ------------------------------------------------------------ Reviews

    def _opened(self, scope: str, body: Body, _: str) -> Faults:
        name, call = str(body["review"]), self._calls.get(scope)
        if name in self._reviews or (isinstance(call, SeenCall) and call.review is not None):
            yield "opened_twice", name
        elif isinstance(call, SeenCall):
            self._reviews[name], call.review = SeenReview(call=scope, digest=body["digest"]), name
        elif self._whole:
            yield "no_intent", f"{body['kind']} of {scope}"

    def _vote(self, _: str, body: Body, __: str) -> Faults:
        scope, person = str(body["review"]), str(body["person"])
        review = self._reviews.get(scope)
        if review is None:
            if self._whole:
                yield "no_review", f"{body['kind']} of {scope}"
            return
        call = self._calls.get(review.call)
        if isinstance(call, SeenCall) and self._people.get(call.session) == person:
            yield "voted_self", scope
        if any(person == voter for voter, _, _ in review.votes):
            yield "voted_twice", scope
        if review.decision is not None:
            yield "vote_after_decision", scope
        approves = (body["decision"], body["digest"]) == (Decision.APPROVE.value, review.digest)
        review.votes.append((person, str(body["seat"]), approves))
        review.grants += [part(body, "grant")] if approves else []
        if body.get("glass"):
            review.alone = person
            if not isinstance(call, SeenCall) or not call.breakable:
                yield "alone_beyond", scope

    def _stop(self, _: str, body: Body, __: str) -> Faults:
        if str(body["review"]) not in self._reviews and self._whole:
            yield "no_review", f"{body['kind']} of {body['review']}"

    def _looked(self, of: str, body: Body, _: str) -> Faults:
        """Check what somebody else said of an answer given alone: somebody else, once, of one that was."""
        scope, by = str(body["review"]), str(body["by"])
        review = self._reviews.get(scope)
        if review is None:
            if self._whole:
                yield "no_review", f"{body['kind']} of {scope}"
            return
        if not review.alone or review.looked:
            yield "looked_at_nothing", scope
        if by in {review.alone, self._behind(of)}:
            yield "looked_self", scope
        review.looked = True

    def _behind(self, scope: str) -> str | None:
        """Name who is behind a Call, whether or not it is over."""
        call = self._calls.get(scope)
        if call is None:
            return None
        return self._people.get(call.session if isinstance(call, SeenCall) else self._names[call >> ATTEMPT_BITS])

    def _slot(self, scope: str, body: Body) -> Faults:
        review = self._reviews.get(scope)
        if review is None:
            if self._whole:
                yield "no_review", f"{body['kind']} of {scope}"
        elif body.get("slot") == int(Slot.DECISION):
            yield from self._decided(scope, review, body)
        else:
            yield from self._used(scope, review, body)

    def _decided(self, scope: str, review: SeenReview, body: Body) -> Faults:
        if review.decision is not None:
            yield "slot_twice", f"DECISION of {scope}"
            return
        review.decision = str(body.get("decision")) if body["kind"] == EntryKind.DECIDED else "closed"
        review.use_by, review.decided = body.get("use_by"), body["unit"]
        if review.decision != "approved":
            review.closed = stamp(body)
            return
        call = self._calls.get(review.call)
        if not isinstance(call, SeenCall) or body.get("intent_leaf") != call.leaf:
            yield "approval_of_another", scope
        for group, wanted in (call.seats if isinstance(call, SeenCall) else {}).items():
            voters = {voter for voter, seat, approves in review.votes if seat == group and approves}
            if not isinstance(wanted, int) or len(voters) < wanted:
                yield "quorum", f"{scope} {group}"

    def _used(self, scope: str, review: SeenReview, body: Body) -> Faults:
        if review.use is not None:
            yield "slot_twice", f"USE of {scope}"
            return
        review.use, review.deadline = str(body["kind"]).removeprefix("review."), body.get("deadline")
        if review.decision != "approved":
            yield "use_unapproved", scope
        if review.use != "claimed":
            review.closed = stamp(body)

    # ------------------------------------------------------------ grants

    def _given(self, _: str, body: Body, __: str) -> Faults:
        review = self._reviews.get(str(body["review"]))
        asked = None
        if review is not None and review.decision == "approved":
            asked = Asked(call=review.call, unit=review.decided, chosen=review.grants)
        yield from self._permits.given(body, asked, known=review is not None)

    def _granted(self, scope: str, body: Body, _: str) -> Faults:
        call = self._calls.get(scope)
        first = call.attempts.get(1) if isinstance(call, SeenCall) else None
        yield from self._permits.used(body, None if first is None else (first.unit, first.verdict))

    def _revoked(self, _: str, body: Body, __: str) -> Faults:
        yield from self._permits.revoked(body)

    # ------------------------------------------------------------ the end

    def end(self, now: int) -> Faults:
        """Say what should have been ended a minute ago, by the time of the last Entry."""
        for name, call in self._calls.items():
            if not isinstance(call, SeenCall) or not call.attempts:
                continue
            last = call.attempts[max(call.attempts)]
            if last.result is not None:
                continue
            review = self._of(call)
            if review is not None and review.closed is not None and review.closed + GRACE < now:
                yield "closed_without_outcome", name
            due = review.deadline if review and review.deadline and max(call.attempts) == 1 else last.deadline
            if last.prepared == "prepared" and isinstance(due, int) and due + GRACE < now:
                yield "prepared_without_outcome", name


def unknown(attempt: SeenAttempt | None) -> bool:
    """Whether nobody knows yet what became of an attempt."""
    return attempt is not None and attempt.result is Outcome.UNKNOWN
