"""The server's messages: answers belong to their questions, and what answers none ends the connection."""

from __future__ import annotations

import asyncio
import struct
from itertools import pairwise

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog import Oid
from core.connectors.postgres.connection import values, wire
from core.connectors.postgres.connection.meter import Meter


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
SETTING = said("S", b"application_name\0x\0")
PARAMETERS = said("t", struct.pack(">HI", 1, 25))
COLUMNS = said("T", struct.pack(">H", 1) + b"id\0" + struct.pack(">IHIhih", 1, 1, 23, 4, -1, 0))
ERROR = said("E", b"SERROR\0VERROR\0C22012\0Mdivision by zero\0\0")
FATAL = said("E", b"SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0")
ANSWER = (
    NOTICE, said("C", b"BEGIN\0"), SETTING, READY,
    NOTICE, said("1"), PARAMETERS, COLUMNS, said("2"), row("1"), row("2"), said("C", b"SELECT 2\0"),
    said("2"), NOTICE, row("seen"), said("C", b"SELECT 1\0"), READY,
)  # fmt: skip
WHOLE = b"".join(ANSWER)
FREE = {ord("D"), *wire.UNASKED}  # as many as there are: rows, and what comes at any time
STRANGE = tuple(
    said(letter, body) for letter in "123ACDEGHIKNRSTVWZcdnstv" for body in (b"", b"I", b"\0\0\0\0", b"x\0y\0\0")
)


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


class Ends(asyncio.Transport):
    """A socket that keeps what is sent, and knows whether we hung up."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.hung_up = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        del protocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += data

    def abort(self) -> None:
        self.hung_up = True


class Inner(asyncio.Protocol):
    """The driver, which keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        self.told.append(data)


class World:
    """A meter between a socket and a driver."""

    def __init__(self) -> None:
        self.socket, self.inner = Ends(), Inner()
        self.meter = Meter(self.inner, self.socket)

    def ask(self, exchange: wire.Exchange) -> asyncio.Future[None]:
        return self.meter.ask(exchange)

    def hear(self, octets: bytes, places: list[int] | None = None) -> None:
        for start, end in pairwise([0, *sorted(places or []), len(octets)]):
            self.meter.data_received(octets[start:end])


def letters(octets: bytes) -> list[int]:
    """Letters of whole messages, but for those of which there may be any number; a simple query describes its rows."""
    found: list[int] = []
    at = 0
    while at + wire.HEAD <= len(octets):
        letter, length = wire.HEADER.unpack_from(octets, at)
        described = letter == wire.COLUMNS and wire.READY not in found
        found += [] if letter in FREE or described else [letter]
        at += 1 + length
    return found


@given(st.lists(st.integers(0, len(WHOLE)), max_size=12))
async def test_answers_belong_to_their_questions_however_they_are_cut(places: list[int]) -> None:
    exchange, world = asked(), World()
    answered = world.ask(exchange)
    world.hear(WHOLE, places)
    await answered
    begin, parse, describe, bind, run, _, own, _ = exchange.steps
    assert world.socket.sent == b"".join(step.octets for step in exchange.steps)
    assert exchange.error is None
    assert chr(world.meter.status) == "T"
    assert [len(step.notices) for step in (begin, parse, bind, own)] == [1, 1, 0, 1]
    assert describe.shape == wire.Shape(parameters=(Oid(25),), columns=(("id", Oid(23)),))
    assert [values.row(body, (int,)) for body in run.rows] == [(1,), (2,)]
    assert wire.one(own) == "seen"
    assert world.inner.told == []
    assert not world.socket.hung_up


@st.composite
def altered(draw: st.DrawFn) -> tuple[bytes, list[int]]:
    """Draw an answer with messages left out, said twice, in another order, or of another kind; and where it is cut."""
    messages = list(ANSWER)
    at, other = (draw(st.integers(0, len(messages) - 1)) for _ in range(2))
    match draw(st.sampled_from(("drop", "twice", "swap", "strange", "instead"))):
        case "drop":
            del messages[at]
        case "twice":
            messages.insert(other, messages[at])
        case "swap":
            messages[at], messages[other] = messages[other], messages[at]
        case "strange":
            messages.insert(at, draw(st.sampled_from(STRANGE)))
        case _:
            messages[at] = draw(st.sampled_from(STRANGE))
    octets = b"".join(messages)
    return octets, draw(st.lists(st.integers(0, len(octets)), max_size=4))


