"""Entries as other systems read them: within the published schema, and no word of an agent begins another record."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from core.audit.entry import FORMS
from core.audit.export import lines, ocsf
from core.audit.export.event import UNPARSED, Event
from core.model import EntryKind, Json, Outcome
from core.ports import Sealed
from tests import ocsf as published

ORIGIN = "audit.example.com/assent"
LEAF = "ab" * 32
CALLER: Mapping[str, Json] = {"ps": "u_7f3a", "iss": "https://idp.example", "client": "claude", "kind": "person"}
INTENT: Mapping[str, Json] = {
    "session": "ses_1",
    "caller": CALLER,
    "tool": "query",
    "source": {"name": "shop", "dialect": "postgres"},
    "reading": {
        "verbs": ["read"],
        "things": ["table public.orders", "table public.customers"],
        "columns": ["public.orders.id"],
        "risk": "low",
        "shape": "select id from public.orders where id = ?",
    },
    "verdict": {"action": "allow", "policy": "p1", "rules": ["analysts read"], "masked": ["public.customers.email"]},
}
# What an Entry of any kind may hold, in the types its makers give.
FILLED: Mapping[str, Json] = {
    **INTENT,
    "call_mac": "m",
    "payloads": [],
    "prepared": "prepared",
    "outcome": "delivered",
    "review": "rev_1",
    "first": "call_1",
    "call": "call_1",
    "digest": "d",
    "person": "u_9",
    "seat": "dba",
    "decision": "approve",
    "intent_leaf": LEAF,
    "deadline": 1,
    "n": 1,
    "first_seq": 1,
    "last_seq": 2,
    "root": LEAF,
    "total": 3,
    "counts": {"signature": 3},
    "policy": "p1",
    "by": "u_9",
    "query": "session",
    "version": "0.1.0",
    "findings": 0,
    "alert": "export.lag",
    "old_id": "a",
    "new_vkey": "b",
    "from_size": 5,
}


def event(kind: EntryKind, body: Mapping[str, Json], **more: Any) -> Event:
    about = kind.value.startswith(("call.", "disclosure."))
    whole: dict[str, Json] = {"kind": kind.value, "ts": 1_790_000_000_123, **body}
    sealed = Sealed(sequence=7, body=whole, leaf=LEAF)
    return Event(sealed=sealed, origin=ORIGIN, intent=INTENT if about else {}, version="0.1.0", **more)


def outcome(result: Outcome, action: str = "allow", **more: Json) -> Event:
    body: dict[str, Json] = {"call": "call_1", "attempt": 1, "outcome": result.value, **more}
    one = event(EntryKind.OUTCOME, body)
    intent = {**INTENT, "verdict": {**_verdict(), "action": action}}
    return Event(sealed=one.sealed, origin=ORIGIN, intent=intent, version="0.1.0")


def _verdict() -> Mapping[str, Json]:
    verdict = INTENT["verdict"]
    assert isinstance(verdict, Mapping)
    return verdict


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_of_entry_is_an_event_of_the_published_schema(kind: EntryKind) -> None:
    form = FORMS[kind]
    keys = form.keys | {form.scope or "call"}
    for filled in ({key: FILLED[key] for key in keys if key in FILLED}, dict(FILLED), {}):
        made = json.loads(ocsf.line(event(kind, filled)))
        assert published.faults(made) == []
        assert made["metadata"]["uid"] == f"{ORIGIN}:7"
        assert made["unmapped"]["leaf_sha256"] == LEAF


def test_calls_are_datastore_activity_sign_ins_authentication_and_all_else_api_activity() -> None:
    """OCSF 6005, 3002 and 6003; type_uid is the class and the activity."""
    told = {kind: ocsf.event(event(kind, FILLED)) for kind in EntryKind}
    calls = {kind for kind, one in told.items() if one["class_uid"] == 6005}
    assert calls == {kind for kind in EntryKind if kind.value.startswith(("call.", "disclosure."))}
    signs = {kind for kind, one in told.items() if one["class_uid"] == 3002}
    assert signs == {EntryKind.SESSION_OPEN, EntryKind.SESSION_CLOSE, EntryKind.AUTH_DENY}
    assert {one["class_uid"] for kind, one in told.items() if kind not in calls | signs} == {6003}
    verbs = {"read": 600504, "insert": 600506, "update": 600502, "delete": 600507, "run": 600599}
    for verb, uid in verbs.items():
        assert ocsf.event(event(EntryKind.INTENT, {**INTENT, "reading": {"verbs": [verb]}}))["type_uid"] == uid
    assert told[EntryKind.AUDIT_READ]["type_uid"] == 600302


@pytest.mark.parametrize("result", Outcome)
@pytest.mark.parametrize("action", ["allow", "ask", "refuse"])
def test_every_outcome_is_an_event_of_the_published_schema(result: Outcome, action: str) -> None:
    assert published.faults(json.loads(ocsf.line(outcome(result, action)))) == []


@pytest.mark.parametrize("verb", sorted([*ocsf.ACTIVITIES, "unheard"]))
def test_every_verb_is_an_activity_of_the_published_schema(verb: str) -> None:
    body = {**INTENT, "reading": {"verbs": [verb]}}
    assert published.faults(json.loads(ocsf.line(event(EntryKind.INTENT, body)))) == []


def test_the_checker_itself_sees_what_is_wrong() -> None:
    made = json.loads(ocsf.line(event(EntryKind.INTENT, INTENT)))
    for change, said in (
        ({"activity_id": 55}, "activity_id"),
        ({"severity_id": "1"}, "severity_id"),
        ({"invented": 1}, "invented is not in the schema"),
        ({"trace": {"uid": "x"}}, "trace"),
        ({"database": {"name": "x"}}, "database.type_id is missing"),
        ({"metadata": {**made["metadata"], "version": "1.7.0"}}, "metadata.version"),
        ({"metadata": {**made["metadata"], "profiles": []}}, "profile"),
        ({"type_uid": 600501}, "type_uid"),
    ):
        assert said in " ".join(published.faults({**made, **change}))
    assert "at_least_one" in " ".join(
        published.faults({k: v for k, v in made.items() if k not in {"database", "table"}})
    )


def test_what_people_decided_and_what_is_not_known_can_be_told_apart() -> None:
    told = {
        (result, action): ocsf.event(outcome(result, action))
        for result in (Outcome.DELIVERED, Outcome.REFUSED, Outcome.DENIED, Outcome.UNKNOWN)
        for action in ("allow", "ask")
    }
    assert told[Outcome.DELIVERED, "allow"]["disposition_id"] == 1
    assert told[Outcome.DELIVERED, "ask"]["disposition_id"] == 8
    assert told[Outcome.DENIED, "ask"]["disposition_id"] == 25
    assert told[Outcome.REFUSED, "allow"]["disposition_id"] == 2
    assert (told[Outcome.UNKNOWN, "ask"]["status_id"], told[Outcome.UNKNOWN, "ask"]["severity_id"]) == (0, 4)
    assert ocsf.event(event(EntryKind.INTENT, {**INTENT, "verdict": {"action": "ask"}}))["disposition_id"] == 14


def query(one: Event) -> Json:
    told = ocsf.event(one)["query_info"]
    assert isinstance(told, Mapping)
    return told["query_string"]


def test_the_shape_leaves_and_the_statement_only_where_it_was_opted_in() -> None:
    body = {**INTENT, "payloads": [{"id": "pay_1", "pt_mac": "secret-mac"}], "call_mac": "secret-mac", "detail": "x"}
    plain = event(EntryKind.INTENT, body)
    assert query(plain) == "select id from public.orders where id = ?"
    for written in (ocsf.line(plain), lines.cef(plain)):
        assert b"secret-mac" not in written
        assert b"pay_1" not in written
    opted = event(EntryKind.INTENT, body, statement="select 'x'")
    assert query(opted) == "select 'x'"
    unread = event(EntryKind.INTENT, {**INTENT, "reading": {"unreadable": "syntax"}})
    assert query(unread) == UNPARSED


HOSTILE = [
    "x\nCEF:0|Evil|Evil|1|a|b|10|act=allow",
    "x\r\n<110>1 2026-01-01T00:00:00Z evil evil - - - forged",
    "x|y|10|act=allow",
    "x act=allow outcome=committed",
    "x\\",
    "x\\=y\\|",
    "x\u2028y\u2029z\x85w\x0b\x0c\x1cq\x00",
    "\u202egpj.exe",
    "x\ud800y",
    'x"] [meta sequenceId="9"] forged',
    "12 34 <110>1",
]


def parsed(line: str) -> dict[str, str]:
    """Read a CEF line as a collector does: unescaped bars split the head, unescaped equals signs the extension."""
    head = re.split(r"(?<!\\)(?:\\\\)*\|", line, maxsplit=7)
    assert len(head) == 8
    found = re.findall(r"(\w+)=((?:\\.|[^\\=])*?)(?= \w+=|$)", head[7])
    return dict(found)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_within_their_field(words: str) -> None:
    body = {
        **INTENT,
        "call": "call_1",
        "caller": {**CALLER, "client": words, "ps": words},
        "source": {"name": words},
        "reading": {"verbs": ["read"], "things": [f"table {words}"], "shape": words},
        "verdict": {"action": "refuse", "rules": [words], "code": words},
    }
    one = event(EntryKind.INTENT, body, statement=words)
    text = lines.cef(one).decode()
    assert len(text.splitlines()) == 1
    read = parsed(text)
    assert read["act"] == "refuse"
    assert "outcome" not in read
    assert (read["externalId"], read["cs1"]) == (f"{ORIGIN}:7", "call_1")
    framed = lines.framed(lines.syslog(one, lines.cef(one), words))
    size, _, rest = framed.partition(b" ")
    assert int(size) == len(rest)
    assert len(rest.decode().splitlines()) == 1
    assert re.match(
        rb'<\d+>1 2026-\d\d-\d\dT\d\d:\d\d:\d\d\.123Z [!-~]+ assent - call\.intent \[meta sequenceId="8"\] CEF:0', rest
    )


ESCAPED_HEAD = [
    ("a|b", r"a\|b"),
    ("a\\b", r"a\\b"),
    ("a\\|b", r"a\\\|b"),
    ("a\\", r"a\\"),
    ("a=b", "a=b"),
    ("a\nb\r\nc\rd", "a b c d"),
    ("1|x\nCEF:0|Evil|Evil|1|a|b|10|", r"1\|x CEF:0\|Evil\|Evil\|1\|a\|b\|10\|"),
]
ESCAPED_VALUE = [
    ("a=b", r"a\=b"),
    ("a\\b", r"a\\b"),
    ("a\\=b", r"a\\\=b"),
    ("a\\", r"a\\"),
    ("a|b", "a|b"),
    ("a\\nb", r"a\\nb"),
    ("a\nb\r\nc\rd", r"a\nb\nc\nd"),
    ("x act=allow\nCEF:0|Evil|Evil|1|a|b|10|", r"x act\=allow\nCEF:0|Evil|Evil|1|a|b|10|"),
    ("y" * (lines.LONGEST - 1) + "\\=z", "y" * (lines.LONGEST - 1) + r"\\"),  # cut before it is escaped
]


@pytest.mark.parametrize(("words", "written"), ESCAPED_HEAD)
def test_a_bar_or_a_backslash_of_cefs_header_is_escaped(words: str, written: str) -> None:
    """ArcSight CEF: in the header `\\` and `|` are escaped, `=` is not, and a line break has no form."""
    text = lines.cef(replace(event(EntryKind.INTENT, INTENT), version=words)).decode()
    assert text.startswith(f"CEF:0|Assent|Gateway|{written}|call.intent|call intent|2|rt=")
    kind = lines.cef(event(EntryKind.INTENT, {**INTENT, "kind": words})).decode()
    assert kind.partition("|Gateway|")[2].partition("|")[2].startswith(f"{written}|{written}|")


@pytest.mark.parametrize(("words", "written"), ESCAPED_VALUE)
def test_an_equals_sign_a_backslash_or_a_line_break_of_cefs_extension_is_escaped(words: str, written: str) -> None:
    """ArcSight CEF: in the extension `\\`, `=` and line breaks are escaped, `|` is not."""
    body = {**INTENT, "source": {"name": words}, "reading": {"verbs": ["read"], "shape": words}}
    text = lines.cef(event(EntryKind.INTENT, body)).decode()
    assert f" dhost={written} act=" in text
    assert f" request={written} cs" in text
    assert "\n" not in text


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_one_line_of_json(words: str) -> None:
    body = {**INTENT, "caller": {**CALLER, "client": words.replace("\ud800", "?")}}
    written = ocsf.line(event(EntryKind.INTENT, body))
    assert b"\n" not in written
    assert json.loads(written)["actor"]["app_name"] == words.replace("\ud800", "?")


def test_severity_stands_in_the_priority() -> None:
    one = event(EntryKind.DEGRADED_ENTER, {})
    assert lines.syslog(one, b"x", "gw").startswith(b"<106>1 ")
    assert lines.cef(one).split(b"|")[6] == b"10"
