"""Forms of Entries and the seal: what a body holds, and what can never get into one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from core.audit import entry as room
from core.audit.body import parse
from core.audit.entry import CAP, FORMS, Malformed, alert, seal, validate
from core.model import Entry, EntryKind, Json
from tests import entries


def sealed(entry: Entry) -> bytes:
    return seal(entry, ts_ms=1_790_000_000_000, log="audit.example.com/assent", boot="b", unit="u")


def test_every_kind_has_a_form() -> None:
    assert set(FORMS) == set(EntryKind)


def test_a_sealed_body_is_the_same_bytes_for_the_same_entry_and_says_what_it_is() -> None:
    call = entries.call_id()
    body = sealed(entries.intent(call))
    assert body == sealed(entries.intent(call))
    said = parse(body)
    assert (said["v"], said["kind"], said["call"], said["attempt"], said["slot"]) == (1, "call.intent", call, 1, 0)
    assert (said["ts"], said["log"], said["boot"], said["unit"]) == (
        1_790_000_000_000,
        "audit.example.com/assent",
        "b",
        "u",
    )
    assert list(said) == sorted(said)


@pytest.mark.parametrize("key", ["v", "kind", "ts", "log", "boot", "unit", "attempt", "slot", "call", "sanitised"])
def test_a_maker_cannot_set_what_the_seal_sets(key: str) -> None:
    good = entries.outcome(entries.call_id())
    with pytest.raises(Malformed, match="seal"):
        validate(replace(good, body={**good.body, key: "x"}))


@pytest.mark.parametrize("attempt", [None, 0, 4])
def test_an_entry_with_a_slot_has_its_attempt(attempt: int | None) -> None:
    with pytest.raises(Malformed, match="attempt"):  # NULLs are distinct in a UNIQUE index: everyone would win
        validate(replace(entries.outcome(entries.call_id()), attempt=attempt))


@pytest.mark.parametrize("value", [1.0, float("inf"), 2**63, -(2**63) - 1, {"a": 0.5}, [[1.5]], {1: 2}, b"x", {"x"}])
def test_no_float_no_large_number_and_no_foreign_type_is_sealed(value: Json) -> None:
    with pytest.raises(Malformed):
        sealed(alert("x", value=value))


def test_surrogates_in_keys_values_and_deep_inside_are_replaced_and_marked() -> None:
    said = parse(sealed(alert("\ud800", deep=[{"\udfff": "a\udc00b"}])))
    assert said["alert"] == "\ufffd"
    assert said["deep"] == [{"\ufffd": "a\ufffdb"}]
    assert said["sanitised"] is True
    assert "sanitised" not in parse(sealed(alert("fine")))


def test_long_lists_of_names_are_shortened_and_said_to_be() -> None:
    names: list[Json] = ["n" * 190 for _ in range(400)]
    body = sealed(entries.intent(entries.call_id(), reading={"verbs": ["read"], "things": names, "columns": names}))
    assert len(body) <= CAP
    said = parse(body)
    assert said["shortened"] is True
    assert isinstance(said["reading"], dict)
    assert said["reading"]["verbs"] == ["read"]


def test_a_body_that_cannot_be_shortened_is_refused() -> None:
    with pytest.raises(Malformed, match="bytes"):
        sealed(alert("x" * CAP))


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":1.0}',
        b'{"a":NaN}',
        b'{"a":9223372036854775808}',
        b'{"a":[{"b":18446744073709551615}]}',
        b'{"a": 9223372036854775808}',
        b'{"a":-9223372036854775809}',
        b"[]",
        b"1",
        b'{"a":"\xff"}',
        b"{" + b" " * CAP + b"}",
    ],
)
def test_bodies_that_two_readers_could_read_differently_are_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(raw)


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 2**53, -(2**53), 0])
@pytest.mark.parametrize("form", ['{{"a":{}}}', '{{"a": {}}}'], ids=["as it is written", "with a blank"])
def test_a_number_of_64_bits_is_read_whole_however_it_is_written(form: str, number: int) -> None:
    assert parse(form.format(number).encode()) == {"a": number}


def test_nothing_but_the_table_names_kinds_twice() -> None:
    text = Path(room.__file__).read_text()
    assert all(text.count(f"EntryKind.{kind.name}: ") == 1 for kind in EntryKind)


def test_our_own_entries_are_in_form() -> None:
    made = (
        room.system_start("1", sqlite="3.53.4"),
        room.system_stop(),
        room.session_open("ses_1", {"ps": "u"}, person="p"),
        room.audit_read("p", "terminal", "call", 1, scope="call_1"),
        room.alert("log_regressed"),
        room.verify_run("p", 0, 10),
    )
    for one in made:
        validate(one)
        assert orjson.loads(sealed(one))["kind"] == one.kind.value