@given(altered())
async def test_an_answer_that_is_not_the_one_asked_for_is_never_taken(answer: tuple[bytes, list[int]]) -> None:
    octets, places = answer
    exchange, world = asked(), World()
    answered = world.ask(exchange)
    world.hear(octets, places)
    taken = answered.done() and answered.exception() is None and exchange.error is None
    assert not taken or letters(octets)[: len(letters(WHOLE))] == letters(WHOLE)
    assert not taken or world.socket.hung_up == (len(letters(octets)) > len(letters(WHOLE)))
    assert taken or exchange.error is not None or world.socket.hung_up or not answered.done()
    assert all(letters(octets) == [] for octets in world.inner.told)


def lone(step: wire.Step, *answer: bytes) -> wire.Exchange:
    exchange = wire.Exchange((step, wire.sync()))
    exchange.feed(b"".join(answer) + READY)
    return exchange


@pytest.mark.parametrize(
    ("most", "answer"),
    [
        (2, (row("1"), row("2"), row("3"), said("C"))),
        (2, (row("1"), said("s"))),
        (0, (row("1"), said("s"))),
        (2, (said("d", b"1\n"), said("c"), said("C"))),
        (2, (said("G", b"\0\0\0"),)),
        (2, (said("H", b"\0\0\0"),)),
        (2, (said("C"), said("C"))),
        (2, (said("I"),)),  # a statement that was none
        (0, (row("1"), said("I"))),
        (2, (said("2"),)),
        (2, (said("R", b"\0\0\0\0"),)),
        (2, (said("S", b"client_encoding\0LATIN1\0"), said("C"))),
    ],
)
def test_more_less_or_other_than_what_was_asked_is_a_deviation(most: int, answer: tuple[bytes, ...]) -> None:
    with pytest.raises(wire.Deviation):
        lone(wire.execute("p", most), *answer)


@pytest.mark.parametrize("answer", [(), (said("C", b"BEGIN\0"), said("C", b"SET\0"))])
def test_a_simple_query_is_answered_by_as_many_commands_as_it_has(answer: tuple[bytes, ...]) -> None:
    with pytest.raises(wire.Deviation):
        wire.Exchange((wire.query("begin"),)).feed(b"".join(answer) + READY)


@pytest.mark.parametrize(
    "answer",
    [
        (COLUMNS,),
        (PARAMETERS, PARAMETERS, COLUMNS),
        (PARAMETERS, COLUMNS[:-1] + b"\1"),  # binary
        (PARAMETERS, said("T", b"\0\2id\0")),
        (said("t", b"\0\2\0\0\0\1"), COLUMNS),
        (PARAMETERS, said("T", struct.pack(">H", 1) + b"\xe9\0" + struct.pack(">IHIhih", 1, 1, 23, 4, -1, 0))),
    ],
)
def test_a_shape_is_whole_or_none(answer: tuple[bytes, ...]) -> None:
    with pytest.raises(wire.Deviation):
        lone(wire.describe("a1"), *answer)
    assert lone(wire.describe("a1"), PARAMETERS, said("n")).steps[0].shape == wire.Shape(parameters=(Oid(25),))


def test_after_an_error_what_was_asked_with_it_is_skipped() -> None:
    exchange = asked()
    heard = (said("C", b"BEGIN\0"), READY, said("1"), PARAMETERS, COLUMNS, said("2"), row("1"), ERROR, NOTICE)
    exchange.feed(b"".join(heard) + said("Z", b"E"))
    assert exchange.over
    assert isinstance(exchange.error, asyncpg.DivisionByZeroError)
    assert [step.failed for step in exchange.steps] == [False] * 4 + [True] + [False] * 3
    assert [step.done for step in exchange.steps] == [True] * 4 + [False] * 3 + [True]
    assert chr(exchange.status) == "E"


