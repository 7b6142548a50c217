"""Entries of a Call as values: what each says, and nothing in it that could be guessed from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, final

from core.errors import BadCall, BudgetSpent
from core.execution.slots import Slots
from core.model import (
    Allow,
    Ask,
    Bill,
    Call,
    Caller,
    Column,
    Entry,
    EntryKind,
    GrantId,
    Json,
    Mask,
    Outcome,
    Parameters,
    Reading,
    Refuse,
    Review,
    Scalar,
    Session,
    Slot,
    Source,
    Unreadable,
    Verdict,
    Work,
)
from core.ports import Kept, Party, Payload, Role

ACTION: Final = {Allow: "allow", Ask: "ask", Refuse: "refuse"}
# What an INTENT says of the question itself: the same at every attempt.
ASKED: Final = ("session", "caller", "door", "tool", "call_mac", "source", "reading", "verdict", "payloads")
NAMES: Final = 24  # names of one list in a body of at most 8 KiB; the rest is counted


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A Call with what is established about it: everything an INTENT says."""

    call: Call
    caller: Caller
    session: Session
    source: Source | None
    person: str  # keyed MAC of the principal
    payer: str = ""  # keyed MAC of who uses budgets
    mac: str  # keyed MAC over source, statement and parameters
    policy: str
    parties: frozenset[Party] = frozenset()  # whom a block of would stop it


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """Under which grant a Call runs in people's place: its use, and the pseudonyms of those who gave it."""

    grant: GrantId
    number: int
    by: tuple[str, ...]


def words(call: Call) -> tuple[Payload, ...]:
    """Return what of a Call is kept encrypted beside its INTENT."""
    kept = [Payload(role=Role.STATEMENT, content=call.statement.encode())]
    if call.parameters:
        kept.append(Payload(role=Role.PARAMETERS, content=json.dumps(_plain(call.parameters)).encode()))
    if call.purpose:
        kept.append(Payload(role=Role.PURPOSE, content=call.purpose.encode()))
    return tuple(kept)


def intent(
    case: Case,
    reading: Reading | Unreadable | None,
    verdict: Verdict,
    kept: Sequence[Kept],
    *,
    risk: str = "",
    deadline: datetime | None = None,
    under: Under | None = None,
) -> Entry:
    """Say who wants what, what it would do, and what was decided: attempt 1 stands before anyone is asked.

    Raises: BadCall for what could run and is not recorded whole.
    """
    caller, call = case.caller, case.call
    if any(one.kept is not None for one in kept) and not isinstance(verdict, Refuse):
        raise BadCall("too large to be recorded whole, so it does not run")
    body: dict[str, Json] = {
        "session": case.session.id,
        "caller": {
            "ps": case.person,
            "iss": caller.issuer,
            "client": caller.client,
            "kind": caller.kind.value,
            "groups": sorted(caller.groups),
        },
        "door": call.door,
        "tool": call.tool.value,
        "call_mac": case.mac,
        "source": {"name": call.source, "dialect": case.source.dialect.value if case.source else ""},
        "reading": describe(reading, risk),
        "verdict": settled(verdict, reading, case.policy, under),
        "payloads": references(kept),
    }
    if deadline is not None:
        body["deadline"] = milliseconds(deadline)
    return Entry(kind=EntryKind.INTENT, scope=call.id, attempt=1, slot=Slot.INTENT, body=body)


def again(first: Mapping[str, Json], call: str, attempt: int, deadline: datetime | None = None) -> Entry:
    """Say that another attempt of the same question begins: what its first INTENT said, under its own deadline."""
    said = {key: first[key] for key in ASKED if key in first}
    due: dict[str, Json] = {} if deadline is None else {"deadline": milliseconds(deadline)}
    return Entry(kind=EntryKind.INTENT, scope=call, attempt=attempt, slot=Slot.INTENT, body={**said, **due})


def unbegun(
    slots: Slots, call: str, result: Outcome, code: str, more: Mapping[str, Json] | None = None
) -> tuple[Entry, Entry]:
    """End a Call whose next attempt nobody began: an INTENT in one unit with its OUTCOME begins nothing."""
    attempt = slots.latest.number + 1
    return again(slots.attempts[0].intent.body, call, attempt), outcome(call, attempt, result, code=code, more=more)


