"""PostgreSQL's messages: several questions in one round trip, each answer held by the question that it belongs to.

Source: PostgreSQL documentation, chapter 55 (Frontend/Backend Protocol), sections 55.2.3 and 55.2.4 (pipelining), 55.7
(formats). The driver connects, authenticates and encrypts; it waits for each answer before it asks on, which a read
cannot afford: what is sent here together is answered in order, and after an error the server skips all of it up to the
next Sync. What cannot be the answer to what was asked is a `Deviation`, and ends the connection.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, lru_cache
from typing import Final, final

import asyncpg

from core.catalog import Oid

PARSED: Final = ord("1")
BOUND: Final = ord("2")
ROW: Final = ord("D")
DONE: Final = ord("C")
SUSPENDED: Final = ord("s")
PARAMETERS: Final = ord("t")
COLUMNS: Final = ord("T")
NO_COLUMNS: Final = ord("n")
CLOSED: Final = ord("3")
ERROR: Final = ord("E")
NOTICE: Final = ord("N")
SETTING: Final = ord("S")
NOTIFICATION: Final = ord("A")
READY: Final = ord("Z")
UNASKED: Final = frozenset({NOTICE, SETTING, NOTIFICATION})  # docs 55.2.7: at any time, between any two others

HEADER: Final = struct.Struct(">BI")
SIZE: Final = struct.Struct(">i")
SHORT: Final = struct.Struct(">H")
COLUMN: Final = struct.Struct(">IHIhih")  # table, attribute, type, its size, its modifier, format
HEAD: Final = HEADER.size
SMALL: Final = 1_024  # octets of a shape that is remembered, and how many are
SHAPES: Final = 256
IDLE: Final = ord("I")  # transaction status in ReadyForQuery
INSIDE: Final = ord("T")
STATUSES: Final = frozenset({IDLE, INSIDE, ord("E")})
ENCODING: Final = b"client_encoding\0"  # of a ParameterStatus: octets mean what we read them as
MALFORMED: Final = (struct.error, ValueError, IndexError)


class Deviation(asyncpg.InterfaceError):
    """The server said what is no answer to what was asked: nothing it says on this connection counts any more."""


@final
class Kind(Enum):
    """What a question is: the letters that may come in its answer, and those that end it."""

    QUERY = (frozenset({COLUMNS, ROW, DONE}), frozenset({READY}))
    PARSE = (frozenset[int](), frozenset({PARSED}))
    DESCRIBE = (frozenset({PARAMETERS}), frozenset({COLUMNS, NO_COLUMNS}))
    BIND = (frozenset[int](), frozenset({BOUND}))
    EXECUTE = (frozenset({ROW}), frozenset({DONE, SUSPENDED}))
    CLOSE = (frozenset[int](), frozenset({CLOSED}))
    SYNC = (frozenset[int](), frozenset({READY}))

    def __init__(self, within: frozenset[int], ends: frozenset[int]) -> None:
        self.within: Final = within
        self.ends: Final = ends
        self.plain: Final = not within and READY not in ends  # its end is all that is said


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the server says of a statement: types of its parameters, names and types of its columns."""

    parameters: tuple[Oid, ...] = ()
    columns: tuple[tuple[str, Oid], ...] = ()


@final
@dataclass(slots=True)
class Step:
    """One question, and what came in answer."""

    octets: bytes
    kind: Kind
    most: int = 0  # rows, 0: any number; of a simple query its commands
    rows: list[bytes] = field(default_factory=list)
    notices: list[bytes] = field(default_factory=list)
    said: list[tuple[int, bytes]] = field(default_factory=list)  # all other messages of its answer
    shape: Shape | None = None  # of what was described
    done: bool = False
    failed: bool = False

    @property
    def ended(self) -> int:
        """The letter that ended it; 0: it was skipped, or is not answered yet."""
        return self.said[-1][0] if self.done else 0

    @property
    def tags(self) -> list[bytes]:
        """What commands say that they did."""
        return [body for letter, body in self.said if letter == DONE]

    def close(self) -> None:
        """Take the answer as whole.

        Raises: Deviation where it is none to this question.
        """
        match self.kind:
            case Kind.DESCRIBE:
                self.shape = shape(self.said)
            case Kind.EXECUTE:
                more = self.said[-1][0] == SUSPENDED
                if self.most and (len(self.rows) > self.most or (more and len(self.rows) < self.most)):
                    raise Deviation("another number of rows")
                if more and not self.most:
                    raise Deviation("a portal suspended that was to run to its end")
            case Kind.QUERY:
                if not self.failed and len(self.tags) != self.most:
                    raise Deviation("another number of commands")
            case _:
                return


