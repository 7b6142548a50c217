"""Nouns for tests of the store: Entries in their forms, a Review, a Caller, a Call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from core.model import (
    Call,
    Caller,
    CallId,
    Decision,
    Digest,
    Door,
    Entry,
    EntryKind,
    Hints,
    Json,
    Kind,
    OnApproval,
    Outcome,
    PayloadId,
    Person,
    Review,
    ReviewId,
    Seat,
    SessionId,
    Slot,
    State,
    Tool,
    Vote,
)
from core.ports import CastVote, MoveReview, OpenReview, Unit, WantStop

NUMBER = count(1)
DIGEST = Digest("d" * 64)
NOBODY = SessionId("ses_none")


def call_id() -> CallId:
    return CallId(f"call_{next(NUMBER):026d}")


def intent(
    call: CallId, *, attempt: int = 1, action: str = "allow", verbs: tuple[str, ...] = ("read",), **more: Json
) -> Entry:
    verdict: dict[str, Json] = {"action": action, "policy": "p1"}
    if action == "ask":
        verdict["seats"] = {"dba": 1}
    body: dict[str, Json] = {
        "session": "ses_1",
        "caller": {"ps": "u1", "iss": "https://id.example", "client": "claude", "kind": "person"},
        "tool": "query",
        "source": {"name": "shop", "dialect": "postgres"},
        "call_mac": "m",
        "reading": {"verbs": list(verbs)},
        "verdict": verdict,
        "payloads": [],
        **more,
    }
    return Entry(kind=EntryKind.INTENT, scope=call, attempt=attempt, slot=Slot.INTENT, body=body)


def prepared(call: CallId, word: str = "prepared", *, attempt: int = 1) -> Entry:
    return Entry(kind=EntryKind.PREPARED, scope=call, attempt=attempt, slot=Slot.PREPARED, body={"prepared": word})


def outcome(call: CallId, result: Outcome = Outcome.DELIVERED, *, attempt: int = 1, **more: Json) -> Entry:
    return Entry(
        kind=EntryKind.OUTCOME,
        scope=call,
        attempt=attempt,
        slot=Slot.OUTCOME,
        body={"outcome": result.value, **more},
    )


def resolved(call: CallId, result: Outcome, *, attempt: int = 1) -> Entry:
    said: dict[str, Json] = {"outcome": result.value, "by": "proof"}
    return Entry(kind=EntryKind.RESOLVED, scope=call, attempt=attempt, slot=Slot.RESOLVED, body=said)


def of_review(kind: EntryKind, review: Review, slot: Slot | None = None, **more: Json) -> Entry:
    attempt = None if slot is None else 0
    return Entry(kind=kind, scope=review.id, attempt=attempt, slot=slot, body={"call": review.call, **more})


def decided(review: Review, decision: str = "approved", *, leaf: str = "00") -> Entry:
    return of_review(EntryKind.DECIDED, review, Slot.DECISION, decision=decision, intent_leaf=leaf)


def claimed(review: Review, deadline: int = 0) -> Entry:
    return of_review(EntryKind.CLAIMED, review, Slot.USE, deadline=deadline)


def review(now: datetime, *, key: str | None = None, expires: timedelta = timedelta(minutes=15)) -> Review:
    number = next(NUMBER)
    return Review(
        id=ReviewId(f"rev_{number:026d}"),
        call=call_id(),
        request_key=key or f"key{number}",
        digest=DIGEST,
        state=State.PENDING,
        version=1,
        seats=(Seat(group="dba", count=1),),
        requester=Person(directory="acme", id="ann"),
        owner=None,
        principal=("https://id.example", "ann", "claude"),
        question=PayloadId("pay_q"),
        facts=PayloadId("pay_f"),
        risk="low",
        on_approval=OnApproval.RUN,
        channel=None,
        opened_at=now,
        expires_at=now + expires,
    )


def opening(of: Review) -> Unit:
    opened = of_review(EntryKind.OPENED, of, digest=of.digest)
    return Unit(entries=(intent(of.call, action="ask", verbs=("update",)), opened), changes=(OpenReview(review=of),))


def vote(of: Review, now: datetime, *, person: str = "bob", decision: Decision = Decision.APPROVE) -> Vote:
    return Vote(
        review=of.id,
        person=Person(directory="acme", id=person),
        name=person.title(),
        seat="dba",
        decision=decision,
        digest=of.digest,
        via="terminal",
        at=now,
        member=person,
    )


def casting(of: Review, one: Vote, *, decides: bool = True, use_by: datetime | None = None, leaf: str = "00") -> Unit:
    said = of_review(
        EntryKind.VOTE,
        of,
        person=str(one.person),
        seat=one.seat,
        decision=one.decision.value,
        digest=one.digest,
    )
    cast = CastVote(vote=one, version=of.version)
    if not decides:
        return Unit(entries=(said,), changes=(cast,), before=of.expires_at)
    to = State.APPROVED if one.decision is Decision.APPROVE else State.DENIED
    move = MoveReview(review=of.id, version=of.version + 1, to=to, use_by=use_by, attach=to is State.APPROVED)
    return Unit(entries=(said, decided(of, to.value, leaf=leaf)), changes=(cast, move), before=of.expires_at)


def caller(subject: str = "ann", *, client: str = "claude", person: str | None = None) -> Caller:
    return Caller(
        issuer="https://id.example",
        subject=subject,
        client=client,
        kind=Kind.PERSON,
        person=Person(directory="acme", id=person or subject),
        owner=None,
        email=f"{subject}@acme.example",
        groups=frozenset(),
        scopes=frozenset(),
        authenticated_at=None,
        expires_at=datetime.max,  # noqa: DTZ901  # never compared here
    )


def machine(subject: str = "robot", *, owner: Person | None = None) -> Caller:
    return replace(caller(subject, client=subject), kind=Kind.MACHINE, person=None, owner=owner, email=None)


def call(now: datetime, *, conversation: tuple[str, str] | None = None) -> Call:
    return Call(
        id=call_id(),
        door=Door("mcp-http"),
        tool=Tool.QUERY,
        source="shop",
        received_at=now,
        statement="select 1",
        hints=Hints(conversation=conversation),
    )


def stopped(review: ReviewId, by: str = "bob", *, of: str = "c") -> Unit:
    """Want a Review's attempt given up; `of`: its Call."""
    said = Entry(kind=EntryKind.STOP, scope=review, body={"call": of, "by": by})
    return Unit(entries=(said,), changes=(WantStop(review=review, by=by),))
