"""What a unit of work must carry besides legal Entries: no row moves without the Entry that says so. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from core.audit.entry import Malformed, validate
from core.errors import IllegalMove, Lost
from core.model import MOVES, Decision, Entry, EntryKind, Grant, Review, State, Vote
from core.ports import (
    Act,
    BreakGlass,
    CastVote,
    Change,
    CloseGlass,
    DecideAct,
    EndBlock,
    EndGrant,
    EndLink,
    Forget,
    GiveGrant,
    Granted,
    MoveReview,
    OpenReview,
    OpenStore,
    ProposeAct,
    ReleaseHold,
    Reserve,
    RetireKey,
    ReturnGrant,
    SetBlock,
    SetHold,
    SetLink,
    SetPolicy,
    SetTerms,
    Settle,
    Shred,
    SpendGrant,
    TellGlass,
    TurnKey,
    Unit,
    UseGrant,
    WantStop,
)

# A Review's state -> the Entries of which one must stand in the unit that moves it there.
SAYS: Final[Mapping[State, frozenset[EntryKind]]] = MappingProxyType(
    {
        State.APPROVED: frozenset({EntryKind.DECIDED}),
        State.DENIED: frozenset({EntryKind.DECIDED}),
        State.EXPIRED: frozenset({EntryKind.REVIEW_EXPIRED, EntryKind.LAPSED, EntryKind.OUTCOME}),
        State.CANCELLED: frozenset({EntryKind.REVIEW_CANCELLED, EntryKind.OUTCOME}),
        State.REVOKED: frozenset({EntryKind.REVOKED}),
        State.EXECUTING: frozenset({EntryKind.CLAIMED}),
        State.EXECUTED: frozenset({EntryKind.OUTCOME, EntryKind.RESOLVED}),
        State.FAILED: frozenset({EntryKind.OUTCOME, EntryKind.RESOLVED}),
        State.INDETERMINATE: frozenset({EntryKind.OUTCOME}),
    }
)


# Changes that are of no Call and no Review -> the Entry that must stand beside them.
LOOSE: Final[Mapping[type[Change], EntryKind]] = MappingProxyType(
    {
        SetHold: EntryKind.HOLD_SET,
        ReleaseHold: EntryKind.HOLD_RELEASE,
        Shred: EntryKind.SHRED,
        Forget: EntryKind.SHRED,
        SetTerms: EntryKind.CONFIG_CHANGE,
        TurnKey: EntryKind.KEY_ROTATE,
        RetireKey: EntryKind.KEY_REVOKE,
        SetBlock: EntryKind.BLOCK_SET,
        EndBlock: EntryKind.BLOCK_RELEASE,
        SetPolicy: EntryKind.POLICY_CHANGE,
        SetLink: EntryKind.LINK_MADE,
        EndLink: EntryKind.LINK_ENDED,
        TellGlass: EntryKind.ALERT,
        OpenStore: EntryKind.CONFIG_CHANGE,
    }
)


# Changes that are of a Review alone -> the Entries of that Review that must stand beside them.
REVIEWED: Final[Mapping[type[Change], tuple[EntryKind, ...]]] = MappingProxyType(
    {
        BreakGlass: (EntryKind.VOTE, EntryKind.DECIDED),
        CloseGlass: (EntryKind.GLASS_CLOSED,),
        WantStop: (EntryKind.STOP,),
    }
)


def check(unit: Unit) -> None:
    """Check every Entry's form, that Votes and new Reviews come with their Entries, and that a grant's use has an end.

    Raises: Malformed.
    """
    for entry in unit.entries:
        validate(entry)
    said = {(entry.kind, entry.scope or "") for entry in unit.entries}
    for change in unit.changes:
        if not wanted(change) <= said:
            raise Malformed(f"a {type(change).__name__} without its Entry")
        if isinstance(change, UseGrant) and (unit.before is None or unit.before > change.grant.until):
            raise Malformed("a grant is used past its end")


def wanted(change: Change) -> frozenset[tuple[EntryKind, str]]:
    """Name the Entries, by kind and scope, without which a Change is nothing."""
    match change:
        case OpenReview(review=review):
            return frozenset({(EntryKind.OPENED, review.id), (EntryKind.INTENT, review.call)})
        case CastVote(vote=vote):
            return frozenset({(EntryKind.VOTE, vote.review)})
        case Reserve(call=call, review=review):
            return frozenset({(EntryKind.INTENT, call) if review is None else (EntryKind.CLAIMED, review)})
        case Settle(call=call, attempt=attempt):  # of no attempt: a count that was made for people
            return frozenset({(EntryKind.OUTCOME if attempt else EntryKind.WEIGHED, call)})
        case GiveGrant() | UseGrant() | SpendGrant() | ReturnGrant() | EndGrant():
            return _granted(change)
        case ProposeAct(act=Act(id=name)):
            return frozenset({(EntryKind.ACT_PROPOSED, name)})
        case DecideAct(act=name):
            return frozenset({(EntryKind.ACT_DECIDED, name)})
        case _:
            return _besides(change)


def _besides(change: Change) -> frozenset[tuple[EntryKind, str]]:
    if isinstance(change, BreakGlass | CloseGlass | WantStop):
        return frozenset((kind, change.review) for kind in REVIEWED[type(change)])
    return frozenset({(LOOSE[type(change)], "")} if type(change) in LOOSE else ())


def _granted(change: Granted) -> frozenset[tuple[EntryKind, str]]:
    match change:
        case GiveGrant(grant=grant):
            return frozenset({(EntryKind.PERMIT_GIVEN, grant.id), (EntryKind.DECIDED, grant.review)})
        case UseGrant(grant=grant, call=call):
            return frozenset({(EntryKind.PERMIT_USED, grant.id), (EntryKind.INTENT, call)})
        case SpendGrant():
            return frozenset()  # beside PREPARED of a change, beside the OUTCOME of a read
        case ReturnGrant(call=call):
            return frozenset({(EntryKind.OUTCOME, call)})
        case EndGrant(grant=name):
            return frozenset({(EntryKind.PERMIT_REVOKED, name)})


def check_move(review: Review, change: MoveReview, votes: Sequence[Vote], entries: Sequence[Entry]) -> None:
    """Check a move of a Review as its row stands inside the unit.

    Raises: Lost when another moved it first, IllegalMove when the table, the unit's Entries or the Votes forbid it.
    """
    if review.version != change.version:
        raise Lost(f"{review.id} is at version {review.version}, not {change.version}")
    if change.to not in MOVES.get(review.state, frozenset()):
        raise IllegalMove(f"{review.state.value} -> {change.to.value}")
    scopes = {review.id, review.call}
    if not any(entry.kind in SAYS[change.to] and entry.scope in scopes for entry in entries):
        raise IllegalMove(f"{change.to.value} without its Entry")
    if change.to is State.APPROVED and not filled(review, votes):
        raise IllegalMove("approved without its quorum")


def filled(review: Review, votes: Sequence[Vote]) -> bool:
    """Say whether distinct people's approvals of this digest fill every seat."""
    good = {vote.person: vote for vote in votes if vote.decision is Decision.APPROVE and vote.digest == review.digest}
    return all(sum(vote.seat == seat.group for vote in good.values()) >= seat.count for seat in review.seats)


def check_given(grant: Grant, review: Review | None, votes: Sequence[Vote]) -> None:
    """Check a Grant against the Review that gives it: approved by Votes that all chose it, none less, none alone.

    Raises: IllegalMove.
    """
    if review is None or review.state is not State.APPROVED or review.offer is None:
        raise IllegalMove("a grant of a Review that gives none")
    good = [vote for vote in votes if vote.decision is Decision.APPROVE and vote.digest == review.digest]
    chosen = [vote.grant for vote in good if vote.grant is not None]
    if not good or len(chosen) < len(good) or not filled(review, good):
        raise IllegalMove("a grant that not every approving Vote chose")
    if any(vote.glass for vote in good):
        raise IllegalMove("a grant of an answer that somebody gave alone")
    same = grant.coverage == review.offer.coverage and (grant.uses, grant.rows, grant.ended_at) == (0, 0, None)
    if not same or not grant.caps.within(review.offer.most.least(*chosen)):
        raise IllegalMove("a grant that reaches further than its Votes")