def message(letter: bytes, body: bytes) -> bytes:
    """Frame a message of ours."""
    return letter + SIZE.pack(len(body) + SIZE.size) + body


def word(text: str) -> bytes:
    """Write a string of the protocol: no NUL may stand in it.

    Raises: ValueError.
    """
    if "\0" in text:
        raise ValueError("a text with NUL")
    return text.encode() + b"\0"


ALL: Final = message(b"E", word("") + SIZE.pack(0))  # all rows of the unnamed portal
END: Final = message(b"S", b"")


def query(text: str) -> Step:
    """Ask the simple way: our own constant texts only, since one text may hold several statements.

    In these a semicolon stands between two statements and nowhere else.
    """
    return Step(asked(text), Kind.QUERY, text.count(";") + 1)


@cache
def asked(text: str) -> bytes:
    """Frame a constant text of our own, of which there are few."""
    return message(b"Q", word(text))


def parse(name: str, text: str) -> Step:
    """Have one statement analysed, under a name."""
    return Step(message(b"P", word(name) + word(text) + b"\0\0"), Kind.PARSE)


def describe(name: str) -> Step:
    """Ask for the shape of a statement."""
    return Step(message(b"D", b"S" + word(name)), Kind.DESCRIBE)


def bind(portal: str, name: str, arguments: Iterable[str | None]) -> Step:
    """Give a statement its parameters, as text; its columns come as text."""
    given = list(arguments)
    body = b"".join(
        [SIZE.pack(-1) if text is None else SIZE.pack(len(octets := text.encode())) + octets for text in given]
    )
    return Step(message(b"B", head(portal, name) + SHORT.pack(len(given)) + body + b"\0\0"), Kind.BIND)


@lru_cache(maxsize=SHAPES)
def head(portal: str, name: str) -> bytes:
    """Begin a Bind; what we prepare for life is bound again and again."""
    return word(portal) + word(name) + b"\0\0"


def execute(portal: str, most: int = 0) -> Step:
    """Run a portal until so many rows came; 0: all."""
    octets = message(b"E", word(portal) + SIZE.pack(most)) if portal or most else ALL
    return Step(octets, Kind.EXECUTE, most)


def close(name: str) -> Step:
    """Forget a statement; one that is not there is no error."""
    return Step(message(b"C", b"S" + word(name)), Kind.CLOSE)


def sync() -> Step:
    """End the questions that stand or fall together."""
    return Step(END, Kind.SYNC)


@final
class Exchange:
    """Questions on their way, and the answers so far.

    They come in runs that stand or fall together: a simple query alone, or others up to their Sync.
    """

    def __init__(self, steps: tuple[Step, ...]) -> None:
        """Raises: ValueError for a run without its end: after an error its answers would never come."""
        open_ = False
        for step in steps:
            if open_ and step.kind is Kind.QUERY:
                raise ValueError("a simple query within a run of others")
            open_ = READY not in step.kind.ends
        if open_ or not steps:
            raise ValueError("questions without an end")
        self.steps: Final = steps
        self.status = IDLE
        self.error: asyncpg.PostgresError | None = None
        self.over = False  # every question is answered or was skipped
        self._at = 0
        self._skipping = False

    @property
    def octets(self) -> bytes:
        """All questions as they are sent."""
        return b"".join([step.octets for step in self.steps])

    def feed(self, data: bytes, at: int = 0) -> int:
        """Take whole messages until all is answered; give the offset behind the last one taken.

        Raises: Deviation.
        """
        size, rows = len(data), None
        while not self.over and size - at >= HEAD:
            letter, length = HEADER.unpack_from(data, at)
            end = at + 1 + length
            if length < SIZE.size:
                raise Deviation("a message shorter than its header")
            if end > size:
                break
            body, at = data[at + HEAD : end], end
            if letter == ROW:  # most of what comes
                rows = self._rows() if rows is None else rows
                rows.append(body)
            else:
                rows = None
                self._take(letter, body)
        return at

    def lost(self) -> Exception:
        """Say why there will be no more answers: what ends a session is its last word, other errors prove nothing."""
        ending = getattr(self.error, "severity_en", None) in {"FATAL", "PANIC"}
        return self.error if ending and self.error else asyncpg.ConnectionDoesNotExistError("the connection is lost")

    def _rows(self) -> list[bytes]:
        """Say whose rows come.

        Raises: Deviation.
        """
        step = self.steps[self._at]
        if self._skipping or ROW not in step.kind.within:
            raise Deviation("a row that answers nothing")
        return step.rows

    def _take(self, letter: int, body: bytes) -> None:
        """Give one message to its question."""
        step = self.steps[self._at]
        if letter in step.kind.ends and (not self._skipping or letter == READY):
            step.said.append((letter, body))
            step.done = True
            if step.kind.plain:
                self._at += 1  # others follow: the last one ends with ReadyForQuery
            else:
                self._ended(step, letter, body)
        elif letter in step.kind.within and not self._skipping:
            step.said.append((letter, body))
        elif letter == ERROR:
            self._failed(step, body)
        elif letter == NOTICE:
            step.notices.append(body)
        elif letter == SETTING:
            kept(body)
        elif letter != NOTIFICATION:
            raise Deviation("a message that answers nothing")

    def _ended(self, step: Step, letter: int, body: bytes) -> None:
        if step.kind.within:  # an end alone says all that there is to say
            step.close()
        if letter == READY:
            self.status = ready(body)
            self._skipping = False
            self.over = self._at + 1 == len(self.steps)
        self._at += 1

    def _failed(self, step: Step, body: bytes) -> None:
        """Skip what follows, up to the next ReadyForQuery."""
        self.error = self.error or raised(body)
        step.failed = step.failed or not self._skipping
        self._skipping = True
        while READY not in self.steps[self._at].kind.ends:
            self._at += 1


