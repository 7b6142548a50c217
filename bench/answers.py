"""Verification of answers: a server that fails fast, or shows what it should mask, must not win."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast, final

from bench.wire import BadAnswer, Reply

LEAST: Final = 0.7  # of the first answer's bytes: later ones may be shorter by digits, not by rows
SHOWN: Final = 300  # bytes of a bad answer that its message repeats
COLUMNS: Final = ("id", "name", "email", "amount", "created_at", "active")

Result: TypeAlias = Mapping[str, object]
Rows: TypeAlias = Sequence[Sequence[object]]


def name(number: int) -> str:
    """The known cell of row `number`."""
    return f"item {number}"


def email(number: int) -> str:
    """The personal data of row `number`; no other column holds an @."""
    return f"person{number}@example.org"


def statement(table: str, number: int) -> str:
    """The point SELECT; the number stands in the text, as agents write it, so that no cache of texts gets a hit."""
    return f"SELECT {', '.join(COLUMNS)} FROM {table} WHERE id = {number}"


def structured(result: Result) -> Rows:
    """Take the rows out of a result with columns and rows as Assent writes it.

    Raises: BadAnswer.
    """
    match result:
        case {"structuredContent": {"rows": list(rows)}}:
            return cast("list[list[object]]", rows)
        case _:
            raise BadAnswer(f"no rows in {str(result)[:SHOWN]}")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How one contestant's answers are read and what they must hold."""

    rows: Callable[[Result], Rows] = structured
    masked: bool = False

    def first(self, reply: Reply, number: int) -> int:
        """Read one whole answer: one row, its known cell, its e-mail plain or masked; return its body's length.

        Raises: BadAnswer.
        """
        rows = self.rows(parsed(reply))
        if len(rows) != 1 or len(rows[0]) != len(COLUMNS):
            raise BadAnswer(f"{len(rows)} rows instead of one of {len(COLUMNS)} cells: {str(rows)[:SHOWN]}")
        row = dict(zip(COLUMNS, rows[0], strict=True))
        if row["id"] != number or row["name"] != name(number):
            raise BadAnswer(f"asked for {name(number)}, got {str(row)[:SHOWN]}")
        if not self.masked and row["email"] != email(number):
            raise BadAnswer(f"the e-mail of {name(number)} is {row['email']!r}")
        if self.masked and (not row["email"] or b"@" in reply.body):
            raise BadAnswer(f"the e-mail of {name(number)} is not masked")
        return len(reply.body)

    def later(self, reply: Reply, number: int, size: int) -> None:
        """Look at each answer under load, cheaply: status, error flag, length, the known cell, no e-mail if masked.

        Raises: BadAnswer.
        """
        body = reply.body
        cell = json.dumps(name(number)).encode()
        if reply.status != 200 or failed(body) or len(body) < LEAST * size or cell not in body:
            raise BadAnswer(f"HTTP {reply.status} {body[:SHOWN]!r} for {name(number)}")
        if self.masked and b"@" in body:
            raise BadAnswer(f"the e-mail of {name(number)} is not masked")


def failed(body: bytes) -> bool:
    """Whether a body says that the tool failed, however its JSON is spaced."""
    return b'"isError":true' in body or b'"isError": true' in body or b'"error":{' in body


def parsed(reply: Reply) -> Result:
    """Take the result out of a JSON-RPC answer that is none of an error.

    Raises: BadAnswer.
    """
    if reply.status != 200:
        raise BadAnswer(f"HTTP {reply.status} {reply.body[:SHOWN]!r}")
    match json.loads(reply.message):
        case {"result": {"isError": True}}:
            raise BadAnswer(f"a tool error: {reply.message[:SHOWN]!r}")
        case {"result": dict(result)}:
            return cast("dict[str, object]", result)
        case _:
            raise BadAnswer(f"no result: {reply.message[:SHOWN]!r}")
