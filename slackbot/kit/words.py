"""What a Review says about itself in words: pure strings for cards, modals and notifications."""

from __future__ import annotations

import json
from collections.abc import Mapping
from statistics import median
from types import MappingProxyType
from typing import Final

from core.model import Decision, Json, Parameters, Reason, Scalar, State, Verb, Vote
from core.ports import Said, Shown
from core.revealing import line
from slackbot.kit.text import clip, count, tally

RISKS: Final[Mapping[str, str]] = MappingProxyType({"low": "🟢", "medium": "🟡", "high": "🟠", "critical": "🔴"})
MILD: Final = frozenset({"low", "medium"})  # from high on, Approve stands only in the modal made from the store
GRAVE: Final = frozenset({Verb.DEFINE.value, Verb.GRANT.value, Verb.RUN.value, Verb.CONTROL.value})
STATES: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.PENDING: "🔎 Waiting",
        State.APPROVED: "✅ Approved",
        State.EXECUTING: "⏳ Running",
        State.EXECUTED: "✅ Executed",
        State.FAILED: "⚠️ Failed",
        State.INDETERMINATE: "❓ Outcome unknown: look before retrying",
        State.DENIED: "⛔ Denied",
        State.EXPIRED: "⌛ Expired",
        State.CANCELLED: "🚫 Cancelled",
        State.REVOKED: "↩️ Revoked",
    }
)
# Slack hands some emoji back by name in payloads; only our own icons are read that way.
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ":large_green_circle:": "🟢",
        ":large_yellow_circle:": "🟡",
        ":large_orange_circle:": "🟠",
        ":red_circle:": "🔴",
        ":warning:": "⚠️",
        ":no_entry:": "⛔",
    }
)
SAID: Final[Mapping[Said, str]] = MappingProxyType(
    {
        Said.APPROVED: "Approved.",
        Said.DENIED: "Denied. The agent is told your reason.",
        Said.COUNTED: "Your approval counts; more people are needed.",
        Said.REVOKED: "Revoked: it will not run.",
        Said.STOPPING: "It had begun: it is given up where it still can be. The card says what happened.",
        Said.BLOCKED: "This agent is blocked for an hour. Two operators can release it sooner.",
        Said.REPEAT: "You had already said so.",
        Said.ALREADY_VOTED: "You have already voted otherwise; one person has one Vote.",
        Said.CLOSED: "This was decided before your click; the card shows how.",
        Said.EXPIRED: "This expired before your click. Nothing was approved.",
        Said.SELF: "This is your own request, or your agent's: somebody else must decide it.",
        Said.NOT_COMPARABLE: "Your account cannot be compared with the requester's, so your Vote is not taken.",
        Said.NOT_ELIGIBLE: "None of the groups asked has a free seat for you.",
        Said.MISMATCH: "What you saw is not what is asked now. Nothing was approved; look at the card again.",
        Said.NO_REASON: "A denial needs a reason: the agent is told it.",
        Said.NO_GRANT: "No grant can be given with this, or none that reaches so far.",
        Said.UNKNOWN: "There is no such Review for you.",
        Said.LOOKED: "What you say of it is on record.",
        Said.NOT_GLASS: "Nobody may answer this alone.",
        Said.BARRED: "Nobody has looked at your last answer alone in time; until somebody does you give no other.",
        Said.ELSEWHERE: "An emergency is not answered from Slack.",
        Said.TOO_SOON: "It is not over yet: look at it when it is.",
        Said.NOTHING: "There is nothing left to take back or to stop; the card shows how it stands.",
    }
)
# Why a Review ended that nobody denied, by the code of its OUTCOME.
ENDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cancelled": "withdrawn by the agent that asked",
        "stopped": "stopped",
        "revoked": "taken back",
        "blocked": "who asked or who voted was blocked meanwhile",
        "policy_changed": "another policy came into force meanwhile",
        "restored": "the store was restored from a copy",
    }
)
NAME: Final = 120  # characters of a person's, agent's or Source's name on a card


def verbs(shown: Shown) -> str:
    """Name what is done: "DELETE, UPDATE"."""
    return ", ".join(line(verb).upper() for verb in shown.facts.verbs) or "CHANGE"


def things(shown: Shown) -> str:
    """Name what is touched, as far as a header holds."""
    return clip(", ".join(map(line, shown.facts.things)) or "nothing named", 80)


def headline(shown: Shown) -> str:
    """Say what and how much: verb, counted rows unless a protected column is read, object."""
    counted = "" if shown.facts.protected or shown.facts.counted is None else f" {tally(shown.facts.counted)}"
    return f"{clip(verbs(shown), 40)}{counted} · {things(shown)}"


def who(shown: Shown) -> str:
    """Say which verified client asks for whom; what it calls itself comes last, so that nothing of ours follows it."""
    caller, itself = shown.question.caller, shown.facts.calls_itself
    agent = shown.facts.agent or caller.client or "an unnamed agent"
    return f"{line(agent)} for {line(caller.name)}" + (f" · calls itself “{line(itself)}”" if itself else "")


def where(shown: Shown) -> str:
    """Say which Source, as which database role."""
    return f"{line(shown.question.source)} as {line(shown.question.role) or 'its read role'}"


def rows(shown: Shown, *, private: bool) -> str:
    """Say how many rows, how that is known, and where it stops; in the channel no number of a protected question."""
    known = impact(shown, private=private)
    limits = shown.question.limits
    if limits.affected_rows is None:
        return f"{known}; returns at most {count(limits.returned_rows)}"
    return f"{known}; stops above {count(limits.affected_rows)} in all"