# ---------------------------------------------------------------- what is in an answer


def ready(body: bytes) -> int:
    """Read the transaction status of a ReadyForQuery.

    Raises: Deviation.
    """
    if len(body) != 1 or body[0] not in STATUSES:
        raise Deviation("no transaction status")
    return body[0]


def kept(body: bytes) -> None:
    """Hold a ParameterStatus against the encoding that every text is read in.

    Raises: Deviation.
    """
    if body.startswith(ENCODING) and body != ENCODING + b"UTF8\0":
        raise Deviation("another client_encoding")


def fields(body: bytes) -> dict[str, bytes]:
    """Read the fields of an error or a notice, by their letters."""
    return {part[:1].decode("ascii", "replace"): part[1:] for part in body.split(b"\0") if part}


def raised(body: bytes) -> asyncpg.PostgresError:
    """Make the driver's own exception of an error."""
    said = {letter: octets.decode("utf-8", "replace") for letter, octets in fields(body).items()}
    return asyncpg.PostgresError.new(said)


def shape(said: list[tuple[int, bytes]]) -> Shape:
    """Read the answer to `describe`.

    Raises: Deviation.
    """
    if [letter for letter, _ in said][:-1] != [PARAMETERS]:
        raise Deviation("a shape without its parameters")
    (_, parameters), (end, columns) = said
    work = known if len(parameters) + len(columns) <= SMALL else shaped
    try:
        return work(parameters, columns if end == COLUMNS else SHORT.pack(0))
    except MALFORMED:
        raise Deviation("a shape that cannot be read") from None


def shaped(parameters: bytes, columns: bytes) -> Shape:
    """Read the two messages that a shape is.

    Raises: struct.error, ValueError, IndexError.
    """
    types = struct.unpack(f">{SHORT.unpack_from(parameters)[0]}I", parameters[SHORT.size :])
    return Shape(parameters=tuple(map(Oid, types)), columns=tuple(described(columns)))


known: Final = lru_cache(maxsize=SHAPES)(shaped)  # octet for octet


def described(body: bytes) -> list[tuple[str, Oid]]:
    """Read names and types of columns.

    Raises: struct.error, ValueError.
    """
    found, at = [], SHORT.size
    for _ in range(SHORT.unpack_from(body)[0]):
        end = body.index(b"\0", at)
        type_, format_ = COLUMN.unpack_from(body, end + 1)[2:6:3]
        if format_:
            raise ValueError("a column that is not text")
        found.append((body[at:end].decode(), Oid(type_)))
        at = end + 1 + COLUMN.size
    if at != len(body):
        raise ValueError("more than the columns")
    return found


def one(step: Step) -> str | None:
    """Give the one cell of the one row of an answer; None where there is no row, or NULL.

    Raises: Deviation.
    """
    if not step.rows:
        return None
    try:
        (row,) = step.rows
        size = SIZE.unpack_from(row, SHORT.size)[0]
        cell = row[SHORT.size + SIZE.size :]
        if SHORT.unpack_from(row)[0] != 1 or len(cell) != max(size, 0):
            raise ValueError("another size")
        return None if size < 0 else cell.decode()
    except MALFORMED:
        raise Deviation("an answer that is not one cell") from None