def resolved(call: str, attempt: int, result: Outcome, said: Mapping[str, Json]) -> Entry:
    """Close an `unknown`; it re-opens nothing. `said`: by whose proof or word."""
    return Entry(
        kind=EntryKind.RESOLVED,
        scope=call,
        attempt=attempt,
        slot=Slot.RESOLVED,
        body={"outcome": result.value, **said},
    )


def backend(call: str, attempt: int) -> str:
    """Name an attempt's transaction, as the database shows it."""
    return f"assent:{call}:{attempt}"


def counting(call: str, costs: int | None) -> dict[str, Json]:
    """Say which job may be begun to count for people, before any attempt, and what it may be billed."""
    return {} if costs is None else {"counting": {"job": backend(call, 0), "bytes": costs}}


def prepared(call: str, attempt: int, work: Work) -> Entry:
    """Take the right to COMMIT, naming the transaction that recovery will ask about."""
    execution: dict[str, Json] = {
        "xid": work.xid,
        "system": work.system,
        "timeline": work.timeline,
        "backend": work.backend,
        "rows": work.affected,
    }
    return Entry(
        kind=EntryKind.PREPARED,
        scope=call,
        attempt=attempt,
        slot=Slot.PREPARED,
        body={"prepared": "prepared", "exec": execution},
    )


def abandoned(call: str, attempt: int) -> Entry:
    """Give up the right to COMMIT for ever."""
    return Entry(
        kind=EntryKind.PREPARED, scope=call, attempt=attempt, slot=Slot.PREPARED, body={"prepared": "abandoned"}
    )


def outcome(
    call: str,
    attempt: int,
    result: Outcome,
    *,
    code: str = "",
    rows: int | None = None,
    affected: int | None = None,
    masked: int = 0,
    milli: int | None = None,
    kept: Sequence[Kept] = (),
    more: Mapping[str, Json] | None = None,
) -> Entry:
    """Say what became of an attempt."""
    said: dict[str, Json] = {"outcome": result.value}
    if code:
        said["code"] = code
    said |= {key: n for key, n in (("rows", rows), ("affected", affected), ("dur_ms", milli)) if n is not None}
    if masked:
        said["masked"] = masked
    if kept:
        said["payloads"] = references(kept)
    return Entry(kind=EntryKind.OUTCOME, scope=call, attempt=attempt, slot=Slot.OUTCOME, body={**said, **(more or {})})


def bill(told: Bill | None) -> Mapping[str, Json]:
    """Say what a job was billed; its id stands in PREPARED."""
    if told is None:
        return {}
    return {"bill": {"bytes": told.bytes, "slot_ms": told.slot_milliseconds, "cached": told.cached}}


def until(error: BaseException) -> Mapping[str, Json]:
    """Say in an OUTCOME when what barred a Call ends by itself, where that is known."""
    again = error.again if isinstance(error, BudgetSpent) else None
    return {} if again is None else {"again": milliseconds(again)}


def attached(call: str, review: Review, tool: str, kept: Sequence[Kept] = ()) -> Entry:
    """Say that an identical Call joined an open Review; `kept` is its own purpose, which people were not shown."""
    body: dict[str, Json] = {"review": review.id, "first": review.call, "tool": tool}
    return Entry(kind=EntryKind.ATTACHED, scope=call, body={**body, **({"payloads": references(kept)} if kept else {})})


def weighed(call: str, review: Review, kept: Sequence[Kept], paid: Bill | None = None) -> Entry:
    """Say that reviewers are told more of an open Review, and what it cost; what it is stands in the payload."""
    body: dict[str, Json] = {"review": review.id, "payloads": references(kept)}
    return Entry(kind=EntryKind.WEIGHED, scope=call, body={**body, **bill(paid)})


def references(kept: Sequence[Kept]) -> Json:
    """Name payloads by id, size and hashes; the words themselves stand elsewhere, encrypted."""
    return [one.reference for one in kept]


