"""A Vote as a pure decision: who may cast it, which seat it fills, and what the unit holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final, final

from core.entitled import FOLLOW, mark, members, opens
from core.model import Decision, Entry, EntryKind, Identity, Json, PayloadId, Person, Review, Slot, State, Vote
from core.ports import Ballot, BreakGlass, CastVote, Change, GiveGrant, Kept, Roll, Said, Sealed, Unit, moved
from core.reviews import given

CLOSE: Final = timedelta(hours=24)  # by when somebody else must have looked at an answer given alone
USE: Final = timedelta(minutes=5)  # how long an approval may wait to be claimed

Members = Mapping[str, frozenset[str]]  # group -> verified e-mails and "directory:person id"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A Review as it was read for one Vote."""

    review: Review
    votes: tuple[Vote, ...]
    intent: Sealed  # of attempt 1: what is answered
    roll: Roll
    now: datetime
    barred: bool = False  # whether an answer that this person gave alone is overdue


def listed(who: Identity, names: frozenset[str]) -> str:
    """Return the entry of a group's list that names this person, "" if none: verified e-mail or person id."""
    if who.listed in names:
        return who.listed
    if who.email is not None:
        mails = {who.email.casefold(), f"{(who.account or who.person).directory}:{who.email}".casefold()}
        for name in names:
            if name.casefold() in mails:
                return name
    return ""


def involved(review: Review) -> tuple[Person, ...]:
    """Persons who may never vote on it: the requester, and who answers for its agent."""
    return tuple(person for person in (review.requester, review.owner) if person is not None)


def seat(standing: Standing, who: Identity) -> tuple[str, str]:
    """Return the first unfilled seat this person may fill and the list entry that says so; ("", "") if none."""
    for wanted in standing.review.seats:
        filled = sum(
            vote.seat == wanted.group and vote.decision is Decision.APPROVE and vote.digest == standing.review.digest
            for vote in standing.votes
        )
        member = listed(who, members(standing.roll, standing.review, wanted.group, standing.now))
        if member and filled < wanted.count:
            return wanted.group, member
    return "", ""


def follows(standing: Standing, who: Identity) -> bool:
    """Whether this person fills a seat only because their group follows the one asked: for this once, so no grant.

    A grant answers later questions, of which the group that is asked has not had its time yet.
    """
    group, member = seat(standing, who)
    return bool(member) and member not in standing.roll.groups.get(group, frozenset())


def apart(review: Review, who: Identity) -> Said | None:
    """Return why this person cannot be told from who asks, None where they are somebody else."""
    persons = involved(review)
    if not persons or any(person.directory != who.person.directory for person in persons):
        return Said.NOT_COMPARABLE
    return Said.SELF if who.person in persons else None


def alone(standing: Standing, who: Identity) -> tuple[str, str]:
    """Return the one seat that this person may fill in an emergency and what lists them for it; ("", "") if none."""
    if not opens(standing.roll, standing.review, standing.intent.body):
        return "", ""
    member = listed(who, standing.roll.breakers)
    return (standing.review.seats[0].group, member) if member else ("", "")


def bar(standing: Standing, who: Identity, ballot: Ballot) -> Said | None:
    """Return why this Vote cannot be cast, None when it can; the order of the checks tells least to strangers."""
    review = standing.review
    if (same := apart(review, who)) is not None:
        return same
    earlier = next((vote for vote in standing.votes if vote.person == who.person), None)
    checks = (
        (ballot.digest != review.digest, Said.MISMATCH),
        (earlier is not None and earlier.decision is ballot.decision, Said.REPEAT),
        (earlier is not None, Said.ALREADY_VOTED),
        (review.state is State.EXPIRED or past(standing), Said.EXPIRED),
        (review.state is not State.PENDING, Said.CLOSED),
        (not ballot.ticket and not seat(standing, who)[0], Said.NOT_ELIGIBLE),
        (ballot.decision is Decision.DENY and not (ballot.reason or "").strip(), Said.NO_REASON),
        (not given.fits(review, ballot), Said.NO_GRANT),
        (ballot.grant is not None and follows(standing, who), Said.NO_GRANT),
    )
    barred = next((said for holds, said in checks if holds), None)
    return barred or (_emergency(standing, who, ballot) if ballot.ticket else None)


