"""The grant that a Review's Votes give together, as a pure decision: the smallest of what every one of them chose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.model import Caps, Decision, Entry, EntryKind, Grant, GrantId, Json, Review, Slot, Vote, letters
from core.ports import Ballot


def fits(review: Review, ballot: Ballot) -> bool:
    """Whether a Vote may choose what it chooses: no grant, or one within what the rules let it be."""
    if ballot.grant is None:
        return True
    offer = review.offer
    return ballot.decision is Decision.APPROVE and offer is not None and ballot.grant.within(offer.most)


def given(review: Review, votes: Iterable[Vote], now: datetime) -> Grant | None:
    """Return the grant that the approving Votes give; None unless every one of them chose it.

    What a Vote lowered for this one statement bounds each use as well.
    """
    chosen = [_chosen(vote) for vote in votes if vote.decision is Decision.APPROVE]
    every = [one for one in chosen if one is not None]
    if review.offer is None or not every or len(every) < len(chosen):
        return None
    caps = review.offer.most.least(*every)
    if min(caps.rows, caps.total, caps.uses) <= 0:
        return None
    return Grant(
        id=new_grant(),
        review=review.id,
        call=review.call,
        coverage=review.offer.coverage,
        caps=caps,
        until=now + caps.time,
    )


def _chosen(vote: Vote) -> Caps | None:
    chosen, most = vote.grant, vote.affected_rows
    if chosen is None or most is None:
        return chosen
    return Caps(uses=chosen.uses, rows=min(chosen.rows, most), total=chosen.total, time=chosen.time)


def told(caps: Caps) -> dict[str, Json]:
    """Word caps for an Entry."""
    return {"uses": caps.uses, "rows": caps.rows, "total": caps.total, "seconds": int(caps.time.total_seconds())}


def entry(grant: Grant, pseudonym: str) -> Entry:
    """Say that a grant is given; `pseudonym`: of whose Vote it came, the others stand in the Entries of theirs."""
    covered, caps = grant.coverage, grant.caps
    return Entry(
        kind=EntryKind.PERMIT_GIVEN,
        scope=grant.id,
        attempt=0,
        slot=Slot.DECISION,
        body={
            "call": grant.call,
            "review": grant.review,
            "fingerprint": covered.fingerprint,
            "policy": covered.policy,
            "source": covered.source,
            "role": covered.role,
            "masking": covered.masking,
            "uses": caps.uses,
            "rows": caps.rows,
            "total": caps.total,
            "until": int(grant.until.timestamp() * 1000),
            "by": pseudonym,
        },
    )


def new_grant() -> GrantId:
    """Return a new grant's id: 130 random bits."""
    return GrantId("gr_" + letters())
