"""Nouns for tests of grants: an offer, a Review that makes it, the units that give, use, spend and end a grant."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.model import (
    CallId,
    Caps,
    Coverage,
    Entry,
    EntryKind,
    Grant,
    GrantId,
    Json,
    Offer,
    Outcome,
    Review,
    Slot,
    Vote,
)
from core.ports import EndGrant, GiveGrant, Journal, ReturnGrant, SpendGrant, Unit, UseGrant
from tests import entries

MOST = Caps(uses=3, rows=10, total=20, time=timedelta(minutes=30))
COVERAGE = Coverage(
    fingerprint="f" * 64,
    principal=("https://id.example", "ann", "claude"),
    source="shop",
    role="shop_write",
    masking="m" * 64,
    policy="p1",
)


def asked(now: datetime, coverage: Coverage = COVERAGE, most: Caps = MOST) -> Review:
    """A Review with which a grant can be given."""
    return replace(entries.review(now), offer=Offer(coverage=coverage, most=most))


def of(review: Review, now: datetime, caps: Caps = MOST) -> Grant:
    """The Grant that Votes with these caps give."""
    assert review.offer is not None
    name, until = GrantId(review.id.replace("rev_", "gr_")), now + caps.time
    return Grant(id=name, review=review.id, call=review.call, coverage=review.offer.coverage, caps=caps, until=until)


def chosen(review: Review, now: datetime, caps: Caps | None = MOST, person: str = "bob") -> Vote:
    """A Vote that chooses a grant, or only approves once."""
    return replace(entries.vote(review, now, person=person), grant=caps)


def given(grant: Grant) -> Entry:
    said: dict[str, Json] = {
        "call": grant.call,
        "review": grant.review,
        "fingerprint": grant.coverage.fingerprint,
        "policy": grant.coverage.policy,
        "uses": grant.caps.uses,
        "rows": grant.caps.rows,
        "total": grant.caps.total,
        "until": int(grant.until.timestamp() * 1000),
    }
    return Entry(kind=EntryKind.PERMIT_GIVEN, scope=grant.id, attempt=0, slot=Slot.DECISION, body=said)


def giving(review: Review, vote: Vote, grant: Grant) -> Unit:
    """The unit of the Vote that fills the quorum and gives the grant."""
    unit = entries.casting(review, vote, use_by=vote.at + timedelta(minutes=5))
    return replace(unit, entries=(*unit.entries, given(grant)), changes=(*unit.changes, GiveGrant(grant=grant)))


async def give(journal: Journal, now: datetime, coverage: Coverage = COVERAGE, caps: Caps = MOST) -> Grant:
    """Give a grant, from the question on."""
    review = asked(now, coverage)
    await journal.commit(entries.opening(review))
    grant = of(review, now, caps)
    await journal.commit(giving(review, chosen(review, now, caps), grant))
    return grant


def used(grant: Grant, call: CallId) -> Entry:
    body = {"call": call, "fingerprint": grant.coverage.fingerprint, "by": ["u2"]}
    return Entry(kind=EntryKind.PERMIT_USED, scope=grant.id, attempt=grant.uses + 1, slot=Slot.USE, body=body)


def using(grant: Grant, call: CallId) -> Unit:
    """The unit that begins a Call under a grant, as it was read."""
    under: Json = {"id": grant.id, "use": grant.uses + 1}
    verdict: Json = {"action": "ask", "policy": "p1", "seats": {"dba": 1}, "grant": under}
    intent = entries.intent(call, verbs=("update",), verdict=verdict)
    take = UseGrant(grant=grant, call=call)
    return Unit(entries=(intent, used(grant, call)), changes=(take,), before=grant.until)


def spending(call: CallId, rows: int) -> Unit:
    return Unit(entries=(entries.prepared(call),), changes=(SpendGrant(call=call, rows=rows),))


def rolled_back(call: CallId) -> Unit:
    return Unit(entries=(entries.outcome(call, Outcome.ABORTED),), changes=(ReturnGrant(call=call),))


def ending(grant: Grant, at: datetime) -> Unit:
    body = {"call": grant.call, "by": "u2"}
    said = Entry(kind=EntryKind.PERMIT_REVOKED, scope=grant.id, attempt=0, slot=Slot.USE, body=body)
    return Unit(entries=(said,), changes=(EndGrant(grant=grant.id, at=at),))
