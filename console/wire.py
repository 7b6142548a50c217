"""The JSON of the people's API: one function a shape; `assent review` and `assent audit` rely on every name here.

Times are RFC 3339 in UTC. Statement, purpose and reasons are hostile text: clients show them as text and nothing else.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

from core.model import Caller, Caps, Cell, Limits, Mask, Masked, Outcome, Parameters, Person, Question, Vote
from core.ports import CallLine, Found, Glass, Lasting, Opening, Said, Scene, Sealed, SessionLine, Shown, Story

Body: TypeAlias = "None | bool | int | float | str | Sequence[Body] | Mapping[str, Body]"

PAGE: Final = 20  # sessions, as the Archive cuts them

SENTENCES: Final[Mapping[Said, str]] = {
    Said.APPROVED: "Approved: it may run once.",
    Said.DENIED: "Denied: it will not run.",
    Said.COUNTED: "Your vote counts; more votes are needed.",
    Said.REVOKED: "Revoked: it will not run.",
    Said.STOPPING: "It had begun: it is given up where it still can be.",
    Said.BLOCKED: "The agent is blocked for an hour.",
    Said.REPEAT: "You had voted so already; nothing changed.",
    Said.ALREADY_VOTED: "You have voted otherwise already; a vote cannot be changed.",
    Said.CLOSED: "It is decided or withdrawn already.",
    Said.EXPIRED: "The time to decide is over.",
    Said.SELF: "You may not decide on what you, or an agent of yours, asked for.",
    Said.NOT_COMPARABLE: "Your identity cannot be compared with the requester's, so you may not decide.",
    Said.NOT_ELIGIBLE: "You are in none of the groups that are asked, or that seat is filled.",
    Said.MISMATCH: "What you saw is not what is asked now; look at it again.",
    Said.NO_REASON: "It needs a reason: a denial's reaches the agent, an emergency's stands beside its ticket.",
    Said.LOOKED: "What you say of it is on record.",
    Said.NOT_GLASS: "Nobody may answer this alone.",
    Said.BARRED: "Nobody has looked at your last answer alone in time; until somebody does you give no other.",
    Said.ELSEWHERE: "An emergency is not answered from this door.",
    Said.TOO_SOON: "It is not over yet.",
    Said.NOTHING: "There is nothing to take back or to stop: it is not approved yet, or over.",
    Said.NO_GRANT: "No grant can be given with it, or none that reaches so far.",
    Said.UNKNOWN: "There is nothing of that name here for you.",
}

STATUS: Final[Mapping[Said, int]] = {
    Said.APPROVED: 200,
    Said.DENIED: 200,
    Said.COUNTED: 200,
    Said.REVOKED: 200,
    Said.STOPPING: 200,
    Said.BLOCKED: 200,
    Said.REPEAT: 200,
    Said.ALREADY_VOTED: 409,
    Said.CLOSED: 409,
    Said.EXPIRED: 409,
    Said.SELF: 403,
    Said.NOT_COMPARABLE: 403,
    Said.NOT_ELIGIBLE: 403,
    Said.MISMATCH: 409,
    Said.NO_REASON: 422,
    Said.NO_GRANT: 422,
    Said.LOOKED: 200,
    Said.NOT_GLASS: 403,
    Said.BARRED: 403,
    Said.ELSEWHERE: 403,
    Said.TOO_SOON: 409,
    Said.NOTHING: 409,
    Said.UNKNOWN: 404,
}
WORDS: Final = frozenset({"outcome", "code"})  # of an outcome: what is no number
CHANGED: Final = frozenset(word for word, status in STATUS.items() if status == 200) - {Said.REPEAT}  # noqa: PLR2004 - RFC 9110


def said(word: Said) -> Mapping[str, Body]:
    """`{said, changed, message}`, and `error` (the same word) when the vote was refused."""
    refused = {} if STATUS[word] == STATUS[Said.COUNTED] else {"error": word.value}
    return {**refused, "said": word.value, "changed": word in CHANGED, "message": SENTENCES[word]}


def review(shown: Shown) -> Mapping[str, Body]:
    """Give one Review with its words.

    `{id, call, digest, state, risk, version, seats: [{group, count}], votes, eligible, on_approval, opened_at,
    expires_at, use_by, outcome, ended_by, note, grant, breakable, glass, question, facts}`; `ended_by` names who took
    it back or had it stopped; `grant` is how far one given with it may reach; `eligible` says whether the asking person
    could fill a seat, `breakable` whether they could answer alone.
    """
    row = shown.review
    return {
        "id": row.id,
        "call": row.call,
        "digest": row.digest,
        "state": row.state.value,
        "risk": row.risk,
        "version": row.version,
        "seats": [{"group": seat.group, "count": seat.count} for seat in row.seats],
        "votes": [vote(each, numbers=_numbers(shown)) for each in shown.votes],
        "eligible": shown.eligible,
        "on_approval": row.on_approval.value,
        "opened_at": moment(row.opened_at),
        "expires_at": moment(row.expires_at),
        "use_by": moment(row.use_by),
        "outcome": _outcome(shown),
        "ended_by": shown.ended_by,
        "note": shown.note,
        "grant": None if row.offer is None else caps(row.offer.most),
        "breakable": shown.breakable,
        "glass": glass(shown.glass),
        "question": question(shown.question),
        "facts": facts(shown),
    }


def caps(of: Caps) -> Mapping[str, Body]:
    """Give `{uses, rows, total, seconds}`."""
    return {"uses": of.uses, "rows": of.rows, "total": of.total, "seconds": int(of.time.total_seconds())}


def grant(each: Lasting) -> Mapping[str, Body]:
    """Give one grant that lasts: `{id, review, agent, requester, does, source, givers, yours, may_end, used, …}`."""
    of = each.grant
    return {
        "id": of.id,
        "review": of.review,
        "agent": each.agent,
        "requester": each.requester,
        "does": each.does,
        "source": of.coverage.source,
        "givers": list(each.givers),
        "yours": each.yours,
        "may_end": each.may_end,
        "used": {"uses": of.uses, "rows": of.rows},
        "caps": caps(of.caps),
        "until": moment(of.until),
    }


def glass(alone: Glass | None) -> Body:
    """Give `{by, why, due, overdue, closes, closed_by, finding, note}` of an answer given alone; else null."""
    if alone is None:
        return None
    return {
        "by": alone.by,
        "why": alone.why,
        "due": moment(alone.due),
        "overdue": alone.overdue,
        "closes": alone.closes,
        "closed_by": alone.closed_by,
        "finding": alone.finding,
        "note": alone.note,
    }


def question(asked: Question) -> Mapping[str, Body]:
    """Give what an approval binds.

    `{source, role, tool, statement, text, parameters, masks: [{column, tag, kind}], limits, policy, caller}`;
    `text` is what would run, `statement` what the agent wrote.
    """
    return {
        "source": asked.source,
        "role": asked.role,
        "tool": asked.tool.value,
        "statement": asked.statement,
        "text": asked.text,
        "parameters": parameters(asked.parameters),
        "masks": [_mask(each) for each in sorted(asked.masks)],
        "limits": limits(asked.limits),
        "policy": asked.policy,
        "caller": caller(asked.caller),
    }


def facts(shown: Shown) -> Mapping[str, Body]:
    """Give what helps people decide.

    `{purpose, agent, calls_itself, verbs, things, facts, reasons: [{rule, sentence}], counted, estimated, protected,
    also, locks, undo, sample: {columns, rows}, earlier_ms}`.
    Where a protected column is read, a number answers a question: only who could fill a seat sees it.
    """
    known, numbers = shown.facts, _numbers(shown)
    return {
        "purpose": known.purpose,
        "agent": known.agent,
        "calls_itself": known.calls_itself,
        "verbs": list(known.verbs),
        "things": list(known.things),
        "facts": [fact.value for fact in known.facts],
        "reasons": [{"rule": reason.rule, "sentence": reason.sentence} for reason in known.reasons],
        "counted": known.counted if numbers else None,
        "estimated": known.estimated if numbers else None,
        "protected": known.protected,
        "also": list(known.also),
        "locks": list(known.locks),
        "undo": known.undo,
        "sample": _sample(shown),
        "earlier_ms": None if shown.earlier is None else list(shown.earlier),
    }


def _sample(shown: Shown) -> Body:
    """Give a few rows before and after, to a person who could decide."""
    found = shown.facts.sample
    if found is None or not shown.eligible:
        return None
    return {"columns": list(found.columns), "rows": [list(row) for row in found.rows]}


def _numbers(shown: Shown) -> bool:
    return shown.eligible or shown.breakable or not shown.facts.protected


def _outcome(shown: Shown) -> Body:
    """What became of it: `{outcome, rows, affected, dur_ms, code}`; of a protected column's statement, no number."""
    if shown.outcome is None:
        return None
    return {name: value for name, value in shown.outcome.items() if not shown.facts.protected or name in WORDS}