def describe(reading: Reading | Unreadable | None, risk: str = "") -> Json:
    """Word a Reading without literals: verbs, things, columns, functions, facts."""
    match reading:
        case None:
            return {}
        case Unreadable(doubt=doubt, detail=detail):
            return {"unreadable": doubt.value, **({"detail": detail[:500]} if detail else {})}
        case Reading():
            return {
                "verbs": sorted(verb.value for verb in reading.verbs),
                "things": some(sorted(f"{pair.thing.kind} {pair.thing.name}" for pair in reading.pairs)),
                "columns": some(sorted(f"{column.relation}.{column.name}" for column in reading.columns)),
                "functions": some(sorted(reading.functions)),
                "facts": [fact.value for fact in sorted(reading.facts)],
                "pairs": sorted(f"{pair.verb} {pair.thing.kind}|{pair.thing.name}" for pair in reading.pairs),
                "tags": sorted(f"{tag} {thing}" for thing, used in reading.tags.items() for tag in used),
                **({"lookups": looked_up(reading)} if reading.lookups else {}),
                **({"aggregated": columns(reading.aggregated)} if reading.aggregated else {}),
                **({"shape": reading.shape} if reading.shape else {}),
                "tree": reading.tree or "",
                "risk": risk,
            }


def columns(of: Iterable[Column]) -> Json:
    """Name columns in order."""
    return some(sorted(f"{column.relation}.{column.name}" for column in of))


def looked_up(reading: Reading) -> Json:
    """Count the values that are looked up, by column; the values themselves are payloads."""
    counted = Counter(f"{column.relation}.{column.name}" for column in reading.lookups)
    return dict(sorted(counted.items()))


def some(names: Sequence[str]) -> Json:
    """Cut a list of names to what a body can hold, and say how many more there are."""
    held: list[Json] = [name[:200] for name in dict.fromkeys(names)]
    return held if len(held) <= NAMES else [*held[:NAMES], f"and {len(held) - NAMES} more"]


def milliseconds(at: datetime) -> int:
    """Return milliseconds since the Unix epoch, UTC."""
    return int(at.timestamp() * 1000)


def settled(verdict: Verdict, reading: Reading | Unreadable | None, policy: str, under: Under | None = None) -> Json:
    """Word a Verdict: what was decided, by which policy and rules, what is masked."""
    masks = reading.masks if isinstance(reading, Reading) else frozenset()
    searched = sorted(f"{mask.column.relation}.{mask.column.name}" for mask in masks if not mask.at_source)
    said: dict[str, Json] = {
        "action": ACTION[type(verdict)],
        "policy": policy,
        "rules": some([reason.rule for reason in verdict.reasons if reason.rule]),
        "masked": some(sorted(f"{mask.column.relation}.{mask.column.name}" for mask in masks if mask.at_source)),
        "plan": plan(masks),
        **unmasking(reading),
        **({"searched": some(searched)} if searched else {}),
    }
    match verdict:
        case Ask(seats=seats):
            said["seats"] = {seat.group: seat.count for seat in seats}
            said |= {} if under is None else {"grant": {"id": under.grant, "use": under.number, "by": list(under.by)}}
        case Refuse(code=code):
            said["code"] = code
        case Allow():
            pass
    return said


def unmasking(reading: Reading | Unreadable | None) -> Mapping[str, Json]:
    """Name each column that is shown as it is; there are never more than a body can hold."""
    raw = reading.unmasked if isinstance(reading, Reading) else frozenset()
    return {"unmasked": [mask.name for mask in sorted(raw)]} if raw else {}


def plan(masks: frozenset[Mask]) -> str:
    """Hash a whole mask plan, tags and kinds included; names alone are cut to what a body can hold."""
    words = sorted((mask.column.relation, mask.column.name, mask.tag, mask.kind) for mask in masks)
    return sha256(json.dumps(words).encode()).hexdigest()


def unpack_parameters(content: bytes) -> Parameters:
    """Decode what `words` kept of a Call's parameters."""
    values = json.loads(content)
    return values if isinstance(values, dict) else tuple(values)


def _plain(parameters: Parameters) -> dict[str, Scalar] | list[Scalar]:
    return dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
