"""The server's messages: answers belong to their questions, whatever the network makes of them."""

from __future__ import annotations

import struct
from itertools import pairwise

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog import Oid
from core.connectors.postgres import values, wire


def said(letter: str, body: bytes = b"") -> bytes:
    return wire.message(letter.encode(), body)


def row(*cells: str | None) -> bytes:
    """A DataRow as the server sends it."""
    parts = [
        struct.pack(">i", -1) if cell is None else struct.pack(">i", len(cell.encode())) + cell.encode()
        for cell in cells
    ]
    return said("D", struct.pack(">H", len(cells)) + b"".join(parts))


READY = said("Z", b"T")
NOTICE = said("N", b"SLOG\0Mrewritten parse tree:\0D({QUERY})\0\0")
SHAPE = said("t", struct.pack(">HI", 1, 25)) + said(
    "T", struct.pack(">H", 1) + b"id\0" + struct.pack(">IHIhih", 1, 1, 23, 4, -1, 0)
)
ERROR = said("E", b"SERROR\0VERROR\0C22012\0Mdivision by zero\0\0")


def asked() -> wire.Exchange:
    return wire.Exchange(
        (
            wire.query("begin"),
            wire.parse("a1", "SELECT 1"),
            wire.describe("a1"),
            wire.bind("p", "a1", ("x", None)),
            wire.execute("p", 16),
            wire.bind("", "own1", ()),
            wire.execute(""),
            wire.sync(),
        )
    )


ANSWER = (
    NOTICE + said("C", b"BEGIN\0") + said("S", b"application_name\0x\0") + READY
    + NOTICE + said("1") + SHAPE + said("2") + row("1") + row("2") + said("C", b"SELECT 2\0")
    + said("2") + NOTICE + row("seen") + said("C", b"SELECT 1\0") + READY
)  # fmt: skip


@given(st.lists(st.integers(0, len(ANSWER)), max_size=12))
def test_answers_belong_to_their_questions_however_they_are_cut(places: list[int]) -> None:
    exchange = asked()
    edges = [0, *sorted(places), len(ANSWER)]
    for start, end in pairwise(edges):
        exchange.feed(ANSWER[start:end])
    begin, parse, describe, bind, run, _, own, _ = exchange.steps
    assert exchange.over
    assert exchange.error is None
    assert chr(exchange.status) == "T"
    assert [len(step.bodies(wire.NOTICE)) for step in (begin, parse, bind, own)] == [1, 1, 0, 1]
    assert wire.shape(describe) == wire.Shape(parameters=(Oid(25),), columns=(("id", Oid(23)),))
    assert [values.row(body, (int,)) for body in run.bodies(wire.ROW)] == [(1,), (2,)]
    assert wire.one(own) == "seen"


def test_after_an_error_what_was_asked_with_it_is_skipped() -> None:
    exchange = asked()
    exchange.feed(said("C", b"BEGIN\0") + READY + said("1") + SHAPE + said("2") + row("1") + ERROR)
    exchange.feed(said("Z", b"E"))
    assert exchange.over
    assert isinstance(exchange.error, asyncpg.DivisionByZeroError)
    assert [step.failed for step in exchange.steps] == [False] * 4 + [True] + [False] * 3
    assert [step.done for step in exchange.steps] == [True] * 4 + [False] * 3 + [True]
    assert chr(exchange.status) == "E"


def test_a_row_of_another_width_is_no_answer() -> None:
    exchange = asked()
    exchange.feed(said("C", b"BEGIN\0") + READY + said("1") + SHAPE + said("2") + row("1", None))
    body = exchange.steps[4].bodies(wire.ROW)[0]
    assert values.row(body, (None, None)) == ("1", None)
    with pytest.raises(ValueError, match="width"):
        values.row(body, (None,))


def test_a_text_with_nul_is_never_sent() -> None:
    with pytest.raises(ValueError, match="NUL"):
        wire.parse("a1", "SELECT 1\0; SELECT 2")