@pytest.mark.parametrize("message", [row("1"), said("2"), said("C"), said("s")])
def test_nothing_is_answered_between_an_error_and_the_end(message: bytes) -> None:
    exchange = asked()
    with pytest.raises(wire.Deviation):
        exchange.feed(said("C", b"BEGIN\0") + READY + ERROR + message)


def test_questions_whose_answers_could_stay_out_are_not_sent() -> None:
    for steps in ((), (wire.parse("a", "x"),), (wire.parse("a", "x"), wire.query("rollback"))):
        with pytest.raises(ValueError, match=r"without an end|within a run"):
            wire.Exchange(steps)


def test_a_row_of_another_width_is_no_answer() -> None:
    body = lone(wire.execute("p"), row("1", None), said("C")).steps[0].rows[0]
    text = values.reader(values.plain)
    assert values.row(body, (text, text)) == ("1", None)
    for octets, readers in ((body, (text,)), (body[:-1], (text, text)), (body + b"\0", (text, text))):
        with pytest.raises(wire.Deviation):
            values.row(octets, readers)
    for cells in (("1", "2"), (b"\xff".decode("latin1"),)):
        broken = lone(wire.execute("p"), row(*cells).replace("ÿ".encode(), b"\xff\xff"), said("C")).steps[0]
        with pytest.raises(wire.Deviation):
            wire.one(broken)


def test_a_text_with_nul_is_never_sent() -> None:
    with pytest.raises(ValueError, match="NUL"):
        wire.parse("a1", "SELECT 1\0; SELECT 2")


# ---------------------------------------------------------------- whose words they are


@given(st.integers(0, len(NOTICE)), st.sampled_from((SETTING, NOTICE, said("A", b"\0\0\0\1a\0b\0"))))
async def test_what_comes_at_any_time_moves_no_answer(place: int, unasked: bytes) -> None:
    """One begins while nobody asks, and is cut where an exchange begins."""
    world, exchange = World(), asked()
    world.meter.data_received(unasked[:place])
    answered = world.ask(exchange)
    world.hear(unasked[place:] + WHOLE)
    await answered
    assert wire.one(exchange.steps[6]) == "seen"
    assert not world.socket.hung_up
    world.meter.data_received(SETTING[:4])
    world.meter.data_received(SETTING[4:])
    assert world.inner.told[-1] == SETTING


async def test_what_nobody_asked_for_ends_the_connection() -> None:
    for octets in (READY, ERROR, row("1"), said("C"), said("1"), b"N\0\0\0\3"):
        world = World()
        world.hear(octets)
        assert world.socket.hung_up
        assert world.meter.ended
        assert world.inner.told == []


async def test_answers_to_the_driver_are_the_drivers() -> None:
    world = World()
    world.meter.drive()
    for at in range(len(WHOLE)):
        world.meter.data_received(WHOLE[at : at + 1])
    assert b"".join(world.inner.told) == WHOLE
    assert (world.meter.owed, chr(world.meter.status), world.meter.ours) == (False, "T", False)


async def test_a_lost_connection_leaves_questions_without_an_answer() -> None:
    begun = said("C", b"BEGIN\0") + READY
    for heard, raised in (
        (b"", asyncpg.ConnectionDoesNotExistError),
        (begun + ERROR, asyncpg.ConnectionDoesNotExistError),  # only a whole answer counts
        (begun + FATAL, asyncpg.AdminShutdownError),
    ):
        world, exchange = World(), asked()
        answered = world.ask(exchange)
        world.hear(heard)
        world.meter.connection_lost(None)
        with pytest.raises(raised):
            await answered


async def test_an_answer_larger_than_allowed_is_not_held() -> None:
    world, exchange = World(), asked()
    world.meter.left = len(WHOLE) - 1
    answered = world.ask(exchange)
    world.hear(WHOLE, [10])
    assert world.socket.hung_up
    assert world.meter.overrun
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await answered
