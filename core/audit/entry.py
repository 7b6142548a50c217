"""What an Entry of each kind must look like, and how one becomes the exact bytes that are hashed and stored.

A sealed body is one JSON object with sorted keys: `v`, `kind`, `ts` (ms), `log`, `boot`, `unit`, the scope under its
own name (`call` or `review`), `attempt`, `slot`, and the keys its maker gave. It holds no e-mail, no name, no statement
and no bare hash of guessable data: those are payloads or keyed MACs. `call.intent` as its maker gives it:

    session     id of the Session
    caller      {ps, iss, client, kind, groups}: `ps` from `core.subject.of_caller`, never the subject itself
    door, tool  where the Call came in and what it asked
    call_mac    keyed MAC over source, statement and parameters
    source      {name, dialect}
    reading     {verbs, things, columns, functions, facts, pairs, tags, tree, risk} or {unreadable}; `pairs` are
                "verb kind|name" and `tags` "tag thing": what policy decides by, so that another can be held to it
    verdict     {action: allow|ask|refuse, policy, rules, masked, unmasked?, seats?, code?}
    payloads    [{id, role, len, ct_sha256, pt_mac, dek}]
    deadline    ms, of a Call that begins with its INTENT
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, final

import orjson

from core.model import Entry, EntryKind, Json, Outcome, Slot

CAP: Final = 8192  # bytes of a body; bundles carry uint16 lengths (C2SP tlog-tiles, entry bundles)
ATTEMPTS: Final = 3
USES: Final = 50  # of a grant
NUL: Final = b"\\u0000"  # as JSON writes it; PostgreSQL's reader of JSON refuses it
PLAIN: Final = frozenset({str, bool, type(None)})
SHORTEST: Final = 1  # names of a list that a body keeps however large it is
STAMPED: Final = frozenset({"v", "kind", "ts", "log", "boot", "unit", "attempt", "slot", "sanitised", "shortened"})

NO_SLOT: Final[frozenset[Slot | None]] = frozenset({None})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What an Entry of one kind must have."""

    scope: str | None = None  # the name under which a body holds its scope; None: of the whole log
    slots: frozenset[Slot | None] = NO_SLOT
    attempts: range = range(1, ATTEMPTS + 1)  # of an Entry with a slot
    keys: frozenset[str] = frozenset()
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)  # key -> what it may say


def _call(*slots: Slot, keys: Sequence[str] = (), words: Mapping[str, frozenset[str]] | None = None) -> Form:
    return Form(scope="call", slots=frozenset(slots) or NO_SLOT, keys=frozenset(keys), words=words or {})


def _review(*slots: Slot, keys: Sequence[str] = (), words: Mapping[str, frozenset[str]] | None = None) -> Form:
    return Form(
        scope="review",
        slots=frozenset(slots) or NO_SLOT,
        attempts=range(1),
        keys=frozenset(keys),
        words=words or {},
    )


def _act(*slots: Slot, keys: Sequence[str] = (), words: Mapping[str, frozenset[str]] | None = None) -> Form:
    return Form(
        scope="act", slots=frozenset(slots) or NO_SLOT, attempts=range(1), keys=frozenset(keys), words=words or {}
    )


def _grant(slot: Slot, *keys: str, attempts: range = range(1)) -> Form:
    return Form(scope="grant", slots=frozenset({slot}), attempts=attempts, keys=frozenset(keys))


def _ticket(slot: Slot, *keys: str) -> Form:
    return Form(scope="ticket", slots=frozenset({slot}), attempts=range(1), keys=frozenset(keys))


def _log(*keys: str) -> Form:
    return Form(keys=frozenset(keys))


OUTCOMES: Final = frozenset(outcome.value for outcome in Outcome)