def _emergency(standing: Standing, who: Identity, ballot: Ballot) -> Said | None:
    """Return why this person cannot answer alone."""
    roll = standing.roll
    checks = (
        (not listed(who, roll.breakers), Said.NOT_ELIGIBLE),
        (ballot.decision is not Decision.APPROVE, Said.NOT_GLASS),
        (ballot.grant is not None, Said.NO_GRANT),
        (who.via.partition(":")[0] not in roll.ways, Said.ELSEWHERE),
        (not alone(standing, who)[0], Said.NOT_GLASS),
        (not (ballot.ticket.strip() and (ballot.reason or "").strip()), Said.NO_REASON),
        (standing.barred, Said.BARRED),
    )
    return next((said for holds, said in checks if holds), None)


def past(standing: Standing) -> bool:
    """Whether the time to decide is over; the unit checks it again by the store's clock."""
    return standing.review.state is State.PENDING and standing.now >= standing.review.expires_at


def cast(
    standing: Standing, who: Identity, ballot: Ballot, reason: Kept | None, *, pseudonym: str
) -> tuple[Said, Unit]:
    """Word the unit of a Vote that nothing bars: the Vote, and the DECISION when it is the one that decides.

    `pseudonym` is the keyed MAC under which Entries name this person.
    """
    review = standing.review
    glass = bool(ballot.ticket)
    group, member = alone(standing, who) if glass else seat(standing, who)
    # where only the group that follows lets them in, the store's own clock must say that it may
    own = glass or listed(who, standing.roll.groups.get(group, frozenset()))
    after = None if own else mark(review, FOLLOW)
    vote = Vote(
        review=review.id,
        person=who.person,
        name=who.name,
        seat=group,
        decision=ballot.decision,
        digest=ballot.digest,
        via=who.via,
        at=standing.now,
        member=member,
        reason=PayloadId(reason.id) if reason else None,
        affected_rows=ballot.affected_rows,
        grant=ballot.grant,
        glass=glass,
    )
    entries = [_vote_entry(review, vote, pseudonym, reason)]
    said, to = Said.COUNTED, None
    if vote.decision is Decision.DENY:
        said, to = Said.DENIED, State.DENIED
    elif full(standing, vote):
        said, to = Said.APPROVED, State.APPROVED
    changes: tuple[Change, ...] = (CastVote(vote=vote, version=review.version),)
    if to is not None:
        use_by = standing.now + USE if to is State.APPROVED else None
        entries.append(_decision_entry(standing, pseudonym, to, use_by))
        changes += (moved(review, to, use_by=use_by, above=1),)
    if glass:  # of one seat: it decides, and gives no grant
        told: dict[str, Json] = {"alert": "breakglass.used", "review": review.id, "by": pseudonym}
        entries.append(Entry(kind=EntryKind.ALERT, body=told))
        changes += (BreakGlass(review=review.id, person=who.person, until=CLOSE),)
    elif to is State.APPROVED and (grant := given.given(review, (*standing.votes, vote), standing.now)) is not None:
        entries.append(given.entry(grant, pseudonym))
        changes += (GiveGrant(grant=grant),)
    return said, Unit(entries=tuple(entries), changes=changes, before=review.expires_at, after=after)


def full(standing: Standing, vote: Vote) -> bool:
    """Whether every seat is filled by distinct persons, this Vote included."""
    good = {one.person: one for one in (*standing.votes, vote) if one.decision is Decision.APPROVE}
    return all(
        sum(one.seat == wanted.group and one.digest == standing.review.digest for one in good.values()) >= wanted.count
        for wanted in standing.review.seats
    )


def _vote_entry(review: Review, vote: Vote, pseudonym: str, reason: Kept | None) -> Entry:
    return Entry(
        kind=EntryKind.VOTE,
        scope=review.id,
        body={
            "call": review.call,
            "person": pseudonym,
            "seat": vote.seat,
            "decision": vote.decision.value,
            "digest": vote.digest,
            "via": vote.via,
            **({"glass": True} if vote.glass else {}),
            **({"payloads": [reason.reference]} if reason else {}),
            **({} if vote.grant is None else {"grant": given.told(vote.grant)}),
        },
    )


def _decision_entry(standing: Standing, pseudonym: str, to: State, use_by: datetime | None) -> Entry:
    review = standing.review
    used: dict[str, Json] = {} if use_by is None else {"use_by": ceil(use_by.timestamp() * 1000)}
    return Entry(
        kind=EntryKind.DECIDED,
        scope=review.id,
        attempt=0,
        slot=Slot.DECISION,
        body={
            "call": review.call,
            "decision": to.value,
            "intent_leaf": standing.intent.leaf,
            "by": pseudonym,
            "digest": review.digest,
            "votes": len(standing.votes) + 1,
            **used,
        },
    )