def vote(cast: Vote, *, numbers: bool) -> Mapping[str, Body]:
    """`{name, person, seat, decision, alone, via, at, affected_rows}`."""
    return {
        "name": cast.name,
        "person": str(cast.person),
        "seat": cast.seat,
        "decision": cast.decision.value,
        "alone": cast.glass,
        "via": cast.via,
        "at": moment(cast.at),
        "affected_rows": cast.affected_rows if numbers else None,
    }


def caller(who: Caller) -> Mapping[str, Body]:
    """`{name, kind, person, owner, subject, issuer, client}`; `person` and `owner` are "directory:id" or null."""
    return {
        "name": who.name,
        "kind": who.kind.value,
        "person": _person(who.person),
        "owner": _person(who.owner),
        "subject": who.subject,
        "issuer": who.issuer,
        "client": who.client,
    }


def limits(caps: Limits) -> Mapping[str, Body]:
    """`{returned_rows, returned_bytes, affected_rows, target_rows, timeout_s, billed_bytes}`."""
    return {
        "returned_rows": caps.returned_rows,
        "returned_bytes": caps.returned_bytes,
        "affected_rows": caps.affected_rows,
        "target_rows": caps.target_rows,
        "timeout_s": caps.timeout.total_seconds(),
        "billed_bytes": caps.billed_bytes,
    }