FORMS: Final[Mapping[EntryKind, Form]] = MappingProxyType(
    {
        EntryKind.INTENT: _call(
            Slot.INTENT, keys=("session", "caller", "tool", "source", "call_mac", "reading", "verdict", "payloads")
        ),
        EntryKind.PREPARED: _call(
            Slot.PREPARED, keys=("prepared",), words={"prepared": frozenset({"prepared", "abandoned"})}
        ),
        EntryKind.OUTCOME: _call(Slot.OUTCOME, keys=("outcome",), words={"outcome": OUTCOMES}),
        EntryKind.RESOLVED: _call(
            Slot.RESOLVED, keys=("outcome",), words={"outcome": frozenset({"committed", "not_executed"})}
        ),
        EntryKind.ATTACHED: _call(keys=("review", "first")),
        EntryKind.WEIGHED: _call(keys=("review", "payloads")),
        EntryKind.DISCLOSURE: _call(),
        EntryKind.OPENED: _review(keys=("call", "digest")),
        EntryKind.VOTE: _review(
            keys=("call", "person", "seat", "decision", "digest"),
            words={"decision": frozenset({"approve", "deny"})},
        ),
        EntryKind.DECIDED: _review(
            Slot.DECISION,
            keys=("call", "decision", "intent_leaf"),
            words={"decision": frozenset({"approved", "denied"})},
        ),
        EntryKind.REVIEW_EXPIRED: _review(Slot.DECISION, keys=("call",)),
        EntryKind.REVIEW_CANCELLED: _review(Slot.DECISION, Slot.USE, keys=("call",)),
        EntryKind.CLAIMED: _review(Slot.USE, keys=("call", "deadline")),
        EntryKind.REVOKED: _review(Slot.USE, keys=("call",)),
        EntryKind.LAPSED: _review(Slot.USE, keys=("call",)),
        EntryKind.PERMIT_GIVEN: _grant(
            Slot.DECISION, "call", "review", "fingerprint", "policy", "uses", "rows", "total", "until"
        ),
        EntryKind.PERMIT_USED: _grant(Slot.USE, "call", "fingerprint", "by", attempts=range(1, USES + 1)),
        EntryKind.PERMIT_REVOKED: _grant(Slot.USE, "call", "by"),
        EntryKind.STOP: _review(keys=("call", "by")),
        EntryKind.GLASS_CLOSED: _review(
            keys=("call", "by", "finding"), words={"finding": frozenset({"justified", "unjustified"})}
        ),
        EntryKind.SESSION_OPEN: _log("session", "caller"),
        EntryKind.SESSION_CLOSE: _log("session"),
        EntryKind.SESSION_MANIFEST: _log("session", "n", "first_seq", "last_seq", "root"),
        EntryKind.AUTH_DENY: _log("total", "counts"),
        EntryKind.MINTED: _log("by", "client"),
        EntryKind.LINK_MADE: _log("by", "via"),
        EntryKind.LINK_ENDED: Form(
            keys=frozenset({"by", "person", "via", "why"}), words={"why": frozenset({"asked", "replaced"})}
        ),
        EntryKind.POLICY_CHANGE: _log("policy"),
        EntryKind.CONFIG_CHANGE: _log(),
        EntryKind.AUDIT_READ: _log("by", "query", "n"),
        EntryKind.AUDIT_EXPORT: _log("by"),
        EntryKind.TICKET_GIVEN: _ticket(Slot.DECISION, "by", "of", "payload", "member", "proof", "until"),
        EntryKind.TICKET_USED: _ticket(Slot.USE, "by", "of", "payload"),
        EntryKind.DEGRADED_ENTER: _log(),
        EntryKind.DEGRADED_EXIT: _log(),
        EntryKind.CLOCK_SKEW: _log(),
        EntryKind.SYSTEM_START: _log("version"),
        EntryKind.SYSTEM_STOP: _log(),
        EntryKind.RECOVERY: _log(),
        EntryKind.VERIFY: _log("by", "findings"),
        EntryKind.ALERT: _log("alert"),
        EntryKind.KEY_ROTATE: _log("purpose", "old_id", "new_id"),  # signing: new_vkey, from_size too
        EntryKind.KEY_REVOKE: _log("purpose", "id"),  # signing: to_size too
        EntryKind.KEY_REWRAP: _log("purpose", "old_id", "new_id", "n"),
        EntryKind.RESTORED: _log("was", "size", "root", "known"),
        EntryKind.SHRED: _log("reason", "deks"),
        EntryKind.PRUNE: _log("months"),
        EntryKind.HOLD_SET: _log("of", "by"),
        EntryKind.HOLD_RELEASE: _log("of", "by"),
        EntryKind.BLOCK_SET: _log("of", "by"),
        EntryKind.BLOCK_RELEASE: _log("of", "by"),
        EntryKind.ACT_PROPOSED: _act(keys=("does", "of", "by")),
        EntryKind.ACT_DECIDED: _act(
            Slot.DECISION, keys=("does", "by", "decision"), words={"decision": frozenset({"approved", "denied"})}
        ),
    }
)


class Malformed(ValueError):
    """An Entry that breaks its form: a mistake in the program, never in its input."""


def validate(entry: Entry) -> None:
    """Check an Entry against its kind's form.

    Raises: Malformed.
    """
    form = FORMS[entry.kind]
    faults = (
        (form.scope is None) == (entry.scope is None) or "scope",
        entry.scope != "" or "scope",
        entry.slot in form.slots or "slot",
        _numbered(entry, form) or "attempt",
        form.keys <= entry.body.keys() or f"keys {sorted(form.keys - entry.body.keys())}",
        not (entry.body.keys() & (STAMPED | {form.scope})) or "a key that the seal sets",
        all(entry.body.get(key) in words for key, words in form.words.items()) or "word",
    )
    wrong = [fault for fault in faults if isinstance(fault, str)]
    if wrong:
        raise Malformed(f"{entry.kind.value}: {', '.join(wrong)}")


def _numbered(entry: Entry, form: Form) -> bool:
    """Attempts are never NULL beside a slot: NULLs are distinct in a UNIQUE index, and every writer would win."""
    if entry.slot is None:
        return entry.attempt is None
    return entry.attempt in form.attempts


