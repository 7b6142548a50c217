"""Which sequences of slots are legal: every rule of the protocol that a reader of the log alone can check.

One table of facts per Call, fed in sequence order. Names of rules are stable and documented with `assent audit verify`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from core.model import Decision, EntryKind, Fact, Json, Outcome, Slot, Verb

GRACE: Final = 60_000  # ms past a deadline within which recovery must have ended an attempt
REPEATABLE: Final = frozenset({Outcome.NOT_EXECUTED, Outcome.ABORTED, Outcome.NOT_DELIVERED})
AFTER_PREPARED: Final = frozenset({Outcome.COMMITTED, Outcome.ABORTED, Outcome.UNKNOWN})
PROTECTING: Final = frozenset({Fact.PREDICATE_ON_PROTECTED.value, Fact.ASSIGNS_PROTECTED.value})
UNBEGUN: Final = frozenset({Outcome.REFUSED, Outcome.DENIED, Outcome.EXPIRED, Outcome.REVOKED, Outcome.CANCELLED})

Body = Mapping[str, Json]
Fault = tuple[str, str]  # rule, detail


@dataclass(slots=True)
class _Attempt:
    intent: Body
    prepared: Body | None = None
    outcome: Body | None = None

    @property
    def result(self) -> Outcome | None:
        return None if self.outcome is None else Outcome(str(self.outcome["outcome"]))

    @property
    def owned(self) -> bool:
        return self.prepared is not None and self.prepared.get("prepared") == "prepared"


@dataclass(slots=True)
class _Call:
    leaf: str = ""
    attempts: dict[int, _Attempt] = field(default_factory=dict)
    resolved: bool = False
    review: str | None = None


@dataclass(slots=True)
class _Review:
    call: str
    votes: list[tuple[str, str, str]] = field(default_factory=list)  # person, seat, decision
    decision: str | None = None
    use: str | None = None
    used: Body | None = None
    closed: int | None = None


@final
class Shapes:
    """Reads Entries in order; `take` yields what an Entry breaks, `end` what is missing at the end."""

    def __init__(self) -> None:
        self._calls: dict[str, _Call] = {}
        self._reviews: dict[str, _Review] = {}
        self._taken: set[tuple[str, int, int]] = set()

    def take(self, body: Body, leaf: str) -> Iterator[Fault]:
        """Check one Entry against all before it."""
        kind = EntryKind(str(body["kind"]))
        scope = str(body.get("call") if kind.value.startswith(("call.", "disclosure.")) else body.get("review"))
        yield from self._slot(scope, body)
        if kind is EntryKind.INTENT:
            yield from self._intent(self._calls.setdefault(scope, _Call(leaf=leaf)), body)
        elif kind in {EntryKind.PREPARED, EntryKind.OUTCOME, EntryKind.RESOLVED}:
            yield from self._attempt(scope, kind, body)
        elif kind is EntryKind.OPENED:
            self._reviews[scope] = _Review(call=str(body["call"]))
            self._calls.setdefault(str(body["call"]), _Call()).review = scope
        elif kind.value.startswith("review."):
            yield from self._review(scope, kind, body)

    def _slot(self, scope: str, body: Body) -> Iterator[Fault]:
        attempt, slot = body.get("attempt"), body.get("slot")
        if isinstance(attempt, int) and isinstance(slot, int):
            if (scope, attempt, slot) in self._taken:
                yield "slot_twice", f"{scope} {attempt} {slot}"
            self._taken.add((scope, attempt, slot))

    # ------------------------------------------------------------ Calls

    def _intent(self, call: _Call, body: Body) -> Iterator[Fault]:
        number = number_of(body)
        before = call.attempts.get(number - 1)
        call.attempts.setdefault(number, _Attempt(body))
        if number == 1:
            return
        if before is None or before.result not in REPEATABLE or before.outcome is None:
            yield "attempt_unproven", f"attempt {number} without the end of {number - 1}"
        elif before.outcome.get("final") is not False:
            yield "attempt_after_final", f"attempt {number}"
        if before is not None and before.intent.get("call_mac") != body.get("call_mac"):
            yield "attempt_differs", f"attempt {number} is another question"
        review = self._of(call)
        if review is not None and review.use != "claimed":
            yield "attempt_unclaimed", f"attempt {number}"

    def _attempt(self, scope: str, kind: EntryKind, body: Body) -> Iterator[Fault]:
        call = self._calls.get(scope)
        attempt = call.attempts.get(number_of(body)) if call else None
        if call is None or attempt is None:
            yield "no_intent", f"{kind.value} of {scope}"
        elif kind is EntryKind.PREPARED:
            yield from self._prepared(call, attempt, body)
        elif kind is EntryKind.OUTCOME:
            yield from self._outcome(call, attempt, body)
        else:
            if attempt.result is not Outcome.UNKNOWN:
                yield "resolved_known", scope
            call.resolved = True

    def _prepared(self, call: _Call, attempt: _Attempt, body: Body) -> Iterator[Fault]:
        if attempt.outcome is not None:
            yield "prepared_after_outcome", str(body["call"])
        if body.get("prepared") == "prepared" and not self._may_run(call, attempt):
            yield "prepared_unapproved", str(body["call"])
        attempt.prepared = attempt.prepared or body

    def _outcome(self, call: _Call, attempt: _Attempt, body: Body) -> Iterator[Fault]:
        attempt.outcome = attempt.outcome or body
        result, name = Outcome(str(body["outcome"])), str(body["call"])
        ran = result not in UNBEGUN
        if ran and not self._may_run(call, attempt):
            yield "outcome_unapproved", f"{name} {result.value}"
        if result is Outcome.COMMITTED and not attempt.owned:
            yield "committed_unprepared", name
        if wrote(attempt.intent):
            yield from self._write_ended(call, attempt, result, body)

    def _write_ended(self, call: _Call, attempt: _Attempt, result: Outcome, body: Body) -> Iterator[Fault]:
        """After `prepared` only what its source said; else the loss of the right to COMMIT stands in the same unit."""
        name = str(body["call"])
        together = body.get("unit") == attempt.intent.get("unit")  # began nothing
        if attempt.owned:
            if result not in AFTER_PREPARED:
                yield "prepared_then", f"{name} {result.value}"
        elif self._begun(call, attempt) and not together:
            given_up = attempt.prepared
            if given_up is None or given_up.get("unit") != body.get("unit"):
                yield "not_abandoned", f"{name} {result.value}"

    def _begun(self, call: _Call, attempt: _Attempt) -> bool:
        review = self._of(call)
        return review.use == "claimed" if review is not None else action(attempt.intent) == "allow"

    def _may_run(self, call: _Call, attempt: _Attempt) -> bool:
        match action(call.attempts[1].intent if 1 in call.attempts else attempt.intent):
            case "allow":
                return True
            case "ask":
                review = self._of(call)
                return review is not None and (review.decision, review.use) == ("approved", "claimed")
            case _:
                return False

    def _of(self, call: _Call) -> _Review | None:
        return self._reviews.get(call.review) if call.review else None

    # ------------------------------------------------------------ Reviews

    def _review(self, scope: str, kind: EntryKind, body: Body) -> Iterator[Fault]:
        review = self._reviews.get(scope)
        if review is None:
            yield "no_review", f"{kind.value} of {scope}"
        elif kind is EntryKind.VOTE:
            person = str(body["person"])
            if any(person == voter for voter, _, _ in review.votes):
                yield "voted_twice", scope
            if review.decision is not None:
                yield "vote_after_decision", scope
            review.votes.append((person, str(body["seat"]), str(body["decision"])))
        elif body.get("slot") == int(Slot.DECISION):
            yield from self._decided(scope, review, kind, body)
        else:
            yield from self._used(scope, review, kind, body)

    def _decided(self, scope: str, review: _Review, kind: EntryKind, body: Body) -> Iterator[Fault]:
        review.decision = str(body.get("decision")) if kind is EntryKind.DECIDED else "closed"
        if review.decision != "approved":
            review.closed = stamp(body)
            return
        call = self._calls.get(review.call)
        if call is None or body.get("intent_leaf") != call.leaf:
            yield "approval_of_another", scope
        seats = part(part(call.attempts[1].intent, "verdict"), "seats") if call and 1 in call.attempts else {}
        for group, wanted in seats.items():
            voters = {voter for voter, seat, said in review.votes if (seat, said) == (group, Decision.APPROVE.value)}
            if not isinstance(wanted, int) or len(voters) < wanted:
                yield "quorum", f"{scope} {group}"

    def _used(self, scope: str, review: _Review, kind: EntryKind, body: Body) -> Iterator[Fault]:
        review.use = kind.value.removeprefix("review.")
        review.used = body
        if review.decision != "approved":
            yield "use_unapproved", scope
        if review.use != "claimed":
            review.closed = stamp(body)

    # ------------------------------------------------------------ the end

    def end(self, now: int) -> Iterator[Fault]:
        """Say what should have been ended a minute ago, by the time of the last Entry."""
        for name, call in self._calls.items():
            if not call.attempts:
                continue
            last = call.attempts[max(call.attempts)]
            if last.outcome is not None:
                continue
            review = self._of(call)
            if review is not None and review.closed is not None and review.closed + GRACE < now:
                yield "closed_without_outcome", name
            source = review.used if review and review.used and max(call.attempts) == 1 else last.intent
            due = source.get("deadline")
            if last.owned and isinstance(due, int) and due + GRACE < now:
                yield "prepared_without_outcome", name


def number_of(body: Body) -> int:
    """Return an Entry's attempt."""
    attempt = body.get("attempt")
    return attempt if isinstance(attempt, int) else 0


def stamp(body: Body) -> int:
    """Return an Entry's time, ms."""
    at = body.get("ts")
    return at if isinstance(at, int) else 0


def part(body: Body, key: str) -> Body:
    """Return an object within a body, empty when it is none."""
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def action(intent: Body) -> Json:
    """Return what the policy said of an INTENT."""
    return part(intent, "verdict").get("action")


def protected(intent: Body) -> bool:
    """Whether a protected column was read: masked at the source, searched for personal data, or found by reading.

    An INTENT that was cut short counts as one: the name that says so may be among what was lost.
    """
    facts = part(intent, "reading").get("facts")
    named = facts if isinstance(facts, Sequence) and not isinstance(facts, str) else ()
    verdict = part(intent, "verdict")
    marked = verdict.get("masked") or verdict.get("unmasked") or verdict.get("searched") or intent.get("shortened")
    return bool(marked) or not PROTECTING.isdisjoint(map(str, named))


def wrote(intent: Body) -> bool:
    """Whether an INTENT's Reading is more than a read."""
    return part(intent, "reading").get("verbs") != [Verb.READ.value]
