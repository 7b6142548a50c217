"""Verdict and Approval -> Permit: the only place in the tree where a Permit is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.errors import Drifted
from core.model import Allow, Approval, Ask, Call, Caller, Coverage, Digest, Limits, Permit, Reading, Use
from core.policy.bounding import granting
from core.policy.digest import question
from core.policy.force import Policy

STALE = "What was approved is no longer what would run; ask again."


def permit(
    *,
    call: Call,
    caller: Caller,
    reading: Reading,
    verdict: Allow | Ask,
    role: str,
    policy: Policy,
    attempt: int,
    deadline: datetime,
    approval: Approval | None = None,
    use: Use | None = None,
    covered: Coverage | None = None,
) -> Permit:
    """Make the one thing a connector runs, for one attempt (from 1) that ends by `deadline` (aware).

    `use` stands in an approval's place, where `covered` says what a grant over this would be of.
    Raises: Drifted when the source did not witness the reading, when people must decide and did not decide on exactly
    this, when their votes do not fill every seat, or when the grant is of something else; BadCall for words that have
    no digest.
    """
    digest = question(call, caller, reading, verdict, role=role, policy=policy).digest
    limits = verdict.limits
    match verdict, approval, use:
        case Ask(), None, Use():
            limits = granting.lowered(verdict, use, covered, caller)
        case _, _, Use():
            raise Drifted("a grant where none is needed", public=STALE)
        case Ask(), None, None:
            raise Drifted("no approval", public="People must decide on this first.")
        case _, Approval(), None:
            _bound(approval, digest)
            limits = _lowered(limits, approval)
        case _:
            pass
    if isinstance(verdict, Ask) and approval is not None:
        granting.filled(approval.votes, verdict.seats, caller)
    return Permit(
        call=call,
        caller=caller,
        reading=reading,
        limits=limits,
        text=reading.text,
        parameters=call.parameters,
        digest=digest,
        attempt=attempt,
        deadline=deadline,
        approval=approval,
        use=use,
    )


def _bound(approval: Approval, digest: Digest) -> None:
    """An approval is for exactly one thing, and so is each Vote it stands on."""
    if approval.digest != digest:
        raise Drifted("the approval is for another digest", public=STALE)
    if any(vote.digest != digest or vote.review != approval.review for vote in approval.votes):
        raise Drifted("a vote is for another digest", public=STALE)


def _lowered(limits: Limits, approval: Approval) -> Limits:
    """Voters may lower the cap of rows, never raise it."""
    caps = [cap for cap in (limits.affected_rows, approval.affected_rows) if cap is not None]
    caps += [vote.affected_rows for vote in approval.votes if vote.affected_rows is not None]
    return replace(limits, affected_rows=min(caps)) if caps else limits
