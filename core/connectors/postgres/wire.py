"""PostgreSQL's messages: several questions in one round trip, each answer held by the question that it belongs to.

Source: PostgreSQL documentation, chapter 55 (Frontend/Backend Protocol), sections 55.2.3 and 55.2.4 (pipelining), 55.7
(formats). The driver connects, authenticates and encrypts; it waits for each answer before it asks on, which a read
cannot afford: what is sent here together is answered in order, and after an error the server skips all of it up to the
next Sync.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias, final

import asyncpg

from core.catalog import Oid

Message: TypeAlias = "tuple[int, bytes]"  # its letter and its body

PARSED: Final = ord("1")
BOUND: Final = ord("2")
ROW: Final = ord("D")
DONE: Final = ord("C")
EMPTY: Final = ord("I")
SUSPENDED: Final = ord("s")
PARAMETERS: Final = ord("t")
COLUMNS: Final = ord("T")
NO_COLUMNS: Final = ord("n")
CLOSED: Final = ord("3")
ERROR: Final = ord("E")
NOTICE: Final = ord("N")
READY: Final = ord("Z")

HEADER: Final = struct.Struct(">BI")
SIZE: Final = struct.Struct(">i")
SHORT: Final = struct.Struct(">H")
COLUMN: Final = struct.Struct(">IHIhih")  # table, attribute, type, its size, its modifier, format
IDLE: Final = ord("I")  # transaction status in ReadyForQuery
HEAD: Final = HEADER.size


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the server says of a statement: types of its parameters, names and types of its columns."""

    parameters: tuple[Oid, ...] = ()
    columns: tuple[tuple[str, Oid], ...] = ()


@final
@dataclass(slots=True)
class Step:
    """One question, the letters that end its answer, and what came."""

    octets: bytes
    ends: frozenset[int]
    came: list[Message] = field(default_factory=list)
    done: bool = False
    failed: bool = False

    def bodies(self, letter: int) -> list[bytes]:
        """Give the messages of one letter."""
        return [body for kind, body in self.came if kind == letter]

    @property
    def ended(self) -> int:
        """The letter that ended it; 0: it was skipped, or is not answered yet."""
        return self.came[-1][0] if self.done else 0


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


def query(text: str) -> Step:
    """Ask the simple way: our own constant texts only, since one text may hold several statements."""
    return Step(message(b"Q", word(text)), frozenset({READY}))


def parse(name: str, text: str) -> Step:
    """Have one statement analysed, under a name."""
    return Step(message(b"P", word(name) + word(text) + b"\0\0"), frozenset({PARSED}))


def describe(name: str) -> Step:
    """Ask for the shape of a statement."""
    return Step(message(b"D", b"S" + word(name)), frozenset({COLUMNS, NO_COLUMNS}))


def bind(portal: str, name: str, arguments: Iterable[str | None]) -> Step:
    """Give a statement its parameters, as text; its columns come as text."""
    given = list(arguments)
    body = b"".join(
        SIZE.pack(-1) if text is None else SIZE.pack(len(octets := text.encode())) + octets for text in given
    )
    head = word(portal) + word(name) + b"\0\0" + SHORT.pack(len(given))
    return Step(message(b"B", head + body + b"\0\0"), frozenset({BOUND}))


def execute(portal: str, most: int = 0) -> Step:
    """Run a portal until so many rows came; 0: all."""
    return Step(message(b"E", word(portal) + SIZE.pack(most)), frozenset({DONE, EMPTY, SUSPENDED}))


def close(name: str) -> Step:
    """Forget a statement; one that is not there is no error."""
    return Step(message(b"C", b"S" + word(name)), frozenset({CLOSED}))


def sync() -> Step:
    """End the questions that stand or fall together."""
    return Step(message(b"S", b""), frozenset({READY}))


@final
class Exchange:
    """Questions on their way, and the answers so far."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        """The last step must be one that the server ends with ReadyForQuery."""
        self.steps: Final = steps
        self.status = IDLE
        self.error: asyncpg.PostgresError | None = None
        self._at = 0
        self._held = bytearray()
        self._needed = HEAD

    @property
    def octets(self) -> bytes:
        """All questions as they are sent."""
        return b"".join(step.octets for step in self.steps)

    @property
    def over(self) -> bool:
        """Whether every question is answered or was skipped."""
        return self._at == len(self.steps)

    def feed(self, data: bytes) -> None:
        """Take what came of the connection; a message that is not whole waits for the rest."""
        if self._held:
            self._held += data
            if len(self._held) < self._needed:
                return
            data = bytes(self._held)
            self._held.clear()
        at, size = 0, len(data)
        while size - at >= HEAD:
            letter, length = HEADER.unpack_from(data, at)
            if at + 1 + length > size:
                break
            self._take(letter, data[at + HEAD : at + 1 + length])
            at += 1 + length
        if at < size:
            self._held += data[at:]
            self._needed = 1 + HEADER.unpack_from(data, at)[1] if size - at >= HEAD else HEAD

    def _take(self, letter: int, body: bytes) -> None:
        """Give one message to its question."""
        if self.over:
            return
        step = self.steps[self._at]
        if letter == ERROR:
            self.error = self.error or raised(body)
            step.failed = True
            while READY not in self.steps[self._at].ends:  # what follows is skipped up to the next Sync
                self._at += 1
            return
        step.came.append((letter, body))
        if letter == READY:
            self.status = body[0]
        if letter in step.ends:
            step.done = True
            self._at += 1


# ---------------------------------------------------------------- what is in an answer


def fields(body: bytes) -> dict[str, bytes]:
    """Read the fields of an error or a notice, by their letters."""
    return {part[:1].decode("ascii", "replace"): part[1:] for part in body.split(b"\0") if part}


def raised(body: bytes) -> asyncpg.PostgresError:
    """Make the driver's own exception of an error."""
    said = {letter: octets.decode("utf-8", "replace") for letter, octets in fields(body).items()}
    return asyncpg.PostgresError.new(said)


def shape(step: Step) -> Shape:
    """Read the answer to `describe`."""
    parameters = step.bodies(PARAMETERS)[0]
    count = SHORT.unpack_from(parameters)[0]
    types = struct.unpack_from(f">{count}I", parameters, SHORT.size)
    columns = step.bodies(COLUMNS)
    return Shape(
        parameters=tuple(map(Oid, types)),
        columns=tuple(described(columns[0])) if columns else (),
    )


def described(body: bytes) -> list[tuple[str, Oid]]:
    """Read names and types of columns."""
    found, at = [], SHORT.size
    for _ in range(SHORT.unpack_from(body)[0]):
        end = body.index(b"\0", at)
        type_ = COLUMN.unpack_from(body, end + 1)[2]
        found.append((body[at:end].decode(), Oid(type_)))
        at = end + 1 + COLUMN.size
    return found


def one(step: Step) -> str | None:
    """Give the one cell of an answer."""
    rows = step.bodies(ROW)
    size = SIZE.unpack_from(rows[0], SHORT.size)[0] if rows else -1
    return None if size < 0 else rows[0][SHORT.size + SIZE.size :][:size].decode()