def impact(shown: Shown, *, private: bool) -> str:
    """Say the number of rows, counted or estimated."""
    if shown.facts.protected and not private:
        return "shown in the full view only"
    if shown.facts.counted is not None:
        return f"at most {count(shown.facts.counted)}, counted"
    if shown.facts.estimated is not None:
        return f"about {count(shown.facts.estimated)}, estimated"
    return "not known"


def took(shown: Shown) -> str:
    """Say how long statements like this one took: for who may decide, never in the channel."""
    if shown.earlier is None:
        return "not known"
    if not shown.earlier:
        return "no earlier run"
    return f"{count(int(median(shown.earlier)))} ms, in the middle of the last {len(shown.earlier)}"


def why(shown: Shown) -> str:
    """Say which rule stopped it, what runs besides, and what is masked."""
    said = [because(reason) for reason in shown.facts.reasons]
    said += [denials(shown.facts.denied)] if shown.facts.denied else []
    said += [f"Also: {'; '.join(map(line, shown.facts.also))}"] if shown.facts.also else []
    said += [f"Locks: {'; '.join(map(line, shown.facts.locks))}"] if shown.facts.locks else []
    masks = [f"{mask.column.relation}.{mask.column.name} ({mask.kind})" for mask in sorted(shown.question.masks)]
    said += [f"Masked: {', '.join(map(line, masks))}"] if masks else []
    return "\n".join(said) or "A rule asks people."


def because(reason: Reason) -> str:
    """Say a reason with its rule before it, unless its sentence names the rule."""
    sentence = line(reason.sentence)
    named = not reason.rule or f"“{reason.rule}”" in reason.sentence
    return sentence if named else f"{line(reason.rule)}: {sentence}"


def denials(number: int) -> str:
    """Say that people denied what touches the same, in whatever words it was asked."""
    return f"⛔ Denied within 24 h on the same tables: {count(number)}"


def quorum(shown: Shown) -> str:
    """Say who is needed and who has voted."""
    needed = ", ".join(f"{seat.count} {line(seat.group)}" for seat in shown.review.seats)
    voted = ", ".join(f"{clip(line(vote.name), NAME)} ({decision(vote)})" for vote in shown.votes)
    return clip(f"Needs {needed}" + (f" · voted: {voted}" if voted else ""), 1000)


def decision(vote: Vote) -> str:
    """Say what a Vote decides, and whether it lets the shape run as well."""
    return f"{vote.decision}, grant" if vote.grant is not None else vote.decision.value


def granted(shown: Shown) -> str:
    """Say that the Votes gave a grant, and who chooses its values; empty: they gave none."""
    chosen = [vote.grant for vote in shown.votes if vote.decision is Decision.APPROVE]
    every = [caps for caps in chosen if caps is not None]
    if not every or len(every) < len(chosen) or shown.review.state in {State.PENDING, State.DENIED}:
        return ""
    caps = every[0].least(*every)
    said = f"{count(caps.uses)} uses, {count(caps.rows)} rows each, {count(caps.total)} in all"
    return f"More of its shape may run: {said}; the agent chooses the values"


def reference(shown: Shown) -> str:
    """Give the Review's id and 12 digits of its digest."""
    return f"{line(shown.review.id)} · sha256 {shown.question.digest[:12]}"


def parameters(given: Parameters) -> str:
    """Write bound parameters a line each, with their types: they are part of what is approved."""
    pairs = given.items() if isinstance(given, Mapping) else ((f"${n}", value) for n, value in enumerate(given, 1))
    return "\n".join(f"{name} {written(value)}" for name, value in pairs)


def written(value: Scalar) -> str:
    """Write one parameter as type and JSON text."""
    kind = "null" if value is None else type(value).__name__
    return f"{kind} {json.dumps(value, ensure_ascii=False)}"


def result(shown: Shown) -> str:
    """Say what came of it; of a protected question only how it ended, without a number."""
    outcome = shown.outcome or {}
    codes = (outcome.get("outcome"), outcome.get("code"))
    failed = shown.review.state is State.FAILED
    said = [line(each) for each in codes if isinstance(each, str) and each] if failed else []
    said += [ended(shown, outcome.get("code"))] if shown.review.state in {State.CANCELLED, State.REVOKED} else []
    return " · ".join([one for one in said if one] + ([] if shown.facts.protected else numbers(shown, outcome)))


def ended(shown: Shown, code: Json) -> str:
    """Say who or what ended it; empty: not on record yet."""
    name = "revoked" if shown.review.state is State.REVOKED else code if isinstance(code, str) else ""
    said = ENDED.get(name, line(name))
    return f"{said} by {clip(line(shown.ended_by), NAME)}" if shown.ended_by else said


def numbers(shown: Shown, outcome: Mapping[str, Json]) -> list[str]:
    """Write how many rows, changed or returned, and how long it took."""
    changes = any(verb.lower() != Verb.READ for verb in shown.facts.verbs)
    number, spent = outcome.get("affected" if changes else "rows"), outcome.get("dur_ms")
    of = "changed in all" if changes else ""  # its own table's, cascades' and triggers'
    said = [tally(number, of)] if isinstance(number, int) else []
    return said + ([f"{count(spent)} ms"] if isinstance(spent, int) else [])
