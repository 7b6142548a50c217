"""Openings of results as the log tells them: each with its ticket, once, in time; each story that is not is found."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
import pytest

from core.audit.entry import seal
from core.audit.protocol.shapes import Shapes
from core.audit.transparency.tree import leaf
from core.model import Entry, EntryKind, Json, Slot

START = 1_790_000_000_000


def found(story: Sequence[Entry], *, whole: bool = True) -> set[str]:
    shapes, rules = Shapes(whole=whole), set()
    for number, entry in enumerate(story):
        body = seal(entry, ts_ms=START, log="l", boot="b", unit=f"u{number}")
        rules |= {rule for rule, _ in shapes.take(orjson.loads(body), leaf(body).hex())}
    return rules


def given(ticket: str = "tkt_a", **more: Json) -> Entry:
    said: dict[str, Json] = {"by": "p", "of": "call_1", "payload": "pay_1", "member": "m", "proof": False}
    body = {**said, "until": START + 1, **more}
    return Entry(kind=EntryKind.TICKET_GIVEN, scope=ticket, attempt=0, slot=Slot.DECISION, body=body)


def used(ticket: str = "tkt_a", **more: Json) -> Entry:
    body: dict[str, Json] = {"by": "p", "of": "call_1", "payload": "pay_1", **more}
    return Entry(kind=EntryKind.TICKET_USED, scope=ticket, attempt=0, slot=Slot.USE, body=body)


def test_a_ticket_given_and_used_once_is_legal_and_so_is_one_that_nobody_took() -> None:
    assert found([given(), given("tkt_b"), used()]) == set()


STORIES: list[list[Entry]] = [
    [used()],
    [given(), used("tkt_b")],
    [given(), used(), used()],
    [used(), given()],
    [given(), used(payload="pay_2")],
    [given(), used(of="call_2")],
    [given(), used(by="q")],
    [given(until=START), used()],
    [given(until="later"), used()],
]


@pytest.mark.parametrize("story", STORIES)
def test_what_was_opened_without_its_ticket_is_found(story: list[Entry]) -> None:
    assert found(story) == {"ticket_ungiven"}


def test_a_ticket_given_twice_is_found() -> None:
    assert found([given(), given()]) == {"slot_twice"}


def test_one_given_before_a_range_is_not_judged_and_one_used_twice_within_it_is() -> None:
    assert found([used()], whole=False) == set()
    assert found([given(), used(), used()], whole=False) == {"ticket_ungiven"}
