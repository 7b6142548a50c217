"""What an agent is told of a Call that waits or ended: whole instructions, nothing from the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from core.errors import Blocked, BudgetSpent, Superseded
from core.execution.slots import Slots
from core.model import Answer, CallId, Failed, Json, OnApproval, Outcome, Refused, Review, ReviewId, State, Waiting

# A Call that ended without rows: status, code, sentence.
ENDED: Final[Mapping[Outcome, tuple[type[Refused | Failed], str, str]]] = {
    Outcome.DENIED: (
        Refused,
        "denied",
        "Denied by a reviewer. Nothing was executed.",
    ),
    Outcome.EXPIRED: (Refused, "expired", "Nobody decided or the approval was not used in time. Nothing was executed."),
    Outcome.REVOKED: (Refused, "revoked", "The approval was taken back. Nothing was executed."),
    Outcome.CANCELLED: (Refused, "cancelled", "Cancelled. Nothing was executed."),
    Outcome.ABORTED: (Failed, "aborted", "The database rolled the change back. Nothing was changed."),
    Outcome.NOT_EXECUTED: (
        Failed,
        "not_executed",
        "Interrupted and proven not executed. Send it again if needed.",
    ),
    Outcome.NOT_DELIVERED: (
        Failed,
        "not_delivered",
        "Interrupted before anything was shown. Send it again.",
    ),
    Outcome.UNKNOWN: (
        Failed,
        "outcome_unknown",
        "The outcome is unknown: it may or may not have been executed. Do not repeat it. A person has been told.",
    ),
}


# What came between, where a Call was withdrawn for it.
BARRED: Final[Mapping[str, str]] = {one.code: one.sentence for one in (Blocked, BudgetSpent, Superseded)}


UNASKED: Final = (
    "Nobody has been asked in Slack: no card could be posted there yet. It comes when it can; until then whoever may "
    "decide does so over the console, with `assent review list`. Tell the user. "
)


def waiting(call: CallId, slots: Slots, review: Review | None, *, unasked: bool = False) -> Waiting:
    """Word where an open Call stands; `unasked`: no card could be posted where people would have seen it."""
    state = slots.state or State.EXECUTING
    if review is not None and slots.follows:
        until = clock(review.use_by)
        text = f'Interrupted, nothing was executed. Call collect(call="{call}") before {until}: that runs it again.'
        return Waiting(call=call, review=review.id, state=state, sentence=text, until=review.use_by)
    if review is None or state is State.EXECUTING:
        text = f'Running. Call collect(call="{call}").'
        return Waiting(
            call=call, review=review.id if review else None, state=State.EXECUTING, sentence=text, until=None
        )
    if state is State.APPROVED and review.on_approval is OnApproval.HOLD:
        text = f'Approved, not yet executed. Call collect(call="{call}") before {clock(review.use_by)}: that runs it.'
        return Waiting(call=call, review=review.id, state=state, sentence=text, until=review.use_by)
    if state is State.APPROVED:
        text = f'Approved; it is about to run. Call collect(call="{call}").'
        return Waiting(call=call, review=review.id, state=state, sentence=text, until=review.use_by)
    who = " and ".join(f"{seat.count} {seat.group}" for seat in review.seats)
    text = (
        f"Nothing was executed. {call} waits for {who}{rules(slots)}, at the latest until {clock(review.expires_at)}. "
        f"{UNASKED if unasked else ''}"
        f'Do not rephrase or resend it. Call collect(call="{call}") or tell the user.'
    )
    return Waiting(call=call, review=review.id, state=State.PENDING, sentence=text, until=review.expires_at)


def ended(call: CallId, slots: Slots, note: str | None) -> Answer:
    """Word a Call that ended without a result to show."""
    outcome = slots.ended or Outcome.UNKNOWN
    said: Mapping[str, Json] = slots.latest.outcome.body if slots.latest.outcome else {}
    code = str(said.get("code") or "")
    if code in BARRED:
        return Refused(call=call, code=code, sentence=_barred(code, said.get("again")), reviewer_note=note)
    made, word, sentence = ENDED.get(outcome, (Failed, code or "failed", "It failed; nothing was changed or shown."))
    if made is Failed:
        return Failed(call=call, code=word, sentence=sentence)
    return Refused(call=call, code=code or word, sentence=sentence, reviewer_note=note)


def _barred(code: str, again: Json) -> str:
    """Say what came between; of a budget also until when, where its OUTCOME says so."""
    if code == BudgetSpent.code and isinstance(again, int):
        return BudgetSpent.until(datetime.fromtimestamp(again / 1_000, UTC))
    return BARRED[code]


def rules(slots: Slots) -> str:
    """Name the rules that asked."""
    verdict = slots.attempts[0].intent.body.get("verdict")
    names = verdict.get("rules") if isinstance(verdict, Mapping) else None
    return f" (rule {', '.join(repr(name) for name in names)})" if isinstance(names, list) and names else ""


def clock(at: datetime | None) -> str:
    """Show an instant as agents and people read it."""
    return at.strftime("%H:%M UTC") if at else "its end"


def running(call: CallId, review: ReviewId | None) -> Waiting:
    """Say that somebody else has the attempt, or the source has not told yet."""
    return Waiting(
        call=call,
        review=review,
        state=State.EXECUTING,
        sentence=f'Running, or its outcome is being established. Call collect(call="{call}").',
        until=None,
    )