def session(line: SessionLine) -> Mapping[str, Body]:
    """`{id, began_at, last_at, person, agent, calls, refused, rows}`."""
    return {
        "id": line.session,
        "began_at": moment(line.began_at),
        "last_at": moment(line.last_at),
        "person": line.person,
        "agent": line.agent,
        "calls": line.calls,
        "refused": line.refused,
        "rows": line.rows,
    }


def story(told: Story) -> Mapping[str, Body]:
    """Give one Call: its line, `statement`, `purpose`, `entries: [{sequence, leaf, body}]`; lost words are null."""
    return {
        **call(told.line),
        "statement": told.statement,
        "purpose": told.purpose,
        "entries": [_entry(each) for each in told.entries],
    }


def scene(told: Scene) -> Mapping[str, Body]:
    """`{…Call, parameters, ticket|null, withheld}`: a gateway gives the result for the ticket."""
    return {
        **story(told.story),
        "parameters": told.parameters,
        "ticket": told.ticket or None,
        "withheld": told.withheld,
    }


def result(masked: Masked) -> Mapping[str, Body]:
    """`{columns: [{name, type, mask}], rows, cut, affected, notes}`: a result as it was delivered."""
    return {
        "columns": [{"name": one.name, "type": one.type, "mask": one.mask} for one in masked.columns],
        "rows": [[_cell(cell) for cell in row] for row in masked.rows],
        "cut": None if masked.cut is None else masked.cut.value,
        "affected": masked.affected,
        "notes": list(masked.notes),
    }


def _cell(cell: Cell) -> Body:
    if isinstance(cell, tuple):
        return [_cell(one) for one in cell]
    return _number(cell)


def call(line: CallLine) -> Mapping[str, Body]:
    """`{id, session, at, person, agent, source, tool, verdict, outcome, rows, masked, sequence, shape, cut}`."""
    outcome: Outcome | None = line.outcome
    return {
        "id": line.call,
        "session": line.session,
        "at": moment(line.at),
        "person": line.person,
        "agent": line.agent,
        "source": line.source,
        "tool": line.tool,
        "verdict": line.verdict,
        "outcome": outcome.value if outcome is not None else None,
        "rows": line.rows,
        "masked": line.masked,
        "sequence": line.sequence,
        "shape": line.shape,
        "cut": line.cut,
    }


def found(page: Found) -> Mapping[str, Body]:
    """`{calls: [Call line], next, reached}`; a page with a `next` may hold no line: it looked back to `reached`."""
    return {
        "calls": [call(line) for line in page.lines],
        "next": None if page.next is None else str(page.next),
        "reached": moment(page.reached),
    }


def moment(at: datetime | None) -> str | None:
    """Write an instant as RFC 3339 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parameters(given: Parameters) -> Body:
    """Write parameters as JSON; what JSON has no number for is written as text."""
    if isinstance(given, Mapping):
        return {name: _number(value) for name, value in given.items()}
    return [_number(value) for value in given]


def _number(value: str | float | None) -> Body:
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _mask(mask: Mask) -> Body:
    return {"column": f"{mask.column.relation}.{mask.column.name}", "tag": mask.tag, "kind": mask.kind}


def _entry(entry: Sealed) -> Body:
    return {"sequence": entry.sequence, "leaf": entry.leaf, "body": entry.body}


def _person(person: Person | None) -> str | None:
    return None if person is None else str(person)


def opening(one: Opening) -> Mapping[str, Body]:
    """A payload and the key of its MAC."""
    content = base64.b64encode(one.content).decode()
    return {"id": one.id, "role": one.role.value, "content": content, "key": one.key.hex()}