def seal(entry: Entry, *, ts_ms: int, log: str, boot: str, unit: str) -> bytes:
    """Serialise an Entry once: these bytes are stored, hashed and verified.

    Lone surrogates and NUL, which agents can send, become U+FFFD and set `sanitised`; lists of names that would burst
    the cap are cut and set `shortened` (the whole text is a payload).
    Raises: Malformed for floats, foreign types, integers beyond 64 bits or a body that no cut makes small enough.
    """
    body: dict[str, Json] = {
        **{key: plain(value) for key, value in entry.body.items()},
        "v": 1,
        "kind": entry.kind.value,
        "ts": ts_ms,
        "log": log,
        "boot": boot,
        "unit": unit,
    }
    scope = FORMS[entry.kind].scope
    if scope is not None and entry.scope is not None:
        body[scope] = entry.scope
    if entry.attempt is not None:
        body["attempt"] = entry.attempt
    if entry.slot is not None:
        body["slot"] = int(entry.slot)
    try:
        sealed = _fit(body)
    except TypeError:  # orjson refuses lone surrogates
        return _fit(_scrubbed(body))
    return _fit(_scrubbed(body)) if NUL in sealed else sealed


def _scrubbed(body: Mapping[str, Json]) -> dict[str, Json]:
    """Replace what not every reader of JSON takes, and say so where something was replaced."""
    clean = {key: _scrub(value) for key, value in body.items()}
    return clean | ({} if clean == body else {"sanitised": True})


def plain(value: Json) -> Json:
    """Return a JSON value of plain types only.

    Raises: Malformed for anything that is not JSON as the Journal takes it.
    """
    if type(value) in PLAIN:  # most of a body
        return value
    match value:
        case None | bool():
            return value
        case str():
            return str(value)
        case int() if -(2**63) <= value < 2**63:
            return int(value)
        case dict() | Mapping() if all(isinstance(key, str) for key in value):
            return {key: plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case _:
            raise Malformed(f"no Entry holds this {type(value).__name__}")


def _scrub(value: Json) -> Json:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
        case Mapping():
            return {str(_scrub(key)): _scrub(one) for key, one in value.items()}
        case list():
            return [_scrub(one) for one in value]
        case _:
            return value


def _fit(body: dict[str, Json]) -> bytes:
    sealed = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    limit = 64
    while len(sealed) > CAP:
        if limit < SHORTEST:
            raise Malformed(f"{body['kind']}: {len(sealed)} bytes")
        body = {key: _cut(value, limit) for key, value in body.items()} | {"shortened": True}
        sealed = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        limit //= 2
    return sealed


def _cut(value: Json, limit: int) -> Json:
    """Shorten lists of names within an object; lists of objects (payloads) are never cut."""
    match value:
        case Mapping():
            return {key: _cut(one, limit) for key, one in value.items()}
        case list() if len(value) > limit and all(isinstance(one, str) for one in value):
            return value[:limit]
        case _:
            return value


# ---------------------------------------------------------------- Entries of the log itself


def system_start(version: str, *, sqlite: str = "") -> Entry:
    """Say that a process took the store."""
    return Entry(kind=EntryKind.SYSTEM_START, body={"version": version, **({"sqlite": sqlite} if sqlite else {})})


def system_stop() -> Entry:
    """Say that a process left the store in order."""
    return Entry(kind=EntryKind.SYSTEM_STOP)


def policy_change(policy: str, *, at: str, **more: Json) -> Entry:
    """Say which policy is in force from here on, by the hash of its text."""
    return Entry(kind=EntryKind.POLICY_CHANGE, body={"policy": policy, "at": at, **more})


def session_open(session: str, caller: Mapping[str, Json], *, person: str | None) -> Entry:
    """Say that a Session began; `person` is the pseudonym of the human behind it, owner of a machine included."""
    body: dict[str, Json] = {"session": session, "caller": dict(caller)}
    return Entry(kind=EntryKind.SESSION_OPEN, body=body | ({"person": person} if person else {}))


def session_close(session: str) -> Entry:
    """Say that a Session ended; its manifest stands in the same unit."""
    return Entry(kind=EntryKind.SESSION_CLOSE, body={"session": session})


def audit_read(by: str, via: str, query: str, found: int, *, scope: str = "") -> Entry:
    """Say that somebody looked; `by` is a pseudonym, `scope` the session or call that was named."""
    body: dict[str, Json] = {"by": by, "via": via, "query": query, "n": found}
    return Entry(kind=EntryKind.AUDIT_READ, body=body | ({"of": scope[:64]} if scope else {}))


def audit_export(by: str, via: str, start: int, found: int) -> Entry:
    """Say that somebody took a stretch of the log away."""
    return Entry(kind=EntryKind.AUDIT_EXPORT, body={"by": by, "via": via, "first_seq": start, "n": found})


def alert(name: str, **more: Json) -> Entry:
    """Say that an operator must look."""
    return Entry(kind=EntryKind.ALERT, body={"alert": name, **more})


def verify_run(by: str, findings: int, size: int) -> Entry:
    """Say that the record was verified through the gateway."""
    return Entry(kind=EntryKind.VERIFY, body={"by": by, "findings": findings, "size": size})
