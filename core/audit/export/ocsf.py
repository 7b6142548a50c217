"""An Entry as an OCSF 1.8.0 event: Datastore Activity 6005, API Activity 6003, Authentication 3002 (schema.ocsf.io).

The Journal's leaf hash stands in `unmapped`: OCSF's own `attestation` is the hash of the event as it is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import orjson

from core.audit.export.event import ABOUT_CALLS, Event, said, texts
from core.model import EntryKind, Json, Outcome

VERSION: Final = "1.8.0"
DATASTORE: Final = (6005, 6)
API: Final = (6003, 6)
AUTHENTICATION: Final = (3002, 3)

# Verb -> activity of 6005; of several verbs the first here is told: what destroys before what adds.
ACTIVITIES: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "delete": (7, "Delete"),
        "define": (99, "Define"),
        "grant": (99, "Grant"),
        "run": (99, "Run"),
        "control": (99, "Control"),
        "update": (2, "Update"),
        "insert": (6, "Create"),
        "read": (4, "Query"),
    }
)
UNKNOWN: Final = (0, "Unknown")
# Kind -> activity of 6003: 1 Create, 2 Read, 3 Update, 4 Delete.
ACTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        EntryKind.OPENED.value: 1,
        EntryKind.VOTE.value: 1,
        EntryKind.SESSION_MANIFEST.value: 1,
        EntryKind.ALERT.value: 1,
        EntryKind.MINTED.value: 1,
        EntryKind.LINK_MADE.value: 1,
        EntryKind.LINK_ENDED.value: 4,
        EntryKind.AUDIT_READ.value: 2,
        EntryKind.AUDIT_EXPORT.value: 2,
        EntryKind.TICKET_GIVEN.value: 1,
        EntryKind.TICKET_USED.value: 2,
        EntryKind.VERIFY.value: 2,
    }
)
UPDATE: Final = 3
SIGN_INS: Final[Mapping[str, int]] = MappingProxyType(
    {EntryKind.SESSION_OPEN.value: 1, EntryKind.SESSION_CLOSE.value: 2, EntryKind.AUTH_DENY.value: 1}
)
SUCCESS: Final = frozenset({Outcome.DELIVERED, Outcome.COMMITTED})
ALLOWED, BLOCKED, APPROVED, DELAYED, REJECTED = 1, 2, 8, 14, 25  # disposition_id
DISPOSED: Final[Mapping[Outcome, int]] = MappingProxyType({Outcome.REFUSED: BLOCKED, Outcome.DENIED: REJECTED})
CRITICAL: Final = frozenset({EntryKind.DEGRADED_ENTER.value})
HIGH: Final = frozenset({EntryKind.ALERT.value, EntryKind.CLOCK_SKEW.value, EntryKind.KEY_ROTATE.value})
RISKS: Final[Mapping[str, int]] = MappingProxyType({"low": 1, "medium": 3, "high": 4, "critical": 5})
PROFILES: Final[tuple[Json, ...]] = ("ai_operation", "security_control")


def event(one: Event) -> dict[str, Json]:
    """Map an Entry; every kind has a class."""
    if one.kind in ABOUT_CALLS:
        return _base(one, DATASTORE, _activity(one)[0]) | _datastore(one)
    if one.kind in SIGN_INS:
        return _base(one, AUTHENTICATION, SIGN_INS[one.kind]) | _authentication(one)
    return _base(one, API, ACTS.get(one.kind, UPDATE)) | _api(one)


def line(one: Event) -> bytes:
    """Write an Entry as one line of JSON, without its end."""
    return orjson.dumps(event(one), option=orjson.OPT_NON_STR_KEYS)


def _base(one: Event, of: tuple[int, int], activity: int) -> dict[str, Json]:
    uid, category = of
    metadata: dict[str, Json] = {
        "version": VERSION,
        "product": {"name": "Assent", "vendor_name": "Assent", "version": one.version},
        "uid": one.uid,
        "sequence": one.sealed.sequence,
        "log_name": one.origin,
        "event_code": one.kind,
        "profiles": PROFILES,
    }
    if one.session:
        metadata["correlation_uid"] = one.session
    return {
        "activity_id": activity,
        "category_uid": category,
        "class_uid": uid,
        "type_uid": uid * 100 + activity,
        "time": one.at,
        "severity_id": severity(one),
        "metadata": metadata,
        "actor": _actor(one),
        "src_endpoint": {"name": said(one.caller, "client") or said(one.body, "via") or "assent"},
        "unmapped": _unmapped(one),
        **_status(one),
        **_control(one),
    }


def severity(one: Event) -> int:
    """1 informational to 5 critical: an unknown outcome and an alert are for people to look at."""
    if one.kind in CRITICAL:
        return 5
    if one.kind in HIGH or one.outcome is Outcome.UNKNOWN:
        return 4
    if said(one.verdict, "action") == "refuse":
        return 2
    return RISKS.get(said(one.reading, "risk"), 1)


def _actor(one: Event) -> dict[str, Json]:
    who = said(one.caller, "ps") or said(one.body, "person") or said(one.body, "by")
    kind = said(one.caller, "kind")
    actor: dict[str, Json] = {"app_name": said(one.caller, "client") or "assent"}
    if who:
        actor["user"] = {"uid": who, **({"type_id": 1 if kind == "person" else 4} if kind else {})}
    if one.session:
        issuer = said(one.caller, "iss")
        actor["session"] = {"uid": one.session, **({"issuer": issuer} if issuer else {})}
    return actor


def _activity(one: Event) -> tuple[int, str]:
    verbs = texts(one.reading, "verbs")
    return next((ACTIVITIES[verb] for verb in ACTIVITIES if verb in verbs), UNKNOWN)


def _datastore(one: Event) -> dict[str, Json]:
    code, name = _activity(one)
    found: dict[str, Json] = {
        "type_id": 1,
        "database": {"name": one.source or "unknown", "uid": one.source or "unknown", "type_id": 1},
        "query_info": {"query_string": one.query, "uid": one.call or one.uid},
        "message_context": {"service": {"name": "Assent"}, "ai_role_id": 3, "uid": one.session or one.call},
        **({"activity_name": name} if code == ACTIVITIES["run"][0] else {}),
    }
    if one.tables:
        found["table"] = {"name": one.tables[0]}
    policy = said(one.verdict, "policy")
    return found | ({"policy": {"uid": policy}} if policy else {})


def _api(one: Event) -> dict[str, Json]:
    return {"api": {"operation": one.kind, "service": {"name": "Assent"}}}


def _authentication(one: Event) -> dict[str, Json]:
    who = said(one.caller, "ps")
    return {"user": {"uid": who} if who else {"name": "unknown"}, "service": {"name": "Assent"}}


def _status(one: Event) -> dict[str, Json]:
    code = said(one.body, "code") or said(one.verdict, "code")
    more: dict[str, Json] = {"status_code": code} if code else {}
    if one.kind == EntryKind.AUTH_DENY.value:
        return more | {"status_id": 2}
    if one.outcome is None:
        return more
    known = one.outcome is not Outcome.UNKNOWN
    return more | {"status_id": (1 if one.outcome in SUCCESS else 2) if known else 0, "status_detail": one.outcome}


def _control(one: Event) -> dict[str, Json]:
    """Say whether it was let through: a Verdict on the INTENT, what people made of it on the OUTCOME."""
    action = said(one.verdict, "action")
    if one.kind not in ABOUT_CALLS or not action:
        return {}
    if one.outcome is not None:
        disposition = DISPOSED.get(one.outcome, APPROVED if action == "ask" else ALLOWED)
        return {"action_id": 2 if disposition in {BLOCKED, REJECTED} else 1, "disposition_id": disposition}
    match action:
        case "refuse":
            return {"action_id": 2, "disposition_id": BLOCKED}
        case "ask":
            return {"disposition_id": DELAYED}
        case _:
            return {"action_id": 1, "disposition_id": ALLOWED}


def _unmapped(one: Event) -> dict[str, Json]:
    lists = {
        "tables": one.tables,
        "columns": texts(one.reading, "columns"),
        "masked_columns": texts(one.verdict, "masked"),
        "rules": texts(one.verdict, "rules"),
    }
    named = {"call_id": one.call, "tool": said(one.body, "tool") or said(one.intent, "tool")}
    return {
        "leaf_sha256": one.sealed.leaf,
        **{key: value for key, value in named.items() if value},
        **{key: list(value) for key, value in lists.items() if value and one.kind in ABOUT_CALLS},
        **one.extra,
    }
